"""Each stage gets the keys of `windows` that it reads, and no others."""

from tests.windows.options import SMALL


def test_the_parts_of_the_section() -> None:
    assert SMALL.snippets.model_dump() == {"snippet_seconds": 0.25, "mixed_rates": False}
    assert SMALL.grid.model_dump() == {"cells": 8, "cell_seconds": 0.5}
    cutting = {"cells": 8, "cell_seconds": 0.5, "overlap": 0.75, "keep_share": 0.5}
    assert SMALL.cutting.model_dump() == cutting
    assert (SMALL.grid.length, SMALL.cutting.length, SMALL.cutting.step) == (4.0, 4.0, 1.0)
