# Shared by all rules: the plan, the results folder, wildcard patterns, and the parameters that trigger reruns.
import json
import os
import shlex
import sys

ROOT = Path(workflow.basedir).parent
sys.path.insert(0, str(ROOT))  # the package of this clone, whichever clone is installed

import bsnpp
from bsnpp.annotations.ground_truth import check_scored, subset_digest
from bsnpp.bundle.plan import ExportPlan
from bsnpp.challenge.gpu import gpu_fault
from bsnpp.challenge.load import load_plan
from bsnpp.challenge.members import PATTERN, Member
from bsnpp.challenge.names import GROUND_TRUTH
from bsnpp.challenge.refusals import refuse_export, refuse_scale_search, refuse_sweep
from bsnpp.core.errors import UserError
from bsnpp.models.settings import ARCHITECTURES
from bsnpp.reruns.code import module_digests
from bsnpp.reruns.snapshot import find_snapshot, snapshot
from bsnpp.summary.manifest import without_folders

ENVIRONMENT = ROOT / "environment.yml"
SNAPSHOTS = Path(".snakemake/code")

if not Path(bsnpp.__file__).samefile(ROOT / "bsnpp/__init__.py"):
    sys.exit(
        f"error: bsnpp was imported from {Path(bsnpp.__file__).parents[1]}, but the workflow is that of {ROOT}; "
        "start snakemake in a Python environment that does not import bsnpp by itself"
    )


def or_exit(function, *arguments):
    """Call a function; on a user error, exit with its message instead of a traceback."""
    try:
        return function(*arguments)
    except UserError as error:
        sys.exit(f"error: {error}")


PLAN = or_exit(load_plan, config)
CHALLENGE = PLAN.challenge
for subset in CHALLENGE.scored_subsets:
    or_exit(check_scored, CHALLENGE.annotations, subset)

# Jobs run a copy of the code as it was when the run started, so an edit during a run takes effect in the next one.
# The path is relative, because PYTHONPATH cannot hold a colon. Processes that the run starts on other machines find
# the name of the copy in the environment.
if workflow.is_main_process:
    CODE = or_exit(snapshot, ROOT, SNAPSHOTS)
    os.environ["BSNPP_CODE"] = CODE.name
else:
    CODE = or_exit(find_snapshot, ROOT, SNAPSHOTS, os.environ.get("BSNPP_CODE"))
SCRIPTS = CODE / "scripts"


envvars:
    "BSNPP_CODE",


# Scripts run with the interpreter of Snakemake, even if its environment is not activated. With `--sdm conda`, they
# run in the environment of the rule.
BY_CONDA = "CONDA" in {method.name for method in workflow.deployment_settings.deployment_method}
INTERPRETER = "" if BY_CONDA else f"PATH={shlex.quote(os.path.dirname(sys.executable))}:$PATH"
shell.prefix(
    f"export {INTERPRETER} PYTHONPATH={shlex.quote(str(CODE))} SCRIPTS={shlex.quote(str(SCRIPTS))}; "
    "set -euo pipefail; "
)


RESULTS = CHALLENGE.results
CLASSES = f"{RESULTS}/classification" if CHALLENGE.windows is None else f"{RESULTS}/snippets"
PREPARED = [path for path in PLAN.expected_files() if PLAN.is_made(path)]  # sources made by the workflow
SCORED = CHALLENGE.scored_subsets
EVALUATED = ["validation", "testing"]
TRAINING_SCALE = CHALLENGE.scales.training
GROUPS = [CHALLENGE.groups] if CHALLENGE.groups else []
COMPONENTS = CHALLENGE.components.lines if CHALLENGE.components else {}
GPU = int(CHALLENGE.compute.chosen_device == "cuda")


def one_of(names):
    """Return a wildcard pattern that matches exactly these names; without names, it matches nothing."""
    return "|".join(map(str, names)) or "(?!)"


def variants_from(source):
    """Return a wildcard pattern that matches the variants with this `Variant.source`."""
    return one_of(name for name, variant in CHALLENGE.variants.items() if variant.source == source)


wildcard_constraints:
    subset="training|validation|testing|pretraining",
    scale="[0-9]+",
    encoder=one_of(PLAN.encoders),
    generator=one_of(CHALLENGE.generators),
    initialisation=f"pretraining|{PATTERN}",
    blend=one_of(CHALLENGE.blends),
    panel=one_of(CHALLENGE.panels),
    external=one_of(row.name for row in PLAN.external),
    variant=one_of(CHALLENGE.variants),


def code(script, *loaded):
    """Return one parameter per module that a script imports, or loads by name, so that a change of its code triggers a rerun."""
    digests = module_digests(SCRIPTS / f"{script}.py", *loaded, root=CODE)
    return {module: f"{module}={digest}" for module, digest in digests.items()}  # `-n` shows only the values


def network_code(script):
    """Return a parameter for each module that a script reaches through a network, empty for other generators."""
    path = SCRIPTS / f"{script}.py"
    own = module_digests(path, root=CODE)
    reached = {
        name: module_digests(path, kind.network_module(), root=CODE) for name, kind in ARCHITECTURES.items()
    }

    def of_module(module):
        def parameter(wildcards):
            digests = reached[CHALLENGE.generators[wildcards.generator].model.architecture]
            return f"{module}={digests[module]}" if module in digests else ""

        return parameter

    return {module: of_module(module) for module in sorted(set().union(*reached.values()) - own.keys())}


def settings(**sections):
    """Return the configuration sections that a script reads as JSON."""
    return json.dumps(
        {
            name: value.model_dump(mode="json") if hasattr(value, "model_dump") else value
            for name, value in sections.items()
        }
    )


def flags(files):
    """Return command-line arguments: each flag followed by its files."""
    return [word for flag, paths in files.items() for word in (f"--{flag}", *paths)]


def gpu_needed_by_jobs():
    """Return whether a job that is about to run needs a GPU."""
    return any(job.resources.get("gpu") for job in workflow.dag.needrun_jobs())


onstart:
    if CHALLENGE.compute.device == "auto" and not workflow.local_exec:
        sys.exit("error: compute.device: auto needs jobs on this machine; set cuda or cpu for a cluster")
    if workflow.local_exec and gpu_needed_by_jobs() and gpu_fault():
        sys.exit(
            f"error: compute.device: cuda, but {gpu_fault()}; set cpu, or auto to use a GPU if there is one"
        )
