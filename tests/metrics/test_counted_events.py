"""Events of which a row counts several: so many happened, and a row of 0 is nobody's act."""

from typing import Any

import pandas as pd
import pytest

import retention_kit as rk
from tests.metrics import logs

# Who logged in how often; where nothing is written, once.
COUNTED = [
    ("ana", "2024-01-10", "login", 2),
    ("ana", "2024-02-10", "login", None),
    ("ana", "2024-03-10", "login", 0),
    ("bita", "2024-01-10", "login", 1),
    ("bita", "2024-02-10", "login", 0),
    ("bita", "2024-03-10", "login", 3),
    ("cyrus", "2024-01-10", "login", 0),
]
# The same, an act a row.
DONE = [
    ("ana", "2024-01-10", "login"),
    ("ana", "2024-01-10", "login"),
    ("ana", "2024-02-10", "login"),
    ("bita", "2024-01-10", "login"),
    *[("bita", "2024-03-10", "login")] * 3,
]


@pytest.mark.parametrize("back", [None, "login"])
@pytest.mark.parametrize("name", ["retention_rate", "churn", "lifecycle", "stickiness"])
def test_a_row_of_0_makes_nobody_active(name: str, back: str | None) -> None:
    counted, done = (logs.events(rows, "2024-03-31", *more) for rows, more in ((COUNTED, ["count"]), (DONE, [])))
    metric: Any = getattr(rk.metrics, name)
    ours, plain = metric(counted, back=back), metric(done, back=back)
    pd.testing.assert_frame_equal(ours.table, plain.table)
    assert ours.headline == plain.headline
    assert not {note.code for note in ours.notes} - {note.code for note in plain.notes}


def test_customers_by_eye_where_rows_are_counted() -> None:
    """ana in January and February, bita in January and March, cyrus never."""
    table = rk.metrics.retention_rate(logs.events(COUNTED, "2024-03-31", "count")).table
    assert table["end"].tolist() == [2, 1, 1]
    assert table["lost"].tolist() == [0, 1, 1]
    assert table["returned"].tolist() == [0, 0, 1]


@pytest.mark.parametrize(("at_least", "cells"), [(1, [2, 1, 1]), (2, [2, 0, 1]), (3, [2, 0, 1]), (4, [2, 0, 0])])
def test_a_row_counts_as_often_as_it_says_towards_at_least(at_least: int, cells: list[int]) -> None:
    result = rk.metrics.cohorts(logs.events(COUNTED, "2024-03-31", "count"), at_least=at_least)
    assert logs.triangle(result)[0] == cells
