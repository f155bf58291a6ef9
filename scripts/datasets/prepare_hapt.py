"""Write the HAPT recordings in public layouts: annotations, persons and features of each encoder."""

from bsnpp.core.commandline import command_line, progress, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.datasets.hapt.prepare import prepare
from bsnpp.datasets.hapt.settings import HaptSettings


class PrepareSettings(Settings):
    """Settings of this script."""

    hapt: HaptSettings
    seed: int


def main() -> None:
    """Parse the command line and write the recordings."""
    parser = command_line(__doc__)
    parser.add_argument(
        "--archive", required=True, help="zip file of UCI data set 341, which is not extracted"
    )
    parser.add_argument("--folder", required=True, help="folder to write to")
    parser.add_argument("--settings", required=True, help="JSON: hapt, seed")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, PrepareSettings)
    prepare(
        arguments.archive,
        settings.hapt,
        settings.seed,
        arguments.folder,
        lambda jobs: progress(jobs, len(jobs), "encoders of a stream"),
    )


if __name__ == "__main__":
    run(main)
