"""The months a company lives through, and the days on which more is bought, or less."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from retention_kit.calendars import day_numbers, start_of, to_jalali

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from retention_kit.datasets.chance import Flags, Whole

    Moments = NDArray[np.datetime64]

LAST_MONTH = 1403 * 12 + 11
# Subscriptions begin on a day that every Jalali month has, so that a month of life is a month of the calendar.
LAST_BILLING_DAY = 29

# A month of fasting begins every 354.367 days: about eleven days earlier in each solar year.
_A_RAMADAN = int(day_numbers("2022-04-03"))
_LUNAR_YEAR = 354_367
_RAMADAN_DAYS = 30


@dataclass(frozen=True)
class Span:
    """Whole Jalali months, up to the end of Esfand 1403."""

    months: int

    @cached_property
    def numbers(self) -> Whole:
        """The months as numbers that grow by one from month to month."""
        return np.arange(LAST_MONTH - self.months + 1, LAST_MONTH + 1)

    @cached_property
    def starts(self) -> NDArray[np.datetime64]:
        """The first day of each month, and the day after the last."""
        return start_of(np.append(self.numbers, LAST_MONTH + 1), "month", "jalali")

    @cached_property
    def days(self) -> NDArray[np.datetime64]:
        """All days."""
        return np.arange(self.starts[0], self.starts[-1])

    @property
    def last_day(self) -> date:
        """The last day that is watched."""
        return date.fromisoformat(str(self.days[-1]))

    def place(self, month: str) -> int:
        """Where a Jalali month such as "1402-05" lies, counted from the first; below 0 if before it."""
        year, number = month.split("-")
        return int(year) * 12 + int(number) - 1 - int(self.numbers[0])

    def month_of(self, days: Any) -> Whole:
        """The month of each day, counted from the first."""
        return np.searchsorted(self.starts, days, side="right") - 1

    def start_of(self, month: Any) -> Moments:
        """The first moment of months, counted from 0; later ones than the last too."""
        return start_of(self.numbers[0] + month, "month", "jalali").astype("datetime64[s]")

    def moments(self, month: Any, day: Any, second: Any) -> Moments:
        """Moments by month (counted from 0), day of the month (from 1) and second of the day."""
        days = self.starts[np.asarray(month)] + (np.asarray(day) - 1)
        return days.astype("datetime64[s]") + np.asarray(second)


def season_days(days: NDArray[np.datetime64]) -> dict[str, Flags]:
    """Which days lie in which season."""
    _, month, day = to_jalali(days)
    since = day_numbers(days) - _A_RAMADAN
    # The lunar year a day lies in, and the day's place in it; the multiple of 1,000 keeps the numbers whole.
    lunar = since * 1000 // _LUNAR_YEAR
    begins = lunar * _LUNAR_YEAR // 1000
    next_begins = (lunar + 1) * _LUNAR_YEAR // 1000
    into = np.where(since >= next_begins, since - next_begins, since - begins)
    return {
        "before_nowruz": (month == 12) & (day >= 10),
        "nowruz": (month == 1) & (day <= 13),
        "ramadan": into < _RAMADAN_DAYS,
        "black_friday": ((month == 8) & (day >= 27)) | ((month == 9) & (day <= 4)),
        "yalda": (month == 9) & (day >= 21),
    }


def day_weights(days: NDArray[np.datetime64], percents: Mapping[str, int]) -> Whole:
    """How much is bought on each day: 100 on a usual day; seasons that meet are multiplied."""
    weights = np.full(len(days), 100)
    for season, there in season_days(days).items():
        weights = np.where(there, weights * percents.get(season, 100) // 100, weights)
    return weights


def month_weights(span: Span, weights: Whole) -> NDArray[np.float64]:
    """The average weight of the days of each month, as a share of a usual day's."""
    firsts = (span.starts - span.starts[0]).astype("int64")
    lengths = np.diff(firsts)
    return np.asarray(np.add.reduceat(weights, firsts[:-1]) / (lengths * 100))


def billing_days(span: Span, weights: Whole) -> Whole:
    """The same weights, with nothing on the days that not every Jalali month has."""
    _, _, day = to_jalali(span.days)
    return np.where(day <= LAST_BILLING_DAY, weights, 0)
