"""Facts that are no fault of a row are said where they hold, and only there."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

import retention_kit as rk
from retention_kit.intake.formats import CURRENCIES
from retention_kit.subjects import SUBJECTS

LogOf = Callable[..., rk.Log]
Row = tuple[str, str, float]


def codes(log: rk.Log) -> set[str]:
    for note in log.receipt.notes:
        assert note.words("en") != note.words("fa")
    return {note.code for note in log.receipt.notes}


def orders(amounts: Sequence[float], customers: int = 50) -> list[Row]:
    start = date(2024, 1, 1)
    return [
        (
            f"c{n % customers}",
            f"{start + timedelta(days=n % 300)} {n % 24:02}:{n % 60:02}",
            round(float(amount), 2),
        )
        for n, amount in enumerate(amounts)
    ]


def test_rows_alike_in_everything_are_said(log_of: LogOf) -> None:
    row = ("ana", "2024-01-05 10:00", 10.0)
    other = ("ana", "2024-01-05 10:00", 11.0)
    note = next(note for note in log_of([row, row, other, row]).receipt.notes if note.code == "duplicates")
    assert note.facts["count"] == 2
    assert "duplicates" not in codes(log_of([row, other]))


def test_rows_that_differ_in_a_column_not_taken_are_no_duplicates(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("customer,time,amount,memo\nana,2024-01-05,1,tea\nana,2024-01-05,1,salt\n", "utf-8")
    assert "duplicates" not in codes(rk.read(path, "orders"))


def test_one_customer_with_more_than_half_of_the_rows_is_said(log_of: LogOf) -> None:
    def shop(of_one: int) -> rk.Log:
        rows = orders(range(1, 21), customers=20)
        return log_of([("shop" if n < of_one else name, day, paid) for n, (name, day, paid) in enumerate(rows)])

    assert "one_customer" in codes(shop(11))
    assert "one_customer" not in codes(shop(10))


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.9])
@pytest.mark.parametrize("spread", [0.05, 0.15, 0.25])
def test_tomans_and_rials_in_one_column_are_said(log_of: LogOf, share: float, spread: float) -> None:
    random = np.random.default_rng(5)
    amounts = random.lognormal(12, spread, 500) * np.where(np.arange(500) < share * 500, 10, 1)
    assert "two_currencies" in codes(log_of(orders(amounts)))


@pytest.mark.parametrize("rows", [3, 12, 40, 200, 500])
@pytest.mark.parametrize("spread", [0.1, 0.5, 1.0, 2.0])
def test_amounts_of_one_currency_raise_no_alarm(log_of: LogOf, rows: int, spread: float) -> None:
    for seed in range(6):
        amounts = np.random.default_rng(seed).lognormal(12, spread, rows)
        assert "two_currencies" not in codes(log_of(orders(amounts))), seed


@pytest.mark.parametrize(
    ("last", "calendar", "said"),
    [
        ("2024-01-30 10:00", "gregorian", True),
        ("2024-01-31 10:00", "gregorian", False),
        ("2024-02-28 10:00", "gregorian", True),
        ("2024-02-29 10:00", "gregorian", False),
        ("2024-02-19 10:00", "jalali", False),
        ("2024-02-20 10:00", "jalali", True),
    ],
)
def test_a_log_that_ends_inside_a_month_says_so(log_of: LogOf, last: str, calendar: str, said: bool) -> None:
    log = log_of([("ana", "2023-12-05 10:00", 1.0), ("ana", last, 1.0)], calendar=calendar)
    assert ("ends_in_mid_period" in codes(log)) == said


def test_times_that_are_all_midnight_are_said(log_of: LogOf) -> None:
    assert "always_midnight" in codes(log_of([("ana", "2024-01-05", 1.0), ("ana", "2024-01-06 00:00", 1.0)]))
    assert "always_midnight" not in codes(log_of([("ana", "2024-01-05", 1.0), ("ana", "2024-01-06 00:01", 1.0)]))


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (["ana@example.org", "bita@example.org", "c3"], True),
        (["09120000001", "+98 912 000 0002", "۰۹۱۲۰۰۰۰۰۰۳"], True),
        (["17850", "17851", "17852"], False),
        (["ana@example.org", "c2", "c3"], False),
        (["c-2024-0001", "c-2024-0002"], False),
    ],
)
def test_ids_that_look_like_addresses_or_telephones_are_said(log_of: LogOf, ids: list[str], said: bool) -> None:
    assert ("personal_ids" in codes(log_of([(one, "2024-01-05 10:00", 1.0) for one in ids]))) == said


def test_a_first_period_that_may_be_cut_is_said_by_the_metric(log_of: LogOf) -> None:
    log = log_of([("ana", "2024-01-05", 1.0), ("ana", "2024-02-05", 1.0), ("ana", "2024-03-05", 1.0)])
    assert "left_truncated" in {note.code for note in rk.metrics.retention_rate(log).notes}


def test_a_run_may_name_every_currency_that_a_file_may_be_written_in() -> None:
    currency = next(one for one in SUBJECTS["retention_rate"].parameters if one.name == "currency")
    assert currency.choices == ("", *CURRENCIES)


def test_a_list_of_customers_ends_on_no_day(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("customer,city\nana,Shiraz\nbea,Tabriz\n", "utf-8")
    assert codes(rk.read(tmp_path / "customers.csv", "customers")) == set()


@pytest.mark.parametrize(
    ("end", "until", "other"),
    [
        ("2024-02-20", None, date(2024, 2, 20)),
        ("2024-02-20", "2024-02-29", None),
        ("2024-02-03", None, None),
        ("2094-02-20", None, None),
        ("", None, None),
    ],
)
def test_an_end_after_the_last_start_and_not_to_come_is_said_where_the_last_day_is_not(
    tmp_path: Path, end: str, until: str | None, other: date | None
) -> None:
    """The last start is on the 3rd of February."""
    path = tmp_path / "subs.csv"
    path.write_text(f"customer,start,end,amount\nana,2024-01-05,{end},10\nbea,2024-02-03,,10\n", "utf-8")
    log = rk.read(path, "subscriptions", observed_until=until)
    said = [note.facts for note in log.receipt.notes if note.code == "ends_after_last_start"]
    assert [(facts["until"].start, facts["other"].start) for facts in said] == (
        [(date(2024, 2, 3), other)] if other else []
    )
    assert ("ends_after_last_start" in codes(log)) == (other is not None)


@pytest.mark.parametrize(
    ("until", "count"), [("2024-02-05", 2), ("2024-02-06", 1), ("2024-03-05", None), (None, None)]
)
def test_rows_after_the_last_watched_day_are_counted(log_of: LogOf, until: str | None, count: int | None) -> None:
    """One at noon of the 6th of February, one in a year that is probably mistyped."""
    days = ("2024-01-05", "2024-02-05 23:59", "2024-02-06 12:00", "2024-03-05")
    log = log_of([("ana", day, 1.0) for day in days], observed_until=until)
    said = {note.code: note.facts for note in log.receipt.notes}
    assert ("after_until" in said) == (count is not None)
    if count:
        assert said["after_until"]["count"] == count
        assert said["after_until"]["until"].start == date.fromisoformat(str(until))


@pytest.mark.parametrize(
    ("ids", "count"),
    [
        (["C-1", "c-1", "c-2"], 2),
        (["x y", "xy", "x\u200cy", "X Y", "z"], 4),
        (["c-1", "c1", "c_1"], None),
    ],
)
def test_ids_that_only_case_and_spaces_tell_apart_are_counted(
    log_of: LogOf, ids: list[str], count: int | None
) -> None:
    notes = {note.code: note.facts for note in log_of([(one, "2024-01-05", 1.0) for one in ids]).receipt.notes}
    assert notes.get("alike_ids") == (None if count is None else {"count": count})


@pytest.mark.parametrize(
    ("days", "asked", "calendar"),
    [
        (["1402/11/05", "۱۴۰۲/۱۲/۰۵"], None, "jalali"),
        (["1402/11/05", "1402/12/05"], "gregorian", "gregorian"),
        (["1402/11/05", "2024-02-24"], None, "gregorian"),
        (["2024-01-25", "2024-02-24"], None, "gregorian"),
    ],
)
def test_a_log_whose_days_are_all_jalali_is_spoken_of_in_jalali_months(
    log_of: LogOf, days: list[str], asked: str | None, calendar: str
) -> None:
    log = log_of([("ana", day, 1.0) for day in days], calendar=asked)
    assert log.calendar == calendar
    month = next(note.facts["period"] for note in log.receipt.notes if note.code == "ends_in_mid_period")
    assert month.calendar == calendar


def test_subscriptions_that_cost_nothing_and_never_end_are_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "subs.csv").write_text(
        "customer,start,end,amount\nana,2022-01-01,,0\nbea,2022-02-01,,0\n", "utf-8"
    )
    with pytest.raises(rk.RetentionError) as raised:
        rk.read(tmp_path / "subs.csv", "subscriptions")
    assert raised.value.code == "never_paid"
