"""Try settings of detection on the validation videos: every score, class fusion and suppression of a grid."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

import pandas as pd
import yaml

from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.files import whole_file
from bsnpp.core.settings import parse_settings
from bsnpp.detection.ensemble import Ensemble
from bsnpp.detection.inputs import CandidateSettings, add_candidate_arguments, decoded, ensembles
from bsnpp.detection.per_label import suppress_per_label
from bsnpp.detection.settings import ScorePreset, SweepSettings
from bsnpp.detection.sweep import Setting, overlay, sweep_settings
from bsnpp.detection.tables import detections_table
from bsnpp.evaluation.detection import evaluate_detections
from bsnpp.evaluation.settings import EvaluationSettings
from bsnpp.reporting.comparison import map_columns
from bsnpp.reporting.tables import markdown_table
from bsnpp.stores.csv_tables import write_csv
from bsnpp.stores.tables import read_table

HEADING = "# The best of the sweep on validation. To use it: --configfile <the challenge's file> <this one>"
SHOWN = 10
"""Rows of the log."""


class SweepScriptSettings(CandidateSettings):
    """What this script reads."""

    sweep: SweepSettings
    evaluation: EvaluationSettings
    weighed_by: dict[str, ScorePreset]  # of each generator


def main() -> None:
    """Parse the command line, try all settings, and write table and choice."""
    parser = command_line(__doc__)
    add_candidate_arguments(parser)
    parser.add_argument("--instances", required=True, help="table of the validation instances")
    parser.add_argument("--table", required=True, help="CSV to write: every setting, best first")
    parser.add_argument("--chosen", required=True, help="YAML to write: a configuration to lay over")
    parser.add_argument("--settings", required=True, help="JSON: as detect.py, sweep, evaluation, weighed_by")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, SweepScriptSettings)
    (ensemble,) = ensembles(arguments, settings)
    instances = read_table(arguments.instances)
    tried = list(sweep_settings(settings.detection, settings.sweep))
    rows = [
        (setting, _row(setting, table, instances, settings))
        for setting, table in _detected(ensemble, tried, instances)
    ]
    rows.sort(key=lambda pair: -pair[1]["average_map"])
    table = pd.DataFrame([row for _, row in rows])
    log.info("the best of %d settings\n%s", len(table), markdown_table(table.head(SHOWN)))
    write_csv(arguments.table, table, decimals=4)
    with whole_file(arguments.chosen) as temporary:
        chosen = yaml.safe_dump(overlay(rows[0][0], settings.detection, settings.weighed_by), sort_keys=False)
        temporary.write_text(f"{HEADING}\n{chosen}", encoding="utf-8")


def _detected(
    ensemble: Ensemble, tried: list[Setting], instances: pd.DataFrame
) -> Iterator[tuple[Setting, pd.DataFrame]]:
    """Detections of all videos by each setting."""
    for _, of_score in groupby(tried, lambda setting: setting.score):
        same_score = list(of_score)
        scored = replace(ensemble, presets=same_score[0].presets(tuple(ensemble.presets)))
        candidates = list(decoded(scored, same_score[0].detection))
        units = {found.video: found.unit for found in candidates}
        for _, of_fusion in groupby(same_score, lambda setting: setting.class_fusion):
            same_fusion = list(of_fusion)
            options = same_fusion[0].detection
            scales = scored.scales(candidates, options, instances)
            joined = [(found.video, scored.joined(found, options, scales)) for found in candidates]
            for setting in same_fusion:
                kept = [
                    (video, suppress_per_label(found, setting.detection.nms, options.per_video))
                    for video, found in joined
                ]
                yield setting, detections_table(kept, units, ensemble.source.classes)


def _row(
    setting: Setting, detections: pd.DataFrame, instances: pd.DataFrame, settings: SweepScriptSettings
) -> dict[str, Any]:
    scores = evaluate_detections(instances, detections, settings.evaluation.tiou_thresholds)
    return {
        "score": setting.score,
        "class_fusion": setting.class_fusion,
        "nms": setting.nms,
        **map_columns(scores),
        "in_use": setting.is_of(settings.detection),
    }


if __name__ == "__main__":
    run(main)
