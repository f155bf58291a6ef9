"""Compare rules of scales (improvement C) on validation: every scale for every range of durations."""

from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.layers import write_layer
from bsnpp.core.settings import parse_settings
from bsnpp.detection.inputs import CandidateSettings, add_candidate_arguments, read_ensembles
from bsnpp.detection.scale_search import compare_ranges, compare_rules, match_scales, overlay, scale_rules
from bsnpp.detection.scale_search_settings import ScaleSearchSettings
from bsnpp.evaluation.metric_settings import MetricSettings
from bsnpp.features.scales import ScaleSettings
from bsnpp.reporting.scales import scale_curves
from bsnpp.reporting.style import save
from bsnpp.stores.csv_tables import write_csv
from bsnpp.stores.tables import read_table

HEADING = "# Rule of scales chosen on validation. To use it: --configfile <the challenge's file> <this one>"


class SearchScriptSettings(CandidateSettings):
    """Settings of this script: rules of the section `scales` and of the variant, and the variant's name."""

    search: ScaleSearchSettings
    configured: ScaleSettings
    in_use: ScaleSettings
    variant: str
    evaluation: MetricSettings


def main() -> None:
    """Detect at every scale, compare the rules, and write the tables and the chosen rule."""
    parser = command_line(__doc__)
    add_candidate_arguments(parser)
    parser.add_argument("--scales", required=True, nargs="+", type=int, help="scale of each set of inputs")
    parser.add_argument("--instances", required=True, help="table of the validation instances")
    parser.add_argument("--rules", required=True, help="CSV to write: every rule, best first")
    parser.add_argument("--ranges", required=True, help="CSV to write: every scale by range of durations")
    parser.add_argument("--chosen", required=True, help="YAML to write: configuration of the chosen rule")
    parser.add_argument("--figures", required=True, nargs="+", help="figure to write (PNG, SVG)")
    parser.add_argument("--settings", required=True, help="JSON: as detect.py, and the search")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, SearchScriptSettings)
    instances, videos = read_table(arguments.instances), read_table(arguments.videos[0][0])
    options, detections = settings.detection, {}
    for scale, ensemble in zip(arguments.scales, read_ensembles(arguments, settings), strict=True):
        calibrations = ensemble.calibrations(ensemble.candidates(options), options, instances)
        detections[scale] = ensemble.detections(ensemble.candidates(options), options, calibrations)
    durations = dict(zip(videos["video"], videos["duration"], strict=True))
    matched = match_scales(detections, instances, durations, settings.evaluation.tiou_thresholds)
    rules = scale_rules(settings.search, settings.configured, arguments.scales)
    table, chosen = compare_rules(matched, rules, settings.search.folds, settings.in_use)
    log.info("chosen of %d rules: %s", len(table), table.loc[table["chosen"], "rule"].item())
    write_csv(arguments.rules, table, decimals=4)
    ranges = compare_ranges(matched, settings.search.bounds)
    write_csv(arguments.ranges, ranges, decimals=4)
    save(scale_curves(ranges), *arguments.figures)
    write_layer(arguments.chosen, overlay(chosen, settings.variant), HEADING)


if __name__ == "__main__":
    run(main)
