"""The first page of a report: the submitted variant, its scores, its steps, and what to look at."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from bsnpp.core.wording import counted
from bsnpp.evaluation.bootstrap import Interval, centred_interval
from bsnpp.reporting.tables import TUNED_ON
from bsnpp.summary.html import items, paragraph, table

PAPER = {
    "bmn_baseline": 36.42,
    "baseline": 37.44,
    "A": 40.21,
    "B": 40.99,
    "C": 41.97,
    "D": 42.26,
}
"""Average mAP [%] on the testing subset of ActivityNet-1.3 in Table 1 of the paper, by variant."""

STEPS = {"A": "baseline", "B": "A", "C": "B", "D": "C"}
"""The variant that each improvement of the paper follows."""


def score_intervals(
    evaluations: Sequence[Mapping[str, Any]], resamples: Sequence[np.ndarray]
) -> dict[str, Interval]:
    """Compute the average mAP of one variant on each subset, with its 95 % interval, in per cent.

    Parameters
    ----------
    evaluations : sequence of mapping
        Results of `bsnpp.evaluation.summary.evaluation_summary`.
    resamples : sequence of np.ndarray
        mAP of every resample of each of them: float64 (R, n_thresholds).
    """
    intervals = {}
    for evaluation, values in zip(evaluations, resamples, strict=True):
        interval = centred_interval(values.mean(axis=1), evaluation["average_map"])
        intervals[evaluation["subset"]] = Interval(*(100.0 * bound for bound in interval))
    return intervals


def tiou_range(thresholds: Sequence[float]) -> str:
    """Describe the tIoU thresholds of a mean."""
    return f"tIoU {thresholds[0]:g} to {thresholds[-1]:g}"


def score_table(
    evaluations: Sequence[Mapping[str, Any]],
    intervals: Mapping[str, Interval],
    further: Sequence[float] = (),
) -> pd.DataFrame:
    """Tabulate the scores of the submitted variant on each subset, in per cent.

    Parameters
    ----------
    evaluations : sequence of mapping
        Its evaluation on each subset.
    intervals : mapping of str to Interval
        Result of `score_intervals`.
    further : sequence of float
        Further tIoU thresholds over which mAP was averaged; empty: none.
    """
    rows = []
    for evaluation in evaluations:
        subset = evaluation["subset"]
        interval = intervals[subset]
        at = dict(zip(evaluation["tiou_thresholds"], evaluation["map"], strict=True))
        row: dict[str, Any] = {"subset": f"{subset} (tuned on)" if subset == TUNED_ON else subset}
        row |= {"videos": evaluation["videos"], "instances": evaluation["instances"]}
        row |= {f"mAP@{tiou:g}": 100 * at[tiou] for tiou in (0.5, 0.75, 0.95) if tiou in at}
        row["average mAP"] = interval.estimate
        row["95 % interval"] = f"{interval.low:.2f} to {interval.high:.2f}"
        if further:
            row[f"mAP, {tiou_range(further)}"] = 100 * evaluation["further_map"]
        recall = evaluation["ar_100"]
        row |= {"AR@100": np.nan if recall is None else 100 * recall, "AUC": 100 * evaluation["auc"]}
        rows.append(row)
    return pd.DataFrame(rows)


def step_table(ablation: pd.DataFrame, subset: str, averages: Mapping[str, float]) -> pd.DataFrame:
    """Tabulate every variant and step on one subset, beside Table 1 of the paper.

    Parameters
    ----------
    ablation : pd.DataFrame
        Result of `bsnpp.reporting.tables.ablation_table`.
    subset : str
        The subset to show.
    averages : mapping of str to float
        Average mAP of every variant on it, in [0, 1]. The ablation table has rounded ones, whose last digit
        may differ from that of other tables.

    Returns
    -------
    pd.DataFrame
        Average mAP in per cent and gains in points; empty where the paper has no such row or step.
    """
    rows = ablation[ablation["subset"] == subset]
    names = rows["variant"].tolist()
    steps = dict(zip(names, rows["step_from"], strict=True))
    paper_gains = [
        PAPER[name] - PAPER[STEPS[name]] if name in STEPS and steps[name] == STEPS[name] else np.nan
        for name in names
    ]
    return pd.DataFrame(
        {
            "variant": names,
            "step from": rows["step_from"].tolist(),
            "average mAP": [100 * averages[name] for name in names],
            "gain": [_signed(gain) for gain in rows["step_gain"]],
            "95 % interval": [
                "" if np.isnan(low) else f"{low:+.2f} to {high:+.2f}"
                for low, high in zip(rows["step_low"], rows["step_high"], strict=True)
            ],
            "paper: average mAP": [PAPER.get(name, np.nan) for name in names],
            "paper: gain": [_signed(gain) for gain in paper_gains],
        }
    )


def _signed(gain: float) -> str:
    return "" if np.isnan(gain) else f"{gain:+.2f}"


def remarks(
    ablation: pd.DataFrame, submitted: str, subset: str, errors: pd.DataFrame, flagged: int
) -> Iterator[str]:
    """Yield what a reader should look at.

    Parameters
    ----------
    ablation : pd.DataFrame
        Result of `bsnpp.reporting.tables.ablation_table`.
    submitted, subset : str
        The submitted variant, and the subset to judge it on.
    errors : pd.DataFrame
        Columns type and gain of `bsnpp.evaluation.diagnosis.diagnose.Diagnosis.errors`; shares.
    flagged : int
        Number of flagged rows in the manifests of features.
    """
    rows = ablation[ablation["subset"] == subset].set_index("variant")
    for name, row in rows[rows["step_high"] < 0].iterrows():
        step = f"{row['step_from']} to {name}"
        yield f"The step from {step} loses {-row['step_gain']:.2f} points of average mAP."
    unclear = rows[(rows["step_low"] <= 0) & (rows["step_high"] >= 0)]
    if len(unclear):
        yield f"No clear effect (the interval contains 0) of: {', '.join(map(str, unclear.index))}."
    average = ablation[ablation["variant"] == submitted].set_index("subset")["average_map"]
    if TUNED_ON in average and subset != TUNED_ON:
        difference = average[TUNED_ON] - average[subset]
        yield (
            f"Average mAP of {submitted} on {TUNED_ON}, where it was tuned, minus that on {subset}: "
            f"{difference:+.2f} points."
        )
    gains = dict(zip(errors["type"][1:], errors["gain"][1:], strict=True))
    worst = max(gains, key=lambda name: gains[name])
    yield f'The costliest error type is "{worst}": {100 * gains[worst]:+.2f} points if it were fixed.'
    if flagged:
        verb = "is" if flagged == 1 else "are"
        listed = counted(flagged, "row")
        yield f"{listed} of the feature manifests {verb} flagged; see the section Data."


def first_page(
    manifest: Mapping[str, Any],
    ablation: pd.DataFrame,
    evaluations: Sequence[Mapping[str, Any]],
    resamples: Sequence[np.ndarray],
    errors: pd.DataFrame,
    flagged: int,
    averages: Mapping[str, float],
) -> str:
    """Return the first page as HTML.

    The last evaluation is that of the subset to judge by; `averages` has the average mAP of every variant on
    it, in [0, 1].
    """
    settings = manifest["configuration"]["evaluation"]
    over = f"average mAP: mean over {tiou_range(settings['tiou_thresholds'])}"
    submitted, subset = manifest["variant"], evaluations[-1]["subset"]
    intervals = score_intervals(evaluations, resamples)
    score = intervals[subset]
    steps = step_table(ablation, subset, averages)
    return "".join(
        [
            paragraph(
                f"Submitted: variant {submitted}, average mAP {score.estimate:.2f} % on {subset} "
                f"(95 % interval {score.low:.2f} to {score.high:.2f}).",
                "answer",
            ),
            table(
                score_table(evaluations, intervals, settings["further_thresholds"]),
                f"Scores of {submitted} in per cent; {over}; intervals from resampled videos or groups",
            ),
            table(
                steps,
                f"Every step on {subset}: average mAP in per cent, gain in points with a paired interval. "
                "The paper's values (Table 1) are on the testing subset of ActivityNet-1.3; on other data, "
                "compare only the gains",
                chosen=[name == submitted for name in steps["variant"]],
            ),
            "<h2>What to look at</h2>\n",
            items(remarks(ablation, submitted, subset, errors, flagged)),
        ]
    )
