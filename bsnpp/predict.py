"""Detect actions in new videos with a trained challenge.

A bundle holds everything that a submitted variant needs: make one with `bsnpp export results/<challenge>`, or
with the target `bundle` of the workflow.

    import bsnpp.predict

    bundle = bsnpp.predict.load("results/demo/bundle.zip")
    detections = bundle.detect(features, duration=93.4, scores=scores)

`features` holds the snippet features of each encoder, `scores` the class scores of each outside classifier
that the bundle names (none if all its classifiers were trained in the run). `detections` is a table with the
columns label, score, start and end [s]. `bundle.detect_all` takes a stream of videos, each made by
`bundle.video`. The same on the command line: `bsnpp predict`. `docs/prediction.md` has a complete example.
"""

from bsnpp.bundle.bundle import Bundle
from bsnpp.bundle.loading import load
from bsnpp.bundle.videos import NewVideo

__all__ = ["Bundle", "NewVideo", "load"]
