"""A ledger that says until when points can be spent is held to it, where it does not write itself what expired."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import retention_kit as rk
from tests import oracle
from tests.metrics import logs

FIRST, UNTIL = date(2024, 1, 1), date(2024, 8, 31)
# ana earns 100 that can be spent through January and 50 through March; she spends 30 on the last day of January.
LEDGER: list[tuple[Any, ...]] = [
    ("ana", "2024-01-05", 100, "earned", "2024-01-31"),
    ("ana", "2024-01-10", 50, "earned", "2024-03-31"),
    ("ana", "2024-01-31", -30, "redeemed", None),
]


def test_points_can_be_spent_through_their_day_and_are_gone_on_the_next() -> None:
    """The 30 come out of the 100 that lapse first: 70 are lost on 1 February, 50 on 1 April."""
    result = rk.metrics.loyalty(logs.points(LEDGER, "2024-04-30"), money_per_point=2.0)
    assert result.table["expired"].tolist() == [0, 70, 0, 50]
    assert result.table["outstanding"].tolist() == [120, 50, 50, 0]
    assert result.table["liability"].tolist() == [240, 100, 100, 0]
    assert result.table["breakage"].tolist()[1:] == [0.7, 0.7, 0.8]
    assert logs.codes(result)["dates_applied"] == {"points": 120}


def test_points_that_lapse_after_the_last_day_are_in_hand() -> None:
    """On the evening of 31 March the 50 are still there."""
    result = rk.metrics.loyalty(logs.points(LEDGER, "2024-03-31"))
    assert result.headline["outstanding"] == 50
    assert logs.codes(result)["dates_applied"] == {"points": 70}


def test_where_no_date_has_passed_there_is_no_word_of_dates() -> None:
    codes = logs.codes(rk.metrics.loyalty(logs.points(LEDGER, "2024-01-31")))
    assert not codes.keys() & {"dates_applied", "overdue_points", "points_out_of_turn"}


def test_points_without_a_date_last_for_ever_and_are_spent_last() -> None:
    rows = [("ana", "2024-01-04", 40, "adjusted", None), *LEDGER]
    assert rk.metrics.loyalty(logs.points(rows, "2024-04-30")).table["outstanding"].tolist() == [160, 90, 90, 40]


def test_what_a_correction_takes_counts_as_spent() -> None:
    rows = [*LEDGER, ("ana", "2024-01-31", -70, "adjusted", None)]
    assert rk.metrics.loyalty(logs.points(rows, "2024-04-30")).table["expired"].tolist() == [0, 0, 0, 50]


def test_a_ledger_without_signs_is_held_to_its_dates_as_well() -> None:
    plain = [(who, day, abs(points), *rest) for who, day, points, *rest in LEDGER]
    assert rk.metrics.loyalty(logs.points(plain, "2024-04-30")).table["expired"].tolist() == [0, 70, 0, 50]


def test_a_ledger_that_writes_what_expired_is_trusted_and_what_it_left_out_is_said() -> None:
    """It took 60 of the 70 that lapsed on 1 February, and none of the 50 of 1 April."""
    rows = [*LEDGER, ("ana", "2024-02-01", -60, "expired", None)]
    result = rk.metrics.loyalty(logs.points(rows, "2024-04-30"))
    assert result.table["expired"].tolist() == [0, 60, 0, 0]
    assert result.headline["outstanding"] == 60
    assert logs.codes(result)["overdue_points"] == {"points": 60}
    assert "dates_applied" not in logs.codes(result)


def test_points_spent_before_others_came_that_lapse_sooner_are_said() -> None:
    """50 of the 100 for the year are spent; 10 more come for a week. All 10 lapse, but the 50 hide it."""
    rows = [
        ("ana", "2024-01-05", 100, "earned", "2024-12-31"),
        ("ana", "2024-02-01", -50, "redeemed", None),
        ("ana", "2024-02-05", 10, "earned", "2024-02-12"),
        ("bita", "2024-01-05", 7, "earned", "2024-01-31"),
    ]
    result = rk.metrics.loyalty(logs.points(rows, "2024-03-31"))
    assert result.table["expired"].tolist() == [0, 7, 0]
    assert logs.codes(result)["points_out_of_turn"] == {"count": 1}
    assert "points_out_of_turn" in logs.codes(rk.metrics.loyalty(logs.points(rows[:3], "2024-03-31")))
    assert "points_out_of_turn" not in logs.codes(rk.metrics.loyalty(logs.points(rows, "2024-02-12")))
    assert "points_out_of_turn" not in logs.codes(rk.metrics.loyalty(logs.points(LEDGER, "2024-04-30")))


def test_the_dates_of_the_sample_company_give_the_points_that_it_wrote_off_itself() -> None:
    """It writes off on the first of a month what could be spent until then."""
    log = rk.load("gol_box", "points")
    written = log.engine.query("select * from points", points=log.table)
    kept = written[written["kind"] != "expired"]
    rows = zip(*(kept[name] for name in ("customer", "time", "points", "kind", "expires")), strict=True)
    worked_out = rk.metrics.loyalty(logs.points(rows, log.observed_until), calendar="jalali")
    assert (
        worked_out.table["expired"].tolist()
        == rk.metrics.loyalty(log, calendar="jalali").table["expired"].tolist()
    )
    assert "overdue_points" not in logs.codes(rk.metrics.loyalty(log))


def moves(terms: st.SearchStrategy[int | None]) -> st.SearchStrategy[list[tuple[str, date, float, int | None]]]:
    """Who, when, how many points with their sign, and after how many days they lapse."""
    days = st.integers(0, 200).map(lambda day: FIRST + timedelta(day))
    return st.lists(st.tuples(st.sampled_from("abc"), days, st.integers(-60, 60).map(float), terms), min_size=1)


def ledger(drawn: list[tuple[str, date, float, int | None]]) -> list[tuple[Any, ...]]:
    """The rows of a log; two of z make all begin alike and write signs."""
    kinds = {True: "earned", False: "redeemed"}
    rows = [
        (who, day, points, kinds[points > 0], day + timedelta(term) if points > 0 and term is not None else None)
        for who, day, points, term in drawn
    ]
    return [("z", FIRST, 5.0, "earned", None), ("z", FIRST, -5.0, "redeemed", None), *rows]


def lot_by_lot(rows: list[tuple[Any, ...]]) -> list[float]:
    """Points lost in each month, customer by customer."""
    lost = [0.0] * 8
    for who in {row[0] for row in rows}:
        own = [(day, points, ends) for customer, day, points, _, ends in rows if customer == who]
        for day, points in oracle.lapsed_points(own, UNTIL).items():
            lost[day.month - 1] += points
    return lost


@settings(max_examples=20, deadline=None)
@given(drawn=moves(st.just(40)), chance=st.randoms())
def test_points_of_one_term_lapse_as_they_do_lot_by_lot(
    drawn: list[tuple[str, date, float, int | None]], chance: Random
) -> None:
    rows = ledger(drawn)
    result = rk.metrics.loyalty(logs.points(chance.sample(rows, len(rows)), UNTIL))
    assert result.table["expired"].tolist() == lot_by_lot(rows)
    assert "points_out_of_turn" not in logs.codes(result)


@settings(max_examples=40, deadline=None)
@given(drawn=moves(st.sampled_from([None, 0, 7, 30, 90])))
def test_points_of_many_terms_lapse_as_they_do_lot_by_lot_or_are_said_to_be_perhaps_too_few(
    drawn: list[tuple[str, date, float, int | None]],
) -> None:
    rows = ledger(drawn)
    result = rk.metrics.loyalty(logs.points(rows, UNTIL))
    expired, lost = result.table["expired"], lot_by_lot(rows)
    if "points_out_of_turn" in logs.codes(result):
        assert all(expired[: month + 1].sum() <= sum(lost[: month + 1]) for month in range(8))
    else:
        assert expired.tolist() == lost


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_note_on_dates_is_said(language: str) -> None:
    rows = [*LEDGER, ("ana", "2024-02-01", 5, "earned", "2024-02-03")]
    for more in ([], [("ana", "2024-02-01", -60, "expired", None)]):
        notes = rk.metrics.loyalty(logs.points([*rows, *more], "2024-04-30")).notes
        assert all(note.words(language) for note in notes)
