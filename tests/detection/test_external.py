"""External detections of a video, in the unit of its segments."""

import numpy as np
import pandas as pd

from bsnpp.detection.external import external_detections


def test_detections_are_in_the_unit_of_the_video_and_may_be_missing() -> None:
    rows = [("a", "run", 0.5, 2.0, 5.0), ("a", "jump", 0.4, 0.0, 10.0)]
    table = pd.DataFrame(rows, columns=["video", "label", "score", "start", "end"])
    external = external_detections(table, ["jump", "run"])
    detections = external.of("a", 10.0)
    np.testing.assert_allclose(detections.segments, [[0.2, 0.5], [0.0, 1.0]])
    assert (detections.scores.tolist(), detections.labels.tolist()) == ([0.5, 0.4], [1, 0])
    assert len(external.of("b", 20.0)) == 0
