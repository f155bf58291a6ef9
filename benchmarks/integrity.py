"""Measure what the checksums of a finished run cost: `python benchmarks/integrity.py results/demo`.

A copy of every file that has a checksum gets one, as from its writer, and is verified, as by its readers. A
rule verifies a file once; READS is more than the rules that read any file. The processor time is divided by
the time of all jobs, which is in the folder `benchmarks` of the run. Without a folder, only the speed is
measured.
"""

import argparse
import csv
import tempfile
import time
from pathlib import Path

from bsnpp.core.checksum_forms import TRAILER
from bsnpp.core.checksums import add_checksum, verify

SUFFIXES = (".h5", ".parquet", ".safetensors", ".npy")
READS = 8


def cost(content: bytes) -> tuple[float, float]:
    """Return the processor time to write the checksum of a file, and to verify it [s]."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        begin = time.process_time()
        add_checksum(path, TRAILER)  # all forms hash every byte
        written = time.process_time()
        verify(path, TRAILER)
        return written - begin, time.process_time() - written


def job_seconds(results: Path) -> float:
    """Return the sum of the times of all jobs [s]."""
    total = 0.0
    for path in (results / "benchmarks").rglob("*.tsv"):
        with path.open(newline="") as file:
            total += sum(float(row["s"]) for row in csv.DictReader(file, delimiter="\t"))
    return total


def main() -> None:
    """Print the speed, and the share of the run's time."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("results", nargs="?", type=Path, help="results folder of a finished run")
    results = parser.parse_args().results
    print(f"{256 * 1.048576 / cost(bytes(256 << 20))[1]:,.0f} MB are verified in a second")
    if results is not None:
        files = [path for path in results.rglob("*") if path.suffix in SUFFIXES]
        kept = [path for path in files if "simulated" not in path.parts]
        costs = [cost(path.read_bytes()) for path in kept]
        written, verified = (sum(column) for column in zip(*costs, strict=True))
        seconds = job_seconds(results)
        print(
            f"{len(kept)} files, {sum(path.stat().st_size for path in kept) / 1e6:.1f} MB: "
            f"{written:.2f} s to write, {verified:.2f} s to verify once; with {READS} readers each, "
            f"{(written + READS * verified) / seconds:.2%} of {seconds:.0f} s"
        )


if __name__ == "__main__":
    main()
