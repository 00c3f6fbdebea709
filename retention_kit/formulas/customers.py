"""Customers kept and lost, by period and by year, and where that leads if nothing changes."""

from __future__ import annotations

from typing import Any

from retention_kit.formulas.elementwise import Numbers, each, is_share, only


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
    return each(lambda s, n, e: only(s > 0, (e - n) / s), at_start, new, at_end)


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
    return each(lambda s, lost: only(s > 0, lost / s), at_start, lost)


def yearly_rate(monthly: Numbers) -> Numbers:
    r"""Share of the customers at the start of a year who are lost in it, if every month loses the same share.

    $$c_y = 1 - (1 - c_m)^{12}$$

    Never twelve times the monthly rate: each month can only lose those who are still there.

    Args:
        monthly: churn rate of one month, a share.

    Returns:
        A share. Missing where the monthly rate is no share.

    >>> round(yearly_rate(0.05), 4)
    0.4596
    """
    return each(lambda m: only(is_share(m), 1 - (1 - m) ** 12), monthly)


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
    return each(lambda r, n: only(is_share(r) & (n >= 0), r**n), retention_rate, periods)


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
    return each(lambda c: only(is_share(c) & (c > 0), 1 / c), churn_rate)


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
    return each(_project, customers, retention_rate, new, periods)


def _project(customers: Any, rate: Any, new: Any, periods: Any) -> Any:
    import numpy as np

    left = rate**periods
    waves = np.where(rate == 1, periods, (1 - left) / (1 - rate))
    return only(is_share(rate) & (periods >= 0), customers * left + new * waves)
