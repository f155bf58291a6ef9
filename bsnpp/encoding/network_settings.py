"""Settings of the networks that turn clips into features."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from bsnpp.core.duplicates import repeated
from bsnpp.core.errors import UserError
from bsnpp.core.files import read_text
from bsnpp.core.settings import Settings
from bsnpp.encoding.clip_settings import ClipSettings
from bsnpp.encoding.flow_settings import FlowSettings
from bsnpp.encoding.flow_source_settings import FlowMethodSettings, FlowSource
from bsnpp.encoding.image_settings import ImageSettings
from bsnpp.encoding.presets import PRESETS, filled
from bsnpp.encoding.resize_settings import ResizeSettings

Architecture = Literal[
    "torch_export",
    "torchscript",
    "onnx",
    "timm",
    "tsn",
    "tsm",
    "tin",
    "bn_inception",
    "slowfast50",
    "slowfast101",
    "p3d",
]
"""Network: see `ModelSettings.architecture`."""
EXPORTED = ("torch_export", "torchscript", "onnx")
"""Networks whose file has both layers and weights."""
ON_TIMM = ("timm", "tsn", "tsm", "tin")
"""Networks that are built on one of timm."""


class ModelSettings(Settings):
    """Architecture and weights of a network."""

    architecture: Architecture = Field(
        description="Network. torch_export, torchscript, onnx: exported elsewhere; timm or tsn: a network of "
        "timm, averaged over the frames of a clip; tsm, tin: a residual network of timm whose blocks "
        "exchange channels between frames; bn_inception: BN-Inception, averaged over frames; slowfast50, "
        "slowfast101: SlowFast 8 x 8 on clips of 32 frames; p3d: P3D ResNet-152 on clips of 16 frames"
    )
    name: str | None = Field(None, description="Name of the network in timm, for example resnet50")
    weights: str | None = Field(
        None,
        description="File of the exported network, or of the weights (.safetensors, .pth, .pt); without it "
        "the weights are random, for tests",
    )
    match: Literal["names", "order"] = Field(
        "names",
        description="How weights are assigned: by their names, or in their order (files of other codebases "
        "with the same layers)",
    )
    laterals: Literal["normalised", "plain"] = Field(
        "normalised",
        description="Variant of SlowFast. normalised: as PySlowFast released it; plain: that of MMAction2, "
        "whose pathways are joined by convolutions over 5 frames alone",
    )
    reads: Literal["frames", "clips"] = Field(
        "frames", description="What an exported network reads: frames (N, C, H, W) or clips (N, C, L, H, W)"
    )
    classes: str | None = Field(
        None, description="File of the classes of its classifier, one per line; their logits are kept, too"
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.architecture in EXPORTED and self.weights is None:
            raise ValueError(f"{self.architecture} needs the key `weights`, the file of the network")
        if self.architecture in ON_TIMM and self.name is None:
            raise ValueError(f"{self.architecture} needs the key `name`, a network of timm")
        return self

    @property
    def files(self) -> dict[str, str]:
        """Files that these settings name, and what they should hold."""
        content = {self.weights: f"the network or its weights ({self.architecture})"}
        content[self.classes] = "the classes of the network, one per line"
        return {path: meaning for path, meaning in content.items() if path is not None}


def network_classes(path: str) -> list[str]:
    """Read the classes of a network, one per line, in the order of its logits.

    Raises
    ------
    UserError
        If the file is missing, empty, or lists a class more than once.
    """
    lines = [line.strip() for line in read_text(path, "one class per line").splitlines()]
    classes = [line for line in lines if line]
    duplicates = repeated(classes)
    if duplicates or not classes:
        reason = f"listed more than once: {', '.join(duplicates)}" if duplicates else "no class"
        raise UserError(f"{path}: {reason}; list each class of the network once, one per line")
    return classes


class NetworkSettings(Settings):
    """A network, and the clips and images that it reads."""

    preset: str | None = Field(
        None,
        description="Public network whose settings apply where the other keys are not set: "
        f"{', '.join(PRESETS)}",
    )
    model: ModelSettings = Field(description="Architecture and weights; `preset` sets the architecture")
    clips: ClipSettings = Field(ClipSettings(), description="Where snippets lie in time")
    images: ImageSettings = Field(ImageSettings(), description="Size and normalisation of images")
    flow: FlowSettings | None = Field(None, description="Optical flow in place of RGB images")

    @model_validator(mode="before")
    @classmethod
    def _filled_by_preset(cls, content: Any) -> Any:
        name = content.get("preset") if isinstance(content, dict) else None
        if name is None:
            return content
        if name not in PRESETS:
            raise ValueError(f"preset: unknown preset {name!r}; known: {', '.join(PRESETS)}")
        return filled(name, content)

    @model_validator(mode="after")
    def _stacks_fit(self) -> Self:
        if self.flow is not None and self.clips.frames % self.flow.stack:
            raise ValueError(
                f"clips.frames ({self.clips.frames}) must be a multiple of flow.stack ({self.flow.stack})"
            )
        return self

    @model_validator(mode="after")
    def _frames_fit(self) -> Self:
        images, architecture = self.images_per_clip, self.model.architecture
        if architecture == "p3d" and images != 16:
            raise ValueError(f"p3d reads clips of 16 images, not {images}")
        if architecture.startswith("slowfast") and images % 4:
            raise ValueError(f"{architecture} reads clips of a multiple of 4 images, not {images}")
        return self

    @property
    def images_per_clip(self) -> int:
        """Images that the network sees of a clip: frames, or stacks of flow."""
        return self.clips.frames if self.flow is None else self.clips.frames // self.flow.stack

    @property
    def flow_source(self) -> FlowSource | None:
        """What the optical flow of a video depends on; None for RGB."""
        if self.flow is None:
            return None
        method = FlowMethodSettings(method=self.flow.method, bound=self.flow.bound)
        resize = ResizeSettings(short_side=self.images.short_side, interpolation=self.images.interpolation)
        return FlowSource(flow=method, resize=resize, rate=self.clips.rate)

    @property
    def channels(self) -> int:
        """Channels of one input image of the network."""
        return 3 if self.flow is None else 2 * self.flow.stack
