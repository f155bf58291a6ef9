"""List the classes of the challenge: those of its class list, or of the training subset."""

from bsnpp.annotations.ground_truth import read_annotations
from bsnpp.annotations.settings import AnnotationSettings
from bsnpp.core.commandline import command_line, run
from bsnpp.core.files import whole_file
from bsnpp.core.settings import Settings, parse_settings


class ClassesSettings(Settings):
    """What this script reads."""

    annotations: AnnotationSettings


def main() -> None:
    """Parse the command line and list the classes."""
    parser = command_line(__doc__)
    parser.add_argument("--classes", required=True, help="text file to write, one class a line")
    parser.add_argument("--settings", required=True, help="JSON: annotations")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, ClassesSettings)
    classes = read_annotations(settings.annotations).classes
    with whole_file(arguments.classes) as temporary:
        temporary.write_text("".join(f"{name}\n" for name in classes), encoding="utf-8")


if __name__ == "__main__":
    run(main)
