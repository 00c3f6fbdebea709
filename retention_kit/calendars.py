"""Jalali and Gregorian periods: which period a day falls in, where a period starts, what it is called.

A period is a whole number that grows by one from each period to the next, so that age is a difference. The
Jalali year follows the 33-year rule, which agrees with the astronomical calendar in every year of 1200-1600.
All arithmetic is on whole arrays of days; nothing converts a date at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from retention_kit.errors import RetentionError, check_choice
from retention_kit.language import text, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Days = NDArray[np.datetime64]
    Whole = NDArray[np.int64]

PERIODS = ("day", "week", "month", "quarter", "year")
CALENDARS = ("gregorian", "jalali")

# Day numbers count from 1970-01-01. 1400-01-01 is 2021-03-21, day 18,707, and the 511,340th day of the
# arithmetic below, which starts at the Jalali year 0.
_EPOCH = 511_340 - 18_707
# A day with one of these years is a Jalali one; later years are Gregorian.
_JALALI_YEARS = range(1200, 1700)
_FIRST_HALF = 186  # six months of 31 days
# 1970-01-01 was a Thursday: the Monday before is day -3, the Saturday before is day -5.
_WEEK_START = {"gregorian": -3, "jalali": -5}


@dataclass(frozen=True, order=True)
class Period:
    """One period by its first day (Gregorian whatever the calendar), with its name in each language.

    >>> Period(date(2021, 7, 23), "month", "jalali").words("fa")
    'مرداد ۱۴۰۰'
    >>> Period(date(2021, 7, 1), "month", "gregorian").words("en")
    'July 2021'
    """

    start: date
    every: str
    calendar: str

    def words(self, language: str) -> str:
        """The name of the period, as people say it."""
        return label(self.start, self.every, self.calendar, language)


def check(every: str, calendar: str) -> None:
    """Refuse an unknown period or calendar, naming the nearest right one."""
    check_choice("every", every, PERIODS)
    check_choice("calendar", calendar, CALENDARS)


def day_numbers(days: Any) -> Whole:
    """Days as whole numbers since 1970-01-01."""
    import numpy as np

    return np.asarray(days, "datetime64[D]").astype("int64")


def to_jalali(days: Any) -> tuple[Whole, Whole, Whole]:
    """Jalali year, month and day of Gregorian days, exact for the Jalali years 1200-1600.

    >>> [int(part) for part in to_jalali("2024-03-20")]
    [1403, 1, 1]
    """
    import numpy as np

    number = day_numbers(days) + _EPOCH
    year = (33 * number + 11) // 12053
    rest = number - 365 * year - (8 * year + 21) // 33
    late = rest >= _FIRST_HALF
    month = np.where(late, (rest - _FIRST_HALF) // 30 + 7, rest // 31 + 1)
    day = np.where(late, (rest - _FIRST_HALF) % 30, rest % 31) + 1
    return year, month, day


def to_gregorian(year: Any, month: Any, day: Any) -> Days:
    """Gregorian days of Jalali years, months and days, which must exist (see `jalali_exists`).

    >>> str(to_gregorian(1403, 12, 30))
    '2025-03-20'
    """
    import numpy as np

    year, month, day = (np.asarray(part, "int64") for part in (year, month, day))
    before = np.where(month <= 7, 31 * (month - 1), _FIRST_HALF + 30 * (month - 7))
    number = 365 * year + (8 * year + 21) // 33 + before + day - 1
    return (number - _EPOCH).astype("datetime64[D]")


def is_jalali_leap(year: Any) -> Any:
    """Whether a Jalali year has 366 days.

    >>> [year for year in range(1395, 1410) if is_jalali_leap(year)]
    [1395, 1399, 1403, 1408]
    """
    return (8 * year + 21) % 33 >= 25


def period_of(days: Any, every: str, calendar: str) -> Whole:
    """The period each day falls in, as a number that grows by one from period to period.

    >>> [int(number) for number in period_of(["2024-03-19", "2024-03-20"], "year", "jalali")]
    [1402, 1403]
    """
    check(every, calendar)
    number = day_numbers(days)
    if every == "day":
        return number
    if every == "week":
        return (number - _WEEK_START[calendar]) // 7
    year, month = _year_and_month(days, calendar)
    return {"month": year * 12 + month - 1, "quarter": year * 4 + (month - 1) // 3, "year": year}[every]


def _year_and_month(days: Any, calendar: str) -> tuple[Whole, Whole]:
    import numpy as np

    if calendar == "jalali":
        year, month, _ = to_jalali(days)
        return year, month
    months = np.asarray(days, "datetime64[D]").astype("datetime64[M]").astype("int64")
    return months // 12 + 1970, months % 12 + 1


def start_of(periods: Any, every: str, calendar: str) -> Days:
    """The first day of each period.

    >>> str(start_of(1403 * 12, "month", "jalali"))
    '2024-03-20'
    """
    import numpy as np

    check(every, calendar)
    index = np.asarray(periods, "int64")
    if every == "day":
        return index.astype("datetime64[D]")
    if every == "week":
        return (index * 7 + _WEEK_START[calendar]).astype("datetime64[D]")
    per_year = {"month": 12, "quarter": 4, "year": 1}[every]
    year, month = index // per_year, index % per_year * (12 // per_year) + 1
    if calendar == "jalali":
        return to_gregorian(year, month, 1)
    return ((year - 1970) * 12 + month - 1).astype("datetime64[M]").astype("datetime64[D]")


def day_table(first: date, last: date, every: str, calendar: str) -> dict[str, NDArray[Any]]:
    """The calendar as a table to join on: one row a day from `first` to `last`, with its period."""
    import numpy as np

    days = np.arange(np.datetime64(first, "D"), np.datetime64(last, "D") + 1)
    return {"day": days, "period": period_of(days, every, calendar)}


def label(start: date, every: str, calendar: str, language: str) -> str:
    """The name of the period that starts on this day.

    >>> label(date(2021, 7, 24), "week", "jalali", "en"), label(date(2021, 3, 21), "year", "jalali", "fa")
    ('week of 2 Mordad 1400', '۱۴۰۰')
    """
    year, month, day = (
        (int(part) for part in to_jalali(start)) if calendar == "jalali" else (start.year, start.month, start.day)
    )
    return text(
        f"calendar.{calendar}.{every}",
        language,
        year=_plain(year, language),
        month=words(f"calendar.{calendar}.months", language)[month - 1],
        quarter=words(f"calendar.{calendar}.quarters", language)[(month - 1) // 3],
        day=_plain(day, language),
    )


def _plain(value: int, language: str) -> str:
    """A year or a day of the month: the language's digits, no separators."""
    from retention_kit.language import digits

    return digits(str(value), language)


def parse_day(given: str, name: str) -> date:
    """A day typed as `2021-08-13`, or as `1400-05-22` in the Jalali calendar: its year says which.

    >>> parse_day("۱۴۰۰/۰۵/۲۲", "observed_until") == parse_day("2021-08-13", "observed_until")
    True
    """
    try:
        year, month, day = (int(part) for part in given.strip().replace("/", "-").split("-"))
        if year >= _JALALI_YEARS.stop:
            return date(year, month, day)
        if year not in _JALALI_YEARS or not jalali_exists(year, month, day):
            raise ValueError
        parsed = date.fromisoformat(str(to_gregorian(year, month, day)))
    except ValueError:
        raise RetentionError("wrong_day", name=name, given=given) from None
    return parsed


def jalali_exists(year: int, month: int, day: int) -> bool:
    """Whether there is such a Jalali day.

    >>> jalali_exists(1403, 12, 30), jalali_exists(1400, 12, 30)
    (True, False)
    """
    longest = 31 if month <= 6 else 30 if month <= 11 or is_jalali_leap(year) else 29
    return 1 <= month <= 12 and 1 <= day <= longest
