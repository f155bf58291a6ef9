"""Write 50 Salads in public layouts: annotations, persons and the scores of four networks as features."""

from bsnpp.core.commandline import command_line, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.datasets.salads.prepare import prepare
from bsnpp.datasets.salads.settings import SaladsSettings


class PrepareSettings(Settings):
    """Settings of this script."""

    salads: SaladsSettings


def main() -> None:
    """Parse the command line and prepare."""
    parser = command_line(__doc__)
    parser.add_argument("--source", required=True, help="clone of the repository, or its 50 Salads part")
    parser.add_argument("--folder", required=True, help="folder to write")
    parser.add_argument("--settings", required=True, help="JSON: salads")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, PrepareSettings)
    prepare(arguments.source, settings.salads, arguments.folder)


if __name__ == "__main__":
    run(main)
