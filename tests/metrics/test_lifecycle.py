"""New, kept, returned and lost: a published table, an oracle, and the sum."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings

import retention_kit as rk
from tests import oracle
from tests.metrics import logs

CASES = json.loads((Path(__file__).parent.parent / "data" / "crosschecks.json").read_text())["retention_tables"]
PUBLISHED = next(case for case in CASES if case["kind"] == "lifecycle")


def test_a_published_lifecycle_is_counted_alike() -> None:
    rows = [(who, when, 1) for who, when, _ in PUBLISHED["events"]]
    table = rk.metrics.lifecycle(logs.orders(rows, PUBLISHED["args"]["to"]), every="day").table
    expected = PUBLISHED["expected"]
    assert table["new"].tolist() == expected["new"]
    assert table["kept"].tolist() == expected["returning"]
    assert table["returned"].tolist() == expected["resurrecting"]
    assert [-lost for lost in table["lost"]] == expected["dormant"]


@pytest.mark.parametrize("calendar", ["gregorian", "jalali"])
@settings(max_examples=15, deadline=None)
@given(rows=logs.ORDERS)
def test_every_stage_equals_the_plain_python_count(calendar: str, rows: list[oracle.Order]) -> None:
    until = max(day for _, day, _ in rows) + timedelta(400)
    table = rk.metrics.lifecycle(logs.orders(rows, until), calendar=calendar).table
    expected = oracle.stages(rows, "month", calendar, oracle.period_number(until, "month", calendar))
    assert table[["new", "kept", "returned", "lost"]].iloc[:-1].to_dict("records") == expected[:-1]


def test_the_running_period_has_no_stages_and_the_headline_is_the_period_before() -> None:
    """ana: January and February. bita: February. March runs."""
    rows = [
        ("ana", "2024-01-05", 1),
        ("ana", "2024-02-05", 1),
        ("bita", "2024-02-06", 1),
        ("bita", "2024-03-06", 1),
    ]
    result = rk.metrics.lifecycle(logs.orders(rows, "2024-03-10"))
    assert result.table[["new", "kept", "returned", "lost"]].iloc[-1].isna().all()
    assert (result.headline["sentence"], result.headline["new"], result.headline["kept"]) == ("grew", 1, 1)
