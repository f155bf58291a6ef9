"""Run the workflow for one more layer over a configuration, such as a seed or a fold."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bsnpp.core.errors import UserError
from bsnpp.core.layers import write_layer


def evaluate_layer(configs: Sequence[str], path: Path, layer: Mapping[str, Any], name: str) -> None:
    """Write a layer, and run the workflow with it up to the evaluation. A finished run is not repeated.

    Parameters
    ----------
    configs : sequence of str
        Configuration files; the layer overrides them.
    path : Path
        YAML file of the layer, to write.
    layer : mapping
        Keys of the layer, with `results`.
    name : str
        Name of the run in the message.

    Raises
    ------
    UserError
        If the layer cannot be written or the run fails.
    """
    write_layer(path, layer)
    snakemake = Path(sys.executable).with_name("snakemake")
    command = [str(snakemake), "evaluate", "--quiet", "rules", "--configfile", *configs, str(path)]
    if subprocess.run(command, check=False).returncode:
        raise UserError(f"{name} failed; the logs are in {layer['results']}/logs")
