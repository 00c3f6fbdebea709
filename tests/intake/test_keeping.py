"""One file that several lessons ask for is read once, while somebody asks for that."""

from pathlib import Path

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
