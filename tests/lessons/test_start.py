"""Lesson 00: three numbers typed, three numbers counted, and a bucket."""

import pytest

import retention_kit as rk
from retention_kit.tables import RESULT_MIME
from tests.lessons.spoken import words


@pytest.fixture
def start(subscribe):
    """Ten customers of April; Omid left in June with 200 of the 1,100 they paid, and Sara came and went in it."""
    rows = [{"customer": f"C-{place}", "start": "2024-04-01", "end": "", "amount": 100} for place in range(9)]
    rows += [
        {"customer": "Omid", "start": "2024-04-01", "end": "2024-06-10", "amount": 200},
        {"customer": "Sara", "start": "2024-06-03", "end": "2024-06-20", "amount": 100},
    ]
    return lambda **parameters: subscribe("start", rows, **parameters)


def test_the_yoga_studio_of_the_prose_keeps_85_percent():
    lab = rk.Lab(
        "three_numbers", language="en", at_start=20, new=5, at_end=22, lost=3, opening=10, lost_revenue=1.2
    )
    names = ("retention_rate", "churn_rate", "revenue_churn_rate")
    assert [lab.values[name] for name in names] == pytest.approx([0.85, 0.15, 0.12])


@pytest.mark.parametrize("language", ["en", "fa"])
def test_three_numbers_are_counted_and_carry_their_intervals_and_notes(start, shown, language):
    lesson = start(language=language)
    kept, leaked = rk.metrics.retention_rate(lesson.log), rk.metrics.revenue_churn(lesson.log)
    lesson.predict("guess").guess = 0.5
    shown.clear()
    lesson.three_numbers(kept, leaked)
    said = words(shown)
    for share in (0.9, 0.1, 200 / 1100, 0.5):
        assert rk.language.percent(share, language) in said
    assert all(note.words(language) in said for result in (kept, leaked) for note in result.notes)
    assert [output[RESULT_MIME]["name"] for output in shown if RESULT_MIME in output] == [
        "retention_rate",
        "revenue_churn",
    ]


def test_orders_give_two_numbers_and_one_line_on_the_third(begin, shown):
    lesson = begin("start", contract="orders")
    shown.clear()
    assert not lesson.has("subscriptions")
    kept = rk.metrics.retention_rate(lesson.log)
    lesson.three_numbers(kept, None)
    lesson.traps(kept)
    lesson.meeting(kept, None)
    assert "RCR is left out" in words(shown)
    assert "Kept (CRR) 60%" in words(shown)
    assert "Revenue leaked" not in words(shown)
    assert "This trap needs subscriptions" in words(shown)


def test_the_sentence_for_the_meeting_holds_all_three_numbers(start, shown):
    lesson = start()
    kept, leaked = rk.metrics.retention_rate(lesson.log), rk.metrics.revenue_churn(lesson.log)
    shown.clear()
    lesson.meeting(kept, leaked)
    assert words(shown).startswith("In June 2024 we kept 90% of our customers")
    assert "lost 10% of them, and with all cuts 18.2% of our recurring revenue" in words(shown)


def test_looking_once_a_year_misses_who_came_and_left(start, shown):
    lesson = start(observed_until="2024-12-31")
    shown.clear()
    lesson.traps(rk.metrics.retention_rate(lesson.log, every="month"))
    # Seen once a year, Omid too came and left in between.
    assert "between two looks 0 2 Look once a year, and 2 customers have come and gone unseen" in words(shown)
    assert "counted as above it is 1" in words(shown)


def test_the_bucket_begins_with_todays_customers_and_the_averages(start):
    lesson = start()
    given = lesson.bucket(rk.metrics.retention_rate(lesson.log))
    # Of the 10 who began May and June one was lost; nobody new was there at an end.
    assert given == {"customers": 9, "new": 0, "churn_rate": 0.05}
    assert lesson.lab("leaky_bucket", given).values["level"][0] == 9


@pytest.mark.parametrize("language", ["en", "fa"])
def test_without_a_rate_one_line_stands_where_the_bucket_would_be_filled_with_numbers_of_nobody(
    start, shown, language
):
    lesson = start(language=language)
    kept = rk.metrics.retention_rate(lesson.log, every="year")
    shown.clear()
    assert lesson.lab("leaky_bucket", lesson.bucket(kept)) is None
    assert words(shown) == rk.language.text("lesson.no_rate", language)


def test_a_log_of_one_period_says_that_there_is_no_number_yet(start, shown):
    lesson = start()
    kept, leaked = (
        metric(lesson.log, every="year") for metric in (rk.metrics.retention_rate, rk.metrics.revenue_churn)
    )
    shown.clear()
    lesson.three_numbers(kept, leaked)
    lesson.traps(kept)
    lesson.meeting(kept, leaked)
    assert words(shown).count("no retention rate to tell") == 3
    assert lesson.bucket(kept) == {}


def test_who_has_no_file_hears_nothing_of_rows(shown):
    lesson = rk.lessons.begin("start", {"language": "en"})
    assert "Rows" not in words(shown)
    assert lesson.log.contract == "subscriptions"
