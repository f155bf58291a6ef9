"""Inspect the table of groups: videos without a group, and groups that several subsets share."""

from typing import TYPE_CHECKING

from bsnpp.annotations.groups import read_groups
from bsnpp.challenge.plan import Plan
from bsnpp.core.errors import UserError
from bsnpp.inspection.findings import Finding, if_any, refusal

if TYPE_CHECKING:
    import pandas as pd


def inspect_groups(plan: Plan, videos: "dict[str, pd.DataFrame]") -> list[Finding]:
    """Read the groups as the run does, for every subset that needs them.

    Parameters
    ----------
    plan : Plan
    videos : dict of str to DataFrame[video]
        Videos by subset.
    """
    path = plan.challenge.groups
    if path is None:
        return []
    folds = ["training"] if plan.challenge.windows is not None else []  # of classifiers of snippets
    findings: list[Finding] = []
    subsets: dict[str, list[str]] = {}
    for subset in [name for name in (*folds, *plan.challenge.scored_subsets) if name in videos]:
        try:
            groups = read_groups(path, list(videos[subset]["video"]))
        except UserError as error:
            advice = "correct the table, or leave out the key `groups`"
            findings.append(refusal(f"groups, {subset}", error, advice))
            continue
        for group in dict.fromkeys(groups.values()):
            subsets.setdefault(group, []).append(subset)
    return findings + if_any(
        "warning", f"groups, {path}", "groups with videos in several subsets: {n}",
        "scores profit from what training or the choice of settings has seen of these groups; split the "
        "videos by group if that is not intended",
        (f"{group}: {', '.join(names)}" for group, names in subsets.items() if len(names) > 1),
    )  # fmt: skip
