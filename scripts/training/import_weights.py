"""Import a BMN of a public code: its state dict becomes a model that scripts/inference/predict_maps.py reads.

Known are the layouts of JJBOY/BMN-Boundary-Matching-Network (maps by start and end) and of mmaction2
(maps by duration and start). Which one a file has is told by the sampling mask that it holds; widths are
read from the shapes. The file is a `.safetensors`, or a `.pt` or `.pth` of tensors and plain values (a
checkpoint with a `state_dict` too); nothing in it is executed.

The model gives that code's outputs on our grid: maps by duration and start, the classification before the
regression, and as end probability of cell s + d the one that those codes read, of index s + d + 1; the
last cell repeats the one before. Features must be those that the weights were trained on, rescaled to T.
"""

from bsnpp.core.commandline import command_line, log, run
from bsnpp.models.build import save_generator
from bsnpp.models.public_weights import import_bmn, read_state


def main() -> None:
    """Parse the command line and import."""
    parser = command_line(__doc__)
    parser.add_argument("--weights", required=True, help="public state dict (.pt, .pth or .safetensors)")
    parser.add_argument("--model", required=True, help="model to write (safetensors, settings in its header)")
    arguments = parser.parse_args()
    found = import_bmn(read_state(arguments.weights), arguments.weights)
    save_generator(arguments.model, found.model, found.channels, found.settings)
    layout = found.settings.matching.sampling
    log.info("%s: layout %s, %d channels, T = %d", arguments.weights, layout, found.channels, found.scale)


if __name__ == "__main__":
    run(main)
