"""Run the demo with several seeds, and report mean and standard deviation of its ablation table."""

from pathlib import Path

import pandas as pd

from bsnpp.challenge.layered_run import evaluate_layer
from bsnpp.core.commandline import command_line, log, run
from bsnpp.reporting.tables import markdown_table
from bsnpp.stores.csv_tables import read_csv, write_csv

DEMO = "config/demo/config.yaml"
SCORES = ["map_50", "map_75", "map_95", "average_map", "ar_100", "auc", "step_gain"]


def main() -> None:
    """Parse the command line, run the workflow for each seed, and print the summary."""
    parser = command_line(__doc__)
    parser.add_argument("--seeds", required=True, nargs="+", type=int, help="seeds of data and training")
    parser.add_argument(
        "--folder", required=True, type=Path, help="folder of the runs; names of layers are added"
    )
    parser.add_argument("--layers", nargs="*", default=[], help="configuration layers over that of the demo")
    arguments = parser.parse_args()
    configs = [DEMO, *arguments.layers]
    stems = [Path(layer).stem for layer in arguments.layers]
    folder = arguments.folder.with_name("-".join([arguments.folder.name, *stems]))
    tables = [_run(seed, configs, folder) for seed in arguments.seeds]
    rows = pd.concat(tables).groupby(["variant", "subset"], sort=False)[SCORES]
    summary = rows.mean().add_suffix("_mean").join(rows.std().add_suffix("_std"))
    table = summary.reset_index()
    write_csv(folder / "summary.csv", table, decimals=4)
    print(markdown_table(table))


def _run(seed: int, configs: list[str], folder: Path) -> pd.DataFrame:
    """Run the demo with one seed and return its ablation table. A finished run is not repeated."""
    results = folder / f"seed_{seed}"
    layer = {"results": str(results), "compute": {"seed": seed}}
    log.info("seed %d", seed)
    evaluate_layer(configs, folder / f"seed_{seed}.yaml", layer, f"the run of seed {seed}")
    return read_csv(results / "tables" / "ablation.csv", ["variant", "step_from"])


if __name__ == "__main__":
    run(main)
