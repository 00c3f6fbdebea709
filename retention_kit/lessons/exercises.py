"""An exercise: its right answer, and wrong ones whose reason is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from retention_kit.language import parse_number

# An answer rounded to whole percent is right.
_NEAR = 0.0051


@dataclass(frozen=True)
class Exercise:
    """One exercise whose answer is a rate: the right one, and what each known mistake gives."""

    right: float
    mistakes: Mapping[str, float]

    def judge(self, answer: Any) -> str:
        """`blank`, `unreadable`, `right`, the name of a mistake, or `other`.

        >>> Exercise(0.8, {"gave_churn": 0.2}).judge("۸۰٪")
        'right'
        """
        if answer is None or answer is ...:
            return "blank"
        read = _shares(answer)
        if not read:
            return "unreadable"
        known = {"right": self.right, **self.mistakes}
        return next((name for name, share in known.items() if any(_near(share, one) for one in read)), "other")


def _near(share: float, given: float) -> bool:
    return abs(share - given) <= _NEAR


def _shares(answer: Any) -> list[float]:
    """The shares an answer may mean: 80 is 80 %, and 1.05 may be 105 % as well as 1.05 %.

    >>> _shares("80%"), _shares(80), _shares("eighty")
    ([0.8], [80.0, 0.8], [])
    """
    try:
        number = parse_number(answer) if isinstance(answer, str) else float(answer)
    except (TypeError, ValueError):
        return []
    if isinstance(answer, bool) or not isfinite(number):
        return []
    is_share = isinstance(answer, str) and answer.strip().endswith(("%", "٪"))
    return [number] if is_share or number <= 1 else [number, number / 100]
