# What the manifest of a run contains: the resolved configuration, its sheets, and the command that repeats it.


def resolved_configuration():
    """Return all keys of the configuration that results depend on, with their defaults."""
    compute = CHALLENGE.compute.of_results().model_dump(mode="json")
    return CHALLENGE.model_dump(mode="json", exclude={"features"}) | {"compute": compute}


def resolved_sheets():
    """Return the rows of the sample sheets."""
    sheets = {"encoders": PLAN.streams, "classifiers": PLAN.classifiers, "external": PLAN.external}
    return {name: [row.model_dump(mode="json") for row in rows] for name, rows in sheets.items()}


def repeating_command():
    """Return the command that runs the challenge with the same configuration."""
    files = workflow.overwrite_configfiles or [Path(workflow.basedir).parent / "config/demo/config.yaml"]
    given = [f"{key}={value}" for key, value in workflow.config_settings.config.items()]
    return ["snakemake", "--configfile", *map(str, files), *(["--config", *given] if given else [])]


def run_settings():
    """Return what the manifest contains, without folders of this machine."""
    sections = {
        "variant": CHALLENGE.submission.variant,
        "command": repeating_command(),
        "configuration": resolved_configuration(),
        "sheets": resolved_sheets(),
    }
    return json.dumps(without_folders(sections, Path.cwd()))


def given_files():
    """Return the user's files by what they are used for; feature manifests list the features."""
    sections = {"annotations": CHALLENGE.annotations.files}
    if CHALLENGE.pretraining is not None:
        sections["pretraining"] = CHALLENGE.pretraining.files
    sections |= {f"network {row.network}": network_files(row) for row in PLAN.encoded}
    used = {"groups": CHALLENGE.groups, "archive": CHALLENGE.archive}
    for section, files in sections.items():
        used |= {f"{section} {place}: {files[path]}": path for place, path in enumerate(files, start=1)}
    for row in PLAN.classifiers:
        used |= {f"classifier {row.classifier}: {subset}": getattr(row, subset) for subset in EVALUATED}
    for row in PLAN.external:
        used |= {f"external {row.name}: {subset}": getattr(row, subset) for subset in EVALUATED}
    present = {path for path in filter(None, used.values()) if os.path.isfile(path)}
    return {name: path for name, path in used.items() if path in present and not PLAN.is_made(path)}


def network_files(stream):
    return CHALLENGE.networks[stream.network].model.files


GIVEN = given_files()

# Ground truth that the report describes.
DESCRIBED = ["training", *EVALUATED]
ANNOTATED = ["training", *SCORED]
FEATURE_MANIFESTS = [
    f"{RESULTS}/features/{encoder}/manifest.{subset}.csv" for encoder, subset in PLAN.imports
]


def shown_maps():
    """Return the settings that the maps of the chosen videos depend on."""
    if PROPOSER is None:
        return {}
    variant = CHALLENGE.variants[PROPOSER]
    whole = CHALLENGE.windows is None
    return {
        "generators": list(variant.generators),
        "scales": (
            CHALLENGE.scales.model_dump(mode="json") if whole and variant.scales == "by_duration" else None
        ),
        "windows": None if whole else CHALLENGE.windows.grid.model_dump(mode="json"),
    }
