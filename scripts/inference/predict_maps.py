"""Predict the boundary sequences and confidence maps of one model for the videos of one subset."""

import torch

from bsnpp.core.commandline import command_line, progress, run
from bsnpp.core.errors import UserError
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.inference.predict import predict_store
from bsnpp.inference.settings import InferenceSettings
from bsnpp.models.build import load_generator
from bsnpp.models.compute import ComputeSettings
from bsnpp.models.device import prepare_device
from bsnpp.stores.features import FeatureStore
from bsnpp.stores.maps import write_maps


class PredictSettings(Settings):
    """Settings of this script."""

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
    compute, size = settings.compute, settings.inference.batch_size
    prepare_device(compute.device)
    torch.set_num_threads(compute.threads)
    model = load_generator(arguments.model).to(compute.device)
    if compute.compile:
        model.compile()
    store = FeatureStore(arguments.features)
    if store.channels != model.channels:
        raise UserError(
            f"{arguments.features}: {store.channels} channels, but {arguments.model} was trained on "
            f"{model.channels}; use features of the same encoder"
        )
    maps = predict_store(model, store, size, compute.device, compute.precision, settings.inference.reversal)
    batches = progress(maps, -(-len(store.videos) // size), "batches")
    write_maps(arguments.maps, model.settings.grid(store.scale), store.videos, batches, "member")


if __name__ == "__main__":
    run(main)
