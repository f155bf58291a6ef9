"""Look at the data of a challenge before anything is trained: annotations, features and classifiers.

All faults are listed at once, each with what to do about it. The lengths of all .npy and HDF5 features come
from their headers; values are read for a sample of videos, or for all with --full. The exit code is 1 if the
run would stop. Of videos that a network encodes, only the headers are read.
"""

import argparse

EXAMPLE = "bsnpp inspect --configfile config/mine/config.yaml --figure look.png --json look.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.add_argument(
        "--configfile", required=True, nargs="+", metavar="FILE", help="configuration and layers over it"
    )
    parser.add_argument("--full", action="store_true", help="read the values of all features")
    parser.add_argument("--figure", metavar="FILE", help="write a figure (.png or .svg)")
    parser.add_argument("--json", metavar="FILE", help="write everything, with every example")


def run(arguments: argparse.Namespace) -> None:
    """Inspect the data, show the findings and write them.

    Raises
    ------
    UserError
        If the configuration is invalid or files are missing, or after the inspection, if there are faults.
    """
    from bsnpp.challenge.config_files import read_config
    from bsnpp.challenge.load import load_plan
    from bsnpp.challenge.refusals import refuse_inspection
    from bsnpp.cli.output import show, write_json
    from bsnpp.core.commandline import progress
    from bsnpp.core.errors import UserError
    from bsnpp.inspection.inspect import inspect_challenge
    from bsnpp.inspection.report import report_text
    from bsnpp.inspection.tables import as_json, figure_tables

    plan = load_plan(read_config(arguments.configfile))
    refuse_inspection(plan)
    inspection = inspect_challenge(
        plan, lambda videos, name: progress(videos, len(videos), f"videos of {name}"), arguments.full
    )
    print(report_text(inspection))
    write_json(arguments.json, as_json(inspection))
    if arguments.figure:
        from bsnpp.reporting.inspection import inspection_figure
        from bsnpp.reporting.style import save

        save(inspection_figure(inspection.challenge, figure_tables(inspection)), arguments.figure)
        show("written", arguments.figure)
    if inspection.faults:
        raise UserError("correct the faults above first; they would stop the run")
