"""From fused maps and class probabilities to detections and proposals, for one or several subsets.

For each video the maps of its scale are decoded; proposals of several generators are concatenated, labelled
with the video's best classes, and suppressed within each label.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from commandline import command_line, progress, run

from bsnpp.annotations import read_table
from bsnpp.classification.scores import read_panel_file
from bsnpp.detection.classes import Detections, fuse_classes
from bsnpp.detection.decode import Proposals, decode
from bsnpp.detection.ensemble import class_agnostic, concatenate, concatenate_proposals, suppress_per_label
from bsnpp.detection.settings import DetectionSettings, ScorePreset
from bsnpp.detection.tables import detections_table, proposals_table, write_detections, write_proposals
from bsnpp.inference.maps import ProposalMaps, open_fused
from bsnpp.scales import ScaleSettings
from bsnpp.settings import Settings, parse_settings


class DetectSettings(Settings):
    """What this script reads; without `scales` every generator has maps of one scale."""

    detection: DetectionSettings
    scores: tuple[ScorePreset, ...]  # of each generator
    scales: ScaleSettings | None


def main() -> None:
    """Parse the command line and detect."""
    parser = command_line(__doc__)
    parser.add_argument(
        "--maps",
        required=True,
        nargs="+",
        action="append",
        help="fused maps, once for each subset: all scales of the first generator, then of the next",
    )
    for name, meaning in (
        ("classes", "panel file"), ("videos", "table of the videos"),
        ("detections", "detections to write"), ("proposals", "proposals to write"),
    ):  # fmt: skip
        parser.add_argument(f"--{name}", required=True, nargs="+", help=f"{meaning} of each subset")
    parser.add_argument("--settings", required=True, help="JSON: detection, scores, scales")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, DetectSettings)
    for maps, classes, videos, detections, proposals in zip(
        arguments.maps,
        arguments.classes,
        arguments.videos,
        arguments.detections,
        arguments.proposals,
        strict=True,
    ):
        table = read_table(videos)
        found, names = _detect(maps, classes, table, settings)
        extent = dict(zip(table["video"], table["extent"], strict=True))
        write_detections(
            detections, detections_table([(video, labelled) for video, labelled, _ in found], extent, names)
        )
        write_proposals(proposals, proposals_table([(video, plain) for video, _, plain in found], extent))


def _detect(
    paths: Sequence[str], classes: str, table: pd.DataFrame, settings: DetectSettings
) -> tuple[list[tuple[str, Detections, Proposals]], list[str]]:
    """Detections and class-agnostic proposals of every video of a subset, and the names of the classes."""
    options = settings.detection
    videos, names, probability = read_panel_file(classes)
    row = {video: index for index, video in enumerate(videos)}
    per_generator = len(paths) // len(settings.scores)
    maps = [open_fused(path) for path in paths]
    groups = [maps[first : first + per_generator] for first in range(0, len(maps), per_generator)]
    found = []
    for video, duration in progress(
        zip(table["video"], table["duration"], strict=True), len(table), "videos"
    ):
        parts = list(_proposals(groups, video, duration, settings))
        labelled = [
            fuse_classes(part, probability[row[video]], options.classes_per_video, options.class_fusion)
            for part in parts
        ]
        detections = suppress_per_label(concatenate(labelled), options.nms, options.per_video)
        proposals = class_agnostic(concatenate_proposals(parts), options.nms, options.per_video)
        found.append((video, detections, proposals))
    return found, names


def _proposals(
    groups: Sequence[Sequence[ProposalMaps]], video: str, duration: float, settings: DetectSettings
) -> Iterator[Proposals]:
    """Proposals of one video, from the maps of its scale, of each generator."""
    for group, score in zip(groups, settings.scores, strict=True):
        by_scale: Mapping[int, ProposalMaps] = {maps.grid.scale: maps for maps in group}
        maps = by_scale[settings.scales.of_duration(duration)] if settings.scales else group[0]
        boundary, fused = (np.asarray(array[0]) for array in maps.read([maps.rows[video]]))
        yield decode(boundary, fused, maps.grid, settings.detection.scored_by(score))


if __name__ == "__main__":
    run(main)
