"""What scripts that start from fused maps share: their arguments, and the ensemble of each subset."""

import argparse
from collections.abc import Iterator, Sequence

from bsnpp.core.commandline import progress
from bsnpp.core.settings import Settings
from bsnpp.detection.candidates import Candidates, CandidateSource
from bsnpp.detection.ensemble import Ensemble
from bsnpp.detection.external import external_detections
from bsnpp.detection.recording_candidates import RecordingSource
from bsnpp.detection.settings import DetectionSettings, ScorePreset
from bsnpp.detection.video_candidates import video_source
from bsnpp.features.scales import ScaleSettings
from bsnpp.stores.detections import read_detections
from bsnpp.stores.maps import open_fused
from bsnpp.stores.snippet_scores import read_snippet_scores
from bsnpp.stores.tables import read_table
from bsnpp.stores.windows import read_windows
from bsnpp.windows.cells import CellSettings


class CandidateSettings(Settings):
    """What these scripts read; without `scales` every generator has maps of one scale."""

    detection: DetectionSettings
    scores: tuple[ScorePreset, ...]  # of each generator
    scales: ScaleSettings | None = None
    windows: CellSettings | None = None


def add_candidate_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the files that candidates are made from. Each flag is given once for each subset."""
    for name, count, meaning in (
        ("maps", "+", "fused maps: all scales of the first generator, then of the next"),
        ("videos", 1, "table of the videos"),
        ("classes", 1, "panel file, of videos or of snippets"),
        ("windows", "*", "table of the windows, if recordings are cut into windows"),
        ("external", "*", "imported tables of external detections"),
    ):
        parser.add_argument(f"--{name}", required=count != "*", nargs=count, action="append", help=meaning)


def ensembles(arguments: argparse.Namespace, settings: CandidateSettings) -> list[Ensemble]:
    """The ensemble of each subset."""
    result: list[Ensemble] = []
    none: list[list[str]] = [[]] * len(arguments.maps)
    for maps, (videos,), (classes,), windows, external in zip(
        arguments.maps,
        arguments.videos,
        arguments.classes,
        arguments.windows or none,
        arguments.external or none,
        strict=True,
    ):
        source = _source(maps, videos, classes, windows, settings)
        tables = [external_detections(read_detections(path), source.classes) for path in external]
        result.append(Ensemble(source, settings.scores, tables))
    return result


def decoded(ensemble: Ensemble, settings: DetectionSettings) -> Iterator[Candidates]:
    """Candidates of every video, with progress."""
    return progress(ensemble.candidates(settings), len(ensemble.source), "videos")


def _source(
    paths: Sequence[str], videos: str, classes: str, windows: Sequence[str], settings: CandidateSettings
) -> CandidateSource:
    maps = [open_fused(path) for path in paths]
    table = read_table(videos)
    if settings.windows is not None:
        return RecordingSource(
            maps, read_windows(windows[0]), table, read_snippet_scores(classes), settings.windows
        )
    each = len(maps) // len(settings.scores)
    groups = [maps[first : first + each] for first in range(0, len(maps), each)]
    return video_source(groups, settings.scales, table, classes)
