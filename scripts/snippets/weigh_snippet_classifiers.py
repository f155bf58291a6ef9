"""Search the weights of a panel of snippet classifiers on the validation recordings, and fuse the scores."""

from bsnpp.classification.weight_search_settings import WeightMethod, WeightSearchSettings
from bsnpp.classification.weight_tables import members_table, weightings_table
from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.snippets.panels import fuse_snippet_scores, search_snippet_weights
from bsnpp.stores.csv_tables import write_csv
from bsnpp.stores.snippet_scores import read_snippet_scores, write_snippet_scores
from bsnpp.stores.tables import read_table


class WeighSettings(Settings):
    """Settings of this script."""

    search: WeightSearchSettings
    weights: WeightMethod


def main() -> None:
    """Parse the command line, search, and fuse every subset."""
    parser = command_line(__doc__)
    parser.add_argument("--members", required=True, nargs="+", help="names of the classifiers")
    parser.add_argument("--models", required=True, nargs="+", help="model of each; modalities share one")
    parser.add_argument("--validation", required=True, nargs="+", help="validation scores of each")
    parser.add_argument("--instances", required=True, help="table of the validation instances")
    parser.add_argument("--weights", required=True, help="CSV to write: member, score, weight, ...")
    parser.add_argument("--grid", required=True, help="CSV to write: weightings tried and their scores")
    parser.add_argument(
        "--scores", required=True, nargs="+", action="append", help="scores of each, once per subset"
    )
    parser.add_argument("--fused", required=True, nargs="+", help="fused scores to write for each subset")
    parser.add_argument("--settings", required=True, help="JSON: search, weights")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, WeighSettings)
    validation = [read_snippet_scores(path) for path in arguments.validation]
    instances = read_table(arguments.instances)
    search = search_snippet_weights(
        validation, instances, settings.search, settings.weights, arguments.models
    )
    log.info("%s: %.4f with the weights %s", settings.search.metric, search.score, search.weights)
    write_csv(arguments.weights, members_table(search, arguments.members), checked=True)
    write_csv(arguments.grid, weightings_table(search, arguments.members), checked=True)
    for paths, fused in zip(arguments.scores, arguments.fused, strict=True):
        members = [read_snippet_scores(path) for path in paths]
        write_snippet_scores(fused, fuse_snippet_scores(members, search.weights, search.temperatures))


if __name__ == "__main__":
    run(main)
