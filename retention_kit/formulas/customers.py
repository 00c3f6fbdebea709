"""The formulas: plain arithmetic on numbers, arrays or Series, the same kind out.

Rates are shares (0.85), never percent. What is not defined is missing (nan): never 0, never infinite, never an
exception for a whole column. Nothing here reads data or knows a language.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

Numbers = TypeVar("Numbers", "float", "NDArray[np.float64]", "pd.Series[float]")

# The 97.5 % point of the normal distribution, for two-sided 95 % intervals.
Z_95 = 1.959963984540054


def _each(compute: Callable[..., Any], *given: Any) -> Any:
    """`compute` on the given numbers element by element, in the kind that was given.

    One way for all kinds: numbers become arrays, and the answer takes the kind of the first Series, else array,
    else becomes a float again.
    """
    import numpy as np

    with np.errstate(all="ignore"):
        found = compute(*(_as_floats(value) for value in given))
    for value in given:
        if hasattr(value, "index") and hasattr(value, "dtype"):
            return type(value)(found, index=value.index)
    return found if found.ndim else float(found)


def _only(defined: Any, value: Any) -> Any:
    """The value where it is defined, missing elsewhere."""
    import numpy as np

    return np.where(defined, value, np.nan)


def _as_floats(value: Any) -> NDArray[np.float64]:
    import numpy as np

    if hasattr(value, "to_numpy"):  # a Series may hold pandas' own missing value
        return np.asarray(value.to_numpy(dtype="float64", na_value=np.nan))
    return np.asarray(np.nan if value is None else value, dtype="float64")


def customer_retention_rate(at_start: Numbers, new: Numbers, at_end: Numbers) -> Numbers:
    r"""Share of the customers at the start who are still customers at the end (CRR).

    $$\mathrm{CRR} = \frac{E - N}{S}$$

    Args:
        at_start: S, customers at the start of the period: the denominator.
        new: N, customers won in the period and still there at its end.
        at_end: E, customers at the end of the period.

    Returns:
        A share. Missing where S is 0 or an input is missing. Above 1 only when the inputs contradict each other
        or customers came back: the formula cannot tell the two apart.

    Source: the textbook formula; the count without returning customers is `1 - customer_churn_rate(S, L)`.

    >>> customer_retention_rate(200, 40, 190)
    0.75
    >>> customer_retention_rate(0, 40, 40)
    nan
    """
    return _each(lambda s, n, e: _only(s > 0, (e - n) / s), at_start, new, at_end)


def customer_churn_rate(at_start: Numbers, lost: Numbers) -> Numbers:
    r"""Share of the customers at the start who were lost in the period (CCR).

    $$\mathrm{CCR} = \frac{L}{S}$$

    Args:
        at_start: S, customers at the start of the period: the denominator.
        lost: L, those of them who are no customers at the end.

    Returns:
        A share. Missing where S is 0. Counted by customer, CRR + CCR = 1.

    >>> customer_churn_rate(200, 50)
    0.25
    """
    return _each(lambda s, lost: _only(s > 0, lost / s), at_start, lost)


def wilson_interval(successes: Numbers, total: Numbers) -> tuple[Numbers, Numbers]:
    r"""The 95 % interval of a share whose denominator is `total`, by Wilson's score method.

    $$\frac{p + \frac{z^2}{2n} \pm z\sqrt{\frac{p(1-p)}{n} + \frac{z^2}{4n^2}}}{1 + \frac{z^2}{n}}$$

    with $p$ = successes / total, $n$ = total and $z$ = 1.96. It stays inside 0 to 1 and is honest for few
    customers and for shares near 0 and 1, where the usual $p \pm z\,\mathrm{se}$ is not.

    Args:
        successes: how many of `total` count (a whole number of customers).
        total: how many there are.

    Returns:
        Lower and upper bound as shares. Missing where total is 0, or successes lies outside 0 to total.

    Source: E. B. Wilson, Probable inference (1927).

    >>> [round(bound, 4) for bound in wilson_interval(150, 200)]
    [0.6857, 0.8049]
    """
    low = _each(lambda k, n: _wilson(k, n, -Z_95), successes, total)
    high = _each(lambda k, n: _wilson(k, n, Z_95), successes, total)
    return low, high


def _wilson(successes: Any, total: Any, z: float) -> Any:
    import numpy as np

    share = successes / total
    middle = share + z * z / (2 * total)
    half = z * np.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    # At 0 and at total the bound is 0 or 1 exactly; rounding must not push it across.
    bound = np.clip((middle + half) / (1 + z * z / total), 0.0, 1.0)
    return _only((total > 0) & (successes >= 0) & (successes <= total), bound)


def chance_to_stay(retention_rate: Numbers, periods: Numbers) -> Numbers:
    r"""Share of today's customers still there after some periods, if every period keeps the same share.

    $$P(n) = r^n$$

    Args:
        retention_rate: r, a share for one period.
        periods: n, how many periods (0 or more).

    Returns:
        A share. Missing where r lies outside 0 to 1.

    >>> round(chance_to_stay(0.9, 12), 4)
    0.2824
    """
    return _each(lambda r, n: _only(_is_share(r) & (n >= 0), r**n), retention_rate, periods)


def expected_lifetime(churn_rate: Numbers) -> Numbers:
    r"""Periods a customer stays on average, if every period loses the same share of its customers.

    $$T = \frac{1}{c}$$

    Args:
        churn_rate: c, a share for one period: the denominator.

    Returns:
        Periods, counted from the first. Missing where c is 0 (nobody leaves: no end can be seen) or no share.
        It holds only for constant churn; a survival curve says when it is not.

    >>> expected_lifetime(0.25)
    4.0
    """
    return _each(lambda c: _only(_is_share(c) & (c > 0), 1 / c), churn_rate)


def customers_after(customers: Numbers, retention_rate: Numbers, new: Numbers, periods: Numbers) -> Numbers:
    r"""Customers after some periods, if each keeps the same share of those it began with and wins as many new.

    $$C_n = C_0 r^n + N\,\frac{1 - r^n}{1 - r}$$

    Args:
        customers: C0, customers today.
        retention_rate: r, the share kept per period.
        new: N, customers won per period and still there at its end.
        periods: n, how many periods (0 or more).

    Returns:
        Customers (not rounded). With n large it tends to N / (1 - r): the level at which the bucket stands still.

    >>> customers_after(200, 0.75, 40, 1)
    190.0
    >>> round(customers_after(200, 0.75, 40, 100), 6)
    160.0
    """
    return _each(_project, customers, retention_rate, new, periods)


def _project(customers: Any, rate: Any, new: Any, periods: Any) -> Any:
    import numpy as np

    left = rate**periods
    waves = np.where(rate == 1, periods, (1 - left) / (1 - rate))
    return _only(_is_share(rate) & (periods >= 0), customers * left + new * waves)


def _is_share(value: Any) -> Any:
    return (value >= 0) & (value <= 1)
