"""Name the denominator of a metric: which videos of ActivityNet-1.3 were evaluated (conventions 2)."""

from bsnpp.core.wording import counted

OFFICIAL = {"training": 10_024, "validation": 4_926, "testing": 5_044}
"""Number of videos of every subset of ActivityNet-1.3."""

BMN = {"training": 9_649, "validation": 4_728, "testing": 4_851}
"""Number of videos with public two-stream features, which BSN, BMN and most papers evaluate."""


def protocol_name(subset: str, videos: int) -> str:
    """Name the protocol that evaluates so many videos of a subset.

    Parameters
    ----------
    subset : str
        Name of the subset in lower case.
    videos : int
        Number of evaluated videos.

    Returns
    -------
    str
        "official", "BMN", or "own" for any other number.

    Examples
    --------
    >>> protocol_name("validation", 4728)
    'BMN'
    """
    for name, sizes in (("official", OFFICIAL), ("BMN", BMN)):
        if sizes.get(subset) == videos:
            return name
    return "own"


def protocol_line(subset: str, videos: int) -> str:
    """Describe the protocol and its denominator in one line.

    Parameters
    ----------
    subset : str
        Name of the subset in lower case.
    videos : int
        Number of evaluated videos.

    Returns
    -------
    str
        The name of the protocol, its number of videos, and for ActivityNet that of the other protocol.
    """
    name = protocol_name(subset, videos)
    count = f"{counted(videos, 'video')} of {subset}"
    if name == "official":
        return f"official protocol, all {count} (BMN protocol: {BMN[subset]:,} videos, see --only)"
    if name == "BMN":
        return f"BMN protocol, {count} with public features (official protocol: {OFFICIAL[subset]:,} videos)"
    return f"own protocol, {count}"
