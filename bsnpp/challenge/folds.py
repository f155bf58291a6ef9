"""Read the folds of a cross-validation: a file with one layer of the configuration per fold."""

from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from bsnpp.challenge.config_files import read_config
from bsnpp.core.errors import Faults, UserError
from bsnpp.core.settings import Name, Settings, explain


class Folds(Settings):
    """A cross-validation of a challenge: every fold is a whole run with its own subsets."""

    folds: dict[Name, dict[str, Any]] = Field(
        min_length=1, description="Layer over the configuration, by the name of the fold"
    )
    minutes: float = Field(gt=0, description="Usual time of a fold on two cores [min], for the estimate")
    cut: float | None = Field(
        None, description="Score below which detections are dropped for the columns cut_map and cut_ap_n"
    )
    note: str = Field("", description="What a reader of the scores has to know")

    def chosen(self, names: list[str] | None) -> list[str]:
        """Return the folds to run, in the order of the file; all without names.

        Raises
        ------
        UserError
            Lists the names that are no folds.
        """
        faults = Faults("unknown folds", f"The folds are {', '.join(self.folds)}.")
        faults.extend(name for name in names or () if name not in self.folds)
        faults.raise_if_any()
        return [name for name in self.folds if names is None or name in names]

    def layer(self, name: str, results: str, archive: str | None) -> dict[str, Any]:
        """Return the layer of one fold, with its folder of results and the archive of the challenge."""
        given = {"results": results} if archive is None else {"results": results, "archive": archive}
        return {**self.folds[name], **given}


def read_folds(path: str | Path) -> Folds:
    """Read a file of folds (YAML).

    Raises
    ------
    UserError
        If it cannot be read, or with every invalid key.
    """
    try:
        return Folds.model_validate(read_config([path]))
    except ValidationError as error:
        raise UserError("\n  ".join([f"{path}: not a file of folds:", *explain(error)])) from error


def time_left(done: int, total: int, usual: float, measured: list[float]) -> str:
    """Describe how long the other folds will take.

    Parameters
    ----------
    done, total : int
        Number of finished folds, and of all folds to run.
    usual : float
        Usual time of a fold [min], used until one is measured.
    measured : list of float
        Times of the folds that this run has computed [min].

    Examples
    --------
    >>> time_left(1, 5, 6.0, [])
    '1 of 5 folds finished, about 24 min left'
    >>> time_left(3, 5, 6.0, [10.0, 12.0])
    '3 of 5 folds finished, about 22 min left'
    """
    each = sum(measured) / len(measured) if measured else usual
    return f"{done} of {total} folds finished, about {each * (total - done):.0f} min left"
