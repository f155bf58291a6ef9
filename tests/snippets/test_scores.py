"""Class scores of the snippets of many recordings."""

import numpy as np
import pytest

from bsnpp.core.errors import UserError
from bsnpp.snippets.scores import join_recordings, with_background

CLASSES = ["background", "run", "walk"]


def test_recordings_are_joined_in_their_order() -> None:
    logits = {"b": np.zeros((4, 3), dtype=np.float32), "a": np.ones((3, 3), dtype=np.float32)}
    joined = join_recordings(logits, with_background(["run", "walk"]), 0.4)
    assert (joined.videos, joined.classes, joined.snippet_seconds) == (["b", "a"], CLASSES, 0.4)
    assert joined.lengths.tolist() == [4, 3]
    assert joined.logits[:, 0].tolist() == [0.0] * 4 + [1.0] * 3


def test_no_class_may_be_called_background() -> None:
    with pytest.raises(UserError, match="a class is called 'background'"):
        with_background(["background", "run"])
