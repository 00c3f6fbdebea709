"""Facts about a log that are no fault of a row and must be said before any number is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from retention_kit.calendars import Period, period_of, start_of
from retention_kit.engine import quoted
from retention_kit.tables import Column, Log, Note, contract

_MOST_OF_ONE = 0.5
_PERSONAL_SHARE = 0.5
# Lengths are bounded, so that a huge cell is searched in no time.
_EMAIL = r"[^@\s,;]{1,64}@[^@\s,;]{1,190}\.[^@\s,;]{1,63}"
_PHONE = r"\+?\d[\d\s-]{8,14}"
# Within a longer text; a date is no telephone number.
PERSONAL = re.compile(rf"{_EMAIL}|(?<![\w.-])(?!\d{{4}}-\d\d-\d\d){_PHONE}(?![\w.])")
# Two clusters of amounts: each holds this share of the rows, and hardly any row lies between them. Among fewer
# rows a gap is often chance; from here on none of 10,500 logs of one currency, in seven spreads, raised the alarm.
_FEWEST_ROWS = 200
_CLUSTER_SHARE = 0.05
_BETWEEN_SHARE = 0.005


def facts(log: Log, units: Mapping[str, int], *, until_said: bool) -> tuple[Note, ...]:
    """All that must be said of this log.

    Args:
        log: the used rows.
        units: rows whose money named its unit, by unit.
        until_said: whether the reader said until when the log was watched.
    """
    there = log.engine.columns(log.table)
    columns = [column for column in contract(log.contract).columns if column.name in there]
    found = [
        _units(log, units),
        _duplicates(log),
        _one_customer(log, columns),
        _two_currencies(log, columns),
        _after_until(log) if until_said else _ends_after_last_start(log),
        _ends_in_mid_month(log),
        _always_midnight(log, columns),
        _personal_ids(log, columns),
        _alike_ids(log, columns),
    ]
    return tuple(note for note in found if note is not None)


def _ask(log: Log, sql: str) -> list[tuple[Any, ...]]:
    engine: Any = log.engine
    with engine.session() as session:
        rows: list[tuple[Any, ...]] = session.execute(sql).fetchall()
    return rows


def _units(log: Log, units: Mapping[str, int]) -> Note | None:
    """Rows written in another unit than the log's, which were brought to it."""
    others = {
        unit: count
        for unit, count in units.items()
        if unit != log.currency and {unit, log.currency} == {"toman", "rial"}
    }
    for unit, count in others.items():
        return Note(f"{unit}s_converted", {"count": count})
    return None


def _duplicates(log: Log) -> Note | None:
    table = quoted(log.table)
    different = f"select count(*) from (select distinct * from {table})"
    rows, different = _ask(log, f"select count(*), ({different}) from {table}")[0]
    return Note("duplicates", {"count": rows - different}) if rows > different else None


def _one_customer(log: Log, columns: list[Column]) -> Note | None:
    """One id with more than half of all rows is a shop's own account, or a guest checkout."""
    if all(column.name != "customer" for column in columns):
        return None
    most, rows = _ask(
        log,
        f"select max(n), sum(n) from (select count(*) as n from {quoted(log.table)} group by customer)",
    )[0]
    return (
        Note("one_customer", {"share": float(most / rows)}) if rows >= 10 and most > _MOST_OF_ONE * rows else None
    )


def _two_currencies(log: Log, columns: list[Column]) -> Note | None:
    """Two clusters of amounts, one at about ten times the other, are tomans and rials in one column."""
    money = next((column.name for column in columns if column.kind == "money"), None)
    if money is None:
        return None
    bins = _ask(
        log,
        f"select floor(log10({quoted(money)}::double) * 10)::integer as bin, count(*) from {quoted(log.table)}"
        f" where {quoted(money)} > 0 group by bin order by bin",
    )
    return _clusters(dict(bins))


def _clusters(bins: Mapping[int, int]) -> Note | None:
    """Two heaps of tenths of powers of ten with a gap between them, their middles one power of ten apart."""
    total = sum(bins.values())
    if total < _FEWEST_ROWS:
        return None
    bins = {place: count for place, count in bins.items() if count > _BETWEEN_SHARE * total}
    gaps = [(left, right) for left, right in pairwise(sorted(bins)) if right - left >= 3]
    for left, right in gaps:
        low = {place: count for place, count in bins.items() if place <= left}
        high = {place: count for place, count in bins.items() if place >= right}
        share = min(sum(low.values()), sum(high.values())) / total
        if share >= _CLUSTER_SHARE and 8 <= _middle(high) - _middle(low) <= 12:
            return Note("two_currencies", {"share": share})
    return None


def _middle(heap: Mapping[int, int]) -> float:
    return sum(place * count for place, count in heap.items()) / sum(heap.values())


def _ends_in_mid_month(log: Log) -> Note | None:
    if contract(log.contract).time is None:
        return None
    after = start_of(period_of(log.observed_until, "month", log.calendar) + 1, "month", log.calendar)
    if int((after - after.dtype.type(log.observed_until, "D")).astype("int64")) <= 1:
        return None
    month = start_of(period_of(log.observed_until, "month", log.calendar), "month", log.calendar)
    return Note(
        "ends_in_mid_period",
        {"until": _until(log), "period": Period(date.fromisoformat(str(month)), "month", log.calendar)},
    )


def _ends_after_last_start(log: Log) -> Note | None:
    """Ends that are known after the last start: perhaps nobody began, and the list is complete until then."""
    if log.contract != "subscriptions":
        return None
    ((latest,),) = _ask(
        log,
        f'select max("end"::date) from {quoted(log.table)}'
        f' where "end"::date > date \'{log.last_day}\' and "end"::date <= current_date',
    )
    if latest is None:
        return None
    until, other = (Period(day, "day", log.calendar) for day in (log.last_day, latest))
    return Note("ends_after_last_start", {"until": until, "other": other})


def _after_until(log: Log) -> Note | None:
    """Rows after the last day that was watched, perhaps with a mistyped year, are in no number."""
    time = contract(log.contract).time
    if time is None:
        return None
    ((count,),) = _ask(
        log, f"select count(*) from {quoted(log.table)} where {quoted(time)}::date > date '{log.observed_until}'"
    )
    return Note("after_until", {"count": count, "until": _until(log)}) if count else None


def _until(log: Log) -> Period:
    return Period(log.observed_until, "day", log.calendar)


def _always_midnight(log: Log, columns: list[Column]) -> Note | None:
    time = next((column.name for column in columns if column.kind == "time" and column.required), None)
    if time is None:
        return None
    (other,) = _ask(
        log, f"select count(*) from {quoted(log.table)} where {quoted(time)} <> date_trunc('day', {quoted(time)})"
    )[0]
    return Note("always_midnight") if other == 0 else None


def _personal_ids(log: Log, columns: list[Column]) -> Note | None:
    if all(column.name != "customer" for column in columns):
        return None
    (share,) = _ask(
        log,
        f"select avg(regexp_full_match(customer, '{_EMAIL}|{_PHONE}')::integer)"
        f" from (select distinct customer from {quoted(log.table)} limit 10000)",
    )[0]
    return Note("personal_ids", {"share": float(share)}) if share is not None and share > _PERSONAL_SHARE else None


def _alike_ids(log: Log, columns: list[Column]) -> Note | None:
    """Ids that only capital letters, spaces or half-spaces tell apart may be those of one customer."""
    if all(column.name != "customer" for column in columns):
        return None
    ((count,),) = _ask(
        log,
        "select coalesce(sum(n), 0) from (select count(*) as n"
        f" from (select distinct customer from {quoted(log.table)})"
        " group by replace(replace(lower(customer), ' ', ''), chr(8204), '') having n > 1)",
    )
    return Note("alike_ids", {"count": int(count)}) if count else None


def masked(written: str) -> str:
    """What was written, persons in it made unknown.

    >>> masked("ana@example.org;2024-01-05"), masked("0912 000 00 00")
    ('…;2024-01-05', '…')
    """
    return PERSONAL.sub("…", written)
