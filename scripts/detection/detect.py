"""From fused maps and class scores to detections and proposals, for one or several subsets.

For each video the maps of its scale are decoded; of a recording those of its windows, which are then merged.
Each generator's proposals are labelled with their best classes, brought to one scale of scores if that is
asked for, concatenated, and suppressed within each label.
"""

from bsnpp.core.commandline import command_line, run
from bsnpp.core.settings import parse_settings
from bsnpp.detection.calibration_files import write_calibrations
from bsnpp.detection.inputs import CandidateSettings, add_candidate_arguments, decoded, ensembles
from bsnpp.detection.score_scales import ScoreScale
from bsnpp.stores.detections import write_detections, write_proposals
from bsnpp.stores.tables import read_table


def main() -> None:
    """Parse the command line and detect."""
    parser = command_line(__doc__)
    add_candidate_arguments(parser)
    parser.add_argument(
        "--instances", nargs="?", help="table of the first subset's instances, if scores are matched"
    )
    parser.add_argument("--detections", required=True, nargs="+", help="detections to write of each subset")
    parser.add_argument("--proposals", required=True, nargs="+", help="proposals to write of each subset")
    parser.add_argument("--calibration", required=True, help="JSON to write: the calibration of each part")
    parser.add_argument("--settings", required=True, help="JSON: detection, scores, scales or windows")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, CandidateSettings)
    options = settings.detection
    instances = read_table(arguments.instances) if arguments.instances else None
    scales: list[ScoreScale] = []
    for ensemble, detections, proposals in zip(
        ensembles(arguments, settings), arguments.detections, arguments.proposals, strict=True
    ):
        scales = scales or ensemble.scales(decoded(ensemble, options), options, instances)  # of the first
        kept, proposed = ensemble.tables(decoded(ensemble, options), options, scales)
        write_detections(detections, kept)
        write_proposals(proposals, proposed)
    write_calibrations(arguments.calibration, scales)


if __name__ == "__main__":
    run(main)
