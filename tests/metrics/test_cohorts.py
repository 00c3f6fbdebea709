"""The cohort triangle: against published numbers and an oracle."""

import csv
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

import retention_kit as rk
from retention_kit.metrics import activity
from tests import oracle
from tests.metrics import logs

DATA = Path(__file__).parent.parent / "data"


def test_real_orders_give_the_published_triangle(shop: rk.Log) -> None:
    with (DATA / "golden_online_retail_cohort.csv").open() as file:
        published = [[int(float(cell)) for cell in row[1:] if cell] for row in list(csv.reader(file))[1:]]
    assert logs.triangle(rk.metrics.cohorts(shop)) == published


def test_a_worked_example_gives_its_published_counts(log_of: Callable[..., rk.Log]) -> None:
    example = json.loads((DATA / "crosschecks.json").read_text())["worked_examples"]["clvkit_cohort_matrix"]
    published = [[cell for cell in row if cell is not None] for row in example["counts"]]
    assert logs.triangle(rk.metrics.cohorts(log_of(example["log"]))) == published


def test_the_future_is_missing_and_an_empty_cell_is_zero(log_of: Callable[..., rk.Log]) -> None:
    """ana buys in January and March, bita in March: nobody of January in February, April is not there."""
    log = log_of([("ana", "2024-01-05", 1), ("ana", "2024-03-05", 1), ("bita", "2024-03-31", 1)])
    cells = rk.metrics.cohorts(log).table.set_index(["cohort", "age"])["customers"]
    assert cells[date(2024, 1, 1), 1] == 0
    assert cells[date(2024, 1, 1), 2] == 1
    assert pd.isna(cells[date(2024, 3, 1), 1])


def test_cells_of_the_running_period_have_customers_and_no_rate(shop: rk.Log) -> None:
    table = rk.metrics.cohorts(shop).table
    running = table[(table["cohort"] == date(2010, 12, 1)) & (table["age"] == 12)].iloc[0]
    assert running["customers"] == 235
    assert pd.isna(running["rate"])


def test_the_left_truncated_cohort_is_not_in_the_average(shop: rk.Log) -> None:
    """The pooled share at age 1 by hand: sum over sum, January to October 2011."""
    table = rk.metrics.cohorts(shop).table
    first = table[
        (table["age"] == 1) & (table["cohort"] > date(2010, 12, 1)) & (table["cohort"] < date(2011, 11, 1))
    ]
    headline = rk.metrics.cohorts(shop).headline
    assert headline["rate"] == first["customers"].sum() / first["size"].sum() == 616 / 3089
    assert headline["cohorts"] == 10


@pytest.mark.parametrize("language", ["en", "fa"])
def test_where_only_the_first_cohort_is_old_enough_it_says_so(language: str) -> None:
    """ana and bita begin in 2023, and ana is back in 2024: the only whole year after a first one."""
    rows = [("ana", "2023-05-05", 10), ("bita", "2023-05-05", 10), ("ana", "2024-05-05", 10)]
    old = rk.metrics.cohorts(logs.orders(rows, "2024-12-31"), every="year")
    assert old.headline["sentence"] == "first_only"
    assert rk.figures.alternative(old, language) == rk.language.text("cohorts.figure.alt.first_only", language)
    assert rk.language.text("calendar.unit.year", language) in rk.say(old, language)
    young = rk.metrics.cohorts(logs.orders(rows, "2024-12-30"), every="year")
    assert young.headline["sentence"] == "none"


def test_a_cohort_is_told_in_the_unit_it_was_asked_in() -> None:
    """bita begins in the second week and is back in the third."""
    rows = [("ana", "2024-01-06", 10), ("bita", "2024-01-13", 10), ("bita", "2024-01-20", 10)]
    result = rk.metrics.cohorts(logs.orders(rows, "2024-01-26"), every="week", calendar="jalali")
    assert "100% bought again in the very next week (" in rk.say(result, "en")
    assert "۱۰۰٪ درست در هفتهٔ بعد دوباره خریدند" in rk.say(result, "fa")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=logs.ORDERS)
@pytest.mark.parametrize("kind", ["on", "on_or_after"])
def test_every_cell_equals_the_plain_python_count(
    log_of: Callable[..., rk.Log], kind: str, rows: list[oracle.Order]
) -> None:
    until = max(day for _, day, _ in rows) + timedelta(40)
    log = log_of([(who, str(day), amount) for who, day, amount in rows], observed_until=str(until))
    expected = oracle.triangle(rows, "month", "jalali", oracle.period_number(until, "month", "jalali"), kind)
    table = rk.metrics.cohorts(log, calendar="jalali", kind=kind).table
    places = {cohort: place for place, cohort in enumerate(sorted(set(table["cohort"])))}
    seen = table[table["customers"].notna()]
    ours = {(places[row.cohort], row.age): row.customers for row in seen.itertuples()}
    assert ours == expected


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=logs.ORDERS)
def test_on_or_after_never_grows_and_is_never_below_on(
    log_of: Callable[..., rk.Log], rows: list[oracle.Order]
) -> None:
    log = log_of([(who, str(day), amount) for who, day, amount in rows])
    on, later = (rk.metrics.cohorts(log, kind=kind) for kind in ("on", "on_or_after"))
    for row_on, row_later in zip(logs.triangle(on), logs.triangle(later), strict=True):
        assert row_later == sorted(row_later, reverse=True)
        assert all(a <= b for a, b in zip(row_on, row_later, strict=True))


def test_the_fast_query_gives_the_same_cube_as_the_plain_one(
    shop: rk.Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast = activity.activity(shop, "week", "jalali").cube
    monkeypatch.setattr(activity, "MOST_BITS", 0)
    plain = activity.activity(shop, "week", "jalali").cube
    pd.testing.assert_frame_equal(fast, plain, check_dtype=False)


@pytest.mark.parametrize("periods", [61, 62, 63])
def test_the_cube_is_right_around_the_longest_life_that_fits_in_bits(
    log_of: Callable[..., rk.Log], periods: int
) -> None:
    """One customer who orders every day, one who orders on the first and the last."""
    days = [str(date(2024, 1, 1) + timedelta(day)) for day in range(periods)]
    log = log_of([("every", day, 1) for day in days] + [("ends", days[0], 1), ("ends", days[-1], 1)])
    table = rk.metrics.retention_rate(log, every="day").table
    assert table["end"].tolist() == [2] + [1] * (periods - 2) + [2]
    assert table["returned"].tolist()[-1] == 1


def test_a_metrics_run_leaves_no_table_behind(shop: rk.Log) -> None:
    def tables() -> list[Any]:
        return shop.engine.connection.execute("show tables").fetchall()

    before = tables()
    rk.metrics.cohorts(shop)
    assert tables() == before
