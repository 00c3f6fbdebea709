"""Runs the one query over a source and sorts its rows into used and refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb

from retention_kit.engine import quoted
from retention_kit.errors import RetentionError
from retention_kit.intake import parsing
from retention_kit.intake.checks import masked
from retention_kit.intake.formats import CURRENCIES
from retention_kit.intake.parsing import Written
from retention_kit.intake.sources import Part, blank_lines, reread_as_windows_1256
from retention_kit.tables import Column, Contract, Refusal

# The query's own columns, which no column of a contract may be called.
PART, VERDICT = "rk_part_", "rk_verdict_"
# What tells two rows apart in the columns that were not taken, so that duplicates are duplicates of whole rows.
REST = "rk_rest_"
_REASON, _UNIT = f"({VERDICT} % {parsing.UNIT_STEP})", f"({VERDICT} // {parsing.UNIT_STEP})"
_SHOWN = 3
_LONGEST = 60
# Which kinds of columns show why a row was refused. No column that may name a person is among them: a receipt is
# shared. A row given twice, or with too few fields, is found by its line.
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
    strict = _create(session, parts, rules, ways, table)
    wrong = _rows(session, "select distinct part from skipped where kind = 'INVALID ENCODING'")
    if wrong:
        places = {place for (place,) in wrong}
        parts = [
            reread_as_windows_1256(part, folder) if place in places else part for place, part in enumerate(parts)
        ]
        strict = _create(session, parts, rules, ways, table)
    _refuse_duplicates(session, rules, ways, table)
    units = dict(_rows(session, f"select {_UNIT}, count(*) from {quoted(table)} where {_UNIT} > 0 group by all"))
    read = _count(session, table) + _count(session, "skipped")
    refused = _set_apart(session, parts, ways, table=table, strict=strict)
    if rules.name == "subscriptions":
        _finish_subscriptions(session, rules, ways, table)
    named = {CURRENCIES[place - 1]: count for place, count in units.items()}
    return Loaded(refused, read, _summary(session, rules, ways, refused), named)


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
) -> bool:
    """One pass over the parts, less strict where ends of lines are mixed; returns whether it was strict."""
    parameters = [parameter for part in parts for parameter in part.parameters]
    strict = True
    while True:
        session.execute("drop table if exists reject_errors; drop table if exists reject_scans")
        try:
            session.execute(_query(parts, rules, ways, table, strict), parameters)
        except duckdb.Error as error:
            if not strict or not any(part.delimiter for part in parts):
                raise RetentionError("unreadable_file", path=parts[0].name) from error
            strict = False
        else:
            _remember_skipped(session, parts)
            return strict


def _query(parts: Sequence[Part], rules: Contract, ways: Mapping[str, Written], table: str, strict: bool) -> str:
    """Four layers: what is written, what a plain cast makes of it, what it means, why it cannot be used."""
    rest = any(_rest(part, ways) for part in parts)
    written = " union all ".join(_written(part, place, ways, strict, rest) for place, part in enumerate(parts))
    parsed = {ours: parsing.parsed(rules.column(ours), way) for ours, way in ways.items()}
    computed = computed_columns(rules, ways)
    for column in computed:
        # The engine would give a product no more digits than its factors have, and stop where it needs them.
        product = " * ".join(f"({parsed[name]})::decimal(38, 4)" for name in column.product_of)
        parsed[column.name] = f"try_cast({product} as decimal(18, 4))"
    for column in (column for column in rules.columns if column.voids and column.name in ways):
        parsed |= voided(rules, column, parsed)
    meant = [f"{expression} as {quoted(ours)}" for ours, expression in parsed.items()]
    casts = {way.plain: parsing.plain(rules.column(ours), way) for ours, way in ways.items()}
    plain = "".join(f", {cast} as {name}" for name, cast in casts.items() if cast is not None)
    verdict = parsing.verdict(rules, ways, {column.name for column in computed})
    kept = [quoted(column.name) for column in rules.columns if column.name in ways or column in computed]
    kept += [REST] * rest + [PART] * (len(parts) > 1)
    return (
        f"create or replace table {quoted(table)} as"
        f" select {', '.join(kept)}, {verdict} as {VERDICT} from"
        f" (select *, {', '.join(meant)} from"
        f" (select *{plain} from ({written})))"
    )


def voided(rules: Contract, status: Column, parsed: Mapping[str, str]) -> dict[str, str]:
    """Money of rows whose status takes it back: at most 0, so that a refunded order is no purchase."""
    choices = ", ".join(f"'{choice}'" for choice in status.voids)
    taken_back = f"coalesce({parsed[status.name]} in ({choices}), false)"
    return {
        name: f"case when {taken_back} then least({expression}, 0) else {expression} end"
        for name, expression in parsed.items()
        if rules.column(name).kind == "money"
    }


def computed_columns(rules: Contract, ways: Mapping[str, Written]) -> list[Column]:
    """The columns that are not there and are the product of others that are."""
    absent = (column for column in rules.columns if column.name not in ways and column.product_of)
    return [column for column in absent if set(column.product_of) <= set(ways)]


def _rest(part: Part, ways: Mapping[str, Written]) -> list[str]:
    """The columns of a part that were not taken."""
    taken = {way.mapped.theirs for way in ways.values()}
    return [field for header, field in zip(part.headers, part.fields, strict=True) if header not in taken]


def _written(part: Part, place: int, ways: Mapping[str, Written], strict: bool, rest: bool) -> str:
    """What stands in one part, under the query's own names; a column that only other parts have is empty."""
    fields = dict(zip(part.headers, part.fields, strict=True))
    types = dict(zip(part.headers, part.types, strict=True))
    taken = [
        f"{fields.get(theirs, 'null')}{'' if types.get(theirs) == way.type else '::' + way.type} as {way.raw}"
        for way in ways.values()
        for theirs in (way.mapped.theirs,)
    ]
    if rest:
        others = ", ".join(_rest(part, ways))
        taken.append(f"{f'hash({others})' if others else '0::ubigint'} as {REST}")
    reader = part.reader(strict=strict, keep_refused=True)
    return f"select {', '.join(taken)}, {place}::usmallint as {PART} from {reader}"


def _remember_skipped(session: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
    """The lines that DuckDB passed over while reading, each once, and after how many rows of its part."""
    session.execute(
        "create or replace temp table parts (part usmallint, name varchar, path varchar, first_line int)"
    )
    paths = [str(part.path) if part.path is not None else None for part in parts]
    rows = [(place, part.name, paths[place], part.first_line) for place, part in enumerate(parts)]
    session.executemany("insert into parts values (?, ?, ?, ?)", rows)
    errors = "reject_errors join reject_scans using (scan_id, file_id) join parts on parts.path = file_path"
    nothing = "(select 0 as part, 0 as line, '' as csv_line, '' as error_type) where false"
    session.execute(
        "create or replace temp table skipped as"
        " select part::usmallint as part, line, any_value(csv_line) as written, min(error_type::varchar) as kind"
        f" from {errors if any(paths) else nothing} group by part, line"
    )


def _remember_passed(session: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
    """How many lines, skipped or blank, lie before a row of a part, by the first row for which it is so many."""
    session.execute("create or replace temp table passed_over as select part, line from skipped")
    blank = [(place, line) for place, part in enumerate(parts) for line in blank_lines(part)]
    if blank:
        session.executemany("insert into passed_over values (?, ?)", blank)
    session.execute(
        "create or replace temp table passed_over as select part, before_place, max(passed) as passed from"
        " (select part, row_number() over (partition by part order by line) as passed,"
        " line - 1 - passed as before_place from passed_over) group by all"
    )


def _refuse_duplicates(
    session: duckdb.DuckDBPyConnection, rules: Contract, ways: Mapping[str, Written], table: str
) -> None:
    """Of rows that share what may be given once only, the first is used."""
    keys = [quoted(name) for name in rules.unique if name in ways]
    if not keys or len(keys) < len(rules.unique):
        return
    whole = " and ".join(f"{key} is not null" for key in keys)
    again = parsing.REASONS.index("duplicate_key") + 1
    session.execute(
        f"update {quoted(table)} set {VERDICT} = {VERDICT} + {again} where rowid in"
        f" (select rowid from (select rowid, row_number() over (partition by {', '.join(keys)} order by rowid)"
        f" as place from {quoted(table)} where {_REASON} = 0 and {whole}) where place > 1)"
    )


def _set_apart(
    session: duckdb.DuckDBPyConnection,
    parts: Sequence[Part],
    ways: Mapping[str, Written],
    *,
    table: str,
    strict: bool,
) -> str:
    """Move the refused rows into a table of their own: file, line, reason, and what was written in each column.

    What was written is read again, and only where rows were refused: to keep it for all would take the memory of
    another log.
    """
    refused = f"{table}_refused"
    raw = [f"raw_{way.place}" for way in ways.values()]
    part = PART if len(parts) > 1 else "0::usmallint"
    session.execute(
        f"create or replace temp table unused as select {part} as part, rowid as place, {_REASON} as reason"
        f" from {quoted(table)} where {_REASON} > 0"
    )
    some = _count(session, "unused") > 0
    if some and len(parts) > 1:
        session.execute(
            f"update unused set place = place - begins from (select {PART} as one, min(rowid) as begins"
            f" from {quoted(table)} group by all) where part = one"
        )
    _remember_passed(session, parts if some else ())
    written, parameters = _written_again(parts, ways, strict) if some else _nothing_written(raw)
    reasons = ", ".join(f"'{reason}'" for reason in parsing.REASONS)
    # A row's line is its place in its file, after the header and the lines that were passed over before it.
    session.execute(
        f"create table {quoted(refused)} as select name as file, line, reason, {', '.join(raw)} from"
        f" (select placed.part, placed.place + parts.first_line + coalesce(passed, 0) as line,"
        f" [{reasons}][reason] as reason, {', '.join(raw)}"
        f" from (select * from unused join ({written}) using (part, place)) as placed"
        " join parts on placed.part = parts.part"
        " asof left join passed_over as p on placed.part = p.part and placed.place >= p.before_place"
        f" union all select part, line, 'wrong_fields', written{', null' * (len(raw) - 1)} from skipped)"
        " join parts using (part) order by part, line",
        parameters,
    )
    session.execute(f"delete from {quoted(table)} where {_REASON} > 0")
    for column in (PART, VERDICT):
        session.execute(f"alter table {quoted(table)} drop column if exists {column}")
    return refused


def _written_again(parts: Sequence[Part], ways: Mapping[str, Written], strict: bool) -> tuple[str, list[Any]]:
    """The query of what stands in the parts as text, rows numbered from 0, and its parameters."""
    written = " union all ".join(_numbered(part, place, ways, strict) for place, part in enumerate(parts))
    return written, [parameter for part in parts for parameter in part.parameters]


def _nothing_written(raw: Sequence[str]) -> tuple[str, list[Any]]:
    """The same, where no row was refused after it was read."""
    return f"select 0 as part, 0 as place, {', '.join(f'null::varchar as {name}' for name in raw)} where false", []


def _numbered(part: Part, place: int, ways: Mapping[str, Written], strict: bool) -> str:
    """What stands in one part as text, its rows numbered from 0."""
    fields = dict(zip(part.headers, part.fields, strict=True))
    taken = [f"({fields.get(way.mapped.theirs, 'null')})::varchar as raw_{way.place}" for way in ways.values()]
    reader = part.reader(strict=strict)
    return f"select {place} as part, row_number() over () - 1 as place, {', '.join(taken)} from {reader}"


_TYPES = {
    "text": "varchar",
    "choice": "varchar",
    "time": "timestamp",
    "money": "decimal(18, 4)",
    "number": "double",
}


@cache
def finishing_text() -> str:
    """The query that makes stretches of what was read of subscriptions."""
    return (resources.files("retention_kit.intake") / "subscriptions.sql").read_text("utf-8")


def _finish_subscriptions(
    session: duckdb.DuckDBPyConnection, rules: Contract, ways: Mapping[str, Written], table: str
) -> None:
    """Turn what was read, intervals or a ledger of changes, into stretches with money per month."""
    columns = ", ".join(
        quoted(column.name) if column.name in ways else f"null::{_TYPES[column.kind]} as {quoted(column.name)}"
        for column in rules.columns
    )
    session.execute(f"create temp view given as select {columns} from {quoted(table)}")
    session.execute(f"create table finished as {finishing_text()}")
    session.execute(f"drop view given; drop table {quoted(table)}; alter table finished rename to {quoted(table)}")


def _summary(
    session: duckdb.DuckDBPyConnection, rules: Contract, ways: Mapping[str, Written], refused: str
) -> tuple[Refusal, ...]:
    """By reason: how many, the first lines, and what stood there."""
    counted = _rows(
        session,
        f"select reason, count(*), min(line, {_SHOWN}) from {quoted(refused)} group by reason order by 2 desc, 1",
    )
    found = []
    for reason, count, lines in counted:
        telling = _telling(session, rules, ways, refused, reason)
        examples = _examples(session, [way for _, way in telling], refused, reason)
        columns = [(way.mapped.theirs, column) for column, way in telling if reason == "unknown_status"]
        found.append(Refusal(reason, count, tuple(lines), examples, tuple(columns)))
    return tuple(found)


def _telling(
    session: duckdb.DuckDBPyConnection, rules: Contract, ways: Mapping[str, Written], refused: str, reason: str
) -> list[tuple[Column, Written]]:
    """The columns that tell why rows were refused for a reason."""
    kinds = _TELLING.get(reason, ())
    found = [(rules.column(ours), way) for ours, way in ways.items() if rules.column(ours).kind in kinds]
    if reason != "unknown_status":
        return found
    return [(column, way) for column, way in found if _holds_unknown(session, column, way, refused)]


def _holds_unknown(session: duckdb.DuckDBPyConnection, column: Column, way: Written, refused: str) -> bool:
    """Whether words that are not known stand in this column of choices; a contract may have several."""
    way = replace(way, type="VARCHAR")  # what was refused is kept as text
    written = f"select raw_{way.place} as {way.raw} from {quoted(refused)} where reason = 'unknown_status'"
    unknown = f"{way.text} is not null and {parsing.parsed(column, way)} is null"
    return bool(_rows(session, f"select 1 from ({written}) where {unknown} limit 1"))


def _examples(
    session: duckdb.DuckDBPyConnection, telling: Sequence[Written], refused: str, reason: str
) -> tuple[str, ...]:
    """What stood in the columns that tell why, in the first refused rows."""
    told = [f"raw_{way.place}" for way in telling]
    if not told:
        return ()
    found = session.execute(
        f"select concat_ws(' ', {', '.join(told)}) from {quoted(refused)}"
        f" where reason = ? order by line limit {_SHOWN}",
        [reason],
    ).fetchall()
    shown = [masked(written[: 4 * _LONGEST]) for (written,) in found if written]
    return tuple(one if len(one) <= _LONGEST else one[: _LONGEST - 1] + "…" for one in shown)
