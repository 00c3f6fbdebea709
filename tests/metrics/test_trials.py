"""Trial conversion: stories small enough to check by eye, and an oracle."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import retention_kit as rk
from tests import oracle
from tests.metrics import logs


def trial(customer: str, end: str | None = None, *, start: str = "2024-01-05", **more: Any) -> dict[str, Any]:
    """A trial from 5 to 19 January that goes over into paying."""
    return {"customer": customer, "start": start, "trial_end": "2024-01-19", "end": end, **more}


def counted(rows: list[dict[str, Any]], until: str = "2024-02-29", **how: Any) -> tuple[int, int]:
    """Trials that ended in January, and those that converted."""
    january = rk.metrics.trials(logs.subscriptions(rows, until), **how).table.iloc[0]
    return january["ended"], january["converted"]


def test_of_the_trials_that_ended_in_a_month_so_many_became_paying() -> None:
    """ana goes on, bita leaves on the day the trial ends, cyrus before it, dara three days after."""
    rows = [
        trial("ana"),
        trial("bita", "2024-01-19"),
        trial("cyrus", "2024-01-10"),
        trial("dara", "2024-01-22"),
    ]
    result = rk.metrics.trials(logs.subscriptions(rows, "2024-02-29"))
    assert result.table.iloc[0][["ended", "converted", "conversion_rate"]].tolist() == [4, 2, 0.5]
    assert result.table["low"][0] < 0.5 < result.table["high"][0]
    assert result.headline["rate"] == result.headline["average_rate"] == 0.5


def test_a_month_in_which_no_trial_ended_has_no_rate() -> None:
    result = rk.metrics.trials(logs.subscriptions([trial("ana")], "2024-02-29"))
    assert result.table["ended"].tolist() == [1, 0]
    assert result.table["conversion_rate"].notna().tolist() == [True, False]


def test_a_log_without_trials_has_nothing_to_tell() -> None:
    result = rk.metrics.trials(logs.subscriptions([{"customer": "ana", "start": "2024-01-05"}], "2024-02-29"))
    assert result.headline == {"sentence": "none", "periods": 0, "running": 0}
    assert rk.say(result, "fa")


@pytest.mark.parametrize(("start", "converted"), [("2024-01-26", 1), ("2024-01-27", 0)])
def test_the_first_payment_may_be_seven_days_late(start: str, converted: int) -> None:
    rows = [trial("ana", "2024-01-19"), {"customer": "ana", "subscription": "2", "start": start}]
    assert counted(rows) == (1, converted)
    assert counted(rows, allowed_gap=8) == (1, 1)


def test_what_stays_free_has_not_converted() -> None:
    """The price is 0, or a pause follows."""
    assert counted([trial("ana", mrr=0.0)]) == (1, 0)
    pause = {"customer": "ana", "start": "2024-01-19", "mrr": 0.0, "status": "paused"}
    assert counted([trial("ana", "2024-01-19"), pause]) == (1, 0)


def test_paying_before_the_trial_is_over_converts_if_it_lasts_until_then() -> None:
    """A ledger: the trial is free, then 100 from 10 January."""
    rows = [trial("ana", "2024-01-10", mrr=0.0), {"customer": "ana", "start": "2024-01-10"}]
    assert counted(rows) == (1, 1)
    assert counted([rows[0], {**rows[1], "end": "2024-01-15"}]) == (1, 0)


def test_a_subscription_that_ran_before_the_trial_is_no_conversion() -> None:
    old = {"customer": "ana", "subscription": "old", "start": "2024-01-01"}
    assert counted([old, trial("ana", "2024-01-19", subscription="more")]) == (1, 0)


def test_a_trial_that_is_prolonged_is_one_and_ends_when_the_last_of_it_ends() -> None:
    prolonged = {"customer": "ana", "start": "2024-01-19", "trial_end": "2024-02-10"}
    table = rk.metrics.trials(logs.subscriptions([trial("ana", "2024-01-19"), prolonged], "2024-02-29")).table
    assert table["ended"].tolist() == [0, 1]
    assert table["converted"].tolist() == [0, 1]


def test_a_second_trial_after_a_break_is_a_trial_of_its_own() -> None:
    again = {"customer": "ana", "start": "2024-02-05", "trial_end": "2024-02-12"}
    table = rk.metrics.trials(logs.subscriptions([trial("ana", "2024-01-19"), again], "2024-02-29")).table
    assert table["converted"].tolist() == [0, 1]


def test_a_later_row_that_names_the_old_trial_is_no_trial() -> None:
    """A ledger repeats the trial's end when the price changes in February."""
    rows = [trial("ana", "2024-02-10"), trial("ana", start="2024-02-10", mrr=150.0)]
    assert rk.metrics.trials(logs.subscriptions(rows, "2024-02-29")).table["ended"].tolist() == [1, 0]


def test_a_trial_that_still_runs_is_counted_apart() -> None:
    """ana's trial ends on the last day seen; bita's and cyrus's the day after, though cyrus gave up."""
    rows = [trial("ana"), trial("bita", start="2024-01-10"), trial("cyrus", "2024-01-12", start="2024-01-10")]
    for row in rows[1:]:
        row["trial_end"] = "2024-02-01"
    result = rk.metrics.trials(logs.subscriptions(rows, "2024-01-31"))
    assert result.table["ended"].tolist() == [1]
    assert result.headline["running"] == 2
    assert {note.code: note.facts.get("count") for note in result.notes}["trials_running"] == 2


def test_a_payment_that_may_still_come_is_counted_as_missing_and_said() -> None:
    """bita's trial ended on 25 January, six days before the data do; cyrus's on the 19th, twelve days before."""
    rows = [{**trial("bita", "2024-01-25"), "trial_end": "2024-01-25"}, trial("cyrus", "2024-01-19")]
    result = rk.metrics.trials(logs.subscriptions(rows, "2024-01-31"))
    assert result.headline["rate"] == 0
    assert {note.code: note.facts.get("count") for note in result.notes}["trials_waiting"] == 1


def test_the_running_period_has_no_numbers() -> None:
    result = rk.metrics.trials(logs.subscriptions([trial("ana")], "2024-01-30"))
    assert result.table[["ended", "converted", "conversion_rate"]].isna().all(axis=None)
    assert {"running_period"} <= {note.code for note in result.notes}


def test_trials_are_refused_for_orders() -> None:
    with pytest.raises(rk.RetentionError, match="subscriptions"):
        rk.metrics.trials(logs.orders([("ana", "2024-01-01", 1)], "2024-01-31"))


FIRST, LAST = date(2024, 1, 1), date(2024, 4, 30)
STRETCHES = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.integers(0, 90),
        st.integers(1, 60) | st.just(oracle.FOREVER),
        st.integers(0, 40),
        st.sampled_from([0, 100]),
    ),
    max_size=10,
)


@settings(max_examples=30, deadline=None)
@given(drawn=STRETCHES)
def test_every_count_equals_the_plain_python_count(drawn: list[tuple[str, int, int, int, int]]) -> None:
    found = [
        {"customer": who, "start": start, "end": start + length, "trial_end": start + free, "mrr": mrr}
        for who, start, length, free, mrr in [*drawn, ("z", 0, oracle.FOREVER, 0, 100)]
    ]
    last = (LAST - FIRST).days
    rows = [
        {
            **row,
            "start": FIRST + timedelta(row["start"]),
            "end": FIRST + timedelta(row["end"]) if row["end"] <= last else None,
            "trial_end": FIRST + timedelta(row["trial_end"]),
            "mrr": float(row["mrr"]),
        }
        for row in found
    ]
    result = rk.metrics.trials(logs.subscriptions(rows, LAST))
    ended = oracle.trials(found, last, 7)
    months = [[day for day in ended if (FIRST + timedelta(day)).month == month] for month in (1, 2, 3, 4)]
    assert result.table["ended"].tolist() == [sum(len(ended[day]) for day in month) for month in months]
    assert result.table["converted"].tolist() == [sum(sum(ended[day]) for day in month) for month in months]
