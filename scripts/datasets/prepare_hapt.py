"""Write the HAPT recordings in public layouts: annotations, persons and snippet features of each encoder."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TypeVar

from bsnpp.core.commandline import command_line, progress, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.datasets.hapt.prepare import prepare
from bsnpp.datasets.hapt.settings import HaptSettings

Item = TypeVar("Item")


class PrepareSettings(Settings):
    """What this script reads."""

    hapt: HaptSettings
    seed: int


def main() -> None:
    """Parse the command line and prepare."""
    parser = command_line(__doc__)
    parser.add_argument("--archive", required=True, help="zip of UCI data set 341, read in place")
    parser.add_argument("--folder", required=True, help="where everything is written")
    parser.add_argument("--settings", required=True, help="JSON: hapt, seed")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, PrepareSettings)
    prepare(arguments.archive, settings.hapt, settings.seed, arguments.folder, _with_progress)


def _with_progress(jobs: Sequence[Item]) -> Iterable[Item]:
    return partial(progress, unit="encoders of a stream")(jobs, len(jobs))


if __name__ == "__main__":
    run(main)
