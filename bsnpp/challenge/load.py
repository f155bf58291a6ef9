"""Load and check a challenge: its configuration and its sample sheets."""

from typing import Any

from pydantic import ValidationError

from bsnpp.challenge.key_checks import key_faults
from bsnpp.challenge.model import Challenge
from bsnpp.challenge.plan import Plan
from bsnpp.challenge.plan_checks import plan_faults
from bsnpp.challenge.sheets import Classifier, EncoderStream, ExternalFiles, read_sheet
from bsnpp.core.errors import Faults, UserError
from bsnpp.core.settings import explain


def load_challenge(config: dict[str, Any]) -> Challenge:
    """Check a configuration: each key by itself, then the keys against each other.

    Parameters
    ----------
    config : dict
        As read from YAML.

    Returns
    -------
    Challenge

    Raises
    ------
    UserError
        Lists every fault of single keys or, if there is none, every contradiction between keys.
    """
    faults = Faults("invalid configuration", "See config/README.md for every key.")
    try:
        challenge = Challenge.model_validate(config)
    except ValidationError as error:
        faults.extend(explain(error))
        raise UserError(str(faults)) from error
    except RecursionError as error:
        faults.add("sections are nested too deeply, or contain themselves by an alias")
        raise UserError(str(faults)) from error
    faults.extend(key_faults(challenge))
    faults.raise_if_any()
    return challenge


def load_plan(config: dict[str, Any]) -> Plan:
    """Load a challenge with its sample sheets, and check everything that can be checked before a run.

    Parameters
    ----------
    config : dict
        As read from YAML.

    Returns
    -------
    Plan

    Raises
    ------
    UserError
        Lists every fault of the first check that fails: the keys, the sheets, keys and sheets together, or
        the missing files with their expected content.
    """
    challenge = load_challenge(config)
    words = {"challenge": challenge.challenge, "results": challenge.results}
    rows = read_sheet(challenge.encoders, EncoderStream, words)
    streams = [row.encoded_in(challenge.encoded) for row in rows]
    classifiers = read_sheet(challenge.classifiers, Classifier, words)
    sheet = challenge.external_detections
    external = [] if sheet is None else read_sheet(sheet, ExternalFiles, words)
    plan = Plan(challenge, streams, classifiers, external)
    faults = Faults("invalid configuration or sample sheets")
    faults.extend(plan_faults(plan))
    faults.raise_if_any()
    missing = Faults(f"missing files of the challenge {challenge.challenge}")
    missing.extend(plan.missing_files())
    missing.raise_if_any()
    return plan
