"""Train one proposal generator on the features of one encoder, from scratch or from another model.

A checkpoint is kept beside the model until the training has ended: after a kill, the same command goes on
where it stopped. One that was made by other settings, code or inputs is not used.
"""

import csv
import time
from pathlib import Path

from commandline import command_line, log, run
from pydantic import Field

from bsnpp.annotations import read_table
from bsnpp.features.store import FeatureStore
from bsnpp.files import whole_file
from bsnpp.models.build import load_generator, save_generator
from bsnpp.models.settings import GeneratorSettings
from bsnpp.provenance import digest_of
from bsnpp.settings import Settings, parse_settings
from bsnpp.training.data import TrainingData, shares_by_video, visible_by_video
from bsnpp.training.settings import ComputeSettings, TrainingSettings
from bsnpp.training.trainer import Metrics, Trainer


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
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, TrainSettings)
    inputs = (arguments.features, arguments.videos, arguments.instances)
    validation_inputs = (
        arguments.validation_features,
        arguments.validation_videos,
        arguments.validation_instances,
    )
    data = _load(inputs, settings)
    validation = _load(validation_inputs, settings) if all(validation_inputs) else None
    start = load_generator(arguments.start)[0].state_dict() if arguments.start else None
    trainer = Trainer(settings.model, settings.training, settings.compute, data, validation, start)
    given = [Path(path) for path in [*inputs, *validation_inputs, arguments.start] if path]
    checkpoint = Path(arguments.model).with_suffix(".checkpoint")
    digest = digest_of(Path(__file__), arguments.settings, given)
    metrics = trainer.run(checkpoint, digest, _Reporter(settings.training.epochs))
    save_generator(arguments.model, trainer.model, data.store.channels, settings.model)
    _write_metrics(arguments.metrics, metrics)
    checkpoint.unlink()


def _load(paths: tuple[str, str, str], settings: TrainSettings) -> TrainingData:
    features, videos, instances = paths
    table, store = read_table(instances), FeatureStore(features)
    shares = shares_by_video(read_table(videos), table)
    region, durations = settings.training.boundary_region, settings.model.grid(store.scale).durations
    return TrainingData(store, shares, region, visible_by_video(table), durations=durations)


class _Reporter:
    """Logs a line for every epoch, with an estimate of the time that is left."""

    def __init__(self, epochs: int) -> None:
        self.epochs, self.begin, self.seen = epochs, time.monotonic(), 0

    def __call__(self, metrics: Metrics) -> None:
        self.seen += 1
        left = (self.epochs - metrics["epoch"]) * (time.monotonic() - self.begin) / self.seen
        losses = "  ".join(f"{name} {value:.4f}" for name, value in metrics.items() if name.endswith("total"))
        log.info("epoch %d/%d  %s  about %.0f s left", metrics["epoch"], self.epochs, losses, left)


def _write_metrics(path: str, metrics: list[Metrics]) -> None:
    with whole_file(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(metrics[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(metrics)


if __name__ == "__main__":
    run(main)
