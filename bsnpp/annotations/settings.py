"""TODO bsnpp.annotations.ground_truth.settings."""

from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from bsnpp.annotations.layouts import normalised
from bsnpp.core.settings import Settings

if TYPE_CHECKING:
    pass


Subset = Literal["training", "validation", "testing"]


LAYOUT_SUBSETS: dict[str, dict[Subset, str]] = {
    "activitynet": {"training": "training", "validation": "validation", "testing": "testing"},
    "bmn": {"training": "training", "validation": "validation", "testing": "testing"},
    # THUMOS-14 is trained on its "Validation" part and scored on its "Test" part.
    "thumos": {"training": "Validation", "validation": "Test", "testing": "Test"},
}


class AnnotationSettings(Settings):
    """Where the ground truth is, and how it is laid out."""

    layout: Literal["activitynet", "bmn", "thumos"] = Field(
        description="Layout of the file: `activitynet` (official JSON), `bmn` (flat JSON of BSN and BMN, "
        "with a subset table) or `thumos` (THUMOS JSON of ActionFormer)."
    )
    path: str = Field(description="The annotations, JSON or JSON.gz; times in seconds.")
    subset_table: str | None = Field(
        None,
        description="CSV with the columns `video` and `subset` (`video_info_new.csv`); for `bmn` alone.",
    )
    classes: str | None = Field(
        None,
        description="File with one class a line (a first line `action` is a header); by default the classes "
        "are the labels of the training subset.",
    )
    subsets: dict[Subset, str] = Field(
        default_factory=dict,
        description="What the file calls the subsets `training`, `validation` and `testing`, in any case; by "
        "default the same words, for `thumos` Validation, Test and Test. Where test labels are not public, "
        "`{testing: validation}` lets the validation videos stand for both.",
    )
    exclude: str | None = Field(
        None,
        description="File with the ids of videos to leave out, one a line or a JSON list (the official list "
        "of blocked videos, if you have it: it is never fetched).",
    )

    @model_validator(mode="after")
    def _table_belongs_to_bmn(self) -> Self:
        if (self.layout == "bmn") != (self.subset_table is not None):
            raise ValueError("subset_table is needed for the layout bmn, and for no other")
        return self

    @property
    def subset_names(self) -> dict[Subset, str]:
        """The file's name of every subset, normalised."""
        return {
            key: normalised(name) for key, name in {**LAYOUT_SUBSETS[self.layout], **self.subsets}.items()
        }

    @property
    def replaced_subsets(self) -> set[str]:
        """The layout's own names of subsets that another one stands for, normalised."""
        names = self.subset_names
        shared = {key for key, name in names.items() if list(names.values()).count(name) > 1}
        return {normalised(LAYOUT_SUBSETS[self.layout][key]) for key in shared} - set(names.values())

    @property
    def files(self) -> dict[str, str]:
        """Every file that these settings name, and what it should hold."""
        contents = {
            self.path: f"the annotations as JSON, in the layout {self.layout}",
            self.subset_table: "a CSV table with the columns video and subset",
            self.classes: "the classes, one a line",
            self.exclude: "the ids of videos to leave out, one a line or as a JSON list",
        }
        return {path: content for path, content in contents.items() if path is not None}
