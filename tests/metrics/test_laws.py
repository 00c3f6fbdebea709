"""What must not change a number, and where an average must lie."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import retention_kit as rk
from tests import oracle
from tests.metrics import logs

METRICS = [
    rk.metrics.retention_rate,
    rk.metrics.churn,
    rk.metrics.cohorts,
    rk.metrics.lifecycle,
    rk.metrics.stickiness,
]


def numbers(result: rk.Result) -> pd.DataFrame:
    """The table without the columns that name periods."""
    return result.table.drop(columns=["period", "cohort"], errors="ignore")


@pytest.mark.parametrize("metric", METRICS)
@settings(max_examples=6, deadline=None)
@given(rows=logs.ORDERS, chance=st.randoms(), weeks=st.integers(1, 60))
def test_the_order_of_rows_and_a_shift_by_whole_weeks_change_nothing(
    metric: Callable[..., rk.Result], rows: list[oracle.Order], chance: Random, weeks: int
) -> None:
    until = max(day for _, day, _ in rows) + timedelta(9)
    plain = numbers(metric(logs.orders(rows, until), every="week"))
    shuffled = chance.sample(rows, len(rows))
    pd.testing.assert_frame_equal(numbers(metric(logs.orders(shuffled, until), every="week")), plain)
    shift = timedelta(weeks=weeks)
    shifted = [(who, day + shift, amount) for who, day, amount in rows]
    pd.testing.assert_frame_equal(numbers(metric(logs.orders(shifted, until + shift), every="week")), plain)


@settings(max_examples=10, deadline=None)
@given(drawn=logs.COMPANIES, chance=st.randoms())
def test_the_order_of_rows_changes_no_movement_and_no_interval(drawn: list[Any], chance: Random) -> None:
    rows = [logs.written(row) for row in logs.rows_of(drawn)]
    plain = rk.metrics.revenue_churn(logs.subscriptions(rows, logs.LAST)).table
    shuffled = chance.sample(rows, len(rows))
    pd.testing.assert_frame_equal(rk.metrics.revenue_churn(logs.subscriptions(shuffled, logs.LAST)).table, plain)


@settings(max_examples=20, deadline=None)
@given(rows=logs.ORDERS)
def test_the_pooled_average_lies_between_the_least_rate_and_the_greatest(rows: list[oracle.Order]) -> None:
    until = max(day for _, day, _ in rows)
    result = rk.metrics.retention_rate(logs.orders(rows, until))
    rates = result.table["retention_rate"].dropna()
    if result.headline["sentence"] == "one":
        assert rates.min() - 1e-12 <= result.headline["average_rate"] <= rates.max() + 1e-12
    else:
        assert rates.empty
