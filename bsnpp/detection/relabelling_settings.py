"""Settings of the detections of one generator, by which classifiers are weighted."""

from bsnpp.detection.decoding_settings import DecodingSettings
from bsnpp.detection.labelling_settings import LabellingSettings


class RelabellingSettings(DecodingSettings, LabellingSettings):
    """From fused maps and class probabilities to labelled detections."""

    @property
    def decoding(self) -> DecodingSettings:
        """The keys that proposals depend on."""
        return self.part(DecodingSettings)
