"""From any dirty file the clean numbers come back, and the receipt adds up."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import retention_kit as rk
from tests.intake.dirty import Dirty, dirty_files

_SETTINGS = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}


def clean_numbers_come_back(dirty: Dirty) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        path.write_bytes(dirty.content)
        log = rk.read(path, "orders")
    used = log.engine.query("select customer, time, amount from orders", orders=log.table)
    assert list(zip(used["customer"], used["time"], used["amount"].astype(float), strict=True)) == [
        (customer, moment, float(amount)) for customer, moment, amount in dirty.rows
    ]
    receipt = log.receipt
    assert (
        receipt.read == receipt.used + receipt.refused == len(dirty.rows) + sum(map(len, dirty.refused.values()))
    )
    assert receipt.used == len(dirty.rows)
    assert {one.reason: list(one.lines) for one in receipt.refusals} == {
        reason: lines[:3] for reason, lines in dirty.refused.items()
    }


@settings(max_examples=250, derandomize=True, **_SETTINGS)
@given(dirty_files())
def test_clean_numbers_come_back_from_hundreds_of_dirty_files(dirty: Dirty) -> None:
    clean_numbers_come_back(dirty)


@pytest.mark.slow
@settings(max_examples=10_000, **_SETTINGS)
@given(dirty_files())
def test_clean_numbers_come_back_from_ten_thousand_dirty_files(dirty: Dirty) -> None:
    clean_numbers_come_back(dirty)
