"""Score the test videos of all folds of a cross-validation together, after `run_folds.py`."""

from pathlib import Path

from bsnpp.annotations.groups import read_groups
from bsnpp.challenge.config_files import merge, read_config
from bsnpp.challenge.folds import read_folds
from bsnpp.challenge.load import load_challenge
from bsnpp.core.commandline import command_line, log, run
from bsnpp.reporting.pooled import Part, pooled_scores, pooled_table
from bsnpp.reporting.tables import markdown_table
from bsnpp.stores.csv_tables import write_csv
from bsnpp.stores.detections import read_detections
from bsnpp.stores.tables import read_table


def main() -> None:
    """Parse the command line, score every variant, and write the table."""
    parser = command_line(__doc__)
    parser.add_argument("--config", required=True, nargs="+", help="configuration files (YAML)")
    parser.add_argument("--folds", required=True, help="layer of the configuration of each fold (YAML)")
    parser.add_argument("--folder", required=True, type=Path, help="folder of the runs; gets pooled.csv")
    arguments = parser.parse_args()
    folds, config = read_folds(arguments.folds), read_config(arguments.config)
    runs = [
        load_challenge(merge(config, folds.layer(name, str(arguments.folder / name), None)))
        for name in folds.folds
    ]
    groups: dict[str, str] = {}
    for one in runs:
        videos = read_table(f"{one.results}/annotations/testing.videos.tsv")["video"].tolist()
        groups |= read_groups(one.groups, videos)
    variants, first = runs[0].compared, runs[0]
    scores = {}
    for variant in variants:
        tests, validations = (
            [_part(one.results, subset, variant) for one in runs] for subset in ("testing", "validation")
        )
        scores[variant] = pooled_scores(
            tests, validations, groups, first.evaluation, first.compute.seed, folds.cut
        )
    table = pooled_table(scores, {name: variant.after for name, variant in variants.items()})
    write_csv(arguments.folder / "pooled.csv", table, decimals=4)
    log.info("%d test videos of %d groups. %s", len(groups), len(set(groups.values())), folds.note)
    print(markdown_table(table), end="")


def _part(results: str, subset: str, variant: str) -> Part:
    return Part(
        videos=read_table(f"{results}/annotations/{subset}.videos.tsv"),
        instances=read_table(f"{results}/annotations/{subset}.instances.tsv"),
        detections=read_detections(f"{results}/detections/{variant}.{subset}.parquet"),
    )


if __name__ == "__main__":
    run(main)
