"""Settings that blend the maps of several members."""

from typing import Literal

from pydantic import Field

from bsnpp.core.settings import Settings


class BlendSettings(Settings):
    """Blending of maps with given weights."""

    maps: Literal["boundary_map", "sequences"] = Field(
        default="boundary_map",
        description="Order of product and mean for the boundary map. boundary_map: start x end probability "
        "of each member, then the weighted mean (paper); sequences: weighted means of the start and of the "
        "end probabilities, then their product",
    )
    missing: Literal["error", "renormalise"] = Field(
        default="error",
        description="Videos that a weighted member lacks. error: stop and list all of them; renormalise: "
        "blend the other members, with their weights scaled to sum 1",
    )
