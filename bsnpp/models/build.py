"""From settings to a generator, and from a generator to a file and back."""

import json
from pathlib import Path

import safetensors.torch
from pydantic import TypeAdapter
from safetensors import SafetensorError, safe_open

from bsnpp.core.errors import UserError
from bsnpp.core.files import whole_file
from bsnpp.models.bmn import BMN
from bsnpp.models.bsnpp import BSNPP
from bsnpp.models.settings import BSNPPSettings, GeneratorSettings

Generator = BSNPP | BMN


def build_generator(channels: int, settings: GeneratorSettings) -> Generator:
    """Make a freshly initialised generator for features of `channels` channels."""
    return BSNPP(channels, settings) if isinstance(settings, BSNPPSettings) else BMN(channels, settings)


def save_generator(path: str | Path, model: Generator, channels: int, settings: GeneratorSettings) -> None:
    """Write weights (safetensors) with the settings that rebuild the model in the file's header."""
    # one key, as safetensors writes several in an order that changes from call to call
    header = {"generator": json.dumps({"channels": channels, "settings": settings.model_dump()})}
    weights = {name: tensor.detach().cpu().contiguous() for name, tensor in model.state_dict().items()}
    with whole_file(path) as temporary:
        safetensors.torch.save_file(weights, temporary, metadata=header)


def load_generator(path: str | Path) -> tuple[Generator, int]:
    """Rebuild a generator; return it with the number of channels that it reads.

    Raises
    ------
    UserError
        If the file is missing or not one that `save_generator` wrote.
    """
    try:
        with safe_open(path, framework="pt") as file:
            header = json.loads((file.metadata() or {})["generator"])
        channels = int(header["channels"])
        settings = TypeAdapter(GeneratorSettings).validate_python(header["settings"])
        model = build_generator(channels, settings)
        model.load_state_dict(safetensors.torch.load_file(path))
    except (OSError, SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise UserError(f"{path}: not a model of this project ({error}); train it again") from error
    return model, channels
