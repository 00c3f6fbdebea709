"""How people write what they keep: moments in the Jalali calendar, sheets of a workbook."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

import pandas as pd

from retention_kit.calendars import to_jalali

# The least that a workbook holds: its parts, and the one sheet, which reads from right to left.
_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument'
        '.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"'
        ' Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}
_SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<sheetViews><sheetView rightToLeft="1" workbookViewId="0"/></sheetViews>'
    "<sheetData>{rows}</sheetData></worksheet>"
)


def jalali(moments: pd.Series[pd.Timestamp]) -> pd.Series[str]:
    """Moments as Jalali text such as 1402/05/03 18:20:05; nothing where there is none.

    >>> jalali(pd.Series(pd.to_datetime(["2023-07-25 18:20:05", None]))).tolist()
    ['1402/05/03 18:20:05', nan]
    """
    there = moments.notna()
    year, month, day = to_jalali(moments[there].to_numpy())
    clock = moments[there].dt.strftime("%H:%M:%S")
    parts = zip(year, month, day, clock, strict=True)
    written = pd.Series([f"{y}/{m:02}/{d:02} {at}" for y, m, d, at in parts], moments.index[there], dtype="object")
    return written.reindex(moments.index)


def write_workbook(path: Path, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A workbook of one sheet whose cells are all text, as exports of many programs are."""
    written = "".join(map(_row, [heads, *rows]))
    # A date that never changes: the same rows give the same bytes.
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, part in {**_PARTS, "xl/worksheets/sheet1.xml": _SHEET.format(rows=written)}.items():
            book.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)


def _row(cells: Sequence[str]) -> str:
    return "<row>" + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in cells) + "</row>"
