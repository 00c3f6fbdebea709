"""One file that several lessons ask for is read once, while somebody asks for that."""

from pathlib import Path

import pandas as pd

import retention_kit as rk
from retention_kit import intake

ROWS = "customer,time,amount\na,2024-01-05,10\n"


def test_within_the_block_the_same_question_gets_the_same_log_and_another_its_own(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(ROWS, "utf-8")
    with intake.reading_once():
        first = rk.read(str(path), "orders", currency="toman", columns=None)
        assert rk.read(str(path), "orders", currency="toman", columns={}) is first
        assert rk.read(str(path), "orders") is not first
    assert rk.read(str(path), "orders", currency="toman") is not first


def test_a_path_is_the_file_that_its_text_names(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(ROWS, "utf-8")
    with intake.reading_once():
        assert rk.read(path, "orders") is rk.read(str(path), "orders")


def test_a_shipped_data_set_is_read_once_in_each_language() -> None:
    with intake.reading_once():
        first = rk.load("gol_box", "points")
        assert rk.load("gol_box", "points") is first
        assert rk.load("gol_box", "subscriptions", language="en") is not rk.load(
            "gol_box", "subscriptions", language="fa"
        )
    assert rk.load("gol_box", "points") is not first


def test_a_table_in_memory_is_always_read() -> None:
    table = pd.DataFrame({"customer": ["a"], "time": ["2024-01-05"], "amount": [10]})
    with intake.reading_once():
        assert rk.read(table, "orders") is not rk.read(table, "orders")
