"""The lab of the customer retention rate, from three numbers."""

from __future__ import annotations

from retention_kit import formulas
from retention_kit.widgets.labs.spec import Control, LabSpec, Values


def retention_rate(at_start: float, new: float, at_end: float) -> Values:
    """What S, N and E say, or the code of what makes them contradict each other.

    >>> found = retention_rate(200, 40, 190)
    >>> found["kept"], found["lost"], found["retention_rate"]
    (150, 50, 0.75)
    >>> retention_rate(100, 10, 116)
    {'problem': 'more_kept_than_start'}
    """
    problem = _contradiction(at_start, new, at_end)
    if problem is not None:
        return {"problem": problem}
    kept = at_end - new
    lost = at_start - kept
    low, high = formulas.wilson_interval(kept, at_start)
    return {
        "problem": None,
        "kept": kept,
        "lost": lost,
        "retention_rate": formulas.customer_retention_rate(at_start, new, at_end),
        "churn_rate": formulas.customer_churn_rate(at_start, lost),
        "low": low,
        "high": high,
    }


def _contradiction(at_start: float, new: float, at_end: float) -> str | None:
    if new > at_end:
        return "more_new_than_end"
    if at_start == 0:
        return "none_at_start"
    return "more_kept_than_start" if at_end - new > at_start else None


LAB = LabSpec(
    "retention_rate",
    (
        Control("at_start", 0, 500, 1, 200),
        Control("new", 0, 500, 1, 40),
        Control("at_end", 0, 500, 1, 190),
    ),
    retention_rate,
    ("kept", "lost", "retention_rate", "churn_rate", "interval"),
)
