"""Cohorts beyond the plain triangle: events, recurring starts, rolling windows, at least so many orders."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import retention_kit as rk
from retention_kit import calendars
from tests import oracle
from tests.metrics import logs
from tests.metrics.test_cohorts import triangle

CASES = json.loads((Path(__file__).parent.parent / "data" / "crosschecks.json").read_text())["retention_tables"]
RETENTION = [case for case in CASES if case["kind"] == "retention"]


def moment(day: int, hour: int = 5, month: int = 0) -> datetime:
    return datetime(2020, 6 + month, 10, hour) + timedelta(days=day)


@pytest.mark.parametrize("case", RETENTION, ids=lambda case: case["name"])
def test_events_give_the_published_retention_tables(case: dict[str, Any]) -> None:
    asked, names = case["args"], case["alias"]
    every = asked["period"].lower()
    last = int(calendars.period_of(moment(*asked["date_to"]).date(), every, "gregorian"))
    first, end = calendars.start_of([last - asked["n"] + 1, last + 1], every, "gregorian").tolist()
    rows = [(names.get(who, who), moment(*when), what) for who, when, what in case["events"]]
    result = rk.metrics.cohorts(
        logs.events(rows, end - timedelta(days=1)),
        every=every,
        start=asked.get("target"),
        back=asked.get("ret"),
        first_time=asked.get("first_time", False),
        kind="on_or_after" if asked.get("cumulative") else "on",
    )
    shown = result.table[result.table["cohort"] >= first]
    assert [rows["customers"].dropna().astype(int).tolist() for _, rows in shown.groupby("cohort")] == case[
        "expected"
    ]


DAYS = st.integers(0, 100).map(lambda day: date(2021, 1, 1) + timedelta(day))


@pytest.mark.parametrize("window", ["calendar", "rolling"])
@pytest.mark.parametrize("kind", ["on", "on_or_after"])
@settings(max_examples=10, deadline=None)
@given(
    rows=st.lists(st.tuples(st.sampled_from("abc"), DAYS, st.sampled_from(["join", "use"])), max_size=30),
    first_time=st.booleans(),
    at_least=st.integers(1, 2),
)
def test_every_cell_of_events_equals_the_plain_python_count(
    kind: str, window: str, rows: list[oracle.Event], first_time: bool, at_least: int
) -> None:
    rows = [*rows, ("z", date(2021, 1, 1), "join"), ("z", date(2021, 1, 2), "use")]
    until = date(2023, 1, 31)
    result = rk.metrics.cohorts(
        logs.events(rows, until),
        kind=kind, window=window, at_least=at_least, first_time=first_time, start="join", back="use",
    )  # fmt: skip
    length = 30 if window == "rolling" else 0
    later = kind == "on_or_after"
    expected = oracle.event_triangle(
        rows, "join", "use", length=length, first_time=first_time, at_least=at_least, later=later
    )
    counted = result.table[result.table["customers"].fillna(0) > 0]
    ours = {
        (oracle.period_number(row.cohort, "month", "gregorian"), row.age): row.customers
        for row in counted.itertuples()
    }
    assert ours == expected


def test_a_rolling_age_is_counted_from_the_customers_own_first_day() -> None:
    """ana: 25 January and 3 February, 9 days later, so still age 0. bita: 1 January and 31 January, 30 days."""
    rows = [
        ("ana", "2024-01-25", 1),
        ("ana", "2024-02-03", 1),
        ("bita", "2024-01-01", 1),
        ("bita", "2024-01-31", 1),
    ]
    result = rk.metrics.cohorts(logs.orders(rows, "2024-04-30"), window="rolling")
    assert triangle(result)[0] == [2, 1, 0, 0, 0]
    assert triangle(rk.metrics.cohorts(logs.orders(rows, "2024-04-30")))[0] == [2, 1, 0, 0]
    assert "rolling_window" in {note.code for note in result.notes}


def test_a_rolling_cell_has_a_rate_only_when_it_is_over_for_the_last_of_the_cohort() -> None:
    """The last of January begins on the 31st: age 1 is over after day 31 + 60, which is 30 March (2024)."""
    rows = [("ana", "2024-01-01", 1), ("ana", "2024-02-05", 1)]
    for until, rates in (("2024-03-30", [0.0, 1.0]), ("2024-03-29", [0.0])):
        table = rk.metrics.cohorts(logs.orders(rows, until), window="rolling").table
        january = table[table["cohort"] == date(2024, 1, 1)]
        assert january["rate"].notna().sum() == len(rates)


def test_at_least_two_orders_are_needed_in_a_later_cell() -> None:
    """ana orders once in February, bita twice on two days, cyrus twice at one moment: two lines of one order."""
    rows = [(who, "2024-01-01", 1) for who in ("ana", "bita", "cyrus")]
    rows += [("ana", "2024-02-01", 1), ("bita", "2024-02-01", 1), ("bita", "2024-02-02", 1)]
    rows += [("cyrus", "2024-02-09", 1), ("cyrus", "2024-02-09", 2)]
    result = rk.metrics.cohorts(logs.orders(rows, "2024-02-29"), at_least=2)
    assert triangle(result)[0] == [3, 1]
    assert "at_least" in {note.code for note in result.notes}


def test_a_recurring_customer_belongs_to_the_cohort_of_every_period() -> None:
    """ana: January, February, March. bita: January, March."""
    rows = [("ana", f"2024-0{month}-05", 1) for month in (1, 2, 3)] + [
        ("bita", f"2024-0{month}-05", 1) for month in (1, 3)
    ]
    result = rk.metrics.cohorts(logs.orders(rows, "2024-03-31"), first_time=False)
    assert triangle(result) == [[2, 1, 2], [1, 1], [2]]
    assert "left_truncated" not in {note.code for note in result.notes}
    assert result.headline["rate"] == 2 / 3


@pytest.mark.parametrize("kind", ["on", "on_or_after"])
def test_rolling_days_of_real_orders_are_the_cubes_calendar_days(shop: rk.Log, kind: str) -> None:
    rolling, cube = (
        rk.metrics.cohorts(shop, every="day", kind=kind, window=how) for how in ("rolling", "calendar")
    )
    assert triangle(rolling) == triangle(cube)


def test_an_event_nobody_did_is_refused_with_the_nearest_name() -> None:
    log = logs.events([("ana", "2024-01-01", "signed_up")], "2024-01-31")
    with pytest.raises(rk.RetentionError, match="signed_up"):
        rk.metrics.cohorts(log, start="sign_up")


def test_a_start_event_is_refused_for_orders_and_so_is_at_least_none() -> None:
    log = logs.orders([("ana", "2024-01-01", 1)], "2024-01-31")
    with pytest.raises(rk.RetentionError, match="events"):
        rk.metrics.cohorts(log, start="join")
    with pytest.raises(rk.RetentionError, match="at_least"):
        rk.metrics.cohorts(log, at_least=0)
