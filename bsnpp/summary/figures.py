"""The figures of a report: section, alternative text and caption of each, by the name of its file."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bsnpp.summary.html import figure


class Described(NamedTuple):
    """Texts of a kind of figure; `{}` is replaced by the part of the file name after the kind."""

    section: str
    alternative: str
    caption: str


FIGURES = {
    "ablation": Described(
        "steps",
        "Bars of average mAP for every variant, and the gain of every step with its interval",
        "Average mAP of every variant, and gains with paired 95 % intervals.",
    ),
    "complements": Described(
        "steps",
        "Bars of detected instances over tIoU for the ensemble {}, by the generators that detect them",
        "Ensemble {}, on validation: instances that several generators or only one of them detect, with as "
        "many detections per video as instances; the lines show the ensemble.",
    ),
    "training": Described(
        "training",
        "Curves of training and validation losses over the epochs, a row of panels per generator",
        "Losses over the epochs: validation dark, training pale.",
    ),
    "sampling": Described(
        "sampling",
        "Histograms of training proposals by kind and length before and after each sampling stage",
        "Proposals by kind and length before and after each sampling stage (Fig. 1 of the paper).",
    ),
    "weights": Described(
        "encoders",
        "Bars of validation score and weight of every encoder of the blend {}",
        "Blend {}: score of each encoder alone and of their fusion, and the weights.",
    ),
    "maps": Described(
        "maps",
        "Boundary probabilities and confidence map of every encoder of the blend {}, and fused, over time",
        "Blend {}, for the video or window with the most instances (rings). Confidence: geometric mean of "
        "classification and regression, at the centre and the length of a proposal.",
    ),
    "panel": Described(
        "classifiers",
        "Validation score over the weight of every classifier of the panel {}",
        "Panel {}: best and median validation score of the weightings with a certain weight.",
    ),
    "average_recall": Described(
        "recall",
        "Curves of average recall over the number of proposals per video for every variant",
        "Average recall over the average number of proposals per video (AR@AN).",
    ),
    "classes": Described(
        "precision",
        "Average precision of every class with the submitted variant",
        "Average precision by class; at most 40 classes, those with the lowest values.",
    ),
    "diagnosis": Described(
        "diagnosis",
        "Types of detections by rank, gain if each error type were fixed, misses and AP by characteristic",
        "Error types, oracles, missed instances and normalised AP of the submitted variant.",
    ),
    "timeline": Described(
        "videos",
        "Time axis of the {} video with annotated instances and detections of two variants",
        "The {} video with several instances, by the share that the submitted variant detects at tIoU 0.7; "
        "darker detections have higher scores.",
    ),
}
"""By the name of the file up to its first dot."""


def figures_of(section: str, paths: Sequence[str | Path]) -> str:
    """Return the figures of one section as HTML, in the given order.

    Raises
    ------
    KeyError
        If a file has a name without a description.
    UserError
        If a file cannot be read.
    """
    parts = []
    for path in paths:
        kind, _, detail = Path(path).stem.partition(".")
        described = FIGURES[kind]
        if described.section == section:
            name = detail.replace(".", "/")
            parts.append(figure(path, described.alternative.format(name), described.caption.format(name)))
    return "".join(parts)
