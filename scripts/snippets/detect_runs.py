"""Detect actions from the classes of snippets: runs, smoothed or not, or segments of a semi-Markov model.

These are controls, made without a proposal generator.
"""

from bsnpp.core.commandline import command_line, run
from bsnpp.core.settings import parse_settings
from bsnpp.snippets.controls import ControlSettings, fit_control
from bsnpp.stores.detections import write_detections, write_proposals
from bsnpp.stores.snippet_scores import read_snippet_scores
from bsnpp.stores.tables import read_table


def main() -> None:
    """Parse the command line and detect."""
    parser = command_line(__doc__)
    parser.add_argument("--training", nargs="?", help="scores of the training recordings, for a model")
    parser.add_argument("--instances", nargs="?", help="table of their instances, for a model")
    parser.add_argument("--scores", required=True, nargs="+", help="snippet scores of each subset")
    parser.add_argument("--videos", required=True, nargs="+", help="table of the recordings of each subset")
    parser.add_argument("--detections", required=True, nargs="+", help="detections to write for each subset")
    parser.add_argument("--proposals", required=True, nargs="+", help="proposals to write for each subset")
    parser.add_argument("--settings", required=True, help="JSON: smoothing or semi_markov")
    arguments = parser.parse_args()
    detect = fit_control(
        parse_settings(arguments.settings, ControlSettings),
        read_snippet_scores(arguments.training) if arguments.training else None,
        read_table(arguments.instances) if arguments.instances else None,
    )
    for scores, videos, detections, proposals in zip(
        arguments.scores, arguments.videos, arguments.detections, arguments.proposals, strict=True
    ):
        table = detect(read_snippet_scores(scores), read_table(videos))
        write_detections(detections, table)
        write_proposals(proposals, table)


if __name__ == "__main__":
    run(main)
