"""Write detections to view beside their video: a picture, subtitles (SubRip), annotations (ELAN)."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bsnpp.core.errors import Faults, UserError
from bsnpp.core.files import whole_file

SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
DATE = "1980-01-01T00:00:00+00:00"
"""Required by the format; always the same, so that the same detections give the same bytes."""
TYPE = "default-lt"
NO_TEXT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold."""


@dataclass(frozen=True)
class Shown:
    """The best detections of one video.

    Attributes
    ----------
    video : str
        Id of the video.
    duration : float
        Its length [s].
    detections : DataFrame[label, score, start, end]
        Detections [s], best first.
    """

    video: str
    duration: float
    detections: pd.DataFrame

    @property
    def in_time(self) -> list[tuple[str, float, float, float]]:
        """Label, score, start and end [s] of each detection, in the order of their starts."""
        table = self.detections.sort_values("start", kind="stable")
        return list(table[["label", "score", "start", "end"]].itertuples(index=False, name=None))


def write_subtitles(path: str | Path, shown: Shown) -> None:
    """Write detections as subtitles (SubRip).

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    with whole_file(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as file:
        for number, (label, score, start, end) in enumerate(shown.in_time, start=1):
            file.write(f"{number}\n{_clock(start)} --> {_clock(end)}\n{label} ({score:.2f})\n\n")


def _clock(seconds: float) -> str:
    """Return a time as SubRip writes it, 00:01:02,345."""
    minutes, rest = divmod(_milliseconds(seconds), 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d},{rest % 1000:03d}"


def _milliseconds(seconds: float) -> int:
    return round(1000 * max(seconds, 0.0))


def write_annotations(path: str | Path, shown: Shown) -> None:
    """Write detections as annotations (ELAN, format 3.0): a tier per class.

    Annotations of a tier must not overlap, so detections that overlap a better one of their class go to
    further tiers: `class 2`, `class 3`.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    root = ElementTree.Element(
        "ANNOTATION_DOCUMENT",
        {
            "AUTHOR": "bsnpp",
            "DATE": DATE,
            "FORMAT": "3.0",
            "VERSION": "3.0",
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:noNamespaceSchemaLocation": SCHEMA,
        },
    )
    tiers = _tiers(shown)
    header = ElementTree.SubElement(root, "HEADER", {"MEDIA_FILE": "", "TIME_UNITS": "milliseconds"})
    last = ElementTree.SubElement(header, "PROPERTY", {"NAME": "lastUsedAnnotationId"})
    last.text = str(sum(map(len, tiers.values())))
    times = sorted({time for spans in tiers.values() for start, end, _ in spans for time in (start, end)})
    slots = {time: f"ts{number}" for number, time in enumerate(times, start=1)}
    order = ElementTree.SubElement(root, "TIME_ORDER")
    for time, slot in slots.items():
        ElementTree.SubElement(order, "TIME_SLOT", {"TIME_SLOT_ID": slot, "TIME_VALUE": str(time)})
    number = 0
    for name, spans in tiers.items():
        tier = ElementTree.SubElement(root, "TIER", {"LINGUISTIC_TYPE_REF": TYPE, "TIER_ID": name})
        for start, end, text in sorted(spans):
            number += 1
            outer = ElementTree.SubElement(tier, "ANNOTATION")
            attributes = {"ANNOTATION_ID": f"a{number}"}
            attributes |= {"TIME_SLOT_REF1": slots[start], "TIME_SLOT_REF2": slots[end]}
            inner = ElementTree.SubElement(outer, "ALIGNABLE_ANNOTATION", attributes)
            ElementTree.SubElement(inner, "ANNOTATION_VALUE").text = text
    attributes = {"GRAPHIC_REFERENCES": "false", "LINGUISTIC_TYPE_ID": TYPE, "TIME_ALIGNABLE": "true"}
    ElementTree.SubElement(root, "LINGUISTIC_TYPE", attributes)
    ElementTree.indent(root)
    with whole_file(path) as temporary:
        ElementTree.ElementTree(root).write(temporary, encoding="UTF-8", xml_declaration=True)


def _tiers(shown: Shown) -> dict[str, list[tuple[int, int, str]]]:
    """Return start, end [ms] and text of the annotations of each tier, the best detections first."""
    tiers: dict[str, list[tuple[int, int, str]]] = {}
    columns = (shown.detections[name] for name in ("label", "score", "start", "end"))
    labels = {NO_TEXT.sub("\ufffd", label) for label in shown.detections["label"]}
    for label, score, start, end in zip(*columns, strict=True):
        clean = NO_TEXT.sub("\ufffd", label)
        first = _milliseconds(start)
        span = (first, max(_milliseconds(end), first + 1), f"{clean} ({score:.2f})")
        name, number = clean, 1
        while (name != clean and name in labels) or any(
            span[0] < stop and begin < span[1] for begin, stop, _ in tiers.get(name, [])
        ):
            number += 1
            name = f"{clean} {number}"
        tiers.setdefault(name, []).append(span)
    return dict(sorted(tiers.items()))


def write_picture(path: str | Path, shown: Shown) -> None:
    """Draw detections over time (PNG).

    Raises
    ------
    UserError
        If matplotlib is missing, or the file cannot be written.
    """
    try:
        from bsnpp.reporting.detected import detected_figure
        from bsnpp.reporting.style import save
    except ModuleNotFoundError as error:
        raise UserError(f"pictures need matplotlib: pip install 'bsnpp[workflow]' ({error})") from error
    save(detected_figure(shown.video, shown.duration, shown.detections), path)


WRITERS: dict[str, Callable[[Path, Shown], None]] = {
    ".srt": write_subtitles,
    ".eaf": write_annotations,
    ".png": write_picture,
}
"""Writer of the files of one video, by their ending."""


class Viewing:
    """Writes pictures, subtitles and annotations of the detections of videos.

    Parameters
    ----------
    folders : mapping of str to (str or Path)
        Folder of the files by ending: .srt, .eaf, .png.
    most : int
        Detections of a video to show, best first.
    """

    def __init__(self, folders: Mapping[str, str | Path], most: int = 10) -> None:
        self.folders = {ending: Path(folder) for ending, folder in folders.items()}
        self.most = most

    def check(self, videos: Iterable[str]) -> None:
        """Check that every video gets files of its own.

        Raises
        ------
        UserError
            With all videos whose files would have the same name.
        """
        if not self.folders:
            return
        owners: dict[str, str] = {}
        faults = Faults("videos whose files would have the same name", "Rename one of each.")
        for video in videos:
            owner = owners.setdefault(_stem(video), video)
            if owner != video:
                faults.add(f"{owner} and {video}: {_stem(video)}")
        faults.raise_if_any()

    def write(self, video: str, duration: float, detections: pd.DataFrame) -> None:
        """Write the files of one video.

        Parameters
        ----------
        video : str
            Id of the video.
        duration : float
            Its length [s].
        detections : DataFrame[label, score, start, end]
            All its detections [s].
        """
        shown = Shown(video, duration, detections.nlargest(self.most, "score", keep="first"))
        for ending, folder in self.folders.items():
            WRITERS[ending](folder / f"{_stem(video)}{ending}", shown)


def _stem(video: str) -> str:
    """Return the name of a video's files; ids may contain slashes."""
    return video.replace("/", "_")
