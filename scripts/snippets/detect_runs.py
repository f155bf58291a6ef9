"""Detect runs of snippets of the same class, with or without smoothing by a hidden Markov model.

This is a control, made without a proposal generator.
"""

from bsnpp.core.commandline import command_line, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.snippets.runs import detect_runs
from bsnpp.snippets.smoothing import fit_markov_model
from bsnpp.snippets.smoothing_settings import SmoothingSettings
from bsnpp.snippets.targets import scored_targets
from bsnpp.stores.detections import write_detections, write_proposals
from bsnpp.stores.snippet_scores import read_snippet_scores
from bsnpp.stores.tables import read_table


class RunsSettings(Settings):
    """Settings of this script; without `smoothing` the snippet classes are used as they are."""

    smoothing: SmoothingSettings | None


def main() -> None:
    """Parse the command line and detect."""
    parser = command_line(__doc__)
    parser.add_argument("--training", nargs="?", help="scores of the training recordings, for smoothing")
    parser.add_argument("--instances", nargs="?", help="table of their instances, for smoothing")
    parser.add_argument("--scores", required=True, nargs="+", help="snippet scores of each subset")
    parser.add_argument("--videos", required=True, nargs="+", help="table of the recordings of each subset")
    parser.add_argument("--detections", required=True, nargs="+", help="detections to write for each subset")
    parser.add_argument("--proposals", required=True, nargs="+", help="proposals to write for each subset")
    parser.add_argument("--settings", required=True, help="JSON: smoothing")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, RunsSettings)
    model = None
    if settings.smoothing is not None:
        training = read_snippet_scores(arguments.training)
        targets = scored_targets(training, read_table(arguments.instances))
        model = fit_markov_model(targets.values(), len(training.classes), settings.smoothing)
    for scores, videos, detections, proposals in zip(
        arguments.scores, arguments.videos, arguments.detections, arguments.proposals, strict=True
    ):
        table = detect_runs(read_snippet_scores(scores), read_table(videos), model)
        write_detections(detections, table)
        write_proposals(proposals, table)


if __name__ == "__main__":
    run(main)
