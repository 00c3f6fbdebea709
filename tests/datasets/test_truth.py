"""What was planted is found: by the kit's own metrics, and by comparing alike with alike or where chance decided.

Each planted value is looked for in companies in which nothing else moves, so that it is known without a model. A
handful of seeds is tried in every run, two hundred in the slow one.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import retention_kit as rk
from retention_kit import formulas
from retention_kit.calendars import period_of
from retention_kit.datasets import Company, simulate
from tests.datasets.compare import Interval, did, difference, holds, later_orders, lives, ratio

# A company of subscribers in which nothing but the chance to leave moves anybody.
CALM: dict[str, Any] = {
    "monthly_churn": (0.08,),
    "keen_share": 0.0,
    "aha_ratio": 1.0,
    "failed_payment": 0.0,
    "pause_share": 0.0,
    "return_share": 0.0,
    "price_ratio": 1.0,
    "outage_ratio": 1.0,
}
CALM_BOX = {**CALM, "member_ratio": 1.0}
CALM_KARA = {**CALM, "call_ratio": 1.0, "champion_ratio": 1.0, "offered": 0.0, "yearly_share": 0.0}
MIXED = {"keen_share": 0.35, "keen_ratio": 0.5}

Found = tuple[Interval, float]


def survival_after_half_a_year(seed: int) -> Found:
    churn = (0.12, 0.09, 0.07, 0.06, 0.05, 0.045)
    box = simulate("gol_box", customers=800, months=18, seed=seed, **{**CALM_BOX, "monthly_churn": churn})
    table = rk.metrics.survival(box.log("subscriptions"), calendar="jalali").table.set_index("age")
    return (table["low"][6], table["high"][6]), float(np.prod([1 - chance for chance in churn]))


def retention_in_a_month(seed: int) -> Found:
    box = simulate("gol_box", customers=600, months=12, seed=seed, **CALM_BOX)
    month = rk.metrics.retention_rate(box.log("subscriptions"), calendar="jalali").table.iloc[9]
    return (month["low"], month["high"]), 0.92


def involuntary_churn(seed: int) -> Found:
    planted = {**CALM_BOX, "failed_payment": 0.08, "recovered_payment": 0.5}
    box = simulate("gol_box", customers=600, months=12, seed=seed, **planted)
    table = rk.metrics.churn(box.log("subscriptions"), calendar="jalali").table
    asked = float((table["start"] - table["voluntary"]).sum())
    low, high = formulas.wilson_interval(float(table["involuntary"].sum()), asked)
    return (low, high), box.truth.failed_payment * (1 - box.truth.recovered_payment)


def trial_conversion(seed: int) -> Found:
    kara = simulate("kara", customers=800, months=12, seed=seed, **CALM_KARA, aha_conversion=0.25)
    rows = kara.tables["subscriptions"]
    trials = rows[rows["trial_end"].notna()]
    paid = float((trials["end"] != trials["trial_end"]).sum())
    return formulas.wilson_interval(paid, float(len(trials))), 0.25


def share_saved_by_an_offer(seed: int) -> Found:
    kara = simulate("kara", customers=2000, months=18, seed=seed, **{**CALM_KARA, "offered": 0.5})
    steps = kara.tables["events"]["event"].value_counts()
    return formulas.wilson_interval(float(steps["Took the offer"]), float(steps["Saw an offer"])), 0.25


def orders_after_three_months(seed: int) -> Found:
    planted = {"keen_share": 0.0, "linked_ratio": 1.0, "price_ratio": 1.0, "seasons": False, "outage_orders": 1.0}
    shop = simulate("bazarche", customers=900, months=8, seed=seed, **planted)
    table = rk.metrics.cohorts(shop.log("orders"), calendar="jalali").table
    cell = table[(table["age"] == 3) & table["rate"].notna()].iloc[-1]
    stays = np.prod([1 - chance for chance in shop.truth.monthly_dropout[:3]])
    return (cell["low"], cell["high"]), float(stays * shop.truth.monthly_order)


def effect_of_linked_channels(seed: int) -> Found:
    planted = {"keen_share": 0.0, "price_ratio": 1.0, "monthly_dropout": (0.1,), "linked_ratio": 0.5}
    shop = simulate("bazarche", customers=1500, months=18, seed=seed, **planted)
    orders = shop.tables["orders"].astype({"customer": str})
    month = pd.Series(period_of(orders["time"].to_numpy(), "month", "jalali"))
    age = month - month.groupby(orders["customer"]).transform("min")
    people = shop.tables["customers"].set_index("customer")["joined"]
    seen = people[people < "2024-11-21"].index.astype(str)  # whose third month is over
    ordered = pd.Series(seen.isin(orders.loc[age == 3, "customer"]).astype(int), seen)
    linked = did(shop, "Linked the channels", seen)
    return ratio(ordered, pd.Series(1, seen), linked), 0.95**3 / 0.9**3


def effect_of_the_early_action(seed: int) -> Found:
    box = simulate("gol_box", customers=1500, months=18, seed=seed, **{**CALM_BOX, **MIXED, "aha_ratio": 0.65})
    found = lives(box)
    acted = did(box, "Picked own plants", found.index)
    return ratio(found["lost"], found["renewals"], acted, found["segment"]), 0.65


def effect_of_the_programme(seed: int) -> Found:
    box = simulate("gol_box", customers=1500, months=18, seed=seed, **{**CALM_BOX, **MIXED, "member_ratio": 0.8})
    found = lives(box)
    return ratio(found["lost"], found["renewals"], members(box, found.index), found["segment"]), 0.8


def effect_of_a_success_call(seed: int) -> Found:
    kara = simulate("kara", customers=4000, months=18, seed=seed, **{**CALM_KARA, **MIXED, "call_ratio": 0.75})
    found = lives(kara)
    return ratio(found["lost"], found["renewals"], called(kara, found.index), found["segment"]), 0.75


def effect_of_the_price(seed: int) -> Found:
    planted = {**CALM_BOX, "price_ratio": 1.3, "price_month": "1403-04"}
    box = simulate("gol_box", customers=1500, months=18, seed=seed, **planted)
    table = rk.metrics.churn(box.log("subscriptions"), calendar="jalali").table
    dearer = pd.Series(pd.to_datetime(table["period"]) >= "2024-06-21")
    return ratio(table["lost"].astype(int), table["start"].astype(int), dearer), 1.3


def effect_of_a_month_without_internet(seed: int) -> Found:
    planted = {**CALM_BOX, "outage_ratio": 2.5, "outage_month": "1403-08"}
    box = simulate("gol_box", customers=1500, months=12, seed=seed, **planted)
    table = rk.metrics.churn(box.log("subscriptions"), calendar="jalali").table
    outage = pd.Series(pd.to_datetime(table["period"]) == "2024-10-22")
    return ratio(table["lost"].astype(int), table["start"].astype(int), outage), 2.5


def effect_of_a_champion_who_left(seed: int) -> Found:
    planted = {**CALM_KARA, "champion_share": 1.0, "champion_leaves": 1.0, "champion_ratio": 3.0}
    kara = simulate("kara", customers=900, months=4, seed=seed, **{**planted, "monthly_churn": (0.0, 0.08)})
    found = lives(kara)
    # All champions leave in the second month, so that the second and third renewal are at three times the risk.
    risk = found[found["renewals"] >= 2]
    second = float((risk["lost"] & (risk["renewals"] == 2)).sum())
    return formulas.wilson_interval(second, float(len(risk))), 0.24


PLANTED: list[Callable[[int], Found]] = [
    survival_after_half_a_year,
    retention_in_a_month,
    involuntary_churn,
    trial_conversion,
    share_saved_by_an_offer,
    orders_after_three_months,
    effect_of_linked_channels,
    effect_of_the_early_action,
    effect_of_the_programme,
    effect_of_a_success_call,
    effect_of_the_price,
    effect_of_a_month_without_internet,
    effect_of_a_champion_who_left,
]
every_value = pytest.mark.parametrize("look", PLANTED, ids=lambda look: look.__name__)


def members(box: Company, index: pd.Index) -> "pd.Series[bool]":
    """Who is in the loyalty programme."""
    people = box.tables["customers"]
    return pd.Series(index.isin(people.loc[people["member"].notna(), "customer"].astype(str)), index)


def called(company: Company, index: pd.Index, channel: str = "Telephone call") -> "pd.Series[bool]":
    """Whom the company called, or wrote to, of its own accord."""
    met = company.tables["touchpoints"]
    whom = met.loc[(met["channel"] == channel) & (met["direction"] == "outbound"), "customer"].astype(str)
    return pd.Series(index.isin(whom), index)


@every_value
def test_a_planted_value_lies_in_the_interval_of_most_of_a_few_companies(look: Callable[[int], Found]) -> None:
    covered = [holds(*look(seed)) for seed in range(1, 6)]
    assert sum(covered) >= 4


@pytest.mark.slow
@every_value
def test_intervals_cover_the_planted_value_about_95_times_in_100(look: Callable[[int], Found]) -> None:
    covered = np.mean([holds(*look(seed)) for seed in range(100, 300)])
    # Three standard deviations of the share of 200 draws around 0.95.
    assert 0.95 - 0.046 <= covered <= 0.95 + 0.046


@pytest.fixture(scope="module")
def box() -> Company:
    """A large box company in which only keen customers and the one early action matter."""
    return simulate("gol_box", customers=12_000, months=24, seed=3, **{**CALM_BOX, **MIXED, "aha_ratio": 0.65})


@pytest.mark.parametrize(
    "decoy", ["Joined the group", "Set a watering reminder", "Read the care guide", "Installed the app"]
)
def test_a_decoy_has_no_effect_among_customers_who_are_alike(box: Company, decoy: str) -> None:
    found = lives(box)
    acted = did(box, decoy, found.index)
    assert holds(ratio(found["lost"], found["renewals"], acted, found["segment"]), 1.0)


def test_comparing_everybody_takes_a_decoy_for_the_best_early_action(box: Company) -> None:
    found = lives(box)
    decoy = ratio(found["lost"], found["renewals"], did(box, "Joined the group", found.index))
    real = ratio(found["lost"], found["renewals"], did(box, "Picked own plants", found.index))
    assert decoy[1] < 1
    assert sum(decoy) < sum(real)


def test_a_programme_that_does_nothing_seems_to_work_until_chance_decides(box: Company) -> None:
    found = lives(box)
    assert ratio(found["lost"], found["renewals"], members(box, found.index))[1] < 1
    assert holds(ratio(found["lost"], found["renewals"], called(box, found.index, "SMS")), 1.0)


def test_a_call_that_helps_seems_to_help_less_because_the_weak_are_called() -> None:
    planted = {**CALM_KARA, **MIXED, "call_ratio": 0.75}
    kara = simulate("kara", customers=12_000, months=24, seed=3, **planted)
    found = lives(kara)
    everybody = ratio(found["lost"], found["renewals"], called(kara, found.index))
    assert everybody[0] > 0.75
    assert holds(ratio(found["lost"], found["renewals"], called(kara, found.index), found["segment"]), 0.75)


@pytest.fixture(scope="module")
def shop() -> Company:
    """A large shop in which linking the channels does nothing, nor the number of channels."""
    return simulate("bazarche", customers=12_000, months=36, seed=5, linked_ratio=1.0, price_ratio=1.0)


def test_channels_counted_over_a_whole_life_make_those_who_stayed_look_multichannel(shop: Company) -> None:
    found = later_orders(shop, 30)
    assert difference(found, found["channels"] >= 2)[0] > 0.3


def test_channels_that_do_keep_customers_are_found_in_the_first_days() -> None:
    shop = simulate("bazarche", customers=12_000, months=36, seed=5, linked_ratio=1.0, channels_ratio=0.3)
    found = later_orders(shop, 30)
    alike = found[(found["segment"] == "Families") & (found["early"] == 2)]
    assert difference(alike, alike["early_channels"] >= 2)[0] > 0


def test_channels_counted_in_the_first_days_among_customers_who_are_alike_make_no_difference(
    shop: Company,
) -> None:
    found = later_orders(shop, 30)
    alike = found[(found["segment"] == "Families") & (found["early"] == 2)]
    assert holds(difference(alike, alike["early_channels"] >= 2), 0.0)


def test_linked_customers_seem_to_stay_longer_where_linking_was_their_own_wish(shop: Company) -> None:
    found = later_orders(shop, 30)
    linked = did(shop, "Linked the channels", found.index)
    before, after = found["joined"] < "2023-03-21", found["joined"] >= "2023-03-21"
    assert difference(found[before], linked[before])[0] > 0
    assert holds(difference(found[after], linked[after]), 0.0)
