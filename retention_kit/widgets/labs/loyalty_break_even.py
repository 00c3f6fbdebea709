"""The lab of a loyalty programme's break-even: what it costs, what it must bring, what is still owed."""

from __future__ import annotations

from retention_kit import formulas
from retention_kit.widgets.labs.spec import Control, LabSpec, Values, amount, share


def loyalty_break_even(
    *, members: float, revenue: float, margin: float, reward: float, breakage: float, fixed_cost: float,
    uplift: float, outstanding: float, money_per_point: float,
) -> Values:  # fmt: skip
    """Result of a programme in a period, the uplift at which it pays for itself, and the money owed for points.

    Points are given on every purchase, also on those that would have been made anyway; each further purchase
    brings its margin less its own points.

    >>> found = loyalty_break_even(
    ...     members=500, revenue=100, margin=0.4, reward=0.05, breakage=0.2, fixed_cost=800, uplift=0.1,
    ...     outstanding=20_000, money_per_point=0.05,
    ... )
    >>> round(found["break_even"], 4), round(found["result"], 2), found["liability"]
    (0.1556, -1000.0, 800.0)
    """
    base = members * revenue
    given = reward * (1 - breakage)
    further = base * uplift * margin
    rewards = base * (1 + uplift) * given
    result = further - rewards - fixed_cost
    break_even = formulas.break_even_uplift(fixed_cost + base * given, base, margin - given)
    return {
        "problem": None,
        "sentence": _sentence(base, break_even, result),
        "base": base,
        "further": further,
        "rewards": rewards,
        "result": result,
        "break_even": break_even,
        "liability": formulas.points_liability(outstanding, money_per_point, breakage),
        "liability_careful": formulas.points_liability(outstanding, money_per_point),
    }


def _sentence(base: float, break_even: float, result: float) -> str:
    if base == 0:
        return "nobody"
    if break_even != break_even:  # noqa: PLR0124 nan
        return "never"
    return "pays" if result >= 0 else "costs"


LAB = LabSpec(
    "loyalty_break_even",
    (
        Control("members", 0, 5_000, 10, 500, group="members"),
        amount("revenue", 500, 5, 100, group="members"),
        share("margin", 0.4, group="members"),
        share("uplift", 0.12, limit=10, group="members"),
        share("reward", 0.03, most=0.5, group="programme"),
        share("breakage", 0.2, group="programme"),
        amount("fixed_cost", 10_000, 50, 500, group="programme"),
        amount("outstanding", 100_000, 500, 20_000, group="owed"),
        Control("money_per_point", 0, 1, 0.01, 0.05, "amount", group="owed"),
    ),
    loyalty_break_even,
    ("further", "rewards", "result", "break_even", "liability", "liability_careful"),
)
