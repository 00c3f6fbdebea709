"""An exercise: its right answer, and wrong ones whose reason is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from retention_kit.language import parse_number

# An answer rounded to whole percent is right; so is another number that is off by half a percent of itself.
_NEAR = 0.0051


@dataclass(frozen=True)
class Exercise:
    """One exercise: the right answer, and what each known mistake gives.

    A rate is answered as a share or in percent; with `rate=False` the answer is any other number, such as months.
    """

    right: float
    mistakes: Mapping[str, float]
    rate: bool = True

    def judge(self, answer: Any) -> str:
        """`blank`, `unreadable`, `right`, the name of a mistake, or `other`.

        >>> Exercise(0.8, {"gave_churn": 0.2}).judge("۸۰٪")
        'right'
        >>> Exercise(20, {}, rate=False).judge("۲۰")
        'right'
        """
        if answer is None or answer is ...:
            return "blank"
        read = _numbers(answer)
        if not read:
            return "unreadable"
        known = {"right": self.right, **self.mistakes}
        meant = _shares(answer, read[0]) if self.rate else read
        return next(
            (name for name, value in known.items() if any(self.near(value, one) for one in meant)), "other"
        )

    def near(self, value: float, given: float) -> bool:
        """Whether an answer is close enough to a value to mean it.

        >>> Exercise(0.8, {}).near(0.8, 0.804), Exercise(20, {}, rate=False).near(20, 20.2)
        (True, False)
        """
        return abs(value - given) <= _NEAR * (1 if self.rate else max(abs(value), 1))


def _numbers(answer: Any) -> list[float]:
    """The number an answer holds, in a list; an empty one where there is none.

    >>> _numbers("80%"), _numbers("۸۰"), _numbers("eighty")
    ([0.8], [80.0], [])
    """
    try:
        number = parse_number(answer) if isinstance(answer, str) else float(answer)
    except (TypeError, ValueError):
        return []
    return [] if isinstance(answer, bool) or not isfinite(number) else [number]


def _shares(answer: Any, number: float) -> list[float]:
    """The shares an answer may mean: 80 is 80 %, and 1.05 may be 105 % as well as 1.05 %."""
    is_share = isinstance(answer, str) and answer.strip().endswith(("%", "٪"))
    return [number] if is_share or number <= 1 else [number, number / 100]
