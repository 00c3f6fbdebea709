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


def survival_of(*lives: tuple[int, int, int]) -> rk.Result:
    """The curve of so many customers, each of this duration, who left then (1) or not (0)."""
    rows = [(duration, left) for count, duration, left in lives for _ in range(count)]
    durations, left = zip(*rows, strict=True)
    return rk.metrics.survival({"duration": durations, "left": left})


def test_half_have_left_where_the_table_says_so_also_when_few_were_left_at_risk() -> None:
    """30 begin in January: one is gone within it, 24 in February, five stay until June."""
    ends = [{"end": "2024-01-15"}, *[{"end": "2024-02-15"}] * 24, *[{}] * 5]
    rows = [{"customer": f"c{place}", "start": "2024-01-01", **end} for place, end in enumerate(ends)]
    result = rk.metrics.survival(logs.subscriptions(rows, "2024-06-30"))
    assert (result.headline["sentence"], result.headline["half_age"]) == ("half_alone", 1)
    said = rk.say(result, "en")
    assert said.startswith("Of 30 customers we saw 25 leave; by that we estimate that half leave within 1 month ")
    assert "نیمی تا ۱ ماه پس از شروع می‌روند" in rk.say(result, "fa")


def test_an_average_stay_rests_on_30_customers_at_risk_or_is_not_told() -> None:
    many = survival_of((30, 2, 1), (1, 1, 1))
    assert (many.headline["sentence"], many.headline["horizon"]) == ("half", 2)
    assert many.headline["lifetime"] == 1 + 30 / 31
    for few in (survival_of((29, 2, 1)), survival_of((29, 2, 1), (1, 0, 1))):
        assert (few.headline["sentence"], few.headline["horizon"]) == ("half_alone", 0)
        assert np.isnan(few.headline["lifetime"])


def test_where_fewer_than_half_leave_the_share_is_that_of_the_last_age_with_30_at_risk() -> None:
    result = survival_of((4, 1, 1), (31, 2, 0), (5, 3, 0))
    assert result.headline["sentence"] == "most"
    assert (result.headline["horizon"], result.headline["rate"]) == (2, pytest.approx(36 / 40))


@pytest.mark.parametrize(
    "lives",
    [[(40, 2, 0), (5, 9, 1), (20, 9, 0)], [(5, 0, 1), (26, 3, 0)], [(1, 2, 1), (4, 5, 0)]],
    ids=["nobody left while 30 were at risk", "30 at risk at the start only", "five began"],
)
def test_where_too_few_were_watched_no_share_is_said_and_not_that_nobody_left(
    lives: list[tuple[int, int, int]],
) -> None:
    result = survival_of(*lives)
    assert result.headline["sentence"] == "most_alone"
    assert "Too few were watched long enough" in rk.say(result, "en")


def test_half_who_leave_at_once_leave_within_their_first_period() -> None:
    result = survival_of((20, 0, 1), (15, 3, 0))
    assert rk.say(result, "en").endswith("half leave within their first month.")
    assert "0" not in rk.say(result, "en").replace("20", "")


def test_ages_are_said_in_the_unit_they_were_asked_in() -> None:
    rows = [{"customer": f"c{place}", "start": "2024-01-01", "end": "2024-01-16"} for place in range(40)]
    result = rk.metrics.survival(logs.subscriptions(rows, "2024-03-31"), every="week", calendar="jalali")
    assert "within 2 weeks after their first. Of the first 2 weeks a customer stays 2 on" in rk.say(result, "en")
    assert "هر مشتری در ۲ هفتهٔ نخست به‌طور میانگین ۲ هفته می‌ماند" in rk.say(result, "fa")
