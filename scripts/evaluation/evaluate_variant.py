"""Evaluate one variant: mAP of its detections, with bootstrap resamples, and AR of its proposals."""

from bsnpp.annotations.groups import read_groups
from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.errors import UserError
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.evaluation.settings import EvaluationSettings
from bsnpp.evaluation.summary import evaluate_variant
from bsnpp.stores.detections import read_detections, read_proposals
from bsnpp.stores.evaluations import write_evaluation, write_resamples
from bsnpp.stores.tables import read_table


class EvaluateSettings(Settings):
    """Settings of this script."""

    evaluation: EvaluationSettings
    seed: int


COLUMNS = {
    "subsets": "name",
    "detections": "detections (Parquet)",
    "proposals": "proposals (Parquet)",
    "videos": "table of the videos (TSV)",
    "instances": "table of the instances (TSV)",
    "scores": "scores to write (JSON)",
    "resamples": "resampled mAP to write (.npy)",
}


def main() -> None:
    """Parse the command line and evaluate every subset."""
    parser = command_line(__doc__)
    parser.add_argument("--variant", required=True, help="name of the variant")
    for name, meaning in COLUMNS.items():
        parser.add_argument(f"--{name}", required=True, nargs="+", help=f"{meaning} of each subset")
    parser.add_argument("--settings", required=True, help="JSON with the keys evaluation and seed")
    parser.add_argument("--groups", nargs="?", help="table of videos and their groups (TSV)")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, EvaluateSettings)
    rows = zip(*(getattr(arguments, name) for name in COLUMNS), strict=True)
    for subset, detections, proposals, videos, instances, scores, resamples in rows:
        names, truth = list(read_table(videos)["video"]), read_table(instances)
        if truth.empty:
            raise UserError(f"{instances}: no instance; remove {subset} from `scored_subsets`")
        tables = truth, read_detections(detections), read_proposals(proposals)
        groups = read_groups(arguments.groups, names)
        evaluation, resampled = evaluate_variant(
            (arguments.variant, subset), *tables, groups, settings.evaluation, settings.seed
        )
        log.info("%s, %s: average mAP %.2f %%", arguments.variant, subset, 100 * evaluation["average_map"])
        write_evaluation(scores, evaluation)
        write_resamples(resamples, resampled)


if __name__ == "__main__":
    run(main)
