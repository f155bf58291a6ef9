"""Weight the members of a blend by the validation score of their proposals."""

from bsnpp.core.commandline import command_line, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.detection.decoding_settings import DecodingSettings
from bsnpp.detection.member_scores import BlendScorer
from bsnpp.evaluation.metric_settings import MetricSettings
from bsnpp.fusion.blend_files import open_members
from bsnpp.fusion.settings import FusionSettings
from bsnpp.fusion.weights import weigh_members, weights_table
from bsnpp.stores.csv_tables import write_csv
from bsnpp.stores.tables import read_table


class WeighSettings(Settings):
    """Settings of this script."""

    fusion: FusionSettings
    detection: DecodingSettings
    evaluation: MetricSettings


def main() -> None:
    """Score the members, search their weights and write the table of weights."""
    parser = command_line(__doc__)
    parser.add_argument("--members", required=True, nargs="+", help="names of the members")
    parser.add_argument(
        "--maps", required=True, nargs="+", help="validation maps of each member, at the training scale"
    )
    parser.add_argument("--videos", required=True, help="table of the validation videos")
    parser.add_argument("--instances", required=True, help="table of the validation instances")
    parser.add_argument("--calibrations", nargs="?", help="calibration of each member (JSON), if any")
    parser.add_argument("--weights", required=True, help="table to write: member, score, weight, fused")
    parser.add_argument("--settings", required=True, help="JSON: fusion, detection, evaluation")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, WeighSettings)
    maps = dict(zip(arguments.members, arguments.maps, strict=True))
    scorer = BlendScorer(
        open_members(maps, arguments.calibrations),
        read_table(arguments.videos),
        read_table(arguments.instances),
        settings.fusion,
        settings.detection,
        settings.evaluation,
    )
    scores = {member: scorer.score({member: 1.0}) for member in arguments.members}
    weights, fused = weigh_members(scores, scorer.score, settings.fusion)
    write_csv(arguments.weights, weights_table(scores, weights, fused), checked=True)


if __name__ == "__main__":
    run(main)
