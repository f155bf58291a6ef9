"""Settings of the annotations stage: the files of the ground truth and their layout."""

from typing import Literal, Self

from pydantic import Field, model_validator

from bsnpp.annotations.layouts import normalised
from bsnpp.core.settings import Settings

Subset = Literal["training", "validation", "testing"]

LAYOUT_SUBSETS: dict[str, dict[Subset, str]] = {
    "activitynet": {"training": "training", "validation": "validation", "testing": "testing"},
    "bmn": {"training": "training", "validation": "validation", "testing": "testing"},
    # Models for THUMOS-14 are trained on its "Validation" part and scored on its "Test" part.
    "thumos": {"training": "Validation", "validation": "Test", "testing": "Test"},
}
"""Name of each subset in each layout."""


class AnnotationSettings(Settings):
    """Files of the ground truth and their layout."""

    layout: Literal["activitynet", "bmn", "thumos"] = Field(
        description="Layout of the annotations: `activitynet` (official JSON), `bmn` (flat JSON of BSN and "
        "BMN, with a subset table) or `thumos` (THUMOS JSON of ActionFormer)"
    )
    path: str = Field(description="JSON or JSON.gz file of the annotations; times [s]")
    subset_table: str | None = Field(
        None,
        description="CSV table with the columns `video` and `subset` (`video_info_new.csv`); only for `bmn`",
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
    def _table_belongs_to_bmn(self) -> Self:
        if (self.layout == "bmn") != (self.subset_table is not None):
            raise ValueError("subset_table is required for the layout bmn and not allowed for the others")
        return self

    @property
    def subset_names(self) -> dict[Subset, str]:
        """Name of every subset in the file, normalised."""
        return {
            key: normalised(name) for key, name in {**LAYOUT_SUBSETS[self.layout], **self.subsets}.items()
        }

    @property
    def replaced_subsets(self) -> set[str]:
        """Names of the subsets of the layout that `subsets` replaces by another subset, normalised."""
        names = self.subset_names
        shared = {key for key, name in names.items() if list(names.values()).count(name) > 1}
        return {normalised(LAYOUT_SUBSETS[self.layout][key]) for key in shared} - set(names.values())

    @property
    def files(self) -> dict[str, str]:
        """Path of every file of these settings, and what the file should contain."""
        contents = {
            self.path: f"the annotations as JSON, in the layout {self.layout}",
            self.subset_table: "a CSV table with the columns video and subset",
            self.classes: "the classes, one per line",
            self.exclude: "the ids of the videos to exclude, one per line or as a JSON list",
        }
        return {path: content for path, content in contents.items() if path is not None}
