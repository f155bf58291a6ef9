"""Convert the annotations of one subset, in any layout, to a table of videos and a table of instances."""

from bsnpp.annotations.ground_truth import read_annotations
from bsnpp.annotations.settings import AnnotationSettings
from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.stores.tables import write_table


class ReadSettings(Settings):
    """Settings of this script."""

    annotations: AnnotationSettings


def main() -> None:
    """Parse the command line and write both tables."""
    parser = command_line(__doc__)
    parser.add_argument("--subset", required=True, help="training, validation, testing or pretraining")
    parser.add_argument("--videos", required=True, help="table of videos to write")
    parser.add_argument("--instances", required=True, help="table of instances to write")
    parser.add_argument("--settings", required=True, help="JSON: annotations")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, ReadSettings)
    annotations = read_annotations(settings.annotations)
    test_note = [annotations.test_note] if arguments.subset == "testing" else []
    for note in filter(None, [*annotations.notes, *test_note]):
        log.warning("%s", note)
    # Of the pre-training set only the training subset is used. Its classes do not matter to proposals.
    videos, instances = annotations.subset(
        "training" if arguments.subset == "pretraining" else arguments.subset
    )
    write_table(arguments.videos, videos)
    write_table(arguments.instances, instances)


if __name__ == "__main__":
    run(main)
