"""Settings of the evaluation stage."""

from pydantic import Field

from bsnpp.evaluation.metric_settings import MetricSettings


class EvaluationSettings(MetricSettings):
    """Metrics of detections and proposals, and their confidence intervals (conventions 8)."""

    bootstrap_resamples: int = Field(
        1000,
        ge=2,
        le=1_000_000,
        description="Number of bootstrap resamples of the videos for the 95 % intervals of mAP",
    )

    @property
    def metrics(self) -> MetricSettings:
        """The keys about metrics."""
        return self.part(MetricSettings)
