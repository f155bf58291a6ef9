"""From fused maps and class scores to detections and proposals, for one or several subsets.

For each video the maps of its scale are decoded; of a recording those of its windows, which are then merged.
Each generator's proposals are labelled with their best classes, brought to one scale of scores if that is
asked for, concatenated, and suppressed within each label.
"""

from candidate_inputs import CandidateSettings, add_candidate_arguments, decoded, ensembles
from commandline import command_line, run

from bsnpp.annotations import read_table
from bsnpp.detection.tables import detections_table, proposals_table, write_detections, write_proposals
from bsnpp.settings import parse_settings


def main() -> None:
    """Parse the command line and detect."""
    parser = command_line(__doc__)
    add_candidate_arguments(parser)
    parser.add_argument("--instances", help="table of the first subset's instances, if scores are matched")
    parser.add_argument("--detections", required=True, nargs="+", help="detections to write of each subset")
    parser.add_argument("--proposals", required=True, nargs="+", help="proposals to write of each subset")
    parser.add_argument("--settings", required=True, help="JSON: detection, scores, scales or windows")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, CandidateSettings)
    options = settings.detection
    subsets = ensembles(arguments, settings)
    instances = read_table(arguments.instances) if arguments.instances else None
    scales = subsets[0].scales(subsets[0].candidates(options), options, instances)
    for ensemble, detections, proposals in zip(
        subsets, arguments.detections, arguments.proposals, strict=True
    ):
        units, labelled, plain = {}, [], []
        for found in decoded(ensemble, options):
            units[found.video] = found.unit
            labelled.append((found.video, ensemble.detections(found, options, scales)))
            plain.append((found.video, ensemble.proposals(found, options)))
        write_detections(detections, detections_table(labelled, units, ensemble.source.classes))
        write_proposals(proposals, proposals_table(plain, units))


if __name__ == "__main__":
    run(main)
