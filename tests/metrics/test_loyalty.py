"""The ledger of a loyalty programme, what it owes and costs, and its members beside comparable customers."""

from datetime import date, timedelta
from math import isnan
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import retention_kit as rk
from tests import oracle
from tests.metrics import logs

LEDGER = [
    ("ana", "2024-01-05", 100, "earned"),
    ("bita", "2024-01-20", 60, "earned"),
    ("ana", "2024-02-10", -80, "redeemed"),
    ("ana", "2024-02-11", 20, "earned"),
    ("bita", "2024-03-01", -20, "expired"),
    ("bita", "2024-03-02", 5, "adjusted"),
    ("ana", "2024-04-02", 10, "earned"),
]


def test_a_small_ledger_counts_as_it_does_by_eye() -> None:
    """160 come in January; 80 go and 20 come in February; in March 20 expire and 5 are corrected; April runs."""
    result = rk.metrics.loyalty(logs.points(LEDGER, "2024-04-10"), money_per_point=2.0, running_cost=7.0)
    table = result.table
    assert table["opening"].tolist() == [0, 160, 100, 85]
    assert table["outstanding"].tolist()[:3] == [160, 100, 85]
    assert table[["earned", "redeemed", "expired", "adjusted"]].iloc[2].tolist() == [0, 0, 20, 5]
    assert table["liability"].tolist()[:3] == [320, 200, 170]
    assert table["cost"].tolist()[:3] == [7, 167, 7]
    assert table.iloc[3, 2:].isna().all()
    assert result.headline["outstanding"] == 85


def test_breakage_is_what_expired_of_the_points_whose_fate_is_known() -> None:
    """By March 80 were redeemed and 20 expired; what is in hand is in neither number."""
    table = rk.metrics.loyalty(logs.points(LEDGER, "2024-04-10")).table
    assert table["breakage"][2] == 0.2


def test_until_a_point_has_expired_breakage_is_missing_and_not_0() -> None:
    """In February 80 points were redeemed, and none had expired."""
    table = rk.metrics.loyalty(logs.points(LEDGER, "2024-04-10")).table
    assert isnan(table["breakage"][0])
    assert isnan(table["breakage"][1])


def test_without_a_price_the_ledger_has_points_and_no_money() -> None:
    result = rk.metrics.loyalty(logs.points(LEDGER, "2024-04-10"))
    assert result.table[["liability", "cost", "break_even"]].isna().all(axis=None)
    assert result.headline["sentence"] == "points"


def test_a_ledger_without_signs_takes_them_from_the_kind() -> None:
    plain = [(who, day, abs(points), kind) for who, day, points, kind in LEDGER]
    result = rk.metrics.loyalty(logs.points(plain, "2024-04-10"))
    assert result.table["outstanding"].tolist()[:3] == [160, 100, 85]
    assert "unsigned_points" in {note.code for note in result.notes}


def test_a_correction_below_nothing_says_nothing_of_the_signs_of_the_others() -> None:
    """100 are earned and 50 redeemed, without a sign; 5 are taken back: 45 are outstanding."""
    rows = [
        ("ana", "2024-01-05", 100, "earned"),
        ("ana", "2024-01-10", 50, "redeemed"),
        ("ana", "2024-01-15", -5, "adjusted"),
    ]
    result = rk.metrics.loyalty(logs.points(rows, "2024-01-31"))
    assert result.table[["earned", "redeemed", "adjusted", "outstanding"]].iloc[0].tolist() == [100, 50, -5, 45]
    assert [note.code for note in result.notes if note.code.endswith("_points")] == ["unsigned_points"]


def test_a_ledger_in_which_nothing_went_needs_no_word_on_signs() -> None:
    result = rk.metrics.loyalty(logs.points(LEDGER[:2], "2024-01-31"))
    assert "unsigned_points" not in {note.code for note in result.notes}


def test_spent_points_that_came_back_lower_what_was_redeemed_and_are_said() -> None:
    rows = [*LEDGER, ("ana", "2024-02-12", 30, "redeemed")]
    result = rk.metrics.loyalty(logs.points(rows, "2024-04-10"))
    assert result.table["redeemed"][1] == 50
    assert {note.code: note.facts for note in result.notes}["contrary_points"] == {"count": 1}


def test_a_balance_below_nothing_is_said_and_a_sound_ledger_has_none() -> None:
    assert "negative_balance" not in {
        note.code for note in rk.metrics.loyalty(logs.points(LEDGER, "2024-04-10")).notes
    }
    rows = [*LEDGER, ("cyrus", "2024-02-12", -30, "redeemed")]
    notes = {note.code: note.facts for note in rk.metrics.loyalty(logs.points(rows, "2024-04-10")).notes}
    assert notes["negative_balance"] == {"count": 1}


def test_break_even_is_the_rise_over_the_revenue_without_the_programme() -> None:
    """In February 80 points cost 160. At a margin of one half the members' 1,600 hold 320 that only pay for it.

    ana and bita are members and bring 1,600; cyrus is none. 320 over the other 1,280 is a quarter.
    """
    rows = [("ana", "2024-02-03", 1000), ("bita", "2024-02-04", 600), ("cyrus", "2024-02-05", 999)]
    orders = logs.orders([("zara", "2024-01-01", 1), *rows], "2024-04-10")
    result = rk.metrics.loyalty(logs.points(LEDGER, "2024-04-10"), orders=orders, money_per_point=2.0, margin=0.5)
    february = result.table.iloc[1]
    assert february[["cost", "members_revenue", "break_even"]].tolist() == [160, 1600, 0.25]


MONTHS = 8
POINTS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.integers(0, 200).map(lambda day: date(2024, 1, 1) + timedelta(day)),
        st.integers(-40, 90).map(float),
        st.sampled_from(["earned", "redeemed", "expired", "adjusted"]),
    ),
    min_size=1,
    max_size=20,
)
UNTIL = date(2024, 8, 31)


@settings(max_examples=25, deadline=None)
@given(rows=POINTS, chance=st.randoms())
def test_every_sum_of_the_ledger_equals_the_plain_python_sum(rows: list[Any], chance: Random) -> None:
    rows = [*rows, ("z", UNTIL, -1.0, "expired")]  # below 0: this ledger writes signs
    last = oracle.period_number(UNTIL, "month", "jalali")
    expected = oracle.ledger(rows, "month", "jalali", last)
    table = rk.metrics.loyalty(logs.points(chance.sample(rows, len(rows)), UNTIL), calendar="jalali").table
    over = table[table["outstanding"].notna()]
    for name in ("opening", "earned", "redeemed", "expired", "adjusted", "outstanding"):
        assert over[name].tolist() == [row[name] for row in expected][: len(over)]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 200), st.integers(1, 90), st.booleans()), min_size=1)
)
def test_a_sound_ledger_closes_and_never_falls_below_nothing(moves: list[tuple[str, int, int, bool]]) -> None:
    """Points are spent, or expire, only where there are some."""
    hand, rows = dict.fromkeys("ab", 0), [("z", date(2024, 1, 1), 1.0, "earned")]
    for who, day, points, goes in sorted(moves, key=lambda move: move[1]):
        change = -min(points, hand[who]) if goes else points
        hand[who] += change
        if change:
            rows.append((who, date(2024, 1, 1) + timedelta(day), float(change), "redeemed" if goes else "earned"))
    result = rk.metrics.loyalty(logs.points(rows, UNTIL))
    table = result.table
    went = table["redeemed"] + table["expired"]
    np.testing.assert_allclose(table["opening"] + table["earned"] - went + table["adjusted"], table["outstanding"])
    assert (table["outstanding"] >= 0).all()
    assert "negative_balance" not in {note.code for note in result.notes}


# Who bought in which month, and who joined in February.
JOINED = {"ana": "2024-02-10", "dara": "2024-02-11"}
BOUGHT = {
    "zara": (1,),
    "ana": (2, 3),
    "bita": (2,),
    "cyrus": (2, 4),
    "dara": (2,),
    "elham": (1, 2, 3),
    "farid": (3, 4),
}


def shop(until: str = "2024-06-30") -> rk.Log:
    rows = [(who, f"2024-{month:02}-05", 10) for who, months in BOUGHT.items() for month in months]
    return logs.orders(rows, until)


def member_list() -> rk.Log:
    return logs.points([(who, day, 5, "earned") for who, day in JOINED.items()], "2024-06-30")


def by_who(result: rk.Result, comparison: str) -> dict[str, tuple[int, int]]:
    rows = result.table[result.table["comparison"] == comparison]
    return {row.who: (row.customers, row.kept) for row in rows.itertuples()}


def test_members_are_met_beside_those_who_were_as_likely_to_stay() -> None:
    """ana and dara joined in February, their first month; ana bought again.

    Comparable: bita and cyrus, whose first month it was too; cyrus bought again. elham had bought before.
    """
    result = rk.metrics.members(shop(), points=member_list(), follow=2)
    assert by_who(result, "comparable") == {"members": (2, 1), "others": (2, 1)}
    assert result.headline["difference"] == 0


def test_the_naive_comparison_asks_todays_list_who_is_still_there() -> None:
    """Watched until April: who bought in March or April is still there."""
    result = rk.metrics.members(shop("2024-04-30"), points=member_list(), follow=2)
    assert by_who(result, "naive") == {"members": (2, 1), "others": (5, 3)}


def test_who_joins_later_is_one_of_the_others_until_then() -> None:
    """cyrus joins in April: in February he has not joined, and lends the programme none of his time."""
    late = logs.points(
        [*((who, day, 5, "earned") for who, day in JOINED.items()), ("cyrus", "2024-04-01", 5, "earned")],
        "2024-06-30",
    )
    result = rk.metrics.members(shop(), points=late, follow=2)
    assert by_who(result, "comparable") == {"members": (2, 1), "others": (2, 1)}
    assert by_who(result, "naive")["members"][0] == 3


def test_only_a_follow_up_that_is_wholly_watched_counts() -> None:
    for until, members in (("2024-04-30", 2), ("2024-04-29", 0)):
        result = rk.metrics.members(shop(until), points=member_list(), follow=2)
        assert by_who(result, "comparable")["members"][0] == members


def test_the_list_of_customers_says_who_is_a_member_where_it_does() -> None:
    customers = logs.customers(customer=["bita", "ana"], member=np.array(["2024-02-06", "NaT"], "datetime64[us]"))
    result = rk.metrics.members(shop(), points=member_list(), customers=customers, follow=2)
    assert by_who(result, "comparable") == {"members": (1, 0), "others": (3, 2)}


def test_others_are_weighted_to_the_strata_of_the_members() -> None:
    """Two of three members are keen. Of keen others half stay, of the rest none: a third, not a sixth."""
    february = {
        "k1": "keen",
        "k2": "keen",
        "k3": "keen",
        "k4": "keen",
        "r1": "rest",
        **{f"r{n}": "rest" for n in range(2, 6)},
    }
    stays = {"k1", "k3"}
    rows = [("zara", "2024-01-01", 1), *((who, "2024-02-05", 1) for who in february)]
    orders = logs.orders([*rows, *((who, "2024-03-05", 1) for who in stays)], "2024-06-30")
    points = logs.points([(who, "2024-02-06", 5, "earned") for who in ("k1", "k2", "r1")], "2024-06-30")
    customers = logs.customers(customer=[*february], segment=[*february.values()])
    result = rk.metrics.members(orders, points=points, customers=customers, by="segment", follow=1)
    assert result.headline["member_rate"] == pytest.approx(1 / 3)
    assert result.headline["other_rate"] == pytest.approx(2 / 3 * 1 / 2 + 1 / 3 * 0)
    plain = rk.metrics.members(orders, points=points, customers=customers, follow=1)
    assert plain.headline["other_rate"] == pytest.approx(1 / 6)


def test_a_member_unlike_anybody_is_left_out_and_counted() -> None:
    """elham joins in February, with a month behind her: nobody else has one."""
    points = logs.points([("elham", "2024-02-06", 5, "earned"), ("ana", "2024-02-06", 5, "earned")], "2024-06-30")
    result = rk.metrics.members(shop(), points=points, follow=2)
    assert by_who(result, "comparable")["members"] == (1, 1)
    assert {note.code: note.facts for note in result.notes}["members_unmatched"] == {"count": 1}


def test_members_of_a_subscription_are_held_at_the_end_of_the_follow_up() -> None:
    """ana and bita begin in February and ana joins; bita's ends in March, a pause keeps ana."""
    rows = [
        {"customer": "zara", "start": "2024-01-01"},
        {"customer": "ana", "start": "2024-02-01", "end": "2024-03-01", "mrr": 80.0},
        {"customer": "ana", "start": "2024-03-01", "mrr": 0.0, "status": "paused"},
        {"customer": "bita", "start": "2024-02-01", "end": "2024-03-15"},
        {"customer": "cyrus", "start": "2024-02-01", "trial_end": "2024-03-10"},
    ]
    points = logs.points([("ana", "2024-02-10", 5, "earned")], "2024-06-30")
    result = rk.metrics.members(logs.subscriptions(rows, "2024-06-30"), points=points, follow=1)
    assert by_who(result, "comparable") == {"members": (1, 1), "others": (1, 0)}


def test_what_members_bring_is_held_against_comparable_customers() -> None:
    """All join or begin in February and buy again in March: members for 15, others for 10."""
    names = [f"{number:02}" for number in range(60)]
    rows = [("zara", "2024-01-01", 1.0), *((who, "2024-02-05", 10.0) for who in names)]
    rows += [(who, "2024-03-05", 15.0 if number % 2 else 10.0) for number, who in enumerate(names)]
    points = logs.points([(who, "2024-02-05", 5, "earned") for who in names[1::2]], "2024-06-30")
    headline = rk.metrics.members(logs.orders(rows, "2024-06-30"), points=points).headline
    assert headline["uplift"] == pytest.approx(0.5)
    assert headline["uplift_low"] == headline["uplift_high"] == pytest.approx(0.5)


def test_the_order_of_rows_changes_no_number_of_members() -> None:
    rows = [(f"{n % 37}", date(2024, 1, 1) + timedelta(n * 7 % 230), 1.1 + n / 7) for n in range(400)]
    points = logs.points([(f"{n}", date(2024, 2, 1) + timedelta(n * 9), 1.0, "earned") for n in range(12)], UNTIL)
    plain, shuffled = (
        rk.metrics.members(logs.orders(given, UNTIL), points=points)
        for given in (rows, rows[::3] + rows[1::3] + rows[2::3])
    )
    assert plain.headline == shuffled.headline


ORDERS = st.lists(
    st.tuples(
        st.sampled_from("abcdef"),
        st.integers(0, 200).map(lambda day: date(2024, 1, 1) + timedelta(day)),
        st.sampled_from([5.0, 5.0, -5.0]),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=25, deadline=None)
@given(
    rows=ORDERS,
    joined=st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 200), min_size=1),
    follow=st.integers(1, 3),
    chance=st.randoms(),
)
def test_members_and_others_equal_the_plain_python_count(
    rows: list[oracle.Order], joined: dict[str, int], follow: int, chance: Random
) -> None:
    days = {who: date(2024, 1, 1) + timedelta(day) for who, day in joined.items()}
    last = oracle.period_number(UNTIL, "month", "gregorian")
    members, stayed, weighted = oracle.comparable_members(rows, days, last, follow)
    points = logs.points([(who, day, 1.0, "earned") for who, day in days.items()], UNTIL)
    result = rk.metrics.members(logs.orders(chance.sample(rows, len(rows)), UNTIL), points=points, follow=follow)
    assert by_who(result, "comparable")["members"] == (members, stayed)
    other_rate = result.headline["other_rate"]
    assert isnan(other_rate) if weighted is None else other_rate == pytest.approx(weighted)


@pytest.mark.parametrize(
    "given", [{"money_per_point": -1.0}, {"margin": 0.0}, {"margin": 1.5}, {"running_cost": float("nan")}]
)
def test_impossible_money_is_refused(given: dict[str, float]) -> None:
    with pytest.raises(rk.RetentionError, match=next(iter(given))):
        rk.metrics.loyalty(logs.points(LEDGER, "2024-04-10"), **given)


def test_without_points_and_without_a_list_nobody_knows_the_members() -> None:
    with pytest.raises(rk.RetentionError, match="who is a member"):
        rk.metrics.members(shop())


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("until", ["2024-01-20", "2024-02-29", "2024-06-30"])
def test_every_result_is_drawn_said_and_described_however_little_it_holds(until: str, language: str) -> None:
    money = {"money_per_point": 2.0, "margin": 0.5}
    points = logs.points(LEDGER[: 2 if until < "2024-02" else None], until)
    bought = logs.orders([("ana", "2024-01-03", 10), ("bita", "2024-01-04", 10)], until)
    results = [
        rk.metrics.loyalty(points),
        rk.metrics.loyalty(points, **money),
        rk.metrics.loyalty(points, orders=bought, **money),
        rk.metrics.members(bought, points=points, follow=1),
        rk.metrics.members(shop(), points=member_list(), follow=1),
    ]
    for result in results:
        getattr(rk.figures, result.name)(result, language).canvas.draw()
        assert rk.figures.alternative(result, language)
        assert rk.say(result, language)
        assert all(note.words(language) for note in result.notes)
        known = rk.language.catalogue(language).keys()
        assert {f"{result.name}.columns.{column}" for column in result.table} <= known


def test_the_sample_company_shows_the_trap_and_what_comparing_like_with_like_leaves_of_it() -> None:
    box = {contract: rk.load("gol_box", contract) for contract in ("points", "customers", "subscriptions")}
    asked: dict[str, Any] = {"points": box["points"], "customers": box["customers"], "calendar": "jalali"}
    rough = rk.metrics.members(box["subscriptions"], **asked).headline
    close = rk.metrics.members(box["subscriptions"], by="segment", **asked).headline
    assert rough["naive_difference"] > rough["difference"] > close["difference"]


def test_without_an_expired_point_no_sentence_speaks_of_breakage() -> None:
    for money, sentence in (({}, "in_hand"), ({"money_per_point": 2.0}, "debt")):
        result = rk.metrics.loyalty(logs.points(LEDGER[:4], "2024-02-29"), **money)
        assert result.headline["sentence"] == sentence
        assert "—" not in rk.say(result, "fa")


def test_a_ledger_of_which_more_came_back_than_was_spent_has_no_breakage() -> None:
    rows = [*LEDGER[:2], ("ana", "2024-02-10", -10, "redeemed"), ("bita", "2024-02-12", 30, "redeemed")]
    table = rk.metrics.loyalty(logs.points(rows, "2024-02-29")).table
    assert table[["breakage", "breakage_low", "breakage_high"]].isna().all(axis=None)


def test_orders_and_subscriptions_say_each_what_they_count_as_kept() -> None:
    """ana and bita joined in February, cyrus and dara began then too; one of either pair is there in March."""
    who = ("ana", "bita", "cyrus", "dara")
    stays = ("ana", "cyrus")
    ordered = [("zara", "2024-01-01", 1), *((one, "2024-02-05", 10) for one in who)]
    ordered += [(one, "2024-03-05", 10) for one in stays]
    held: list[dict[str, Any]] = [{"customer": "zara", "start": "2024-01-01"}]
    held += [
        {"customer": one, "start": "2024-02-01", "end": None if one in stays else "2024-03-10"} for one in who
    ]
    points = logs.points([(one, "2024-02-10", 5, "earned") for one in who[:2]], "2024-06-30")
    said = {
        log.contract: rk.metrics.members(log, points=points, follow=1)
        for log in (logs.orders(ordered, "2024-06-30"), logs.subscriptions(held, "2024-06-30"))
    }
    assert "In the 1-month follow-up after joining 50% of those who joined ordered at least once, against 50%" in (
        rk.say(said["orders"], "en")
    )
    assert "1 month after joining 50% of those who joined still subscribed, against 50%" in (
        rk.say(said["subscriptions"], "en")
    )
    assert "تا ۱ ماه پس از عضویت، ۵۰٪ از کسانی که عضو شدند دست‌کم یک بار سفارش دادند" in rk.say(
        said["orders"], "fa"
    )
    for contract, result in said.items():
        assert {f"kept_{contract}", "others_weighted"} <= logs.codes(result).keys()


def test_one_member_left_out_is_said_as_one() -> None:
    notes = [rk.tables.Note("members_unmatched", {"count": count}).words("fa") for count in (1, 2)]
    assert "۱ عضو کنار گذاشته شده است" in notes[0]
    assert "۲ عضو کنار گذاشته شده‌اند" in notes[1]


def test_what_expired_of_one_customer_is_a_share_without_an_interval() -> None:
    rows = [("ana", "2024-01-05", 100, "earned"), ("ana", "2024-01-09", -10, "expired")]
    result = rk.metrics.loyalty(logs.points(rows, "2024-01-31"))
    assert rk.say(result, "en").endswith("Of the points whose fate is known, 100% were never redeemed.")
