"""The lab of churn as a hazard: the same for everybody, or falling with the months a customer has stayed."""

from __future__ import annotations

from itertools import accumulate

from retention_kit import formulas
from retention_kit.widgets.labs.spec import Control, LabSpec, Values, share

_MONTHS = 36
_YEAR = 12


def churn(churn_rate: float, later_rate: float, halving: int) -> Values:
    """Who stays how long, when churn moves from its rate in the first month towards its rate later on.

    The distance between the two rates halves every `halving` months.

    >>> found = churn(0.05, 0.05, 6)
    >>> round(found["yearly"], 4), round(found["times_twelve"], 4), found["half_gone"]
    (0.4596, 0.6, 14)
    """
    hazards = [later_rate + (churn_rate - later_rate) * 0.5 ** (month / halving) for month in range(_MONTHS)]
    curve = list(accumulate(hazards, lambda stayed, hazard: stayed * (1 - hazard), initial=1.0))
    half = [month for month, stayed in enumerate(curve) if stayed <= 0.5]
    return {
        "problem": None,
        "sentence": _sentence(churn_rate, later_rate),
        "curve": curve,
        "constant": [formulas.chance_to_stay(1 - churn_rate, month) for month in range(_MONTHS + 1)],
        "hazards": hazards,
        "yearly": 1 - curve[_YEAR],
        "yearly_constant": formulas.yearly_rate(churn_rate),
        "times_twelve": _YEAR * churn_rate,
        "lifetime_shortcut": formulas.expected_lifetime(churn_rate),
        "lifetime": formulas.lifetime_within(range(1, _MONTHS + 1), curve[1:], _MONTHS),
        "half_gone": half[0] if half else float("nan"),
        "months": _MONTHS,
    }


def _sentence(churn_rate: float, later_rate: float) -> str:
    if churn_rate == later_rate == 0:
        return "nobody"
    if churn_rate == later_rate:
        return "constant"
    return "falling" if later_rate < churn_rate else "rising"


LAB = LabSpec(
    "churn",
    (
        share("churn_rate", 0.1, most=0.5),
        share("later_rate", 0.03, most=0.5),
        Control("halving", 1, 12, 1, 2, limit=36),
    ),
    churn,
    ("yearly", "times_twelve", "yearly_constant", "lifetime", "lifetime_shortcut", "half_gone"),
)
