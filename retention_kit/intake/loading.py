"""Runs the one query over a source and sorts its rows into used and refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb

from retention_kit.engine import quoted
from retention_kit.errors import RetentionError
from retention_kit.intake import parsing
from retention_kit.intake.parsing import Written
from retention_kit.intake.sources import Part, reread_as_windows_1256
from retention_kit.tables import Column, Contract, Refusal

# The query's own columns, which no column of a contract may be called.
UNIT, PART, REASON, RAW = "rk_unit_", "rk_part_", "rk_reason_", "rk_raw_"
_SHOWN = 3
_LONGEST = 60
# Which kinds of columns show why a row was refused.
_TELLING = {
    "bad_date": ("time",),
    "before_1990": ("time",),
    "future_date": ("time",),
    "end_before_start": ("time",),
    "bad_number": ("money", "number"),
    "other_currency": ("money",),
    "negative": ("money", "number"),
    "unknown_status": ("choice",),
    "not_counted": ("choice",),
    "duplicate_key": ("text",),
}


@dataclass(frozen=True)
class Loaded:
    """The used rows in a table, the refused in another, and what was counted on the way."""

    refused_table: str
    read: int
    refusals: tuple[Refusal, ...]
    units: Mapping[str, int]


def load(
    session: duckdb.DuckDBPyConnection,
    parts: Sequence[Part],
    rules: Contract,
    ways: Mapping[str, Written],
    *,
    table: str,
    folder: Path,
) -> Loaded:
    """Read the parts into `table`, canonical columns only, and what cannot be used into `<table>_refused`."""
    _create(session, parts, rules, ways, table)
    wrong = _rows(session, "select distinct part from skipped where kind = 'INVALID ENCODING'")
    if wrong:
        places = {place for (place,) in wrong}
        parts = [
            reread_as_windows_1256(part, folder) if place in places else part for place, part in enumerate(parts)
        ]
        _create(session, parts, rules, ways, table)
    _refuse_duplicates(session, rules, ways, table)
    units = dict(
        _rows(session, f"select {UNIT}, count(*) from {quoted(table)} where {UNIT} is not null group by all")
    )
    read = _count(session, table) + _count(session, "skipped")
    refused = _set_apart(session, ways, table)
    if rules.name == "subscriptions":
        _finish_subscriptions(session, rules, ways, table)
    return Loaded(refused, read, _summary(session, rules, ways, refused), units)


def _rows(session: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return session.execute(sql).fetchall()


def _count(session: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(_rows(session, f"select count(*) from {quoted(table)}")[0][0])


def _create(
    session: duckdb.DuckDBPyConnection,
    parts: Sequence[Part],
    rules: Contract,
    ways: Mapping[str, Written],
    table: str,
) -> None:
    """One pass over the parts; a file whose ends of lines are mixed is read again less strictly."""
    parameters = [parameter for part in parts for parameter in part.parameters]
    for strict in (True, False):
        session.execute("drop table if exists reject_errors; drop table if exists reject_scans")
        try:
            session.execute(_query(parts, rules, ways, table, strict), parameters)
            break
        except duckdb.Error as error:
            if not strict or not any(part.delimiter for part in parts):
                raise RetentionError("unreadable_file", path=parts[0].name) from error
    _remember_skipped(session, parts)


def _query(parts: Sequence[Part], rules: Contract, ways: Mapping[str, Written], table: str, strict: bool) -> str:
    """Three layers: what is written, what it means, why it cannot be used."""
    written = " union all ".join(_written(part, place, ways, strict) for place, part in enumerate(parts))
    parsed = {ours: parsing.parsed(rules.column(ours), way) for ours, way in ways.items()}
    computed = [
        column for column in rules.columns if column.name not in ways and _computable(column.product_of, ways)
    ]
    for column in computed:
        product = " * ".join(f"({parsed[name]})" for name in column.product_of)
        parsed[column.name] = f"try_cast({product} as decimal(18, 4))"
    for column in (column for column in rules.columns if column.voids and column.name in ways):
        parsed |= _voided(rules, column, parsed)
    meant = [f"{expression} as {quoted(ours)}" for ours, expression in parsed.items()]
    reason = parsing.reasons(rules, ways, {column.name for column in computed})
    kept = [quoted(column.name) for column in rules.columns if column.name in ways or column in computed]
    raw = ", ".join(f"{way.raw}::varchar" for way in ways.values())
    return (
        f"create or replace table {quoted(table)} as select {', '.join(kept)}, {UNIT}, {PART}, {REASON},"
        f" case when {REASON} is not null then [{raw}] end as {RAW} from (select *, {reason} as {REASON} from"
        f" (select *, {', '.join(meant)}, {parsing.unit(rules, ways)} as {UNIT} from ({written})))"
    )


def _voided(rules: Contract, status: Column, parsed: Mapping[str, str]) -> dict[str, str]:
    """Money of rows whose status takes it back: at most 0, so that a refunded order is no purchase."""
    choices = ", ".join(f"'{choice}'" for choice in status.voids)
    taken_back = f"coalesce({parsed[status.name]} in ({choices}), false)"
    return {
        name: f"case when {taken_back} then least({expression}, 0) else {expression} end"
        for name, expression in parsed.items()
        if rules.column(name).kind == "money"
    }


def _computable(factors: Sequence[str], ways: Mapping[str, Written]) -> bool:
    return bool(factors) and set(factors) <= set(ways)


def _written(part: Part, place: int, ways: Mapping[str, Written], strict: bool) -> str:
    """What stands in one part, under the query's own names; a column that only other parts have is empty."""
    fields = dict(zip(part.headers, part.fields, strict=True))
    taken = [f"{fields.get(way.mapped.theirs, 'null')} as {way.raw}" for way in ways.values()]
    reader = part.reader(strict=strict, keep_refused=True)
    return f"select {', '.join(taken)}, {place}::usmallint as {PART} from {reader}"


def _remember_skipped(session: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
    """The lines that DuckDB passed over while reading, each once, and after how many rows of its part."""
    session.execute("create or replace temp table parts (part usmallint, name varchar, path varchar)")
    literal = [str(part.parameters[0]) if part.delimiter else None for part in parts]
    names = [(place, part.name, path) for place, (part, path) in enumerate(zip(parts, literal, strict=True))]
    session.executemany("insert into parts values (?, ?, ?)", names)
    errors = "reject_errors join reject_scans using (scan_id, file_id) join parts on parts.path = file_path"
    nothing = "(select 0 as part, 0 as line, '' as csv_line, '' as error_type) where false"
    session.execute(
        "create or replace temp table skipped as"
        " select *, row_number() over (partition by part order by line) as passed,"
        " line - 1 - row_number() over (partition by part order by line) as before_place from"
        " (select part::usmallint as part, line, any_value(csv_line) as written, min(error_type::varchar) as kind"
        f" from {errors if any(literal) else nothing} group by part, line)"
    )


def _refuse_duplicates(
    session: duckdb.DuckDBPyConnection, rules: Contract, ways: Mapping[str, Written], table: str
) -> None:
    """Of rows that share what may be given once only, the first is used."""
    keys = [quoted(name) for name in rules.unique if name in ways]
    if not keys or len(keys) < len(rules.unique):
        return
    whole = " and ".join(f"{key} is not null" for key in keys)
    told = ", ".join(f"{quoted(name)}::varchar" for name in ways)
    session.execute(
        f"update {quoted(table)} set {REASON} = 'duplicate_key', {RAW} = [{told}] where rowid in"
        f" (select rowid from (select rowid, row_number() over (partition by {', '.join(keys)} order by rowid)"
        f" as place from {quoted(table)} where {REASON} is null and {whole}) where place > 1)"
    )


def _set_apart(session: duckdb.DuckDBPyConnection, ways: Mapping[str, Written], table: str) -> str:
    """Move the refused rows into a table of their own: file, line, reason, and what was written in each column."""
    refused = f"{table}_refused"
    raw = ", ".join(f"{RAW}[{number}] as raw_{way.place}" for number, way in enumerate(ways.values(), 1))
    # A row's line is its place in its file, after the header and the lines that were passed over before it.
    session.execute(
        f"create table {quoted(refused)} as select name as file, line, reason, {raw} from"
        f" (select placed.{PART} as part, place + 2 + coalesce(passed, 0) as line, {REASON} as reason, {RAW} from"
        f" (select given.*, given.rowid - begins as place from {quoted(table)} as given"
        f" join (select {PART}, min(rowid) as begins from {quoted(table)} group by all) using ({PART})"
        f" where {REASON} is not null) as placed"
        f" asof left join skipped on placed.{PART} = skipped.part and placed.place >= skipped.before_place"
        " union all select part, line, 'wrong_fields', [written] from skipped)"
        " join parts using (part) order by part, line"
    )
    session.execute(f"delete from {quoted(table)} where {REASON} is not null")
    for column in (UNIT, PART, REASON, RAW):
        session.execute(f"alter table {quoted(table)} drop column {column}")
    return refused


_TYPES = {
    "text": "varchar",
    "choice": "varchar",
    "time": "timestamp",
    "money": "decimal(18, 4)",
    "number": "double",
}


def _finish_subscriptions(
    session: duckdb.DuckDBPyConnection, rules: Contract, ways: Mapping[str, Written], table: str
) -> None:
    """Turn what was read, intervals or a ledger of changes, into stretches with money per month."""
    columns = ", ".join(
        quoted(column.name) if column.name in ways else f"null::{_TYPES[column.kind]} as {quoted(column.name)}"
        for column in rules.columns
    )
    text = (resources.files("retention_kit.intake") / "subscriptions.sql").read_text("utf-8")
    session.execute(f"create temp view given as select {columns} from {quoted(table)}")
    session.execute(f"create table finished as {text}")
    session.execute(f"drop view given; drop table {quoted(table)}; alter table finished rename to {quoted(table)}")


def _summary(
    session: duckdb.DuckDBPyConnection, rules: Contract, ways: Mapping[str, Written], refused: str
) -> tuple[Refusal, ...]:
    """By reason: how many, the first lines, and what stood there."""
    counted = _rows(
        session,
        f"select reason, count(*), min(line, {_SHOWN}) from {quoted(refused)} group by reason order by 2 desc, 1",
    )
    return tuple(
        Refusal(reason, count, tuple(lines), _examples(session, rules, ways, refused, reason))
        for reason, count, lines in counted
    )


def _examples(
    session: duckdb.DuckDBPyConnection, rules: Contract, ways: Mapping[str, Written], refused: str, reason: str
) -> tuple[str, ...]:
    """What stood in the columns that tell why, in the first refused rows."""
    kinds = _TELLING.get(reason, ())
    told = [f"raw_{way.place}" for ours, way in ways.items() if rules.column(ours).kind in kinds]
    if reason == "wrong_fields":
        told = [f"raw_{next(iter(ways.values())).place}"]
    if not told:
        return ()
    found = session.execute(
        f"select concat_ws(' ', {', '.join(told)}) from {quoted(refused)}"
        f" where reason = ? order by line limit {_SHOWN}",
        [reason],
    ).fetchall()
    return tuple(cut if len(cut) <= _LONGEST else cut[: _LONGEST - 1] + "…" for (cut,) in found if cut)
