"""Public sets of features by name: how their files are made.

Strides and clips are those of the release pages: the README files of OpenTAD for ActivityNet and THUMOS14
(TSP, SlowFast, VideoMAE, InternVideo2), of ActionFormer (I3D), of BSN (TSN of CUHK), and the page of
ActivityNet's challenge of 2016 (C3D). See also conventions, section 1.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Preset:
    """A public set of features.

    Attributes
    ----------
    channels : int
        Channels C of a snippet.
    stride, clip : float
        Frames from one snippet to the next, and frames that a snippet spans.
    files : str
        What the release consists of, for the manual.
    rate : str
        Frames per second, for the manual.
    pattern : str, optional
        Name of the file or dataset of a video, if it is not `v_{video}` or `{video}`.
    """

    channels: int
    stride: float
    clip: float
    files: str
    rate: str
    pattern: str | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """Return the values of columns of `encoders.tsv`; all sets have time on the first axis."""
        values = {"channels": self.channels, "clip": self.clip / self.stride, "first_axis": "time"}
        return values if self.pattern is None else {**values, "pattern": self.pattern}


OWN = "of the video"

PRESETS: dict[str, Preset] = {
    "tsn_cuhk": Preset(400, 16, 16, "csv or npy per video, rescaled to 100 rows", OWN),
    "tsp": Preset(512, 16, 16, "HDF5 files, or npy per video", "15"),
    "i3d": Preset(2048, 16, 16, "npy per video, ActivityNet", "25"),
    "i3d_thumos": Preset(2048, 4, 16, "npy per video, THUMOS14", f"{OWN}, about 30"),
    "slowfast": Preset(2304, 8, 32, "npy per video, ActivityNet and HACS", "15"),
    "slowfast_thumos": Preset(2304, 4, 32, "npy per video, THUMOS14", f"{OWN}, about 30"),
    # A clip is 16 frames, every fourth one: on ActivityNet, OpenTAD states snippet_stride=8, clip_length=16
    # and frame_interval=4. A snippet thus spans 64 frames, 8 strides. On THUMOS14, frame_interval is 1.
    "videomae": Preset(768, 8, 64, "npy per video, ActivityNet; base model on every fourth frame", OWN),
    "videomae_l": Preset(1024, 8, 64, "npy per video, ActivityNet; large model on every fourth frame", OWN),
    "videomae_thumos": Preset(768, 4, 16, "npy per video, THUMOS14; base model", f"{OWN}, about 30"),
    "videomae_l_thumos": Preset(1024, 4, 16, "npy per video, THUMOS14; large model", f"{OWN}, about 30"),
    "internvideo2": Preset(
        3200, 8, 16, "pt per video, ActivityNet and HACS", OWN, "v_{video}_spatial_pool_feature_6"
    ),
    "c3d": Preset(500, 8, 16, "one HDF5 with a group per video", OWN, "v_{video}/c3d_features"),
}
"""Presets by name; the keys of `preset` in `encoders.tsv`."""
