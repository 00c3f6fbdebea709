"""The exercises and quizzes: right answers, and wrong ones whose reason is known.

All answers are computed with the kit's formulas, so that no exercise can drift from them. Words are in `text/`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from retention_kit.formulas import chance_to_stay, customer_churn_rate, customer_retention_rate
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

        >>> EXERCISES["retention_rate"]["cafe"].judge("۸۰٪")
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


EXERCISES: dict[str, dict[str, Exercise]] = {
    "retention_rate": {
        "cafe": Exercise(
            customer_retention_rate(120, 30, 126),
            {
                "left_new_in": customer_retention_rate(120, 0, 126),
                "gave_churn": customer_churn_rate(120, 120 - (126 - 30)),
                "divided_by_end": (126 - 30) / 126,
            },
        ),
        "back_again": Exercise(
            1 - customer_churn_rate(50, 50 - (45 - 10 - 5)),
            {
                "left_returning_in": customer_retention_rate(50, 10, 45),
                "left_new_in": customer_retention_rate(50, 5, 45),
                "left_all_in": customer_retention_rate(50, 0, 45),
                "gave_churn": customer_churn_rate(50, 50 - (45 - 10 - 5)),
                "divided_by_end": (45 - 10 - 5) / 45,
            },
        ),
        "year": Exercise(
            chance_to_stay(0.9, 12),
            {
                "one_month": chance_to_stay(0.9, 1),
                "gave_churn": 1 - chance_to_stay(0.9, 12),
                "nobody_left": 0.0,
                "added_up": 12 * (1 - 0.9),
            },
        ),
    }
}

# The place of the right option of each question.
QUIZZES: dict[str, tuple[int, ...]] = {"retention_rate": (1, 2, 0)}
