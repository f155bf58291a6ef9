"""Find the weights of a panel of snippet classifiers on the validation recordings, and fuse their scores."""

from typing import Literal

import numpy as np

from bsnpp.classification.panels import grid_table, members_table
from bsnpp.classification.settings import WeightSearchSettings
from bsnpp.classification.weight_search import search_weights
from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.files import whole_file
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.snippets.inputs import targets_of
from bsnpp.snippets.targets import fuse_snippet_scores
from bsnpp.stores.snippet_scores import read_snippet_scores, write_snippet_scores
from bsnpp.stores.tables import read_table

SEARCHED = 2000
"""About the most snippets that weights are searched on, evenly spaced: neighbours tell the same."""


class WeighSettings(Settings):
    """What this script reads."""

    search: WeightSearchSettings
    weights: Literal["search", "best", "equal"]


def main() -> None:
    """Parse the command line, search, and fuse every subset."""
    parser = command_line(__doc__)
    parser.add_argument("--members", required=True, nargs="+", help="names of the classifiers")
    parser.add_argument("--models", required=True, nargs="+", help="model of each: modalities share one")
    parser.add_argument("--validation", required=True, nargs="+", help="validation scores of each")
    parser.add_argument("--instances", required=True, help="table of the validation instances")
    parser.add_argument("--weights", required=True, help="table to write: member, score, weight, ...")
    parser.add_argument("--grid", required=True, help="table to write: every weighting tried, with its score")
    parser.add_argument(
        "--scores", required=True, nargs="+", action="append", help="scores of each, once for each subset"
    )
    parser.add_argument("--fused", required=True, nargs="+", help="fused scores to write for each subset")
    parser.add_argument("--settings", required=True, help="JSON: search, weights")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, WeighSettings)
    members = [read_snippet_scores(path) for path in arguments.validation]
    first = members[0]
    lengths = dict(zip(first.videos, first.lengths.tolist(), strict=True))
    truth = targets_of(lengths, read_table(arguments.instances), first.classes, first.snippet_seconds)
    step = 1 + len(first.logits) // SEARCHED
    targets = np.eye(len(first.classes), dtype=bool)[np.concatenate(list(truth.values()))[::step]]
    logits = np.stack([member.logits[::step].astype(np.float64) for member in members])
    search = search_weights(logits, targets, settings.search, settings.weights, arguments.models)
    log.info("%s: %.4f with the weights %s", settings.search.metric, search.score, search.weights)
    for path, table in (
        (arguments.weights, members_table(search, arguments.members)),
        (arguments.grid, grid_table(search, arguments.members)),
    ):
        with whole_file(path) as temporary:
            table.to_csv(temporary, index=False, lineterminator="\n")
    for paths, fused in zip(arguments.scores, arguments.fused, strict=True):
        subset = [read_snippet_scores(path) for path in paths]
        write_snippet_scores(fused, fuse_snippet_scores(subset, search.weights, search.temperatures))


if __name__ == "__main__":
    run(main)
