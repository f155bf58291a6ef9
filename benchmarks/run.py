"""Measure time and memory against the textbook implementations: `python benchmarks/run.py`."""

import argparse
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for tests.reference

from benchmarks.case import Case, Run
from benchmarks.cases import CASES
from bsnpp.core.files import whole_file

NOTICEABLE = 50e6
"""Least added memory that is compared [bytes]; allocators keep or release less than that at random."""

Row = dict[str, str | float | None]


def peak_growth(make: Callable[[bool], Run], quick: bool) -> float:
    """Return by how much preparing and running one side raises the peak resident memory [bytes].

    A run at smoke size comes first, so that libraries loaded at the first call do not count.
    """
    unit = 1 if sys.platform == "darwin" else 1024
    make(True)()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    make(quick)()
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit


def added_memory(make: Callable[[bool], Run], quick: bool) -> float:
    """Measure `peak_growth` in a forked process, whose peak starts at its resident memory."""
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        return pool.submit(peak_growth, make, quick).result()


def seconds(run: Run) -> float:
    """Return the time of one run [s]; with one thread, the processor time, which is less noisy."""
    clock = time.process_time if torch.get_num_threads() == 1 else time.perf_counter
    before = clock()
    run()
    return clock() - before


def alternate(fast: Run, textbook: Run, rounds: int) -> list[tuple[float, float]]:
    """Return the times of both sides [s], run in turn after one warm-up run each."""
    fast(), textbook()
    return [(seconds(fast), seconds(textbook)) for _ in range(rounds)]


def measure_time(case: Case, quick: bool) -> Row:
    """Return the median times of both sides [s] and the median of their pairwise ratios."""
    pairs = alternate(case.fast(quick), case.textbook(quick), 1 if quick else case.rounds)
    return {
        "ratio": statistics.median(textbook / fast for fast, textbook in pairs),
        "fast_seconds": statistics.median(fast for fast, _ in pairs),
        "textbook_seconds": statistics.median(textbook for _, textbook in pairs),
    }


def measure_memory(case: Case, quick: bool) -> Row:
    """Return the added memory of both sides [bytes]; the ratio is None if both add less than `NOTICEABLE`."""
    fast, textbook = (added_memory(make, quick) for make in (case.fast, case.textbook))
    comparable = max(fast, textbook) >= NOTICEABLE
    ratio = textbook / max(fast, NOTICEABLE) if comparable else None
    return {"memory_ratio": ratio, "fast_bytes": fast, "textbook_bytes": textbook}


def line(row: Row) -> str:
    """Format one row of the printed table."""
    cells = [f"{row['name']:<17}", *(f"{row[f'{side}_seconds']:>10.4f}" for side in ("textbook", "fast"))]
    cells.append(f"{row['ratio']:>8.1f}")
    cells += [f"{float(row[f'{side}_bytes'] or 0) / 1e6:>10.0f}" for side in ("textbook", "fast")]
    return "  ".join([*cells, "       -" if row["memory_ratio"] is None else f"{row['memory_ratio']:>8.1f}"])


def main() -> None:
    """Parse the command line, measure the cases, print a table and write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="run at smoke sizes; the ratios are meaningless")
    parser.add_argument("--output", type=Path, default=Path("results/bench.json"), help="JSON file to write")
    parser.add_argument("--threads", type=int, default=2, help="threads of both sides (2)")
    names = [case.name for case in CASES]
    parser.add_argument("--only", nargs="+", choices=names, default=names, help="cases to run (all)")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    cases = [case for case in CASES if case.name in arguments.only]
    # measure memory first: a process that has run the backward pass of torch must not be forked
    memory = [measure_memory(case, arguments.quick) for case in cases]
    if arguments.quick:
        print("smoke sizes: the ratios are meaningless")
    print("name               textbook s     bsnpp s     ratio  textb. MB    bsnpp MB     ratio")
    rows: list[Row] = []
    for case, sizes in zip(cases, memory, strict=True):
        rows.append(
            {"name": case.name, "threads": arguments.threads, **measure_time(case, arguments.quick), **sizes}
        )
        print(line(rows[-1]), flush=True)
    with whole_file(arguments.output) as temporary:
        temporary.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
