"""Search for the rule of scales (improvement C) on validation.

All videos are detected at every scale. A rule then selects the detections of one scale for each video: it is
a weight of 0 or 1 for every pair of scale and video, and one matching serves all rules.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from typing import Any

import numpy as np
import pandas as pd

from bsnpp.detection.scale_search_settings import ScaleSearchSettings
from bsnpp.evaluation.choice import choose_plainest
from bsnpp.evaluation.detection import weighted_average_precision
from bsnpp.evaluation.matching import Matches, match_detections
from bsnpp.features.scales import DurationRegime, ScaleSettings


def scale_rules(
    search: ScaleSearchSettings, configured: ScaleSettings, tried: Sequence[int]
) -> list[ScaleSettings]:
    """List the rules to compare, the plainest first; the training scale for all videos is the first.

    Parameters
    ----------
    search : ScaleSearchSettings
        Bounds to combine, and the maximum number of ranges.
    configured : ScaleSettings
        Its bounds are combined as well, and its rule is compared even if it has more ranges.
    tried : sequence of int
        Scales to combine, those of `configured` among them.

    Returns
    -------
    list of ScaleSettings
        Rules by their number of ranges; neighbouring ranges have different scales.
    """
    scales = dict.fromkeys([configured.training, *tried])
    bounds = sorted({*search.bounds, *(one.below for one in configured.regimes if one.below is not None)})
    rules: list[ScaleSettings] = []
    for count in range(search.most_ranges):
        for inner in combinations(bounds, count):
            for chosen in product(scales, repeat=count + 1):
                if all(first != second for first, second in pairwise(chosen)):
                    regimes = zip((*inner, None), chosen, strict=True)
                    ranges = tuple(DurationRegime(below=below, scale=scale) for below, scale in regimes)
                    rules.append(ScaleSettings(training=configured.training, regimes=ranges))
    return rules if configured in rules else [*rules, configured]


@dataclass(frozen=True)
class ScaleMatches:
    """Matched detections of all videos at every scale.

    Attributes
    ----------
    matches : Matches
        Every scale of a video counts as a video of its own.
    scale, duration : np.ndarray
        Scale T, and duration [s], of each video in `matches`: (S V,).
    video : np.ndarray
        Index of the video, which is the same at every scale, in the order of the duration: int64 (S V,).
    """

    matches: Matches
    scale: np.ndarray
    duration: np.ndarray
    video: np.ndarray

    def weights(self, rule: ScaleSettings) -> np.ndarray:
        """Return 1 where a rule gives a video the scale, else 0: float64 (S V,)."""
        return (self.scale == [rule.of_duration(one) for one in self.duration]).astype(np.float64)

    def average_map(self, weights: np.ndarray) -> np.ndarray:
        """Compute the average mAP, a share, of weighted videos: (R, S V) to float64 (R,).

        NaN without an instance; classes without an instance are left out.
        """
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Mean of empty slice")
            return np.nanmean(weighted_average_precision(self.matches, weights), axis=(1, 2))


def match_scales(
    detections: Mapping[int, pd.DataFrame],
    instances: pd.DataFrame,
    durations: Mapping[str, float],
    thresholds: Sequence[float],
) -> ScaleMatches:
    """Match the detections at every scale.

    Parameters
    ----------
    detections : mapping of int to DataFrame[video, label, score, start, end]
        Detections of all videos by scale T; start and end in seconds.
    instances : DataFrame[video, start, end, label]
        Ground truth; start and end in seconds.
    durations : mapping of str to float
        Duration of each of the V videos [s].
    thresholds : sequence of float
        tIoU thresholds over which mAP is averaged.
    """
    by_duration = sorted(durations, key=lambda video: (durations[video], video))
    place = {video: index for index, video in enumerate(by_duration)}
    pairs = {_pair(scale, video): (scale, video) for scale in detections for video in by_duration}
    matches = match_detections(
        pd.concat([_at(scale, instances) for scale in detections], ignore_index=True),
        pd.concat([_at(scale, table) for scale, table in detections.items()], ignore_index=True),
        thresholds,
        list(pairs),
    )
    ordered = [pairs[name] for name in matches.videos]
    return ScaleMatches(
        matches,
        np.array([scale for scale, _ in ordered]),
        np.array([durations[video] for _, video in ordered]),
        np.array([place[video] for _, video in ordered]),
    )


def _pair(scale: int, video: str) -> str:
    return f"{scale}/{video}"


def _at(scale: int, table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(video=[_pair(scale, video) for video in table["video"]])


def compare_rules(
    matched: ScaleMatches, rules: Sequence[ScaleSettings], folds: int, in_use: ScaleSettings
) -> tuple[pd.DataFrame, ScaleSettings]:
    """Score every rule, and choose the plainest one that is as good as the best.

    Parameters
    ----------
    matched : ScaleMatches
        Detections at every scale of the rules.
    rules : sequence of ScaleSettings
        Rules, the plainest first.
    folds : int
        Number of folds; each has videos of all durations.
    in_use : ScaleSettings
        Rule of the variant.

    Returns
    -------
    table : DataFrame[ranges, rule, average_map, gain, gain_error, chosen, in_use]
        A row per rule, the best first. `average_map` in per cent; `gain` over the first rule, and its
        standard error over the folds, in points.
    chosen : ScaleSettings
        The chosen rule.
    """
    weights = np.array([matched.weights(rule) for rule in rules])
    share = matched.average_map(weights)
    in_fold = matched.video % folds == np.arange(folds)[:, None]
    of_folds = np.column_stack([matched.average_map(weights * fold) for fold in in_fold])
    of_folds = of_folds[:, np.isfinite(of_folds).all(axis=0)]
    gains = of_folds - of_folds[0]
    count, chosen = of_folds.shape[1], choose_plainest(of_folds)
    table = pd.DataFrame(
        {
            "ranges": [len(rule.regimes) for rule in rules],
            "rule": [describe_rule(rule) for rule in rules],
            "average_map": 100 * share,
            "gain": 100 * (share - share[0]),
            "gain_error": 100 * gains.std(axis=1, ddof=1) / np.sqrt(count) if count > 1 else np.nan,
            "chosen": np.arange(len(rules)) == chosen,
            "in_use": [rule == in_use for rule in rules],
        }
    )
    best_first = table.sort_values("average_map", ascending=False, kind="stable").reset_index(drop=True)
    return best_first, rules[chosen]


def overlay(rule: ScaleSettings, variant: str) -> dict[str, Any]:
    """Write a rule as a configuration layer that gives it to a variant."""
    regimes = rule.model_dump(mode="json", include={"regimes"})
    return {"scales": regimes, "variants": {variant: {"scales": "by_duration"}}}


def describe_rule(rule: ScaleSettings) -> str:
    """Describe a rule, such as `30 cells below 30 s, 80 below 120 s, else 100`."""
    parts = [f"{one.scale} below {one.below:g} s" for one in rule.regimes if one.below is not None]
    if not parts:
        return f"{rule.regimes[-1].scale} cells"
    first, *others = parts
    return ", ".join([first.replace(" below", " cells below", 1), *others, f"else {rule.regimes[-1].scale}"])


def compare_ranges(matched: ScaleMatches, bounds: Sequence[float]) -> pd.DataFrame:
    """Score every scale on the videos of every range of durations alone.

    Parameters
    ----------
    matched : ScaleMatches
        Detections at every scale.
    bounds : sequence of float
        Durations [s] between the ranges, ascending.

    Returns
    -------
    DataFrame[above, below, videos, instances, scale, average_map]
        A row per range and scale, ranges without an instance left out; `above` and `below` in seconds, the
        latter NaN in the last range; `average_map` in per cent.
    """
    rows = []
    edges = [0.0, *bounds, np.inf]
    for low, high in pairwise(edges):
        inside = (matched.duration >= low) & (matched.duration < high)
        for scale in np.unique(matched.scale):
            weights = (inside & (matched.scale == scale)).astype(np.float64)
            instances = int((matched.matches.instance_counts @ weights).sum())
            if instances:
                share = matched.average_map(weights[None])[0]
                rows.append((low, high, int(weights.sum()), instances, int(scale), 100 * share))
    names = ["above", "below", "videos", "instances", "scale", "average_map"]
    return pd.DataFrame(rows, columns=names).replace(np.inf, np.nan)
