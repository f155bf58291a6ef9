"""Files to look at detections beside their video."""

import xml.etree.ElementTree as ElementTree
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bsnpp.bundle.viewing import Viewing
from bsnpp.core.errors import UserError

TABLE = pd.DataFrame(
    {
        "label": ["run", "jump", "fall"],
        "score": [0.5, 0.9, 0.1],
        "start": [3661.5, 2.0, 0.0],
        "end": [3662.0004, 3.25, 1.0],
    }
)


def written(folder: Path, ending: str, table: pd.DataFrame, most: int = 10) -> Path:
    """Write the file of one video and return its path."""
    Viewing({ending: folder / "new"}, most).write("v/1", 4000.0, table)
    return folder / f"new/v_1{ending}"


def test_subtitles_are_in_order_of_time(tmp_path: Path) -> None:
    assert written(tmp_path, ".srt", TABLE, most=2).read_text() == (
        "1\n00:00:02,000 --> 00:00:03,250\njump (0.90)\n\n2\n01:01:01,500 --> 01:01:02,000\nrun (0.50)\n\n"
    )


ORDER = ["HEADER", "TIME_ORDER", "TIER", "LINGUISTIC_TYPE"]


def checked_tiers(path: Path) -> dict[str, list[tuple[int, int, str]]]:
    """Check what the schema EAF 3.0 demands, and return start, end [ms] and text by tier."""
    root = ElementTree.parse(path).getroot()
    assert root.tag == "ANNOTATION_DOCUMENT"
    assert {"AUTHOR", "DATE", "VERSION"} <= set(root.keys()) and root.get("FORMAT") == "3.0"
    tags = [child.tag for child in root]
    assert tags == sorted(tags, key=ORDER.index) and tags.count("HEADER") == tags.count("TIME_ORDER") == 1
    assert root.find("HEADER").get("TIME_UNITS") == "milliseconds"  # type: ignore[union-attr]
    slots = {slot.get("TIME_SLOT_ID"): int(slot.get("TIME_VALUE")) for slot in root.iter("TIME_SLOT")}  # type: ignore[arg-type]
    assert len(slots) == len(list(root.iter("TIME_SLOT"))), "ids are unique"
    assert list(slots.values()) == sorted(slots.values())
    types = {kind.get("LINGUISTIC_TYPE_ID") for kind in root.iter("LINGUISTIC_TYPE")}
    ids = [one.get("ANNOTATION_ID") for one in root.iter("ALIGNABLE_ANNOTATION")]
    assert len(set(ids)) == len(ids)
    tiers = {}
    for tier in root.iter("TIER"):
        assert tier.get("LINGUISTIC_TYPE_REF") in types and tier.get("TIER_ID") not in tiers
        spans = [
            (slots[one.get("TIME_SLOT_REF1")], slots[one.get("TIME_SLOT_REF2")], one[0].text or "")
            for one in tier.iterfind("ANNOTATION/ALIGNABLE_ANNOTATION")
        ]
        assert all(start < end for start, end, _ in spans)
        assert all(a[1] <= b[0] for a, b in pairwise(spans)), "annotations of a tier do not overlap"
        tiers[str(tier.get("TIER_ID"))] = spans
    return tiers


def test_annotations_have_a_tier_per_class(tmp_path: Path) -> None:
    assert checked_tiers(written(tmp_path, ".eaf", TABLE)) == {
        "fall": [(0, 1000, "fall (0.10)")],
        "jump": [(2000, 3250, "jump (0.90)")],
        "run": [(3661500, 3662000, "run (0.50)")],
    }


def test_annotations_of_no_detection_are_a_document(tmp_path: Path) -> None:
    assert checked_tiers(written(tmp_path, ".eaf", TABLE[:0])) == {}


LABELS = st.sampled_from(["run", "run 2", "<&\"'>", "Zähne putzen", "bell\x07", "run 3"])
TIMES = st.floats(0, 50)
ROWS = st.lists(st.tuples(LABELS, st.floats(0, 1), TIMES, TIMES), max_size=25)


@settings(deadline=None, max_examples=50)
@given(ROWS)
def test_overlapping_detections_of_a_class_get_further_tiers(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, float, float, float]]
) -> None:
    table = pd.DataFrame(
        [(label, score, min(a, b), max(a, b)) for label, score, a, b in rows],
        columns=["label", "score", "start", "end"],
    ).astype({"score": float, "start": float, "end": float})
    tiers = checked_tiers(written(tmp_path_factory.mktemp("eaf"), ".eaf", table, 100))
    texts = sorted(text for spans in tiers.values() for _, _, text in spans)
    clean = table["label"].str.replace("\x07", "\ufffd")
    assert texts == sorted(
        f"{label} ({score:.2f})" for label, score in zip(clean, table["score"], strict=True)
    )
    for name, spans in tiers.items():
        assert len({text.rsplit(" (", 1)[0] for _, _, text in spans}) == 1, f"one class in {name}"


@pytest.mark.parametrize("ending", [".srt", ".eaf", ".png"])
def test_the_same_detections_give_the_same_bytes(tmp_path: Path, ending: str) -> None:
    first = written(tmp_path / "a", ending, TABLE).read_bytes()
    assert first == written(tmp_path / "b", ending, TABLE).read_bytes()


def test_a_picture_has_a_bar_where_a_detection_is(tmp_path: Path) -> None:
    few, many = (
        np.asarray(Image.open(written(tmp_path / name, ".png", table)).convert("L"), dtype=float)
        for name, table in (("a", TABLE[:0]), ("b", TABLE[1:2].assign(start=1000.0, end=3000.0)))
    )
    dark = (many < 200).sum() - (few < 200).sum()
    assert few.shape == many.shape and dark > 0.02 * many.size


def test_videos_with_the_same_file_names_are_refused() -> None:
    with pytest.raises(UserError, match="a_b and a/b: a_b"):
        Viewing({".srt": "x"}).check(["c", "a_b", "a/b"])
    Viewing({}).check(["a_b", "a/b"])
