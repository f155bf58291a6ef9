"""The plan of an export: settings of the submitted variant, and the files of the run that a bundle needs.

The workflow writes it into the results folder; paths are relative to that folder.
"""

from pathlib import Path

from pydantic import Field, ValidationError

from bsnpp.bundle.parts import GeneratorScore, PanelMember, VariantSettings
from bsnpp.core.checksums import checked_text
from bsnpp.core.errors import UserError
from bsnpp.core.settings import Name, Settings, explain

PLAN_FILE = "export.json"
"""Name of the plan in the results folder."""


class PlannedGenerator(GeneratorScore):
    """A generator with the files of its blend."""

    weights: str = Field(description="Table of the members' weights")
    models: dict[str, str] = Field(description="Model of each member, encoder/initialisation")
    calibrations: str | None = Field(None, description="Calibration of each member's confidences, if any")


class PlannedClassifier(PanelMember):
    """A classifier with its file."""

    model: str | None = Field(None, description="File of a trained classifier")


class PlannedRecogniser(Settings):
    """The recogniser with its file."""

    model: str = Field(description="File of the trained recogniser")
    encoders: tuple[Name, ...] = Field(description="Encoders that it reads if its settings name none")


class PlannedScores(Settings):
    """Files of the scores on one subset."""

    scores: str = Field(description="Scores")
    resamples: str = Field(description="Resampled mAP")


class ExportPlan(VariantSettings):
    """What an export reads."""

    generators: tuple[PlannedGenerator, ...] = Field(description="Generators of the variant's proposals")
    panel: tuple[PlannedClassifier, ...] = Field(description="Classifiers of its panel")
    panel_weights: str | None = Field(None, description="Table of the classifiers' weights and temperatures")
    recogniser: PlannedRecogniser | None = Field(None, description="The recogniser, if it labels proposals")
    classes: str = Field(description="List of the classes, one a line")
    calibration: str | None = Field(None, description="Calibration of each generator's scores, if any")
    evaluations: dict[Name, PlannedScores] = Field(
        default_factory=dict, description="Scores of each scored subset"
    )

    @property
    def files(self) -> list[str]:
        """Every file that the export reads, relative to the results folder."""
        models = [
            path for generator in self.generators for path in (generator.weights, *generator.models.values())
        ]
        classifiers = [member.model for member in self.panel if member.model is not None]
        recogniser = self.recogniser.model if self.recogniser else None
        of_maps = [generator.calibrations for generator in self.generators]
        optional = [self.panel_weights, self.calibration, recogniser, *of_maps]
        scores = [path for pair in self.evaluations.values() for path in (pair.scores, pair.resamples)]
        return [*models, *classifiers, *(path for path in optional if path), self.classes, *scores]


def read_plan(results: str | Path) -> ExportPlan:
    """Read the plan in a results folder.

    Raises
    ------
    UserError
        If the folder holds no plan of this version of the project.
    """
    path = Path(results) / PLAN_FILE
    if not path.is_file():
        raise UserError(f"{path}: no such file; name the results folder of a finished run")
    text = checked_text(path)
    try:
        return ExportPlan.model_validate_json(text)
    except ValidationError as error:
        lines = [f"{path}: not a plan of this version; run the workflow again", *explain(error)]
        raise UserError("\n  ".join(lines)) from error
