"""How long customers stay, also while some of them have not left yet."""

from __future__ import annotations

from typing import Any

from retention_kit.formulas.elementwise import Numbers, as_floats, each, only


def survival_curve(at_risk: Numbers, left: Numbers) -> Numbers:
    r"""Share of all customers who stay beyond each age, by Kaplan and Meier; the denominators are `at_risk`.

    $$S(t) = \prod_{i \le t} \left(1 - \frac{d_i}{n_i}\right)$$

    A customer who has not left when we stop looking counts as at risk up to that age, and not beyond it.

    Args:
        at_risk: n, customers seen to live until each age, in the order of the ages.
        left: d, those of them who left at that age.

    Returns:
        Shares, never growing. Missing from the first age that nobody reached.

    Source: E. L. Kaplan and P. Meier, Nonparametric estimation from incomplete observations (1958).

    >>> import numpy as np
    >>> survival_curve(np.array([4.0, 3.0, 1.0]), np.array([1.0, 0.0, 1.0])).tolist()
    [0.75, 0.75, 0.0]
    """
    import numpy as np

    return each(lambda n, d: np.cumprod(only(n > 0, 1 - d / n)), at_risk, left)


def lifetime_within(ages: Any, survival: Any, horizon: float) -> float:
    r"""Periods a customer stays on average within a horizon: the area under the survival curve up to it.

    $$T(h) = \int_0^h S(t)\,dt$$

    Args:
        ages: the ages of the curve's steps, growing, in periods.
        survival: S, share of all customers who stay beyond each of these ages.
        horizon: h, in periods (above 0); at most the last age, for nobody was seen beyond it.

    Returns:
        Periods. Missing where the curve does not reach the horizon.

    >>> lifetime_within([1, 2, 4], [0.8, 0.5, 0.2], 4)
    2.8
    """
    import numpy as np

    steps, shares = as_floats(ages), as_floats(survival)
    if not 0 < horizon <= steps.max(initial=0):
        return float("nan")
    inside = steps < horizon
    bounds = np.concatenate([[0.0], steps[inside], [horizon]])
    return float(np.diff(bounds) @ np.concatenate([[1.0], shares[inside]]))
