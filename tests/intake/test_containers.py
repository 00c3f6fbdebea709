"""One log, whatever it comes in: the same numbers from every kind of file and table."""

import gzip
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

import retention_kit as rk
from retention_kit.intake import preview

START = datetime(2013, 12, 31, 9, 5, 7)
NAMES = ["علی", "007", "17850", "o'Neil", "=1+1", "<b>", "ana@example.org"]


@pytest.fixture
def frame() -> pd.DataFrame:
    """Three hundred orders of seven customers, on days, at times and of amounts drawn at random."""
    random = np.random.default_rng(3)
    return pd.DataFrame(
        {
            "customer": [NAMES[n] for n in random.integers(0, 7, 300)],
            "time": [START + timedelta(seconds=int(second)) for second in random.integers(0, 10**8, 300)],
            "amount": random.integers(-5_000, 10**7, 300) / 100,
        }
    )


def as_csv(frame: pd.DataFrame, folder: Path) -> Any:
    frame.to_csv(folder / "orders.csv", index=False)
    return folder / "orders.csv"


def as_gzip(frame: pd.DataFrame, folder: Path) -> Any:
    text = frame.to_csv(index=False, sep=";").replace("ی", "ي")
    (folder / "orders.csv.gz").write_bytes(gzip.compress(text.encode("cp1256")))
    return folder / "orders.csv.gz"


def as_workbook(frame: pd.DataFrame, folder: Path) -> Any:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(list(frame))
    for row in frame.itertuples(index=False):
        book.active.append([row.customer, row.time.to_pydatetime(), row.amount])
        book.active.cell(book.active.max_row, 1).data_type = "s"
    book.save(folder / "orders.xlsx")
    return folder / "orders.xlsx"


def as_parquet(frame: pd.DataFrame, folder: Path) -> Any:
    duckdb.from_df(frame).write_parquet(str(folder / "orders.parquet"))
    return folder / "orders.parquet"


def as_json(frame: pd.DataFrame, folder: Path) -> Any:
    frame.to_json(folder / "orders.jsonl", orient="records", lines=True, date_format="iso", force_ascii=False)
    return folder / "orders.jsonl"


def as_many(frame: pd.DataFrame, folder: Path) -> Any:
    for place in range(3):
        frame[place * 100 : (place + 1) * 100].to_csv(
            folder / f"orders {place}.csv", index=False, sep=",;\t"[place]
        )
    return str(folder / "orders *.csv")


def as_list_of_kinds(frame: pd.DataFrame, folder: Path) -> Any:
    return [as_csv(frame[:100], folder), as_parquet(frame[100:200], folder), as_json(frame[200:], folder)]


def as_polars(frame: pd.DataFrame, folder: Path) -> Any:  # noqa: ARG001 every way has one shape
    return pytest.importorskip("polars").DataFrame({name: frame[name].tolist() for name in frame})


def as_arrow(frame: pd.DataFrame, folder: Path) -> Any:  # noqa: ARG001 the same
    return pytest.importorskip("pyarrow").table({name: frame[name].tolist() for name in frame})


def as_frame(frame: pd.DataFrame, folder: Path) -> Any:  # noqa: ARG001 the same
    return frame


def as_frame_of_text(frame: pd.DataFrame, folder: Path) -> Any:  # noqa: ARG001 the same
    return frame.astype(str)


@pytest.mark.parametrize(
    "given",
    [
        as_csv,
        as_gzip,
        as_workbook,
        as_parquet,
        as_json,
        as_many,
        as_list_of_kinds,
        as_polars,
        as_arrow,
        as_frame,
        as_frame_of_text,
    ],
)
def test_every_container_gives_the_same_numbers(
    tmp_path: Path, frame: pd.DataFrame, given: Callable[[pd.DataFrame, Path], Any]
) -> None:
    log = rk.read(given(frame, tmp_path), "orders", zone="UTC")
    used = log.engine.query("select customer, time, amount::double as amount from orders", orders=log.table)
    assert (log.receipt.read, log.receipt.refused) == (300, 0)
    assert used["customer"].tolist() == frame["customer"].tolist()
    assert used["time"].tolist() == frame["time"].tolist()
    assert used["amount"].tolist() == frame["amount"].tolist()


def test_files_that_hold_a_column_in_two_types_are_one_log(tmp_path: Path) -> None:
    for name, query in {
        "a": "select 17850.0::double as customer, timestamp '2024-01-05' as time, 1.5 as amount",
        "b": "select 17850::bigint as customer, '2024-01-06' as time, '1,500.5' as amount",
    }.items():
        duckdb.sql(query).write_parquet(str(tmp_path / f"{name}.parquet"))
    (tmp_path / "c.csv").write_text("customer,time,amount\n17850,2024-01-07,3\n", "utf-8")
    log = rk.read([tmp_path / "a.parquet", tmp_path / "b.parquet", tmp_path / "c.csv"], "orders")
    used = log.engine.query("select customer, amount::double as amount from orders", orders=log.table)
    assert used.values.tolist() == [["17850", 1.5], ["17850", 1500.5], ["17850", 3.0]]


def test_a_line_is_counted_in_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("customer,time,amount\nana,2024-01-05,1\nana,soon,1\n", "utf-8")
    (tmp_path / "b.csv").write_text("customer,time,amount\n\nana,1\nana,soon,1\n", "utf-8")
    log = rk.read([tmp_path / "a.csv", tmp_path / "b.csv"], "orders")
    rows = log.engine.query("select file, line, reason from refused", refused=log.refused_table or "")
    assert rows.values.tolist() == [
        ["a.csv", 3, "bad_date"],
        ["b.csv", 3, "wrong_fields"],
        ["b.csv", 4, "bad_date"],
    ]


@pytest.mark.parametrize(
    ("sheets", "asked", "code"),
    [
        ({"one": []}, None, "empty_file"),
        ({"one": [["customer", "time", "amount"]]}, None, "no_rows"),
        ({"one": [["a report of orders"], ["customer", "time", "amount"]]}, None, "title_row"),
        ({"one": [["a", "b", "c"]], "two": [["customer", "time", "amount"]]}, None, "missing_column"),
        ({"one": [["customer", "time", "amount"], ["ana", "2024-01-05", 1]]}, "two", "no_sheet"),
    ],
)
def test_a_workbook_that_is_no_log_ends_in_a_sentence(
    tmp_path: Path, sheets: dict[str, list[list[Any]]], asked: str | None, code: str
) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "orders.xlsx")
    with pytest.raises(rk.RetentionError) as ended:
        rk.read(tmp_path / "orders.xlsx", "orders", sheet=asked)
    assert ended.value.code == code


@pytest.mark.parametrize("asked", ["سفارش‌های من", "سفارشهای من", "سفارش های من", "سفارش‌هاي من"])
def test_a_sheet_is_found_though_a_half_space_a_blank_or_an_arabic_letter_differs(
    asked: str, tmp_path: Path
) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.create_sheet("سفارش‌های من")
    for row in (["customer", "time", "amount"], ["ana", "2024-01-05", 1]):
        sheet.append(row)
    book.save(tmp_path / "orders.xlsx")
    assert rk.read(tmp_path / "orders.xlsx", "orders", sheet=asked).receipt.used == 1


def test_of_two_sheets_that_differ_by_a_half_space_only_the_one_spelt_so_is_read(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for name, rows in (("سفارش‌ها", 1), ("سفارش ها", 2)):
        sheet = book.create_sheet(name)
        for row in [["customer", "time", "amount"], *[["ana", "2024-01-05", 1]] * rows]:
            sheet.append(row)
    book.save(tmp_path / "orders.xlsx")
    assert rk.read(tmp_path / "orders.xlsx", "orders", sheet="سفارش‌ها").receipt.used == 1
    assert rk.read(tmp_path / "orders.xlsx", "orders", sheet="سفارش ها").receipt.used == 2
    with pytest.raises(rk.RetentionError, match="There is no sheet"):
        rk.read(tmp_path / "orders.xlsx", "orders", sheet="سفارشها")


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        (
            {"people": ["customer", "city"], "فروش": ["مشتری", "تاریخ", "مبلغ"]},
            'Another sheet of this file has all columns that are needed: --sheet "فروش".',
        ),
        (
            {"sales": ["customer", "amount"], "empty": [], "two": ["customer", "date", "date of sale", "b"]},
            "Other sheets of this file: sales, empty, two.",
        ),
    ],
)
def test_where_a_column_is_missing_the_sheet_that_has_it_is_named_or_all_others(
    sheets: dict[str, list[str]], said: str, tmp_path: Path
) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["a", "b", "c"])
    for name, headers in sheets.items():
        book.create_sheet(name).append(headers)
    book.save(tmp_path / "orders.xlsx")
    with pytest.raises(rk.RetentionError) as raised:
        preview(tmp_path / "orders.xlsx", "orders")
    assert raised.value.words("en").endswith(said)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("گزارش فروش,,,", "title_row"),
        ("گزارش فروش,خرداد,,", "missing_column"),
        ("customer,date,amount,,,,", ""),
    ],
)
def test_a_title_above_the_headings_is_told_from_headings_where_most_have_no_name(
    header: str, code: str, tmp_path: Path
) -> None:
    (tmp_path / "orders.csv").write_text(f"{header}\ncustomer,date,amount,\n", "utf-8")
    if not code:
        assert preview(tmp_path / "orders.csv", "orders").mapping
        return
    with pytest.raises(rk.RetentionError) as raised:
        preview(tmp_path / "orders.csv", "orders")
    assert raised.value.code == code


@pytest.mark.parametrize("look", [rk.read, preview])
def test_a_sheet_of_a_file_that_has_none_is_refused(look: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("customer,time,amount\nana,2024-01-05,10\n", "utf-8")
    with pytest.raises(rk.RetentionError, match=r'"orders\.csv" is no workbook, so it has no sheet "Sales"'):
        look(tmp_path / "orders.csv", "orders", sheet="Sales")


def test_cells_of_every_kind_become_what_a_reader_sees(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    other = book.create_sheet("orders")
    for row in [
        ["customer", "time", "amount"],
        ["ana", datetime(2024, 1, 5, 10), 1.5],
        [17850, datetime(2024, 1, 6), "۱۲۳ تومان"],
        [17850.0, "1402/10/17", 2],
        [None, None, None],
        ["bita", "soon", 1],
        ["cyrus", datetime(2024, 1, 8), True],
    ]:
        other.append(row)
    book.save(tmp_path / "orders.xlsx")
    log = rk.read(tmp_path / "orders.xlsx", "orders", sheet="orders")
    used = log.engine.query("select customer, time::varchar as t, amount::double as a from o", o=log.table)
    assert used.values.tolist() == [
        ["ana", "2024-01-05 10:00:00", 1.5],
        ["17850", "2024-01-06 00:00:00", 123.0],
        ["17850", "2024-01-07 00:00:00", 2.0],
    ]
    lines = {one.reason: one.lines for one in log.receipt.refusals}
    assert lines == {"missing_id": (5,), "bad_date": (6,), "bad_number": (7,)}
