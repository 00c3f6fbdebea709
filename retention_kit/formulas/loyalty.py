"""A loyalty programme: points earned, what they are worth, what is owed, and when it pays for itself."""

from __future__ import annotations

from retention_kit.formulas.elementwise import Numbers, each, is_share, only


def points_earned(
    activities: Numbers, points_each: Numbers, renewals: Numbers | float = 0, growth: Numbers | float = 0
) -> Numbers:
    r"""Points for some activities, where each renewal makes the next activities worth more points.

    $$P = a\,p\,(1 + g\,k)$$

    Args:
        activities: a, how many: follows, referrals, units of money spent.
        points_each: p, points for one of them before the first renewal.
        renewals: k, how often the customer has renewed (0 or more).
        growth: g, by which share of the first rate every renewal raises the points.

    Returns:
        Points. Missing where one of the numbers is below 0.

    >>> points_earned(200, 2), points_earned(200, 2, renewals=3, growth=0.5)
    (400.0, 1000.0)
    """
    return each(
        lambda a, p, k, g: only((a >= 0) & (p >= 0) & (k >= 0) & (g >= 0), a * p * (1 + g * k)),
        activities, points_each, renewals, growth,
    )  # fmt: skip


def points_worth(points: Numbers, money_per_point: Numbers) -> Numbers:
    r"""Money off that points buy.

    $$W = P\,v$$

    Args:
        points: P, points in hand.
        money_per_point: v, what one point takes off a price.

    Returns:
        Money. Missing where one of the numbers is below 0.

    >>> points_worth(400, 0.5)
    200.0
    """
    return each(lambda p, v: only((p >= 0) & (v >= 0), p * v), points, money_per_point)


def breakage_rate(earned: Numbers, redeemed: Numbers) -> Numbers:
    r"""Share of the points earned that were never redeemed.

    $$B = \frac{P - U}{P}$$

    Args:
        earned: P, points that can no longer be redeemed or have been: the denominator.
        redeemed: U, those of them that were redeemed.

    Returns:
        A share. Missing where nothing was earned, or more was redeemed than earned.

    >>> breakage_rate(1000, 800)
    0.2
    """
    return each(lambda p, u: only((p > 0) & (u >= 0) & (u <= p), (p - u) / p), earned, redeemed)


def points_liability(outstanding: Numbers, money_per_point: Numbers, breakage: Numbers | float = 0) -> Numbers:
    r"""Money that is still owed for the points in customers' hands.

    $$D = P\,v\,(1 - b)$$

    Args:
        outstanding: P, points earned and neither redeemed nor expired.
        money_per_point: v, what one point costs the shop when it is redeemed.
        breakage: b, the share that will never be redeemed; 0 is the careful answer.

    Returns:
        Money. Missing where breakage is no share, or a number is below 0.

    >>> points_liability(5000, 0.5, 0.2)
    2000.0
    """
    return each(
        lambda p, v, b: only((p >= 0) & (v >= 0) & is_share(b), p * v * (1 - b)),
        outstanding, money_per_point, breakage,
    )  # fmt: skip


def break_even_uplift(cost: Numbers, revenue: Numbers, margin: Numbers) -> Numbers:
    r"""Share by which the members' revenue must rise for the programme to pay for itself.

    $$u = \frac{C}{M\,g}$$

    Args:
        cost: C, of the programme in a period: points redeemed, tools, staff (money).
        revenue: M, what the members would have spent without it (money): part of the denominator.
        margin: g, the share of revenue that stays after the cost of what was sold: the rest of it.

    Returns:
        A share. Missing where revenue or margin is 0 or below: no rise could pay then.

    >>> break_even_uplift(30, 1000, 0.4)
    0.075
    """
    return each(lambda c, m, g: only((m > 0) & (g > 0), c / (m * g)), cost, revenue, margin)
