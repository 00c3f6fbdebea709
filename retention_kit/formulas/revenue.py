"""Recurring revenue kept and lost: gross counts losses only, net sets the same customers' growth against them."""

from __future__ import annotations

from retention_kit.formulas.elementwise import Numbers, each, only


def revenue_churn_rate(
    opening: Numbers, churned: Numbers, contraction: Numbers | float = 0, expansion: Numbers | float = 0
) -> Numbers:
    r"""Share of the recurring revenue at the start that was lost in the period (RCR).

    $$\mathrm{RCR} = \frac{L + D - X}{M}$$

    Gross where no expansion is given, net where it is.

    Args:
        opening: M, recurring revenue at the start of the period (money per month): the denominator.
        churned: L, what customers who left had paid.
        contraction: D, what customers who stayed pay less.
        expansion: X, what customers who stayed pay more; revenue of new and returning customers is not in it.

    Returns:
        A share; below 0 where expansion outweighs the losses. Missing where M is 0.

    >>> revenue_churn_rate(100, 10, 10), revenue_churn_rate(100, 10, 10, 10)
    (0.2, 0.1)
    """
    return each(lambda m, lost, d, x: only(m > 0, (lost + d - x) / m), opening, churned, contraction, expansion)


def gross_revenue_retention(opening: Numbers, churned: Numbers, contraction: Numbers | float = 0) -> Numbers:
    r"""Share of the recurring revenue at the start that is left after all losses (GRR).

    $$\mathrm{GRR} = 1 - \frac{L + D}{M}$$

    Args:
        opening: M, recurring revenue at the start of the period (money per month): the denominator.
        churned: L, what customers who left had paid.
        contraction: D, what customers who stayed pay less.

    Returns:
        A share, never above 1. Missing where M is 0.

    >>> gross_revenue_retention(100, 10, 10)
    0.8
    """
    return each(lambda m, lost, d: only(m > 0, (m - lost - d) / m), opening, churned, contraction)


def net_revenue_retention(
    opening: Numbers, churned: Numbers, contraction: Numbers | float = 0, expansion: Numbers | float = 0
) -> Numbers:
    r"""Recurring revenue that the customers of the start pay at the end, over what they paid at the start (NRR).

    $$\mathrm{NRR} = 1 - \frac{L + D - X}{M}$$

    Args:
        opening: M, recurring revenue at the start of the period (money per month): the denominator.
        churned: L, what customers who left had paid.
        contraction: D, what customers who stayed pay less.
        expansion: X, what customers who stayed pay more.

    Returns:
        A share; above 1 where the same customers pay more than before. Missing where M is 0.

    >>> net_revenue_retention(100, 10, 10, 30)
    1.1
    """
    return each(
        lambda m, lost, d, x: only(m > 0, (m - lost - d + x) / m), opening, churned, contraction, expansion
    )


def quick_ratio(
    new: Numbers,
    expansion: Numbers,
    churned: Numbers,
    contraction: Numbers | float = 0,
    reactivation: Numbers | float = 0,
) -> Numbers:
    r"""Recurring revenue won in the period for each unit lost in it.

    $$Q = \frac{N + X + R}{L + D}$$

    Args:
        new: N, revenue of new customers (money per month).
        expansion: X, what customers who stayed pay more.
        churned: L, what customers who left had paid: part of the denominator.
        contraction: D, what customers who stayed pay less: the rest of it.
        reactivation: R, revenue of customers who came back.

    Returns:
        A ratio; below 1 the bucket empties. Missing where nothing was lost: there is nothing to divide by.

    >>> quick_ratio(60, 20, 15, 5)
    4.0
    """
    return each(
        lambda n, x, lost, d, r: only(lost + d > 0, (n + x + r) / (lost + d)),
        new, expansion, churned, contraction, reactivation,
    )  # fmt: skip


def trial_conversion_rate(ended: Numbers, converted: Numbers) -> Numbers:
    r"""Share of the trials that ended whose customers then paid.

    $$\mathrm{TCR} = \frac{P}{T}$$

    Args:
        ended: T, trials that came to their end in the period: the denominator. Those that still run are not in it.
        converted: P, those of them that became paying.

    Returns:
        A share. Missing where no trial ended.

    >>> trial_conversion_rate(40, 10)
    0.25
    """
    return each(lambda t, p: only(t > 0, p / t), ended, converted)


def average_revenue_per_account(recurring_revenue: Numbers, accounts: Numbers) -> Numbers:
    r"""Recurring revenue for each paying customer (ARPA).

    $$\mathrm{ARPA} = \frac{M}{E}$$

    Args:
        recurring_revenue: M, at one instant (money per month).
        accounts: E, customers who pay at that instant: the denominator.

    Returns:
        Money per month. Missing where nobody pays.

    >>> average_revenue_per_account(12500, 100)
    125.0
    """
    return each(lambda m, e: only(e > 0, m / e), recurring_revenue, accounts)
