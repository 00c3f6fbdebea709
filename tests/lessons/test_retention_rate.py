"""Lesson 01 on the café of its prose."""

import pytest

import retention_kit as rk
from tests.lessons.spoken import words


def test_the_cafe_of_the_prose_keeps_60_percent_by_name_and_80_by_the_textbook(begin):
    headline = rk.metrics.retention_rate(begin().log).headline
    assert (headline["start"], headline["new"], headline["returned"], headline["end"]) == (5, 1, 1, 5)
    assert (headline["rate"], headline["textbook_rate"]) == (pytest.approx(0.6), pytest.approx(0.8))


@pytest.mark.parametrize(
    ("benchmark", "said"),
    [(0.7, "Below your benchmark: in June 2024 the rate was 60%"), (0.5, "At or above your benchmark")],
)
def test_the_alert_compares_with_the_founders_own_benchmark(begin, shown, benchmark, said):
    lesson = begin(benchmark=benchmark)
    lesson.show(rk.metrics.retention_rate(lesson.log))
    assert said in words(shown)


def test_a_benchmark_for_months_raises_no_alert_for_quarters(begin, shown):
    lesson = begin(benchmark=0.7)
    shown.clear()
    lesson.show(rk.metrics.retention_rate(lesson.log, every="week"))
    assert "benchmark" not in words(shown)


def test_a_guess_is_compared_with_the_counted_rate(begin, shown):
    lesson = begin()
    lesson.predict("guess").guess = 0.9
    lesson.show(rk.metrics.retention_rate(lesson.log))
    assert "You guessed 90%. Counted, it was 60%" in words(shown)


def test_what_follows_from_a_rate_is_computed_by_the_formulas(begin, shown):
    lesson = begin()
    result = rk.metrics.retention_rate(lesson.log)
    shown.clear()
    lesson.outlook(result)
    # May kept 3 of 4 and June 3 of 5; 2 came in May and 2 in June.
    rate = 6 / 9
    assert f"12 months {rate**12:.1%} {5 * rate**12 + 2 * (1 - rate**12) / (1 - rate):.0f}" in words(shown)
    assert "stays 3 months in a row on average" in words(shown)


def test_the_labs_begin_with_todays_customers_and_the_averages(begin):
    lesson = begin()
    given = lesson.today(rk.metrics.retention_rate(lesson.log))
    # Of the 4 and 5 who began May and June 6 were kept; 2 came in each month, new or returning.
    assert given == {"customers": 5, "new": 2, "retention_rate": 0.667}
    assert lesson.lab("retention_trend", given, benchmark=0.0).values["customers"] == 5
    assert lesson.lab("profit", given).values["retention_rate"] == 0.667


def test_the_traps_are_shown_on_the_readers_own_orders(begin, shown):
    lesson = begin(observed_until="2024-06-20")
    result = rk.metrics.retention_rate(lesson.log)
    shown.clear()
    lesson.traps(result)
    # The last complete period is May: 3 of 4 kept. June, taken for complete, would say 3 of 5.
    assert "taken for kept — — Both numbers are 75% today, so this trap is not in these data." in words(shown)
    assert "still runs 60% — June 2024 has been seen only until 20 June 2024" in words(shown)


def test_the_average_of_averages_is_not_the_average(begin, shown):
    lesson = begin()
    lesson.traps(rk.metrics.retention_rate(lesson.log))
    assert f"average of the rates {(3 / 4 + 3 / 5) / 2:.1%} {6 / 9:.1%}" in words(shown)
    assert "taken for kept 80% 60% Customers who came back after a break in June 2024: 1." in words(shown)
    assert "still runs — — These data end with a complete period" in words(shown)


def test_a_log_of_one_period_says_that_there_is_no_rate_yet(begin, shown):
    lesson = begin(every="year")
    result = rk.metrics.retention_rate(lesson.log, every="year")
    for show in (lesson.show, lesson.outlook, lesson.traps, lesson.say):
        shown.clear()
        show(result)
        assert shown
    assert "no retention rate to tell" in words(shown)
    assert lesson.today(result) == {}
