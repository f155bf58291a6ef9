"""Read the sample sheets of encoders, classifiers and external detections."""

import csv
from pathlib import Path
from typing import Literal, Self, TypeVar

from pydantic import Field, ValidationError, model_validator

from bsnpp.challenge.names import unknown
from bsnpp.challenge.placeholders import fill_in
from bsnpp.core.duplicates import repeated
from bsnpp.core.errors import Faults
from bsnpp.core.settings import Name, Settings, explain
from bsnpp.core.wording import counted
from bsnpp.features.presets import PRESETS
from bsnpp.features.settings import StreamSource
from bsnpp.snippets.estimator_settings import Kind

Dataset = Literal["challenge", "pretraining"]


OF_SOURCE = set(StreamSource.model_fields)
"""Columns that are settings of the importer."""


class EncoderStream(StreamSource):
    """A row of `encoders.tsv`: one stream of one encoder on one data set.

    Its features are read from `path`, or made from `videos` by a `network`.
    """

    path: str = Field(
        "", description=f"{StreamSource.model_fields['path'].description}; default: made from `videos`"
    )
    videos: str | None = Field(
        None, description="Folder with one video file per video, which `network` encodes; instead of `path`"
    )
    network: Name | None = Field(None, description="Network of the section `networks` that encodes `videos`")
    preset: str | None = Field(
        None,
        description=f"Public set of features: {', '.join(PRESETS)}; other cells override what it sets",
    )
    encoder: Name = Field(description="Name of the encoder; rows with the same name are its streams")
    dataset: Dataset = Field("challenge", description="Videos of the challenge or of the pre-training set")

    @property
    def source(self) -> StreamSource:
        """Settings of the importer."""
        return StreamSource(**self.model_dump(exclude=set(EncoderStream.model_fields) - OF_SOURCE))

    @model_validator(mode="before")
    @classmethod
    def _filled_by_preset(cls, cells: dict[str, object]) -> dict[str, object]:
        name = cells.get("preset")
        if name is None:
            return cells
        if not isinstance(name, str) or name not in PRESETS:
            raise ValueError(f"preset: {unknown('preset', str(name), PRESETS)}")
        if "videos" in cells:
            raise ValueError("preset is for features that exist; videos are encoded by the network")
        return {**PRESETS[name].columns, **cells}

    @model_validator(mode="after")
    def _features_or_videos(self) -> Self:
        if bool(self.path) == (self.videos is not None) or (self.videos is None) != (self.network is None):
            raise ValueError("a stream has either a path, or videos and a network")
        typed = sorted({"clip", "first_axis", "pattern"} & self.model_fields_set)
        if self.videos is not None and typed:
            raise ValueError(f"leave {', '.join(typed)} empty: features made from videos need no description")
        return self

    def encoded_in(self, folder: str) -> "EncoderStream":
        """Return the row with the path of the features that are made from its videos, if they are."""
        if self.videos is None:
            return self
        path = f"{folder}/{self.encoder}/{self.dataset}/{self.name}.h5"
        return self.model_copy(update={"path": path, "first_axis": "time", "pattern": "v_{video}"})


class Classifier(Settings):
    """A row of `classifiers.tsv`: score files made elsewhere, or a classifier to train."""

    classifier: Name = Field(description="Name of the classifier")
    model: Name | None = Field(
        None, description="Model it is a modality of; large panels are weighted within each model first"
    )
    source: Literal["outside", "trained", "snippets", "encoder"] = Field(
        description="Score files, a classifier trained on an encoder's features, a snippet classifier, or "
        "the channels of an encoder as snippet scores (background first, then the classes)"
    )
    scores: Literal["logits", "probabilities"] = Field(
        "logits",
        description="Content of the score files or channels, required for the sources `outside` and "
        "`encoder`; probabilities are converted to logits",
    )
    validation: str | None = Field(None, description="Score file of the validation videos")
    testing: str | None = Field(None, description="Score file of the test videos; may be the same file")
    encoder: Name | None = Field(
        None, description="Encoder on whose features it is trained, or whose channels it is"
    )
    kind: Kind | None = Field(
        None, description="Kind of snippet classifier; default: `snippet_classifier.kind`"
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.source in ("trained", "encoder") and self.encoder is None:
            raise ValueError(f"a classifier of the source {self.source} needs an encoder")
        if self.source == "outside" and (self.validation is None or self.testing is None):
            raise ValueError("an outside classifier needs score files for validation and for testing")
        if self.source in ("outside", "encoder") and "scores" not in self.model_fields_set:
            raise ValueError(
                f"a classifier of the source {self.source} needs the column scores: logits or probabilities"
            )
        return self


class ExternalFiles(Settings):
    """A row of `external_detections.tsv`: submission files made elsewhere."""

    name: Name = Field(description="Name used in `variants.<name>.external`")
    validation: str = Field(description="Submission JSON of the validation videos")
    testing: str = Field(description="Submission JSON of the test videos")
    reading: Literal["lenient", "strict"] = Field(
        "lenient",
        description="Detections that do not fit, for example outside their video, of other videos, or exact "
        "duplicates: `lenient` clips or drops and counts them, `strict` refuses the file",
    )


Row = TypeVar("Row", bound=Settings)


def read_sheet(path: str | Path, kind: type[Row], placeholders: dict[str, str]) -> list[Row]:
    """Read a sample sheet. Empty cells take the defaults; lines starting with `#` are comments.

    Parameters
    ----------
    path : str or Path
        Tab-separated UTF-8 file with a header.
    kind : type
        Settings class of a row; its fields are the columns.
    placeholders : dict of str to str
        Values of the placeholders in cells, e.g. of `{results}`, by name without braces.

    Returns
    -------
    list of Row

    Raises
    ------
    UserError
        If the sheet cannot be read or is invalid; lists every fault with its line.
    """
    faults = Faults(f"invalid sheet {path}", f"Columns: {', '.join(kind.model_fields)}.")
    rows: list[Row] = []
    lines = _lines(path, faults)
    number, header = lines[0] if lines else (1, [])
    if lines and len(header) == 1:
        faults.add(f"line {number}: no tab in the header {header[0]!r}; separate columns by tabs")
        lines = []
    for column in repeated(header):
        faults.add(f"line {number}: column {column} is listed more than once; remove the duplicate")
    for number, cells in lines[1:]:
        if len(cells) == 1 or len(cells) > len(header):  # empty cells at the end may be left out
            width = counted(len(cells), "tab-separated cell")
            faults.add(f"line {number}: {width}, but the header has {len(header)}")
            continue
        filled = {column: cell for column, cell in zip(header, cells, strict=False) if cell}
        try:
            rows.append(kind.model_validate(fill_in(filled, placeholders)))
        except ValidationError as error:
            faults.extend(f"line {number}: {message}" for message in explain(error))
    faults.raise_if_any()
    return rows


def _lines(path: str | Path, faults: Faults) -> list[tuple[int, list[str]]]:
    """Return the number and the cells of each line that is neither empty nor a comment."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")  # spreadsheets write a byte-order mark
    except OSError as error:
        faults.add(f"cannot be read: {error.strerror}")
        return []
    except UnicodeDecodeError:
        faults.add("not a UTF-8 text file; export it as tab-separated UTF-8")
        return []
    kept: list[tuple[int, list[str]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            try:
                kept.extend((number, cells) for cells in csv.reader([line], delimiter="\t", strict=True))
            except csv.Error as error:
                faults.add(f"line {number}: {error}")
    return kept
