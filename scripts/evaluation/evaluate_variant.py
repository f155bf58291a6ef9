"""Score one variant: mAP of its detections with bootstrap resamples, and average recall of its proposals."""

import json

import numpy as np

from bsnpp.annotations.groups import read_groups
from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.errors import UserError
from bsnpp.core.files import whole_file
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.evaluation.bootstrap import bootstrap_map
from bsnpp.evaluation.matching import match_detections
from bsnpp.evaluation.proposals import average_recall
from bsnpp.evaluation.settings import EvaluationSettings
from bsnpp.evaluation.summary import evaluation_summary
from bsnpp.stores.detections import read_detections, read_proposals
from bsnpp.stores.tables import read_table


class EvaluateSettings(Settings):
    """What this script reads."""

    evaluation: EvaluationSettings
    seed: int


def main() -> None:
    """Parse the command line and evaluate every subset."""
    parser = command_line(__doc__)
    parser.add_argument("--variant", required=True, help="name of the variant")
    parser.add_argument("--subsets", required=True, nargs="+", help="names of the subsets")
    for name, meaning in (
        ("detections", "detections"), ("proposals", "proposals"), ("videos", "table of the videos"),
        ("instances", "table of the instances"), ("scores", "JSON to write"),
        ("resamples", "array of resampled mAP to write (.npy)"),
    ):  # fmt: skip
        parser.add_argument(f"--{name}", required=True, nargs="+", help=f"{meaning} of each subset")
    parser.add_argument("--settings", required=True, help="JSON: evaluation, seed")
    parser.add_argument("--groups", nargs="?", help="table of video and group; else each video is one")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, EvaluateSettings)
    for subset, detections, proposals, videos, instances, scores, resamples in zip(
        arguments.subsets,
        arguments.detections,
        arguments.proposals,
        arguments.videos,
        arguments.instances,
        arguments.scores,
        arguments.resamples,
        strict=True,
    ):
        names, truth = list(read_table(videos)["video"]), read_table(instances)
        if truth.empty:
            raise UserError(f"{instances}: no instance; leave {subset} out of `scored_subsets`")
        groups = read_groups(arguments.groups, names)
        options = settings.evaluation
        matches = match_detections(truth, read_detections(detections), options.all_thresholds, names)
        found = read_proposals(proposals)
        recall = average_recall(truth, found, names, options.proposals_per_video, options.tiou_thresholds)
        summary = evaluation_summary(arguments.variant, subset, matches, recall, options)
        log.info("%s, %s: average mAP %.2f %%", arguments.variant, subset, 100 * summary["average_map"])
        with whole_file(scores) as temporary:
            temporary.write_text(json.dumps(summary, indent=1), encoding="utf-8")
        with whole_file(resamples) as temporary, open(temporary, "wb") as file:
            resampled = bootstrap_map(matches, options.bootstrap_resamples, settings.seed, groups)
            np.save(file, resampled[:, np.isin(matches.thresholds, options.tiou_thresholds)])


if __name__ == "__main__":
    run(main)
