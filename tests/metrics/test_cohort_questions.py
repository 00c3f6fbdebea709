"""Cohorts beyond the plain triangle: events, recurring starts, rolling windows, at least so many orders."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import retention_kit as rk
from retention_kit import calendars
from tests import oracle
from tests.metrics import logs

PUBLISHED = json.loads((Path(__file__).parent.parent / "data" / "crosschecks.json").read_text())
RETENTION = [case for case in PUBLISHED["retention_tables"] if case["kind"] == "retention"]


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
    assert logs.triangle(result)[0] == [2, 1, 0, 0, 0]
    assert logs.triangle(rk.metrics.cohorts(logs.orders(rows, "2024-04-30")))[0] == [2, 1, 0, 0]
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
    assert logs.triangle(result)[0] == [3, 1]
    assert "at_least" in {note.code for note in result.notes}


def test_a_recurring_customer_belongs_to_the_cohort_of_every_period() -> None:
    """ana: January, February, March. bita: January, March."""
    rows = [("ana", f"2024-0{month}-05", 1) for month in (1, 2, 3)] + [
        ("bita", f"2024-0{month}-05", 1) for month in (1, 3)
    ]
    result = rk.metrics.cohorts(logs.orders(rows, "2024-03-31"), first_time=False)
    assert logs.triangle(result) == [[2, 1, 2], [1, 1], [2]]
    assert "left_truncated" not in {note.code for note in result.notes}
    assert result.headline["rate"] == 2 / 3


@pytest.mark.parametrize("kind", ["on", "on_or_after"])
def test_rolling_days_of_real_orders_are_the_cubes_calendar_days(shop: rk.Log, kind: str) -> None:
    rolling, cube = (
        rk.metrics.cohorts(shop, every="day", kind=kind, window=how) for how in ("rolling", "calendar")
    )
    assert logs.triangle(rolling) == logs.triangle(cube)


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


IN_BRACKETS = [("ana", f"2024-0{month}-05", 1) for month in (1, 2, 3, 5)]
IN_BRACKETS += [("bita", f"2024-0{month}-05", 1) for month in (1, 4)] + [("cyrus", "2024-03-05", 1)]


def test_a_customer_counts_once_in_a_bracket_however_often_they_came() -> None:
    """ana comes at the ages 1, 2 and 4, bita at 3; cyrus began in March and never came again."""
    result = rk.metrics.cohorts(logs.orders(IN_BRACKETS, "2024-05-31"), kind="bracket", brackets=((1, 2), (3, 4)))
    assert logs.triangle(result) == [[2, 1, 2], [0, 0, 0], [1, 0], [0, 0], [0]]
    assert result.table[["age", "last_age"]].drop_duplicates().to_numpy().tolist() == [[0, 0], [1, 2], [3, 4]]


@pytest.mark.parametrize(("until", "rate"), [("2024-03-30", None), ("2024-03-31", 0.5)])
def test_a_bracket_has_a_rate_when_its_last_period_is_over(until: str, rate: float | None) -> None:
    """Ages 1 and 2 of January are February and March: until March is over its customers are counted so far."""
    rows = [row for row in IN_BRACKETS if row[1] < "2024-03"]
    table = rk.metrics.cohorts(logs.orders(rows, until), kind="bracket", brackets=((1, 2),)).table
    january = table[(table["cohort"] == date(2024, 1, 1)) & (table["age"] == 1)].iloc[0]
    assert january["customers"] == 1
    assert (None if pd.isna(january["rate"]) else january["rate"]) == rate


def test_a_bracket_of_one_age_is_that_age(shop: rk.Log) -> None:
    ages = rk.metrics.cohorts(shop)
    brackets = rk.metrics.cohorts(shop, kind="bracket", brackets=[(age, age) for age in range(1, 13)])
    pd.testing.assert_frame_equal(brackets.table.drop(columns="last_age"), ages.table)


@settings(max_examples=15, deadline=None)
@given(rows=logs.ORDERS)
def test_every_bracket_equals_the_plain_python_count(rows: list[oracle.Order]) -> None:
    until = max(day for _, day, _ in rows) + timedelta(40)
    brackets = [(1, 1), (2, 4), (6, 7)]
    table = rk.metrics.cohorts(logs.orders(rows, until), kind="bracket", brackets=brackets).table
    seen = table[table["customers"].notna()]
    first = oracle.period_number(table["cohort"].min(), "month", "gregorian")
    ours = {
        (oracle.period_number(row.cohort, "month", "gregorian") - first, row.age): row.customers
        for row in seen.itertuples()
    }
    assert ours == oracle.bracket_triangle(rows, brackets, oracle.period_number(until, "month", "gregorian"))


@pytest.mark.parametrize("brackets", [(), ((0, 3),), ((4, 2),), ((1, 3), (3, 5)), ((4, 5), (1, 2)), ((1, 2, 3),)])
def test_brackets_that_overlap_or_run_backwards_are_refused(brackets: Any) -> None:
    with pytest.raises(rk.RetentionError, match="brackets"):
        rk.metrics.cohorts(logs.orders(IN_BRACKETS, "2024-05-31"), kind="bracket", brackets=brackets)


def test_the_average_row_is_pooled_over_the_cohorts_that_reached_the_age() -> None:
    """A published example: 500 of 1000 and 400 of 500 come back; 10 of 700 so far, in the running period.

    One customer stands before them in the log's first period, which is no part of an average.
    """
    example = PUBLISHED["worked_examples"]["mixpanel_weighted_average"]
    rows = [("old", "2024-01-05", 1)]
    for month, (name, size, back, _) in enumerate(example["rows"], 2):
        rows += [(f"{name}/{n}", f"2024-0{month}-05", 1) for n in range(size)]
        rows += [(f"{name}/{n}", f"2024-0{month + 1}-05", 1) for n in range(back)]
    result = rk.metrics.cohorts(logs.orders(rows, "2024-05-20"))
    assert result.summary is not None
    average = result.summary.iloc[1]
    assert average[["cohorts", "size", "customers"]].tolist() == [2, 1500, 900]
    assert average["rate"] == result.headline["rate"] == example["pooled_complete_only"]


def test_a_cohort_nobody_of_which_came_back_counts_in_the_average_and_one_of_nobody_does_not() -> None:
    """old began in January, ana in February and came in March, bita in April and did not come; nobody in March."""
    rows = [
        ("old", "2024-01-05", 1),
        ("ana", "2024-02-05", 1),
        ("ana", "2024-03-05", 1),
        ("bita", "2024-04-05", 1),
    ]
    result = rk.metrics.cohorts(logs.orders(rows, "2024-05-31"))
    assert result.summary is not None
    assert result.summary.iloc[1][["cohorts", "size", "customers", "rate"]].tolist() == [2, 2, 1, 0.5]


def test_the_averages_travel_with_the_result() -> None:
    written = rk.metrics.cohorts(logs.orders(IN_BRACKETS, "2024-05-31")).as_dict()
    assert written["summary"]["age"] == [0, 1, 2, 3, 4]
    assert written["summary"]["rate"][4] is None


EVENTS = [("ana", "2024-01-05", "join"), ("ana", "2024-02-05", "use"), ("bita", "2024-01-06", "join")]


@pytest.mark.parametrize("how", [{}, {"kind": "on_or_after"}, {"kind": "bracket", "brackets": ((1, 1),)}], ids=str)
def test_events_have_groups_too(how: dict[str, Any]) -> None:
    """Five did what ana did, on the web, and five what bita did, in the app."""
    rows = [
        (f"{who} {place}", day, event, "web" if who == "ana" else "app")
        for who, day, event in EVENTS
        for place in range(5)
    ]
    result = rk.metrics.cohorts(logs.events(rows, "2024-02-29", "channel"), start="join", by="channel", **how)
    january = result.table[(result.table["cohort"] == date(2024, 1, 1)) & (result.table["age"] == 1)]
    assert january[["group", "size", "customers"]].to_numpy().tolist() == [["app", 5, 0], ["web", 5, 5]]
