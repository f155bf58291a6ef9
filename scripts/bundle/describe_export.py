"""Write the plan of an export: settings of the submitted variant, and the files that a bundle needs."""

from bsnpp.bundle.plan import ExportPlan
from bsnpp.core.checksums import write_checked_text
from bsnpp.core.commandline import command_line, run
from bsnpp.core.settings import parse_settings


def main() -> None:
    """Parse the command line and write the plan."""
    parser = command_line(__doc__)
    parser.add_argument("--plan", required=True, help="JSON to write")
    parser.add_argument("--settings", required=True, help="JSON: the plan")
    arguments = parser.parse_args()
    plan = parse_settings(arguments.settings, ExportPlan)
    write_checked_text(arguments.plan, plan.model_dump_json(indent=1))


if __name__ == "__main__":
    run(main)
