"""Files of trained classifiers of snippets: plain arrays, no pickles."""

from pathlib import Path

import numpy as np

from bsnpp.core.errors import UserError
from bsnpp.snippets.classifier import CONTEXT_PARTS, SnippetClassifier
from bsnpp.snippets.plain_estimators import parse_estimators, plain, save_estimators

NAME = "classifier"


def save_snippet_classifier(path: str | Path, classifier: SnippetClassifier) -> None:
    """Write a trained classifier; the same one gives the same bytes.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    header = {
        "classes": classifier.classes,
        "channels": classifier.pipeline.n_features_in_ // CONTEXT_PARTS,
        "context_seconds": classifier.context_seconds,
        "snippet_seconds": classifier.snippet_seconds,
    }
    save_estimators(path, {NAME: plain(classifier.pipeline)}, header)


def parse_snippet_classifier(data: bytes, where: str) -> tuple[SnippetClassifier, int]:
    """Read a classifier and its number of channels from the bytes of its file; `where` names it in messages.

    Returns
    -------
    classifier : SnippetClassifier
        Gives the same logits, bit for bit.
    channels : int
        Channels of the features that it reads.

    Raises
    ------
    UserError
        If these are not the bytes of a file that `save_snippet_classifier` wrote.
    """
    estimators, header = parse_estimators(data, where)
    try:
        estimator, channels = estimators[NAME], int(header["channels"])
        classes = [str(name) for name in header["classes"]]
        estimator.check(CONTEXT_PARTS * channels)
        if not np.isin(estimator.classes_, np.arange(len(classes))).all():
            raise ValueError("labels that are not those of its classes")
        context, seconds = float(header["context_seconds"]), float(header["snippet_seconds"])
        if not (context > 0 and seconds > 0):
            raise ValueError("lengths that are not above 0")
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"{where}: not a classifier of snippets ({error}); train it again") from error
    return SnippetClassifier(classes, estimator, context, seconds), channels
