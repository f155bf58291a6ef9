"""Settings of the preparation of 50 Salads."""

from typing import Self

from pydantic import Field, model_validator

from bsnpp.core.settings import Settings

LABELS, SPLITS = "code/50Salads/labels", "splits/50Salads"
PREDICTIONS = "predictions/50Salads/mid"
FOLDERS = (LABELS, SPLITS, PREDICTIONS)
"""Folders of the repository that are read."""
FOLDS = (1, 2, 3, 4, 5)
NETWORKS = {
    "svm": "mid_video_SVM/Split_{fold}.mat",
    "tcnn": "mid_video_tCNN_C36/{fold}.mat",
    "dilated": "mid_video_DilatedTCN_B3_L5/{fold}.mat",
    "edtcn": "mid_video_ED-TCN_L2_C15/{fold}.mat",
}
"""Files of the four networks' scores, below `predictions/50Salads/mid`."""


class SaladsSettings(Settings):
    """How the videos of 50 Salads are split, and how their annotations are read."""

    test_fold: int = Field(default=5, description="Fold whose videos are the test subset", ge=1, le=5)
    validation_fold: int = Field(
        default=4, description="Fold whose videos are the validation subset; the others train", ge=1, le=5
    )
    join_seconds: float = Field(
        default=1.0,
        description="Longest gap between two parts of one action (prep, core, post) that are joined [s]",
        ge=0,
    )

    @model_validator(mode="after")
    def _different_folds(self) -> Self:
        if self.test_fold == self.validation_fold:
            raise ValueError(f"test_fold and validation_fold are both {self.test_fold}; choose two folds")
        return self

    def subset_of(self, fold: int) -> str:
        """Return the subset of the videos of a fold: training, validation or testing."""
        return {self.test_fold: "testing", self.validation_fold: "validation"}.get(fold, "training")
