"""Export a finished run: weights and resolved settings of the submitted variant become one bundle."""

import csv
import hashlib
import io
import json
import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np

from bsnpp.bundle.archive import Add, sha256, write_bundle
from bsnpp.bundle.card import model_card
from bsnpp.bundle.manifest import (
    CARD,
    MANIFEST,
    BundledClassifier,
    BundledGenerator,
    BundledMember,
    BundledRecogniser,
    Knots,
    Manifest,
    Measured,
)
from bsnpp.bundle.network_files import network_files
from bsnpp.bundle.parts import VariantSettings
from bsnpp.bundle.plan import ExportPlan, PlannedGenerator, PlannedRecogniser, PlannedScores, read_plan
from bsnpp.core.calibration import UNCHANGED, Calibration, as_knots
from bsnpp.core.checksum_forms import SLOT
from bsnpp.core.checksums import checked_bytes, checked_text
from bsnpp.core.class_list import read_classes
from bsnpp.core.errors import Faults, UserError
from bsnpp.core.weight_files import metadata_of
from bsnpp.detection.calibration_files import read_calibrations
from bsnpp.evaluation.bootstrap import centred_interval
from bsnpp.fusion.map_calibration import as_map_knots, read_map_calibrations
from bsnpp.stores.evaluations import read_evaluation, read_resamples
from bsnpp.stores.weights import read_weights

SOFTWARE = ("bsnpp", "torch", "numpy", "scipy", "scikit-learn")
"""Packages that detections may depend on in the last digits."""

RECOGNISER = "recogniser.safetensors"


def export_bundle(results: str | Path, path: str | Path) -> Manifest:
    """Export the submitted variant of a finished run; the same run gives the same bytes.

    Members and classifiers of weight 0 are left out. A bundle holds no pickles: weights are safetensors
    files, everything else is JSON.

    Parameters
    ----------
    results : str or Path
        Results folder of the run.
    path : str or Path
        Bundle to write: an archive if it ends in .zip, else a folder.

    Returns
    -------
    Manifest
        Content of the bundle's manifest.

    Raises
    ------
    UserError
        If the folder has no plan of an export, files of the run are missing or damaged, or the bundle cannot
        be written.
    """
    folder, plan = Path(results), read_plan(results)
    _check_files(folder, plan)
    manifests: list[Manifest] = []
    write_bundle(path, lambda add: manifests.append(_fill(add, folder, plan)))
    return manifests[0]


def _check_files(folder: Path, plan: ExportPlan) -> None:
    faults = Faults(
        f"{folder}: files of the variant {plan.variant} are missing",
        "Run the workflow to its end, then export again.",
    )
    faults.extend(path for path in plan.files if not (folder / path).exists())
    faults.raise_if_any()


def _fill(add: Add, folder: Path, plan: ExportPlan) -> Manifest:
    """Add every file of a bundle, the manifest last."""
    checksums: dict[str, str] = {}

    def keep(name: str, data: bytes) -> None:
        checksums[name] = sha256(data)
        add(name, data)

    calibrations = (
        read_calibrations(folder / plan.calibration)
        if plan.calibration
        else [UNCHANGED] * len(plan.generators)
    )
    generators = [
        _generator(keep, folder, generator, calibration)
        for generator, calibration in zip(plan.generators, calibrations, strict=True)
    ]
    manifest = Manifest(
        **plan.model_dump(include=set(VariantSettings.model_fields)),
        classes=tuple(read_classes(folder / plan.classes)),
        generators=tuple(generators),
        panel=tuple(_panel(keep, folder, plan)),
        recogniser=_recogniser(keep, folder, plan.recogniser) if plan.recogniser else None,
        measured={subset: _measured(folder, paths) for subset, paths in plan.evaluations.items()},
        versions={"python": platform.python_version(), **{name: version(name) for name in SOFTWARE}},
        checksums=checksums,
    )
    manifest = manifest.model_copy(update={"networks": _networks(manifest)})
    keep(CARD, model_card(manifest).encode())
    manifest = manifest.model_copy(update={"checksums": checksums})
    add(MANIFEST, manifest.model_dump_json(indent=1).encode())
    return manifest


def _networks(manifest: Manifest) -> dict[str, str]:
    """Return the checksum of each file of the networks that encode videos."""
    checksums = {}
    for path in network_files(manifest):
        try:
            with open(path, "rb") as file:
                checksums[path] = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise UserError(
                f"{path}: cannot be read ({error.strerror}); export in the folder in which the workflow ran"
            ) from error
    return checksums


def _generator(keep: Add, folder: Path, plan: PlannedGenerator, calibration: Calibration) -> BundledGenerator:
    of_maps = read_map_calibrations(folder / plan.calibrations) if plan.calibrations else {}
    members = []
    for name, weight in sorted(read_weights(folder / plan.weights).items()):
        if weight == 0:
            continue
        file = f"models/{plan.name}/{name}.safetensors"
        keep(file, checked_bytes(folder / plan.models[name], SLOT))
        encoder, initialisation = name.split("/")
        members.append(
            BundledMember(
                encoder=encoder,
                initialisation=initialisation,
                weight=weight,
                model=file,
                calibration=as_map_knots(of_maps[name]) if of_maps else None,
            )
        )
    knots = as_knots(calibration)
    return BundledGenerator(
        name=plan.name,
        score=plan.score,
        members=tuple(members),
        calibration=None if knots is None else Knots.model_validate(knots),
    )


def _panel(keep: Add, folder: Path, plan: ExportPlan) -> list[BundledClassifier]:
    rows = _panel_weights(folder / plan.panel_weights) if plan.panel_weights else {}
    members = []
    for member in plan.panel:
        weight, temperature = rows[member.name]
        if weight == 0:
            continue
        file = None
        if member.model is not None:
            file = f"classifiers/{member.name}.safetensors"
            keep(file, checked_bytes(folder / member.model, SLOT))
        members.append(
            BundledClassifier(
                **member.model_dump(exclude={"model"}), weight=weight, temperature=temperature, model=file
            )
        )
    return members


def _recogniser(keep: Add, folder: Path, plan: PlannedRecogniser) -> BundledRecogniser:
    data = checked_bytes(folder / plan.model, SLOT)
    try:
        chosen = json.loads(metadata_of(data)["content"])["settings"]["encoders"]
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{folder / plan.model}: not a recogniser ({error}); run it again") from error
    keep(RECOGNISER, data)
    return BundledRecogniser(model=RECOGNISER, encoders=chosen or plan.encoders)


def _panel_weights(path: Path) -> dict[str, tuple[float, float]]:
    """Read weight and temperature of each classifier; every number reads back exactly."""
    text = checked_text(path)
    try:
        return {
            row["member"]: (float(row["weight"]), float(row["temperature"]))
            for row in csv.DictReader(io.StringIO(text, newline=""))
        }
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        raise UserError(f"{path}: not a table of a panel's weights ({error}); run it again") from error


def _measured(folder: Path, paths: PlannedScores) -> Measured:
    scores = read_evaluation(folder / paths.scores)
    means = read_resamples(folder / paths.resamples).mean(axis=1)
    values = {name: scores[name] for name in Measured.model_fields if name != "interval"}
    if np.isfinite(means).any():
        _, low, high = centred_interval(means, values["average_map"])
        values["interval"] = (low, high)
    return Measured.model_validate(values)
