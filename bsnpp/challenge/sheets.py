"""The sample sheets of a challenge: encoders, classifiers and outside detections, tab-separated."""

import csv
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from pydantic import Field, ValidationError, model_validator

from bsnpp.core.errors import Faults
from bsnpp.core.settings import Name, Settings, explain
from bsnpp.features.settings import StreamSource
from bsnpp.snippets.settings import Kind

Dataset = Literal["challenge", "pretraining"]


class EncoderStream(StreamSource):
    """A row of `encoders.tsv`: one stream of one encoder on one data set."""

    encoder: Name = Field(description="name of the encoder; all rows of a name belong together")
    dataset: Dataset = Field(
        "challenge", description="the challenge's own videos, or those of the pre-training set"
    )

    @property
    def source(self) -> StreamSource:
        """The part that importing needs."""
        return StreamSource(**self.model_dump(exclude={"encoder", "dataset"}))


class Classifier(Settings):
    """A row of `classifiers.tsv`: scores made outside, or a classifier to be trained here."""

    classifier: Name = Field(description="name of the classifier")
    model: Name | None = Field(
        None, description="model that it is a modality of: a large panel is weighed inside each model first"
    )
    source: Literal["outside", "trained", "snippets"] = Field(
        description="score files; trained on an encoder's features; or of snippets"
    )
    scores: Literal["logits", "probabilities"] = Field(
        "logits", description="what the score files hold; probabilities are turned into logits"
    )
    validation: str | None = Field(None, description="score file of the validation videos")
    testing: str | None = Field(None, description="score file of the test videos; may be the same file")
    encoder: Name | None = Field(None, description="encoder on whose features it is trained here")
    kind: Kind | None = Field(
        None, description="kind of a classifier of snippets; by default `snippet_classifier.kind`"
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.source == "trained" and self.encoder is None:
            raise ValueError("a trained classifier needs an encoder")
        if self.source == "outside" and (self.validation is None or self.testing is None):
            raise ValueError("an outside classifier needs score files for validation and for testing")
        return self


class ExternalFiles(Settings):
    """A row of `external_detections.tsv`: somebody's submissions."""

    name: Name = Field(description="name by which `variants.<name>.external` calls them")
    validation: str = Field(description="submission of the validation videos, as JSON of the challenge")
    testing: str = Field(description="submission of the test videos")


Row = TypeVar("Row", bound=Settings)


def read_sheet(path: str | Path, kind: type[Row], replacements: dict[str, str]) -> list[Row]:
    """Read a sheet; empty cells take the defaults, lines that begin with `#` are comments.

    Parameters
    ----------
    path : str or Path
        Tab-separated, with a header.
    kind : type
        Class of a row; its fields are the columns.
    replacements : dict
        Words in braces that cells may hold, e.g. `{results}`.

    Raises
    ------
    UserError
        With every fault of every line, or if the sheet cannot be read.
    """
    faults = Faults(f"{path} is not right", f"Its columns are: {', '.join(kind.model_fields)}.")
    rows: list[Row] = []
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        faults.add(f"cannot be read: {error}")
        lines = []
    kept = [(number, line) for number, line in enumerate(lines, start=1) if line.strip() and line[0] != "#"]
    if kept and "\t" not in kept[0][1]:
        faults.add(f"line {kept[0][0]}: no tab in the header {kept[0][1]!r}; columns are separated by tabs")
        kept = []
    table = csv.DictReader((line for _, line in kept), delimiter="\t")
    for cells in table:
        number, line = kept[table.line_num - 1]
        if "\t" not in line or None in cells:
            expected, count = len(table.fieldnames or []), line.count("\t") + 1
            faults.add(f"line {number}: {count} cells between tabs, the header has {expected}")
            continue
        try:
            rows.append(kind.model_validate(_filled(cells, replacements)))
        except ValidationError as error:
            faults.extend(f"line {number}: {message}" for message in explain(error))
    faults.raise_if_any()
    return rows


def _filled(cells: dict[str, Any], replacements: dict[str, str]) -> dict[str, str]:
    filled = {}
    for column, cell in cells.items():
        if cell not in (None, ""):
            text = str(cell)
            for word, meaning in replacements.items():
                text = text.replace("{" + word + "}", meaning)
            filled[str(column)] = text
    return filled
