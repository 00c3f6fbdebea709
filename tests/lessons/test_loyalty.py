"""Lesson 06 on Mina's account of its prose, and on a club of whose members more is known."""

import pytest

import retention_kit as rk
from tests.lessons.spoken import words

MINA = [
    ("2024-01-05", 40, "earned"),
    ("2024-02-05", 50, "earned"),
    ("2024-02-20", 25, "earned"),
    ("2024-03-05", 60, "earned"),
    ("2024-03-25", -100, "redeemed"),
    ("2024-04-10", -15, "expired"),
]


@pytest.fixture
def write(tmp_path):
    def rows(name, lines):
        path = tmp_path / f"{name}.csv"
        path.write_text("\n".join(",".join(map(str, line)) for line in lines) + "\n", "utf-8")
        return str(path)

    return rows


@pytest.fixture
def account(write, shown):  # noqa: ARG001 what a lesson shows must not reach the terminal
    """Begins the lesson on Mina's ledger."""
    head = ("customer", "time", "points", "kind")
    usual = {
        "data": write("points", [head, *(("Mina", *row) for row in MINA)]),
        "zone": "Asia/Tehran",
        "calendar": "gregorian",
        "observed_until": "2024-04-30",
    }
    return lambda **parameters: rk.lessons.begin("loyalty", {**usual, **parameters})


@pytest.fixture
def club(account, write):
    """Forty join in February and thirty more buy then; of either group half buy again in March."""
    joined = [f"m{number:02}" for number in range(40)]
    others = [f"o{number:02}" for number in range(30)]
    orders = [("customer", "time", "amount"), ("Mina", "2024-01-05", 400)]
    orders += [(who, "2024-02-05", 10) for who in [*joined, *others]]
    orders += [(who, "2024-03-05", 10) for who in [*joined[::2], *others[::2]]]
    people = [("customer", "member", "segment"), *((who, "2024-02-06", "keen") for who in joined)]
    people += [(who, "", "keen") for who in others]
    files = {"orders": write("orders", orders), "customers": write("customers", people)}
    return lambda **parameters: account(follow=1, **files, **parameters)


def test_minas_account_of_the_prose_holds_sixty_points_and_owes_twelve_thousand(account):
    found = account(money_per_point=200).ledger().headline
    assert (found["outstanding"], found["liability"]) == (60, 12_000)
    assert found["breakage"] == pytest.approx(15 / 115)


def test_without_what_members_buy_the_ledger_stands_alone(account, shown):
    lesson = account()
    result = lesson.ledger()
    lesson.show(result)
    assert lesson.members() is None
    lesson.owed(result)
    lesson.traps(result, None)
    said = words(shown)
    assert said.count("nobody knows what members buy") == 1
    assert "What one point costs is not known" in said
    assert f"Points in hand taken for breakage {75 / 175:.1%} 13%" in said


def test_members_are_set_beside_others_by_the_list_of_customers(club, shown):
    lesson = club()
    lesson.predict("guess").guess = 0.5
    compared = lesson.members()
    assert (compared.headline["joined"], compared.headline["others"]) == (40, 30)
    assert compared.headline["difference"] == 0
    shown.clear()
    lesson.show(compared)
    assert "You guessed that 50% of the gap would remain" in words(shown)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_part_of_the_lesson_speaks_on_own_data(club, shown, language):
    lesson = club(language=language, money_per_point=2, margin=0.5, running_cost=5)
    result, compared = lesson.ledger(), lesson.members()
    for show in (
        lambda: lesson.show(result),
        lambda: lesson.owed(result),
        lambda: lesson.show(compared),
        lambda: lesson.traps(result, compared),
        lambda: lesson.say(result),
    ):
        shown.clear()
        show()
        assert words(shown)


def test_what_is_owed_stands_beside_what_must_come_back(club, shown):
    lesson = club(money_per_point=2, margin=0.5)
    result = lesson.ledger()
    shown.clear()
    lesson.owed(result)
    said = words(shown)
    assert "if every point is redeemed: the careful answer 120" in said
    # 100 points at 2 cost 200, which 400 of the 600 that members brought only paid for: 200 / (200 x 0.5).
    assert "points redeemed, tools, staff 200" in said
    assert "Break-even: by so much their revenue must be higher than without the programme 200%" in said


def test_the_comparison_is_shown_blind_and_with_the_segment(club, shown):
    lesson = club()
    result, compared = lesson.ledger(), lesson.members()
    shown.clear()
    lesson.traps(result, compared)
    said = words(shown)
    assert (
        "What the comparison does not know — — Among customers alike in segment as well the gap is no smaller"
        in said
    )
    shown.clear()
    other = club(by="city")
    other.traps(other.ledger(), other.members())
    assert "What the comparison does not know" not in words(shown)


def test_a_ledger_of_a_running_period_says_that_there_is_nothing_to_tell_yet(account, shown):
    lesson = account(every="year")
    result = lesson.ledger()
    shown.clear()
    lesson.traps(result, None)
    lesson.owed(result)
    assert "nothing to tell about the points" in words(shown)


def test_the_sample_company_knows_its_own_price_and_its_members(shown):  # noqa: ARG001 nothing may reach the terminal
    lesson = rk.lessons.begin("loyalty", {"language": "fa"})
    result, compared = lesson.ledger(), lesson.members()
    assert result.headline["liability"] == 200 * result.headline["outstanding"]
    assert compared.headline["naive_difference"] > compared.headline["difference"] > 0


def test_until_a_point_has_expired_the_trap_has_no_right_number_and_the_debt_one_answer(account, write, shown):
    rows = [("customer", "time", "points", "kind"), *(("Mina", *row) for row in MINA[:5])]
    lesson = account(data=write("young", rows), money_per_point=200)
    result = lesson.ledger()
    shown.clear()
    lesson.owed(result)
    lesson.traps(result, None)
    said = words(shown)
    assert f"Points in hand taken for breakage {75 / 175:.1%} — No point has expired yet" in said
    assert "as many are never redeemed as so far" not in said


def test_members_who_ever_brought_less_are_no_trap_and_their_number_is_said(club, shown):
    """A member ever brought 15; the others 15 as well, but for Mina, who brought 400."""
    lesson = club()
    shown.clear()
    lesson.traps(lesson.ledger(), lesson.members())
    said = words(shown)
    others = (30 * 10 + 15 * 10 + 400) / 31
    assert "How much more members bring than others — — All that members ever brought does not flatter" in said
    assert f"differs from the others' by −{1 - 15 / others:.1%}" in said


@pytest.mark.parametrize(
    ("language", "said", "owed"),
    [
        ("en", "we owe them 12,000 tomans if all are redeemed", "careful answer 12,000 tomans"),
        ("fa", "اگر همه مصرف شود، ۱۲٬۰۰۰ تومان بدهکاریم", "۱۲٬۰۰۰ تومان"),
    ],
)
def test_what_is_owed_is_said_in_its_currency(account, shown, language, said, owed):
    lesson = account(money_per_point=200, currency="toman", language=language)
    result = lesson.ledger()
    for show, expected in ((lesson.say, said), (lesson.owed, owed)):
        shown.clear()
        show(result)
        assert expected in words(shown)
