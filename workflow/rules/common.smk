# What the rules of every stage share: the plan, the path of the results, and what makes a stage rerun.
import os
import sys

from bsnpp.annotations import check_scored, subset_digest
from bsnpp.errors import UserError
from bsnpp.fingerprint import source_fingerprint
from bsnpp.hapt.settings import ADDRESS as HAPT_ADDRESS
from bsnpp.plan import load_plan
from bsnpp.provenance import module_digests

SCRIPTS = Path(workflow.basedir).parent / "scripts"
ENVIRONMENT = Path(workflow.basedir).parent / "environment.yml"

# The interpreter that runs Snakemake runs the scripts too, also where its environment is not activated; but
# with `--sdm conda` the environment of the rule does.
BY_CONDA = "CONDA" in {method.name for method in workflow.deployment_settings.deployment_method}
INTERPRETER = "" if BY_CONDA else f"PATH={os.path.dirname(sys.executable)}:$PATH"
shell.prefix(f"export {INTERPRETER} PYTHONPATH={SCRIPTS.parent} SCRIPTS={SCRIPTS}; set -euo pipefail; ")


def told(function, *arguments):
    """Call a function; a user's mistake ends the run with its message alone, without Snakemake's traceback."""
    try:
        return function(*arguments)
    except UserError as error:
        sys.exit(f"error: {error}")


PLAN = told(load_plan, config)
CHALLENGE = PLAN.challenge
for subset in CHALLENGE.scored_subsets:
    told(check_scored, CHALLENGE.annotations, subset)
R = CHALLENGE.results
MADE = CHALLENGE.made_here  # sources that this workflow makes by itself are tracked as outputs
SCORED = CHALLENGE.scored_subsets
EVALUATED = ["validation", "testing"]
GENERATED = [name for name, variant in CHALLENGE.variants.items() if variant.generators]
TRAINING_SCALE = CHALLENGE.scales.training
PREPARED = [path for path in PLAN.expected_files() if PLAN.is_made(path)]
GROUPS = [CHALLENGE.groups] if CHALLENGE.groups else []
COMPONENTS = CHALLENGE.components.lines if CHALLENGE.components else {}
GPU = int(CHALLENGE.compute.device == "cuda")


def one_of(names):
    """A pattern of a wildcard that takes one of these values."""
    return "|".join(map(str, names))


wildcard_constraints:
    subset="training|validation|testing|pretraining",
    scale="[0-9]+",
    encoder=one_of(PLAN.encoders),
    generator=one_of(CHALLENGE.generators),
    initialisation="scratch|pretraining|pretrained",
    blend=one_of(CHALLENGE.blends),
    panel=one_of(CHALLENGE.panels),
    external=one_of(row.name for row in PLAN.external) or "(?!)",
    variant=one_of(CHALLENGE.variants),


def code(script):
    """A parameter for each module that a script reaches: a stage is made anew when its own code changes."""
    digests = module_digests(SCRIPTS / f"{script}.py")
    return {module: f"{module}={digest}" for module, digest in digests.items()}  # `-n` shows values alone


def source(path):
    """A user's file or folder: watched by a fingerprint, or made by this workflow."""
    return path if PLAN.is_made(path) else ancient(path)


def fingerprints(paths):
    """What tells that users' files or folders have changed."""
    return [told(source_fingerprint, path) for path in paths if not PLAN.is_made(path)]


def settings(**sections):
    """The sections that a script reads, as JSON."""
    import json

    return json.dumps(
        {
            name: value.model_dump(mode="json") if hasattr(value, "model_dump") else value
            for name, value in sections.items()
        }
    )
