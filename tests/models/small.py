"""Settings of small generators, for tests that need a network of each kind."""

import pytest

from bsnpp.models.settings import BMNSettings, BSNPPSettings, MatchingSettings

MATCHING = MatchingSettings(bins=4, input_channels=8, filters=8)
BSNPP = BSNPPSettings(base_channels=8, boundary_channels=8, matching=MATCHING, relation_channels=8)
BMN = BMNSettings(base_channels=8, matching=MATCHING, confidence_channels=8)

each_generator = pytest.mark.parametrize("kind", [BSNPP, BMN], ids=["bsnpp", "bmn"])
