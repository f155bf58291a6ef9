"""Write the simulated challenge: annotations, features and classifier results in public formats."""

from bsnpp.core.commandline import command_line, progress, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.datasets.simulation.challenge import simulate
from bsnpp.datasets.simulation.settings import SimulationSettings


class SimulateSettings(Settings):
    """Settings of this script."""

    simulation: SimulationSettings
    seed: int


def main() -> None:
    """Parse the command line and write the challenge."""
    parser = command_line(__doc__)
    parser.add_argument("--folder", required=True, help="folder to write to")
    parser.add_argument("--settings", required=True, help="JSON: simulation, seed")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, SimulateSettings)
    simulate(
        settings.simulation,
        settings.seed,
        arguments.folder,
        lambda videos: progress(videos, len(videos), "videos"),
    )


if __name__ == "__main__":
    run(main)
