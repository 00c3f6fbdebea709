"""The lab of the movements of recurring revenue: from opening to closing, with trials on the way in."""

from __future__ import annotations

from retention_kit import formulas
from retention_kit.widgets.labs.spec import Control, LabSpec, Values, amount, share


def revenue_movements(
    *, opening: float, trials: float, conversion: float, price: float, expansion: float, contraction: float,
    churned: float, reactivation: float,
) -> Values:  # fmt: skip
    """Closing revenue and the rates of its movements; new revenue is trials that convert, times their price.

    >>> existing = {"opening": 10_000, "churned": 800, "contraction": 200, "expansion": 400}
    >>> incoming = {"trials": 200, "conversion": 0.15, "price": 40, "reactivation": 100}
    >>> found = revenue_movements(**existing, **incoming)
    >>> found["new"], found["closing"], found["gross_churn"], found["net_retention"], found["quick_ratio"]
    (1200.0, 10700.0, 0.1, 0.94, 1.7)
    >>> revenue_movements(**{**existing, "opening": 900}, **incoming)
    {'problem': 'more_lost_than_opening'}
    """
    if churned + contraction > opening:
        return {"problem": "more_lost_than_opening"}
    converted = trials * conversion
    new = converted * price
    closing = opening + new + expansion - contraction - churned + reactivation
    return {
        "problem": None,
        "sentence": "no_opening" if opening == 0 else "grows" if closing >= opening else "shrinks",
        "converted": converted,
        "new": new,
        "closing": closing,
        "gross_churn": formulas.revenue_churn_rate(opening, churned, contraction),
        "net_churn": formulas.revenue_churn_rate(opening, churned, contraction, expansion),
        "gross_retention": formulas.gross_revenue_retention(opening, churned, contraction),
        "net_retention": formulas.net_revenue_retention(opening, churned, contraction, expansion),
        "quick_ratio": formulas.quick_ratio(new, expansion, churned, contraction, reactivation),
    }


LAB = LabSpec(
    "revenue_movements",
    (
        amount("opening", 20_000, 100, 10_000, group="existing"),
        amount("churned", 10_000, 50, 800, group="existing"),
        amount("contraction", 10_000, 50, 200, group="existing"),
        amount("expansion", 10_000, 50, 400, group="existing"),
        Control("trials", 0, 1_000, 10, 200, group="incoming"),
        share("conversion", 0.15, group="incoming"),
        amount("price", 500, 5, 40, group="incoming"),
        amount("reactivation", 10_000, 50, 100, group="incoming"),
    ),
    revenue_movements,
    (
        "converted", "new", "closing", "gross_churn", "net_churn", "gross_retention", "net_retention",
        "quick_ratio",
    ),
)  # fmt: skip
