"""Find the weights of a panel of classifiers on the validation videos, and fuse their scores with them."""

from typing import Literal

import numpy as np
import pandas as pd
from commandline import command_line, log, run

from bsnpp.annotations import read_table
from bsnpp.classification.panels import grid_table, members_table, weigh_panel
from bsnpp.classification.scores import fuse_scores, read_score_file, write_panel_file
from bsnpp.classification.settings import WeightSearchSettings
from bsnpp.classification.targets import true_classes
from bsnpp.files import whole_file
from bsnpp.settings import Settings, parse_settings


class WeighSettings(Settings):
    """What this script reads."""

    search: WeightSearchSettings
    weights: Literal["search", "best", "equal"]


def main() -> None:
    """Parse the command line, search, and fuse both subsets."""
    parser = command_line(__doc__)
    parser.add_argument("--members", required=True, nargs="+", help="names of the classifiers")
    parser.add_argument("--validation", required=True, nargs="+", help="validation scores of each")
    parser.add_argument("--testing", required=True, nargs="+", help="test scores of each")
    parser.add_argument("--instances", required=True, help="table of the validation instances")
    parser.add_argument("--weights", required=True, help="table to write: member, weight, temperature")
    parser.add_argument("--grid", required=True, help="table to write: every weighting tried, with its score")
    parser.add_argument("--fused", required=True, nargs=2, help="panel files to write: validation, testing")
    parser.add_argument("--settings", required=True, help="JSON: search, weights")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, WeighSettings)
    validation = [read_score_file(path) for path in arguments.validation]
    targets = true_classes(read_table(arguments.instances), validation[0].videos, validation[0].classes)
    annotated = targets.any(axis=1)
    logits = np.stack([member.logits[annotated] for member in validation])
    search = weigh_panel(logits, targets[annotated], settings.search, settings.weights)
    log.info("%s: %.4f with the weights %s", settings.search.metric, search.score, search.weights)
    _write(arguments.weights, members_table(search, arguments.members))
    _write(arguments.grid, grid_table(search, arguments.members))
    testing = [read_score_file(path) for path in arguments.testing]
    for members, fused in zip((validation, testing), arguments.fused, strict=True):
        probability = fuse_scores(members, search.weights, search.temperatures)
        write_panel_file(fused, members[0].videos, members[0].classes, probability)


def _write(path: str, table: pd.DataFrame) -> None:
    with whole_file(path) as temporary:
        table.to_csv(temporary, index=False, lineterminator="\n")


if __name__ == "__main__":
    run(main)
