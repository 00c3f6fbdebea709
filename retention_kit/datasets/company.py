"""A simulated company: its tables, one a contract, and the truth they were made from; and how columns are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from retention_kit.datasets.seasons import Span
from retention_kit.datasets.truths import Truth
from retention_kit.errors import check_choice
from retention_kit.intake import read
from retention_kit.language import LANGUAGES, text, words
from retention_kit.tables import Log

if TYPE_CHECKING:
    from retention_kit.datasets.chance import Chance, Flags, Whole
    from retention_kit.datasets.seasons import Moments

    # A column of texts: each text is kept once.
    Texts = pd.Categorical[str]

CURRENCY = "toman"
# Columns of names are there in both languages: `plan` in English, `plan_fa` in Persian.
PERSIAN = "_fa"


@dataclass(frozen=True)
class Company:
    """Tables by contract, the truth they were made from, and the last day that was watched."""

    name: str
    tables: Mapping[str, pd.DataFrame]
    truth: Truth
    last_day: date

    def log(self, contract: str, *, language: str = "en") -> Log:
        """One table as a log, read like any founder's; names of plans, channels, reasons in this language."""
        check_choice("contract", contract, tuple(self.tables))
        table = self.tables[contract]
        return read(table, contract, **how_to_read([str(column) for column in table], self.last_day, language))


def how_to_read(columns: Sequence[str], last_day: date, language: str) -> dict[str, Any]:
    """How the table of a company is read: which of two names is taken, its money, its last day."""
    check_choice("language", language, LANGUAGES)
    named = [column.removesuffix(PERSIAN) for column in columns if column.endswith(PERSIAN)]
    taken = {name: name + PERSIAN for name in named} if language == "fa" else {}
    return {"columns": taken, "calendar": "jalali", "currency": CURRENCY, "observed_until": last_day}


def choices(keys: Sequence[str], codes: Any) -> Texts:
    """A column of texts by their places among the keys; below 0 is nothing."""
    return pd.Categorical.from_codes(np.asarray(codes, "int64"), categories=pd.Index(keys))


def named(column: str, group: str, keys: Sequence[str], codes: Any) -> dict[str, Texts]:
    """A column of names in both languages, from the texts `datasets.<group>.<key>`."""
    both = {language: [text(f"datasets.{group}.{key}", language) for key in keys] for language in ("en", "fa")}
    return {column: choices(both["en"], codes), column + PERSIAN: choices(both["fa"], codes)}


def said(column: str, group: str, codes: Any) -> dict[str, Texts]:
    """A column of sentences in both languages, from the list `datasets.<group>`."""
    both = {language: words(f"datasets.{group}", language) for language in ("en", "fa")}
    return {column: choices(both["en"], codes), column + PERSIAN: choices(both["fa"], codes)}


@dataclass(frozen=True)
class People:
    """The customers in the order in which they came: their codes, when they began, and who is keen."""

    codes: Sequence[str]
    month: Whole
    day: Whole
    second: Whole
    keen: Flags

    def __len__(self) -> int:
        return len(self.codes)

    def code(self, which: Any) -> Texts:
        """The column of these customers' codes."""
        return choices(self.codes, which)


def newcomers(chance: Chance, span: Span, weights: Whole, count: int, *, code: str, keen_share: float) -> People:
    """Customers who begin on days as likely as their weights, a few more in each month than in the one before.

    `code` is the text of a customer's code with a place for a number, such as "GB-{}".
    """
    months = span.month_of(span.days)
    growth = 100 + 300 * months // span.months
    day = np.sort(chance.picks(weights * growth, count))
    month = months[day]
    return People(
        codes=numbered(code, count, 100_001),
        month=month,
        day=(span.days[day] - span.starts[month]).astype("int64") + 1,
        second=chance.whole(8 * 3600, 22 * 3600, count),
        keen=chance.happens(keen_share, count),
    )


def cities(chance: Chance, count: int) -> dict[str, Texts]:
    """Where customers live, in both languages."""
    return said("city", "cities", chance.picks(_CITIES, count))


# Of a hundred customers, in the order of the texts `datasets.cities`.
_CITIES = (34, 12, 11, 10, 9, 7, 6, 5, 4, 2)


def came_by(chance: Chance, keen: Flags, channels: Mapping[str, tuple[int, int, int]]) -> Whole:
    """The place of the channel by which each came: a channel has weights for keen customers and for others."""
    by_keen, by_others = (chance.picks([row[place] for row in channels.values()], len(keen)) for place in (0, 1))
    return np.where(keen, by_keen, by_others)


def table(span: Span, columns: Mapping[str, Any]) -> pd.DataFrame:
    """Rows in the order of their times, up to the end of the last day: what comes later nobody has seen."""
    time = np.asarray(columns["time"]).astype("datetime64[s]")
    seen = np.flatnonzero((time < span.starts[-1]) & (time >= span.starts[0]))
    order = seen[np.argsort(time[seen], kind="stable")]
    return pd.DataFrame({name: column[order] for name, column in columns.items()})


def joined(*parts: Mapping[str, Any]) -> dict[str, Any]:
    """Rows one below the other; all parts have the same columns."""
    return {name: _below([part[name] for part in parts]) for name in parts[0]}


def _below(columns: Sequence[Any]) -> Any:
    if isinstance(columns[0], pd.Categorical):
        return choices(list(columns[0].categories), np.concatenate([column.codes for column in columns]))
    return np.concatenate(columns)


def optional(moments: Moments, there: Flags) -> Moments:
    """Moments where they are there, nothing elsewhere."""
    return np.where(there, moments, np.datetime64("NaT", "s"))


def numbered(code: str, count: int, first: int) -> list[str]:
    """Codes with running numbers, such as the numbers of invoices."""
    return [code.format(number) for number in range(first, first + count)]
