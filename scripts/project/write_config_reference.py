"""Update the tables of a Markdown file that explain every key of the configuration and the sheets."""

from pathlib import Path

from bsnpp.challenge.reference import with_references
from bsnpp.core.commandline import command_line, run
from bsnpp.core.files import whole_file


def main() -> None:
    """Parse the command line and update the file."""
    parser = command_line(__doc__)
    parser.add_argument("file", help="Markdown file to update: config/README.md")
    path = parser.parse_args().file
    text = with_references(Path(path).read_text(encoding="utf-8"))
    with whole_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    run(main)
