"""List the classes of the challenge: those of the class list, or else of the training subset."""

from bsnpp.annotations.ground_truth import read_annotations
from bsnpp.annotations.settings import AnnotationSettings
from bsnpp.core.class_list import write_classes
from bsnpp.core.commandline import command_line, run
from bsnpp.core.settings import Settings, parse_settings


class ClassesSettings(Settings):
    """Settings of this script."""

    annotations: AnnotationSettings


def main() -> None:
    """Parse the command line and write the class list."""
    parser = command_line(__doc__)
    parser.add_argument("--classes", required=True, help="class list to write")
    parser.add_argument("--settings", required=True, help="JSON: annotations")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, ClassesSettings)
    write_classes(arguments.classes, read_annotations(settings.annotations).classes)


if __name__ == "__main__":
    run(main)
