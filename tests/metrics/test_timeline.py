"""Periods are counted by the log's own calendar, unless a metric is told another one."""

import inspect
import re
from dataclasses import replace

import pytest

import retention_kit as rk
from tests.metrics import logs

# 20 March 2024 is the first of Farvardin: until 19 April, Farvardin has ended and April has not.
UNTIL = "2024-04-19"
ROWS = [(name, f"2024-0{month}-10", 10, "site") for name in ("mina", "reza") for month in (1, 2, 3)]
ORDERS = logs.orders(ROWS, UNTIL, "channel")
STRETCHES = logs.subscriptions(
    [{"customer": "mina", "start": "2024-01-10", "trial_end": "2024-02-10", "end": "2024-03-25"}], UNTIL
)
POINTS = logs.points([("mina", "2024-01-10", 5, "earned"), ("mina", "2024-02-10", 5, "redeemed")], UNTIL)
ASKED = [
    *((metric, ORDERS, {}) for metric in (*logs.ON_ORDERS, rk.metrics.cohorts, rk.metrics.omnichannel)),
    *((metric, STRETCHES, {}) for metric in (rk.metrics.revenue_churn, rk.metrics.trials, rk.metrics.survival)),
    (rk.metrics.cohorts, ORDERS, {"measure": "revenue"}),
    (rk.metrics.retention_rate, STRETCHES, {}),
    (rk.metrics.loyalty, POINTS, {"orders": ORDERS}),
    (rk.metrics.members, ORDERS, {"points": POINTS}),
]
# What a docstring says of an argument, up to the next one; and of the column of groups.
SHARED = {
    **{name: rf"\b{name}: (.*?)(?= \w+: | Returns:)" for name in ("by", "customers", "calendar")},
    "group": r"One row an? [\w ]+, (.*?\bgroup \(.*?\)),",
}
METRICS = {name: getattr(rk.metrics, name) for name in rk.metrics.__all__}


@pytest.mark.parametrize(("metric", "log", "how"), ASKED)
def test_a_metric_counts_by_the_calendar_of_its_log(
    metric: logs.Metric, log: rk.Log, how: dict[str, object]
) -> None:
    jalali = metric(replace(log, calendar="jalali"), **how)
    assert jalali.calendar == "jalali"
    if "calendar" in inspect.signature(metric).parameters:
        assert jalali.as_dict() == metric(log, calendar="jalali", **how).as_dict()
        assert metric(log, **how).as_dict() == metric(log, calendar="gregorian", **how).as_dict()
    assert metric(log, **how).calendar == "gregorian"


def test_lists_of_customers_go_by_the_calendar_of_their_log_too() -> None:
    """On 25 March: who ordered on 10 February, in Bahman, and not in Esfand, is lost; February has just ended."""
    log = logs.orders([("mina", "2024-02-10", 10), ("reza", "2024-03-24", 10)], "2024-03-25")
    assert rk.metrics.to_contact(log)["customer"].tolist() == []
    assert rk.metrics.to_contact(replace(log, calendar="jalali"))["customer"].tolist() == ["mina"]


def test_no_metric_has_a_calendar_of_its_own() -> None:
    parameters = [inspect.signature(metric).parameters for metric in METRICS.values()]
    assert {known["calendar"].default for known in parameters if "calendar" in known} == {None}


def test_an_empty_calendar_is_refused_and_not_taken_for_none() -> None:
    for metric, given in ((rk.metrics.churn, ORDERS), (rk.metrics.survival, {"duration": [1], "left": [1]})):
        with pytest.raises(rk.RetentionError, match="gregorian"):
            metric(given, calendar="")


def test_durations_have_no_calendar_and_go_by_the_gregorian_one() -> None:
    assert rk.metrics.survival({"duration": [1], "left": [1]}).calendar == "gregorian"


@pytest.mark.parametrize("words", SHARED)
def test_what_the_metrics_of_customers_share_they_say_in_the_same_words(words: str) -> None:
    names = ("churn", "cohorts", "retention_rate", "lifecycle", "stickiness", "trials", "revenue_churn")
    docs = [" ".join((inspect.getdoc(METRICS[name]) or "").split()) for name in names]
    said = [re.findall(SHARED[words], doc) for doc in docs]
    assert {len(found) for found in said} == {1}
    assert len({found[0] for found in said}) == 1
