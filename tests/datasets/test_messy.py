"""The files a founder would bring give the clean numbers back, and a receipt that adds up."""

from pathlib import Path

import pandas as pd
import pytest

import retention_kit as rk
from retention_kit.datasets import COMPANIES, Company, MessyFile, messy, simulate
from retention_kit.tables import contract
from tests.receipts import rows_by_reason


@pytest.fixture(scope="module", params=COMPANIES)
def company(request: pytest.FixtureRequest) -> Company:
    return simulate(request.param, customers=700, months=12, seed=3)


@pytest.fixture(scope="module")
def files(company: Company, tmp_path_factory: pytest.TempPathFactory) -> tuple[MessyFile, ...]:
    return messy(company, tmp_path_factory.mktemp(company.name))


def columns(log: rk.Log) -> list[str]:
    """The columns of its contract that a log has."""
    there = log.engine.query("select * from log limit 0", log=log.table)
    return [column.name for column in contract(log.contract).columns if column.name in there]


def rows(log: rk.Log, names: list[str]) -> pd.DataFrame:
    """What the log holds in these columns, every row once, in order."""
    everything = log.engine.query("select * from log", log=log.table)[names]
    return everything.drop_duplicates().sort_values(names, ignore_index=True)


def test_a_messy_file_is_read_without_help_and_gives_the_clean_rows(
    company: Company, files: tuple[MessyFile, ...]
) -> None:
    for file in files:
        log = rk.read(file.path, file.contract, currency="toman")
        clean = company.log(file.contract, language="fa")
        names = columns(clean)
        assert set(names) <= set(columns(log))
        pd.testing.assert_frame_equal(rows(log, names), rows(clean, names), check_dtype=False)


def test_a_messy_file_has_the_receipt_that_it_promises(company: Company, files: tuple[MessyFile, ...]) -> None:
    for file in files:
        receipt = rk.read(file.path, file.contract, currency="toman").receipt
        assert receipt.read == file.rows
        assert rows_by_reason(receipt) == dict(file.refused)
        assert receipt.used == len(company.tables[file.contract]) + file.repeated
        said = {note.code: dict(note.facts) for note in receipt.notes}
        assert said.get("duplicates", {"count": 0})["count"] == file.repeated


def test_orders_come_in_windows_1256_with_toman_and_rial_and_rows_of_every_fault(tmp_path: Path) -> None:
    _, orders = messy(simulate("bazarche", customers=700, months=12, seed=3), tmp_path)
    assert "ريال" in orders.path.read_bytes().decode("cp1256")
    assert set(orders.refused) == {"missing_id", "bad_date", "bad_number", "not_counted"}
    assert orders.repeated > 0
    notes = rk.read(orders.path, "orders").receipt.notes
    assert "rials_converted" in {note.code for note in notes}


def test_a_workbook_has_persian_headers_and_digits_of_both_kinds(tmp_path: Path) -> None:
    _, subscriptions = messy(simulate("kara", customers=700, months=12, seed=3), tmp_path)
    sheet = pd.read_excel(subscriptions.path, dtype=str, engine="calamine")
    assert not any(str(name).isascii() for name in sheet)
    written = "".join(sheet.iloc[:, 2].dropna())
    assert set("0123456789") & set(written)
    assert set("۰۱۲۳۴۵۶۷۸۹") & set(written)


def test_customers_have_an_address_each_that_belongs_to_nobody(tmp_path: Path) -> None:
    people, _ = messy(simulate("gol_box", customers=50, months=12, seed=3), tmp_path)
    log = rk.read(people.path, "customers")
    emails = log.engine.query("select email from log", log=log.table)["email"]
    assert emails.nunique() == 50
    assert emails.str.endswith("@example.org").all()


def test_the_same_company_gives_the_same_bytes(tmp_path: Path) -> None:
    company = simulate("kara", customers=100, months=6, seed=3)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    first, second = (messy(company, tmp_path / name) for name in ("one", "two"))
    assert [file.path.read_bytes() for file in first] == [file.path.read_bytes() for file in second]
