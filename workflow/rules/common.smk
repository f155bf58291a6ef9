# What the rules of every stage share: the plan, the path of the results, and what makes a stage rerun.
import os
import sys

from snakemake.exceptions import WorkflowError

from bsnpp.annotations import subset_digest
from bsnpp.errors import UserError
from bsnpp.fingerprint import source_fingerprint
from bsnpp.plan import load_plan
from bsnpp.provenance import module_digests

SCRIPTS = Path(workflow.basedir).parent / "scripts"
ENVIRONMENT = Path(workflow.basedir).parent / "environment.yml"

# The interpreter that runs Snakemake runs the scripts too, also where its environment is not activated.
shell.prefix(
    f"export PATH={os.path.dirname(sys.executable)}:$PATH PYTHONPATH={SCRIPTS.parent} SCRIPTS={SCRIPTS}; "
    "set -euo pipefail; "
)

try:
    PLAN = load_plan(config)
except UserError as error:
    raise WorkflowError(str(error)) from None

CHALLENGE = PLAN.challenge
R = CHALLENGE.results
SIMULATED = f"{R}/simulated"
SCORED = CHALLENGE.scored_subsets
TRAINING_SCALE = CHALLENGE.scales.training
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
    variant=one_of(CHALLENGE.variants),


def code(script):
    """A parameter for each module that a script reaches: a stage is made anew when its own code changes."""
    return module_digests(SCRIPTS / f"{script}.py")


def source(path):
    """A user's file or folder: watched by a fingerprint, or made by this workflow."""
    return path if str(path).startswith(SIMULATED) else ancient(path)


def fingerprints(paths):
    """What tells that users' files or folders have changed; the simulation's are tracked as outputs."""
    return [source_fingerprint(path) for path in paths if not str(path).startswith(SIMULATED)]


def settings(**sections):
    """The sections that a script reads, as JSON."""
    import json

    return json.dumps(
        {
            name: value.model_dump(mode="json") if hasattr(value, "model_dump") else value
            for name, value in sections.items()
        }
    )
