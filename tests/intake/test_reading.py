"""From a file to a log: columns found, rows parsed, what cannot be used refused and counted."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

import retention_kit as rk
from tests.receipts import rows_by_reason


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_rows_read_are_used_or_refused_with_their_reason(tmp_path: Path) -> None:
    path = write(
        tmp_path / "orders.csv",
        "Customer ID,Order Date,Total\nana,2024-01-05,10\n,2024-01-06,10\nbita,soon,10\ncyrus,2024-01-07,ten\n",
    )
    receipt = rk.read(path, "orders").receipt
    assert (receipt.read, receipt.used, receipt.refused) == (4, 1, 3)
    assert rows_by_reason(receipt) == {"bad_date": 1, "bad_number": 1, "missing_id": 1}
    assert "3" in receipt.words("en")
    assert "۳" in receipt.words("fa")


@pytest.mark.parametrize(
    "header", ["customer,time,amount", "CustomerID,InvoiceDate,Revenue", "شناسه‌ي مشتري,تاريخ سفارش,مبلغ"]
)
def test_columns_are_found_by_the_names_they_go_by(tmp_path: Path, header: str) -> None:
    log = rk.read(write(tmp_path / "orders.csv", f"{header}\nana,2024-01-05,10\n"), "orders")
    assert list(log.receipt.columns.values()) == header.split(",")
    assert (log.first_day, log.last_day, log.observed_until) == (date(2024, 1, 5),) * 3


def test_a_column_can_be_named(tmp_path: Path) -> None:
    path = write(tmp_path / "orders.csv", "who,when,amount\nana,2024-01-05,10\n")
    assert rk.read(path, "orders", columns={"customer": "who", "time": "when"}).receipt.used == 1


def test_amount_is_quantity_times_unit_price_where_there_is_no_amount(tmp_path: Path) -> None:
    path = write(tmp_path / "orders.csv", "customer,time,quantity,price\nana,2024-01-05,3,2.5\n")
    log = rk.read(path, "orders")
    assert float(log.engine.query("select amount from orders", orders=log.table)["amount"][0]) == 7.5


def test_a_product_is_taken_however_large_and_refused_only_where_it_does_not_fit(tmp_path: Path) -> None:
    rows = "ana,2024-01-05,20,1000000000\nana,2024-01-05,10000000000,10000000000\n"
    log = rk.read(write(tmp_path / "orders.csv", "customer,time,quantity,price\n" + rows), "orders")
    assert log.engine.query("select amount from orders", orders=log.table)["amount"].tolist() == [20_000_000_000]
    assert rows_by_reason(log.receipt) == {"bad_number": 1}


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"columns": {"customer": "whoo", "time": "when"}}, 'Did you mean "who"'),
        ({"columns": {"custommer": "who"}}, 'Did you mean "customer"'),
        ({}, 'I need a column for "customer"'),
        ({"columns": {"customer": "who", "time": "when"}, "zone": "Asia/Teheran"}, "time zone"),
        ({"columns": {"customer": "who", "time": "when"}, "calendar": "persian"}, "gregorian, jalali"),
        ({"columns": {"customer": "who", "time": "when"}, "observed_until": "soon"}, "2021-08-13"),
        ({"columns": {"customer": "who", "time": "when"}, "observed_until": "9999-12-31"}, "still to come"),
        (
            {"columns": {"customer": "who", "time": "when"}, "calendar": "jalali", "observed_until": "2024-01-04"},
            "before your first row, of 15 Dey 1402",
        ),
    ],
)
def test_what_cannot_be_read_ends_in_one_sentence(tmp_path: Path, how: dict[str, object], sentence: str) -> None:
    path = write(tmp_path / "orders.csv", "who,when,amount\nana,2024-01-05,10\n")
    with pytest.raises(rk.RetentionError, match=sentence) as refused:
        rk.read(path, "orders", **how)  # type: ignore[arg-type]
    assert refused.value.words("fa") != refused.value.words("en")


@pytest.mark.parametrize("name", ["nothing.csv", "folder", "orders.docx"])
def test_a_file_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    write(tmp_path / "orders.docx", "x")
    with pytest.raises(rk.RetentionError, match=name):
        rk.read(tmp_path / name, "orders")


def test_a_file_of_refused_rows_only_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "orders.csv", "customer,time,amount\n,2024-01-05,10\n")
    with pytest.raises(rk.RetentionError, match="No row"):
        rk.read(path, "orders")


@pytest.mark.parametrize("name", ["it's [1] of *.csv", 'a"; drop table orders; --.csv', "سفارش‌ها.csv"])
def test_any_file_name_can_be_read(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, 'customer,time,"amount"\nana,2024-01-05,10\n')
    assert rk.read(path, "orders").receipt.used == 1


def test_a_column_name_never_becomes_sql(tmp_path: Path) -> None:
    trap = 'amount"" as amount, 1/0 as x; drop table orders; --'
    path = write(tmp_path / "orders.csv", f'customer,time,"{trap}"\nana,2024-01-05,10\n')
    column = trap.replace('""', '"')
    assert rk.read(path, "orders", columns={"amount": column}).receipt.used == 1


def test_parquet_ids_that_went_through_a_spreadsheet_are_whole_again(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    duckdb.sql(
        "select 17850.0::double as customer, timestamp '2024-01-05 10:00' as time, 2.5 as amount"
    ).write_parquet(str(path))
    log = rk.read(path, "orders")
    assert log.engine.query("select customer from orders", orders=log.table)["customer"].tolist() == ["17850"]


def test_order_of_rows_changes_no_number(write_orders: Callable[..., Path]) -> None:
    rows = [(f"c{n % 7}", f"2024-0{n % 5 + 1}-1{n % 9}", 1.1) for n in range(60)]
    forward, backward = (
        rk.metrics.retention_rate(rk.read(write_orders(order), "orders")).as_dict() for order in (rows, rows[::-1])
    )
    assert forward == backward


@pytest.mark.parametrize(
    ("header", "start"),
    [
        ("customer,date,amount", "date"),
        ("order_id,customer_id,date,price,status", "date"),
        ("مشتری,تاریخ,مبلغ", "تاریخ"),
    ],
)
def test_orders_are_not_taken_for_a_ledger_of_subscriptions(tmp_path: Path, header: str, start: str) -> None:
    path = tmp_path / "file.csv"
    cells = {"order_id": "1", "status": "active", "date": "2024-01-05", "تاریخ": "2024-01-05"}
    path.write_text(f"{header}\n{','.join(cells.get(name, '10') for name in header.split(','))}\n", "utf-8")
    with pytest.raises(rk.RetentionError, match="looks like a file of orders") as refused:
        rk.read(path, "subscriptions")
    assert refused.value.code == "perhaps_orders"
    for language in rk.language.LANGUAGES:
        said = refused.value.words(language)
        assert 0 < said.index('contract = "orders"') < said.index("--contract orders") < said.index("columns = ")
    assert rk.read(path, "subscriptions", columns={"start": start}).receipt.used == 1


@pytest.mark.parametrize(
    "until",
    [
        datetime(2024, 2, 1, 23, 30),
        pd.Timestamp("2024-02-01 08:00", tz="Asia/Tehran"),
        np.datetime64("2024-02-01"),
        date(2024, 2, 1),
    ],
)
def test_a_moment_until_which_a_log_was_watched_is_its_day(log_of: Callable[..., rk.Log], until: object) -> None:
    log = log_of([("ana", "2024-01-05", 1)], observed_until=until)
    assert log.observed_until == date(2024, 2, 1)
    assert type(log.observed_until) is date


@pytest.mark.parametrize("until", [5, 20240201.5, ["2024-02-01"], pd.NaT])
def test_what_is_no_day_is_refused_in_one_sentence(log_of: Callable[..., rk.Log], until: object) -> None:
    with pytest.raises(rk.RetentionError) as raised:
        log_of([("ana", "2024-01-05", 1)], observed_until=until)
    assert raised.value.code == "wrong_day"


def test_columns_that_are_no_pairs_are_refused_in_one_sentence(log_of: Callable[..., rk.Log]) -> None:
    with pytest.raises(
        rk.RetentionError, match=r"columns = \['a'\] .* Write it like this: \{'customer': 'Buyer'\}"
    ):
        log_of([("ana", "2024-01-05", 1)], columns=["a"])
