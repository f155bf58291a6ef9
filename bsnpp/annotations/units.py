"""Recognise segments that are not in seconds."""

import statistics
from collections.abc import Iterator, Mapping, Sequence

LONG = 10.0
"""Median duration [s] above which segments within the first second are suspect."""


def unit_faults(
    instances: Sequence[tuple[str, float, float, str]], durations: Mapping[str, float]
) -> Iterator[str]:
    """Yield a fault if times may be in frames or shares of the duration.

    Frames: most segments start after the end of their video. Shares: all segments end within the first second
    of their video, although the median duration exceeds 10 s.

    Parameters
    ----------
    instances : sequence of (str, float, float, str)
        Video, start, end and label of each instance.
    durations : mapping of str to float
        Duration of each video [s].
    """
    late = [row for row in instances if row[1] > durations[row[0]]]
    if 2 * len(late) > len(instances):
        video, start, _, _ = late[0]
        yield (
            f"{len(late)} of {len(instances)} segments start after the end of their video, the first in "
            f"{video} at {start:g} of {durations[video]:g} s; times must be in seconds: are these frames?"
        )
    elif instances and max(row[2] for row in instances) <= 1 and _median(instances, durations) > LONG:
        video, start, end, _ = instances[0]
        yield (
            f"every segment ends within the first second of its video, the first in {video} from {start:g} "
            f"to {end:g} of {durations[video]:g} s; times must be in seconds: are these shares of the "
            "duration?"
        )


def _median(instances: Sequence[tuple[str, float, float, str]], durations: Mapping[str, float]) -> float:
    return statistics.median(durations[row[0]] for row in instances)
