import numpy as np
import pandas as pd

from bsnpp.evaluation.diagnosis.diagnose import Diagnosis, diagnose
from bsnpp.reporting.diagnosis import diagnosis_figure
from tests.reference.evaluation_data import detection_table, instance_table


def example() -> Diagnosis:
    """Diagnose a few detections."""
    instances = instance_table([("a", 0, 10, "run"), ("a", 20, 30, "sit"), ("b", 0, 5, "run")])
    rows = [("a", "run", 0.9, 0, 9), ("a", "run", 0.8, 20, 30), ("a", "sit", 0.7, 20, 24)]
    detections = detection_table([*rows, ("b", "sit", 0.6, 8, 9)])
    videos = pd.DataFrame({"video": ["a", "b"], "duration": [40.0, 10.0]})
    return diagnose(instances, detections, videos, [0.5, 0.75])


def test_the_figure_shows_the_values_of_the_tables() -> None:
    diagnosis = example()
    figure = diagnosis_figure(diagnosis)
    profile, impact, oracles, misses, normalised = figure.axes
    assert profile.get_legend_handles_labels()[1] == list(diagnosis.errors["type"][:-1])
    tops = [bar.get_y() + bar.get_height() for bar in profile.containers[-1]]
    filled = diagnosis.profile.groupby("slice")["count"].sum() > 0
    np.testing.assert_allclose(tops, 100.0 * filled)
    for axes, gains in ((impact, diagnosis.errors["gain"][1:]), (oracles, diagnosis.oracles["gain"][1:])):
        np.testing.assert_allclose([bar.get_width() for bar in axes.patches], 100 * gains)
    for axes, name in ((misses, "average_missed"), (normalised, "average_ap_n")):
        heights = [bar.get_height() for bar in axes.patches]
        np.testing.assert_allclose(heights, 100 * diagnosis.characteristics[name][1:])
    assert f"{100 * diagnosis.scores.average_map:.2f} %" in figure.get_suptitle()
