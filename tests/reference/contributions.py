"""Weights of the members of a blend by what its score loses without each of them, in plain loops."""

from collections.abc import Callable


def leave_one_out(names: list[str], score: Callable[[list[str]], float]) -> dict[str, float]:
    """Return the weights; `score` scores the equally weighted fusion of some members."""
    if len(names) == 1:
        return {names[0]: 1.0}
    losses = {}
    for name in names:
        rest = [other for other in names if other != name]
        losses[name] = max(score(names) - score(rest), 0.0)
    total = sum(losses.values())
    if total == 0:
        return {name: 1 / len(names) for name in names}
    return {name: loss / total for name, loss in losses.items()}
