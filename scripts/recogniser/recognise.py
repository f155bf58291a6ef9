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
from bsnpp.recogniser.recognition import calibrate, recognise_table
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
    parser.add_argument("--proposals", required=True, nargs="+", help="proposals, or `dense`")
    parser.add_argument("--recordings", required=True, nargs="+", help="table of the recordings, for each")
    parser.add_argument("--detections", required=True, nargs="+", help="detections to write, for each")
    parser.add_argument("--refined", required=True, nargs="+", help="refined proposals to write, for each")
    parser.add_argument("--panel", nargs="*", default=[], help="snippet classes for each, or none at all")
    parser.add_argument("--calibrate", nargs="?", help="instances of the first recordings, to calibrate on")
    parser.add_argument("--model", required=True, help="recogniser to write (.safetensors)")
    parser.add_argument("--settings", required=True, help="JSON: detection, streams, snippets, seed")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, RecogniserSettings)
    chosen = parse_settings(checked_text(arguments.chosen), RecognitionSettings)
    classes, seconds = read_classes(arguments.classes), settings.snippets.snippet_seconds
    generated = read_proposals(arguments.generated) if arguments.generated else None
    training = read_recordings(arguments.videos, settings, chosen.encoders, generated)
    truth = group_instances(read_table(arguments.instances), classes)
    recogniser = train_recogniser(training, truth, classes, seconds, chosen, settings.seed)
    panels = arguments.panel or [None] * len(arguments.proposals)
    inputs = zip(arguments.proposals, arguments.recordings, panels, strict=True)
    results = [recognise_table(recogniser, settings, *paths) for paths in inputs]
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
