import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bsnpp.core.errors import UserError
from bsnpp.summary.figures import FIGURES, figures_of
from bsnpp.summary.html import page
from bsnpp.summary.report import SECTIONS, report_page
from tests.paths import ROOT
from tests.summary.example import tiny_run

EMPTY = {"meta", "link", "img"}
NAMES = ["ablation", "training", "weights.bsnpp.three", "timeline.best"]


class Reader(HTMLParser):
    """Collects the elements of a page and checks that they are nested correctly."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of all elements with this tag."""
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def figures(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{name}.png" for name in NAMES]
    for path in paths:
        path.write_bytes(b"\x89PNG " + path.name.encode())
    return paths


def test_the_page_is_well_formed_and_needs_no_other_file(figures: list[Path]) -> None:
    text = report_page(tiny_run(figures))
    reader = Reader(text)
    for _, attributes in reader.elements:
        for name in ("src", "href"):
            assert (attributes.get(name) or "data:").startswith(("data:", "#"))
    assert "http:" not in text and "https:" not in text and "url(" not in text and "@import" not in text
    assert reader.all("script") == [{}]  # inside the page


def test_every_figure_is_embedded_once_with_an_alternative_text(figures: list[Path]) -> None:
    images = Reader(report_page(tiny_run(figures))).all("img")
    assert len(images) == len(figures) == len({image["src"] for image in images})
    assert all(image["alt"] for image in images)
    assert any("bsnpp/three" in str(image["alt"]) for image in images)


def test_the_contents_link_to_every_section(figures: list[Path]) -> None:
    reader = Reader(report_page(tiny_run(figures)))
    anchors = [section["id"] for section in reader.all("section")]
    assert [link["href"] for link in reader.all("a")] == [f"#{anchor}" for anchor in anchors]
    without = {"sampling", "classifiers", "recall", "maps"}  # no figure
    assert anchors == [name for name in SECTIONS if name not in without]


def test_the_first_page_answers_before_the_contents(figures: list[Path]) -> None:
    first = report_page(tiny_run(figures)).split("<nav")[0]
    words = " ".join("".join(Reader(f"{first}</header></body></html>").text).split())
    assert "Submitted: variant C, average mAP 33.00 % on testing (95 % interval 23.50 to 42.50)." in words
    assert "The step from A to C loses 3.00 points" in words
    assert "minus that on testing: +5.00 points" in words
    assert 'The costliest error type is "localization": +7.00 points' in words
    assert "2 rows of the feature manifests are flagged" in words


def test_provenance_is_escaped_and_complete(figures: list[Path]) -> None:
    text = report_page(tiny_run(figures))
    assert "&lt;mine&gt;.yaml" in text and "<mine>" not in text
    words = "".join(Reader(text).text)
    for part in ("0.2500", "abc", "short: 2", "12.5", "sharp/scratch"):
        assert part in words


def test_every_figure_of_the_workflow_has_a_description() -> None:
    listed = (ROOT / "workflow/inputs/figures.smk").read_text().partition("DRAWN = [")[2]
    assert set(re.findall(r"\{FIGURES\}/(\w+)", listed)) == set(FIGURES)
    assert {described.section for described in FIGURES.values()} <= set(SECTIONS)


def test_a_missing_figure_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"training\.png: cannot be read"):
        figures_of("training", [tmp_path / "training.png"])


def test_a_title_is_escaped() -> None:
    assert "<title>a &lt; b $x</title>" in page("a < b $x", "", [])
