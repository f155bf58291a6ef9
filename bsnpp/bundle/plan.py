"""The plan of an export: settings of the submitted variant, and the files of the run that a bundle needs.

The workflow writes it into the results folder; paths are relative to that folder.
"""

from pathlib import Path

from pydantic import Field, ValidationError

from bsnpp.bundle.parts import GeneratorScore, PanelMember, VariantSettings
from bsnpp.core.errors import UserError
from bsnpp.core.settings import Name, explain

PLAN_FILE = "export.json"
"""Name of the plan in the results folder."""


class PlannedGenerator(GeneratorScore):
    """A generator with the files of its blend."""

    weights: str = Field(description="Table of the members' weights")
    models: dict[str, str] = Field(description="Model of each member, encoder/initialisation")


class PlannedClassifier(PanelMember):
    """A classifier with its file."""

    model: str | None = Field(None, description="File of a trained classifier")


class ExportPlan(VariantSettings):
    """What an export reads."""

    generators: tuple[PlannedGenerator, ...] = Field(min_length=1, description="Generators of the variant")
    panel: tuple[PlannedClassifier, ...] = Field(min_length=1, description="Classifiers of its panel")
    panel_weights: str = Field(description="Table of the classifiers' weights and temperatures")
    classes: str = Field(description="List of the classes, one a line")
    calibration: str = Field(description="Calibration of each generator's scores")
    evaluations: dict[Name, str] = Field(default_factory=dict, description="Scores of each scored subset")

    @property
    def files(self) -> list[str]:
        """Every file that the export reads, relative to the results folder."""
        models = [
            path for generator in self.generators for path in (generator.weights, *generator.models.values())
        ]
        classifiers = [member.model for member in self.panel if member.model is not None]
        own = [self.panel_weights, self.classes, self.calibration, *self.evaluations.values()]
        return [*models, *classifiers, *own]


def read_plan(results: str | Path) -> ExportPlan:
    """Read the plan in a results folder.

    Raises
    ------
    UserError
        If the folder holds no plan, or one of another version of the project.
    """
    path = Path(results) / PLAN_FILE
    try:
        return ExportPlan.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UserError(
            f"{path}: cannot be read ({error.strerror}); name the results folder of a finished run"
        ) from error
    except ValidationError as error:
        lines = [f"{path}: not a plan of this version; run the workflow again", *explain(error)]
        raise UserError("\n  ".join(lines)) from error
