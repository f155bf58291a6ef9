"""Probabilities as logits, and the floor of unseen classes."""

import numpy as np

from bsnpp.classification.logits import FLOOR, probabilities_to_logits, unseen_logit, with_unseen_classes


def test_probabilities_have_a_floor() -> None:
    logits = probabilities_to_logits(np.array([0.5, 0.0, 1e-9]))
    np.testing.assert_array_equal(logits, [np.log(0.5), FLOOR, FLOOR])


def test_an_unseen_class_is_below_the_best_and_not_above_any_other() -> None:
    logits = np.array([[0.0, -1.0], [2.0, -50.0]])
    np.testing.assert_array_equal(unseen_logit(logits), [FLOOR, -50.0])


def test_known_classes_keep_their_logits() -> None:
    logits = np.array([[1.0, 3.0], [0.0, -99.0]])
    filled = with_unseen_classes(logits, [2, 0], 4)
    np.testing.assert_array_equal(filled, [[3.0, 3.0 + FLOOR, 1.0, 3.0 + FLOOR], [-99.0, -99.0, 0.0, -99.0]])
