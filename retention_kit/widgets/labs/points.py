"""The lab of loyalty points: spend x, earn y, worth z, and more with every renewal."""

from __future__ import annotations

from retention_kit import formulas
from retention_kit.widgets.labs.spec import Control, LabSpec, Values, amount, share

# The picture shows a year of monthly renewals, or more where the customer has renewed more often.
_YEAR = 12


def points(
    *, spent: float, points_per_unit: float, actions: float, points_per_action: float, renewals: int,
    growth: float, money_per_point: float,
) -> Values:  # fmt: skip
    """Points for spending and for other activities, what they are worth, and what share of the spending returns.

    >>> earn = {"spent": 200, "points_per_unit": 2, "actions": 5, "points_per_action": 20}
    >>> found = points(**earn, renewals=3, growth=0.5, money_per_point=0.01)
    >>> found["from_spending"], found["from_actions"], found["points"], found["worth"]
    (1000.0, 250.0, 1250.0, 12.5)
    """

    def earned(times: int) -> tuple[float, float]:
        return (
            formulas.points_earned(spent, points_per_unit, times, growth),
            formulas.points_earned(actions, points_per_action, times, growth),
        )

    from_spending, from_actions = earned(renewals)
    worth = formulas.points_worth(from_spending + from_actions, money_per_point)
    after = range(max(_YEAR, renewals) + 1)
    return {
        "problem": None,
        "sentence": "nothing_spent" if spent == 0 else "generous" if worth > spent else "answer",
        "multiplier": 1 + growth * renewals,
        "from_spending": from_spending,
        "from_actions": from_actions,
        "points": from_spending + from_actions,
        "worth": worth,
        "returned": worth / spent if spent > 0 else float("nan"),
        "worths": [formulas.points_worth(sum(earned(times)), money_per_point) for times in after],
    }


LAB = LabSpec(
    "points",
    (
        amount("spent", 1_000, 10, 200, group="earn"),
        amount("points_per_unit", 10, 0.5, 1, group="earn"),
        Control("actions", 0, 50, 1, 5, group="earn"),
        amount("points_per_action", 100, 1, 10, group="earn"),
        Control("renewals", 0, 24, 1, 3, limit=120, group="grow"),
        share("growth", 0.1, limit=10, group="grow"),
        Control("money_per_point", 0, 1, 0.01, 0.05, "amount", group="grow"),
    ),
    points,
    ("from_spending", "from_actions", "multiplier", "points", "worth", "returned"),
)
