"""Start a challenge: copy the smallest one, with one encoder, one generator and one classifier.

The name of the folder becomes the name of the challenge. An existing folder is not changed.
"""

import argparse

EXAMPLE = "bsnpp init config/mine"

NEXT = """Edit next:
  {folder}/config.yaml      annotations: path and layout of your ground truth
  {folder}/encoders.tsv     path and channels of your features, one row per stream
  {folder}/classifiers.tsv  nothing, or your score files
Then run:
  bsnpp check {folder}/config.yaml
  bsnpp inspect --configfile {folder}/config.yaml  # missing videos, lengths, NaN, classes
  snakemake --configfile {folder}/config.yaml {folder}/quick.yaml  # the whole chain in minutes
  snakemake --configfile {folder}/config.yaml"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.add_argument("folder", metavar="FOLDER", help="folder to write, for example config/mine")


def run(arguments: argparse.Namespace) -> None:
    """Copy the template, and say what to edit next.

    Raises
    ------
    UserError
        If the folder exists or cannot be written, or its name cannot be that of a challenge.
    """
    import shlex
    from pathlib import Path

    from bsnpp.challenge.template import copy_template
    from bsnpp.cli.output import show

    show("written", ", ".join(f"{arguments.folder}/{name}" for name in copy_template(arguments.folder)))
    print(NEXT.format(folder=shlex.quote(Path(arguments.folder).as_posix())))
