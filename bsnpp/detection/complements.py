"""Which annotated instances each part of an ensemble detects, and which ones the others miss."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bsnpp.core.segments import seconds_of, temporal_iou
from bsnpp.detection.ensemble import Ensemble
from bsnpp.detection.ensemble_settings import EnsembleSettings
from bsnpp.detection.per_label import suppress_per_label
from bsnpp.detection.scored_segments import Detections
from bsnpp.detection.tables import detections_table
from bsnpp.reporting.complements import JOINED, SEVERAL


def detected_instances(
    instances: pd.DataFrame, detections: pd.DataFrame, thresholds: Sequence[float]
) -> np.ndarray:
    """Find the instances that the best detections of each video detect, as many as it has instances.

    Parameters
    ----------
    instances : DataFrame[video, start, end, label]
        n instances.
    detections : DataFrame[video, label, score, start, end]
        Detections, the best of a video first.
    thresholds : sequence of float
        k tIoU thresholds.

    Returns
    -------
    np.ndarray
        bool (n, k): whether a detection with the label of the instance has at least this tIoU with it.
    """
    tiou = np.zeros(len(instances))
    by_video = dict(list(detections.groupby("video")))
    for video, rows in instances.reset_index(drop=True).groupby("video"):
        if video not in by_video:
            continue
        best = by_video[video].head(len(rows))
        one, other = seconds_of(rows)[:, :, None], seconds_of(best)
        overlap = temporal_iou(one[:, 0], one[:, 1], other[:, 0], other[:, 1])
        same = rows["label"].to_numpy()[:, None] == best["label"].to_numpy()
        tiou[rows.index] = np.where(same, overlap, 0.0).max(axis=1, initial=0.0)
    return tiou[:, None] >= np.asarray(thresholds)


def complement_table(
    ensemble: Ensemble,
    names: Sequence[str],
    settings: EnsembleSettings,
    instances: pd.DataFrame,
    thresholds: Sequence[float],
) -> pd.DataFrame:
    """Tabulate the instances of validation by the parts of an ensemble that detect them.

    Parameters
    ----------
    ensemble : Ensemble
        Of validation, with p parts.
    names : sequence of str
        Name of each part.
    settings : EnsembleSettings
        Settings of detection.
    instances : DataFrame[video, start, end, label]
        Ground truth of validation; start and end in seconds.
    thresholds : sequence of float
        tIoU thresholds.

    Returns
    -------
    DataFrame[tiou, by, share]
        Share of the instances in per cent, by threshold: detected by several parts, by each part alone, and
        by the ensemble. Each part has as many detections per video as the video has instances
        (`detected_instances`). NaN without an instance.
    """
    calibrations = ensemble.calibrations(ensemble.candidates(settings), settings, instances)
    kept: list[list[tuple[str, float, Detections]]] = [[] for _ in (*names, JOINED)]
    for one in ensemble.candidates(settings):
        parts = ensemble.parts(one, settings)
        detected = [suppress_per_label(part, settings.nms, settings.per_video) for part in parts]
        detected.append(ensemble.detect(one, settings, calibrations))
        for results, detections in zip(kept, detected, strict=True):
            results.append((one.video, one.unit, detections))
    tables = [detections_table(results, ensemble.source.classes) for results in kept]
    *separate, joined = [detected_instances(instances, one, thresholds) for one in tables]
    detecting = np.stack(separate)  # (p, n, k)
    alone = detecting & (detecting.sum(axis=0) == 1)
    kinds = {
        SEVERAL: detecting.sum(axis=0) > 1,
        **dict(zip(names, alone, strict=True)),
        JOINED: joined,
    }
    shares = {name: 100.0 * one.mean(axis=0) if len(one) else np.nan for name, one in kinds.items()}
    return pd.concat(
        [
            pd.DataFrame({"tiou": list(thresholds), "by": name, "share": share})
            for name, share in shares.items()
        ],
        ignore_index=True,
    )
