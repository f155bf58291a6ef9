"""Detect actions: turn fused maps and class probabilities into detections and proposals, for several subsets.

The maps of each video are decoded at its scale; for a recording, the maps of its windows are decoded and
merged. The proposals of each generator are labelled, calibrated where asked, concatenated, and suppressed
within each label.
"""

from bsnpp.core.calibration import Calibration
from bsnpp.core.commandline import command_line, run
from bsnpp.core.settings import parse_settings
from bsnpp.detection.calibration_files import write_calibrations
from bsnpp.detection.inputs import CandidateSettings, add_candidate_arguments, read_ensembles
from bsnpp.stores.detections import write_detections, write_proposals
from bsnpp.stores.tables import read_table


def main() -> None:
    """Calibrate the scores on the first subset, and detect on all subsets."""
    parser = command_line(__doc__)
    add_candidate_arguments(parser)
    parser.add_argument(
        "--instances", nargs="?", help="instances of the first subset, if scores are calibrated"
    )
    parser.add_argument("--detections", required=True, nargs="+", help="detections to write, for each subset")
    parser.add_argument("--proposals", required=True, nargs="+", help="proposals to write, for each subset")
    parser.add_argument("--calibration", required=True, help="JSON to write: the calibration of each part")
    parser.add_argument("--settings", required=True, help="JSON: detection, scores, scales or windows")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, CandidateSettings)
    options = settings.detection
    instances = read_table(arguments.instances) if arguments.instances else None
    calibrations: list[Calibration] = []
    for ensemble, detections, proposals in zip(
        read_ensembles(arguments, settings), arguments.detections, arguments.proposals, strict=True
    ):
        if not calibrations:
            calibrations = ensemble.calibrations(ensemble.candidates(options), options, instances)
        detected, proposed = ensemble.tables(ensemble.candidates(options), options, calibrations)
        write_detections(detections, detected)
        write_proposals(proposals, proposed)
    write_calibrations(arguments.calibration, calibrations)


if __name__ == "__main__":
    run(main)
