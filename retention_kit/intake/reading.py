"""Reads a source as a log: parts, mapping, formats, one query, the receipt."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

from retention_kit.calendars import CALENDARS, Period, parse_day
from retention_kit.engine import Database, DuckDB, Spark, new_name, quoted
from retention_kit.errors import RetentionError, check_choice
from retention_kit.intake import checks, parsing
from retention_kit.intake.elsewhere import look_elsewhere
from retention_kit.intake.formats import (
    CURRENCIES,
    NUMBER_FORMATS,
    TIME_FORMATS,
    are_jalali,
    decimal_separator,
    time_format,
    unit_of,
)
from retention_kit.intake.keeping import once_where_asked
from retention_kit.intake.loading import Loaded, load
from retention_kit.intake.mapping import Profile, find_profile, map_columns
from retention_kit.intake.parsing import Written
from retention_kit.intake.sources import Part, open_parts
from retention_kit.language import is_missing
from retention_kit.tables import Contract, Log, Mapped, Receipt, Refusal, contract

# From so many rows the way a column is written is decided; a row that is written otherwise is refused and shown.
_SAMPLE_ROWS = 10_000
_ZONE = "Asia/Tehran"


@dataclass(frozen=True)
class Preview:
    """What can be known of a source before its rows are read: its parts, and which of our columns is where."""

    parts: tuple[Part, ...]
    mapping: tuple[Mapped, ...]
    profile: Profile | None

    @property
    def profile_zone(self) -> str | None:
        """The zone that the export is known to be in."""
        return self.profile.zone if self.profile is not None else None

    @property
    def profile_formats(self) -> Mapping[str, str]:
        """How the export is known to write its values."""
        return self.profile.formats if self.profile is not None else {}

    @property
    def name(self) -> str:
        """What the source is called."""
        first, *others = (part.name for part in self.parts)
        return f"{first} + {len(others)}" if others else first


@once_where_asked
def read(
    source: Any,
    contract_name: str,
    *,
    columns: Mapping[str, str] | None = None,
    calendar: str | None = None,
    zone: str | None = None,
    currency: str | None = None,
    observed_until: str | date | None = None,
    formats: Mapping[str, str] | None = None,
    sheet: str | None = None,
    engine: Database | Spark | None = None,
) -> Log:
    """Read files or a table as a log of this contract; every row is used, or refused with its reason.

    Args:
        source: a path, a pattern, a list of paths (CSV, TSV, Excel, Parquet, JSON lines; .gz too), or a table of
            pandas, polars or Arrow.
        contract_name: what a row is, such as "orders".
        columns: our name to theirs, such as {"customer": "Buyer"}, where the guess needs help.
        calendar: the calendar of two-digit years, and that of the log's periods where none is asked for; years of
            four digits say themselves which they are, and where all are Jalali so are the log's periods.
        zone: the zone of the shop, Asia/Tehran if neither given nor known from the export; times that name a zone
            of their own are brought to it.
        currency: of amounts that name none.
        observed_until: the last day that was watched, in either calendar; if not given, the day of the last row.
        formats: our name to how its values are written, such as {"time": "day_first"}, where a column cannot say.
        sheet: the sheet of a workbook; the first if not given.
        engine: where the table named by `source` lies; it stays there, its columns have their types already, and
            its times are taken for the shop's own.

    Returns:
        A log with its receipt (`log.receipt`).

    Raises:
        RetentionError: whatever the reader has to put right, in one sentence.
    """
    if calendar is not None:
        check_choice("calendar", calendar, CALENDARS)
    if currency is not None:
        check_choice("currency", currency, CURRENCIES)
    rules = contract(contract_name)
    if engine is not None:
        for name, given in (("formats", formats), ("sheet", sheet)):
            if given:
                raise RetentionError("only_of_files", name=name)
        log = _read_elsewhere(engine, str(source), rules, columns or {}, zone=zone or _ZONE, currency=currency)
        return _watched_until(observed_until, replace(log, calendar=calendar or "gregorian"))
    duckdb_engine = DuckDB()
    duckdb_engine.connection.execute(parsing.macros())
    with tempfile.TemporaryDirectory() as folder, duckdb_engine.session() as session:
        found = _look(source, rules, columns or {}, session, folder=Path(folder), sheet=sheet)
        chosen_zone = zone or found.profile_zone or _ZONE
        _set_zone(session, chosen_zone)
        session.execute("set disabled_optimizers = 'common_subexpressions'")  # see macros.sql
        asked = {**found.profile_formats, **(formats or {})}
        ways = _ways_of_writing(session, found, rules, asked, calendar=calendar, currency=currency or "")
        table = new_name(rules.name)
        loaded = load(session, found.parts, rules, ways, table=table, folder=Path(folder))
        first, last = _span(session, table, rules, found.name, loaded)
    unit = currency or next((way.currency for way in ways.values() if way.currency), None)
    log = Log(
        contract=rules.name,
        engine=duckdb_engine,
        table=table,
        zone=chosen_zone,
        calendar=calendar or _calendar_of(rules, ways),
        first_day=first,
        last_day=last,
        observed_until=last,
        currency=unit,
        refused_table=loaded.refused_table,
        receipt=Receipt(
            source=found.name,
            contract=rules.name,
            mapping=found.mapping,
            read=loaded.read,
            refusals=loaded.refusals,
            profile=found.profile.name if found.profile is not None else "",
            currency=(unit or "") if _has_money(rules, found.mapping) else None,
        ),
    )
    watched = _watched_until(observed_until, log)
    look = partial(checks.facts, watched, loaded.units, until_said=bool(observed_until))
    return replace(watched, receipt=replace(watched.receipt, look=look))


def _read_elsewhere(
    engine: Database | Spark,
    table: str,
    rules: Contract,
    asked: Mapping[str, str],
    *,
    zone: str,
    currency: str | None,
) -> Log:
    """A table of another engine as a log."""
    _check_zone(zone)
    view, mapping, rows, refusals = look_elsewhere(engine, table, rules, asked)
    day = f"cast({quoted(rules.time)} as date)" if rules.time else f"date '{datetime.now(ZoneInfo(zone)).date()}'"
    span = engine.query(f"select min({day}) as first_day, max({day}) as last_day from log", log=view)
    first, last = span["first_day"][0], span["last_day"][0]
    if rows == 0:
        raise RetentionError("no_rows", path=table)
    if is_missing(first):
        raise _nothing_used(table, refusals)
    unit = (currency or "") if _has_money(rules, mapping) else None
    receipt = Receipt(table, rules.name, mapping, rows, refusals, currency=unit)
    return Log(rules.name, engine, view, zone, "gregorian", first, last, last, receipt, currency)


def _has_money(rules: Contract, mapping: Iterable[Mapped]) -> bool:
    return any(rules.column(mapped.ours).kind == "money" for mapped in mapping)


def preview(
    source: Any, contract_name: str, *, columns: Mapping[str, str] | None = None, sheet: str | None = None
) -> Preview:
    """Look at the header of a source and map its columns, without reading its rows."""
    with tempfile.TemporaryDirectory() as folder, DuckDB().session() as session:
        return _look(source, contract(contract_name), columns or {}, session, folder=Path(folder), sheet=sheet)


def _look(
    source: Any,
    rules: Contract,
    asked: Mapping[str, str],
    session: duckdb.DuckDBPyConnection,
    *,
    folder: Path,
    sheet: str | None,
) -> Preview:
    parts = open_parts(source, session, folder, sheet)
    headers = tuple(dict.fromkeys(header for part in parts for header in part.headers))
    profile = find_profile(rules.name, headers)
    try:
        return Preview(tuple(parts), map_columns(headers, rules, asked, profile), profile)
    except RetentionError as error:
        if error.code != "missing_column":
            raise

        def fits(other: str) -> bool:
            return _fits(source, rules, asked, session, folder=folder, sheet=other)

        raise _explained(error, parts, fits) from None


def _explained(error: RetentionError, parts: Sequence[Part], fits: Callable[[str], bool]) -> RetentionError:
    """That a column is missing, with what is the likely cause in these files."""
    for part in parts:
        if part.begins_with_title:
            return RetentionError("title_row", path=part.name)
        if part.other_sheets:
            meant = next(filter(fits, part.other_sheets), None)
            return RetentionError(error.code, **error.facts, other_sheets=part.other_sheets, meant_sheet=meant)
    return error


def _fits(
    source: Any,
    rules: Contract,
    asked: Mapping[str, str],
    session: duckdb.DuckDBPyConnection,
    *,
    folder: Path,
    sheet: str,
) -> bool:
    """Whether another sheet of the source has the columns of the contract."""
    try:
        headers = [header for part in open_parts(source, session, folder, sheet) for header in part.headers]
        # What was said of the columns was said of the sheet that does not fit.
        said = {ours: theirs for ours, theirs in asked.items() if theirs in headers}
        map_columns(headers, rules, said, find_profile(rules.name, headers))
    except RetentionError:
        return False
    return True


def _set_zone(session: duckdb.DuckDBPyConnection, zone: str) -> None:
    """The zone of the shop; DuckDB knows the same names as Python."""
    _check_zone(zone)
    try:
        session.execute("set TimeZone = '" + zone.replace("'", "''") + "'")
    except duckdb.Error:
        raise RetentionError("unknown_zone", zone=zone) from None


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise RetentionError("unknown_zone", zone=zone) from None


def _ways_of_writing(
    session: duckdb.DuckDBPyConnection,
    found: Preview,
    rules: Contract,
    asked: Mapping[str, str],
    *,
    calendar: str | None,
    currency: str,
) -> dict[str, Written]:
    """How each taken column is written: as asked, or as its first rows show."""
    for name, given in asked.items():
        check_choice("formats", name, tuple(column.name for column in rules.columns))
        check_choice(name, given, (*TIME_FORMATS, *NUMBER_FORMATS))
    types = {mapped.ours: _type(found.parts, mapped) for mapped in found.mapping}
    undecided = [
        mapped
        for mapped in found.mapping
        if rules.column(mapped.ours).kind in ("time", "money", "number")
        and types[mapped.ours] not in parsing.TIMES
    ]
    samples = _samples(session, found.parts, undecided)
    ways = {}
    for place, mapped in enumerate(found.mapping):
        way = Written(mapped, place, types[mapped.ours])
        if mapped.ours in samples:
            kind, values = rules.column(mapped.ours).kind, samples[mapped.ours]
            way = _decided(way, kind, values, asked=asked.get(mapped.ours), calendar=calendar, currency=currency)
        ways[mapped.ours] = way
    return ways


def _decided(
    way: Written, kind: str, values: list[str], *, asked: str | None, calendar: str | None, currency: str
) -> Written:
    ours = way.mapped.ours
    if kind == "time":
        return replace(way, format=asked or time_format(ours, values, calendar), jalali=are_jalali(values))
    unit = unit_of(way.mapped.theirs, values, currency) if kind == "money" else ""
    if way.type != "VARCHAR":
        return replace(way, format=".", currency=unit)
    separator = {"decimal_comma": ",", "decimal_point": "."}.get(asked or "") or decimal_separator(ours, values)
    return replace(way, format=separator, currency=unit)


def _calendar_of(rules: Contract, ways: Mapping[str, Written]) -> str:
    """The calendar that the days of a log are written in."""
    return "jalali" if any(way.jalali for ours, way in ways.items() if ours == rules.time) else "gregorian"


def _type(parts: Sequence[Part], mapped: Mapped) -> str:
    """The type of a column; text where the parts disagree."""
    types = {dict(zip(part.headers, part.types, strict=True)).get(mapped.theirs) for part in parts} - {None}
    return str(types.pop()) if len(types) == 1 else "VARCHAR"


def _samples(
    session: duckdb.DuckDBPyConnection, parts: Sequence[Part], columns: Sequence[Mapped]
) -> dict[str, list[str]]:
    """What is written in the first rows of some columns, each value once."""
    seen: dict[str, set[str]] = {mapped.ours: set() for mapped in columns}
    for part in parts if columns else ():
        fields = dict(zip(part.headers, part.fields, strict=True))
        taken = ", ".join(f"trim(({fields.get(mapped.theirs, 'null')})::varchar)" for mapped in columns)
        query = f"select {taken} from {part.reader(strict=False)} limit {_SAMPLE_ROWS}"
        try:
            rows = session.execute(query, part.parameters).fetchall()
        except duckdb.Error as error:
            raise RetentionError("unreadable_file", path=part.name) from error
        for values, written in zip(seen.values(), zip(*rows, strict=True), strict=False):
            values.update(value for value in written if value)
    return {ours: sorted(values) for ours, values in seen.items()}


def _span(
    session: duckdb.DuckDBPyConnection, table: str, rules: Contract, name: str, loaded: Loaded
) -> tuple[date, date]:
    """The days of the first and the last used row."""
    if loaded.read == 0:
        raise RetentionError("no_rows", path=name)
    time = rules.time
    days = f"min({quoted(time)})::date, max({quoted(time)})::date" if time else "current_date, current_date"
    used, first, last = session.execute(f"select count(*), {days} from {quoted(table)}").fetchall()[0]
    if used == 0:
        raise _nothing_used(name, loaded.refusals)
    return first, last


def _nothing_used(name: str, refusals: Sequence[Refusal]) -> RetentionError:
    """Why no row can be used; only subscriptions that cost nothing and never end are left out and not refused."""
    if refusals:
        return RetentionError("no_usable_row", path=name, why=refusals[0])
    return RetentionError("never_paid", path=name)


def _watched_until(asked: str | date | None, log: Log) -> Log:
    """The log with the last day that was watched; none is seen before it has come, nor before anything was."""
    if not asked:
        return log
    if isinstance(asked, datetime) and not is_missing(asked):  # pandas' missing time is one too
        asked = asked.date()
    until = asked if type(asked) is date else parse_day(str(asked), "observed_until")
    # Where the day is already tomorrow's, east of here, rows of tomorrow are used too.
    if until > max(date.today() + timedelta(days=1), log.last_day):
        raise RetentionError("day_ahead", name="observed_until", given=str(asked))
    if contract(log.contract).time is not None and until < log.first_day:
        first = Period(log.first_day, "day", log.calendar)
        raise RetentionError("day_before_data", name="observed_until", given=str(asked), first=first)
    return replace(log, observed_until=until)
