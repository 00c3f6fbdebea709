"""An exercise: its right answer, and wrong ones whose reason is known."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import isfinite
from typing import Any

from retention_kit.language import LANGUAGES, latin, parse_number, words
from retention_kit.tables import fold

# An answer rounded to whole percent is right; so is another number that is off by half a percent of itself.
_NEAR = 0.0051
_MILLION = 1e6
_DIVISION = re.compile(r"([1-9]\d*)\s*/\s*([1-9]\d*)")
_NUMBER_AND_UNIT = re.compile(r"(.*[\d%])([^\d%]*)", re.DOTALL)


@dataclass(frozen=True)
class Exercise:
    """One exercise: the right answer, and what each known mistake gives.

    A rate is answered as a share or in percent; with `rate=False` the answer is any other number, such as months,
    and with `millions=True` one that is asked for in millions.
    """

    right: float
    mistakes: Mapping[str, float]
    rate: bool = True
    millions: bool = False

    def judge(self, answer: Any) -> str:
        """`blank`, `unreadable`, `right`, `in_full` (right, with the millions written out), a mistake, or `other`.

        >>> Exercise(0.8, {"gave_churn": 0.2}).judge("۸۰٪")
        'right'
        >>> Exercise(20, {}, rate=False, millions=True).judge("۲۰٬۰۰۰٬۰۰۰ تومان")
        'in_full'
        """
        if answer is None or answer is ...:
            return "blank"
        meant = _meant(answer, rate=self.rate)
        if not meant:
            return "unreadable"
        known = {"right": self.right, **self.mistakes}
        if self.millions and any(self.near(self.right, one / _MILLION) for one in meant):
            return "in_full"
        return next(
            (name for name, value in known.items() if any(self.near(value, one) for one in meant)), "other"
        )

    def near(self, value: float, given: float) -> bool:
        """Whether an answer is close enough to a value to mean it.

        >>> Exercise(0.8, {}).near(0.8, 0.804), Exercise(20, {}, rate=False).near(20, 20.2)
        (True, False)
        """
        return abs(value - given) <= _NEAR * (1 if self.rate else max(abs(value), 1))


def _meant(answer: Any, *, rate: bool) -> list[float]:
    """The numbers an answer may mean; none where it holds no number.

    A rate of 80 is 80 %, and 1.05 may be 105 % as well as 1.05 %. "1/4" is a division, or 1.4 written in Persian.

    >>> _meant("80%", rate=True), _meant("۸۰", rate=True), _meant("96/120", rate=False), _meant("many", rate=True)
    ([0.8], [80.0, 0.8], [96.12, 0.8], [])
    """
    plain = _without_unit(answer) if isinstance(answer, str) else answer
    numbers = [number for number in (*_number(plain), *_quotient(plain)) if isfinite(number)]
    if not rate or (isinstance(plain, str) and plain.endswith("%")):
        return numbers
    return [share for number in numbers for share in ([number] if number <= 1 else [number, number / 100])]


def _number(plain: Any) -> list[float]:
    """The number that was written, in a list; an empty one where there is none."""
    if isinstance(plain, bool):
        return []
    try:
        return [parse_number(plain) if isinstance(plain, str) else float(plain)]
    except (TypeError, ValueError, OverflowError):
        return []


def _quotient(plain: Any) -> list[float]:
    """What a division within quotation marks comes to, in a list; an empty one where there is none."""
    division = _DIVISION.fullmatch(plain) if isinstance(plain, str) else None
    return [float(division[1]) / float(division[2])] if division else []


def _without_unit(answer: str) -> str:
    """An answer in Latin digits without the words of its unit; the word for percent becomes its sign.

    >>> _without_unit("۸۰ درصد"), _without_unit("470 million tomans"), _without_unit("80 apples")
    ('80%', '470', '80 apples')
    """
    plain = latin(answer).strip()
    parts = _NUMBER_AND_UNIT.fullmatch(plain)
    unit = _units().fullmatch(fold(parts[2])) if parts else None
    return plain if not parts or not unit else parts[1] + ("%" if unit["percent"] else "")


@cache
def _units() -> re.Pattern[str]:
    """The words that may follow a number, in any language."""
    percent, unit = (
        "|".join(fold(word) for language in LANGUAGES for word in words(f"lesson.check.{kind}", language))
        for kind in ("percent", "units")
    )
    return re.compile(f"(?P<percent>{percent})?(?:{unit})*")
