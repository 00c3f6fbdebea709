"""The lab of the claim that a little more retention brings much more profit: every assumption is a slider."""

from __future__ import annotations

from itertools import accumulate

from retention_kit import formulas
from retention_kit.widgets.labs.spec import Control, LabSpec, Values, amount, share

# An article claims that five points more retention bring between these shares more profit.
_CLAIM = (0.25, 0.95)


def profit(
    *, customers: float, new: float, retention_rate: float, rise: float, effort: float, revenue: float,
    margin: float, acquisition_cost: float, fixed_cost: float, discount_rate: float, periods: int,
) -> Values:  # fmt: skip
    """Profit over some periods as things are, and with a retention rate raised by so many points.

    >>> company = {"customers": 100, "new": 20, "retention_rate": 0.75, "revenue": 10, "margin": 0.5}
    >>> company |= {"acquisition_cost": 5, "fixed_cost": 100, "effort": 0, "discount_rate": 0, "periods": 2}
    >>> found = profit(**company, rise=0.25)
    >>> found["total_now"], found["total_raised"], found["gain_share"]
    ([0.0, 275.0, 531.25], [0.0, 400.0, 900.0], 0.6941176470588235)
    >>> profit(**company, rise=0.3)
    {'problem': 'more_than_all'}
    """
    raised = min(1.0, retention_rate + rise)
    if retention_rate + rise - raised > 1e-9:
        return {"problem": "more_than_all"}
    worth = [(1 + discount_rate) ** -period for period in range(periods)]

    def running_total(rate: float, cost: float) -> list[float]:
        level = [formulas.customers_after(customers, rate, new, period) for period in range(1, periods + 1)]
        profits = [(had * revenue * margin - cost) * each for had, each in zip(level, worth, strict=True)]
        return list(accumulate(profits, initial=0.0))

    cost = new * acquisition_cost + fixed_cost
    total_now, total_raised = running_total(retention_rate, cost), running_total(raised, cost + effort)
    gain = total_raised[-1] - total_now[-1]
    gain_share = gain / total_now[-1] if total_now[-1] > 0 else float("nan")
    return {
        "problem": None,
        "sentence": _sentence(gain_share, gain),
        "raised": raised,
        "total_now": total_now,
        "total_raised": total_raised,
        "profit_now": total_now[-1],
        "profit_raised": total_raised[-1],
        "gain": gain,
        "gain_share": gain_share,
        "affordable": effort + gain / sum(worth),
    }


def _sentence(gain_share: float, gain: float) -> str:
    if gain < 0:
        return "costs"
    if gain_share != gain_share:  # noqa: PLR0124 nan
        return "loss"
    least, most = _CLAIM
    return "under" if gain_share < least else "over" if gain_share > most else "inside"


LAB = LabSpec(
    "profit",
    (
        share("retention_rate", 0.8, group="rate"),
        share("rise", 0.05, most=0.3, group="rate"),
        amount("effort", 5_000, 50, 0, group="rate"),
        Control("customers", 0, 5_000, 10, 1_000, group="company"),
        Control("new", 0, 1_000, 10, 150, group="company"),
        amount("revenue", 200, 1, 30, group="company"),
        share("margin", 0.4, group="company"),
        amount("acquisition_cost", 200, 1, 30, group="company"),
        amount("fixed_cost", 20_000, 100, 2_000, group="company"),
        Control("periods", 1, 60, 1, 24, limit=120, group="reckoning"),
        share("discount_rate", 0.01, most=0.2, group="reckoning"),
    ),
    profit,
    ("profit_now", "profit_raised", "gain", "gain_share", "affordable"),
)
