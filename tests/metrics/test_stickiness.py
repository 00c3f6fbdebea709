"""In how many periods customers were active."""

from datetime import timedelta

from hypothesis import given, settings

import retention_kit as rk
from tests import oracle
from tests.metrics import logs


def test_a_small_log_counts_as_it_does_by_eye() -> None:
    """ana in all three months, bita in two, cyrus and dara in one (dara's refund does not count)."""
    result = rk.metrics.stickiness(logs.orders(logs.SMALL, "2024-03-31"))
    assert result.table["periods_active"].tolist() == [1, 2, 3]
    assert result.table["customers"].tolist() == [2, 1, 1]
    assert result.headline["rate"] == 0.5
    assert result.headline["average"] == 7 / 4


def test_the_running_period_does_not_count() -> None:
    result = rk.metrics.stickiness(logs.orders(logs.SMALL, "2024-03-30"))
    assert result.table["customers"].tolist() == [3, 1]
    assert "running_period" in {note.code for note in result.notes}


def test_nobody_and_no_complete_period_have_no_share() -> None:
    result = rk.metrics.stickiness(logs.orders([("ana", "2024-01-05", 1)], "2024-01-06"))
    assert result.table.empty
    assert result.headline["sentence"] == "none"


def test_periods_are_said_in_the_unit_they_were_asked_in() -> None:
    result = rk.metrics.stickiness(logs.orders(logs.SMALL, "2024-03-31"))
    assert "in only one of the 3 months that are over: 50%" in rk.say(result, "en")
    assert "فقط در یکی از ۳ ماه کامل خرید کرده‌اند" in rk.say(result, "fa")


def test_a_share_of_nobody_has_0_as_its_lower_bound_and_one_of_everybody_1_as_its_upper() -> None:
    """Six customers, each in one of two months."""
    rows = [(f"c{place}", "2024-01-05", 10) for place in range(6)]
    table = rk.metrics.stickiness(logs.orders(rows, "2024-02-29")).table
    assert (table["low"][1], table["high"][0]) == (0, 1)


@settings(max_examples=15, deadline=None)
@given(rows=logs.ORDERS)
def test_every_count_equals_the_plain_python_count(rows: list[oracle.Order]) -> None:
    until = max(day for _, day, _ in rows) + timedelta(20)
    last = oracle.period_number(until + timedelta(1), "week", "jalali") - 1
    expected = oracle.periods_active(rows, "week", "jalali", last)
    table = rk.metrics.stickiness(logs.orders(rows, until), every="week", calendar="jalali").table
    counted = table[table["customers"] > 0]
    assert dict(zip(counted["periods_active"], counted["customers"], strict=True)) == expected
