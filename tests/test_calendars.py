"""Jalali and Gregorian periods against an independent library and against themselves."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from persiantools.jdatetime import JalaliDate

from retention_kit import RetentionError, calendars

DATA = Path(__file__).parent / "data"


def test_every_jalali_day_of_1300_to_1500_agrees_with_persiantools() -> None:
    days = np.arange(np.datetime64("1921-03-21"), np.datetime64("2122-03-21"))
    year, month, day = calendars.to_jalali(days)
    ours = list(zip(year.tolist(), month.tolist(), day.tolist(), strict=True))
    theirs = [
        JalaliDate(date.fromordinal(n)) for n in range(days[0].item().toordinal(), days[-1].item().toordinal() + 1)
    ]
    assert ours == [(there.year, there.month, there.day) for there in theirs]
    assert ours[0] == (1300, 1, 1)


def test_a_jalali_day_goes_to_gregorian_and_back() -> None:
    days = np.arange(np.datetime64("1900-01-01"), np.datetime64("2200-01-01"))
    assert (calendars.to_gregorian(*calendars.to_jalali(days)) == days).all()


@pytest.mark.parametrize(
    ("gregorian", "jalali"),
    json.loads((DATA / "crosschecks.json").read_text())["worked_examples"]["jalali"]["pairs"],
)
def test_published_pairs_agree(gregorian: str, jalali: str) -> None:
    assert [int(part) for part in calendars.to_jalali(gregorian)] == [int(part) for part in jalali.split("-")]
    assert str(calendars.parse_day(jalali, "day")) == gregorian


@pytest.mark.parametrize("every", calendars.PERIODS)
@pytest.mark.parametrize("calendar", calendars.CALENDARS)
def test_periods_are_without_gaps_and_hold_their_days(every: str, calendar: str) -> None:
    days = np.arange(np.datetime64("2015-01-01"), np.datetime64("2027-01-01"))
    periods = calendars.period_of(days, every, calendar)
    assert set(np.diff(periods).tolist()) <= {0, 1}
    assert (calendars.start_of(periods, every, calendar) <= days).all()
    assert (days < calendars.start_of(periods + 1, every, calendar)).all()


def test_the_week_begins_on_saturday_in_the_jalali_calendar_and_on_monday_in_the_gregorian() -> None:
    days = np.arange(np.datetime64("2024-01-01"), np.datetime64("2024-03-01"))
    for calendar, weekday in (("jalali", 5), ("gregorian", 0)):
        starts = calendars.start_of(calendars.period_of(days, "week", calendar), "week", calendar)
        assert {start.weekday() for start in starts.tolist()} == {weekday}


@pytest.mark.parametrize(
    ("every", "calendar", "english", "persian"),
    [
        ("day", "jalali", "22 Mordad 1400", "۲۲ مرداد ۱۴۰۰"),
        ("month", "jalali", "Mordad 1400", "مرداد ۱۴۰۰"),
        ("quarter", "jalali", "Summer 1400", "تابستان ۱۴۰۰"),
        ("year", "jalali", "1400", "۱۴۰۰"),
        ("month", "gregorian", "August 2021", "اوت ۲۰۲۱"),
        ("quarter", "gregorian", "Q3 2021", "سه‌ماههٔ سوم ۲۰۲۱"),
    ],
)
def test_a_period_is_called_as_people_call_it(every: str, calendar: str, english: str, persian: str) -> None:
    period = calendars.Period(date(2021, 8, 13), every, calendar)
    assert (period.words("en"), period.words("fa")) == (english, persian)


def test_a_typed_day_says_by_its_year_which_calendar_it_is_of() -> None:
    assert calendars.parse_day("2024-06-30", "observed_until") == date(2024, 6, 30)
    assert calendars.parse_day("1403/04/10", "observed_until") == date(2024, 6, 30)


@pytest.mark.parametrize(
    "typed", ["1400-12-30", "1400-13-01", "2024-02-30", "24-02-03", "yesterday", "1400/12", ""]
)
def test_a_day_that_does_not_exist_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(RetentionError, match="2021-08-13"):
        calendars.parse_day(typed, "observed_until")


def test_an_unknown_period_names_the_nearest_right_one() -> None:
    with pytest.raises(RetentionError, match='Did you mean "month"'):
        calendars.period_of(["2024-01-01"], "monthly", "gregorian")
