"""The lab of the three numbers at once: CRR, CCR and RCR, from totals that a founder knows by heart."""

from __future__ import annotations

from retention_kit import formulas
from retention_kit.widgets.labs.spec import Control, LabSpec, Values, amount


def three_numbers(
    *, at_start: float, new: float, at_end: float, lost: float, opening: float, lost_revenue: float
) -> Values:
    """What S, N, E, L and the recurring revenue say, or the code of what makes them contradict each other.

    Who is neither kept nor new at the end must be back after a break: that many are `returned`.

    >>> revenue = {"opening": 10_000, "lost_revenue": 1_500}
    >>> found = three_numbers(at_start=200, new=40, at_end=190, lost=60, **revenue)
    >>> found["retention_rate"], found["churn_rate"], found["revenue_churn_rate"], found["returned"]
    (0.75, 0.3, 0.15, 10)
    >>> three_numbers(at_start=200, new=40, at_end=190, lost=45, **revenue)
    {'problem': 'some_unaccounted'}
    """
    problem = _contradiction(at_start, new, at_end, lost) or _revenue_contradiction(opening, lost_revenue)
    if problem is not None:
        return {"problem": problem}
    kept = at_start - lost
    returned = at_end - kept - new
    low, high = formulas.wilson_interval(kept, at_start)
    return {
        "problem": None,
        "sentence": "no_revenue" if opening == 0 else "returning" if returned else "answer",
        "kept": kept,
        "returned": returned,
        "kept_revenue": opening - lost_revenue,
        "retention_rate": formulas.customer_retention_rate(at_start, new, at_end),
        "counted_rate": kept / at_start,
        "low": low,
        "high": high,
        "churn_rate": formulas.customer_churn_rate(at_start, lost),
        "revenue_churn_rate": formulas.revenue_churn_rate(opening, lost_revenue),
    }


def _contradiction(at_start: float, new: float, at_end: float, lost: float) -> str | None:
    if at_start == 0:
        return "none_at_start"
    if lost > at_start:
        return "more_lost_than_start"
    if new > at_end:
        return "more_new_than_end"
    return "some_unaccounted" if at_start - lost + new > at_end else None


def _revenue_contradiction(opening: float, lost_revenue: float) -> str | None:
    return "more_revenue_lost" if lost_revenue > opening else None


LAB = LabSpec(
    "three_numbers",
    (
        Control("at_start", 0, 500, 1, 200, group="customers"),
        Control("new", 0, 500, 1, 40, group="customers"),
        Control("at_end", 0, 500, 1, 190, group="customers"),
        Control("lost", 0, 500, 1, 50, group="customers"),
        amount("opening", 20_000, 100, 10_000, group="revenue"),
        amount("lost_revenue", 20_000, 100, 1_500, group="revenue"),
    ),
    three_numbers,
    ("retention_rate", "churn_rate", "revenue_churn_rate", "counted_rate", "interval", "returned"),
)
