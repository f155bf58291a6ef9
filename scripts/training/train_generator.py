"""Train one proposal generator on the features of one encoder, from scratch or from another model.

A checkpoint is kept beside the model until the training has ended. After a kill, the same command resumes
from it and ends with the same weights. A checkpoint of other settings, code or inputs is ignored. SIGTERM,
the warning of a scheduler, ends the training after the current batch with exit code 143 and loses no batch; a
kill without warning loses the batches since the last epoch.
"""

import signal
import sys
from pathlib import Path

from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.settings import parse_settings
from bsnpp.models.build import load_generator
from bsnpp.reruns.code import digest_of
from bsnpp.training.data import TrainingData
from bsnpp.training.interruption import Stopped
from bsnpp.training.session import SessionSettings, checkpoint_of, run_session
from bsnpp.training.trainer import Trainer


def main() -> None:
    """Parse the command line and train."""
    parser = command_line(__doc__)
    parser.add_argument("--features", required=True, nargs="+", help="features of the training videos")
    parser.add_argument("--videos", required=True, help="table of the training videos")
    parser.add_argument("--instances", required=True, help="table of their instances")
    parser.add_argument("--validation-features", help="features of the videos that select the best epoch")
    parser.add_argument("--validation-videos", help="table of these videos")
    parser.add_argument("--validation-instances", help="table of their instances")
    parser.add_argument("--start", help="model to start from")
    parser.add_argument("--model", required=True, help="model to write (safetensors)")
    parser.add_argument("--metrics", required=True, help="losses of every epoch to write (CSV)")
    parser.add_argument("--settings", required=True, help="JSON: model, training, compute")
    parser.add_argument("--resident-gib", type=float, default=1.0, help="limit for features in memory [GiB]")
    given = parser.parse_args()
    settings = parse_settings(given.settings, SessionSettings)
    files = (given.videos, given.instances)
    validation_files = (given.validation_features, given.validation_videos, given.validation_instances)
    labels = (settings.model, settings.training.boundary_region)
    data, *further = [TrainingData.load(path, *files, *labels) for path in given.features]
    validation = TrainingData.load(*validation_files, *labels) if all(validation_files) else None
    start = load_generator(given.start).state_dict() if given.start else None
    sections = (settings.model, settings.training, settings.compute)
    trainer = Trainer(*sections, data, validation, further, start, given.resident_gib)
    inputs = [Path(path) for path in (*given.features, *files, *validation_files, given.start) if path]
    digest = digest_of(Path(__file__), given.settings, inputs, settings.model.network_module())
    try:
        run_session(trainer, digest, given.model, given.metrics)
    except Stopped:
        log.info("stopped by SIGTERM; the same command resumes from %s", checkpoint_of(given.model))
        sys.exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    run(main)
