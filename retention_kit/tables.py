"""The records that travel through the kit, and the contracts of the logs.

A `Contract` says what a log must hold; a `Log` is a checked table in an engine with its `Receipt`; a `Result` is
the small table a metric makes of it, with the `Note`s that must be said beside the number. All are frozen; only
the cells of a result's table are not, for pandas lets anybody write into them.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, partial
from html import escape
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, Protocol

from retention_kit.calendars import Period, label
from retention_kit.errors import check_choice, check_kind
from retention_kit.language import digits, has_text, in_sight, is_missing, number, percent, say, text

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["text", "time", "money", "number", "choice"]

# The type under which a notebook shows a result to machines: a run gathers them, a reader never sees them.
RESULT_MIME = "application/vnd.retention-kit.result+json"
# A share of fewer customers than this is shown, and flagged.
FEW_CUSTOMERS = 30
# The name of all groups that are too small to be named. No file holds it: there, an empty name is unknown.
UNNAMED = ""
# The columns of a result that hold days: the first of a period.
_DAYS = ("period", "cohort")
# So many rows of a result are shown where it is the last thing in a cell of a notebook.
_MOST_ROWS = 13
# How the columns of a result end that hold shares.
_SHARES = ("rate", "share", "survival", "_churn", "_retention", "breakage", "break_even", "low", "high")


@dataclass(frozen=True)
class Column:
    """One column of a contract: what it holds, the names it goes by in people's files, and its rules."""

    name: str
    kind: Kind
    says: Mapping[str, str]
    names: tuple[str, ...]
    required: bool = False
    least: float | None = None
    after: str = ""
    product_of: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    voids: tuple[str, ...] = ()

    def known_words(self, language: str) -> tuple[str, ...]:
        """One word for each choice, as people of this language write it in their files.

        >>> contract("touchpoints").column("direction").known_words("en")
        ('inbound', 'outbound')
        """
        latin = language == "en"
        return tuple(next(name for name in names if name.isascii() == latin) for names in self.choices.values())


@dataclass(frozen=True)
class Contract:
    """What one kind of log holds: its columns, and which of them together are given once only.

    `unlike` is a contract that a file fits as well where all its columns go by names of both.
    """

    name: str
    says: Mapping[str, str]
    columns: tuple[Column, ...]
    unique: tuple[str, ...] = ()
    unlike: str = ""

    def column(self, name: str) -> Column:
        """The column of this name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def time(self) -> str | None:
        """The column that says when a row happened; None where a row is somebody, and did not happen.

        >>> contract("orders").time, contract("customers").time
        ('time', None)
        """
        return next((column.name for column in self.columns if column.kind == "time" and column.required), None)


@cache
def contract(name: str) -> Contract:
    """A contract by its name, as `contracts/<name>.toml` writes it down.

    >>> [column.name for column in contract("orders").columns if column.required]
    ['customer', 'time', 'amount']
    """
    check_choice("contract", name, contract_names())
    written = tomllib.loads((_contracts() / f"{name}.toml").read_text("utf-8"))
    columns = tuple(Column(**{key: _frozen(value) for key, value in row.items()}) for row in written["columns"])
    return Contract(name, written["says"], columns, tuple(written["unique"]), written.get("unlike", ""))


def contract_names() -> tuple[str, ...]:
    """All contracts there are."""
    return tuple(sorted(file.name.removesuffix(".toml") for file in _contracts().iterdir()))


def _contracts() -> Traversable:
    return resources.files("retention_kit") / "contracts"


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _frozen(part) for key, part in value.items()}
    return tuple(value) if isinstance(value, list) else value


def fold(name: str) -> str:
    """A column name with its spelling folded: letters, half-space, case, underscores and marks are one.

    >>> fold("Customer_ID") == fold("customer id") == fold("CustomerID")
    True
    >>> fold("شناسه‌ي مشتري") == fold("شناسهٔ مشتری")
    True
    """
    plain = unicodedata.normalize("NFKC", name).casefold().translate(_FOLDED)
    return "".join(letter for letter in plain if letter.isalnum()).replace("شناسهیم", "شناسهم")


_FOLDED = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "أ": "ا", "إ": "ا", "آ": "ا"})


@dataclass(frozen=True)
class Note:
    """A fact that must be said with a number: its code and the values its sentence needs."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", MappingProxyType(dict(self.facts)))

    def __hash__(self) -> int:
        return hash(self.code)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.code, dict(self.facts))

    def words(self, language: str) -> str:
        """The sentence."""
        return text(f"note.{self.code}", language, **self.facts)

    def as_dict(self) -> dict[str, Any]:
        """The note as plain JSON values."""
        return {"code": self.code, **{name: _plain(value) for name, value in self.facts.items()}}


@dataclass(frozen=True)
class Mapped:
    """One of our columns, the file's column it was taken from, and why."""

    ours: str
    theirs: str
    why: str


@dataclass(frozen=True)
class Refusal:
    """Rows that could not be used for one reason: how many, the first lines, and what stood there.

    Of words that are not known, `columns` are those they stand in: the file's name for each, and ours.
    """

    reason: str
    count: int
    lines: tuple[int, ...] = ()
    examples: tuple[str, ...] = ()
    columns: tuple[tuple[str, Column], ...] = ()

    def words(self, language: str) -> str:
        """The reason, the first lines, what was written there, and what could be."""
        said = text(f"receipt.reasons.{self.reason}", language)
        if self.lines:
            lines = tuple(digits(str(line), language) for line in self.lines)
            which = "lines" if self.count == len(lines) else "first_lines"
            said += text(f"receipt.{which}", language, lines=lines, count=len(lines))
        if self.examples:
            said += text("receipt.examples", language, examples=" | ".join(self.examples))
        for theirs, ours in self.columns:
            said += text("receipt.known_words", language, column=theirs, words=ours.known_words(language))
        return said


def _nothing_to_say() -> tuple[Note, ...]:
    return ()


@dataclass(frozen=True)
class Receipt:
    """What became of every row that was read: `read = used + refused`, and why rows were refused.

    `currency` is the unit its money is counted in, empty where none is known, None where it has no money. `notes`
    are facts that are no fault and must be said (duplicates, two currencies, …). They are looked up in the engine
    when they are first asked for, because on millions of rows that takes as long as the reading did.
    """

    source: str
    contract: str
    mapping: tuple[Mapped, ...]
    read: int
    refusals: tuple[Refusal, ...] = ()
    profile: str = ""
    currency: str | None = None
    look: Callable[[], tuple[Note, ...]] = field(default=_nothing_to_say, repr=False, compare=False)

    @property
    def refused(self) -> int:
        """Rows not used."""
        return sum(refusal.count for refusal in self.refusals)

    @property
    def used(self) -> int:
        """Rows in the log; a note says how many of them no number counts, for they lie after `observed_until`."""
        return self.read - self.refused

    @property
    def columns(self) -> dict[str, str]:
        """Our column names to the file's."""
        return {mapped.ours: mapped.theirs for mapped in self.mapping}

    @property
    def notes(self) -> tuple[Note, ...]:
        """Facts that are no fault and must be said."""
        found = self.look()
        # What was found takes the place of the look, which would keep the engine alive as long as the receipt.
        object.__setattr__(self, "look", partial(tuple, found))
        return found

    def __getstate__(self) -> dict[str, Any]:
        """All that is known: nobody looks into the engine from where a receipt is sent to."""
        return {**vars(self), "look": partial(tuple, self.notes)}

    def words(self, language: str) -> str:
        """The receipt in a few lines."""
        lines = [text("receipt.rows", language, read=self.read, used=self.used, refused=self.refused)]
        lines += [
            text("receipt.reason", language, count=one.count, share=one.count / self.read, reason=one)
            for one in self.refusals
        ]
        if self.currency is not None:
            lines.append(_money_words(self.currency, language))
        return "\n".join(lines + [note.words(language) for note in self.notes])

    def mapping_words(self, language: str) -> str:
        """Which column was taken for which of ours, and why: a line each."""
        return "\n".join(
            text(
                "receipt.mapped",
                language,
                ours=mapped.ours,
                theirs=mapped.theirs,
                why=text(f"receipt.why.{mapped.why}", language),
            )
            for mapped in self.mapping
        )

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain JSON values."""
        return {
            "source": self.source,
            "contract": self.contract,
            "profile": self.profile or None,
            "currency": self.currency or None,
            "columns": [
                {"ours": mapped.ours, "theirs": mapped.theirs, "why": mapped.why} for mapped in self.mapping
            ],
            "read": self.read,
            "used": self.used,
            "refused": [
                {
                    "reason": refusal.reason,
                    "count": refusal.count,
                    "share": refusal.count / self.read,
                    "lines": list(refusal.lines),
                    "examples": list(refusal.examples),
                }
                for refusal in self.refusals
            ],
            "notes": [note.as_dict() for note in self.notes],
        }

    def _repr_html_(self) -> str:
        """The receipt in a notebook, in English; lessons show it in the reader's language."""
        return f"<pre>{escape(self.words('en'))}</pre>"


def _money_words(currency: str, language: str) -> str:
    if not currency:
        return text("receipt.money_unknown", language)
    return text("receipt.money", language, currency=text(f"currency.{currency}", language))


class Engine(Protocol):
    """Where the tables lie and the queries run."""

    name: str

    def query(self, sql: str, **tables: str) -> pd.DataFrame:
        """Run one query whose table names are bound to tables of this engine."""
        ...

    def columns(self, table: str) -> tuple[str, ...]:
        """The names of a table's columns."""
        ...

    def keep(self, sql: str, **tables: str) -> str:
        """Keep what one query finds as a table of this engine; returns its name."""
        ...

    def store(self, columns: Mapping[str, Any]) -> str:
        """Put a small table into the engine; returns its name."""
        ...

    def drop(self, table: str) -> None:
        """Forget a table that `store` or `keep` made."""
        ...


@dataclass(frozen=True, eq=False)
class Log:
    """A checked log: rows of one contract in a table of an engine, times in the log's own zone.

    Like the table it stands for, a log is equal to itself only.
    """

    contract: str
    engine: Engine
    table: str
    zone: str
    calendar: str
    first_day: date
    last_day: date
    observed_until: date
    receipt: Receipt
    currency: str | None = None
    refused_table: str | None = None

    def __repr__(self) -> str:
        """What it holds, in English; the receipt says why rows were refused."""
        lines = [text(f"contract.title.{self.contract}", "en")]
        rows = {"read": self.receipt.read, "used": self.receipt.used, "refused": self.receipt.refused}
        lines.append(text("receipt.rows", "en", **rows))
        if contract(self.contract).time is not None:
            ends = {"first": self.first_day, "last": self.last_day, "until": self.observed_until}
            days = {name: Period(day, "day", self.calendar) for name, day in ends.items()}
            lines.append(text("receipt.days", "en", **days))
        if self.receipt.currency is not None:
            lines.append(_money_words(self.receipt.currency, "en"))
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """The log in a notebook, in English; lessons show its receipt in the reader's language."""
        return f"<pre>{escape(repr(self))}</pre>"


def check_log(log: Any) -> None:
    """Refuse what is no log."""
    check_kind("log", log, Log, 'rk.read("orders.csv", "orders")')


def check_contract(log: Any, allowed: tuple[str, ...]) -> None:
    """Refuse what is no log, or the log of another contract than these."""
    check_log(log)
    check_choice("contract", log.contract, allowed)


@dataclass(frozen=True, eq=False)
class Result:
    """What a metric found: a small table, the numbers of its sentence, and what must be said with them.

    Where the rows of the table are averaged, `summary` holds the averages. A result is equal to itself only; what
    two of them say is compared by `as_dict()`.
    """

    name: str
    table: pd.DataFrame
    every: str
    calendar: str
    headline: Mapping[str, Any]
    notes: tuple[Note, ...] = ()
    summary: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "headline", MappingProxyType(dict(self.headline)))

    def __reduce__(self) -> tuple[Any, ...]:
        headline = dict(self.headline)
        return type(self), (
            self.name, self.table, self.every, self.calendar, headline, self.notes, self.summary
        )  # fmt: skip

    def __repr__(self) -> str:
        """What was found, in English."""
        title, sentence, *rest = self._lines()
        return "\n".join([title, sentence, self._shown().to_string(index=False), *rest])

    def _repr_html_(self) -> str:
        """The result in a notebook, in English; lessons show it in the reader's language."""
        title, sentence, *rest = (f"<p>{escape(line)}</p>" for line in self._lines())
        return title + sentence + self._shown().to_html(index=False, border=0) + "".join(rest)

    def _lines(self) -> list[str]:
        """Its title, its sentence, how much of the table is shown, and what must be said with it."""
        shown, there = len(self._shown()), len(self._told_table())
        part = [text("result.part", "en", count=shown, total=there)] if shown < there else []
        notes = [note.words("en") for note in self.notes]
        return [text(f"{self.name}.title", "en"), say(self, "en"), *part, *notes]

    def _told_table(self) -> pd.DataFrame:
        """The averages where there are any: one row of a triangle says little."""
        return self.table if self.summary is None else self.summary

    def _shown(self) -> pd.DataFrame:
        """The newest periods, or the first rows of what has none, as a reader sees them."""
        import pandas as pd

        table = self._told_table()
        rows = table.tail(_MOST_ROWS) if "period" in table else table.head(_MOST_ROWS)
        return pd.DataFrame(
            {
                text(f"{self.name}.columns.{name}", "en"): [self.cell(name, value, "en") for value in rows[name]]
                for name in map(str, rows)
            }
        )

    @property
    def grouped(self) -> bool:
        """Whether the rows are of groups of customers, and so the parts of a whole."""
        return "group" in self.table

    def told(self, column: str, value: Any, language: str) -> str | None:
        """A cell that is no number, in a reader's words: a period, a group or a choice; None for a number."""
        if column in _DAYS and not is_missing(value):
            return label(value, self.every, self.calendar, language)
        if column == "group":
            return group_name(value, language)
        if not isinstance(value, str):
            return None
        key = f"{self.name}.{column}.{value}"
        return text(key, language) if has_text(key, language) else value

    def cell(self, column: str, value: Any, language: str) -> str:
        """A cell as a reader sees it: in words, as percent, or as a number."""
        told = self.told(column, value, language)
        if told is not None:
            return told
        if is_share(column):
            return percent(value, language)
        return number(value, language, 1 if column.endswith("ratio") else 0)

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain JSON values; missing numbers are null, days are ISO."""
        written = {
            "name": self.name,
            "every": self.every,
            "calendar": self.calendar,
            "headline": {name: _plain(value) for name, value in self.headline.items()},
            "notes": [note.as_dict() for note in self.notes],
            "table": _columns(self.table),
        }
        return written if self.summary is None else {**written, "summary": _columns(self.summary)}

    @classmethod
    def from_dict(cls, written: Mapping[str, Any]) -> Result:
        """The result that `as_dict` has written down; it says the same sentences and draws the same figure."""
        return cls(
            name=written["name"],
            table=_table(written["table"]),
            every=written["every"],
            calendar=written["calendar"],
            headline=_meant(written["headline"]),
            notes=tuple(_noted(**note) for note in written["notes"]),
            summary=_table(written["summary"]) if "summary" in written else None,
        )


def _table(written: Mapping[str, list[Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({name: _column(name, part) for name, part in written.items()})


def _column(name: str, written: list[Any]) -> pd.Series[Any]:
    """A column with its type, which JSON does not tell: numbers stay numbers where some are missing, or all."""
    import pandas as pd

    if name in _DAYS:
        days = [None if day is None else date.fromisoformat(day) for day in written]
        return pd.Series(days, dtype="object")
    there = [value for value in written if value is not None]
    if not there:
        return pd.Series(written, dtype="object" if name == "group" else "float64")
    if len(there) < len(written) and all(isinstance(value, int) for value in there):
        return pd.Series(written, dtype="Int64")
    return pd.Series(written)


def _noted(code: str, **facts: Any) -> Note:
    return Note(code, _meant(facts))


def _meant(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values as facts again: a period is written as its first day, its length and its calendar."""
    return {name: _period(**value) if isinstance(value, dict) else value for name, value in facts.items()}


def _period(start: str, every: str, calendar: str) -> Period:
    return Period(date.fromisoformat(start), every, calendar)


def group_name(group: Any, language: str) -> str:
    """The name of a group of customers for a reader."""
    if is_missing(group):
        return text("segments.unknown", language)
    return text("segments.unnamed", language) if group == UNNAMED else in_sight(str(group))


def is_share(column: str) -> bool:
    """Whether a column of a result holds shares, shown as percent; its name says so.

    >>> is_share("retention_rate"), is_share("gross_low"), is_share("quick_ratio")
    (True, True, False)
    """
    return column.endswith(_SHARES)


def _columns(table: pd.DataFrame) -> dict[str, list[Any]]:
    return {str(name): [_plain(value) for value in table[name].tolist()] for name in table}


def _plain(value: Any) -> Any:
    if is_missing(value):
        return None
    if isinstance(value, Period):
        return {"start": value.start.isoformat(), "every": value.every, "calendar": value.calendar}
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value
