"""A table that stays where it lies: in Spark or in a database. It is mapped and checked there, by plain SQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from retention_kit.engine import Database, Spark, bound, quoted, quoted_path
from retention_kit.errors import RetentionError
from retention_kit.intake.loading import finishing_text
from retention_kit.intake.mapping import map_columns
from retention_kit.tables import Column, Contract, Mapped, Refusal

_TYPES = {"time": "timestamp", "money": "decimal(18, 4)", "number": "double precision"}


def look_elsewhere(
    engine: Database | Spark, table: str, rules: Contract, asked: Mapping[str, str]
) -> tuple[str, tuple[Mapped, ...], int, tuple[Refusal, ...]]:
    """A view of the good rows under our names, how columns were mapped, rows read, and those refused by reason.

    The columns must have the types they need: what is text here is not parsed.
    """
    source = quoted_path(table)
    try:
        headers = engine.columns(source)
    except Exception as error:
        raise RetentionError("no_table", table=table) from error
    mapping = map_columns(headers, rules, asked, None)
    named = ", ".join(f"{_cast(engine, rules.column(m.ours), m.theirs)} as {quoted(m.ours)}" for m in mapping)
    taken = [rules.column(mapped.ours) for mapped in mapping if rules.column(mapped.ours).required]
    reason = "case " + " ".join(condition for column in taken for condition in _conditions(column)) + " end"
    checked = f"select *, {reason} as rk_reason from (select {named} from {source}) as given"
    counted = engine.query(f"select rk_reason, count(*) as n from ({checked}) as checked group by rk_reason")
    reasons = [None if _absent(reason) else str(reason) for reason in counted["rk_reason"]]
    counts = dict(zip(reasons, counted["n"].astype("int64").tolist(), strict=True))
    ours = ", ".join(quoted(mapped.ours) for mapped in mapping)
    view = engine.view(rules.name, f"select {ours} from ({checked}) as checked where rk_reason is null")
    if rules.name == "subscriptions":
        view = _finished(engine, rules, {mapped.ours for mapped in mapping}, view)
    refusals = tuple(
        Refusal(reason, count) for reason, count in sorted(counts.items(), key=str) if reason is not None
    )
    return view, mapping, sum(counts.values()), refusals


def _finished(engine: Database | Spark, rules: Contract, there: set[str], view: str) -> str:
    """A view of the stretches with money per month, as `loading` makes them of a file."""
    columns = ", ".join(
        quoted(column.name)
        if column.name in there
        else f"cast(null as {_type(engine, column)}) as {quoted(column.name)}"
        for column in rules.columns
    )
    given = engine.view("given", f"select {columns} from {quoted(view)}")
    return engine.view(rules.name, bound(finishing_text(), {"given": given}))


def _absent(value: Any) -> bool:
    return value is None or value != value  # noqa: PLR0124 nan


def _cast(engine: Database | Spark, column: Column, theirs: str) -> str:
    return f"cast({quoted(theirs)} as {_type(engine, column)})"


def _type(engine: Database | Spark, column: Column) -> str:
    kind = _TYPES.get(column.kind, engine.text_type)
    return kind.replace(" precision", "") if isinstance(engine, Spark) else kind


def _conditions(column: Column) -> list[str]:
    """Why a row cannot be used, as far as types leave room for it."""
    name = quoted(column.name)
    if column.kind == "time":
        limit = date.today() + timedelta(days=2)
        return [
            f"when {name} is null then 'missing_date'",
            f"when {name} < timestamp '1990-01-01 00:00:00' then 'before_1990'",
            f"when {name} >= timestamp '{limit} 00:00:00' then 'future_date'",
        ]
    if column.kind in ("money", "number"):
        return [f"when {name} is null then 'missing_number'"]
    return [f"when {name} is null or trim({name}) = '' then 'missing_id'"]
