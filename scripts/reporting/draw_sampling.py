"""Draw the training proposals that each sampling stage of BSN++ selects (Fig. 1 of the paper)."""

from bsnpp.core.commandline import command_line, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.models.settings import GeneratorSettings
from bsnpp.reporting.sampling import sampling_bars
from bsnpp.reporting.style import save
from bsnpp.training.census import sampling_census
from bsnpp.training.data import TrainingData
from bsnpp.training.settings import TrainingSettings


class SamplingSettings(Settings):
    """Settings of this script."""

    model: GeneratorSettings
    training: TrainingSettings


def main() -> None:
    """Parse the command line and draw."""
    parser = command_line(__doc__)
    parser.add_argument("--features", required=True, help="rescaled features of the training videos")
    parser.add_argument("--videos", required=True, help="table of the training videos")
    parser.add_argument("--instances", required=True, help="table of their instances")
    parser.add_argument("--figure", required=True, nargs="+", help="figure to write (PNG, SVG)")
    parser.add_argument("--settings", required=True, help="JSON: model, training")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, SamplingSettings)
    files = (arguments.features, arguments.videos, arguments.instances)
    data = TrainingData.load(*files, settings.model, settings.training.boundary_region)
    save(sampling_bars(sampling_census(data, settings.training)), *arguments.figure)


if __name__ == "__main__":
    run(main)
