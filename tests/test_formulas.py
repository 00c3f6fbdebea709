"""The formulas' laws, on numbers, arrays and Series."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retention_kit import formulas

whole = st.integers(0, 10**9)
share = st.floats(0, 1)


@given(start=st.integers(1, 10**9), data=st.data())
def test_retention_and_churn_add_up_to_one_when_nobody_came_back(start: int, data: st.DataObject) -> None:
    lost = data.draw(st.integers(0, start))
    new = data.draw(whole)
    kept = formulas.customer_retention_rate(start, new, start - lost + new)
    assert kept + formulas.customer_churn_rate(start, lost) == pytest.approx(1, abs=1e-12)


@given(new=whole, end=whole)
def test_a_rate_of_nobody_is_missing(new: int, end: int) -> None:
    assert math.isnan(formulas.customer_retention_rate(0, new, end))
    assert math.isnan(formulas.customer_churn_rate(0, end))


@given(total=st.integers(1, 10**9), data=st.data())
def test_the_interval_holds_the_share_and_stays_between_0_and_1(total: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, total))
    low, high = formulas.wilson_interval(successes, total)
    assert 0 <= low <= successes / total + 1e-12
    assert successes / total - 1e-12 <= high <= 1


@pytest.mark.parametrize(
    ("successes", "total", "low", "high"),
    # Values printed in R. G. Newcombe, Two-sided confidence intervals for the single proportion (1998), table I.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_agrees_with_published_values(successes: int, total: int, low: float, high: float) -> None:
    assert formulas.wilson_interval(successes, total) == (
        pytest.approx(low, abs=5e-5),
        pytest.approx(high, abs=5e-5),
    )


@pytest.mark.parametrize(("successes", "total"), [(-1, 10), (11, 10), (0, 0)])
def test_an_interval_of_impossible_counts_is_missing(successes: int, total: int) -> None:
    assert all(math.isnan(bound) for bound in formulas.wilson_interval(successes, total))


@given(customers=st.floats(0, 1e9), rate=share, new=st.floats(0, 1e6), periods=st.integers(0, 60))
def test_the_projection_is_the_period_by_period_sum(
    customers: float, rate: float, new: float, periods: int
) -> None:
    expected = customers
    for _ in range(periods):
        expected = expected * rate + new
    assert formulas.customers_after(customers, rate, new, periods) == pytest.approx(expected, rel=1e-6, abs=1e-6)


@given(rate=share, periods=st.integers(0, 100))
def test_a_chance_to_stay_is_a_share_and_never_grows(rate: float, periods: int) -> None:
    now, later = formulas.chance_to_stay(rate, periods), formulas.chance_to_stay(rate, periods + 1)
    assert 0 <= later <= now <= 1


def test_lifetime_is_missing_when_nobody_leaves() -> None:
    assert math.isnan(formulas.expected_lifetime(0.0))
    assert formulas.expected_lifetime(1.0) == 1.0


def test_arrays_give_arrays_and_series_give_series_with_their_index() -> None:
    array = formulas.customer_churn_rate(np.array([200.0, 0.0]), np.array([50.0, 0.0]))
    assert isinstance(array, np.ndarray)
    assert array[0] == 0.25
    assert np.isnan(array[1])
    start = pd.Series([200, None, 0], index=["a", "b", "c"], dtype="Int64")
    series = formulas.customer_churn_rate(start, pd.Series([50, 1, 0], index=["a", "b", "c"]))
    assert isinstance(series, pd.Series)
    assert list(series.index) == ["a", "b", "c"]
    assert series["a"] == 0.25
    assert series[["b", "c"]].isna().all()
    assert series.dtype == "float64"


def test_a_missing_input_makes_a_missing_rate() -> None:
    assert math.isnan(formulas.customer_retention_rate(100, None, 90))
    assert math.isnan(formulas.customer_retention_rate(100, math.nan, 90))
