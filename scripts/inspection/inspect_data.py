"""Inspect the data of a challenge before anything is trained: write a report, a figure and JSON.

The exit code is 1 if the data have faults that would stop the run; the files are written all the same.
"""

import json
from pathlib import Path

from bsnpp.challenge.load import load_plan
from bsnpp.core.commandline import command_line, progress, run
from bsnpp.core.errors import UserError
from bsnpp.core.files import whole_file
from bsnpp.inspection.inspect import inspect_challenge
from bsnpp.inspection.report import report_text
from bsnpp.inspection.tables import as_json, figure_tables
from bsnpp.reporting.inspection import inspection_figure
from bsnpp.reporting.style import save


def main() -> None:
    """Parse the command line, inspect, and write the files."""
    parser = command_line(__doc__)
    parser.add_argument("--folder", required=True, help="folder for report.txt, figure.png and report.json")
    parser.add_argument("--settings", required=True, help="JSON: the whole configuration")
    arguments = parser.parse_args()
    plan = load_plan(json.loads(arguments.settings))
    result = inspect_challenge(plan, lambda videos, name: progress(videos, len(videos), f"videos of {name}"))
    folder = Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)
    text = report_text(result)
    for name, content in (
        ("report.txt", text),
        ("report.json", json.dumps(as_json(result), indent=1, allow_nan=False) + "\n"),
    ):
        with whole_file(folder / name) as temporary:
            temporary.write_text(content, encoding="utf-8")
    save(inspection_figure(result.challenge, figure_tables(result)), str(folder / "figure.png"))
    if result.faults:
        print(text)
        raise UserError("correct the faults above first; they would stop the run")


if __name__ == "__main__":
    run(main)
