"""The heaviest questions are asked once a log, and each log, calendar and choice has an answer of its own."""

import gc
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from weakref import ref

import pandas as pd
import pytest

import retention_kit as rk
from retention_kit.engine import DuckDB
from retention_kit.metrics import timeline
from retention_kit.metrics.timeline import once_a_log
from tests.metrics import logs

ROWS = [("mina", "2024-01-05", 10.0), ("mina", "2024-02-05", 10.0), ("reza", "2024-02-06", 10.0)]
STRETCHES = [
    {"customer": "mina", "start": "2024-01-05", "plan": "big"},
    {"customer": "reza", "start": "2024-02-06"},
]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], int]:
    """How often an engine was asked something in which these words stand."""
    texts: list[str] = []
    query = DuckDB.query

    def counted(engine: Any, sql: str, **tables: str) -> Any:
        texts.append(sql)
        return query(engine, sql, **tables)

    monkeypatch.setattr(DuckDB, "query", counted)
    return lambda words: sum(words in text for text in texts)


def test_rates_and_cohorts_of_one_log_share_one_heavy_query(asked: Callable[[str], int]) -> None:
    log = logs.orders(ROWS, "2024-03-31")
    rk.metrics.retention_rate(log)
    rk.metrics.lifecycle(log)
    rk.metrics.cohorts(log)
    assert asked("bit_or") == 1


def test_all_that_is_said_of_subscriptions_shares_one_heavy_query(asked: Callable[[str], int]) -> None:
    log = logs.subscriptions(STRETCHES, "2024-03-31")
    for metric in (rk.metrics.revenue_churn, rk.metrics.retention_rate, rk.metrics.churn, rk.metrics.survival):
        metric(log)
    assert asked("stretches") == 1
    for metric in (rk.metrics.revenue_churn, rk.metrics.churn):
        metric(log, by="plan")
    assert asked("stretches") == 2
    rk.metrics.revenue_churn(log, allowed_gap=0)
    assert asked("stretches") == 3


def test_a_log_that_is_watched_until_another_day_is_asked_once_however_often_it_is_made(
    asked: Callable[[str], int],
) -> None:
    """March still runs; then it is over, and mina, who has left, counts as lost."""
    log = logs.subscriptions([{**STRETCHES[0], "end": "2024-03-20"}, STRETCHES[1]], "2024-03-10")
    for metric in (rk.metrics.revenue_churn, rk.metrics.retention_rate, rk.metrics.churn):
        metric(log)
        over = metric(replace(log, observed_until=date(2024, 3, 31)))
    assert asked("stretches") == 2
    assert rk.metrics.churn(log).table["lost"].isna().tolist() == [False, False, True]
    assert over.table["lost"].tolist() == [0, 0, 1]


def test_a_log_that_begins_later_has_a_cube_of_its_own() -> None:
    log = logs.orders(ROWS, "2024-03-31")
    assert rk.metrics.retention_rate(log).table["new"].tolist() == [1, 1, 0]
    later = replace(log, first_day=date(2024, 1, 6))
    assert rk.metrics.retention_rate(later).table["new"].tolist() == [0, 2, 0]


def test_members_and_their_points_share_one_heavy_query(asked: Callable[[str], int]) -> None:
    bought = logs.orders(ROWS, "2024-03-31")
    mina, reza = (logs.points([(who, "2024-01-05", 5, "earned")], "2024-03-31") for who in ("mina", "reza"))
    rk.metrics.loyalty(mina, orders=bought)
    spent = [rk.metrics.members(bought, points=ledger).table["revenue"][2] for ledger in (mina, reza)]
    assert asked("held_before") == 2
    assert spent == [20, 10]


def test_another_log_calendar_or_period_has_a_cube_of_its_own() -> None:
    log, shorter = logs.orders(ROWS, "2024-03-31"), logs.orders(ROWS[:2], "2024-03-31")
    assert rk.metrics.retention_rate(log).table["end"].tolist()[:2] == [1, 2]
    assert rk.metrics.retention_rate(shorter).table["end"].tolist()[:2] == [1, 1]
    assert len(rk.metrics.retention_rate(log, calendar="jalali").table) == 4
    assert len(rk.metrics.retention_rate(log, every="quarter").table) == 1


def test_who_changes_an_answer_changes_their_own_copy() -> None:
    log, first = logs.orders(ROWS, "2024-03-31"), pd.DataFrame({"customers": [3, 4]})
    for _ in range(2):
        answer = once_a_log(log, ("kept",), first.copy)
        pd.testing.assert_frame_equal(answer, first)
        answer.loc[:, "customers"] = 0


def test_only_answers_of_tables_that_never_change_are_kept() -> None:
    """In another engine rows may come at any time."""
    log, rising = logs.orders(ROWS, "2024-03-31"), iter(range(9))
    elsewhere = replace(log, engine=type("Elsewhere", (), {"name": "database"})())

    def number(log: rk.Log, *others: rk.Log) -> int:
        return int(once_a_log(log, ("rising",), lambda: pd.DataFrame([next(rising)]), *others)[0][0])

    assert [number(log, elsewhere), number(log, elsewhere)] == [0, 1]
    assert [number(elsewhere), number(elsewhere)] == [2, 3]
    assert [number(log), number(log)] == [4, 4]


def test_no_more_rows_are_kept_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of five rows, answers of two and of three go in; one more makes the older go, and one of six is not kept."""
    monkeypatch.setattr(timeline, "_MOST_KEPT", 5)
    log, asked = logs.orders(ROWS, "2024-03-31"), []

    def ask(rows: int) -> None:
        def answer() -> pd.DataFrame:
            asked.append(rows)
            return pd.DataFrame({"number": range(rows)})

        once_a_log(log, (rows,), answer)

    for rows in (2, 3, 2, 3, 1, 3, 2, 6, 6, 2):
        ask(rows)
    assert asked == [2, 3, 1, 2, 6, 6]


def test_nothing_is_kept_of_an_engine_that_is_gone() -> None:
    log, cities = logs.orders(ROWS, "2024-03-31"), logs.customers(customer=["mina"], city=["Yazd"])
    rk.metrics.churn(log)
    rk.metrics.churn(log, by="city", customers=cities)
    kept = [ref(answer) for answer in timeline._ANSWERS[log.engine].values()]
    assert len(kept) == 2
    engines = [ref(log.engine), ref(cities.engine)]
    del log, cities
    gc.collect()
    assert [gone() for gone in (*engines, *kept)] == [None] * 4


def test_what_can_be_no_key_is_refused_like_any_wrong_choice() -> None:
    with pytest.raises(rk.RetentionError):
        rk.metrics.churn(logs.subscriptions(STRETCHES, "2024-03-31"), by=["plan"])
