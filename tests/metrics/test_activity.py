"""The heaviest questions are asked once a log, and each log, calendar and choice has an answer of its own."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

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


def test_only_small_answers_of_tables_that_never_change_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows are too many where one may be kept; in another engine rows may come at any time."""
    log = logs.orders(ROWS, "2024-03-31")
    elsewhere = replace(log, engine=type("Elsewhere", (), {"name": "database"})())
    rising = iter(range(9))

    def found() -> pd.DataFrame:
        return pd.DataFrame({"number": [next(rising)] * 2})

    def numbers(log: rk.Log, *others: rk.Log) -> list[int]:
        return [int(once_a_log(log, ("rising",), found, *others)["number"].iloc[0]) for _ in range(2)]

    assert numbers(log, elsewhere) == [0, 1]
    assert numbers(elsewhere) == [2, 3]
    assert numbers(log) == [4, 4]
    monkeypatch.setattr(timeline, "_MOST_KEPT", 1)
    assert numbers(replace(log)) == [5, 6]


def test_what_can_be_no_key_is_refused_like_any_wrong_choice() -> None:
    with pytest.raises(rk.RetentionError):
        rk.metrics.churn(logs.subscriptions(STRETCHES, "2024-03-31"), by=["plan"])
