"""What makes a customer active: an order above 0, an event, or an event of one kind."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import retention_kit as rk
from tests import oracle
from tests.metrics import logs
from tests.metrics.test_retention_rate import SMALL, orders

METRICS = [rk.metrics.retention_rate, rk.metrics.churn, rk.metrics.lifecycle, rk.metrics.stickiness]
DID = [
    ("ana", "2024-01-05", "log-in"),
    ("ana", "2024-01-05", "export"),
    ("ana", "2024-02-10", "log-in"),
    ("bita", "2024-01-20", "log-in"),
    ("bita", "2024-02-20", "export"),
]


def test_every_event_keeps_a_customer_or_only_the_one_that_is_asked_for() -> None:
    """ana logs in in both months and exports in January; bita logs in in January and exports in February."""
    log = logs.events(DID, "2024-02-29")
    for back, rate, end in ((None, 1, [2, 2]), ("log-in", 0.5, [2, 1]), ("export", 0, [1, 1])):
        result = rk.metrics.retention_rate(log, back=back)
        assert result.table["end"].tolist() == end
        assert result.headline["rate"] == rate
    assert rk.metrics.churn(log, back="export").table["churn_rate"].iloc[1] == 1
    assert rk.metrics.lifecycle(log, back="export").table["kept"].tolist() == [0, 0]
    assert rk.metrics.stickiness(log).table["customers"].tolist() == [0, 2]
    assert rk.metrics.stickiness(log, back="export").table["customers"].tolist() == [2, 0]


@pytest.mark.parametrize("language", ["en", "fa"])
def test_stickiness_of_events_speaks_of_activity_and_not_of_purchases(language: str) -> None:
    result = rk.metrics.stickiness(logs.events(DID, "2024-02-29"))
    bought = {"en": "bought", "fa": "خرید"}[language]
    assert bought not in rk.say(result, language) + rk.figures.alternative(result, language)
    assert bought in rk.say(rk.metrics.stickiness(logs.orders(SMALL, "2024-03-31")), language)


@pytest.mark.parametrize("metric", METRICS)
def test_an_event_that_never_happened_is_refused_and_so_is_one_of_orders(metric: Callable[..., Any]) -> None:
    with pytest.raises(rk.RetentionError, match='Did you mean "log-in"'):
        metric(logs.events(DID, "2024-02-29"), back="login")
    with pytest.raises(rk.RetentionError, match="events"):
        metric(logs.orders(SMALL, "2024-03-31"), back="log-in")
    with pytest.raises(rk.RetentionError, match="events"):
        metric(logs.subscriptions([{"customer": "ana", "start": "2024-01-01"}], "2024-03-31"), back="log-in")


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("back", [None, "b"])
@settings(max_examples=8, deadline=None)
@given(rows=orders, kinds=st.lists(st.sampled_from("ab"), min_size=40, max_size=40))
def test_events_count_as_orders_of_one_toman_do(
    metric: Callable[..., Any], back: str | None, rows: list[oracle.Order], kinds: list[str]
) -> None:
    until = max(day for _, day, _ in rows) + timedelta(9)
    did = [(who, day, kind) for (who, day, _), kind in zip(rows, kinds, strict=False)]
    did.append(("a", min(day for _, day, _ in rows), "b"))
    bought = [(who, day, float(back in (None, kind))) for who, day, kind in did]
    ours, theirs = metric(logs.events(did, until), back=back), metric(logs.orders(bought, until))
    pd.testing.assert_frame_equal(ours.table, theirs.table)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("every", ["month", "day"])
def test_who_had_only_refunds_is_counted_in_a_note_and_in_nothing_else(
    metric: Callable[..., Any], every: str
) -> None:
    """dara only sent things back, elham was given something for nothing; ana bought and sent back."""
    bought = [("ana", "2024-01-05", 10), ("ana", "2024-01-06", -10), ("bita", "2024-02-05", 10)]
    back = [("dara", "2024-01-07", -5), ("dara", "2024-02-07", -5), ("elham", "2024-02-07", 0)]
    with_them, without = (
        metric(logs.orders(rows, "2024-03-31"), every=every) for rows in ([*bought, *back], bought)
    )
    pd.testing.assert_frame_equal(with_them.table, without.table)
    (note,) = (note for note in with_them.notes if note.code == "only_refunds")
    assert note.facts == {"count": 2, "customers": 4}
    assert "only_refunds" not in {note.code for note in without.notes}


def test_the_average_churn_is_pooled_not_an_average_of_rates() -> None:
    """2 of 3 were lost in February and 1 of 2 in March: 3 of 5, not 58.3 %."""
    assert rk.metrics.churn(logs.orders(SMALL, "2024-03-31")).headline["average_rate"] == pytest.approx(3 / 5)


def test_the_average_revenue_churn_is_pooled_not_an_average_of_rates() -> None:
    """100 of 1000 is lost in February, 450 of 900 in March: 550 of 1900, not 30 %."""
    rows = [
        {"customer": "ana", "start": "2024-01-01", "mrr": 450.0},
        {"customer": "bita", "start": "2024-01-01", "end": "2024-02-10", "mrr": 100.0},
        {"customer": "cyrus", "start": "2024-01-01", "end": "2024-03-10", "mrr": 450.0},
    ]
    headline = rk.metrics.revenue_churn(logs.subscriptions(rows, "2024-03-31")).headline
    assert headline["average_gross"] == pytest.approx(550 / 1900)
