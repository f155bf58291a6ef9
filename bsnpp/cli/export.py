"""Export the submitted variant of a finished run as a bundle: one file that detects actions in new videos."""

import argparse

EXAMPLE = "bsnpp export results/demo --output demo.zip"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.add_argument("results", metavar="RESULTS", help="results folder of the run")
    parser.add_argument(
        "--output",
        metavar="BUNDLE",
        help="archive (.zip) or folder to write; default: bundle.zip in the results folder",
    )


def run(arguments: argparse.Namespace) -> None:
    """Export the submitted variant.

    Raises
    ------
    UserError
        If files of the run are missing or damaged, or the bundle cannot be written.
    """
    from pathlib import Path

    from bsnpp.bundle.export import export_bundle
    from bsnpp.core.commandline import log

    output = arguments.output or Path(arguments.results) / "bundle.zip"
    manifest = export_bundle(arguments.results, output)
    log.info("%s: variant %s of %s", output, manifest.variant, manifest.challenge)
