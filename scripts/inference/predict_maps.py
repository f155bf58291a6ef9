"""Predict the boundary sequences and confidence maps of one model for the videos of one subset."""

from collections.abc import Iterator

import numpy as np
import torch

from bsnpp.core.commandline import command_line, progress, run
from bsnpp.core.errors import UserError
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.inference.predict import predict_maps
from bsnpp.inference.settings import InferenceSettings
from bsnpp.models.build import Generator, load_generator
from bsnpp.models.compute import ComputeSettings
from bsnpp.models.device import check_device
from bsnpp.stores.features import FeatureStore
from bsnpp.stores.maps import write_maps


class PredictSettings(Settings):
    """What this script reads."""

    inference: InferenceSettings
    compute: ComputeSettings


def main() -> None:
    """Parse the command line and predict."""
    parser = command_line(__doc__)
    parser.add_argument("--model", required=True, help="model of the training stage")
    parser.add_argument("--features", required=True, help="rescaled features")
    parser.add_argument("--maps", required=True, help="map file to write")
    parser.add_argument("--settings", required=True, help="JSON: inference, compute")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, PredictSettings)
    compute = settings.compute
    check_device(compute.device)
    torch.set_num_threads(compute.threads)
    model, channels = load_generator(arguments.model)
    model.to(compute.device)
    if compute.compile:
        model.compile()
    store = FeatureStore(arguments.features)
    if store.channels != channels:
        raise UserError(
            f"{arguments.features}: {store.channels} channels, but {arguments.model} was trained on "
            f"{channels}; use features of the same encoder"
        )
    batches = _batches(model, store, settings)
    write_maps(arguments.maps, model.settings.grid(store.scale), store.videos, batches, "member")


def _batches(
    model: Generator, store: FeatureStore, settings: PredictSettings
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    count, size = len(store.videos), settings.inference.batch_size
    for begin in progress(range(0, count, size), -(-count // size), "batches"):
        features = store.read(range(begin, min(begin + size, count)))
        yield predict_maps(model, features, settings.compute.device, settings.compute.precision)


if __name__ == "__main__":
    run(main)
