"""Settings of the suppression of overlapping proposals and detections."""

from typing import Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from bsnpp.core.settings import Settings

NMS_PRESETS: dict[str, dict[str, Any]] = {
    "bsn": {"sigma": 0.75, "low": 0.65, "high": 0.9},
    "bmn": {"sigma": 0.4, "low": 0.5, "high": 0.9},
    "detection": {"sigma": 0.5},
    "linear": {"method": "linear", "low": 0.3, "high": 0.3},
    "hard": {"method": "hard", "low": 0.3, "high": 0.3},
    "actionformer": {"sigma": 0.8, "voting": 0.85},
}
"""Published suppression settings by name (conventions, section 7): the constants of BSN and of BMN; the plain
Gaussian, the linear decay and the hard NMS of the Soft-NMS paper (Bodla et al. 2017); the Gaussian with score
voting of ActionFormer's public configuration for ActivityNet-1.3."""


def _or_a_preset(schema: dict[str, Any]) -> None:
    """Extend the schema of `NMSSettings` by the names of the presets."""
    section = dict(schema)
    schema.clear()
    schema |= {"anyOf": [section, {"enum": list(NMS_PRESETS)}], "description": section["description"]}


class NMSSettings(Settings):
    """Suppression of overlapping proposals (section 4.2 of the paper; conventions, section 7).

    A candidate is suppressed only if its tIoU with a selected proposal exceeds `low + (high - low) * width`,
    where `width` is the length of the selected proposal as a share of the video. The name of one of
    `NMS_PRESETS` may replace the whole section.
    """

    model_config = ConfigDict(json_schema_extra=_or_a_preset)

    method: Literal["gaussian", "linear", "hard", "none"] = Field(
        default="gaussian",
        description="Decay of the score of an overlapping candidate. gaussian: multiply by "
        "exp(-tIoU^2 / sigma); linear: multiply by 1 - tIoU; hard: drop the candidate (Greedy-NMS in the "
        "paper); none: no suppression",
    )
    sigma: float = Field(
        default=0.5,
        ge=0.01,
        le=10,
        description="Width of the Gaussian decay; a smaller value suppresses more",
    )
    low: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="tIoU threshold for a selected proposal of length 0; with low and high at 0, any overlap "
        "suppresses",
    )
    high: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="tIoU threshold for a selected proposal as long as the video, at least low",
    )
    voting: float | None = Field(
        default=None,
        gt=0,
        le=1,
        description="tIoU with a selected proposal from which a candidate votes for its edges: they become "
        "the means over its voters, weighted by score. null: edges stay as proposed",
    )

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value not in NMS_PRESETS:
            raise ValueError(f"unknown preset; the presets are {', '.join(NMS_PRESETS)}")
        return NMS_PRESETS[value]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        """Refuse thresholds that fall with the length, mostly a `low` that was set alone."""
        if self.high < self.low:
            raise ValueError(
                f"high must be at least low ({self.low}), not {self.high}; "
                "set both to the same value for a constant threshold"
            )
        return self


class SuppressionSettings(Settings):
    """The suppression in use."""

    nms: NMSSettings = Field(
        default_factory=NMSSettings, description="Suppression of overlapping detections, within each label"
    )
