"""Classifiers of snippets, trained here, whose scores of their own training recordings are out-of-fold."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.pipeline import Pipeline

from bsnpp.core.errors import UserError
from bsnpp.snippets.estimators import class_logits, fit, make_classifier
from bsnpp.snippets.segment_features import SegmentPooler
from bsnpp.snippets.settings import SnippetClassifierSettings


@dataclass(frozen=True)
class SnippetClassifier:
    """A fitted classifier of snippets into `classes`, K + 1 with the background first."""

    classes: list[str]
    pipeline: Pipeline
    context_seconds: float
    snippet_seconds: float

    def logits(self, sequence: np.ndarray) -> np.ndarray:
        """Log-probabilities of every snippet of a recording: (t, C) to float32 (t, K + 1).

        A class without a training snippet stands at 1e-8 of the row's best, or at the row's least if lower.
        """
        features = context_features(sequence, self.snippet_seconds, self.context_seconds)
        return class_logits(self.pipeline, features, len(self.classes)).astype(np.float32)


def context_features(sequence: np.ndarray, snippet_seconds: float, context: float) -> np.ndarray:
    """Every snippet beside the means of what is before and after it: float32 (t, 3 C).

    Parameters
    ----------
    sequence : np.ndarray
        float (t, C); beyond its ends the first and the last snippet repeat.
    snippet_seconds : float
        Seconds from one snippet to the next.
    context : float
        Seconds before, and after, over which means are taken.
    """
    start = np.arange(len(sequence)) * snippet_seconds
    steps = np.array([-context, 0.0, snippet_seconds, snippet_seconds + context])
    borders = start[:, None] + steps
    return SegmentPooler(sequence, snippet_seconds).means(borders).reshape(len(sequence), -1)


def train_snippet_classifier(
    sequences: Mapping[str, np.ndarray],
    targets: Mapping[str, np.ndarray],
    classes: Sequence[str],
    snippet_seconds: float,
    settings: SnippetClassifierSettings,
    seed: int,
) -> SnippetClassifier:
    """Fit a classifier on the snippets of recordings. Deterministic.

    Parameters
    ----------
    sequences : mapping of str to np.ndarray
        Features (t, C) of the training recordings, and of no other.
    targets : mapping of str to np.ndarray
        Class of each of their snippets, int (t,): `snippets.snippet_targets`.
    classes : sequence of str
        K + 1 names, "background" first.
    snippet_seconds : float
        Seconds from one snippet to the next.
    settings : SnippetClassifierSettings
        Of more snippets than `training_snippets` every second, third, ... of each recording is taken.
    seed : int
        Of the trees or the network.

    Raises
    ------
    UserError
        If the snippets show fewer than two classes.
    """
    total = sum(len(sequence) for sequence in sequences.values())
    step = math.ceil(total / settings.training_snippets)
    features, labels = [], []
    for video in sorted(sequences):
        context = context_features(sequences[video], snippet_seconds, settings.context_seconds)
        features.append(context[::step])
        labels.append(targets[video][::step])
    known = np.concatenate(labels)
    if len(np.unique(known)) < 2:
        raise UserError("a classifier of snippets needs training snippets of at least two classes")
    pipeline = fit(make_classifier(settings.kind, settings.estimator, seed), np.concatenate(features), known)
    return SnippetClassifier(list(classes), pipeline, settings.context_seconds, snippet_seconds)


def group_folds(groups: Mapping[str, str], folds: int) -> list[list[str]]:
    """Part recordings so that those of a group, a person say, stay together.

    Parameters
    ----------
    groups : mapping of str to str
        The group of each recording.
    folds : int
        Parts wanted; there are never more than groups.

    Returns
    -------
    list of list of str
        Recordings of each part, sorted. Groups go round the parts, those with most recordings first.

    Raises
    ------
    UserError
        If there are fewer than two groups.
    """
    recordings: dict[str, list[str]] = {}
    for video in sorted(groups):
        recordings.setdefault(groups[video], []).append(video)
    if len(recordings) < 2:
        raise UserError("out-of-fold scores need training recordings of at least two groups (persons)")
    order = sorted(recordings, key=lambda group: (-len(recordings[group]), group))
    parts: list[list[str]] = [[] for _ in range(min(folds, len(order)))]
    for place, group in enumerate(order):
        parts[place % len(parts)] += recordings[group]
    return [sorted(part) for part in parts]


def out_of_fold_logits(
    sequences: Mapping[str, np.ndarray],
    targets: Mapping[str, np.ndarray],
    groups: Mapping[str, str],
    classes: Sequence[str],
    snippet_seconds: float,
    settings: SnippetClassifierSettings,
    seed: int,
) -> dict[str, np.ndarray]:
    """Logits of the training recordings, each by a model that saw no recording of its group.

    Whatever is fitted on scores later must not see those of a model on its own training data: they are too
    good. The arguments are those of `train_snippet_classifier`, and the group of each recording.

    Returns
    -------
    dict of str to np.ndarray
        float32 (t, K + 1) of every recording of `sequences`.
    """
    logits = {}
    for part in group_folds({video: groups[video] for video in sequences}, settings.folds):
        others = {video: sequence for video, sequence in sequences.items() if video not in part}
        classifier = train_snippet_classifier(others, targets, classes, snippet_seconds, settings, seed)
        logits.update({video: classifier.logits(sequences[video]) for video in part})
    return logits
