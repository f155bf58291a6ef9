"""Measure the cost of the whole 2020 challenge on this machine: `python benchmarks/full_challenge.py`.

Trains and runs both generators on simulated features of real size, with or without a GPU (bfloat16 on a GPU).
Some steps are timed after a warm-up and scaled to an epoch; `--full` times whole epochs. Needs no network and
no files: features and labels are random and stay on the device.
"""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for benchmarks.operations

from benchmarks.generator_steps import Data, inference_seconds, seconds, simulate, trainer
from benchmarks.operations import parts_of, training_cost
from bsnpp.core.files import whole_file
from bsnpp.models.build import build_generator
from bsnpp.models.device import prepare_training
from bsnpp.models.settings import BMNSettings, BSNPPSettings, GeneratorSettings, MatchingSettings
from bsnpp.training.settings import TrainingSettings

ENCODERS = 9
"""The TSN of the baseline and the eight encoders of Table 2."""

PAPER: dict[str, GeneratorSettings] = {"bsnpp": BSNPPSettings(), "bmn": BMNSettings()}

_NARROW = MatchingSettings(bins=4, input_channels=8, filters=8)
NARROW: dict[str, GeneratorSettings] = {
    "bsnpp": BSNPPSettings(base_channels=8, boundary_channels=8, matching=_NARROW, relation_channels=8),
    "bmn": BMNSettings(base_channels=8, matching=_NARROW, confidence_channels=8),
}
"""Widths of a smoke test; the results are meaningless."""


@dataclass(frozen=True)
class Figures:
    """Measurements of one generator: times [s], and shares of the peak performance in training."""

    step_seconds: float
    epoch_seconds: float
    inference_seconds: dict[int, float]
    operations_share: float
    bytes_share: float


def roof(arguments: argparse.Namespace) -> tuple[float, float]:
    """Measure the peak operations and bytes per second of the device, by a large product and a large copy."""
    dtype = torch.bfloat16 if arguments.precision == "bfloat16" else torch.float32
    size = arguments.roof_size
    square = torch.randn(size, size, device=arguments.device, dtype=dtype)
    source = torch.empty(8 * size * size, device=arguments.device)
    target = torch.empty_like(source)
    runs: list[Callable[[], object]] = [lambda: square @ square, lambda: target.copy_(source)]
    product, copy = (min(seconds(run, arguments.device) for _ in range(6)) for run in runs)
    return 2 * size**3 / product, 2 * source.nbytes / copy


def measure(
    settings: GeneratorSettings, data: Data, best: tuple[float, float], arguments: argparse.Namespace
) -> Figures:
    """Time training and inference of one generator."""
    torch.manual_seed(0)
    model = build_generator(arguments.channels, settings).to(arguments.device)
    take = trainer(model, data, arguments)
    take(arguments.warm_up)
    steps = -(-arguments.videos // arguments.batch)
    timed = steps if arguments.full else min(arguments.steps, steps)
    step = seconds(lambda: take(timed), arguments.device) / timed
    parameters = sum(parameter.numel() for parameter in model.parameters())
    width = 2 if arguments.precision == "bfloat16" else 4
    parts = parts_of(settings, arguments.channels, arguments.scale)
    cost = training_cost(parts, parameters, arguments.batch, width)
    shares = [needed / step / reached for needed, reached in zip(cost, best, strict=True)]
    predicted = {scale: inference_seconds(model, scale, arguments) for scale in arguments.scales}
    return Figures(step, step * steps, predicted, *shares)


def challenge_seconds(figures: dict[str, Figures], arguments: argparse.Namespace) -> dict[str, float]:
    """Extrapolate to both generators on every encoder, with BSN++ pre-trained for each [s]."""
    epochs = TrainingSettings().epochs
    epoch = {name: one.epoch_seconds for name, one in figures.items()}
    larger = arguments.pretraining_videos / arguments.videos
    return {
        "training": ENCODERS * epochs * sum(epoch.values()),
        "pre-training": ENCODERS * epochs * larger * epoch["bsnpp"],
        "inference": ENCODERS * sum(sum(one.inference_seconds.values()) for one in figures.values()),
    }


def report(figures: dict[str, Figures], best: tuple[float, float], arguments: argparse.Namespace) -> str:
    """Format the results."""
    lines = [
        f"{card(arguments.device)}, torch {torch.__version__}, {arguments.precision}",
        f"measured peak: {best[0] / 1e12:.2f} Tera-operations/s, {best[1] / 1e9:.0f} GB/s",
    ]
    for name, one in figures.items():
        predicted = ", ".join(f"T = {scale}: {value:.1f} s" for scale, value in one.inference_seconds.items())
        lines += [
            f"{name}: {1e3 * one.step_seconds:.1f} ms per step, {one.epoch_seconds:.1f} s per epoch; "
            f"{one.operations_share:.1%} of the peak operations, {one.bytes_share:.1%} of the peak bandwidth",
            f"{name}: inference of {arguments.inference_videos} videos: {predicted}",
        ]
    costs = challenge_seconds(figures, arguments)
    lines += [f"{name}: {value / 60:.1f} min" for name, value in costs.items()]
    total = sum(costs.values()) / 3600
    return "\n".join([*lines, f"the whole challenge, {ENCODERS} encoders and 2 generators: {total:.2f} h"])


def card(device: str) -> str:
    """Return the name of the device."""
    return torch.cuda.get_device_name() if device == "cuda" else f"CPU, {torch.get_num_threads()} threads"


def parse(command: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    cuda = torch.cuda.is_available()
    numbers = {
        "videos": (9649, "training videos of the BMN protocol"),
        "inference-videos": (9579, "validation and test videos of the BMN protocol"),
        "pretraining-videos": (37613, "training videos of HACS Segments"),
        "channels": (400, "channels of the features"),
        "scale": (100, "T of training"),
        "batch": (16, "videos in a batch"),
        "warm-up": (5, "warm-up steps"),
        "steps": (30, "timed steps"),
        "roof-size": (8192 if cuda else 1024, "rows of the matrices that measure the peak"),
    }
    for name, (default, text) in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=default, help=f"{text} ({default})")
    parser.add_argument("--scales", type=int, nargs="+", default=[30, 80, 100], help="T of inference")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cuda" if cuda else "cpu")
    precisions = ["float32", "bfloat16"]
    parser.add_argument(
        "--precision", choices=precisions, default=precisions[cuda], help="autocast precision of the model"
    )
    parser.add_argument("--full", action="store_true", help="time whole epochs instead of some steps")
    parser.add_argument(
        "--narrow", action="store_true", help="use the widths of a smoke test; the results are meaningless"
    )
    parser.add_argument("--output", type=Path, help="JSON file to write")
    return parser.parse_args(command)


def main() -> None:
    """Measure both generators, print a summary, and optionally write it as JSON."""
    arguments = parse()
    prepare_training(arguments.device)
    best, data = roof(arguments), simulate(arguments)
    widths = NARROW if arguments.narrow else PAPER
    figures = {name: measure(settings, data, best, arguments) for name, settings in widths.items()}
    print(report(figures, best, arguments))
    if arguments.output:
        generators = {name: asdict(one) for name, one in figures.items()}
        content = {"card": card(arguments.device), "roof": best, "generators": generators}
        content |= {"challenge_seconds": challenge_seconds(figures, arguments)}
        with whole_file(arguments.output) as temporary:
            temporary.write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()
