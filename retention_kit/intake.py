"""From a file to a checked log: find the columns, parse every row in the engine, refuse what cannot be used.

Only this room meets the names and values of a file. Names are quoted as identifiers, paths travel as bound
parameters, values never enter the text of a query.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

from retention_kit.calendars import CALENDARS, parse_day
from retention_kit.engine import DuckDB, quoted
from retention_kit.errors import RetentionError, check_choice
from retention_kit.tables import Column, Contract, Log, Receipt, contract as find_contract, fold

_READERS = {
    ".csv": "read_csv(?, all_varchar = true)",
    ".tsv": "read_csv(?, all_varchar = true)",
    ".parquet": "read_parquet(?)",
}


@dataclass(frozen=True)
class Preview:
    """What can be known of a file before it is read: its columns, and which of ours each of them is."""

    path: Path
    types: Mapping[str, str]
    columns: Mapping[str, str]


def read(
    source: str | Path,
    contract: str,
    *,
    columns: Mapping[str, str] | None = None,
    calendar: str | None = None,
    zone: str = "Asia/Tehran",
    observed_until: str | date | None = None,
) -> Log:
    """Read a CSV or Parquet file as a log of this contract; nothing is dropped in silence.

    Args:
        source: path of the file.
        contract: what its rows are, such as "orders".
        columns: our name to theirs, such as {"customer": "Buyer"}, where the guess needs help.
        calendar: the calendar in which `observed_until` is typed and periods are shown; Gregorian if not given.
        zone: the zone of the shop; times with a zone of their own are brought to it.
        observed_until: the last day that was watched; if not given, the day of the last row.

    Returns:
        A log with its receipt (`log.receipt`): rows read, used, and refused with the reason.

    Raises:
        RetentionError: no such file, an unknown kind of file, a column that is missing, no usable row.
    """
    chosen = calendar or "gregorian"
    check_choice("calendar", chosen, CALENDARS)
    _check_zone(zone)
    rules = find_contract(contract)
    engine = DuckDB()
    found = preview(source, contract, columns=columns, engine=engine)
    table = engine.new_name(contract)
    refused, read_rows = _parse(engine, found, rules, zone, table)
    first, last = _span(engine, table, found.path)
    until = _last_day(observed_until, chosen, last)
    return Log(
        contract=contract,
        engine=engine,
        table=table,
        zone=zone,
        calendar=chosen,
        first_day=first,
        last_day=last,
        observed_until=until,
        receipt=Receipt(found.path.name, found.columns, read_rows, refused),
    )


def preview(
    source: str | Path,
    contract: str,
    *,
    columns: Mapping[str, str] | None = None,
    engine: DuckDB | None = None,
) -> Preview:
    """Look at the header of a file and map its columns, without reading its rows."""
    path = Path(source)
    if not path.is_file():
        raise RetentionError("no_file", path=str(source))
    if path.suffix.lower() not in _READERS:
        raise RetentionError("unknown_file_kind", path=path.name, allowed=", ".join(_READERS))
    connection = (engine or DuckDB()).connection
    try:
        described = connection.execute(f"describe select * from {_reader(path)}", [_literal(path)])  # noqa: S608 constant text
        types = {name: kind for name, kind, *_ in described.fetchall()}
    except duckdb.Error as error:
        raise RetentionError("unreadable_file", path=path.name) from error
    return Preview(path, types, _map_columns(types, find_contract(contract), columns or {}))


def _reader(path: Path) -> str:
    return _READERS[path.suffix.lower()]


def _literal(path: Path) -> str:
    """The path as DuckDB takes it, with the characters of its patterns made plain."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise RetentionError("unknown_zone", zone=zone) from None


def _map_columns(types: Mapping[str, str], rules: Contract, asked: Mapping[str, str]) -> dict[str, str]:
    """Our column names to the file's: what was asked for first, then the names a column is known to go by."""
    for ours, theirs in asked.items():
        check_choice("columns", ours, tuple(column.name for column in rules.columns))
        if theirs not in types:
            raise _missing_column(ours, theirs, list(types))
    mapped = {column.name: asked.get(column.name) or _guess(column, types) for column in rules.columns}
    chosen = {ours: theirs for ours, theirs in mapped.items() if theirs is not None}
    for column in rules.columns:
        if column.required and column.name not in chosen and not _can_compute(column, chosen):
            raise _missing_column(column.name, None, list(types))
    return chosen


def _can_compute(column: Column, chosen: Mapping[str, str]) -> bool:
    return column.name == "amount" and {"quantity", "unit_price"} <= set(chosen)


def _guess(column: Column, types: Mapping[str, str]) -> str | None:
    """The one column of the file that goes by a name of ours; the contract's order of names decides."""
    folded: dict[str, str] = {}
    for name in types:
        folded.setdefault(fold(name), name)
    for alias in (column.name, *column.names):
        if fold(alias) in folded:
            return folded[fold(alias)]
    return None


def _missing_column(ours: str, theirs: str | None, there: list[str]) -> RetentionError:
    facts = {"ours": ours, "there": ", ".join(there[:20])}
    if theirs is None:
        return RetentionError("missing_column", **facts)
    near = get_close_matches(theirs, there, n=1, cutoff=0.4)
    if near:
        return RetentionError("column_not_in_file_near", theirs=theirs, near=near[0], **facts)
    return RetentionError("column_not_in_file", theirs=theirs, **facts)


def _parse(engine: DuckDB, found: Preview, rules: Contract, zone: str, table: str) -> tuple[dict[str, int], int]:
    """Parse all rows into the engine's table; returns the refused by reason, and how many were read."""
    parsed = {
        ours: _PARSERS[rules.column(ours).kind](quoted(theirs), found.types[theirs])
        for ours, theirs in found.columns.items()
    }
    if "amount" not in parsed:
        parsed["amount"] = f"cast({parsed['quantity']} * {parsed['unit_price']} as decimal(18, 4))"
    kept = [column for column in rules.columns if column.name in parsed]
    reasons = "".join(
        f" when {quoted(column.name)} is null then '{_REASONS[column.kind]}'" for column in kept if column.required
    )
    listed = ", ".join(f"{expression} as {quoted(name)}" for name, expression in parsed.items())
    # The raw columns are selected too: else DuckDB pushes the casts into its reader, and raises.
    raw = ", ".join(f"{quoted(theirs)} as raw_{place}" for place, theirs in enumerate(found.types))
    with engine.connection.cursor() as session:
        session.execute("set TimeZone = " + _constant(zone))
        session.execute(
            f"create table {quoted(table)} as select {', '.join(quoted(column.name) for column in kept)},"  # noqa: S608 all quoted
            f" case{reasons} end as reason from (select {raw}, {listed} from {_reader(found.path)})",
            [_literal(found.path)],
        )
        counted = session.execute(
            f"select reason, count(*) from {quoted(table)} group by reason order by 2 desc, 1"  # noqa: S608 our own name
        ).fetchall()
        session.execute(f"delete from {quoted(table)} where reason is not null")  # noqa: S608 our own name
    refused = {reason: count for reason, count in counted if reason is not None}
    return refused, sum(count for _, count in counted)


def _constant(value: str) -> str:
    """A checked name as an SQL constant, where a statement takes no parameter."""
    return "'" + value.replace("'", "''") + "'"


def _text(column: str, kind: str) -> str:
    if kind in ("FLOAT", "DOUBLE"):  # ids that went through a spreadsheet or a frame: 17850.0 is 17850
        column = f"coalesce(try_cast({column} as bigint)::varchar, {column}::varchar)"
    return f"nullif(trim({column}::varchar), '')"


def _time(column: str, kind: str) -> str:
    return f"try_cast({column} as timestamp)" if kind != "TIMESTAMP" else column


def _money(column: str, kind: str) -> str:  # noqa: ARG001 the parsers have one shape
    return f"try_cast({column} as decimal(18, 4))"


_PARSERS = {"text": _text, "time": _time, "money": _money, "number": _money, "choice": _text}
_REASONS = {"text": "missing_id", "time": "bad_date", "money": "bad_number", "number": "bad_number", "choice": "unknown_status"}


def _span(engine: DuckDB, table: str, path: Path) -> tuple[date, date]:
    first, last = engine.connection.execute(
        f"select min(time)::date, max(time)::date from {quoted(table)}"  # noqa: S608 our own name
    ).fetchall()[0]
    if first is None:
        raise RetentionError("no_usable_row", path=path.name)
    return first, last


def _last_day(asked: str | date | None, calendar: str, last: date) -> date:
    if not asked:
        return last
    return asked if isinstance(asked, date) else parse_day(asked, calendar, "observed_until")
