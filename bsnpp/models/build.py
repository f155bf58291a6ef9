"""Build a generator from its settings, and store it in a file."""

import json
from importlib import import_module
from pathlib import Path

import safetensors.torch
from safetensors import SafetensorError

from bsnpp.core.checksum_forms import ROOM, SLOT
from bsnpp.core.checksums import checked_bytes, checked_file
from bsnpp.core.errors import UserError
from bsnpp.core.weight_files import metadata_of
from bsnpp.models.base import Generator
from bsnpp.models.settings import ProposalSettings, parse_generator


def network_class(settings: ProposalSettings) -> type[Generator]:
    """Import the network that the settings describe."""
    module, _, name = settings.network.partition(":")
    return getattr(import_module(module), name)


def build_generator(channels: int, settings: ProposalSettings) -> Generator:
    """Build a generator with random weights for features with C = `channels`."""
    return network_class(settings)(channels, settings)


def save_generator(path: str | Path, model: Generator) -> None:
    """Write the weights as safetensors, with the settings that rebuild the model in the header."""
    content = {"channels": model.channels, "settings": model.settings.model_dump(), "checksum": ROOM}
    # one key, because safetensors writes several in an order that changes from call to call
    header = {"generator": json.dumps(content)}
    weights = {name: tensor.detach().cpu().contiguous() for name, tensor in model.state_dict().items()}
    with checked_file(path, SLOT) as temporary:
        safetensors.torch.save_file(weights, temporary, metadata=header)


def load_generator(path: str | Path) -> Generator:
    """Rebuild a generator from a file.

    Raises
    ------
    UserError
        If the file is missing or was not written by `save_generator`.
    """
    return read_generator(checked_bytes(path, SLOT), str(path))


def read_generator(data: bytes, where: str) -> Generator:
    """Rebuild a generator from the bytes of its file.

    Parameters
    ----------
    data : bytes
        Content of a file of `save_generator`.
    where : str
        Name of the file in messages.

    Raises
    ------
    UserError
        If the bytes were not written by `save_generator`.
    """
    try:
        header = json.loads(metadata_of(data)["generator"])
        model = build_generator(int(header["channels"]), parse_generator(header["settings"]))
        model.load_state_dict(safetensors.torch.load(data))
    except (SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise UserError(f"{where}: not a model of this project ({error}); train it again") from error
    return model
