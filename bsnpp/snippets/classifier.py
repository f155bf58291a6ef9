"""Classifiers of snippets, and out-of-fold scores of their training recordings."""

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.pipeline import Pipeline

from bsnpp.core.errors import UserError
from bsnpp.snippets.classifier_settings import SnippetClassifierSettings
from bsnpp.snippets.estimators import class_logits, fit, make_classifier, make_constant
from bsnpp.snippets.folds import group_folds
from bsnpp.snippets.segment_pooler import SegmentPooler

CONTEXT_PARTS = 3
"""Features of a snippet per channel: mean before, its own value, mean after; see `context_features`."""


@dataclass(frozen=True)
class SnippetClassifier:
    """A fitted classifier of snippets.

    Attributes
    ----------
    classes : list of str
        K + 1 names, "background" first.
    pipeline : Pipeline or PlainEstimator
        Fitted estimator; its arrays alone if it was read from a file.
    context_seconds : float
        Context of a snippet [s], see `context_features`.
    snippet_seconds : float
        Time from one snippet to the next [s].
    """

    classes: list[str]
    pipeline: Pipeline
    context_seconds: float
    snippet_seconds: float

    def logits(self, sequence: np.ndarray) -> np.ndarray:
        """Predict the log-probabilities of a recording's snippets: (t, C) to float32 (t, K + 1).

        Classes without training snippets get the floor of `with_unseen_classes`.
        """
        features = context_features(sequence, self.snippet_seconds, self.context_seconds)
        return class_logits(self.pipeline, features, len(self.classes)).astype(np.float32)


def context_features(sequence: np.ndarray, snippet_seconds: float, context: float) -> np.ndarray:
    """Add the means of the context before and after it to every snippet.

    Parameters
    ----------
    sequence : np.ndarray
        Features of one recording, float (t, C); beyond its ends the first and the last snippet are repeated.
    snippet_seconds : float
        Time from one snippet to the next [s].
    context : float
        Length of the context on each side [s].

    Returns
    -------
    np.ndarray
        Means before, features of the snippet, means after: float32 (t, 3 C).
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
        Features of the training recordings only, float (t, C) each.
    targets : mapping of str to np.ndarray
        Class of each of their snippets, int (t,): `bsnpp.snippets.targets.recording_targets`.
    classes : sequence of str
        K + 1 names, "background" first.
    snippet_seconds : float
        Time from one snippet to the next [s].
    settings : SnippetClassifierSettings
        If there are more than `training_snippets` snippets, every second (third, ...) of each recording is
        used.
    seed : int
        Seed of the trees or the network.

    Raises
    ------
    UserError
        If there is no snippet.
    """
    total = sum(len(sequence) for sequence in sequences.values())
    if not total:
        raise UserError("a classifier of snippets needs training recordings, but there are none")
    step = math.ceil(total / settings.training_snippets)
    features, labels = [], []
    for video in sorted(sequences):
        context = context_features(sequences[video], snippet_seconds, settings.context_seconds)
        features.append(context[::step])
        labels.append(targets[video][::step])
    known = np.concatenate(labels)
    estimator = make_classifier(settings.kind, settings.estimator, seed)
    if len(np.unique(known)) < 2:
        name = classes[known[0]]
        warnings.warn(f"all training snippets have the class {name}: it is always predicted", stacklevel=2)
        estimator = make_constant()
    pipeline = fit(estimator, np.concatenate(features), known)
    return SnippetClassifier(list(classes), pipeline, settings.context_seconds, snippet_seconds)


def out_of_fold_logits(
    sequences: Mapping[str, np.ndarray],
    targets: Mapping[str, np.ndarray],
    groups: Mapping[str, str],
    classes: Sequence[str],
    snippet_seconds: float,
    settings: SnippetClassifierSettings,
    seed: int,
) -> dict[str, np.ndarray]:
    """Score the training recordings, each with a model that was not trained on its group.

    Later stages must not be fitted on a model's scores of its own training data, which are too good.

    Parameters
    ----------
    groups : mapping of str to str
        Group (person) of each recording.
    sequences, targets, classes, snippet_seconds, settings, seed
        As for `train_snippet_classifier`.

    Returns
    -------
    dict of str to np.ndarray
        Log-probabilities of every recording of `sequences`, float32 (t, K + 1), in their order.

    Raises
    ------
    UserError
        If there is no training recording.
    """
    logits = {}
    for part in group_folds({video: groups[video] for video in sequences}, settings.folds):
        others = {video: sequence for video, sequence in sequences.items() if video not in part} or sequences
        classifier = train_snippet_classifier(others, targets, classes, snippet_seconds, settings, seed)
        logits.update({video: classifier.logits(sequences[video]) for video in part})
    return {video: logits[video] for video in sequences}


def share_correct(logits: Mapping[str, np.ndarray], targets: Mapping[str, np.ndarray]) -> float:
    """Return the share of the snippets of all recordings whose best class is the annotated one."""
    hits = sum((logits[video].argmax(axis=1) == targets[video]).sum() for video in logits)
    return float(hits / sum(len(target) for target in targets.values()))
