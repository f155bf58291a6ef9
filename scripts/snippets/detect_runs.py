"""Detections from snippet classes alone: runs of the same class, as they are or after a hidden Markov model.

A control: what a proposal generator has to beat.
"""

from typing import Literal

import pandas as pd

from bsnpp.core.commandline import command_line, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.snippets.inputs import targets_of
from bsnpp.snippets.runs import HiddenMarkovModel, fit_markov_model, group_runs, runs_table
from bsnpp.snippets.settings import SmoothingSettings
from bsnpp.stores.detections import write_detections, write_proposals
from bsnpp.stores.snippet_scores import SnippetScores, read_snippet_scores
from bsnpp.stores.tables import read_table


class RunsSettings(Settings):
    """What this script reads."""

    method: Literal["runs", "hidden_markov_model"]
    smoothing: SmoothingSettings


def main() -> None:
    """Parse the command line and detect."""
    parser = command_line(__doc__)
    parser.add_argument("--training", required=True, help="scores of the training recordings")
    parser.add_argument("--instances", required=True, help="table of their instances, for the Markov chain")
    for name, meaning in (
        ("scores", "snippet scores"), ("videos", "table of the recordings"),
        ("detections", "detections to write"), ("proposals", "proposals to write"),
    ):  # fmt: skip
        parser.add_argument(f"--{name}", required=True, nargs="+", help=f"{meaning} of each subset")
    parser.add_argument("--settings", required=True, help="JSON: method, smoothing")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, RunsSettings)
    smooth = settings.method == "hidden_markov_model"
    chain = _chain(arguments.training, arguments.instances, settings.smoothing) if smooth else None
    for scores, videos, detections, proposals in zip(
        arguments.scores, arguments.videos, arguments.detections, arguments.proposals, strict=True
    ):
        table = _detect(read_snippet_scores(scores), read_table(videos), chain)
        write_detections(detections, table)
        write_proposals(proposals, table)


def _chain(scores: str, instances: str, settings: SmoothingSettings) -> HiddenMarkovModel:
    """The Markov chain of the training recordings' labels; their scores tell only of snippets and classes."""
    training = read_snippet_scores(scores)
    lengths = dict(zip(training.videos, training.lengths.tolist(), strict=True))
    truth = targets_of(lengths, read_table(instances), training.classes, training.snippet_seconds)
    return fit_markov_model(truth.values(), len(training.classes), settings)


def _detect(scores: SnippetScores, videos: pd.DataFrame, chain: HiddenMarkovModel | None) -> pd.DataFrame:
    runs = []
    for video in videos["video"]:
        probability = scores.probability_of(video)
        states = probability.argmax(axis=1) if chain is None else chain.smooth(probability)
        runs.append((video, group_runs(states, probability)))
    extent = dict(zip(videos["video"], videos["extent"], strict=True))
    return runs_table(runs, scores.classes, scores.snippet_seconds, extent)


if __name__ == "__main__":
    run(main)
