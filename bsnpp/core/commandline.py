"""What every script's command line shares."""

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
    """A parser whose help is the script's docstring."""
    return argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )


def progress(items: Iterable[Item], total: int, unit: str) -> Iterator[Item]:
    """Yield items, reporting how many are done and how long the rest will take."""
    yield from tqdm(items, total=total, unit=f" {unit}", mininterval=5.0, ascii=True, file=sys.stderr)


def run(main: Callable[[], None]) -> None:
    """Run a script: a user's mistake ends in its message and exit code 1, without a traceback."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    try:
        main()
    except UserError as error:
        sys.exit(f"error: {error}")
