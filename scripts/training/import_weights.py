"""Import the BMN weights of a public code as a model that scripts/inference/predict_maps.py reads.

Supported codes: JJBOY/BMN-Boundary-Matching-Network (maps by start and end) and mmaction2 (maps by duration
and start). The sampling mask in the file reveals the code; widths are read from the shapes. The file is a
`.safetensors`, or a `.pt` or `.pth` of tensors and plain values (also a checkpoint with a `state_dict`).
Nothing in it is executed.

The model gives the outputs of that code on our grid: maps by duration and start, classification before
regression, and for cell s + d the end probability of index s + d + 1, which those codes read; the last cell
repeats the one before. Use the features that the weights were trained on, rescaled to T.
"""

from bsnpp.core.commandline import command_line, log, run
from bsnpp.models.build import save_generator
from bsnpp.models.public_weights import import_bmn, read_state


def main() -> None:
    """Parse the command line and import."""
    parser = command_line(__doc__)
    parser.add_argument("--weights", required=True, help="public state dict (.pt, .pth or .safetensors)")
    parser.add_argument("--model", required=True, help="model to write (safetensors)")
    arguments = parser.parse_args()
    imported = import_bmn(read_state(arguments.weights), arguments.weights)
    save_generator(arguments.model, imported.model)
    channels, scale = imported.model.channels, imported.scale
    log.info("%s: layout %s, %d channels, T = %d", arguments.weights, imported.layout, channels, scale)


if __name__ == "__main__":
    run(main)
