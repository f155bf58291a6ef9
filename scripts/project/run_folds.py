"""Run a challenge once per fold of a cross-validation. `score_folds.py` scores all folds together.

Finished folds are not repeated; an interrupted run resumes where it stopped. With --only, only some folds
run, so that a long cross-validation can be split.
"""

import time
from pathlib import Path

from bsnpp.challenge.folds import read_folds, time_left
from bsnpp.challenge.layered_run import evaluate_layer
from bsnpp.core.commandline import command_line, log, run


def main() -> None:
    """Parse the command line and run the folds, those that have begun first."""
    parser = command_line(__doc__)
    parser.add_argument("--config", required=True, nargs="+", help="configuration files (YAML)")
    parser.add_argument("--folds", required=True, help="layer of the configuration of each fold (YAML)")
    parser.add_argument("--folder", required=True, type=Path, help="folder of the runs")
    parser.add_argument("--archive", help="data of the challenge; sets the key archive")
    parser.add_argument("--only", nargs="+", metavar="FOLD", help="run these folds only")
    arguments = parser.parse_args()
    folds = read_folds(arguments.folds)
    names = folds.chosen(arguments.only)
    folders = {name: arguments.folder / name for name in names}
    waiting = [name for name in names if not (folders[name] / "tables/ablation.csv").exists()]
    if folds.note:
        log.info("note: %s", folds.note)
    measured: list[float] = []
    for number, name in enumerate(sorted(names, key=waiting.__contains__)):
        done = max(number, len(names) - len(waiting))
        log.info("%s; now %s", time_left(done, len(names), folds.minutes, measured), name)
        layer = folds.layer(name, str(folders[name]), arguments.archive)
        start = time.monotonic()
        evaluate_layer(arguments.config, arguments.folder / f"{name}.yaml", layer, f"the fold {name}")
        measured += [(time.monotonic() - start) / 60] if name in waiting else []


if __name__ == "__main__":
    run(main)
