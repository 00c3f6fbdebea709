"""report.xlsx, sheet by sheet, on logs small enough to check by eye."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

import retention_kit as rk
from retention_kit.language import text
from retention_kit.reports.findings import Findings
from retention_kit.reports.pages import report_page
from retention_kit.reports.workbook import Workbook, write_workbook
from tests.metrics.logs import orders

# All are overdue on 31 August 2024: they ordered on the 1st, the 8th and the 15th.
IDS = ("1042", "0042", "1234567890123456", "12-7", "Mina")


@pytest.fixture
def log(tmp_path: Path) -> rk.Log:
    """Orders in tomans, the first customer's amounts whole and the others' with a fraction."""
    path = tmp_path / "sales.csv"
    rows = [
        f"{name},2024-08-{day:02d},{100 - place if place else 200}{'.5' if place else ''}"
        for place, name in enumerate(IDS)
        for day in (1, 8, 15)
    ]
    path.write_text("\n".join(["customer,time,amount", *rows]), "utf-8")
    return rk.read(str(path), "orders", currency="toman", observed_until="2024-08-31")


def book_of(log: rk.Log, language: str, folder: Path, sheets: dict[str, str] | None = None) -> Any:
    contacts = {"orders": rk.metrics.to_contact(log)}
    write_workbook(folder / "report.xlsx", Findings(language, {"orders": log}, [], contacts, sheets or {}))
    return openpyxl.load_workbook(folder / "report.xlsx")


def column(sheet: Any, heading: str) -> list[Any]:
    """The cells under a heading."""
    place = next(cell.column for cell in sheet[1] if cell.value == heading)
    return [row[place - 1] for row in sheet.iter_rows(min_row=2)]


def test_an_id_that_is_a_plain_whole_number_is_one_and_every_other_stays_as_it_is(
    log: rk.Log, tmp_path: Path
) -> None:
    cells = column(book_of(log, "en", tmp_path)["At risk"], "Customer")
    assert [cell.value for cell in cells] == [1042, *IDS[1:]]
    assert cells[0].number_format == "0"


@pytest.mark.parametrize(("language", "day"), [("en", "2024-08-15"), ("fa", "۱۴۰۳/۰۵/۲۵")])
def test_a_day_to_contact_is_written_so_that_it_sorts(
    language: str, day: str, log: rk.Log, tmp_path: Path
) -> None:
    sheet = book_of(log, language, tmp_path)[text("report.contact.at_risk.orders", language)]
    cells = column(sheet, text("report.contact.column.last_order", language))
    assert {cell.value for cell in cells} == {day}


def test_a_list_with_a_bound_says_it_beside_its_day(tmp_path: Path) -> None:
    """August is over, and `june` is lost since July; the first of the last three months is June."""
    rows = [("june", "2024-06-05", 10.0), ("here", "2024-01-05", 10.0), ("here", "2024-08-05", 10.0)]
    lost = orders(rows, "2024-08-31")
    sheet = book_of(lost, "en", tmp_path)["To win back (orders)"]
    assert column(sheet, "Last order (lost since June 2024)")[0].value == "2024-06-05"
    said = "۱ مشتری از ژوئن ۲۰۲۴ به این سو از دست رفته است"
    assert said in report_page(Findings("fa", {"orders": lost}, [], {"orders": rk.metrics.to_contact(lost)}))


def test_a_heading_of_money_names_the_currency_where_it_is_known(log: rk.Log, tmp_path: Path) -> None:
    column(book_of(log, "fa", tmp_path)["در خطر رفتن"], "جمع خرید، پس از کسر مرجوعی (تومان)")
    unknown = rk.read(str(tmp_path / "sales.csv"), "orders", observed_until="2024-08-31")
    column(book_of(unknown, "fa", tmp_path)["در خطر رفتن"], "جمع خرید، پس از کسر مرجوعی")


def test_a_whole_number_is_shown_with_no_point_and_any_other_with_two_places(log: rk.Log, tmp_path: Path) -> None:
    cells = column(book_of(log, "en", tmp_path)["At risk"], "Spent, refunds taken off (tomans)")
    shown = {cell.value: cell.number_format for cell in cells[:2]}
    assert shown == {600: "#,##0", 298.5: "#,##0.00"}


def test_a_list_ends_with_an_empty_column_for_what_came_of_it(log: rk.Log, tmp_path: Path) -> None:
    sheet = book_of(log, "fa", tmp_path)["در خطر رفتن"]
    *_, heading = sheet[1]
    assert heading.value == "پیگیری"
    assert {cell.value for cell in column(sheet, "پیگیری")} == {None}
    assert sheet.column_dimensions[heading.column_letter].width > len(heading.value) * 2


def test_a_list_can_be_filtered_to_its_last_row_and_column(log: rk.Log, tmp_path: Path) -> None:
    sheet = book_of(log, "en", tmp_path)["At risk"]
    assert sheet.auto_filter.ref == sheet.dimensions
    assert sheet.dimensions.endswith(str(len(IDS) + 1))


def test_every_sheet_is_printed_across_one_page(log: rk.Log, tmp_path: Path) -> None:
    for sheet in book_of(log, "fa", tmp_path):
        setup = sheet.page_setup
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        # Across one page is what a workbook means that names no number.
        assert (setup.orientation, setup.fitToWidth, setup.fitToHeight) == ("landscape", None, 0)


def test_a_column_is_as_wide_as_what_it_holds_and_no_wider_than_one_reads(tmp_path: Path) -> None:
    book = Workbook(tmp_path / "book.xlsx", "en")
    rows = [[("text", "a"), ("number", 1234567.5), ("text", "twenty letters long."), ("text", "long " * 30)]]
    book.table("Table", ["a", "b", "c", "d"], rows)
    book.close()
    columns = openpyxl.load_workbook(tmp_path / "book.xlsx")["Table"].column_dimensions
    widths = [columns[letter].width for letter in "ABCD"]
    assert widths == pytest.approx([1 + 4, 12 + 4, 20 + 4, 40], abs=1)


def test_a_sentence_goes_on_in_the_next_line_of_its_cell(log: rk.Log, tmp_path: Path) -> None:
    sheet = book_of(log, "en", tmp_path)["What was read"]
    said = next(cell for cell in sheet["A"] if str(cell.value).startswith("Rows read"))
    assert said.alignment.wrap_text
    assert sheet.column_dimensions["A"].width <= 61


def test_a_receipt_names_the_log_and_the_sheet_that_was_chosen(log: rk.Log, tmp_path: Path) -> None:
    said = [
        book_of(log, "fa", tmp_path, sheets)["چه چیزی خوانده شد"]["A2"].value
        for sheets in ({}, {"orders": "فروش"})
    ]
    assert said == ["سفارش‌ها: sales.csv", "سفارش‌ها: sales.csv، برگهٔ فروش"]


def test_a_name_that_is_cut_holds_no_two_spaces_in_a_row(tmp_path: Path) -> None:
    book = Workbook(tmp_path / "book.xlsx", "en")
    for name in ("Customers of the whole year 2024", "Kept / lost"):
        book.table(name, ["a"], [], " - orders")
    book.close()
    names = openpyxl.load_workbook(tmp_path / "book.xlsx").sheetnames
    assert names == ["Customers of the whole - orders", "Kept lost - orders"]
