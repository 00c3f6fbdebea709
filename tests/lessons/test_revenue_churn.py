"""Lesson 03 on the six teams of its prose."""

import pytest

import retention_kit as rk
from tests.lessons.spoken import words

# Customer, start, end, money a month: one row a stretch at one price.
TEAMS = [
    ("Mina", "2024-04-01", "", 200),
    ("Reza", "2024-04-01", "2024-06-10", 200),
    ("Reza", "2024-06-10", "", 300),
    ("Sara", "2024-04-01", "2024-06-10", 300),
    ("Sara", "2024-06-10", "", 200),
    ("Omid", "2024-04-01", "2024-06-15", 300),
    ("Neda", "2024-04-01", "2024-05-05", 100),
    ("Neda", "2024-06-20", "", 100),
    ("Laleh", "2024-06-03", "", 200),
]


@pytest.fixture
def teams(subscribe):
    rows = [dict(zip(("customer", "start", "end", "amount"), row, strict=True)) for row in TEAMS]
    return lambda **parameters: subscribe("revenue_churn", rows, **parameters)


def test_june_of_the_prose_moves_by_five_movements_and_closes_where_it_opened(teams):
    june = rk.metrics.revenue_churn(teams().log).table.iloc[-1]
    moved = ("opening", "new", "expansion", "contraction", "churn", "reactivation", "closing")
    assert [june[name] for name in moved] == [1000, 200, 100, 100, 300, 100, 1000]
    shares = ("gross_churn", "net_churn", "gross_retention", "net_retention")
    assert [june[name] for name in shares] == pytest.approx([0.4, 0.3, 0.6, 0.7])
    assert (june["quick_ratio"], june["arpa"]) == (1, 200)


def test_by_head_june_of_the_prose_loses_one_of_four(teams):
    lost = rk.metrics.churn(teams().log).headline
    assert (lost["start"], lost["lost"]) == (4, 1)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "true in 2 of 2 periods"), ("fa", "در ۲ دوره از ۲ دوره درست است")]
)
def test_showing_the_movements_says_that_the_sum_closes(teams, shown, language, said):
    lesson = teams(language=language, currency="toman")
    lesson.predict("guess").guess = 0.05
    shown.clear()
    lesson.show(rk.metrics.revenue_churn(lesson.log))
    assert said in words(shown)
    assert rk.language.text("lesson.revenue_churn.money", language, currency="toman") in words(shown)
    assert rk.language.percent(0.05, language) in words(shown)


def test_heads_and_money_stand_side_by_side_and_say_who_left(teams, shown):
    lesson = teams()
    result, churned = rk.metrics.revenue_churn(lesson.log), rk.metrics.churn(lesson.log)
    shown.clear()
    lesson.stories(result, churned)
    # April closed with 1,100 of 5 customers, May with 1,000 of 4: Neda and Omid left, who had paid 100 and 300.
    assert f"Customers (CCR) 25% 4.6% to 69.9% {2 / 9:.1%}" in words(shown)
    assert "Revenue, gross (RCR) 40%" in words(shown)
    assert f"{(100 + 300 + 100) / 2100:.1%}" in words(shown)
    assert "had paid 200 a month on average, customers in all 233: it is the smaller ones who go" in words(shown)


def test_nobody_lost_is_said_as_such(subscribe, shown):
    lesson = subscribe("revenue_churn", [{"customer": "Mina", "start": "2024-04-01", "end": "", "amount": 5}])
    shown.clear()
    lesson.stories(rk.metrics.revenue_churn(lesson.log), rk.metrics.churn(lesson.log))
    assert "No customer was lost in these periods" in words(shown)


def test_net_and_growth_are_shown_to_hide_the_leak(teams, shown):
    lesson = teams()
    shown.clear()
    lesson.traps(rk.metrics.revenue_churn(lesson.log))
    assert "Net, said alone 30% 40% Expansion (100 in June 2024)" in words(shown)
    assert "taken for retention 100% 70% In June 2024 200 came from new customers and 100 from" in words(shown)
    assert f"average of the rates {(100 / 1100 + 0.4) / 2:.1%} {500 / 2100:.1%}" in words(shown)


def test_net_and_growth_are_no_traps_where_nothing_leaked_and_nobody_came(subscribe, shown):
    """Mina pays 200 in April and May, and 300 from June on."""
    rows = [
        {"customer": "Mina", "start": "2024-04-01", "end": "2024-06-10", "amount": 200},
        {"customer": "Mina", "start": "2024-06-10", "end": "", "amount": 300},
    ]
    lesson = subscribe("revenue_churn", rows)
    shown.clear()
    lesson.traps(rk.metrics.revenue_churn(lesson.log, calendar="gregorian"))
    assert "Net, said alone — — Nothing leaked in June 2024" in words(shown)
    assert "taken for retention — — Both numbers are 150% today" in words(shown)


def test_a_file_without_trials_says_so_in_one_line(teams, shown):
    lesson = teams()
    shown.clear()
    assert not lesson.has("trial_end")
    (line,) = shown
    assert "trial conversion is left out" in words([line])


def test_a_log_of_one_period_says_that_there_is_no_revenue_churn_yet(teams, shown):
    lesson = teams()
    result = rk.metrics.revenue_churn(lesson.log, every="year")
    churned = rk.metrics.churn(lesson.log, every="year")
    for show in (lesson.show, lesson.traps, lambda found: lesson.stories(found, churned)):
        shown.clear()
        show(result)
        assert shown
    assert "no revenue churn to tell" in words(shown)
