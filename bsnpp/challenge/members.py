"""Members of a blend: encoder/initialisation, where the initialisation may name a seed of its own."""

import re
from typing import NamedTuple, Self

FORMAT = "encoder/initialisation: scratch or pretrained, optionally with a seed, e.g. scratch_seed1"
"""Format of a member, for messages."""

PATTERN = r"(scratch|pretrained)(?:_seed(0|[1-9][0-9]*))?"
"""Regular expression of an initialisation."""


class Member(NamedTuple):
    """A trained generator of a blend.

    Attributes
    ----------
    encoder : str
        Encoder whose features it reads.
    initialisation : str
        As in the configuration and in paths, e.g. scratch, or pretrained_seed2.
    pretrained : bool
        Whether it starts from the model of the pre-training set.
    seed : int or None
        Seed of its training; None: that of its generator.
    """

    encoder: str
    initialisation: str
    pretrained: bool
    seed: int | None

    @property
    def name(self) -> str:
        """The member as in the configuration, and in paths below a generator's folder."""
        return f"{self.encoder}/{self.initialisation}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Parse a member; None if the text has another format."""
        encoder, _, initialisation = text.partition("/")
        match = re.fullmatch(PATTERN, initialisation)
        if match is None:
            return None
        start, seed = match.groups()
        return cls(encoder, initialisation, start == "pretrained", None if seed is None else int(seed))
