"""Train the recogniser of proposals on the training recordings, and recognise proposals with it.

Each value of `--proposals` is a table of proposals, or `dense`: windows of many lengths at many places, which
need no generator. Each call trains the recogniser, so list all proposals in one call.
"""

from pathlib import Path

from bsnpp.core.checksums import checked_text
from bsnpp.core.class_list import read_classes
from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.settings import parse_settings
from bsnpp.recogniser.detections import recognised_tables
from bsnpp.recogniser.inputs import RecogniserSettings, add_training_arguments, read_recordings
from bsnpp.recogniser.recogniser import train_recogniser
from bsnpp.recogniser.recogniser_files import save_recogniser
from bsnpp.recogniser.recognition import add_subset_arguments, calibrate, recognise_subset, subsets_of
from bsnpp.recogniser.recordings import group_instances
from bsnpp.recogniser.settings import RecognitionSettings
from bsnpp.stores.detections import read_proposals, write_detections, write_proposals
from bsnpp.stores.tables import read_table


def main() -> None:
    """Train, recognise, and write detections and refined proposals."""
    parser = command_line(__doc__)
    add_training_arguments(parser)
    parser.add_argument("--generated", nargs="?", help="a generator's proposals on the training recordings")
    parser.add_argument("--chosen", required=True, help="JSON of the recogniser's settings")
    add_subset_arguments(parser)
    parser.add_argument("--detections", required=True, nargs="+", help="detections to write, for each")
    parser.add_argument("--refined", required=True, nargs="+", help="refined proposals to write, for each")
    parser.add_argument("--calibrate", nargs="?", help="instances of the first recordings, to calibrate on")
    parser.add_argument("--model", required=True, help="recogniser to write (.safetensors)")
    parser.add_argument("--settings", required=True, help="JSON: detection, streams, snippets, seed")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, RecogniserSettings)
    chosen = parse_settings(checked_text(arguments.chosen), RecognitionSettings)
    classes, seconds = read_classes(arguments.classes), settings.snippet_seconds
    generated = read_proposals(arguments.generated) if arguments.generated else None
    training = read_recordings(arguments.videos, settings, chosen.encoders, arguments.cells, generated)
    truth = group_instances(read_table(arguments.instances), classes)
    recogniser = train_recogniser(training, truth, classes, seconds, chosen, settings.seed)
    results = [recognise_subset(recogniser, settings, subset) for subset in subsets_of(arguments)]
    if arguments.calibrate:
        recogniser = calibrate(recogniser, results[0], read_table(arguments.calibrate))
    save_recogniser(arguments.model, recogniser)
    for one, detections, refined in zip(results, arguments.detections, arguments.refined, strict=True):
        detected, proposed = recognised_tables(one, recogniser.calibration, classes)
        write_detections(detections, detected)
        write_proposals(refined, proposed)
        log.info("%s: %d detections", Path(detections).name, len(detected))


if __name__ == "__main__":
    run(main)
