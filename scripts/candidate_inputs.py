"""What scripts that start from fused maps share: their arguments, and the ensemble of each subset."""

import argparse
from collections.abc import Iterator, Sequence

from commandline import progress

from bsnpp.annotation_tables import read_table
from bsnpp.classification.snippets import read_snippet_scores
from bsnpp.detection.candidates import Candidates, CandidateSource
from bsnpp.detection.external import external_detections
from bsnpp.detection.recording_candidates import RecordingSource
from bsnpp.detection.settings import DetectionSettings, ScorePreset
from bsnpp.detection.subset import Ensemble
from bsnpp.detection.tables import read_detections
from bsnpp.detection.video_candidates import video_source
from bsnpp.features.settings import WindowSettings
from bsnpp.features.window_tables import read_windows
from bsnpp.inference.maps import open_fused
from bsnpp.scales import ScaleSettings
from bsnpp.settings import Settings


class CandidateSettings(Settings):
    """What these scripts read; without `scales` every generator has maps of one scale."""

    detection: DetectionSettings
    scores: tuple[ScorePreset, ...]  # of each generator
    scales: ScaleSettings | None = None
    windows: WindowSettings | None = None


def add_candidate_arguments(parser: argparse.ArgumentParser) -> None:
    """The files that candidates are made from, in lists of one for each subset."""
    parser.add_argument(
        "--maps",
        required=True,
        nargs="+",
        action="append",
        help="fused maps, once for each subset: all scales of the first generator, then of the next",
    )
    parser.add_argument("--videos", required=True, nargs="+", help="table of the videos of each subset")
    parser.add_argument(
        "--classes", required=True, nargs="+", help="panel file of each subset, of videos or of snippets"
    )
    parser.add_argument("--windows", nargs="+", help="table of the windows of each subset, of recordings")
    parser.add_argument(
        "--external",
        nargs="+",
        action="append",
        help="anyone's detections, once for each subset: imported tables",
    )


def ensembles(arguments: argparse.Namespace, settings: CandidateSettings) -> list[Ensemble]:
    """The ensemble of each subset."""
    count = len(arguments.videos)
    columns = zip(
        arguments.maps,
        arguments.videos,
        arguments.classes,
        arguments.windows or [None] * count,
        arguments.external or [[]] * count,
        strict=True,
    )
    found = []
    for maps, videos, classes, windows, external in columns:
        source = _source(maps, videos, classes, windows, settings)
        tables = [external_detections(read_detections(path), source.classes) for path in external]
        found.append(Ensemble(source, settings.scores, tables))
    return found


def decoded(ensemble: Ensemble, settings: DetectionSettings) -> Iterator[Candidates]:
    """Candidates of every video, with progress."""
    return progress(ensemble.candidates(settings), len(ensemble.source), "videos")


def _source(
    paths: Sequence[str], videos: str, classes: str, windows: str | None, settings: CandidateSettings
) -> CandidateSource:
    maps = [open_fused(path) for path in paths]
    table = read_table(videos)
    if settings.windows is not None and windows is not None:
        return RecordingSource(
            maps, read_windows(windows), table, read_snippet_scores(classes), settings.windows
        )
    each = len(maps) // len(settings.scores)
    groups = [maps[first : first + each] for first in range(0, len(maps), each)]
    return video_source(groups, settings.scales, table, classes)
