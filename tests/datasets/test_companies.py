"""The simulated companies: whole, consistent, the same for a seed, and as they are told to be."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import retention_kit as rk
from retention_kit.calendars import to_jalali
from retention_kit.datasets import COMPANIES, Company, simulate
from retention_kit.datasets.chance import Chance
from retention_kit.datasets.seasons import Span, day_weights, season_days
from retention_kit.tables import contract, contract_names

MONTHS = 14


@pytest.fixture(scope="module", params=COMPANIES)
def company(request: pytest.FixtureRequest) -> Company:
    return simulate(request.param, customers=400, months=MONTHS, seed=2)


def moments(table: pd.DataFrame) -> "list[pd.Series[pd.Timestamp]]":
    """What happened in a table, without what is announced in it."""
    return [table[name] for name in ("time", "start", "end", "joined", "member") if name in table]


def test_every_contract_is_a_table_of_some_company() -> None:
    tables = {name for one in COMPANIES for name in simulate(one, customers=20, months=3).tables}
    assert tables == set(contract_names())


def test_every_row_of_every_table_can_be_used_and_raises_no_question(company: Company) -> None:
    for name in company.tables:
        receipt = company.log(name).receipt
        assert (receipt.used, receipt.refused) == (len(company.tables[name]), 0), name
        assert not {note.code for note in receipt.notes} & {"duplicates", "two_currencies", "always_midnight"}, (
            name
        )


def test_names_are_there_in_both_languages_and_a_log_has_those_of_the_reader(company: Company) -> None:
    for table in company.tables.values():
        for name in (name for name in table if str(name).endswith("_fa")):
            english = table[str(name).removesuffix("_fa")]
            assert (english.isna() == table[name].isna()).all()
            assert english.nunique() == table[name].nunique()
    log = company.log("customers", language="fa")
    cities = log.engine.query("select distinct city from log", log=log.table)["city"]
    assert not any(city.isascii() for city in cities)


def test_nothing_happens_before_the_customer_came_or_after_the_last_day(company: Company) -> None:
    people = company.tables["customers"]
    joined = dict(zip(people["customer"].astype(str), people["joined"], strict=True))
    after = pd.Timestamp(company.last_day) + pd.Timedelta(days=1)
    for name, table in company.tables.items():
        for times in moments(table):
            assert (times.dropna() < after).all(), name
        if "customer" in table:
            key = "account" if "account" in table else "customer"
            came = table[key].astype(str).map(joined)
            for times in moments(table):
                assert not (times < came).any(), name


def test_all_logs_of_a_company_know_the_same_customers(company: Company) -> None:
    known = set(company.tables["customers"]["customer"].astype(str))
    for name, table in company.tables.items():
        key = "account" if "account" in table else "customer"
        if key in table and (company.name, name) != ("bazarche", "touchpoints"):
            assert set(table[key].astype(str)) <= known, name


def test_a_channel_that_is_not_linked_keeps_customers_under_codes_of_its_own() -> None:
    shop = simulate("bazarche", customers=400, months=MONTHS, seed=2)
    known = set(shop.tables["customers"]["customer"].astype(str))
    events, met = shop.tables["events"], shop.tables["touchpoints"]
    linked = {code[1:] for code in events.loc[events["event"] == "Linked the channels", "customer"].astype(str)}
    strangers = set(met["customer"].astype(str)) - known
    assert strangers
    assert not {code.split("-")[1] for code in strangers} & linked


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(company: Company) -> None:
    again = simulate(company.name, customers=400, months=MONTHS, seed=2)
    other = simulate(company.name, customers=400, months=MONTHS, seed=3)
    for name, table in company.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], table)
    assert not other.tables["customers"].equals(company.tables["customers"])


def test_a_seed_gives_the_draws_that_are_written_here_on_every_machine() -> None:
    chance = Chance(1401, "people")
    assert chance.shares(3).tolist() == [0.8505550178831047, 0.19845595460746168, 0.3022975802029857]
    assert chance.whole(1, 6, 8).tolist() == [4, 4, 5, 1, 5, 4, 6, 6]
    assert chance.picks((1, 0, 2), 8).tolist() == [2, 2, 2, 2, 2, 2, 0, 2]


def test_picks_are_as_likely_as_their_weights() -> None:
    found = np.bincount(Chance(0, "weights").picks((1, 0, 3), 40_000), minlength=3) / 40_000
    assert found == pytest.approx([0.25, 0, 0.75], abs=0.01)


def test_a_stretch_begins_where_the_last_one_ended_or_after_months_away() -> None:
    rows = simulate("gol_box", customers=600, months=24, seed=1, pause_share=0.1, return_share=0.2).tables[
        "subscriptions"
    ]
    rows = rows.astype({"customer": str, "status": str}).sort_values(["customer", "start"])
    ended = rows.groupby("customer")["end"].shift()
    gap = (rows["start"] - ended).dropna()
    left = rows.groupby("customer")["reason"].shift().notna()[gap.index]
    assert (gap[~left] == pd.Timedelta(0)).all()
    assert left.sum() > 20
    assert (gap[left] > pd.Timedelta(days=55)).all()
    assert rows.loc[rows["status"] == "paused", "end"].sub(rows["start"]).max() <= pd.Timedelta(days=62)


def test_only_the_last_stretch_before_leaving_has_a_reason() -> None:
    rows = simulate("kara", customers=900, months=24, seed=1, return_share=0.0).tables["subscriptions"]
    last = rows.astype({"customer": str}).sort_values(["customer", "start"]).groupby("customer").tail(1)
    assert rows["reason"].notna().sum() == last["reason"].notna().sum()
    running = last["end"].isna()
    trial = last["end"] == last["trial_end"]
    assert (last["reason"].notna() == ~(running | trial)).all()


def test_an_unpaid_end_has_three_failed_payments_and_a_late_payment_comes_within_the_allowed_gap() -> None:
    box = simulate("gol_box", customers=500, months=18, seed=4, failed_payment=0.3, return_share=0.0)
    paid = box.tables["payments"].astype({"customer": str, "status": str, "reason": str})
    rows = box.tables["subscriptions"].astype({"customer": str, "reason": str})
    involuntary = rows[rows["reason"].isin(["Card expired", "Insufficient funds", "Bank error"])]
    involuntary = involuntary[involuntary["end"] < pd.Timestamp(box.last_day) - pd.Timedelta(days=7)]
    for customer, end in zip(involuntary["customer"], involuntary["end"], strict=True):
        tries = paid[(paid["customer"] == customer) & (paid["time"] >= end)]
        assert tries["status"].tolist() == ["failed"] * 3
        assert tries["attempt"].tolist() == [1, 2, 3]
        assert tries["time"].max() - end <= pd.Timedelta(days=7)
    assert len(involuntary) > 50


def test_a_payment_fails_with_an_expired_card_only_after_the_card_has_expired() -> None:
    paid = simulate("gol_box", customers=500, months=18, seed=4, failed_payment=0.3).tables["payments"]
    expired = paid["card_expires"] < paid["time"]
    assert (expired == (paid["reason"] == "Card expired")).all()


def test_points_never_fall_below_nothing_and_expire_after_a_year_if_they_are_not_spent() -> None:
    points = simulate("gol_box", customers=800, months=30, seed=6).tables["points"].astype({"customer": str})
    balance = points.groupby("customer")["points"].cumsum()
    assert balance.min() >= 0
    came = points[points["kind"] == "earned"]
    over = came[came["expires"] <= points["time"].max()].groupby("customer")["points"].sum()
    gone = -points[points["kind"] != "earned"].groupby("customer")["points"].sum()
    assert (gone.reindex(over.index, fill_value=0) >= over).all()


def test_points_grow_with_every_renewal() -> None:
    box = simulate("gol_box", customers=800, months=12, seed=6, points_growth=1.0)
    renewals = box.tables["points"].query("activity == 'Renewal'").astype({"customer": str})
    first = renewals.groupby("customer")["points"].head(3).groupby(renewals["customer"]).apply(list)
    assert first[first.map(len) == 3].map(tuple).value_counts().index[0] == (20, 30, 40)


def test_use_fades_before_a_customer_cancels() -> None:
    box = simulate("gol_box", customers=3_000, months=18, seed=1, fading=0.2, return_share=0.0)
    rows = box.tables["subscriptions"].astype({"customer": str, "reason": str})
    cancelled = rows[rows["reason"].isin(["Too expensive", "Felt forgotten", "Moving house"])]
    visits = box.tables["events"].query("event == 'Visited'").astype({"customer": str})
    seen = visits.merge(cancelled[["customer", "end"]], on="customer")
    before = (seen["end"] - seen["time"]).dt.days
    last, earlier = before.between(0, 55).sum(), before.between(62, 117).sum()
    assert 0 < last < 0.5 * earlier


def test_a_year_without_feasts_has_an_even_flow_and_a_year_with_them_has_peaks() -> None:
    plain = simulate("bazarche", customers=4_000, months=12, seed=1, seasons=False).tables["orders"]
    feasts = simulate("bazarche", customers=4_000, months=12, seed=1).tables["orders"]
    share = [float(season_days(rows["time"].to_numpy())["black_friday"].mean()) for rows in (plain, feasts)]
    assert share[0] < 0.04
    assert share[1] > 0.05


def test_the_month_of_fasting_moves_eleven_days_a_year_and_feasts_stay_where_they_are() -> None:
    days = Span(48).days
    there = season_days(days)
    fasting = days[there["ramadan"] & ~np.roll(there["ramadan"], 1)]
    assert (
        fasting.astype(str).tolist()
        == ["2021-04-13", "2022-04-03", "2023-03-23", "2024-03-11", "2025-03-01"][-len(fasting) :]
    )
    year, month, day = to_jalali(days[there["yalda"]])
    assert set(zip(month.tolist(), day.tolist(), strict=True)) == {(9, day) for day in range(21, 31)}
    assert set(year.tolist()) == {1400, 1401, 1402, 1403}


def test_seasons_that_meet_are_multiplied() -> None:
    day = np.array(["2024-03-11"], "datetime64[D]")  # fasting, ten days before Nowruz
    assert day_weights(day, {"ramadan": 80, "before_nowruz": 150}).tolist() == [120]


def test_the_month_without_internet_has_fewer_orders_online_and_not_in_the_store() -> None:
    shop = simulate("bazarche", customers=6_000, months=24, seed=1, seasons=False, outage_orders=0.1)
    orders = shop.tables["orders"].assign(month=lambda rows: to_jalali(rows["time"].to_numpy())[1])
    orders = orders[to_jalali(orders["time"].to_numpy())[0] == 1402]
    app, store = (orders[orders["channel"] == channel]["month"].value_counts() for channel in ("App", "Store"))
    assert app[5] < 0.8 * app[4]
    assert store[5] > 0.9 * store[4]


def test_prices_rise_once_for_all_who_pay_by_the_month() -> None:
    box = simulate("gol_box", customers=500, months=18, seed=1, price_increase=0.5)
    rows = box.tables["subscriptions"].query("status == 'active'")
    old, new = (rows[(rows["start"] >= "2024-03-20") == later] for later in (False, True))
    assert set(old["amount"]) == {290_000, 450_000, 690_000}
    assert set(new["amount"]) == {435_000, 675_000, 1_035_000}


def test_an_account_that_hangs_on_a_champion_is_used_by_one_person() -> None:
    use = simulate("kara", customers=300, months=12, seed=1, champion_share=1.0, champion_leaves=0.0).tables[
        "events"
    ]
    use = use[use["event"] == "Planned a shift"].astype({"customer": str})
    assert use["customer"].str.endswith("-1").mean() > 0.8
    shared = simulate("kara", customers=300, months=12, seed=1, champion_share=0.0).tables["events"]
    assert shared["customer"].astype(str).str.endswith("-1").mean() < 0.5


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"company": "gol"}, "wrong_choice_near"),
        ({"customers": 0}, "out_of_range"),
        ({"months": 0}, "out_of_range"),
        ({"seed": -1}, "out_of_range"),
        ({"keen_shares": 0.1}, "wrong_choice_near"),
        ({"keen_share": 1.1}, "out_of_range"),
        ({"monthly_churn": (0.1, -0.1)}, "out_of_range"),
        ({"monthly_churn": ()}, "out_of_range"),
        ({"keen_ratio": 99}, "out_of_range"),
        ({"price_month": "1403-13"}, "wrong_jalali_month"),
    ],
)
def test_what_cannot_be_simulated_is_refused_with_its_reason(given: dict[str, Any], code: str) -> None:
    asked: dict[str, Any] = {"company": "gol_box", "customers": 10, **given}
    with pytest.raises(rk.RetentionError) as refused:
        simulate(asked.pop("company"), **asked)
    assert refused.value.code == code
    assert all(refused.value.words(language) for language in ("en", "fa"))


def test_one_customer_and_one_month_make_a_company_too() -> None:
    for name in COMPANIES:
        small = simulate(name, customers=1, months=1)
        assert len(small.tables["customers"]) == 1


def test_every_column_of_a_table_is_of_its_contract_or_says_more_in_words() -> None:
    for name in COMPANIES:
        for rules, table in simulate(name, customers=5, months=2).tables.items():
            known = {column.name for column in contract(rules).columns}
            assert {str(column).removesuffix("_fa") for column in table} - known <= {"seats"}, rules
