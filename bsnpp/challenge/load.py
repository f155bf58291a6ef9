"""Load a challenge: compose its configuration with its sample sheets, and check both."""

from typing import Any

from pydantic import ValidationError

from bsnpp.challenge.key_checks import faults_of_keys
from bsnpp.challenge.model import Challenge
from bsnpp.challenge.plan import Plan
from bsnpp.challenge.plan_checks import faults_of_plan
from bsnpp.challenge.sheets import Classifier, EncoderStream, ExternalFiles, read_sheet
from bsnpp.core.errors import Faults, UserError
from bsnpp.core.settings import explain


def load_challenge(config: dict[str, Any]) -> Challenge:
    """Check a configuration: every key and value, then the contradictions between keys.

    Parameters
    ----------
    config : dict
        As read from YAML.

    Raises
    ------
    UserError
        With every fault found.
    """
    faults = Faults("invalid configuration", "config/README.md explains every key.")
    try:
        challenge = Challenge.model_validate(config)
    except ValidationError as error:
        faults.extend(explain(error))
        raise UserError(str(faults)) from error
    faults.extend(faults_of_keys(challenge))
    faults.raise_if_any()
    return challenge


def load_plan(config: dict[str, Any]) -> Plan:
    """Compose and check a challenge with its sample sheets.

    Parameters
    ----------
    config : dict
        As read from YAML.

    Raises
    ------
    UserError
        With every fault: first of keys and values, then of sheets, then every missing file with its expected
        content.
    """
    challenge = load_challenge(config)
    words = {"challenge": challenge.challenge, "results": challenge.results}
    streams = read_sheet(challenge.encoders, EncoderStream, words)
    classifiers = read_sheet(challenge.classifiers, Classifier, words)
    sheet = challenge.external_detections
    external = [] if sheet is None else read_sheet(sheet, ExternalFiles, words)
    plan = Plan(challenge, streams, classifiers, external)
    faults = Faults("the configuration and its sheets do not fit together")
    faults.extend(faults_of_plan(plan))
    faults.raise_if_any()
    missing = Faults(f"files of the challenge {challenge.challenge} are missing")
    missing.extend(plan.missing_files())
    missing.raise_if_any()
    return plan
