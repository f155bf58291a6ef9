"""What a bundle and the plan of its export share: settings of the submitted variant, without files."""

from typing import Literal

from pydantic import Field

from bsnpp.core.settings import Name, Settings
from bsnpp.detection.decoding_settings import ScoreName
from bsnpp.detection.ensemble_settings import EnsembleSettings
from bsnpp.encoding.encoding_settings import EncodingSettings
from bsnpp.encoding.network_settings import NetworkSettings
from bsnpp.features.rescale import RescalingSettings
from bsnpp.features.scales import ScaleSettings
from bsnpp.features.settings import Axis, StreamSource
from bsnpp.fusion.blend_settings import BlendSettings
from bsnpp.inference.settings import InferenceSettings
from bsnpp.models.compute import ComputeSettings
from bsnpp.windows.settings import WindowSettings


class Stream(Settings):
    """One stream of an encoder, without its place."""

    name: Name = Field(description="Name of the stream")
    channels: int = Field(ge=1, description="Channels of one snippet")
    first_axis: Axis | None = Field(None, description="First axis of the arrays, if set")
    pattern: str | None = Field(None, description="Name of a video's file or dataset")
    clip: float = Field(1.0, ge=1, le=64, description="Frames of a snippet, divided by the stride")
    network: NetworkSettings | None = Field(None, description="Network, if it was made from videos")

    def at(self, path: str) -> StreamSource:
        """Return the stream in a folder or file. Pickled features are never loaded."""
        return StreamSource(path=path, **self.model_dump(exclude={"network"}))


class GeneratorScore(Settings):
    """A generator of the variant."""

    name: Name = Field(description="Name of the generator")
    score: ScoreName = Field(description="Score of its proposals")


class PanelMember(Settings):
    """A classifier of the variant's panel."""

    name: Name = Field(description="Name of the classifier")
    source: Literal["outside", "trained", "snippets", "encoder"] = Field(
        description="Score files made elsewhere, trained here on an encoder's features, trained here on "
        "snippets, or the channels of an encoder"
    )
    scores: Literal["logits", "probabilities"] = Field(
        "logits", description="What the score files of an outside classifier, or the channels, hold"
    )
    encoders: tuple[Name, ...] = Field((), description="Encoders whose features it reads, side by side")
    stream: tuple[Name, Name] | None = Field(
        None, description="Encoder and stream whose network gives the scores of an outside classifier"
    )


class VariantSettings(Settings):
    """The resolved configuration of one variant."""

    challenge: Name = Field(description="Name of the challenge")
    variant: Name = Field(description="Name of the variant")
    encoders: dict[Name, tuple[Stream, ...]] = Field(description="Streams of each encoder")
    encoding: EncodingSettings | None = Field(None, description="How videos are encoded, if any stream is")
    windows: WindowSettings | None = Field(None, description="How recordings are cut; null for whole videos")
    training_scale: int = Field(ge=1, description="T at which trained classifiers read features")
    scales: ScaleSettings | int = Field(description="T of each video by its duration, or one T for all")
    rescaling: RescalingSettings = Field(description="How features are rescaled")
    inference: InferenceSettings = Field(description="How maps are predicted")
    fusion: BlendSettings = Field(description="How maps are fused")
    detection: EnsembleSettings = Field(description="From maps to detections")
    compute: ComputeSettings = Field(description="Device, threads and precision")
    external_data: str = Field("", description="Text about outside data or models")

    def scale_of(self, duration: float) -> int:
        """Return T, the number of cells of a video that lasts `duration` seconds."""
        return self.scales if isinstance(self.scales, int) else self.scales.of_duration(duration)
