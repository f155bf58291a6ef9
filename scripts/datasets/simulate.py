"""Write the simulated challenge: annotations, features and classifier results in public formats."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TypeVar

from bsnpp.core.commandline import command_line, progress, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.datasets.simulation.challenge import simulate
from bsnpp.datasets.simulation.settings import SimulationSettings

Item = TypeVar("Item")


class SimulateSettings(Settings):
    """What this script reads."""

    simulation: SimulationSettings
    seed: int


def main() -> None:
    """Parse the command line and simulate."""
    parser = command_line(__doc__)
    parser.add_argument("--folder", required=True, help="where the challenge is written")
    parser.add_argument("--settings", required=True, help="JSON: simulation, seed")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, SimulateSettings)
    simulate(settings.simulation, settings.seed, arguments.folder, _with_progress)


def _with_progress(videos: Sequence[Item]) -> Iterable[Item]:
    return partial(progress, unit="videos")(videos, len(videos))


if __name__ == "__main__":
    run(main)
