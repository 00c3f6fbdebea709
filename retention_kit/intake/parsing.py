"""What is written in a column as SQL, and why a row cannot be used.

The query is built of names that the engine or a contract gave; what stands in a file never enters it. It runs once
over the source: typed columns, a reason, and for refused rows what was written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from retention_kit.engine import quoted
from retention_kit.intake.formats import CURRENCIES, CURRENCY_SIGNS
from retention_kit.tables import Column, Contract, Mapped, fold

TIMES = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE", "DATE")
_FRACTIONS = ("FLOAT", "DOUBLE")
# Seconds in a unit of the number formats.
_UNIX = {"unix_seconds": 1, "unix_milliseconds": 1_000, "unix_microseconds": 1_000_000}
_MONEY = "decimal(18, 4)"


@dataclass(frozen=True)
class Written:
    """A column of the file that was taken: its place in the query, its type, and how its values are written."""

    mapped: Mapped
    place: int
    type: str
    format: str = ""
    currency: str = ""
    jalali: bool = False

    @property
    def raw(self) -> str:
        """What stands in the file."""
        return f"r{self.place}"

    @property
    def plain(self) -> str:
        """What a plain cast makes of it."""
        return f"p{self.place}"

    @property
    def text(self) -> str:
        """What stands in the file, as text, nothing where it is blank."""
        if self.type == "VARCHAR":
            return f"nullif(trim({self.raw}), '')"
        if self.type in _FRACTIONS:  # 17850.0 went through a spreadsheet or a frame and is 17850
            whole = f"case when {self.raw} = trunc({self.raw}) then try_cast({self.raw} as bigint) end"
            return f"coalesce(({whole})::varchar, nullif({self.raw}::varchar, 'nan'))"
        return f"{self.raw}::varchar"


@cache
def macros() -> str:
    """How values become dates and numbers."""
    return _currency_macros() + (resources.files("retention_kit.intake") / "macros.sql").read_text("utf-8")


def _currency_macros() -> str:
    """The name of the money written beside a number, if there is one; and the number without it."""
    named = " ".join(
        f"when regexp_matches(given, '{signs}', 'i') then '{name}'" for name, signs in CURRENCY_SIGNS.items()
    )
    any_of_them = "|".join(CURRENCY_SIGNS.values())
    return (
        f"create macro rk_unit(given) as case {named} end;\n"
        "create macro rk_without_unit(given) as"
        f" trim(regexp_replace(given, '{any_of_them}', '', 'gi'));\n"
    )


def parsed(column: Column, written: Written) -> str:
    """The expression of one column of the contract."""
    return {"text": _text, "time": _time, "money": _money, "number": _number, "choice": _choice}[column.kind](
        column, written
    )


def _text(column: Column, written: Written) -> str:  # noqa: ARG001 the kinds have one shape
    return f"rk_id({written.raw})" if written.type == "VARCHAR" else written.text


def _time(column: Column, written: Written) -> str:  # noqa: ARG001 the same
    if written.type in TIMES:
        return f"{written.raw}::timestamp"
    if written.format in _UNIX:
        micros = f"try_cast(rk_latin({written.text}) as double) * {1_000_000 // _UNIX[written.format]}"
        return f"make_timestamptz(try_cast({_within(micros, 1e17)} as bigint))::timestamp"
    if written.format == "excel_serial":
        days = f"try_cast(rk_latin({written.text}) as double)"
        return f"timestamp '1899-12-30' + to_seconds(try_cast(round({_within(days, 1e6)} * 86400) as bigint))"
    return f"rk_any_time({written.plain}, {_as_text(written)}, '{written.format}')"


def _as_text(written: Written) -> str:
    return written.raw if written.type == "VARCHAR" else written.text


def plain(column: Column, written: Written) -> str | None:
    """The plain cast of a column that is written as text; what it leaves over is looked at closely."""
    if column.kind == "time" and written.type not in TIMES and written.format not in (*_UNIX, "excel_serial"):
        return f"rk_plain_time({_as_text(written)})"
    if column.kind in ("money", "number") and written.type == "VARCHAR":
        return f"rk_plain_number({written.raw}, '{written.format}')"
    return None


def _within(number: str, most: float) -> str:
    """The number, or nothing where a time made of it would be beyond all calendars."""
    return f"(case when abs({number}) < {most:.0f} then {number} end)"


def _money(column: Column, written: Written) -> str:  # noqa: ARG001 the same
    if written.type != "VARCHAR":
        return f"try_cast({written.raw} as {_MONEY})"
    return f"rk_money({written.plain}, {written.raw}, '{written.format}', '{written.currency}')"


def _number(column: Column, written: Written) -> str:  # noqa: ARG001 the same
    if written.type != "VARCHAR":
        return f"try_cast({written.raw} as {_MONEY})"
    return f"coalesce({written.plain}, rk_number({written.raw}, '{written.format}'))"


def _choice(column: Column, written: Written) -> str:
    """The canonical word; what is known is constants of the contract, what is written is folded and looked up."""
    known = {fold(name): choice for choice, names in column.choices.items() for name in (choice, *names)}
    pairs = ", ".join(f"'{name}': '{choice}'" for name, choice in known.items())
    return f"map {{{pairs}}}[rk_folded({written.text})]"


def verdict(rules: Contract, columns: Mapping[str, Written], computed: set[str]) -> str:
    """What became of a row, in one byte: a reason, and in `UNIT_STEP`s above it the unit written in its money.

    The reason is the place in `REASONS`, from 1, of the first that holds, and 0 for a good row; the unit is the
    place in `CURRENCIES`, from 1, and 0 where none is written. What a good row has is asked first and cheaply;
    only the others are asked why.
    """
    good, tests = conditions(rules, columns, computed)
    why = " ".join(f"when {condition} then {REASONS.index(reason) + 1}" for condition, reason in tests)
    closely = f"case when {good} then 0 {why} end"
    moneys = [
        written
        for name, written in columns.items()
        if rules.column(name).kind == "money" and written.type == "VARCHAR"
    ]
    if not moneys:
        return f"({closely})::utinyint"
    plain = " and ".join(f"{written.plain} is not null" for written in moneys)
    return f"(case when {plain} and {good} then 0 else {closely} + {UNIT_STEP} * {_unit(moneys)} end)::utinyint"


def conditions(
    rules: Contract, columns: Mapping[str, Written], computed: set[str]
) -> tuple[str, list[tuple[str, str]]]:
    """What holds of a good row; and what makes a row unusable, with its reason, the first that counts first."""
    present = [column for column in rules.columns if column.name in columns or column.name in computed]
    good = " and ".join(condition for column in present for condition in _good(column, columns.get(column.name)))
    tests = [test for column in present for test in _tests(column, columns.get(column.name))]
    return good, sorted(tests, key=lambda test: REASONS.index(test[1]))


def _unit(moneys: Sequence[Written]) -> str:
    """The place in `CURRENCIES` of the unit that is written in one of these columns; 0 for none."""
    known = ", ".join(f"'{currency}'" for currency in CURRENCIES)
    units = ", ".join(f"case when {written.plain} is null then rk_unit({written.raw}) end" for written in moneys)
    return f"coalesce(list_position([{known}], coalesce({units})), 0)"


UNIT_STEP = 16  # more than there are reasons
REASONS = (
    "missing_id",
    "missing_value",
    "missing_date",
    "bad_date",
    "before_1990",
    "future_date",
    "missing_number",
    "other_currency",
    "bad_number",
    "negative",
    "end_before_start",
    "unknown_status",
    "not_counted",
    "duplicate_key",
    "wrong_fields",
)


def _good(column: Column, written: Written | None) -> list[str]:
    """What holds of the column in a good row."""
    name = quoted(column.name)
    there = f"{name} is not null"
    found = [there if column.required or written is None else f"({there} or {written.text} is null)"]
    if column.kind == "time" and column.required:
        found.append(f"{name} >= timestamp '1990-01-01' and {name} < current_date + 2")
    if column.after:
        found.append(f"coalesce({name} >= {quoted(column.after)}, true)")
    if column.least is not None:
        found.append(f"coalesce({name} >= {column.least}, true)")
    if column.refused:
        found.append(f"coalesce({name} not in ({_constants(column.refused)}), true)")
    return found


def _tests(column: Column, written: Written | None) -> list[tuple[str, str]]:
    """The conditions under which the column makes a row unusable, with their reasons."""
    name = quoted(column.name)
    absent = _ABSENT.get(column.kind, "missing_value") if column.name != "customer" else "missing_id"
    wrong = {"time": "bad_date", "choice": "unknown_status", "text": absent}.get(column.kind, "bad_number")
    tests = [(f"{name} is null", wrong)] if written is None else []
    if written is not None:
        tests.append((f"{name} is null and {written.text} is not null", wrong))
        if column.required:
            tests.append((f"{written.text} is null", absent))
        if column.kind == "money" and written.type == "VARCHAR":
            tests.append((f"{name} is null and rk_unit({written.raw}) <> '{written.currency}'", "other_currency"))
    if column.kind == "time" and column.required:
        tests.append((f"{name} < timestamp '1990-01-01'", "before_1990"))
        tests.append((f"{name} >= current_date + 2", "future_date"))
    if column.after:
        tests.append((f"{name} < {quoted(column.after)}", "end_before_start"))
    if column.least is not None:
        tests.append((f"{name} < {column.least}", "negative"))
    if column.refused:
        tests.append((f"{name} in ({_constants(column.refused)})", "not_counted"))
    if column.required and column.kind == "text":
        tests.append((f"{name} is null", absent))
    return tests


_ABSENT = {"time": "missing_date", "money": "missing_number", "number": "missing_number"}


def _constants(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)
