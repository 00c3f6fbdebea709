"""report.xlsx: the numbers, every table and the lists to act on, in the reader's language and direction.

Text is written as text: what a founder's file holds never becomes a formula or a link.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from retention_kit.calendars import Period
from retention_kit.language import direction, has_text, is_missing, text
from retention_kit.reports.findings import Findings
from retention_kit.reports.summary import Number
from retention_kit.tables import Log, Result, is_share

# Names of sheets may be so long, and may not hold these.
_LONGEST_NAME = 31
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_WIDTH = 18
# The file says nothing of when it was made: the same input gives the same bytes.
_MADE = datetime(2000, 1, 1)


class Workbook:
    """A workbook that is being written, sheet by sheet."""

    def __init__(self, path: Path, language: str) -> None:
        self.language = language
        self._book = xlsxwriter.Workbook(str(path))
        self._book.set_properties({"created": _MADE})
        self._formats = {
            "heading": self._book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"}),
            "share": self._book.add_format({"num_format": "0.0%"}),
            "points": self._book.add_format({"num_format": "+0.0%;-0.0%;0.0%"}),
            "number": self._book.add_format({"num_format": "#,##0.##"}),
            "whole": self._book.add_format({"num_format": "#,##0"}),
            "text": self._book.add_format({"valign": "top"}),
        }
        self._names: set[str] = set()

    def close(self) -> None:
        """Write the file."""
        self._book.close()

    def sheet(
        self, name: str, headings: Sequence[str], rows: Sequence[Sequence[tuple[str, Any]]], apart: str = ""
    ) -> None:
        """Add a sheet; each cell of a row is its kind (share, points, number, whole, text) and its value.

        `apart` is what tells the sheet from others of its name; a name that is too long is cut before it.
        """
        sheet = self._book.add_worksheet(self._free_name(name, apart))
        if direction(self.language) == "rtl":
            sheet.right_to_left()
        sheet.set_column(0, max(len(headings) - 1, 0), _WIDTH)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, self._formats["heading"])
        sheet.freeze_panes(1, 0)
        for place, row in enumerate(rows, 1):
            for column, (kind, value) in enumerate(row):
                self._write(sheet, place, column, kind, value)

    def _write(self, sheet: Any, row: int, column: int, kind: str, value: Any) -> None:
        if is_missing(value):
            return
        if kind == "text":
            sheet.write_string(row, column, str(value), self._formats[kind])
        else:
            sheet.write_number(row, column, float(value), self._formats[kind])

    def _free_name(self, wanted: str, apart: str) -> str:
        """The name as a sheet may have it, and no other sheet has."""
        plain = wanted.translate(_FORBIDDEN).strip()
        endings = (apart, *(f"{apart} {place}" for place in range(2, 100)))
        name = next(
            name
            for ending in endings
            if (name := plain[: _LONGEST_NAME - len(ending)] + ending).casefold() not in self._names
        )
        self._names.add(name.casefold())
        return name


def write_workbook(path: Path, found: Findings) -> None:
    """Write the workbook of a report; the ids in its lists of customers are the company's own."""
    book = Workbook(path, found.language)
    try:
        _add_summary(book, found)
        for contract, table in found.contacts.items():
            _add_contacts(book, contract, table)
        for contract, result in found.results:
            _add_result(book, result, _apart(contract, result, found))
        _add_receipts(book, found.logs)
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
    book.sheet(
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
    book.sheet(name, [_heading(result, str(column), language) for column in result.table], rows, apart)


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
    "share": (),
    "whole": ("silent_days", "days", "of_all"),
    "number": ("usual_gap", "spent", "per_month"),
}


def _add_contacts(book: Workbook, contract: str, table: pd.DataFrame) -> None:
    """A sheet a list, the columns that only count left out."""
    kinds = {column: kind for kind, columns in _CONTACT_KINDS.items() for column in columns}
    language = book.language
    for why, rows in table.groupby("why", sort=True):
        shown = rows.drop(columns=["why", "of_all"])
        book.sheet(
            _said(f"contact.{why}.{contract}", language),
            [_said(f"contact.column.{column}", language) for column in shown],
            [
                [
                    _contact_cell(kinds.get(str(column), "text"), value, language)
                    for column, value in zip(shown, row, strict=True)
                ]
                for row in shown.itertuples(index=False)
            ],
        )


def _contact_cell(kind: str, value: Any, language: str) -> tuple[str, Any]:
    if isinstance(value, datetime) and not is_missing(value):
        value = Period(value.date(), "day", "jalali" if language == "fa" else "gregorian").words(language)
    return kind, value


def _add_receipts(book: Workbook, logs: Mapping[str, Log]) -> None:
    language = book.language
    lines = [
        [("text", line)]
        for log in logs.values()
        for line in (log.receipt.source, *log.receipt.mapping_words(language).splitlines(),
                     *log.receipt.words(language).splitlines(), "")
    ]  # fmt: skip
    book.sheet(_said("sheet.receipt", language), [_said("sheet.receipt", language)], lines)
