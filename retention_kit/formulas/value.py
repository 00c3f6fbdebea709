"""What a customer is worth, what one costs, who recommends us, and whether the team pays back."""

from __future__ import annotations

from typing import Any

from retention_kit.formulas.elementwise import Numbers, each, is_share, only
from retention_kit.formulas.intervals import Z_95


def customer_lifetime_value(
    revenue: Numbers, margin: Numbers, churn_rate: Numbers, discount_rate: Numbers | float = 0
) -> Numbers:
    r"""Margin a new customer brings in a whole life, if every period loses the same share of them (simple CLV).

    $$\mathrm{CLV} = \frac{m\,g\,(1 + d)}{c + d}$$

    The first period is paid at once; later ones are discounted.

    Args:
        revenue: m, of one customer in a period (money).
        margin: g, the share of it that stays after the cost of what was sold.
        churn_rate: c, lost per period, a share: the denominator.
        discount_rate: d, by which money a period later is worth less (0 or more).

    Returns:
        Money. Missing where nobody leaves (c = 0: no end can be seen) or a rate is no share.

    >>> customer_lifetime_value(100, 0.5, 0.25), customer_lifetime_value(100, 0.5, 0.25, 0.25)
    (200.0, 125.0)
    """
    return each(
        lambda m, g, c, d: only(is_share(c) & (c > 0) & (d >= 0), m * g * (1 + d) / (c + d)),
        revenue, margin, churn_rate, discount_rate,
    )  # fmt: skip


def customer_acquisition_cost(cost: Numbers, new: Numbers) -> Numbers:
    r"""Marketing and sales cost for each customer won (CAC).

    $$\mathrm{CAC} = \frac{K}{N}$$

    Args:
        cost: K, all that was spent to win customers in a period (money).
        new: N, customers won in it: the denominator.

    Returns:
        Money per customer. Missing where nobody was won.

    >>> customer_acquisition_cost(3000, 40)
    75.0
    """
    return each(lambda k, n: only(n > 0, k / n), cost, new)


def value_to_cost(lifetime_value: Numbers, acquisition_cost: Numbers) -> Numbers:
    r"""Lifetime value for each unit of money spent on winning the customer (CLV : CAC).

    $$\frac{\mathrm{CLV}}{\mathrm{CAC}}$$

    Args:
        lifetime_value: CLV, money per customer.
        acquisition_cost: CAC, money per customer: the denominator.

    Returns:
        A ratio; below 1 every new customer loses money. Missing where the cost is 0.

    >>> value_to_cost(225, 75)
    3.0
    """
    return each(lambda value, cost: only(cost > 0, value / cost), lifetime_value, acquisition_cost)


def payback_periods(acquisition_cost: Numbers, revenue: Numbers, margin: Numbers) -> Numbers:
    r"""Periods until a customer who stays has paid back what winning them cost.

    $$T = \frac{\mathrm{CAC}}{m\,g}$$

    Args:
        acquisition_cost: CAC, money per customer.
        revenue: m, of one customer in a period (money): part of the denominator.
        margin: g, the share of it that stays after the cost of what was sold: the rest of it.

    Returns:
        Periods. Missing where nothing stays of the revenue: it is never paid back.

    >>> payback_periods(75, 30, 0.5)
    5.0
    """
    return each(lambda k, m, g: only((k >= 0) & (m * g > 0), k / (m * g)), acquisition_cost, revenue, margin)


def net_promoter_score(promoters: Numbers, passives: Numbers, detractors: Numbers) -> Numbers:
    r"""Share of promoters less share of detractors among all who answered (NPS).

    $$\mathrm{NPS} = \frac{P - D}{P + I + D}$$

    Args:
        promoters: P, answers of 9 and 10.
        passives: I, answers of 7 and 8.
        detractors: D, answers of 0 to 6. All three together are the denominator.

    Returns:
        -1 to 1; people say it in points, from -100 to 100. Missing where nobody answered.

    >>> net_promoter_score(60, 20, 20)
    0.4
    """
    return each(
        lambda p, i, d: only(_are_answers(p, i, d), (p - d) / (p + i + d)), promoters, passives, detractors
    )


def net_promoter_interval(promoters: Numbers, passives: Numbers, detractors: Numbers) -> tuple[Numbers, Numbers]:
    r"""The 95 % interval of the NPS, whose denominator is all who answered.

    $$\tilde s \pm z\sqrt{\frac{\tilde p + \tilde d - \tilde s^2}{\tilde n}}$$

    with three answers added, three quarters to promoters and to detractors each and one and a half to passives,
    so that it is honest for few answers too; $z$ = 1.96.

    Args:
        promoters: P, answers of 9 and 10.
        passives: I, answers of 7 and 8.
        detractors: D, answers of 0 to 6.

    Returns:
        Lower and upper bound, inside -1 to 1. Missing where nobody answered.

    Source: B. Rocks, Interval estimation for the Net Promoter Score (2016).

    >>> [round(bound, 2) for bound in net_promoter_interval(60, 20, 20)]
    [0.23, 0.54]
    """
    low = each(lambda p, i, d: _promoter_bound(p, i, d, -Z_95), promoters, passives, detractors)
    high = each(lambda p, i, d: _promoter_bound(p, i, d, Z_95), promoters, passives, detractors)
    return low, high


def _promoter_bound(promoters: Any, passives: Any, detractors: Any, z: float) -> Any:
    import numpy as np

    total = promoters + passives + detractors + 3
    for_us, against = (promoters + 0.75) / total, (detractors + 0.75) / total
    score = for_us - against
    bound = score + z * np.sqrt((for_us + against - score**2) / total)
    return only(_are_answers(promoters, passives, detractors), np.clip(bound, -1.0, 1.0))


def _are_answers(promoters: Any, passives: Any, detractors: Any) -> Any:
    return (promoters >= 0) & (passives >= 0) & (detractors >= 0) & (promoters + passives + detractors > 0)


def return_on_customer_success(
    retention: Numbers, expansion: Numbers, referral: Numbers, *, staff: Numbers, tools: Numbers, loyalty: Numbers
) -> Numbers:
    r"""Money that is left of what customer success brought in after what it cost.

    $$(V_r + V_x + V_f) - (K_s + K_t + K_l)$$

    Args:
        retention: revenue of customers who stayed because of it (money in a period).
        expansion: what they came to pay more.
        referral: revenue of customers they brought.
        staff: wages of the team.
        tools: software and services.
        loyalty: cost of the loyalty programme.

    Returns:
        Money; below 0 where the team costs more than it brings.

    >>> return_on_customer_success(500, 200, 100, staff=400, tools=50, loyalty=30)
    320.0
    """
    return each(
        lambda kept, more, brought, staff, tools, loyalty: kept + more + brought - staff - tools - loyalty,
        retention, expansion, referral, staff, tools, loyalty,
    )  # fmt: skip
