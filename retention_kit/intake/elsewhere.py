"""A table that stays where it lies: in Spark or in PostgreSQL. It is mapped and checked there, by plain SQL.

The conditions are those of a file (`parsing.conditions`); what differs is how a value is brought to its type.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from retention_kit.engine import Database, Spark, bound, quoted, quoted_path
from retention_kit.errors import RetentionError, check_kind
from retention_kit.intake.loading import computed_columns, finishing_text, voided
from retention_kit.intake.mapping import map_columns
from retention_kit.intake.parsing import Written, conditions
from retention_kit.language import is_missing
from retention_kit.tables import Column, Contract, Mapped, Refusal, fold

_MONEY = "decimal(18, 4)"
# What rounds to more does not fit `_MONEY`, and a database would stop at it.
_MOST = "99999999999999.9"
_FIRST, _LAST = "timestamp '0001-01-01'", "timestamp '9999-12-31'"
# What the engines call their types: whole and exact numbers, floating ones, times.
_EXACT = re.compile(r"(tiny|small|big)?int[248]?|(numeric|decimal)(\(.*\))?")
_FLOATING = re.compile(r"float[48]?|double|real")
_TIME = re.compile(r"date|timestamp(tz|_ntz)?(\(.*\))?")
# As in macros.sql: Persian and Arabic digits and signs as Latin ones, marks that nobody sees, letters alike.
_SIGNS = ("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫٬−–٪\xa0", "01234567890123456789.,--% ")
_UNSEEN = "\u200e\u200f\u202c\ufeff\u061c"
_LETTERS = ("يىك", "ییک")
_FOLDED = ("يىكةۀأإآ", "ییکههااا")
# What folding leaves out. A quote or a backslash would have to be written in another way in each engine.
_PUNCTUATION = string.punctuation.replace("'", "").replace("\\", "") + "،؛؟«»–—"
_BETWEEN_LETTERS = _PUNCTUATION + " \t\xa0\u200c\u200d\u0640" + _UNSEEN
_DIGITS = "0123456789"


@dataclass(frozen=True)
class _Cell(Written):
    """A column of the table that was taken."""

    @property
    def text(self) -> str:
        """What stands there, nothing where it is blank."""
        return super().text if self.type == "VARCHAR" else self.raw


def look_elsewhere(
    engine: Database | Spark, table: str, rules: Contract, asked: Mapping[str, str]
) -> tuple[str, tuple[Mapped, ...], int, tuple[Refusal, ...]]:
    """A view of the good rows under our names, how columns were mapped, rows read, and those refused by reason.

    The columns must have the types they need: what is text here is not parsed.
    """
    check_kind("engine", engine, (Database, Spark), "rk.engine.Spark(session)")
    types = _types(engine, table)
    mapping = map_columns(tuple(types), rules, asked, None)
    cells = {mapped.ours: _cell(place, mapped, rules, types) for place, mapped in enumerate(mapping)}
    checked = engine.view("checked", _checked(engine, table, rules, cells, types))
    counted = engine.query("select rk_reason, count(*) as n from checked group by rk_reason", checked=checked)
    reasons = [None if is_missing(reason) else str(reason) for reason in counted["rk_reason"]]
    counts = dict(zip(reasons, counted["n"].astype("int64").tolist(), strict=True))
    computed = computed_columns(rules, cells)
    ours = _list(column.name for column in rules.columns if column.name in cells or column in computed)
    view = engine.view(rules.name, f"select {ours} from {quoted(checked)} where rk_reason is null")
    if rules.name == "subscriptions":
        view = _finished(engine, rules, set(cells), view)
    refusals = [Refusal(reason, count) for reason, count in counts.items() if reason is not None]
    refusals.sort(key=lambda refusal: (-refusal.count, refusal.reason))
    return view, mapping, sum(counts.values()), tuple(refusals)


def _types(engine: Database | Spark, table: str) -> dict[str, str]:
    """The columns of the reader's table; what the engine stops at, in one sentence with its own words."""
    try:
        return engine.types(table)
    except Exception as error:  # each driver has errors of its own
        cause = (str(error) or type(error).__name__).strip().splitlines()[0]
        raise RetentionError("no_table", table=table, cause=cause) from error


def _cell(place: int, mapped: Mapped, rules: Contract, types: Mapping[str, str]) -> _Cell:
    """A column that has the type its kind needs; any type will do for text."""
    kind, given = rules.column(mapped.ours).kind, types[mapped.theirs]
    if kind in ("text", "choice"):
        return _Cell(mapped, place, "VARCHAR")
    fits = _TIME.fullmatch(given) if kind == "time" else _EXACT.fullmatch(given) or _FLOATING.fullmatch(given)
    if not fits:
        needed = "timestamp" if kind == "time" else "numeric"
        raise RetentionError("not_typed", ours=mapped.ours, theirs=mapped.theirs, given=given, needed=needed)
    return _Cell(mapped, place, given)


def _checked(
    engine: Database | Spark, table: str, rules: Contract, cells: Mapping[str, _Cell], types: Mapping[str, str]
) -> str:
    """Layers as of a file: what stands there, its spelling folded, what it means, why it cannot be used."""
    raw = ", ".join(f"{_raw(engine, cell, types[cell.mapped.theirs])} as {cell.raw}" for cell in cells.values())
    texts = {ours: cell for ours, cell in cells.items() if cell.type == "VARCHAR"}
    plain = "".join(f", {_plain(rules.column(ours), cell)} as {cell.plain}" for ours, cell in texts.items())
    meant = ", ".join(f"{value} as {quoted(ours)}" for ours, value in _meant(rules, cells).items())
    computed = {column.name for column in computed_columns(rules, cells)}
    good, tests = conditions(rules, cells, computed)
    why = " ".join(f"when {condition} then '{reason}'" for condition, reason in tests)
    judged = (
        f"select *, case when {good} then null {why} end as rk_verdict from"
        f" (select *, {meant} from (select *{plain} from"
        f" (select {raw} from {quoted_path(table)}) as given) as folded) as meant"
    )
    return f"select *, {_once(rules, cells)} as rk_reason from ({judged}) as judged"


def _raw(engine: Database | Spark, cell: _Cell, given: str) -> str:
    """What stands in a column: text as text, a time as a time; a floating number that is none is missing."""
    there = quoted(cell.mapped.theirs)
    if _FLOATING.fullmatch(given):
        there = f"nullif({there}, cast('NaN' as {given}))"
    if cell.type != "VARCHAR":
        return f"cast({there} as timestamp)" if _TIME.fullmatch(given) else there
    if _FLOATING.fullmatch(given):  # 17850.0 is 17850, as in a file
        whole = f"{there} = floor({there}) and {there} between -1e15 and 1e15"
        as_whole = f"cast(case when {whole} then cast({there} as bigint) end as {engine.text_type})"
        return f"coalesce({as_whole}, cast({there} as {engine.text_type}))"
    return f"cast({there} as {engine.text_type})"


def _plain(column: Column, cell: _Cell) -> str:
    """The text of a column with its spelling folded: a choice to its letters and digits, an id as in a file."""
    if column.kind == "choice":
        return f"translate(lower({cell.raw}), '{_FOLDED[0]}{_BETWEEN_LETTERS}', '{_FOLDED[1]}')"
    signs, latin = _SIGNS
    return f"trim(translate({cell.raw}, '{signs}{_LETTERS[0]}{_UNSEEN}', '{latin}{_LETTERS[1]}'))"


def _meant(rules: Contract, cells: Mapping[str, _Cell]) -> dict[str, str]:
    """The expressions of our columns, taken and computed."""
    meant = {ours: _value(rules.column(ours), cell) for ours, cell in cells.items()}
    for column in computed_columns(rules, cells):
        meant[column.name] = _money(" * ".join(f"({meant[name]})" for name in column.product_of))
    for column in (column for column in rules.columns if column.voids and column.name in cells):
        meant |= voided(rules, column, meant)
    return meant


def _value(column: Column, cell: _Cell) -> str:
    if column.kind == "time":  # PostgreSQL has an infinity, which is on no calendar
        return f"case when {cell.raw} between {_FIRST} and {_LAST} then {cell.raw} end"
    if column.kind in ("money", "number"):
        return _money(cell.raw)
    if column.kind == "choice":
        return _choice(column, cell)
    # 17850.0 went through a frame of numbers and is 17850.
    bare = f"translate({cell.plain}, '{_DIGITS}', '')"
    whole = f"substr({cell.plain}, 1, length({cell.plain}) - 2)"
    return f"nullif(case when {cell.plain} like '_%.0' and {bare} = '.' then {whole} else {cell.plain} end, '')"


def _money(number: str) -> str:
    """A number as an amount, or nothing where it would not fit."""
    return f"case when {number} between -{_MOST} and {_MOST} then cast({number} as {_MONEY}) end"


def _choice(column: Column, cell: _Cell) -> str:
    """The canonical word; all that is compared is constants of the contract."""
    whens = (
        f"when {cell.plain} in ({_constants(choice, *names)}) then '{choice}'"
        for choice, names in column.choices.items()
    )
    return f"case {' '.join(whens)} end"


def _constants(*names: str) -> str:
    return ", ".join(f"'{name}'" for name in dict.fromkeys(map(fold, names)))


def _once(rules: Contract, cells: Mapping[str, _Cell]) -> str:
    """Why a row cannot be used, where rows that share what may be given once only are told as well.

    A table has no first row; the used one is the least by its columns in the order of the contract.
    """
    if not rules.unique or not set(rules.unique) <= set(cells):
        return "rk_verdict"
    whole = " and ".join(f"{quoted(key)} is not null" for key in rules.unique)
    order = ", ".join(f"{quoted(ours)} nulls last" for ours in cells)
    place = f"row_number() over (partition by rk_verdict, {_list(rules.unique)} order by {order})"
    again = f"when rk_verdict is null and {whole} and {place} > 1 then 'duplicate_key'"
    return f"case {again} else rk_verdict end"


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


def _type(engine: Database | Spark, column: Column) -> str:
    return {"time": "timestamp", "money": _MONEY, "number": _MONEY}.get(column.kind, engine.text_type)


def _list(names: Iterable[str]) -> str:
    return ", ".join(map(quoted, names))
