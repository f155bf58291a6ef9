"""Settings of the annotations stage: the files of the ground truth and their layout."""

from typing import Literal, Self

from pydantic import Field, model_validator

from bsnpp.annotations.names import normalised
from bsnpp.annotations.source import AMBIGUOUS, Form, Label, Source
from bsnpp.core.settings import Settings

Subset = Literal["training", "validation", "testing"]

ANY_SUBSET: dict[Subset, str] = {"training": "training", "validation": "validation", "testing": "testing"}

LAYOUT_SUBSETS: dict[str, dict[Subset, str]] = {
    "activitynet": ANY_SUBSET,
    "bmn": ANY_SUBSET,
    "csv": ANY_SUBSET,
    # Models for THUMOS-14 are trained on its "Validation" part and scored on its "Test" part.
    "thumos": {"training": "Validation", "validation": "Test", "testing": "Test"},
}
"""Name of each subset in each layout."""


class AnnotationSettings(Settings):
    """Files of the ground truth and their layout."""

    layout: Literal["activitynet", "bmn", "thumos", "csv"] = Field(
        description="Layout of the annotations: `activitynet` (official JSON), `bmn` (flat JSON of BSN, "
        "BMN, mmaction2 and Paddle), `thumos` (THUMOS JSON of ActionFormer) or `csv` (tables of segments: "
        "your own, those of THUMOS14 by BSN and G-TAD, EPIC-Kitchens)"
    )
    path: str | dict[Subset, str] = Field(
        description="File of the annotations (JSON or CSV, optionally compressed with gzip; times [s]), or "
        "one file per subset"
    )
    subset_table: str | None = Field(
        None,
        description="CSV table with the columns `video` and `subset` (`video_info_new.csv`); only for `bmn`",
    )
    video_lists: dict[Subset, str] = Field(
        default_factory=dict,
        description="List of the videos of each subset, one id per line or as a JSON list; it has precedence "
        "over the subsets in the annotations",
    )
    video_table: str | None = Field(
        None,
        description="CSV table with the columns `video` and `duration` [s], and optionally `fps` and "
        "`subset` (`EPIC_100_video_info.csv`); only for `csv`",
    )
    label: Label | None = Field(
        None, description="Class of the segments of EPIC-Kitchens; only for `csv`, and required there"
    )
    class_names: tuple[str, ...] = Field(
        (),
        max_length=2,
        description="File with the names of integer labels: one per line, numbered from 0 (a first line "
        "`action` is a header), lines of number and name, or a CSV with the columns `id` and `key`. For "
        "`label: action`, those of verbs and nouns",
    )
    ignored_labels: tuple[str, ...] = Field(
        (AMBIGUOUS,), description="Labels whose segments are left out, which the log counts"
    )
    reversed_segments: Literal["refuse", "drop"] = Field(
        "refuse",
        description="Segments that end before they start: `refuse` stops, `drop` leaves them out and names "
        "each in the log",
    )
    classes: str | None = Field(
        None,
        description="Text file with one class per line (a first line `action` is a header). Default: the "
        "labels of the training subset",
    )
    subsets: dict[Subset, str] = Field(
        default_factory=dict,
        description="Names of the subsets `training`, `validation` and `testing` in the file, in upper or "
        "lower case. Default: the same words; for `thumos`: Validation, Test and Test. If the test labels "
        "are not public, `{testing: validation}` uses the validation videos for both",
    )
    exclude: str | None = Field(
        None,
        description="File with the ids of the videos to exclude, one per line or as a JSON list (the "
        "official list of blocked videos, if you have it; it is never downloaded)",
    )

    @model_validator(mode="after")
    def _keys_belong_together(self) -> Self:
        if self.layout != "bmn" and self.subset_table is not None:
            raise ValueError("subset_table is only for the layout bmn")
        if self.layout != "csv" and (self.video_table or self.label):
            raise ValueError("video_table and label are only for the layout csv")
        if isinstance(self.path, dict) and (self.subset_table or self.video_lists):
            raise ValueError(
                "subset_table and video_lists are for annotations in one file; with a file per "
                "subset, these are the subsets"
            )
        if isinstance(self.path, dict) and not self.path:
            raise ValueError("path: name at least one file")
        if self.class_names and len(self.class_names) != (2 if self.label == "action" else 1):
            raise ValueError("class_names: one file, but two for `label: action`, of verbs and of nouns")
        return self

    @property
    def _by_file(self) -> dict[Subset, str]:
        """Names of the subsets before `subsets` changes them."""
        return ANY_SUBSET if isinstance(self.path, dict) or self.video_lists else LAYOUT_SUBSETS[self.layout]

    @property
    def subset_names(self) -> dict[Subset, str]:
        """Name of every subset in the file, normalised."""
        return {key: normalised(name) for key, name in {**self._by_file, **self.subsets}.items()}

    @property
    def replaced_subsets(self) -> set[str]:
        """Names of the subsets of the layout that `subsets` replaces by another subset, normalised."""
        names = self.subset_names
        shared = {key for key, name in names.items() if list(names.values()).count(name) > 1}
        return {normalised(self._by_file[key]) for key in shared} - set(names.values())

    @property
    def paths(self) -> dict[str, str]:
        """Path of each annotation file; its key is the subset of all its videos, or empty."""
        return (
            {"": self.path}
            if isinstance(self.path, str)
            else {str(key): path for key, path in self.path.items()}
        )

    @property
    def source(self) -> Source:
        """The files and how to read them."""
        forms: dict[str, Form] = {"bmn": "flat", "csv": "csv"}
        return Source(
            forms.get(self.layout, "database"),
            self.paths,
            self.subset_table,
            self.video_table,
            {str(key): path for key, path in self.video_lists.items()},
            self.label,
            self.class_names,
            self.ignored_labels,
            self.reversed_segments == "drop",
        )

    @property
    def files(self) -> dict[str, str]:
        """Path of every file of these settings, and what the file should contain."""
        kind = "a CSV table of segments" if self.layout == "csv" else "JSON"
        contents: dict[str | None, str] = {
            **dict.fromkeys(self.paths.values(), f"the annotations as {kind}, in the layout {self.layout}"),
            **dict.fromkeys(self.video_lists.values(), "the ids of the videos of a subset, one per line"),
            **dict.fromkeys(self.class_names, "the names of integer labels"),
            self.subset_table: "a CSV table with the columns video and subset",
            self.video_table: "a CSV table with the columns video and duration",
            self.classes: "the classes, one per line",
            self.exclude: "the ids of the videos to exclude, one per line or as a JSON list",
        }
        return {path: content for path, content in contents.items() if path is not None}
