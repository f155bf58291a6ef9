"""Every public set of features is read from files in its true form, with only its preset."""

import csv
import re
from pathlib import Path

import h5py
import numpy as np
import pytest
import torch

from bsnpp.challenge.sheets import EncoderStream, read_sheet
from bsnpp.core.errors import UserError
from bsnpp.features.presets import PRESETS
from bsnpp.features.streams import open_source
from tests.paths import CONFIG

VIDEO = "QOlSCBRmfWY"


def array(name: str, snippets: int) -> np.ndarray:
    shape = snippets, PRESETS[name].channels
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def write(name: str, folder: Path, values: np.ndarray) -> Path:
    """Write the features of a video as they are published, and return the path for the sheet."""
    if name == "tsn_cuhk":
        with (folder / f"v_{VIDEO}.csv").open("w", newline="") as file:
            rows = [[f"f{number}" for number in range(values.shape[1])], *values.tolist()]
            csv.writer(file).writerows(rows)
    elif name == "tsp":
        for part, video in (("train", VIDEO), ("valid", "other"), ("valid", "another")):
            with h5py.File(folder / f"r2plus1d_34-tsp_on_activitynet-{part}_features.h5", "a") as file:
                file[f"v_{video}"] = values.ravel()  # one-dimensional, as the release
        with h5py.File(folder / "r2plus1d_34-tsp_on_activitynet-test_features.h5", "w") as file:
            file["v_first"] = file["v_second"] = values.ravel()
    elif name == "internvideo2":
        torch.save(torch.from_numpy(values), folder / f"v_{VIDEO}_spatial_pool_feature_6.pt")
    elif name == "c3d":
        with h5py.File(folder / "c3d.hdf5", "w") as file:
            file[f"v_{VIDEO}/c3d_features"] = values
        return folder / "c3d.hdf5"
    else:
        np.save(folder / f"{VIDEO if 'thumos' in name else f'v_{VIDEO}'}.npy", values)
    return folder


def stream(folder: Path, header: str, *cells: str) -> EncoderStream:
    sheet = folder / "encoders.tsv"
    sheet.write_text("\n".join("\t".join(line) for line in (header.split(), ["one", "rgb", *cells])) + "\n")
    return read_sheet(sheet, EncoderStream, {})[0]


@pytest.mark.parametrize("name", PRESETS)
def test_a_row_needs_only_the_preset(name: str, tmp_path: Path) -> None:
    values = array(name, 12)
    folder = tmp_path / "features"
    folder.mkdir()
    path = write(name, folder, values)
    row = stream(tmp_path, "encoder name path preset", str(path), name)
    reader = open_source(row.source)
    np.testing.assert_allclose(reader.time_first(reader.load(VIDEO)), values, rtol=1e-6)
    preset = PRESETS[name]
    expected = 12 - 1 + preset.clip / preset.stride
    assert reader.read(VIDEO).shape == (round(expected), preset.channels)


@pytest.mark.parametrize("name", PRESETS)
def test_an_array_with_as_many_snippets_as_channels_is_read_by_time(name: str, tmp_path: Path) -> None:
    values = array(name, PRESETS[name].channels)
    path = write(name, tmp_path, values)
    row = stream(tmp_path, "encoder name path preset clip", str(path), name, "1")
    np.testing.assert_allclose(open_source(row.source).read(VIDEO), values, rtol=1e-6)


def test_other_cells_have_precedence(tmp_path: Path) -> None:
    header = "encoder name path preset channels clip first_axis pattern"
    cells = (str(tmp_path), "internvideo2", "1408", "4", "channels", "{video}")
    source = stream(tmp_path, header, *cells).source
    assert (source.channels, source.clip, source.first_axis, source.pattern) == (
        1408, 4.0, "channels", "{video}"
    )  # fmt: skip


def test_an_unknown_preset_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"line 2: .*unknown preset 'resnet'; known: tsn_cuhk, tsp, i3d"):
        stream(tmp_path, "encoder name path preset", "x", "resnet")
    with pytest.raises(UserError, match="preset is for features that exist"):
        stream(tmp_path, "encoder name videos network preset", "x", "y", "tsp")


def test_without_a_preset_channels_are_required(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="channels: this key is required"):
        stream(tmp_path, "encoder name path", "x")


def test_the_example_in_the_manual_is_read(tmp_path: Path) -> None:
    text = (CONFIG / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```tsv\n(.*?)^```", text, re.M | re.S)
    (tmp_path / "encoders.tsv").write_text(shown)
    (row,) = read_sheet(tmp_path / "encoders.tsv", EncoderStream, {})
    assert (row.encoder, row.channels, row.clip) == ("tsp", 512, 1.0)
    for name in PRESETS:
        assert f"| `{name}` |" in text
