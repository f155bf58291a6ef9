"""Export the submitted variant of a finished run as one bundle, which detects actions in new videos."""

from bsnpp.bundle.export import export_bundle
from bsnpp.core.commandline import command_line, log, run


def main() -> None:
    """Parse the command line and export."""
    parser = command_line(__doc__)
    parser.add_argument("--results", required=True, help="results folder of the run")
    parser.add_argument("--bundle", required=True, help="archive (.zip) or folder to write")
    arguments = parser.parse_args()
    manifest = export_bundle(arguments.results, arguments.bundle)
    log.info("%s: variant %s, %d files", arguments.bundle, manifest.variant, len(manifest.checksums) + 1)


if __name__ == "__main__":
    run(main)
