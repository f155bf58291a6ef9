"""Check the configuration of a challenge: every key, the sample sheets, and missing files."""

import argparse

EXAMPLE = """bsnpp check config/mine/config.yaml config/mine/quick.yaml"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.add_argument(
        "configurations", nargs="+", metavar="FILE", help="configuration file and layers over it"
    )


def run(arguments: argparse.Namespace) -> None:
    """Check a configuration.

    Raises
    ------
    UserError
        If it is invalid or files are missing. The message lists all faults.
    """
    from bsnpp.annotations.ground_truth import check_scored
    from bsnpp.challenge.config_files import read_config
    from bsnpp.challenge.load import load_plan
    from bsnpp.cli.output import show

    challenge = load_plan(read_config(arguments.configurations)).challenge
    for subset in challenge.scored_subsets:
        check_scored(challenge.annotations, subset)
    show("valid", " ".join(arguments.configurations))
