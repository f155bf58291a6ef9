"""Inspect external submissions, which join an ensemble."""

from typing import TYPE_CHECKING

from bsnpp.challenge.plan import Plan
from bsnpp.core.errors import UserError
from bsnpp.detection.external_files import read_external
from bsnpp.inspection.findings import Finding, if_any, refusal

if TYPE_CHECKING:
    import pandas as pd


def inspect_external(plan: Plan, classes: list[str], videos: "dict[str, pd.DataFrame]") -> list[Finding]:
    """Read external submissions as the run does, and report what it would refuse, clip or leave out.

    Parameters
    ----------
    plan : Plan
    classes : list of str
        Classes of the challenge.
    videos : dict of str to DataFrame[video, duration]
        Videos by subset; durations in seconds.
    """
    findings: list[Finding] = []
    for row in plan.external:
        for subset, path in (("validation", row.validation), ("testing", row.testing)):
            if subset not in videos:
                continue
            place = f"external detections {row.name}, {subset}"
            try:
                _, notes = read_external(path, videos[subset], classes, row.reading)
            except UserError as error:
                advice = "correct the file, or remove it from the ensemble; `reading: lenient` accepts more"
                findings.append(refusal(place, error, advice))
                continue
            findings += if_any(
                "warning", place, f"differences between {path} and the subset: {{n}}",
                "check that the file is for this subset; `reading: strict` refuses such files", notes,
            )  # fmt: skip
    return findings
