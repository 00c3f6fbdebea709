"""What every test may use: small logs drawn by hand, the sample shop read once, and the switch for slow tests."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import retention_kit as rk

Row = tuple[str, str, float]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="also run the tests that take minutes")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--slow"):
        for item in items:
            if "slow" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="takes minutes; run with --slow"))


@pytest.fixture(scope="session")
def shop() -> rk.Log:
    """The shipped orders, read once."""
    return rk.load("online_retail")


@pytest.fixture
def write_orders(tmp_path: Path) -> Callable[[Sequence[Row]], Path]:
    """Writes (customer, day, amount) rows to a CSV file."""

    def write(rows: Sequence[Row]) -> Path:
        path = tmp_path / "orders.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("customer", "time", "amount"), *rows])
        return path

    return write


@pytest.fixture
def log_of(write_orders: Callable[[Sequence[Row]], Path]) -> Callable[..., rk.Log]:
    """A log of (customer, day, amount) rows."""

    def make(rows: Sequence[Row], **how: str) -> rk.Log:
        return rk.read(write_orders(rows), "orders", **how)

    return make
