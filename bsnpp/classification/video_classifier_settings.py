"""Settings of the classifiers of videos that are trained here."""

from pydantic import Field

from bsnpp.core.settings import Settings


class ClassifierSettings(Settings):
    """A classifier of videos that is trained here: logistic regression on pooled features."""

    regularisation: float = Field(
        default=1.0,
        description="Inverse strength C of the L2 penalty on standardised features; smaller is smoother",
        gt=0,
    )
    max_iterations: int = Field(
        default=1000, description="Maximum number of iterations of the solver", ge=1, le=1_000_000
    )
