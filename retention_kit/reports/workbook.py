"""report.xlsx: the numbers, every table and the lists to act on, in the reader's language and direction.

Text is written as text: what a founder's file holds never becomes a formula or a link.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from retention_kit.calendars import to_jalali
from retention_kit.language import digits, direction, has_text, is_missing, text
from retention_kit.reports.findings import Findings
from retention_kit.reports.summary import Number
from retention_kit.tables import Log, Result, is_share

# Names of sheets may be so long, and may not hold these.
_LONGEST_NAME = 31
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
# Widths of columns, in letters: room for the button of a filter, no column wider than one reads at a glance, and
# sentences, which are longer than any column, in lines of a comfortable length.
_BUTTON, _WIDEST, _SENTENCES = 4, 40, 60
_FOLLOW_UP = 30
_WRITTEN = {
    "share": "0.0%",
    "points": "+0.0%;-0.0%;0.0%",
    "number": "#,##0.00",
    "whole": "#,##0",
    "id": "0",
}
# A spreadsheet keeps so many digits of a number, and no zero before it; an id beyond that would not be the same.
_WHOLE_ID = re.compile("0|[1-9][0-9]{0,14}")
# The file says nothing of when it was made: the same input gives the same bytes.
_MADE = datetime(2000, 1, 1)

# The cells of a row: of each its kind (share, points, number, whole, id, text) and its value.
Row = Sequence[tuple[str, Any]]


class Workbook:
    """A workbook that is being written, sheet by sheet."""

    def __init__(self, path: Path, language: str) -> None:
        self.language = language
        self._book = xlsxwriter.Workbook(str(path))
        self._book.set_properties({"created": _MADE})
        self._formats = {
            "heading": self._book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"}),
            "text": self._book.add_format({"text_wrap": True, "valign": "top"}),
            **{
                kind: self._book.add_format({"num_format": written, "valign": "top"})
                for kind, written in _WRITTEN.items()
            },
        }
        self._names: set[str] = set()

    def close(self) -> None:
        """Write the file."""
        self._book.close()

    def table(self, name: str, headings: Sequence[str], rows: Sequence[Row], apart: str = "") -> Any:
        """Add a sheet whose rows can be filtered and sorted, and return it.

        `apart` is what tells the sheet from others of its name; a name that is too long is cut before it.
        """
        sheet = self._sheet(self._free_name(name, apart), headings, rows, _WIDEST)
        sheet.autofilter(0, 0, len(rows), len(headings) - 1)
        return sheet

    def prose(self, name: str, headings: Sequence[str], rows: Sequence[Row]) -> None:
        """Add a sheet that is read from top to bottom; a sentence goes on in the next line of its cell."""
        self._sheet(self._free_name(name, ""), headings, rows, _SENTENCES)

    def _sheet(self, name: str, headings: Sequence[str], rows: Sequence[Row], widest: int) -> Any:
        sheet = self._book.add_worksheet(name)
        if direction(self.language) == "rtl":
            sheet.right_to_left()
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        for column, heading in enumerate(headings):
            letters = [len(heading), *(_letters(*row[column]) for row in rows if column < len(row))]
            sheet.set_column(column, column, min(max(letters) + _BUTTON, widest))
            sheet.write_string(0, column, heading, self._formats["heading"])
        for place, row in enumerate(rows, 1):
            for column, (kind, value) in enumerate(row):
                self._write(sheet, place, column, kind, value)
        return sheet

    def _write(self, sheet: Any, row: int, column: int, kind: str, value: Any) -> None:
        if is_missing(value):
            return
        if kind == "text":
            sheet.write_string(row, column, str(value), self._formats[kind])
            return
        number = float(value)
        if kind == "number" and number.is_integer():  # with the format of the others "12." would be shown
            kind = "whole"
        sheet.write_number(row, column, number, self._formats[kind])

    def _free_name(self, wanted: str, apart: str) -> str:
        """The name as a sheet may have it, and no other sheet has."""
        plain = " ".join(wanted.translate(_FORBIDDEN).split())
        endings = (apart, *(f"{apart} {place}" for place in range(2, 100)))
        name = next(
            name
            for ending in endings
            if (name := plain[: _LONGEST_NAME - len(ending)].rstrip() + ending).casefold() not in self._names
        )
        self._names.add(name.casefold())
        return name


def _letters(kind: str, value: Any) -> int:
    """How many letters a cell shows, nearly."""
    if is_missing(value):
        return 0
    return len(str(value) if kind in ("text", "id") else f"{value:,.2f}")


def write_workbook(path: Path, found: Findings) -> None:
    """Write the workbook of a report; the ids in its lists of customers are the company's own."""
    book = Workbook(path, found.language)
    try:
        _add_summary(book, found)
        for contract, table in found.contacts.items():
            _add_contacts(book, found.logs[contract], table)
        for contract, result in found.results:
            _add_result(book, result, _apart(contract, result, found))
        _add_receipts(book, found)
    finally:
        book.close()


def _said(key: str, language: str, **values: Any) -> str:
    return text(f"report.{key}", language, **values)


def _add_summary(book: Workbook, found: Findings) -> None:
    columns = ("number", "log", "period", "value", "low", "high", "change", "change_low", "change_high", "since")
    language = book.language
    rows = [
        [
            ("text", _said(f"number.{number.name}", language)),
            ("text", text(f"contract.title.{number.contract}", language)),
            ("text", number.period.words(language)),
            ("share", number.value),
            ("share", number.low),
            ("share", number.high),
            *_change(number, language),
        ]
        for number in found.numbers
    ]
    lines = [[("text", sentence)] for sentence in (*found.sentences, *found.notes)]
    book.prose(
        _said("sheet.summary", language),
        [_said(f"column.{column}", language) for column in columns],
        [*rows, [], *lines],
    )


def _change(number: Number, language: str) -> list[tuple[str, Any]]:
    change = number.change
    if change is None:
        return []
    return [
        ("points", change.value),
        ("points", change.low),
        ("points", change.high),
        ("text", change.since.words(language)),
    ]


def _apart(contract: str, result: Result, found: Findings) -> str:
    """That a table is one of groups, and its log where several logs have such a table."""
    logs = {log for log, other in found.results if other.name == result.name}
    said = [_said("sheet.groups", found.language)] if result.grouped else []
    said += [text(f"contract.title.{contract}", found.language)] if len(logs) > 1 else []
    return "".join(f" - {part}" for part in said)


def _add_result(book: Workbook, result: Result, apart: str) -> None:
    language = book.language
    key = f"{result.name}.title"
    name = text(key, language) if has_text(key, language) else result.name
    rows = [
        [_cell(result, str(column), value, language) for column, value in zip(result.table, row, strict=True)]
        for row in result.table.itertuples(index=False)
    ]
    book.table(name, [_heading(result, str(column), language) for column in result.table], rows, apart)


def _heading(result: Result, column: str, language: str) -> str:
    key = f"{result.name}.columns.{column}"
    return text(key, language) if has_text(key, language) else column


def _cell(result: Result, column: str, value: Any, language: str) -> tuple[str, Any]:
    told = result.told(column, value, language)
    if told is not None:
        return "text", told
    if is_missing(value):
        return "text", None
    return ("share" if is_share(column) else "number"), value


_CONTACT_KINDS = {
    **dict.fromkeys(("silent_days", "days"), "whole"),
    **dict.fromkeys(("usual_gap", "spent", "per_month"), "number"),
}
_MONEY = ("spent", "per_month")
_DAY_OF = {"orders": "last_order", "subscriptions": "ends"}


def _add_contacts(book: Workbook, log: Log, table: pd.DataFrame) -> None:
    """A sheet a list, the columns that only count left out, with room for what came of it."""
    for why, rows in table.groupby("why", sort=True):
        shown = rows.drop(columns=["why", "of_all", "period"])
        columns = [str(column) for column in shown]
        headings = [_contact_heading(column, log.currency, book.language) for column in columns]
        if not is_missing(period := rows["period"].iloc[0]):  # beside the day by which the list is bounded
            place = columns.index(_DAY_OF[log.contract])
            headings[place] = _said(f"contact.{why}.bound", book.language, column=headings[place], period=period)
        cells = [
            [_contact_cell(column, value, book.language) for column, value in zip(columns, row, strict=True)]
            for row in shown.itertuples(index=False)
        ]
        follow_up = _said("contact.column.follow_up", book.language)
        name = _said(f"contact.{why}.{log.contract}", book.language)
        sheet = book.table(name, [*headings, follow_up], cells)
        sheet.set_column(len(columns), len(columns), _FOLLOW_UP)


def _contact_heading(column: str, currency: str | None, language: str) -> str:
    heading = _said(f"contact.column.{column}", language)
    if column not in _MONEY or currency is None:
        return heading
    named = text(f"currency.{currency}", language)
    return _said("contact.in_currency", language, column=heading, currency=named)


def _contact_cell(column: str, value: Any, language: str) -> tuple[str, Any]:
    if isinstance(value, datetime) and not is_missing(value):
        return "text", _sortable(value.date(), language)
    # Other sheets of the company hold whole numbers as numbers, and find no text among them.
    if column == "customer" and _WHOLE_ID.fullmatch(str(value)):
        return "id", int(value)
    return _CONTACT_KINDS.get(column, "text"), value


def _sortable(day: date, language: str) -> str:
    """A day whose order as text is its order in time, by the calendar of the language.

    >>> _sortable(date(2024, 3, 21), "en"), _sortable(date(2024, 3, 21), "fa")
    ('2024-03-21', '۱۴۰۳/۰۱/۰۲')
    """
    if language != "fa":
        return day.isoformat()
    year, month, of_month = (int(part) for part in to_jalali(day))
    return digits(f"{year}/{month:02}/{of_month:02}", language)


def _add_receipts(book: Workbook, found: Findings) -> None:
    language = book.language
    lines = [
        [("text", line)]
        for log in found.logs.values()
        for line in (found.source(log), *log.receipt.mapping_words(language).splitlines(),
                     *log.receipt.words(language).splitlines(), "")
    ]  # fmt: skip
    book.prose(_said("sheet.receipt", language), [_said("sheet.receipt", language)], lines)
