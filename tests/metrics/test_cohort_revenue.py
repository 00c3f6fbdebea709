"""Cohorts measured in money, and cohorts of subscribers: published numbers, small logs, and oracles."""

import json
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings

import retention_kit as rk
from tests import oracle
from tests.metrics import logs

EXAMPLES = json.loads((Path(__file__).parent.parent / "data" / "crosschecks.json").read_text())["worked_examples"]


def cells(result: rk.Result, name: str) -> list[list[float]]:
    """One column, a list a cohort, without the future."""
    return [rows[name].dropna().tolist() for _, rows in result.table.groupby("cohort")]


def counted(result: rk.Result, name: str) -> dict[tuple[int, int], float]:
    """One column by number of the cohort and age, without the zeros."""
    places = {cohort: place for place, cohort in enumerate(sorted(set(result.table["cohort"])))}
    there = result.table[result.table[name].fillna(0) > 0]
    return {(places[row["cohort"]], row["age"]): row[name] for row in there.to_dict("records")}


def test_a_worked_example_gives_its_published_revenue() -> None:
    example = EXAMPLES["clvkit_cohort_matrix"]
    result = rk.metrics.cohorts(logs.orders(example["log"], "1998-03-31"), measure="revenue")
    published = [[cell for cell in row if cell is not None] for row in example["revenue"]]
    assert cells(result, "revenue") == published
    assert cells(result, "rate")[0] == [1, 20 / 50, 80 / 50]
    assert cells(result, "cumulative_per_customer")[0] == [25, 35, 75]


REFUNDED = [
    ("ana", "2024-01-05", 100),
    ("ana", "2024-02-05", 60),
    ("ana", "2024-02-20", -20),
    ("bita", "2024-01-10", -30),
    ("bita", "2024-02-11", 50),
    ("cyrus", "2024-02-09", -5),
]


def test_a_refund_lowers_the_revenue_of_its_period() -> None:
    """ana brings 100 in January and 60 - 20 in February."""
    result = rk.metrics.cohorts(logs.orders(REFUNDED, "2024-02-29"), measure="revenue")
    assert cells(result, "revenue") == [[100, 40], [50]]


def test_a_refund_of_what_was_bought_before_the_log_belongs_to_no_cohort() -> None:
    """bita's refund of 30 came a month before her first order, cyrus' of 5 without one."""
    result = rk.metrics.cohorts(logs.orders(REFUNDED, "2024-02-29"), measure="revenue")
    assert logs.codes(result)["refunds_of_no_cohort"] == {"amount": 35}


@pytest.mark.parametrize("window", ["calendar", "rolling"])
def test_a_refund_before_a_first_order_belongs_to_no_cohort_in_the_same_period_too(window: str) -> None:
    """ana's refund of 5 came in the morning of the first order of 20, that of 2 an hour after it."""
    rows = [("ana", "2024-01-05 09:00", -5), ("ana", "2024-01-05 10:00", 20), ("ana", "2024-01-05 11:00", -2)]
    result = rk.metrics.cohorts(logs.orders(rows, "2024-01-31"), measure="revenue", window=window)
    assert cells(result, "revenue")[0][0] == 18
    assert logs.codes(result)["refunds_of_no_cohort"] == {"amount": 5}


def test_refunds_of_no_cohort_add_up_to_the_last_digit() -> None:
    """As floats, three times a tenth is more than three tenths."""
    rows = [(who, "2024-01-05", -0.1) for who in ("ana", "bita", "cyrus")]
    result = rk.metrics.cohorts(logs.orders(rows, "2024-01-31"), measure="revenue")
    assert logs.codes(result)["refunds_of_no_cohort"] == {"amount": 0.3}


def test_all_money_of_real_orders_is_in_a_cell_or_named(shop: rk.Log) -> None:
    everything = shop.engine.query("select sum(amount) as amount from orders", orders=shop.table)["amount"][0]
    result = rk.metrics.cohorts(shop, measure="revenue")
    placed = result.table["revenue"].sum() - logs.codes(result)["refunds_of_no_cohort"]["amount"]
    assert placed == pytest.approx(float(everything), abs=1e-4)
    assert result.table["size"].tolist() == rk.metrics.cohorts(shop).table["size"].tolist()


def test_money_of_the_running_period_is_counted_and_has_no_share() -> None:
    result = rk.metrics.cohorts(logs.orders(REFUNDED, "2024-02-28"), measure="revenue")
    february = result.table[(result.table["cohort"] == date(2024, 1, 1)) & (result.table["age"] == 1)].iloc[0]
    assert february["revenue"] == 40
    assert february[["rate", "low", "high", "cumulative_per_customer"]].isna().all()


def test_a_cohort_that_brought_nothing_at_first_has_no_share() -> None:
    """ana sends everything back within January, and buys again in February."""
    rows = [("ana", "2024-01-05", 10), ("ana", "2024-01-06", -10), ("ana", "2024-02-05", 10)]
    result = rk.metrics.cohorts(logs.orders(rows, "2024-02-29"), measure="revenue")
    assert cells(result, "revenue")[0] == [0, 10]
    assert cells(result, "rate")[0] == []


@pytest.mark.parametrize("window", ["calendar", "rolling"])
@settings(max_examples=15, deadline=None)
@given(rows=logs.ORDERS)
def test_every_sum_equals_the_plain_python_sum(window: str, rows: list[oracle.Order]) -> None:
    until = max(day for _, day, _ in rows) + timedelta(40)
    result = rk.metrics.cohorts(logs.orders(rows, until), measure="revenue", window=window)
    first = min(oracle.period_number(day, "month", "gregorian") for _, day, _ in rows)
    expected = oracle.revenue_triangle(rows, 30 if window == "rolling" else 0)
    ours = counted(result, "revenue")
    assert ours == {
        (cohort - first, age): pytest.approx(sum_) for (cohort, age), sum_ in expected.items() if sum_ > 0
    }


def test_the_average_of_money_is_the_sum_over_the_sum() -> None:
    """After January's (left-truncated) cohort: February 100 and then 50, March 300 and then 30: 80 of 400."""
    rows = [("old", "2024-01-05", 1)]
    rows += [("ana", "2024-02-05", 100), ("ana", "2024-03-05", 50)]
    rows += [("bita", "2024-03-05", 300), ("bita", "2024-04-05", 30)]
    result = rk.metrics.cohorts(logs.orders(rows, "2024-04-30"), measure="revenue")
    assert result.summary is not None
    second = result.summary.iloc[1]
    assert second[["cohorts", "size", "revenue", "rate"]].tolist() == [2, 2, 80, 0.2]
    assert second["cumulative_per_customer"] == (150 + 330) / 2
    assert result.headline["rate"] == 0.2
    assert second["low"] <= 0.2 <= second["high"]


def test_the_bounds_of_money_are_the_same_for_the_same_seed_and_narrow_with_more_customers() -> None:
    """Everybody brings 10 in January, and about every second customer 10 again in February."""
    chance = Random(7)  # noqa: S311 data, not a secret
    again = [chance.random() < 0.5 for _ in range(1600)]

    def bounds(size: int, seed: int) -> tuple[float, float]:
        rows = [(f"{n:04}", "2024-01-05", 10) for n in range(size)]
        rows += [(f"{n:04}", "2024-02-05", 10) for n in range(size) if again[n]]
        result = rk.metrics.cohorts(logs.orders(rows, "2024-02-29"), measure="revenue", seed=seed)
        cell = result.table.iloc[1]
        return cell["low"], cell["high"]

    assert bounds(100, 0) == bounds(100, 0) != bounds(100, 1)
    low, high = bounds(1600, 0)  # dealt into blocks: near the interval of a share of 1,600 customers
    assert (low, high) == pytest.approx(rk.formulas.wilson_interval(float(sum(again)), 1600.0), abs=0.012)
    assert high - low < bounds(100, 0)[1] - bounds(100, 0)[0]


SUBSCRIBED = [
    {"customer": "ana", "start": "2024-01-05"},
    {"customer": "bita", "start": "2024-01-05", "end": "2024-02-10", "mrr": 50.0},
    {"customer": "bita", "start": "2024-02-10", "mrr": 80.0},
    {"customer": "cyrus", "start": "2024-01-03", "end": "2024-01-20"},
    {"customer": "dara", "start": "2024-02-03", "end": "2024-03-10"},
    {"customer": "elham", "start": "2024-02-05", "trial_end": "2024-03-05"},
]


def test_subscribers_of_a_cohort_are_those_held_at_the_end_of_each_period() -> None:
    """January: ana and bita stay, cyrus is gone before its end. February: dara. March: elham, after a trial."""
    result = rk.metrics.cohorts(logs.subscriptions(SUBSCRIBED, "2024-03-31"))
    assert cells(result, "customers") == [[2, 2, 2], [1, 0], [1]]
    assert cells(result, "size") == [[3, 3, 3], [1, 1, 1], [1, 1, 1]]
    assert result.headline["sentence"] == "held"
    assert result.headline["rate"] == 0


def test_recurring_revenue_of_a_cohort_stands_against_that_of_its_first_period() -> None:
    """ana pays 100 throughout; bita 50 and then 80; dara 100 and then nothing; elham 100 from March."""
    result = rk.metrics.cohorts(logs.subscriptions(SUBSCRIBED, "2024-03-31"), measure="revenue")
    assert cells(result, "revenue") == [[150, 180, 180], [100, 0], [100]]
    assert cells(result, "rate") == [[1, 1.2, 1.2], [1, 0], [1]]
    assert "cumulative_per_customer" not in result.table
    assert result.headline["sentence"] == "recurring_revenue_alone"


@settings(max_examples=20, deadline=None)
@given(drawn=logs.COMPANIES)
def test_every_cell_of_subscribers_equals_the_plain_python_count(drawn: list[list[list[dict[str, int]]]]) -> None:
    customers = logs.customers_of(drawn)
    log = logs.subscriptions([logs.written(row) for customer in customers for row in customer], logs.LAST)
    paying = [
        [
            {**row, "start": row["start"] + row["trial"]}
            for row in customer
            if row["start"] + row["trial"] < row["end"]
        ]
        for customer in customers
    ]
    held, money, began = oracle.subscription_triangle(paying, logs.INSTANTS, gap=7, limit=90)
    result = rk.metrics.cohorts(log)
    assert counted(result, "customers") == {cell: count for cell, count in held.items() if count}
    assert counted(rk.metrics.cohorts(log, measure="revenue"), "revenue") == {
        cell: pytest.approx(sum_) for cell, sum_ in money.items() if sum_
    }
    sizes = result.table[result.table["age"] == 0]["size"]
    assert sizes.tolist() == [began[cohort] for cohort in range(len(logs.INSTANTS))]


@pytest.mark.parametrize(
    "how",
    [{"kind": "on_or_after"}, {"kind": "bracket"}, {"at_least": 2}, {"first_time": False}],
    ids=str,
)
def test_money_has_no_other_kind(how: dict[str, Any]) -> None:
    log = logs.orders(REFUNDED, "2024-02-29")
    with pytest.raises(rk.RetentionError, match=next(iter(how))):
        rk.metrics.cohorts(log, measure="revenue", **how)


def test_events_have_no_revenue_and_subscriptions_no_rolling_window() -> None:
    with pytest.raises(rk.RetentionError, match="events"):
        rk.metrics.cohorts(logs.events([("ana", "2024-01-01", "use")], "2024-01-31"), measure="revenue")
    with pytest.raises(rk.RetentionError, match="rolling"):
        rk.metrics.cohorts(logs.subscriptions(SUBSCRIBED, "2024-03-31"), window="rolling")


def test_the_groups_add_up_to_the_whole() -> None:
    rows = [
        (f"{who} {place}", day, amount, "shop" if who == "ana" else "site")
        for who, day, amount in REFUNDED
        for place in range(5)
    ]
    log = logs.orders(rows, "2024-02-29", "channel")
    for measure, name in (("revenue", "revenue"), ("customers", "customers")):
        whole, parts = (rk.metrics.cohorts(log, measure=measure, by=by) for by in (None, "channel"))
        sums = parts.table.groupby(["cohort", "age"])[name].sum(min_count=1)
        pd.testing.assert_series_equal(
            sums.reset_index(drop=True), whole.table[name], check_names=False, check_dtype=False
        )
        assert parts.headline == whole.headline
        assert parts.table["group"].unique().tolist() == ["shop", "site"]
        assert parts.summary is not None
        assert parts.summary["group"].unique().tolist() == ["shop", "site"]
