"""Command-line inputs of the scripts that start from fused maps: settings, arguments and ensembles."""

import argparse
from collections.abc import Sequence

from pydantic import Field

from bsnpp.core.settings import Settings
from bsnpp.detection.candidates import CandidateSource
from bsnpp.detection.decoding_settings import ScoreName
from bsnpp.detection.ensemble import Ensemble
from bsnpp.detection.ensemble_settings import EnsembleSettings
from bsnpp.detection.external import external_detections
from bsnpp.detection.recording_candidates import RecordingSource
from bsnpp.detection.video_candidates import video_source
from bsnpp.features.scales import ScaleSettings
from bsnpp.stores.detections import read_detections
from bsnpp.stores.maps import open_fused
from bsnpp.stores.snippet_scores import read_snippet_scores
from bsnpp.stores.tables import read_table
from bsnpp.stores.windows import read_windows
from bsnpp.windows.cells import CellSettings


class CandidateSettings(Settings):
    """Settings that candidates depend on."""

    detection: EnsembleSettings = Field(description="Decoding, classes, calibration and suppression")
    scores: tuple[ScoreName, ...] = Field(description="Score of the proposals of each generator")
    scales: ScaleSettings | None = Field(
        None, description="How the scale of a video follows from its duration; by default there is one scale"
    )
    windows: CellSettings | None = Field(
        None, description="How recordings were cut into windows; by default maps are of whole videos"
    )


def add_candidate_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the input files. Each flag is repeated for every subset."""
    for name, count, meaning in (
        ("maps", "+", "fused maps: all scales of the first generator, then of the next"),
        ("videos", 1, "table of the videos"),
        ("panel", 1, "class probabilities of a panel, for videos or for snippets"),
        ("windows", "*", "table of the windows, if recordings are cut into windows"),
        ("external", "*", "imported tables of external detections"),
    ):
        parser.add_argument(f"--{name}", required=count != "*", nargs=count, action="append", help=meaning)


def read_ensembles(arguments: argparse.Namespace, settings: CandidateSettings) -> list[Ensemble]:
    """Open the input files of each subset, in the order of the command line."""
    ensembles: list[Ensemble] = []
    none: list[list[str]] = [[]] * len(arguments.maps)
    for maps, (videos,), (panel,), windows, external in zip(
        arguments.maps,
        arguments.videos,
        arguments.panel,
        arguments.windows or none,
        arguments.external or none,
        strict=True,
    ):
        source = _source(maps, videos, panel, windows, settings)
        tables = [external_detections(read_detections(path), source.classes) for path in external]
        ensembles.append(Ensemble(source, settings.scores, tables))
    return ensembles


def _source(
    paths: Sequence[str], videos: str, panel: str, windows: Sequence[str], settings: CandidateSettings
) -> CandidateSource:
    maps = [open_fused(path) for path in paths]
    table = read_table(videos)
    if settings.windows is not None:
        return RecordingSource(
            maps, read_windows(windows[0]), table, read_snippet_scores(panel), settings.windows
        )
    per_generator = len(maps) // len(settings.scores)
    groups = [maps[first : first + per_generator] for first in range(0, len(maps), per_generator)]
    return video_source(groups, settings.scales, table, panel)
