"""Write the manifest of a run: configuration, versions, weights, checksums and the command to repeat it."""

import shlex
from pathlib import Path
from typing import Any

from bsnpp.core.commandline import command_line, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.stores.weights import read_weights
from bsnpp.summary.manifest import (
    checksums,
    input_checksums,
    package_versions,
    relative,
    write_manifest,
)


class RunSettings(Settings):
    """Settings of this script: the resolved configuration, the rows of its sheets, and the command."""

    variant: str
    command: list[str]
    configuration: dict[str, Any]
    sheets: dict[str, list[dict[str, Any]]]


def main() -> None:
    """Parse the command line and write the manifest."""
    parser = command_line(__doc__)
    parser.add_argument("--files", required=True, nargs="+", help="submissions and tables, for checksums")
    parser.add_argument("--weights", nargs="*", default=[], help="weights of each blend and panel (CSV)")
    parser.add_argument("--inputs", nargs="*", default=[], help="files of the user, for checksums")
    parser.add_argument("--uses", nargs="*", default=[], help="what each of these files is used for")
    parser.add_argument("--features", nargs="*", default=[], help="feature manifests (CSV)")
    parser.add_argument("--manifest", required=True, help="JSON to write, in the results folder")
    parser.add_argument("--settings", required=True, help="JSON: variant, command, configuration, sheets")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, RunSettings)
    results = Path(arguments.manifest).parent
    weights = {relative(Path(path).parent, results): read_weights(path) for path in arguments.weights}
    manifest = {
        "challenge": settings.configuration["challenge"],
        "variant": settings.variant,
        "command": shlex.join(settings.command),
        "packages": package_versions(),
        "inputs": input_checksums(arguments.uses, arguments.inputs, arguments.features, results),
        "files": checksums(arguments.files, results),
        "weights": weights,
        "configuration": settings.configuration,
        "sheets": settings.sheets,
    }
    write_manifest(arguments.manifest, manifest)


if __name__ == "__main__":
    run(main)
