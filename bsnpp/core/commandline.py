"""Parse the command line of a script, show progress and report user errors."""

import argparse
import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from tqdm import tqdm

from bsnpp.core.errors import UserError

Item = TypeVar("Item")

log = logging.getLogger("bsnpp")


def command_line(description: str | None) -> argparse.ArgumentParser:
    """Return a parser whose help text begins with the docstring of the script."""
    return argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )


def progress(items: Iterable[Item], total: int, unit: str) -> Iterator[Item]:
    """Yield the items and show on stderr how many are done and how much time remains."""
    yield from tqdm(items, total=total, unit=f" {unit}", mininterval=5.0, ascii=True, file=sys.stderr)


def run(main: Callable[[], None]) -> None:
    """Run the main function of a script. A `UserError` ends it with the message and exit code 1."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    try:
        main()
    except UserError as error:
        sys.exit(f"error: {error}")
