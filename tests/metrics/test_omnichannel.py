"""Retention by channels: counted before the follow-up begins, and the trap of counting them over a whole life."""

from datetime import date, timedelta
from importlib import import_module
from math import isnan
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import retention_kit as rk
from tests import oracle
from tests.metrics import logs

# zara opens the log, so that nobody else begins in its first days.
OPENS = ("zara", "2024-01-01", 1, "shop")
SMALL = [
    OPENS,
    ("ana", "2024-02-01", 5, "shop"),
    ("ana", "2024-02-10", 5, "site"),
    ("ana", "2024-03-05", 5, "shop"),
    ("bita", "2024-02-01", 5, "shop"),
    ("bita", "2024-03-10", 5, "app"),
    ("bita", "2024-05-20", 5, "site"),
    ("cyrus", "2024-02-03", 5, "site"),
    ("cyrus", "2024-02-20", -5, "app"),
    ("dara", "2024-06-01", 5, "site"),
]


def counted(result: rk.Result, counting: str) -> dict[int, tuple[int, int]]:
    rows = result.table[result.table["counting"] == counting]
    return {row.channels: (row.customers, row.kept) for row in rows.itertuples()}


def test_a_small_log_counts_as_it_does_by_eye() -> None:
    """First days are 30, the follow-up 90.

    ana    shop, site, then shop on day 33      two channels first, stayed
    bita   shop, then app on day 38, site       one channel first, three in all, stayed
    cyrus  site; a refund through the app       one channel, did not stay: a refund is no visit
    dara   too late to be followed; zara too early to be surely new
    """
    result = rk.metrics.omnichannel(logs.orders(SMALL, "2024-06-30", "channel"))
    assert counted(result, "first_days") == {1: (2, 1), 2: (1, 1)}
    assert counted(result, "whole_life") == {1: (1, 0), 2: (1, 1), 3: (1, 1)}
    said = {note.code: note.facts["count"] for note in result.notes if "count" in note.facts}
    assert (said["channels_early"], said["channels_late"]) == (1, 1)


def test_counting_over_a_whole_life_makes_those_who_stayed_look_multichannel() -> None:
    headline = rk.metrics.omnichannel(logs.orders(SMALL, "2024-06-30", "channel")).headline
    assert (headline["single_rate"], headline["several_rate"]) == (0.5, 1.0)
    assert (headline["naive_single_rate"], headline["naive_several_rate"]) == (0.0, 1.0)


def test_customers_who_are_met_in_parts_are_counted_as_those_met_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty customers of the shop, every other of whom chats; ten ids chat and never buy."""
    again = [(f"c{n}", f"2024-03-{n % 28 + 1:02}", 5, "shop") for n in range(40)]
    bought = [OPENS, *((who, "2024-02-01", 5, "shop") for who, *_ in again), *again]
    orders = logs.orders(bought, "2024-06-30", "channel")
    came = [("zara", "2024-01-01", "shop"), *((f"c{n}", "2024-02-02", "chat") for n in range(0, 60, 2))]
    contacts = logs.touchpoints(came, "2024-06-30")
    at_once = rk.metrics.omnichannel(orders, touchpoints=contacts)
    assert (at_once.headline["single"], at_once.headline["several"], at_once.headline["strangers"]) == (20, 20, 10)
    monkeypatch.setattr(import_module("retention_kit.metrics.omnichannel"), "_AT_ONCE", 2)
    assert rk.metrics.omnichannel(orders, touchpoints=contacts).as_dict() == at_once.as_dict()


def test_an_order_on_the_last_of_the_first_days_keeps_nobody_and_the_next_day_does() -> None:
    for day, kept in (("2024-03-01", 0), ("2024-03-02", 1), ("2024-05-30", 1), ("2024-05-31", 0)):
        rows = [OPENS, ("ana", "2024-02-01", 5, "shop"), ("ana", day, 5, "shop")]
        result = rk.metrics.omnichannel(logs.orders(rows, "2024-06-30", "channel"))
        assert counted(result, "first_days") == {1: (1, kept)}


def test_a_customer_counts_only_when_the_follow_up_is_wholly_watched() -> None:
    """1 February and 120 days: the last is 30 May."""
    rows = [OPENS, ("ana", "2024-02-01", 5, "shop")]
    for until, customers in (("2024-05-30", 1), ("2024-05-29", 0)):
        headline = rk.metrics.omnichannel(logs.orders(rows, until, "channel")).headline
        assert headline["customers"] == customers


def test_spelling_makes_no_channel() -> None:
    rows = [
        OPENS,
        ("ana", "2024-02-01", 5, "Shop"),
        ("ana", "2024-02-02", 5, " shop "),
        ("ana", "2024-02-03", 5, ""),
    ]
    result = rk.metrics.omnichannel(logs.orders(rows, "2024-06-30", "channel"))
    assert counted(result, "first_days") == {1: (1, 0)}


def test_contacts_count_where_the_customer_began_them() -> None:
    """ana calls on her second day; we text her and mail her, which is no channel she used."""
    orders = logs.orders([row[:3] for row in (OPENS, ("ana", "2024-02-01", 5))], "2024-06-30")
    rows = [
        ("zara", "2024-01-01", "chat", "inbound"),
        ("ana", "2024-02-02", "telephone", "inbound"),
        ("ana", "2024-02-03", "sms", "outbound"),
        ("ana", "2024-03-20", "e-mail", None),
    ]
    met = logs.touchpoints(rows, "2024-06-30", "direction")
    result = rk.metrics.omnichannel(orders, touchpoints=met)
    assert counted(result, "first_days") == {1: (1, 0)}
    assert counted(result, "whole_life") == {2: (1, 0)}
    unsaid = logs.touchpoints([row[:3] for row in rows], "2024-06-30")
    assert counted(rk.metrics.omnichannel(orders, touchpoints=unsaid), "first_days") == {2: (1, 0)}


def test_first_days_that_contacts_do_not_cover_are_left_out() -> None:
    """Contacts are watched from 10 March: ana began before, bita after; and then only until 20 June."""
    orders = logs.orders(
        [
            row[:3]
            for row in (OPENS, ("ana", "2024-03-01", 5), ("bita", "2024-03-10", 5), ("cyrus", "2024-06-01", 5))
        ],
        "2024-12-31",
    )
    met = logs.touchpoints([("bita", "2024-03-10", "chat"), ("ana", "2024-03-12", "chat")], "2024-06-20")
    result = rk.metrics.omnichannel(orders, touchpoints=met)
    assert counted(result, "first_days") == {1: (1, 0)}
    assert {note.code: note.facts.get("count") for note in result.notes} == {
        "channels_early": 2,
        "channels_late": 1,
        "small_groups": 2,
    }


def test_an_identity_is_shared_where_one_id_is_seen_on_two_channels() -> None:
    """Of zara, ana, bita, cyrus and dara, ana and bita are; the number 0912 bought nothing under that name."""
    met = logs.touchpoints([("0912", "2024-01-20", "telephone"), ("ana", "2024-02-09", "site")], "2024-06-30")
    headline = rk.metrics.omnichannel(logs.orders(SMALL, "2024-06-30", "channel"), touchpoints=met).headline
    assert (headline["seen"], headline["seen_on_two"], headline["strangers"]) == (5, 2, 1)
    assert headline["identity_rate"] == 0.4


def test_two_channels_need_two_visits_so_visits_are_held_equal() -> None:
    """40 come once and leave; 40 come twice by one channel, 40 twice by two, and all of these 80 stay."""
    rows = [OPENS]
    for number in range(120):
        name, second = f"{number:03}", "site" if number >= 80 else "shop"
        rows.append((name, "2024-02-01", 5, "shop"))
        if number >= 40:
            rows += [(name, "2024-02-10", 5, second), (name, "2024-03-20", 5, "shop")]
    headline = rk.metrics.omnichannel(logs.orders(rows, "2024-06-30", "channel")).headline
    assert headline["difference"] == 0.5
    assert headline["even_difference"] == 0
    assert headline["sentence"] == "open"


def test_the_sentence_says_on_how_few_customers_a_gap_at_as_many_visits_rests() -> None:
    """50 come once; of who come twice, 7 do so by one channel and 30 by two, 10 of whom stay."""
    rows = [OPENS]
    for number in range(87):
        rows.append((f"{number:02}", "2024-02-01", 5, "shop"))
        if number >= 50:
            rows.append((f"{number:02}", "2024-02-10", 5, "site" if number >= 57 else "shop"))
        if number >= 77:
            rows.append((f"{number:02}", "2024-03-20", 5, "shop"))
    result = rk.metrics.omnichannel(logs.orders(rows, "2024-06-30", "channel"))
    found = result.headline
    assert (found["single"], found["even_single"], found["even_several"]) == (57, 7, 30)
    assert "(30 on several channels, 7 on one) the gap is +33.3 points" in rk.say(result, "en")
    assert "(۳۰ چندکاناله و ۷ تک‌کاناله)" in rk.say(result, "fa")


def test_without_anybody_who_came_as_often_nothing_is_claimed_about_channels() -> None:
    headline = rk.metrics.omnichannel(logs.orders(SMALL, "2024-06-30", "channel")).headline
    assert headline["sentence"] == "uneven"
    assert isnan(headline["even_difference"])
    assert (headline["even_several"], headline["even_single"]) == (0, 0)


ROWS = st.lists(
    st.tuples(
        st.sampled_from("abcd"),
        st.integers(0, 40).map(lambda day: date(2024, 1, 1) + timedelta(day)),
        st.sampled_from([5.0, 5.0, -5.0]),
        st.sampled_from(["shop", "site", "app"]),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=25, deadline=None)
@given(
    rows=ROWS,
    contacts=st.lists(st.tuples(st.sampled_from("abcx"), st.integers(0, 40), st.sampled_from(["sms", "app"]))),
    first_days=st.integers(1, 6),
    follow_days=st.integers(1, 9),
    chance=st.randoms(),
)
def test_every_count_equals_the_plain_python_count(
    rows: list[Any], contacts: list[Any], first_days: int, follow_days: int, chance: Random
) -> None:
    until = date(2024, 2, 12)
    met = [(who, date(2024, 1, 1) + timedelta(day), channel) for who, day, channel in contacts]
    # A contact on the first day and one on the last: contacts are watched throughout.
    met += [("nobody", min(day for _, day, _, _ in rows), "sms"), ("nobody", until, "sms")]
    expected = oracle.channel_lives(rows, met, first_days=first_days, follow_days=follow_days, until=until)
    shuffled = chance.sample(rows, len(rows))
    result = rk.metrics.omnichannel(
        logs.orders(shuffled, until, "channel"), touchpoints=logs.touchpoints(met, until),
        first_days=first_days, follow_days=follow_days,
    )  # fmt: skip
    assert {counting: counted(result, counting) for counting in ("first_days", "whole_life")} == expected


@pytest.mark.parametrize("given", [{"first_days": 0}, {"follow_days": 0}])
def test_windows_of_no_day_are_refused(given: dict[str, int]) -> None:
    with pytest.raises(rk.RetentionError, match=next(iter(given))):
        rk.metrics.omnichannel(logs.orders(SMALL, "2024-06-30", "channel"), **given)


def test_orders_without_a_channel_are_refused_in_one_sentence() -> None:
    with pytest.raises(rk.RetentionError, match="through which channel"):
        rk.metrics.omnichannel(logs.orders([row[:3] for row in SMALL], "2024-06-30"))


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("until", ["2024-02-01", "2024-06-30"])
def test_every_result_is_drawn_said_and_described_however_little_it_holds(until: str, language: str) -> None:
    for rows in (SMALL, SMALL[:1], [OPENS, *SMALL[4:8]]):
        result = rk.metrics.omnichannel(logs.orders(rows, until, "channel"))
        rk.figures.omnichannel(result, language).canvas.draw()
        assert rk.figures.alternative(result, language)
        assert rk.say(result, language)
        assert all(note.words(language) for note in result.notes)
        assert {f"omnichannel.columns.{column}" for column in result.table} <= rk.language.catalogue(
            language
        ).keys()


def test_the_sample_company_shows_the_trap_and_its_truth() -> None:
    """Being on several channels does nothing in this made-up company; keen customers use more of them."""
    headline = rk.metrics.omnichannel(rk.load("bazarche", "orders")).headline
    assert headline["naive_difference"] > 2 * headline["difference"] > 0
    assert headline["even_low"] < 0 < headline["even_high"]
