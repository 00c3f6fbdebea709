"""Whom to contact, on logs small enough to check by eye."""

from pathlib import Path

import pandas as pd
import pytest

import retention_kit as rk
from tests.metrics import logs


def names(log: rk.Log, why: str) -> list[str]:
    found = rk.metrics.to_contact(log)
    return found.loc[found["why"] == why, "customer"].tolist()


def monthly(customer: str, months: range, amount: float = 10) -> list[tuple[str, str, float]]:
    return [(customer, f"2024-{month:02d}-05", amount) for month in months]


def test_who_was_lost_in_the_last_three_complete_periods_is_to_be_won_back_the_most_valuable_first() -> None:
    """August is over. `long` was lost in May, `may` in June, `july` in August; `here` ordered in August."""
    rows = [
        *monthly("long", range(1, 5)),
        *monthly("may", range(1, 6), 50),
        *monthly("july", range(7, 8)),
        *monthly("here", range(1, 9)),
    ]
    assert names(logs.orders(rows, "2024-08-31"), "to_win_back") == ["may", "july"]


def test_who_came_back_in_the_running_period_is_not_to_be_won_back() -> None:
    rows = [*monthly("back", range(1, 7)), *monthly("back", range(9, 10)), *monthly("here", range(1, 9))]
    assert names(logs.orders(rows, "2024-09-10"), "to_win_back") == []


def test_at_risk_is_who_is_silent_for_more_than_twice_their_own_gap_and_not_lost_yet() -> None:
    """On 31 August both have been silent for 16 days; `twice` has no rhythm yet.

    steady    26 July, 5, 15 August    every 10 days: twice the gap is 20 days
    overdue   1, 8, 15 August          every 7 days: twice the gap is 14 days
    """
    days = {
        "steady": ("07-26", "08-05", "08-15"),
        "overdue": ("08-01", "08-08", "08-15"),
        "twice": ("08-14", "08-15"),
    }
    rows = [(name, f"2024-{day}", 10.0) for name, dates in days.items() for day in dates]
    found = rk.metrics.to_contact(logs.orders(rows, "2024-08-31"))
    assert found["customer"].tolist() == ["overdue"]
    assert (found["silent_days"][0], found["usual_gap"][0], found["days"][0]) == (16, 7.0, 3)


def test_who_is_lost_and_silent_for_no_longer_than_their_own_rhythm_makes_usual_is_in_neither_list() -> None:
    """August is over, and all have been lost in July or August; `twice` has no rhythm yet.

    quarterly  5 January, 5 April, 5 July   every 91 days: silent for 57
    monthly    5 April, 5 May, 5 June       every 30.5 days: silent for 87
    twice      5 January, 5 July            silent for 57
    """
    months = {"quarterly": (1, 4, 7), "monthly": (4, 5, 6), "twice": (1, 7), "here": range(1, 9)}
    rows = [(name, f"2024-{month:02d}-05", 10.0) for name, those in months.items() for month in those]
    found = rk.metrics.to_contact(logs.orders(rows, "2024-08-31"))
    assert found[["customer", "why", "of_all"]].values.tolist() == [
        ["monthly", "to_win_back", 2],
        ["twice", "to_win_back", 2],
    ]


def test_a_refund_lowers_what_was_spent_and_is_no_visit() -> None:
    rows = [*monthly("may", range(1, 6)), ("may", "2024-08-20", -15.0), *monthly("here", range(1, 9))]
    found = rk.metrics.to_contact(logs.orders(rows, "2024-08-31"))
    assert found["customer"].tolist() == ["may"]
    assert (found["spent"][0], str(found["last_order"][0])[:10]) == (35.0, "2024-05-05")


def test_a_list_says_how_long_it_is_in_all() -> None:
    rows = [row for place in range(5) for row in monthly(f"c{place}", range(7, 8))] + monthly("here", range(1, 9))
    found = rk.metrics.to_contact(logs.orders(rows, "2024-08-31"))
    assert found["of_all"].tolist() == [5] * 5


@pytest.fixture
def subscriptions(tmp_path: Path) -> rk.Log:
    """On 10 August: `soon` ends in September, `later` in October; `renewed` has another stretch, `left` none."""
    path = tmp_path / "subscriptions.csv"
    path.write_text(
        "customer,start,end,amount,plan,reason\n"
        "soon,2024-01-01,2024-09-30,10,gold,\n"
        "later,2024-01-01,2024-10-01,10,gold,\n"
        "renewed,2024-01-01,2024-09-30,10,gold,\n"
        "renewed,2024-09-30,,10,gold,\n"
        "left,2024-01-01,2024-06-15,10,basic,too expensive\n"
        "long ago,2024-01-01,2024-03-15,10,basic,\n"
        "today,2024-08-10,,10,gold,\n",
        "utf-8",
    )
    return rk.read(str(path), "subscriptions", observed_until="2024-08-10")


def test_expiring_is_who_has_nothing_beyond_the_period_after_the_last_day(subscriptions: rk.Log) -> None:
    assert names(subscriptions, "expiring") == ["soon"]


def test_whose_last_subscription_ended_lately_is_to_be_won_back_with_the_reason(subscriptions: rk.Log) -> None:
    found = rk.metrics.to_contact(subscriptions)
    left = found[found["why"] == "to_win_back"]
    assert left[["customer", "plan", "reason"]].values.tolist() == [["left", "basic", "too expensive"]]


def test_a_list_says_by_which_period_or_since_which_it_is_meant(subscriptions: rk.Log) -> None:
    """August runs: expiring is to the end of September, to win back from May, the first of three that are over."""
    found = rk.metrics.to_contact(subscriptions)
    said = {why: period.words("en") for why, period in zip(found["why"], found["period"], strict=True)}
    assert said == {"expiring": "September 2024", "to_win_back": "May 2024"}
    jalali = rk.metrics.to_contact(subscriptions, calendar="jalali")
    assert jalali["period"].iloc[-1].words("fa") == "اردیبهشت ۱۴۰۳"


def test_a_list_of_orders_says_since_when_they_were_lost_and_nothing_of_those_at_risk() -> None:
    """August is over: lost since June. In a log of two months nobody can have been lost before the first."""
    steady = [("soon", f"2024-{day}", 10.0) for day in ("08-01", "08-08", "08-15")]
    found = rk.metrics.to_contact(logs.orders([*monthly("may", range(1, 6)), *steady], "2024-08-31"))
    assert [None if pd.isna(period) else period.words("en") for period in found["period"]] == [None, "June 2024"]
    short = rk.metrics.to_contact(logs.orders([*monthly("july", range(7, 8)), *steady], "2024-08-31"))
    assert short["period"].iloc[-1].words("en") == "July 2024"


def test_who_never_paid_is_neither_expiring_nor_to_be_won_back() -> None:
    """On 10 August: `trial` left on the last free day, `early` before it; `free` and `paused` never paid.

    `tried` will leave on the last free day, `trying` is still free today. `stayed` left a week after the
    free days; `tester` paid until May and then tried once more.
    """
    stretches = [
        {"customer": "trial", "start": "2024-06-01", "end": "2024-06-15", "trial_end": "2024-06-15"},
        {"customer": "early", "start": "2024-06-01", "end": "2024-06-08", "trial_end": "2024-06-15"},
        {"customer": "free", "start": "2024-01-01", "end": "2024-06-15", "mrr": 0.0},
        {"customer": "paused", "start": "2024-01-01", "end": "2024-06-15", "status": "paused"},
        {"customer": "tried", "start": "2024-08-01", "end": "2024-08-15", "trial_end": "2024-08-15"},
        {"customer": "trying", "start": "2024-08-01", "end": "2024-08-31", "trial_end": "2024-08-20"},
        {"customer": "stayed", "start": "2024-06-01", "end": "2024-06-22", "trial_end": "2024-06-15"},
        {"customer": "tester", "start": "2024-01-01", "end": "2024-05-20"},
        {"customer": "tester", "start": "2024-07-01", "end": "2024-07-15", "trial_end": "2024-07-15"},
    ]
    log = logs.subscriptions([{"plan": "gold", **row} for row in stretches], "2024-08-10")
    found = rk.metrics.to_contact(log)
    assert found["customer"].tolist() == ["stayed", "tester"]
    assert found["ends"].dt.strftime("%m-%d").tolist() == ["06-22", "05-20"]


def test_other_logs_have_no_such_lists() -> None:
    with pytest.raises(rk.RetentionError, match="orders, subscriptions"):
        rk.metrics.to_contact(logs.events([("a", "2024-01-01", "login")], "2024-01-31"))
