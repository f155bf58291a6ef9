"""The section `detection` of the configuration."""

from pydantic import Field

from bsnpp.detection.ensemble_settings import EnsembleSettings
from bsnpp.detection.labelling_settings import ClassFusion, LabellingSettings
from bsnpp.detection.relabelling_settings import RelabellingSettings
from bsnpp.detection.suppression.settings import NMSSettings


class DetectionSettings(EnsembleSettings):
    """From fused maps and class probabilities to at most `per_video` labelled detections.

    Only the configuration and the sweep use this class. Each other stage gets the part that it reads.
    """

    weighing_nms: NMSSettings | None = Field(
        default=None,
        description="Suppression where encoders and classifiers are weighted; that of `nms` if null",
    )
    weighing_class_fusion: ClassFusion | None = Field(
        default=None,
        description="Class fusion where classifiers are weighted; that of `class_fusion` if null",
    )

    @property
    def detecting(self) -> EnsembleSettings:
        """The keys that detections depend on."""
        return self.part(EnsembleSettings)

    @property
    def labelling(self) -> LabellingSettings:
        """The keys that detections of given proposals depend on."""
        return self.part(LabellingSettings)

    @property
    def weighing(self) -> RelabellingSettings:
        """The keys by which encoders and classifiers are weighted."""
        own = {"nms": self.weighing_nms, "class_fusion": self.weighing_class_fusion}
        changed = {key: value for key, value in own.items() if value}
        return self.part(RelabellingSettings).model_copy(update=changed)
