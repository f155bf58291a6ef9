"""Search the weights of a panel of classifiers on the validation videos, and fuse their scores."""

from bsnpp.classification.panels import fuse_scores, read_panel, search_video_weights
from bsnpp.classification.weight_search_settings import WeightMethod, WeightSearchSettings
from bsnpp.classification.weight_tables import members_table, weightings_table
from bsnpp.core.class_list import read_classes
from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.detection.map_relabelling import average_map_on
from bsnpp.detection.relabelling_settings import RelabellingSettings
from bsnpp.evaluation.metric_settings import MetricSettings
from bsnpp.stores.class_scores import write_panel_file
from bsnpp.stores.csv_tables import write_csv
from bsnpp.stores.tables import read_table


class WeighSettings(Settings):
    """Settings of this script; `detection` and `evaluation` for the metric average_map only."""

    search: WeightSearchSettings
    weights: WeightMethod
    detection: RelabellingSettings = RelabellingSettings()
    evaluation: MetricSettings = MetricSettings()


def main() -> None:
    """Parse the command line, search, and fuse both subsets."""
    parser = command_line(__doc__)
    parser.add_argument("--members", required=True, nargs="+", help="names of the classifiers")
    parser.add_argument("--models", required=True, nargs="+", help="model of each; modalities share one")
    parser.add_argument("--scores", required=True, nargs="+", action="append", help="a subset's scores")
    parser.add_argument("--videos", required=True, nargs=2, help="tables of the validation and test videos")
    parser.add_argument("--classes", required=True, help="class list of the challenge")
    parser.add_argument("--instances", required=True, help="table of the validation instances")
    parser.add_argument("--maps", nargs="?", help="fused validation maps, for the metric average_map")
    parser.add_argument("--weights", required=True, help="CSV to write: member, score, weight, ...")
    parser.add_argument("--grid", required=True, help="CSV to write: weightings tried and their scores")
    parser.add_argument("--fused", required=True, nargs=2, help="panel files to write: validation, testing")
    parser.add_argument("--settings", required=True, help="JSON: search, weights; detection, evaluation")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, WeighSettings)
    classes, instances = read_classes(arguments.classes), read_table(arguments.instances)
    tables = [read_table(path) for path in arguments.videos]
    names = [list(table["video"]) for table in tables]
    subsets = read_panel(arguments.members, arguments.scores, names, classes)
    average_map = None
    if arguments.maps:
        options, thresholds = settings.detection, settings.evaluation.tiou_thresholds
        average_map = average_map_on(arguments.maps, tables[0], classes, instances, options, thresholds)
    method, models = settings.weights, arguments.models
    search = search_video_weights(subsets[0], instances, settings.search, method, models, average_map)
    log.info("%s: %.4f with the weights %s", settings.search.metric, search.score, search.weights)
    write_csv(arguments.weights, members_table(search, arguments.members), checked=True)
    write_csv(arguments.grid, weightings_table(search, arguments.members), checked=True)
    for members, videos, path in zip(subsets, names, arguments.fused, strict=True):
        write_panel_file(path, videos, classes, fuse_scores(members, search.weights, search.temperatures))


if __name__ == "__main__":
    run(main)
