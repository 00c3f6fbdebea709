"""Lesson 02 on the tea company of its prose."""

import pytest

import retention_kit as rk
from retention_kit import formulas
from tests.lessons.spoken import words

STAY = ("Mina", "Reza", "Sara", "Kian", "Laleh", "Parisa")
LEFT = {"Omid": "Too much tea for me", "Neda": "payment failed"}


@pytest.fixture
def tea(subscribe):
    """A dot of the table in the prose is a subscription that runs on the last evening of the month."""
    rows = [{"customer": name, "start": "2024-04-10"} for name in STAY]
    rows += [
        {"customer": name, "start": "2024-04-10", "end": "2024-06-12", "reason": why} for name, why in LEFT.items()
    ]
    rows += [
        {"customer": "Babak", "start": "2024-06-09"},
        {"customer": "Arash", "start": "2024-06-03", "end": "2024-06-20"},
    ]
    for row in rows:
        row |= {"amount": 100, "plan": "large" if row["customer"] in STAY[:5] else "small"}
    return lambda **parameters: subscribe("churn", rows, **parameters)


def test_june_of_the_prose_loses_two_of_eight_and_keeps_the_rest(tea):
    lesson = tea()
    lost, kept = rk.metrics.churn(lesson.log).headline, rk.metrics.retention_rate(lesson.log)
    assert (lost["start"], lost["lost"], lost["rate"]) == (8, 2, 0.25)
    assert lost["rate"] + kept.headline["rate"] == 1
    assert (kept.headline["new"], kept.table["came_and_left"].iloc[-1]) == (1, 1)


def test_reasons_are_shares_of_the_known_ones_with_their_intervals(tea, shown):
    lesson = tea()
    result = rk.metrics.churn(lesson.log)
    shown.clear()
    lesson.causes(result)
    low, high = formulas.wilson_interval(1, 2)
    assert f"Their own choice 1 50% {low:.1%} to {high:.1%} A payment failed 1 50%" in words(shown)
    assert "Nobody wrote it down 0 — —" in words(shown)


def test_a_log_without_reasons_says_so_in_one_line(begin, shown):
    lesson = begin("churn", contract="orders")
    shown.clear()
    lesson.causes(rk.metrics.churn(lesson.log))
    (line,) = shown
    assert words([line]).startswith("No reason is written down")


def test_columns_that_hold_nothing_are_not_shown(begin, shown):
    lesson = begin("churn", contract="orders")
    shown.clear()
    lesson.show(rk.metrics.churn(lesson.log, calendar="gregorian"))
    assert "Period CCR At start (S) Lost (L) April 2024" in words(shown)


def test_each_group_is_pooled_over_its_periods(tea, shown):
    lesson = tea()
    result = rk.metrics.churn(lesson.log, by="plan")
    shown.clear()
    lesson.show(result)
    # April to June: of the small ones 3 began May and June each, and 2 were lost; of the large ones nobody.
    assert "small 33.3%" in words(shown)
    assert "6 2" in words(shown)
    assert "large 0%" in words(shown)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_constant_churn_stands_beside_the_survival_curve(tea, shown, language):
    lesson = tea(language=language)
    result, lives = rk.metrics.churn(lesson.log), rk.metrics.survival(lesson.log)
    shown.clear()
    lesson.lifetimes(result, lives)
    # 2 of 16 were lost per period; of the 8 of April all are left after one month and 6 after two.
    said = words(shown)
    assert rk.language.percent(1 - 2 / 16, language) in said
    assert rk.language.number(8, language) in said


def test_churn_that_falls_with_age_is_told_from_constant_churn(tea, shown):
    lesson = tea()
    # Of 1,000 customers 300 left after one period, and nobody in the eleven that followed.
    falling = rk.metrics.survival({"duration": [1] * 300 + [12] * 700, "left": [1] * 300 + [0] * 700})
    shown.clear()
    lesson.lifetimes(rk.metrics.churn(lesson.log), falling)
    assert "Churn is not constant here" in words(shown)


def leaving(early: int, late: int) -> rk.Result:
    """Of 100 who began, so many leave after one period; of those who are left, so many after seven."""
    stay = 100 - early - late
    return rk.metrics.survival(
        {"duration": [1] * early + [7] * (late + stay), "left": [1] * (early + late) + [0] * stay}
    )


@pytest.mark.parametrize(
    ("early", "late", "said"),
    [
        # 40 of 220 in the first three periods, 9 of 60 after six: Newcombe's interval holds 0.
        (40, 9, "Chance alone may make that difference"),
        # 5 of 290 against 6 of 95: 0.5 to 11.4 points more, though the intervals of the two shares overlap.
        (5, 6, "and not as usual"),
    ],
)
def test_whether_newcomers_leave_sooner_is_judged_by_the_interval_of_the_difference(tea, shown, early, late, said):
    lesson = tea()
    lives = leaving(early, late)
    shown.clear()
    lesson.lifetimes(rk.metrics.churn(lesson.log), lives)
    assert said in words(shown)


def test_the_sample_company_whose_churn_falls_is_shown_beside(tea, shown):
    lesson = tea()
    shown.clear()
    lesson.another_company()
    assert "Gol Box" in words(shown)
    assert "Churn is not constant here" in words(shown)


def test_the_traps_show_tempting_numbers_beside_the_right_ones(tea, shown):
    lesson = tea(observed_until="2024-06-20")
    result = rk.metrics.churn(lesson.log, every="month")
    lesson.predict("guess").guess = 0.6
    shown.clear()
    lesson.traps(result)
    # May lost nobody of 8; June, taken for over, would lose 2 of 8.
    assert "12 times the rate of one period — — Both numbers are 0% today" in words(shown)
    assert "Divided by the customers at the end — — Both numbers are 0% today" in words(shown)
    assert "still runs 25% — June 2024 has been seen only until 20 June 2024" in words(shown)
    assert "You guessed 60%. A year takes 46%" in words(shown)


def test_twelve_months_take_less_than_twelve_times_one(tea, shown):
    lesson = tea()
    shown.clear()
    lesson.traps(rk.metrics.churn(lesson.log))
    assert f"12 times the rate of one period {12 * 2 / 16:.0%} {1 - (1 - 2 / 16) ** 12:.1%}" in words(shown)
    # June lost Omid and Neda and won Babak: 7 are left of 8.
    said = "2 who left in June 2024 are missing from the whole, and 1 came in their place: the leak looks larger."
    assert f"Divided by the customers at the end {2 / 7:.1%} 25% {said}" in words(shown)


def test_the_end_of_a_period_that_grew_makes_the_leak_look_smaller(subscribe, shown):
    """In June one of four leaves, one comes back and three are new: seven at the end."""
    rows = [{"customer": name, "start": "2024-04-10"} for name in STAY[:3]]
    rows += [
        {"customer": "Omid", "start": "2024-04-10", "end": "2024-06-12"},
        {"customer": "Neda", "start": "2024-04-10", "end": "2024-05-02"},
        *({"customer": name, "start": "2024-06-20"} for name in ("Neda", "Babak", "Arash", "Kian")),
    ]
    lesson = subscribe("churn", [{**row, "amount": 100} for row in rows])
    shown.clear()
    lesson.traps(rk.metrics.churn(lesson.log, calendar="gregorian"))
    said = "In June 2024 4 customers came, new or back, and stand in the whole, though not there to be lost"
    assert f"Divided by the customers at the end {1 / 7:.1%} 25% {said}" in words(shown)


def test_a_log_of_one_period_says_that_there_is_no_churn_yet(begin, shown):
    lesson = begin("churn", contract="orders")
    result = rk.metrics.churn(lesson.log, every="year")
    shown.clear()
    lesson.traps(result)
    assert "no churn rate to tell" in words(shown)
