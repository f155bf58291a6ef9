"""Write the proposals of one variant on the training videos, on which the recogniser is trained."""

from bsnpp.core.commandline import command_line, run
from bsnpp.core.settings import parse_settings
from bsnpp.detection.inputs import CandidateSettings, add_candidate_arguments, read_ensembles
from bsnpp.stores.detections import write_proposals


def main() -> None:
    """Decode, join and suppress the proposals."""
    parser = command_line(__doc__)
    add_candidate_arguments(parser)
    parser.add_argument("--proposals", required=True, help="proposals to write")
    parser.add_argument("--settings", required=True, help="JSON: detection, scores, scales or windows")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, CandidateSettings)
    (ensemble,) = read_ensembles(arguments, settings)
    candidates = ensemble.candidates(settings.detection)
    write_proposals(arguments.proposals, ensemble.proposals(candidates, settings.detection))


if __name__ == "__main__":
    run(main)
