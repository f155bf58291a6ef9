"""Files of trained classifiers: plain arrays, no pickles.

A file (safetensors) contains the arrays of the standardisation and of the logistic regression, and in its
header the classes. Reading it never executes code from the file.
"""

import json
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save_file
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from bsnpp.classification.video_classifier import TrainedClassifier
from bsnpp.core.checksum_forms import ROOM, SLOT
from bsnpp.core.checksums import checked_bytes, checked_file
from bsnpp.core.errors import UserError
from bsnpp.core.weight_files import metadata_of

ARRAYS = ("mean", "variance", "scale", "coefficients", "intercepts")
"""Names of the arrays, float64: (2C,) three times, (K, 2C), (K,); one or two known classes have one row."""


def save_classifier(path: str | Path, classifier: TrainedClassifier) -> None:
    """Write a trained classifier; the same classifier gives the same bytes.

    Parameters
    ----------
    path : str or Path
        The file to write (.safetensors).
    classifier : TrainedClassifier
        Fitted by `train_classifier`.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    scaler, regression = (step for _, step in classifier.pipeline.steps)
    arrays = (scaler.mean_, scaler.var_, scaler.scale_, regression.coef_, regression.intercept_)
    values = {
        name: np.ascontiguousarray(array, np.float64) for name, array in zip(ARRAYS, arrays, strict=True)
    }
    content = {"classes": classifier.classes, "known": classifier.known, "checksum": ROOM}
    header = {"classifier": json.dumps(content)}
    with checked_file(path, SLOT) as temporary:
        save_file(values, temporary, metadata=header)


def load_classifier(path: str | Path) -> TrainedClassifier:
    """Read a trained classifier back; it gives the same logits, bit for bit.

    Raises
    ------
    UserError
        If the file is missing or not one that `save_classifier` wrote.
    """
    return parse_classifier(checked_bytes(path, SLOT), str(path))


def parse_classifier(data: bytes, where: str) -> TrainedClassifier:
    """Read a trained classifier from the bytes of its file; `where` names the file in messages.

    Raises
    ------
    UserError
        If these are not the bytes of a file that `save_classifier` wrote.
    """
    try:
        arrays = load(data)
        header = json.loads(metadata_of(data)["classifier"])
        classes, known = ([str(name) for name in header[key]] for key in ("classes", "known"))
        values = [arrays[name] for name in ARRAYS]
        _check(values, classes, known)
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise UserError(f"{where}: not a classifier of this project ({error}); train it again") from error
    return TrainedClassifier(classes, known, _pipeline(values, len(known)))


def _check(values: list[np.ndarray], classes: list[str], known: list[str]) -> None:
    """Check the shapes of the arrays against each other and the classes."""
    channels = len(values[0])
    rows = 1 if len(known) == 2 else len(known)
    expected = [(channels,)] * 3 + [(rows, channels), (rows,)]
    shapes = [value.shape for value in values]
    if shapes != expected or not set(known) <= set(classes):
        raise ValueError(f"arrays of shapes {shapes} for {len(known)} known of {len(classes)} classes")


def _pipeline(arrays: list[np.ndarray], classes: int) -> Pipeline:
    """Rebuild the fitted pipeline from its arrays."""
    scaler, regression = StandardScaler(), LogisticRegression()
    scaler.mean_, scaler.var_, scaler.scale_, regression.coef_, regression.intercept_ = arrays
    regression.classes_ = np.arange(classes)
    scaler.n_features_in_ = regression.n_features_in_ = len(arrays[0])
    return make_pipeline(scaler, regression)
