"""The files of annotations and how to read them."""

from dataclasses import dataclass, field
from typing import Literal

Label = Literal["verb", "noun", "action"]
Form = Literal["database", "flat", "any", "csv"]

AMBIGUOUS = "Ambiguous"
"""Label of the segments of THUMOS14 that its evaluation leaves out."""


@dataclass(frozen=True)
class Source:
    """The files of annotations and how to read them.

    Attributes
    ----------
    form : {"database", "flat", "any", "csv"}
        JSON with a "database", flat JSON of BSN and BMN, either of them, or CSV of segments.
    files : dict of str to str
        Path of each file; its key is the subset of all its videos, or empty if the file has several.
    subset_table, video_table : str, optional
        CSV table of the subset, or of the duration, frame rate and subset, of each video.
    video_lists : dict of str to str
        List of the videos of each subset.
    label : {"verb", "noun", "action"}, optional
        Class of a segment of EPIC-Kitchens.
    class_names : tuple of str
        Files that name the classes of integer labels; for `action` those of verbs and of nouns.
    ignored_labels : tuple of str
        Labels whose segments are left out.
    drop_reversed : bool
        Whether segments that end before they start are left out; otherwise they are faults.
    """

    form: Form
    files: dict[str, str]
    subset_table: str | None = None
    video_table: str | None = None
    video_lists: dict[str, str] = field(default_factory=dict)
    label: Label | None = None
    class_names: tuple[str, ...] = ()
    ignored_labels: tuple[str, ...] = (AMBIGUOUS,)
    drop_reversed: bool = False

    @property
    def name(self) -> str:
        """The annotation files, for messages."""
        return ", ".join(self.files.values())


def source_of(path: str, subset_table: str | None = None, video_table: str | None = None) -> Source:
    """Choose how to read a single file: CSV by its suffix, flat with a table of subsets, else any JSON."""
    csv = path.lower().removesuffix(".gz").endswith(".csv")
    form: Form = "csv" if csv else "flat" if subset_table is not None else "any"
    return Source(form, {"": path}, subset_table, video_table)
