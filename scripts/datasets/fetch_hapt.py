"""Fetch the zip file of UCI data set 341 (HAPT) from its public address."""

from bsnpp.core.commandline import command_line, log, run
from bsnpp.datasets.hapt.download import download


def main() -> None:
    """Parse the command line and fetch the file."""
    parser = command_line(__doc__)
    parser.add_argument("--address", required=True, help="address of the zip file")
    parser.add_argument("--archive", required=True, help="file to write")
    arguments = parser.parse_args()
    log.info("fetching %s", arguments.address)
    download(arguments.address, arguments.archive)


if __name__ == "__main__":
    run(main)
