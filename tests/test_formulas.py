"""The formulas' laws, on numbers, arrays and Series."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retention_kit import formulas
from retention_kit.formulas.intervals import draw_weights, ratio_bounds

EXAMPLES = json.loads((Path(__file__).parent / "data" / "crosschecks.json").read_text())["worked_examples"]

whole = st.integers(0, 10**9)
money = st.floats(0, 1e9)
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


@given(total=st.integers(1, 10**6))
def test_the_interval_of_nobody_begins_at_0_and_that_of_everybody_ends_at_1(total: int) -> None:
    assert formulas.wilson_interval(0, total)[0] == 0
    assert formulas.wilson_interval(total, total)[1] == 1


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


@given(rate=share)
def test_who_is_left_after_a_year_was_left_after_each_of_its_months(rate: float) -> None:
    assert 1 - formulas.yearly_rate(rate) == pytest.approx(formulas.chance_to_stay(1 - rate, 12), abs=1e-12)


@given(total=st.integers(1, 10**9), data=st.data())
def test_a_proportion_is_a_share_and_of_nothing_it_is_missing(total: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, total))
    assert formulas.proportion(total, successes) == successes / total
    assert math.isnan(formulas.proportion(0, successes))
    assert math.isnan(formulas.proportion(-total, successes))


@given(rate=share)
def test_a_years_churn_is_what_twelve_months_leave_and_never_twelve_times_one(rate: float) -> None:
    yearly = formulas.yearly_rate(rate)
    assert yearly == pytest.approx(1 - formulas.chance_to_stay(1 - rate, 12), abs=1e-12)
    assert yearly <= 12 * rate + 1e-12


@given(opening=st.floats(0.01, 1e9), data=st.data(), expansion=money)
def test_gross_retention_never_passes_one_nor_net_retention(
    opening: float, data: st.DataObject, expansion: float
) -> None:
    churned = data.draw(st.floats(0, opening))
    contraction = data.draw(st.floats(0, opening - churned))
    gross = formulas.gross_revenue_retention(opening, churned, contraction)
    net = formulas.net_revenue_retention(opening, churned, contraction, expansion)
    assert gross <= 1
    assert gross <= net
    assert gross + formulas.revenue_churn_rate(opening, churned, contraction) == pytest.approx(1)
    assert net + formulas.revenue_churn_rate(opening, churned, contraction, expansion) == pytest.approx(
        1, abs=1e-9 * max(1, net)
    )


def test_revenue_churn_agrees_with_a_published_example() -> None:
    example = EXAMPLES["chartmogul_mrr_churn"]
    lost = (example["start"], example["churn"], example["contraction"])
    assert formulas.revenue_churn_rate(*lost) == example["gross"]
    assert formulas.revenue_churn_rate(*lost, example["expansion"]) == example["net"]


@pytest.mark.parametrize(
    "rate",
    [
        formulas.revenue_churn_rate(0, 10, 0),
        formulas.gross_revenue_retention(0, 0),
        formulas.net_revenue_retention(0, 0, 0, 5),
        formulas.quick_ratio(10, 10, 0, 0),
        formulas.average_revenue_per_account(0, 0),
        formulas.customer_acquisition_cost(100, 0),
        formulas.value_to_cost(100, 0),
        formulas.payback_periods(100, 10, 0),
        formulas.customer_lifetime_value(100, 0.5, 0),
        formulas.net_promoter_score(0, 0, 0),
        formulas.breakage_rate(0, 0),
        formulas.break_even_uplift(10, 0, 0.5),
        formulas.audit_score(0, 0, 0),
        formulas.yearly_rate(1.5),
    ],
)
def test_what_is_divided_by_nothing_is_missing(rate: float) -> None:
    assert math.isnan(rate)


@given(revenue=st.floats(1, 1e6), margin=st.floats(0.01, 1), churn=st.floats(0.05, 1), discount=st.floats(0, 0.2))
def test_lifetime_value_is_the_sum_over_all_periods(
    revenue: float, margin: float, churn: float, discount: float
) -> None:
    expected = sum(revenue * margin * ((1 - churn) / (1 + discount)) ** period for period in range(2000))
    assert formulas.customer_lifetime_value(revenue, margin, churn, discount) == pytest.approx(expected)


@given(answers=st.tuples(whole, whole, whole).filter(any))
def test_the_promoter_score_lies_inside_its_interval(answers: tuple[int, int, int]) -> None:
    low, high = formulas.net_promoter_interval(*answers)
    assert -1 <= low <= high <= 1
    if sum(answers) >= 30 and abs(answers[0] - answers[2]) < sum(answers):
        assert low <= formulas.net_promoter_score(*answers) <= high


def test_returns_are_what_came_in_less_what_it_cost() -> None:
    assert formulas.return_on_customer_success(1, 2, 3, staff=4, tools=5, loyalty=6) == -9


@given(activities=whole, each=whole, renewals=st.integers(0, 100), growth=share)
def test_renewals_never_lower_the_points_earned(activities: int, each: int, renewals: int, growth: float) -> None:
    before = formulas.points_earned(activities, each, renewals, growth)
    assert formulas.points_earned(activities, each, renewals + 1, growth) >= before >= float(activities) * each


@given(points=whole, value=money, breakage=share)
def test_a_liability_is_never_more_than_the_points_are_worth(points: int, value: float, breakage: float) -> None:
    owed = formulas.points_liability(points, value, breakage)
    assert 0 <= owed <= formulas.points_worth(points, value)
    assert formulas.points_liability(points, value) == formulas.points_worth(points, value)


@given(practices=st.integers(1, 100), data=st.data())
def test_an_audit_passes_one_half_only_by_sharing_data(practices: int, data: st.DataObject) -> None:
    present = data.draw(st.integers(0, practices))
    sharing = data.draw(st.integers(0, present))
    score = formulas.audit_score(present, sharing, practices)
    assert 0 <= score <= 1
    assert score <= 0.5 or sharing > 0
    assert math.isnan(formulas.audit_score(present, present + 1, practices))


# Remission of 21 patients on 6-MP, E. A. Gehan (1965): ages at which a remission ended, at risk, ended.
REMISSION = np.array(
    [(6, 21, 3), (7, 17, 1), (10, 15, 1), (13, 12, 1), (16, 11, 1), (22, 7, 1), (23, 6, 1)], float
)


def test_a_survival_curve_agrees_with_a_published_one() -> None:
    curve = formulas.survival_curve(REMISSION[:, 1], REMISSION[:, 2])
    assert curve.round(4).tolist() == [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]


@given(lives=st.lists(st.integers(0, 5), min_size=1, max_size=50))
def test_without_censoring_survival_is_the_plain_share(lives: list[int]) -> None:
    ages = np.unique(lives)
    at_risk = np.array([sum(life >= age for life in lives) for age in ages])
    left = np.array([lives.count(age) for age in ages])
    share_left = np.array([sum(life > age for life in lives) / len(lives) for age in ages])
    assert formulas.survival_curve(at_risk, left) == pytest.approx(share_left, abs=1e-12)


def test_a_survival_interval_holds_the_curve_and_is_missing_before_the_first_has_left() -> None:
    at_risk, left = np.array([10.0, 9.0, 5.0, 1.0]), np.array([0.0, 2.0, 1.0, 1.0])
    low, high = formulas.log_log_interval(at_risk, left)
    curve = formulas.survival_curve(at_risk, left)
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, False, False, True]
    assert ((low < curve) & (curve < high))[1:3].all()


def test_a_lifetime_is_the_area_up_to_the_horizon_and_missing_beyond_the_curve() -> None:
    assert formulas.lifetime_within([2, 4], [0.5, 0.25], 3) == 2 * 1 + 1 * 0.5
    assert formulas.lifetime_within([2, 4], [0.5, 0.25], 4) == 2 * 1 + 2 * 0.5
    assert math.isnan(formulas.lifetime_within([2, 4], [0.5, 0.25], 5))
    assert math.isnan(formulas.lifetime_within([], [], 1))


def test_a_bootstrap_interval_is_the_same_for_the_same_seed_and_close_to_the_binomial_one() -> None:
    lost, had = np.repeat([1.0, 0.0], [60, 140]), np.ones(200)
    first, again = (ratio_bounds(draw_weights(200, seed=3), lost, had) for _ in range(2))
    assert first == again == pytest.approx(formulas.wilson_interval(60, 200), abs=0.02)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    # Values printed in R. G. Newcombe, Interval estimation for the difference between independent proportions
    # (1998), table II, method 10.
    [((56, 70, 48, 80), 0.0524, 0.3339), ((9, 10, 3, 10), 0.1705, 0.8090), ((10, 10, 0, 10), 0.6075, 1.0)],
)
def test_the_interval_of_a_difference_agrees_with_published_values(
    counts: tuple[int, int, int, int], low: float, high: float
) -> None:
    assert formulas.rate_difference(*counts)[1:] == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


strata = st.lists(st.integers(1, 50).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1)


@given(ours=strata, theirs=strata)
def test_others_weighted_like_the_group_lie_between_their_least_and_greatest_share(
    ours: list[tuple[int, int]], theirs: list[tuple[int, int]]
) -> None:
    pairs = list(zip(ours, theirs, strict=False))
    group, others = (np.array(side, dtype="float64").T for side in zip(*pairs, strict=True))
    rate, low, high = formulas.standardised_rate(others[0], others[1], group[1])
    shares = others[0] / others[1]
    assert shares.min() - 1e-12 <= rate <= shares.max() + 1e-12
    assert low - 1e-12 <= rate <= high + 1e-12
    apart, below, above = formulas.rate_difference(*group, *others)
    assert below - 1e-12 <= apart <= above + 1e-12


def test_a_group_is_as_far_from_itself_as_nothing_however_it_is_dealt_into_strata() -> None:
    kept, there = np.array([3.0, 8.0]), np.array([10.0, 20.0])
    assert formulas.rate_difference(kept, there, kept, there)[0] == pytest.approx(0)


@pytest.mark.parametrize("counts", [(1, 0, 1, 2), (1, 2, 0, 0)])
def test_a_difference_to_nobody_is_missing(counts: tuple[int, int, int, int]) -> None:
    assert all(math.isnan(number) for number in formulas.rate_difference(*counts))


def test_a_ratio_is_missing_where_nobody_or_everybody_of_both_was_kept() -> None:
    for counts in ((0, 5, 2, 5), (2, 5, 0, 5), (5, 5, 5, 5)):
        assert all(math.isnan(number) for number in formulas.rate_ratio(*counts))
