"""Train one proposal generator on the features of one encoder, from scratch or from another model.

A checkpoint is kept beside the model until the training has ended: after a kill, the same command goes on
where it stopped, and ends with the same weights. One that was made by other settings, code or inputs is not
used. SIGTERM, a scheduler's warning, ends the training after the batch under way with exit code 143; no batch
is lost then, while a plain kill loses those since the last epoch.
"""

import signal
import sys
from pathlib import Path

from pydantic import Field
from tqdm.contrib.logging import logging_redirect_tqdm

from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.models.build import load_generator, save_generator
from bsnpp.models.compute import ComputeSettings
from bsnpp.models.settings import GeneratorSettings
from bsnpp.reruns.code import digest_of
from bsnpp.training.checkpoint import Metrics, Stopped
from bsnpp.training.data import TrainingData
from bsnpp.training.report import _Report, _write_metrics
from bsnpp.training.settings import TrainingSettings
from bsnpp.training.trainer import Trainer


class TrainSettings(Settings):
    """What this script reads."""

    model: GeneratorSettings = Field(discriminator="architecture")
    training: TrainingSettings
    compute: ComputeSettings


def main() -> None:
    """Parse the command line and train."""
    parser = command_line(__doc__)
    parser.add_argument("--features", required=True, help="rescaled features of the training videos")
    parser.add_argument("--videos", required=True, help="table of the training videos")
    parser.add_argument("--instances", required=True, help="table of their instances")
    parser.add_argument("--validation-features", help="the same of the validation videos, whose loss chooses")
    parser.add_argument("--validation-videos", help="the best epoch")
    parser.add_argument("--validation-instances")
    parser.add_argument("--start", help="model to start from")
    parser.add_argument("--model", required=True, help="model to write (safetensors)")
    parser.add_argument("--metrics", required=True, help="losses of every epoch to write (CSV)")
    parser.add_argument("--settings", required=True, help="JSON: model, training, compute")
    parser.add_argument("--resident-mib", type=int, default=1024, help="features up to here stay in memory")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, TrainSettings)
    region = settings.training.boundary_region
    inputs = (arguments.features, arguments.videos, arguments.instances)
    validation_inputs = (
        arguments.validation_features,
        arguments.validation_videos,
        arguments.validation_instances,
    )
    data = TrainingData.load(*inputs, region, settings.model)
    validation = (
        TrainingData.load(*validation_inputs, region, settings.model) if all(validation_inputs) else None
    )
    start = load_generator(arguments.start)[0].state_dict() if arguments.start else None
    trainer = Trainer(
        settings.model,
        settings.training,
        settings.compute,
        data,
        validation,
        start,
        arguments.resident_mib,
    )
    given = [Path(path) for path in [*inputs, *validation_inputs, arguments.start] if path]
    checkpoint = Path(arguments.model).with_suffix(".checkpoint")
    digest = digest_of(Path(__file__), arguments.settings, given)
    report = _Report(settings.training.epochs, trainer.batches)

    def on_epoch(metrics: Metrics) -> None:
        report.epoch(metrics)
        _write_metrics(arguments.metrics, trainer.progress.metrics)

    try:
        with logging_redirect_tqdm():
            metrics = trainer.run(checkpoint, digest, on_epoch, report.batch)
    except Stopped:
        log.info("stopped by SIGTERM; the same command goes on from %s", checkpoint)
        sys.exit(128 + signal.SIGTERM)
    save_generator(arguments.model, trainer.model, data.store.channels, settings.model)
    _write_metrics(arguments.metrics, metrics)
    checkpoint.unlink()


if __name__ == "__main__":
    run(main)
