"""Tables of weights."""

from pathlib import Path

import pandas as pd
import pytest

from bsnpp.core.checksums import write_checked_text
from bsnpp.core.errors import UserError
from bsnpp.stores.csv_tables import write_csv
from bsnpp.stores.weights import read_weights, weight_column


def test_weights_are_read_as_written(tmp_path: Path) -> None:
    table = pd.DataFrame({"member": ["NA", "b"], "score": [0.5, 0.25], "weight": [2 / 3, 1 / 3]})
    write_csv(tmp_path / "weights.csv", table, checked=True)
    assert read_weights(tmp_path / "weights.csv") == {"NA": 2 / 3, "b": 1 / 3}


def test_columns_of_members_never_clash_with_others() -> None:
    names = ["score", "plateau", "weight", "weight.score"]
    columns = [weight_column(name) for name in names]
    assert not set(columns) & {"score", "plateau"} and len(set(columns)) == len(names)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "member,weight\n",
        "member,score\na,0.5\n",
        "member,weight\na,much\n",
        "member,weight\na,1.5\n",
        "member,weight\na,nan\n",
        "member,weight\na,0.5\na,0.5\n",
        "member,score,weight\na,0.5\n",
    ],
)
def test_a_damaged_table_is_named(tmp_path: Path, text: str) -> None:
    write_checked_text(tmp_path / "weights.csv", text)
    with pytest.raises(UserError, match=r"weights\.csv"):
        read_weights(tmp_path / "weights.csv")


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"weights\.csv"):
        read_weights(tmp_path / "weights.csv")
