"""The activity cube is asked for once a log, and each log, calendar and choice of acts has its own."""

from typing import Any

import pytest

import retention_kit as rk
from tests.metrics import logs

ROWS = [("mina", "2024-01-05", 10.0), ("mina", "2024-02-05", 10.0), ("reza", "2024-02-06", 10.0)]


def test_rates_and_cohorts_of_one_log_share_one_heavy_query(monkeypatch: pytest.MonkeyPatch) -> None:
    log = logs.orders(ROWS, "2024-03-31")
    asked: list[str] = []
    query = type(log.engine).query

    def counted(engine: Any, sql: str, **tables: str) -> Any:
        asked.append(sql)
        return query(engine, sql, **tables)

    monkeypatch.setattr(type(log.engine), "query", counted)
    rk.metrics.retention_rate(log)
    rk.metrics.lifecycle(log)
    rk.metrics.cohorts(log)
    assert len([sql for sql in asked if "bit_or" in sql]) == 1


def test_another_log_calendar_or_period_has_a_cube_of_its_own() -> None:
    log, shorter = logs.orders(ROWS, "2024-03-31"), logs.orders(ROWS[:2], "2024-03-31")
    assert rk.metrics.retention_rate(log).table["end"].tolist()[:2] == [1, 2]
    assert rk.metrics.retention_rate(shorter).table["end"].tolist()[:2] == [1, 1]
    assert len(rk.metrics.retention_rate(log, calendar="jalali").table) == 4
    assert len(rk.metrics.retention_rate(log, every="quarter").table) == 1
