"""config/README.md explains every key as the settings classes define it."""

import pytest

from bsnpp.challenge.reference import with_references
from tests.paths import CONFIG

MARKS = "<!-- encoders --><!-- end of encoders --><!-- classifiers --><!-- end of classifiers -->"
MARKS += "<!-- presets --><!-- end of presets -->"
MARKS += "<!-- external_detections --><!-- end of external_detections -->"
README = CONFIG / "README.md"


def row_of(text: str, key: str) -> list[str]:
    (row,) = (line for line in text.splitlines() if line.startswith(f"| `{key}` |"))
    return [cell.strip() for cell in row.replace("\\|", "/").strip("|").split("|")][1:]


def test_the_readme_is_up_to_date() -> None:
    text = README.read_text(encoding="utf-8")
    assert with_references(text) == text, "run `make schema`"


@pytest.mark.parametrize(
    ("key", "values", "default"),
    [
        ("challenge", "text", "required"),
        ("compute.device", "`auto`, `cpu`, `cuda`", '`"cpu"`'),
        ("scales.regimes[].below", "number, > 0", "none"),
        ("scales.regimes[].scale", "whole number, >= 4", "required"),
        ("generators.<name>.model (bmn).confidence_channels", "whole number, >= 1", "`128`"),
        ("simulation.channels", "whole number, >= 4, <= 1024, a multiple of 4", "`16`"),
        ("generators.<name>.training", "section", "see below"),
        ("generators.<name>.pretraining", "section", "see below, but `select: last`"),
        ("generators.<name>.training.resampling.scale_ratio", "number, > 0, <= 1", "`0.15`"),
        ("blends.<name>.members", "list of: text", "required"),
        ("variants.<name>.scales", "`training`, `by_duration` or whole number, >= 4", '`"training"`'),
        ("detection.nms.sigma", "number, >= 0.01, <= 10", "`0.5`"),
        ("dataset", "`challenge`, `pretraining`", '`"challenge"`'),
    ],
)
def test_the_row_of_a_key_has_its_range_and_default(key: str, values: str, default: str) -> None:
    text = with_references(f"<!-- keys --><!-- end of keys -->{MARKS}")
    row = row_of(text, key)
    assert row[:2] == [values, default]
    assert row[2], "no description"


def test_the_text_around_the_tables_is_kept() -> None:
    text = with_references(f"before <!-- keys -->replaced<!-- end of keys --> after {MARKS}")
    assert text.startswith("before <!-- keys -->") and "replaced" not in text
    assert "<!-- end of keys --> after " in text
    assert with_references(text) == text


def test_a_text_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="keys"):
        with_references("no marks")
