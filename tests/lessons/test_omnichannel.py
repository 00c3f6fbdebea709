"""Lesson 05 on the bakery of its prose."""

import csv

import pandas as pd
import pytest

import retention_kit as rk
from retention_kit.formulas import PRACTICES
from tests.lessons.spoken import words

# The channels of the first 30 days, and the one of an order in the 90 days after.
BAKERY = {
    "Mina": (("shop", "app"), "shop"),
    "Reza": (("shop", "app"), None),
    "Sara": (("shop",), "app"),
    "Omid": (("shop",), "telephone"),
    "Neda": (("shop",), None),
    "Kian": (("app",), None),
}


@pytest.fixture
def bakery(tmp_path, shown):  # noqa: ARG001 what a lesson shows must not reach the terminal
    """Begins the lesson on the bakery; an old customer opens the log, so that the six are surely new."""
    rows = [("Old", "2024-01-01", 5, "shop")]
    for name, (first, later) in BAKERY.items():
        rows += [(name, f"2024-03-{5 + place:02}", 5, channel) for place, channel in enumerate(first)]
        if later:
            rows.append((name, "2024-04-20", 5, later))

    def start(named=True, **parameters):
        path = tmp_path / "orders.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            kept = [("customer", "time", "amount", "channel"), *rows]
            csv.writer(file).writerows(row if named else row[:3] for row in kept)
        usual = {"data": str(path), "zone": "Asia/Tehran", "observed_until": "2024-12-31"}
        return rk.lessons.begin("omnichannel", {**usual, **parameters})

    return start


def test_the_bakery_of_the_prose_shows_no_difference_and_then_a_great_one(bakery):
    found = bakery().channels().headline
    assert (found["several_rate"], found["single_rate"]) == (0.5, 0.5)
    assert (found["naive_several_rate"], found["naive_single_rate"]) == (0.75, 0.0)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_part_of_the_lesson_speaks_on_own_data(bakery, shown, language):
    lesson = bakery(language=language)
    lesson.predict("guess").guess = 0.7
    result = lesson.channels()
    for show in (lesson.show, lesson.identity, lesson.traps, lesson.say):
        shown.clear()
        show(result)
        assert words(shown)


def test_who_is_known_on_two_channels_is_counted(bakery, shown):
    lesson = bakery()
    result = lesson.channels()
    shown.clear()
    lesson.identity(result)
    assert "Of 7 buyers seen on any channel, 4 were ever seen under one and the same id on two" in words(shown)


NOBODY = float("nan")


def counted(more, naive_more, even):
    """A gap of 10 points at first sight; by so much several channels are ahead, counted in the two ways."""
    found = {"sentence": "open", "several": 10, "naive_several": 12, "naive_single": 8, "first_days": 30}
    found |= {"more": more, "more_low": more, "more_high": more, "naive_more": naive_more}
    compared = {"even_difference": even, "even_low": even, "even_high": even, "even_several": 9, "even_single": 7}
    return found | {"difference": 0.1} | compared


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (counted(0.5, 0.75, 0.02), "against one 75% 50% 12 customers ever used two channels, but only 10"),
        (counted(0.5, 0.5, 0.02), "against one — — Both numbers are 50% today"),
        (counted(0.5, 0.25, 0.02), "against one — — Counted over the whole life, several channels look no better"),
        (counted(NOBODY, NOBODY, 0.02), "against one — — 12 customers ever used two channels, but only 10"),
        (counted(0.5, 0.75, 0.02), "gap in points +10 +2 Who used two channels came at least twice. Set 9"),
        (counted(0.5, 0.75, 0.12), "gap in points — — Among customers who came equally often (9 on several"),
        (counted(0.5, 0.75, NOBODY), "gap in points +10 — Who used two channels came at least twice. Here no"),
    ],
)
def test_a_trap_of_channels_is_explained_only_where_it_is(bakery, shown, found, said):
    lesson = bakery()
    shown.clear()
    lesson.traps(rk.Result("omnichannel", pd.DataFrame(), "day", "gregorian", found))
    assert said in words(shown)


def test_a_guess_is_answered_with_both_ways_of_counting(bakery, shown):
    lesson = bakery()
    lesson.predict("guess").guess = 0.6
    lesson.show(lesson.channels())
    assert (
        "You guessed 60%. Counted in the first days, 50% ordered again; counted over the whole life it looks"
        in words(shown)
    )


def test_a_log_in_which_nobody_was_watched_long_enough_says_so(bakery, shown):
    lesson = bakery(observed_until="2024-04-30")
    result = lesson.channels()
    for show in (lesson.show, lesson.identity, lesson.traps, lesson.say):
        shown.clear()
        show(result)
        assert words(shown)
    assert "No customer with a known channel has been watched long enough" in words(shown)


def test_orders_without_a_channel_leave_the_rest_of_the_lesson_standing(bakery, shown):
    lesson = bakery(named=False)
    shown.clear()
    assert lesson.channels() is None
    assert "this part is left out" in words(shown)
    lesson.audit()
    assert "Your own audit is not there yet" in words(shown)


def test_contacts_of_the_readers_own_stand_in_for_the_channel_of_orders(bakery, tmp_path):
    path = tmp_path / "contacts.csv"
    path.write_text("customer,time,channel\nOld,2024-01-01,chat\nMina,2024-03-06,chat\nOld,2024-12-31,chat\n")
    found = bakery(named=False, touchpoints=str(path)).channels()
    assert found.headline["single"] == 1
    named = bakery(named=False, touchpoints=str(path), columns={"touchpoints.channel": "customer"})
    with pytest.raises(rk.RetentionError):
        named.channels()


def test_the_readers_own_audit_is_scored_and_names_three_steps(bakery, shown):
    states = dict.fromkeys(PRACTICES["service"], "sharing")
    lesson = bakery(practices={**states, "welcome_emails": "present", "qr_codes": "present"})
    shown.clear()
    lesson.audit()
    said = words(shown)
    assert "Service 100% 6 6 6" in said
    assert "Onboarding 10% 1 0 5" in said
    assert "Next step 1, let it share its data: QR codes." in said
    assert "Next step 2, let it share its data: Welcome e-mails." in said


@pytest.mark.parametrize(
    ("practice", "state"), [("Chat bot, day and night", "Shares data"), ("ربات گفت‌وگوی شبانه‌روزی", "داده می‌دهد")]
)
def test_an_audit_may_be_written_in_the_words_of_the_lab(bakery, shown, practice, state):
    lesson = bakery(practices={practice: state})
    shown.clear()
    lesson.audit()
    # One practice of six that shares: two points of twelve.
    assert "Service 17% 1 1 6" in words(shown)


def test_what_is_set_in_the_lab_is_scored_and_what_is_written_down_goes_before_it(bakery, shown):
    lesson = bakery()
    lab = lesson.audit_lab()
    shown.clear()
    lesson.audit()
    assert "Your own audit is not there yet" in words(shown)
    lab.inputs = dict.fromkeys(lab.inputs, 1)
    lesson.audit()
    assert "Service 50% 6 0 6" in words(shown)
    lesson = bakery(practices={"sms": "present"})
    lesson.audit_lab().inputs = lab.inputs
    shown.clear()
    lesson.audit()
    assert "Service 8% 1 0 6" in words(shown)


@pytest.mark.parametrize("practices", [{"sms": "perfect"}, {"pigeons": "present"}])
def test_a_misspelt_practice_or_state_is_refused(bakery, practices):
    with pytest.raises(rk.RetentionError):
        bakery(practices=practices).audit()


def test_the_sample_company_shows_the_claim_beside_its_own_numbers(shown):
    lesson = rk.lessons.begin("omnichannel", {"language": "en"})
    shown.clear()
    lesson.traps(lesson.channels())
    said = words(shown)
    assert "An article claims 90% more retention" in said
    found = lesson.channels().headline
    counts = f"({found['even_several']} on several channels, {found['even_single']} on one)"
    low, high = (rk.language.points(found[name], "en") for name in ("even_low", "even_high"))
    assert f"among customers who came equally often {counts} the gap is" in said
    assert f"points (95% interval {low} to {high}). And being on" in said
