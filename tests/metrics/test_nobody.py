"""Logs in which nobody ever became a customer: the sentence says that, and not that the log is too short."""

from collections.abc import Callable

import pytest

import retention_kit as rk
from tests.metrics import logs

Metric = Callable[..., rk.Result]
ON_ORDERS: list[Metric] = [
    rk.metrics.retention_rate,
    rk.metrics.churn,
    rk.metrics.lifecycle,
    rk.metrics.stickiness,
    rk.metrics.cohorts,
]
REFUNDS = [("ana", "2024-01-05", -10), ("bita", "2024-01-20", 0), ("ana", "2024-02-10", -5)]


@pytest.fixture(params=["en", "fa"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def drawn_and_said(result: rk.Result, language: str) -> str:
    """The sentence of a result that is drawn and described without complaint."""
    getattr(rk.figures, result.name)(result, language).canvas.draw()
    assert rk.figures.alternative(result, language)
    return rk.say(result, language)


@pytest.mark.parametrize("metric", ON_ORDERS)
def test_a_log_of_refunds_only_says_that_nobody_bought(metric: Metric, language: str) -> None:
    """Three months, in which ana and bita send back what they bought before."""
    result = metric(logs.orders(REFUNDS, "2024-03-31"))
    assert result.headline["sentence"] == "nobody"
    assert drawn_and_said(result, language) == rk.language.text(
        f"{result.name}.say.nobody", language, every="month"
    )
    assert "only_refunds" in {note.code for note in result.notes}


@pytest.mark.parametrize("metric", ON_ORDERS)
def test_a_log_that_is_too_short_says_so_and_not_that_nobody_bought(metric: Metric) -> None:
    assert metric(logs.orders([("ana", "2024-01-05", 10)], "2024-01-20")).headline["sentence"] == "none"


@pytest.mark.parametrize("metric", [rk.metrics.retention_rate, rk.metrics.churn, rk.metrics.cohorts])
def test_subscriptions_that_nobody_pays_for_say_so(metric: Metric, language: str) -> None:
    rows = [
        {"customer": "ana", "start": "2024-01-10", "mrr": 0.0},
        {"customer": "bita", "start": "2024-01-10", "trial_end": "2024-12-31"},
    ]
    result = metric(logs.subscriptions(rows, "2024-03-31"))
    assert drawn_and_said(result, language) == rk.language.text(
        f"{result.name}.say.nobody", language, every="month"
    )


@pytest.mark.parametrize("metric", [rk.metrics.retention_rate, rk.metrics.churn])
def test_months_that_all_begin_with_nobody_are_not_called_too_few(metric: Metric, language: str) -> None:
    """Six months are over; ana and bita come and leave within one of them, so no month's end sees anybody."""
    rows = [
        {"customer": "ana", "start": "2024-01-10", "end": "2024-01-20"},
        {"customer": "bita", "start": "2024-03-10", "end": "2024-03-20"},
    ]
    result = metric(logs.subscriptions(rows, "2024-06-30"))
    said = rk.language.text(f"{result.name}.say.nobody_at_start", language, every="month")
    assert drawn_and_said(result, language) == said


@pytest.mark.parametrize("metric", [rk.metrics.retention_rate, rk.metrics.churn])
def test_one_of_many_who_is_lost_is_seen_in_both_rates(metric: Metric, language: str) -> None:
    """1,999 of 2,000 customers of January are back in February."""
    rows = [(f"c{place}", day, 10) for day in ("2024-01-05", "2024-02-05") for place in range(2000)][:-1]
    said = drawn_and_said(metric(logs.orders(rows, "2024-02-29")), language)
    assert {"100%", "0%", "۱۰۰٪", "۰٪"}.isdisjoint(said.replace(":", "").split())


def test_channels_of_a_log_of_refunds_only_are_those_of_nobody(language: str) -> None:
    log = logs.orders([(*row, "site") for row in REFUNDS], "2024-12-31", "channel")
    result = rk.metrics.omnichannel(log)
    assert drawn_and_said(result, language) == rk.language.text("omnichannel.say.nobody", language)
    known = logs.orders([("ana", "2024-01-05", 10, "site")], "2024-01-20", "channel")
    assert rk.metrics.omnichannel(known).headline["sentence"] == "none"
