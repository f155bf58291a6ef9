"""Classifiers of scikit-learn."""

import numpy as np

from bsnpp.snippets.estimator_settings import EstimatorSettings
from bsnpp.snippets.estimators import class_logits, fit, make_classifier

SMALL = EstimatorSettings(trees=20)


def test_an_unseen_class_is_never_predicted() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(90, 4))
    labels = np.repeat([0, 2, 3], 30)
    features[np.arange(90), labels % 4] += 3
    pipeline = fit(make_classifier("logistic", SMALL, 0), features, labels)
    logits = class_logits(pipeline, features, 5)
    assert logits.shape == (90, 5)
    assert np.isfinite(logits).all()
    assert (logits[:, [1, 4]] <= logits.max(axis=1, keepdims=True) + np.log(1e-8)).all()
    np.testing.assert_array_equal(logits.argmax(axis=1), pipeline.predict(features))
