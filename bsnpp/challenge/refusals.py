"""Explain why a target of the workflow cannot be made."""

import os

from bsnpp.challenge.names import GROUND_TRUTH
from bsnpp.challenge.plan import Plan
from bsnpp.core.errors import Faults, UserError


def refuse_sweep(plan: Plan) -> None:
    """Explain why nothing can be swept.

    Raises
    ------
    UserError
        If the proposals of the submitted variant come from a control; lists the variants that would do.
    """
    if plan.swept is not None:
        return
    others = [
        name
        for name, variant in plan.challenge.compared.items()
        if plan.proposer(name) and variant.panel != GROUND_TRUTH
    ]
    advice = f"to sweep, submit one of: {', '.join(others)}" if others else "no other variant has any"
    submitted = plan.challenge.submission.variant
    raise UserError(
        f"submission.variant: {submitted} has no generator proposals, which a sweep needs; {advice}"
    )


def refuse_scale_search(plan: Plan) -> None:
    """Explain why no rule of scales can be searched.

    Raises
    ------
    UserError
        If there are windows, no scales to try, or no generators.
    """
    if plan.challenge.windows is not None:
        raise UserError("the target `scales` is for whole videos; with `windows`, there is one scale")
    if not plan.challenge.scale_search.scales:
        raise UserError("scale_search.scales: list numbers of cells to try, such as [40, 70, 100]")
    refuse_sweep(plan)


def refuse_export(plan: Plan) -> None:
    """Explain why the submitted variant cannot be exported.

    Raises
    ------
    UserError
        If it cannot be.
    """
    faults = Faults("no bundle can be exported", "Name another variant by the key `submission.variant`.")
    faults.extend(plan.export_faults)
    faults.raise_if_any()


def refuse_inspection(plan: Plan) -> None:
    """Explain which files the workflow must make before the data can be inspected.

    Raises
    ------
    UserError
        If annotations or features that the workflow itself makes do not exist yet.
    """
    absent = [path for path in plan.prepared if not os.path.exists(path)]
    faults = Faults(
        "files that the workflow makes",
        "Make them and inspect: snakemake inspect --configfile ..., or `make inspect`.",
    )
    faults.extend(absent)
    faults.raise_if_any()
