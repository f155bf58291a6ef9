"""Write the JSON schema of the configuration, which Snakemake and editors use for validation."""

import json

from bsnpp.challenge.model import configuration_schema
from bsnpp.core.commandline import command_line, run
from bsnpp.core.files import whole_file


def main() -> None:
    """Parse the command line and write the schema."""
    parser = command_line(__doc__)
    parser.add_argument("schema", help="JSON file to write")
    with whole_file(parser.parse_args().schema) as temporary:
        temporary.write_text(json.dumps(configuration_schema(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    run(main)
