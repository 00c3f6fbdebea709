"""S, N, R, L, E and CRR: on a log small enough to check by eye, against an oracle, on real orders."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

import retention_kit as rk
from tests import oracle
from tests.metrics import logs
from tests.receipts import rows_by_reason


def columns(result: rk.Result, *names: str) -> list[list[Any]]:
    return [result.table[name].tolist() for name in names]


def test_a_small_log_counts_as_it_does_by_eye(log_of: Callable[..., rk.Log]) -> None:
    """Who ordered in each month; dara's March row is a refund.

    ana    Jan Feb Mar
    bita   Jan     Mar   came back
    cyrus  Jan
    dara       Feb (-)   a refund keeps nobody
    """
    result = rk.metrics.retention_rate(log_of(logs.SMALL))
    start, new, returned, lost, end = columns(result, "start", "new", "returned", "lost", "end")
    assert start == [0, 3, 2]
    assert new == [3, 1, 0]
    assert returned == [0, 0, 1]
    assert lost == [0, 2, 1]
    assert end == [3, 2, 2]
    assert result.table["retention_rate"].tolist()[1:] == [pytest.approx(1 / 3), 0.5]
    assert result.table["textbook_rate"].tolist()[1:] == [pytest.approx(1 / 3), 1.0]
    assert result.table["period"].tolist() == [date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)]


def test_the_textbook_gap_is_said_where_customers_came_back(log_of: Callable[..., rk.Log]) -> None:
    notes = {note.code: note for note in rk.metrics.retention_rate(log_of(logs.SMALL)).notes}
    assert notes["textbook_gap"].facts["returned"] == 1
    assert notes["textbook_gap"].facts["textbook_rate"] == 1.0
    assert notes["small_groups"].facts["count"] == 2


def test_the_first_period_has_no_rate_and_is_flagged(log_of: Callable[..., rk.Log]) -> None:
    result = rk.metrics.retention_rate(log_of(logs.SMALL))
    assert pd.isna(result.table.loc[0, "retention_rate"])
    assert result.notes[0].code == "left_truncated"


def test_the_running_period_has_no_numbers_but_its_start(log_of: Callable[..., rk.Log]) -> None:
    """The last order is on 30 March: March is not over."""
    result = rk.metrics.retention_rate(log_of([*logs.SMALL[:-1], ("ana", "2024-03-30", 10)]))
    running = result.table.iloc[-1]
    assert running["start"] == 2
    rest = ["new", "returned", "lost", "end", "retention_rate", "low", "high", "churn_rate", "textbook_rate"]
    assert running[rest].isna().all()
    assert result.headline["period"].start == date(2024, 2, 1)
    assert "running_period" in {note.code for note in result.notes}


def test_watching_longer_shows_everybody_lost(log_of: Callable[..., rk.Log]) -> None:
    """The shop was watched until 31 May; nobody ordered after March: April loses all, May had nobody to lose."""
    result = rk.metrics.retention_rate(log_of(logs.SMALL, observed_until="2024-05-31"))
    start, lost = columns(result, "start", "lost")
    assert start == [0, 3, 2, 2, 0]
    assert lost == [0, 2, 1, 2, 0]
    rates = result.table["retention_rate"]
    assert rates.iloc[3] == 0
    assert pd.isna(rates.iloc[4])
    assert result.headline["period"].start == date(2024, 4, 1)


def test_the_average_is_pooled_not_an_average_of_rates(log_of: Callable[..., rk.Log]) -> None:
    """1 of 3 and 1 of 2 are 2 of 5, not 41.7 %."""
    assert rk.metrics.retention_rate(log_of(logs.SMALL)).headline["average_rate"] == pytest.approx(2 / 5)


def test_one_order_gives_no_rate_and_says_so(log_of: Callable[..., rk.Log]) -> None:
    result = rk.metrics.retention_rate(log_of(logs.SMALL[:1]))
    assert result.headline == {"sentence": "none", "periods": 0}
    assert "no retention rate" in rk.say(result, "en")


def test_an_unknown_period_is_refused(shop: rk.Log) -> None:
    with pytest.raises(rk.RetentionError, match="month"):
        rk.metrics.retention_rate(shop, every="mnth")


@pytest.mark.parametrize("calendar", ["gregorian", "jalali"])
@pytest.mark.parametrize("every", ["day", "week", "month", "quarter", "year"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=logs.ORDERS)
def test_every_number_equals_the_plain_python_count(
    log_of: Callable[..., rk.Log], every: str, calendar: str, rows: list[oracle.Order]
) -> None:
    until = max(day for _, day, _ in rows) + timedelta(800)  # far enough that no period with an order still runs
    log = log_of([(who, str(day), amount) for who, day, amount in rows], observed_until=str(until))
    table = rk.metrics.retention_rate(log, every=every, calendar=calendar).table
    last = oracle.period_number(until, every, calendar)
    expected = oracle.flow(rows, every, calendar, last)
    assert len(table) == len(expected)
    for ours, theirs in list(zip(table.to_dict("records"), expected, strict=True))[:-1]:
        for name, value in theirs.items():
            assert (None if pd.isna(ours[name]) else ours[name]) == (
                None if value is None else pytest.approx(value, rel=1e-15)
            ), name
        assert ours["end"] == ours["start"] - ours["lost"] + ours["new"] + ours["returned"]


def test_real_orders_count_as_their_provenance_says(shop: rk.Log) -> None:
    counted = shop.engine.query(
        'select count(distinct customer) as customers, count(distinct "order") as invoices,'
        " sum(amount) as revenue from orders where amount > 0",
        orders=shop.table,
    ).iloc[0]
    assert (counted["customers"], counted["invoices"]) == (4338, 18532)
    assert round(float(counted["revenue"]), 2) == 8911407.90
    assert (shop.receipt.read, rows_by_reason(shop.receipt)) == (541909, {"missing_id": 135080})


def test_a_result_as_json_has_nulls_for_what_is_missing(shop: rk.Log) -> None:
    import json

    document = json.loads(json.dumps(rk.metrics.retention_rate(shop).as_dict(), allow_nan=False))
    assert document["table"]["retention_rate"][0] is None
    assert document["table"]["end"][-1] is None
    assert document["headline"]["period"] == {"start": "2011-11-01", "every": "month", "calendar": "gregorian"}
    assert document["table"]["start"][1] == 885
