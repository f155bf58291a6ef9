"""The figure of an inspection."""

import pandas as pd

from bsnpp.reporting.inspection import inspection_figure


def test_every_stream_and_subset_has_a_cell_with_its_usable_videos() -> None:
    tables = {
        "streams": pd.DataFrame(
            {"stream": ["i3d/rgb"] * 2, "subset": ["training", "testing"], "videos": [1200, 9],
             "present": [1200, 8], "unusable": [0, 1]}
        ),
        "lengths": pd.DataFrame(
            {"stream": ["i3d/rgb"] * 2, "seconds": [10.0, 20.0], "snippets": [20, 10], "flag": ["", "short"]}
        ),
        "scales": pd.DataFrame(
            {"subset": ["training"], "scale": [100], "instances": [50], "short": [5], "lost": [1],
             "tiou": [0.5]}
        ),
        "classes": pd.DataFrame({"training": {"run": 3, "jump": 2}}),
    }  # fmt: skip
    panels = inspection_figure("mine", tables).axes
    assert [text.get_text() for text in panels[0].texts] == ["1,200 of 1,200", "7 of 9"]
    assert [text.get_text().strip() for text in panels[2].texts] == ["10.0", "2.0"]


def test_a_challenge_without_readable_data_has_a_figure() -> None:
    empty = {
        "streams": "stream subset videos present unusable",
        "lengths": "stream seconds snippets flag",
        "scales": "subset scale instances short lost tiou",
        "classes": "",
    }
    tables = {name: pd.DataFrame(columns=columns.split()) for name, columns in empty.items()}
    assert len(inspection_figure("mine", tables).axes) == 4
