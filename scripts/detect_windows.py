"""From fused maps of windows and class scores of snippets to detections and proposals in recordings.

For each recording the maps of its windows are decoded and merged; proposals of several generators are
concatenated, labelled with the best classes of the snippets inside each, and suppressed within each label.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from commandline import command_line, progress, run

from bsnpp.annotations import read_table
from bsnpp.classification.snippets import SnippetScores, pool_in_segments, read_snippet_scores
from bsnpp.detection.classes import Detections, fuse_classes
from bsnpp.detection.decode import Proposals, decode
from bsnpp.detection.ensemble import class_agnostic, concatenate, concatenate_proposals, suppress_per_label
from bsnpp.detection.merge import merge_windows
from bsnpp.detection.settings import DetectionSettings, ScorePreset
from bsnpp.detection.tables import detections_table, proposals_table, write_detections, write_proposals
from bsnpp.features.settings import WindowSettings
from bsnpp.features.window_tables import by_recording, read_windows
from bsnpp.inference.maps import ProposalMaps, open_fused
from bsnpp.settings import Settings, parse_settings


class DetectSettings(Settings):
    """What this script reads."""

    detection: DetectionSettings
    scores: tuple[ScorePreset, ...]  # of each generator
    windows: WindowSettings


def main() -> None:
    """Parse the command line and detect."""
    parser = command_line(__doc__)
    parser.add_argument(
        "--maps",
        required=True,
        nargs="+",
        action="append",
        help="fused maps of the windows, once for each subset: one file of each generator",
    )
    for name, meaning in (
        ("windows", "table of the windows"), ("videos", "table of the recordings"),
        ("snippets", "class scores of the snippets"), ("detections", "detections to write"),
        ("proposals", "proposals to write"),
    ):  # fmt: skip
        parser.add_argument(f"--{name}", required=True, nargs="+", help=f"{meaning} of each subset")
    parser.add_argument("--settings", required=True, help="JSON: detection, scores, windows")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, DetectSettings)
    for maps, windows, videos, snippets, detections, proposals in zip(
        arguments.maps,
        arguments.windows,
        arguments.videos,
        arguments.snippets,
        arguments.detections,
        arguments.proposals,
        strict=True,
    ):
        scores = read_snippet_scores(snippets)
        table = read_table(videos)
        found = _detect([open_fused(path) for path in maps], read_windows(windows), table, scores, settings)
        # Merged segments are in window lengths.
        seconds = dict.fromkeys(table["video"], settings.windows.length)
        labelled = [(video, detected) for video, detected, _ in found]
        write_detections(detections, detections_table(labelled, seconds, scores.classes[1:]))
        write_proposals(proposals, proposals_table([(video, plain) for video, _, plain in found], seconds))


def _detect(
    generators: Sequence[ProposalMaps],
    windows: pd.DataFrame,
    videos: pd.DataFrame,
    scores: SnippetScores,
    settings: DetectSettings,
) -> list[tuple[str, Detections, Proposals]]:
    """Detections and class-agnostic proposals of every recording of a subset."""
    options = settings.detection
    extents = dict(zip(videos["video"], videos["extent"], strict=True))
    found = []
    for video, names, starts in progress(by_recording(windows), len(videos), "recordings"):
        parts = list(_proposals(generators, names, starts, extents[video], settings))
        labelled = [
            fuse_classes(
                part, _class_probability(part, video, scores, settings.windows),
                options.classes_per_video, options.class_fusion,
            )
            for part in parts
        ]  # fmt: skip
        detections = suppress_per_label(concatenate(labelled), options.nms, options.per_video)
        proposals = class_agnostic(concatenate_proposals(parts), options.nms, options.per_video)
        found.append((video, detections, proposals))
    return found


def _class_probability(
    proposals: Proposals, video: str, scores: SnippetScores, settings: WindowSettings
) -> np.ndarray:
    """Probabilities of the classes of every proposal of a recording: (n, K)."""
    seconds = proposals.segments * settings.length
    return pool_in_segments(scores.probability_of(video), seconds, scores.snippet_seconds)


def _proposals(
    generators: Sequence[ProposalMaps],
    names: Sequence[str],
    starts: np.ndarray,
    extent: float,
    settings: DetectSettings,
) -> Iterator[Proposals]:
    """Merged proposals of one recording, from the maps of its windows, of each generator."""
    for maps, score in zip(generators, settings.scores, strict=True):
        boundary, fused = maps.read([maps.rows[name] for name in names])
        parts = [
            decode(edges, values, maps.grid, settings.detection.scored_by(score))
            for edges, values in zip(boundary, fused, strict=True)
        ]
        yield merge_windows(parts, starts, extent, settings.windows)


if __name__ == "__main__":
    run(main)
