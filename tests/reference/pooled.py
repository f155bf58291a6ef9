"""Resample segmental F1 in plain loops: repeat the segments of every video as often as it is drawn."""


def resampled_f1(hits: list[list[int]], counts: list[list[int]], drawn: list[list[int]]) -> list[list[float]]:
    """Return F1 at every level of every resample.

    `hits` holds a number for every video and level, `counts` the expected and the predicted segments of every
    video, and `drawn` how often every resample contains every video.
    """
    result = []
    for times in drawn:
        row = []
        for level in range(len(hits[0])):
            hit = segments = 0
            for video, repeats in enumerate(times):
                for _ in range(repeats):
                    hit += hits[video][level]
                    segments += counts[video][0] + counts[video][1]
            row.append(2 * hit / segments if segments else 1.0)
        result.append(row)
    return result
