"""Resample runs in plain loops, from the definition."""

import math


def textbook_runs(values: list[list[float]], drawn: list[list[int]]) -> list[float]:
    """Average the drawn runs of every resample, with the deviation from all runs scaled by sqrt(S / (S - 1)).

    `values` holds a list of resamples for every run; `drawn` the run that takes its place.
    """
    runs = len(values)
    result = []
    for resample in range(len(values[0])):
        mean = sum(values[run][resample] for run in range(runs)) / runs
        of_drawn = sum(values[drawn[run][resample]][resample] for run in range(runs)) / runs
        result.append(mean + math.sqrt(runs / (runs - 1)) * (of_drawn - mean))
    return result
