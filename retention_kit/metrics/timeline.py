"""The periods of a log, and how a metric asks the engine one question on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from weakref import WeakKeyDictionary, ref

import numpy as np
import pandas as pd

from retention_kit import calendars
from retention_kit.calendars import Period
from retention_kit.engine import defined, sql_text
from retention_kit.metrics.segments import EVERYBODY, Segmentation, segments
from retention_kit.tables import Engine, Log, Note, check_log

# What is kept of an engine's tables are cubes: groups by periods by blocks, as a rule thousands of rows. So many
# rows all of them may have; one that has more, such as years by day, by cohort and by block, is asked for again.
_MOST_KEPT = 1_000_000


@dataclass(frozen=True)
class Timeline:
    """The days of a log with their periods, counted from 0, and whether the last period is still running."""

    days: Mapping[str, Any]
    periods: tuple[Period, ...]
    running: bool

    @property
    def starts(self) -> list[object]:
        """The first day of each period."""
        return [period.start for period in self.periods]

    @property
    def calendar(self) -> str:
        """The calendar that the periods are of."""
        return self.periods[0].calendar

    @property
    def complete(self) -> int:
        """How many periods are over."""
        return len(self.periods) - self.running

    def notes(self, log: Log) -> list[Note]:
        """What must be said of the log's two ends."""
        return [Note("left_truncated", {"period": self.periods[0]}), *self.running_notes(log)]

    def running_notes(self, log: Log) -> list[Note]:
        """What must be said of the log's later end."""
        if not self.running:
            return []
        last = self.periods[-1]
        until = Period(log.observed_until, "day", last.calendar)
        return [Note("running_period", {"period": last, "until": until})]


def timeline(log: Log, every: str, calendar: str | None) -> Timeline:
    """The periods from a log's first day to the end of its observation, by its own calendar if none is given."""
    check_log(log)
    calendar = log.calendar if calendar is None else calendar
    calendars.check(every, calendar)
    days = calendars.day_table(log.first_day, log.observed_until, every, calendar)
    first, last = int(days["period"][0]), int(days["period"][-1])
    starts = calendars.start_of(np.arange(first, last + 2), every, calendar).tolist()
    return Timeline(
        days={"day": days["day"], "period": days["period"] - first},
        periods=tuple(Period(start, every, calendar) for start in starts[:-1]),
        running=starts[-1] > log.observed_until + timedelta(days=1),
    )


def ask(
    log: Log,
    text: str,
    segmentation: Segmentation = EVERYBODY,
    *,
    acts: str = "",
    **small: Mapping[str, Any],
) -> pd.DataFrame:
    """Run one text on the log, its segments and small tables that live as long as the query.

    `acts` is the query behind the table of that name, in texts that have one. Texts on subscriptions find in
    `stretches` from when each is paid for.
    """
    queries = {"stretches": sql_text("stretches")} if log.contract == "subscriptions" else {}
    sql = defined(sql_text(text), {**queries, "acts": acts} if acts else queries)
    with segments(log, segmentation) as grouping:
        stored = {name: log.engine.store(columns) for name, columns in small.items()}
        try:
            return log.engine.query(sql, **{log.contract: log.table}, segments=grouping, **stored)
        finally:
            for table in stored.values():
                log.engine.drop(table)


def once_a_log(
    log: Log, question: tuple[Any, ...], answer: Callable[[], pd.DataFrame], *others: Log | None
) -> pd.DataFrame:
    """What a question finds in a log, beside others, asked for once: tables in the kit's own DuckDB never change.

    A log that is made anew on the same table, and watched from and until the same days, is the same log. Nobody
    changes what is kept: each time it is a copy, which costs nothing until it is written to.

    Args:
        log: as long as its engine lives, its answers are kept, but for the oldest where they are too many.
        question: all that the answer depends on beside the logs.
        answer: asks the engine.
        others: logs the question speaks of; one on another table is another question.
    """
    given = [one for one in (log, *others) if one is not None]
    if any(one.engine.name != "duckdb" for one in given):
        return answer()
    known = _ANSWERS.setdefault(log.engine, {})
    # As text, for a founder may have given what can be no key; it is the engine's question that refuses it.
    rows = (None if one is None else _rows_of(one) for one in (log, *others))
    key = (repr(question), log.first_day, log.observed_until, *rows)
    if key not in known:
        found = answer()
        if len(found) > _MOST_KEPT:
            return found
        while len(found) + sum(map(len, known.values())) > _MOST_KEPT:
            del known[next(iter(known))]
        known[key] = found
    return known[key].copy(deep=False)


def _rows_of(log: Log) -> tuple[Any, ...]:
    """Which rows a log stands for; the engine, held weakly, may go all the same."""
    return ref(log.engine), log.table, log.contract


_ANSWERS: WeakKeyDictionary[Engine, dict[tuple[Any, ...], pd.DataFrame]] = WeakKeyDictionary()
