"""Survival by Kaplan and Meier: a real sample against published values, an oracle, a log by eye."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import retention_kit as rk
from tests import oracle
from tests.metrics import logs

DATA = Path(__file__).parent.parent / "data"
PUBLISHED = json.loads((DATA / "crosschecks.json").read_text())["worked_examples"]["km_telco"]


@pytest.fixture(scope="module")
def telco() -> pd.DataFrame:
    sample = pd.read_csv(DATA / "telco_churn.csv")
    return sample.assign(duration=sample["tenure"], left=sample["Churn"] == "Yes")


def test_a_real_sample_gives_the_published_curve(telco: pd.DataFrame) -> None:
    result = rk.metrics.survival(telco)
    curve = result.table.set_index("age")
    assert curve["at_risk"].iloc[0] == PUBLISHED["n"]
    assert curve["left"].sum() == PUBLISHED["events"]
    for age, share in PUBLISHED["S"].items():
        assert curve["survival"][int(age)] == pytest.approx(share, abs=5e-6)
    assert result.headline["sentence"] == "most"


def test_each_contract_has_its_published_curve(telco: pd.DataFrame) -> None:
    table = rk.metrics.survival(telco, by="Contract").table
    for contract, published in PUBLISHED["contract"].items():
        curve = table[table["group"] == contract].set_index("age")
        assert (curve["at_risk"].iloc[0], curve["left"].sum()) == (published["n"], published["events"])
        for age in (12, 24, 48, 72):
            if f"S{age}" in published:
                assert curve["survival"][age] == pytest.approx(published[f"S{age}"], abs=5e-6)


def test_half_have_left_at_the_published_age(telco: pd.DataFrame) -> None:
    monthly = telco[telco["Contract"] == "Month-to-month"]
    headline = rk.metrics.survival(monthly).headline
    assert (headline["sentence"], headline["half_age"]) == (
        "half",
        PUBLISHED["contract"]["Month-to-month"]["median"],
    )


@settings(max_examples=40, deadline=None)
@given(lives=st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=30))
def test_every_age_equals_the_plain_python_product(lives: list[tuple[int, bool]]) -> None:
    durations, left = zip(*lives, strict=True)
    table = rk.metrics.survival({"duration": list(durations), "left": list(left)}).table
    assert table["survival"].to_numpy() == pytest.approx(oracle.survival(lives), abs=1e-12)
    assert (np.diff(table["survival"]) <= 0).all()
    bounded = table["low"].notna()
    assert (table["low"][bounded] <= table["survival"][bounded]).all()
    assert (table["survival"][bounded] <= table["high"][bounded]).all()


def test_a_log_gives_ages_from_the_period_of_the_start() -> None:
    """January to April. ana stays, bita leaves in her third month, cyrus in his first, dara (March) stays."""
    rows = [
        {"customer": "ana", "start": "2024-01-10"},
        {"customer": "bita", "start": "2024-01-10", "end": "2024-03-10"},
        {"customer": "cyrus", "start": "2024-02-03", "end": "2024-02-20"},
        {"customer": "dara", "start": "2024-03-10"},
    ]
    table = rk.metrics.survival(logs.subscriptions(rows, "2024-05-10")).table
    assert table["age"].tolist() == [0, 1, 2, 3]
    assert table["at_risk"].tolist() == [4, 3, 2, 1]
    assert table["left"].tolist() == [1, 0, 1, 0]
    assert table["survival"].tolist() == [0.75, 0.75, 0.375, 0.375]


def test_when_nobody_leaves_all_are_still_here_and_nobody_gives_no_curve() -> None:
    assert rk.metrics.survival({"duration": [3, 5], "left": [0, 0]}).headline["sentence"] == "all"
    assert rk.metrics.survival({"duration": [], "left": []}).headline["sentence"] == "none"
