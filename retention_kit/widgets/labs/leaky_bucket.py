"""The lab of the leaky bucket: customers poured in, customers leaking out, and the level they come to."""

from __future__ import annotations

from retention_kit import formulas
from retention_kit.widgets.labs.spec import Control, LabSpec, Values, share

_PERIODS = 12


def leaky_bucket(customers: float, new: float, churn_rate: float) -> Values:
    """The level of a bucket over 12 periods, and where it settles if nothing changes.

    >>> found = leaky_bucket(200, 40, 0.25)
    >>> found["level"][:2], found["settles"], found["sentence"]
    ([200.0, 190.0], 160.0, 'empties')
    """
    level = [formulas.customers_after(customers, 1 - churn_rate, new, period) for period in range(_PERIODS + 1)]
    leak = customers * churn_rate
    return {
        "problem": None,
        "sentence": _sentence(new, churn_rate, leak),
        "periods": _PERIODS,
        "leak": leak,
        "level": level,
        "after": level[-1],
        "poured": _PERIODS * new,
        "leaked": customers + _PERIODS * new - level[-1],
        "settles": new * formulas.expected_lifetime(churn_rate),
    }


def _sentence(new: float, churn_rate: float, leak: float) -> str:
    if churn_rate == 0:
        return "no_leak"
    return "fills" if new > leak else "empties" if new < leak else "steady"


LAB = LabSpec(
    "leaky_bucket",
    (
        Control("customers", 0, 1_000, 10, 200),
        Control("new", 0, 200, 1, 40),
        share("churn_rate", 0.25),
    ),
    leaky_bucket,
    ("leak", "after", "poured", "leaked", "settles"),
)
