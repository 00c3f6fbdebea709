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
    assert drawn_and_said(result, language) == rk.language.text(f"{result.name}.say.nobody", language)
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
    assert drawn_and_said(result, language) == rk.language.text(f"{result.name}.say.nobody", language)


def test_channels_of_a_log_of_refunds_only_are_those_of_nobody(language: str) -> None:
    log = logs.orders([(*row, "site") for row in REFUNDS], "2024-12-31", "channel")
    result = rk.metrics.omnichannel(log)
    assert drawn_and_said(result, language) == rk.language.text("omnichannel.say.nobody", language)
    known = logs.orders([("ana", "2024-01-05", 10, "site")], "2024-01-20", "channel")
    assert rk.metrics.omnichannel(known).headline["sentence"] == "none"
