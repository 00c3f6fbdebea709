"""The lab of a retention rate that moves: against a benchmark, and where it leads."""

from __future__ import annotations

from itertools import accumulate

from retention_kit import formulas
from retention_kit.widgets.labs.spec import Control, LabSpec, Values, share

# Rates that differ by less are the same rate, written with rounding.
_SAME = 1e-9


def retention_trend(
    *, customers: float, new: float, retention_rate: float, change: float, benchmark: float, periods: int
) -> Values:
    """Rates, chance to stay and customers over the coming periods, if the rate changes by as much in each.

    >>> found = retention_trend(customers=200, new=40, retention_rate=0.75, change=-0.05, benchmark=0.7, periods=3)
    >>> [round(rate, 2) for rate in found["rates"]], found["below_from"], round(found["stays"], 4)
    ([0.75, 0.7, 0.65], 3, 0.3412)
    """
    rates = [min(1.0, max(0.0, retention_rate + change * period)) for period in range(periods)]
    curve = list(accumulate(rates, lambda stayed, rate: stayed * rate, initial=1.0))
    level = [customers]
    for rate in rates:
        level.append(formulas.customers_after(level[-1], rate, new, 1))
    below = [period for period, rate in enumerate(rates, 1) if rate < benchmark - _SAME]
    return {
        "problem": None,
        "sentence": _sentence(benchmark, below),
        "rates": rates,
        "benchmarks": [benchmark] * periods,
        "curve": curve,
        "level": level,
        "last_rate": rates[-1],
        "below_from": below[0] if below else float("nan"),
        "stays": curve[-1],
        "stay": formulas.lifetime_within(range(1, periods + 1), curve[1:], periods),
        "lifetime": formulas.expected_lifetime(1 - retention_rate),
        "after": level[-1],
    }


def _sentence(benchmark: float, below: list[int]) -> str:
    if benchmark == 0:
        return "no_benchmark"
    if not below:
        return "above"
    return "below" if below[0] == 1 else "falls_below"


LAB = LabSpec(
    "retention_trend",
    (
        share("retention_rate", 0.75, group="rate"),
        share("change", -0.01, least=-0.05, most=0.05, group="rate"),
        share("benchmark", 0.7, group="rate"),
        Control("customers", 0, 1_000, 10, 200, group="customers"),
        Control("new", 0, 200, 1, 40, group="customers"),
        Control("periods", 1, 24, 1, 12, limit=60, group="customers"),
    ),
    retention_trend,
    ("last_rate", "stays", "stay", "lifetime", "after"),
)
