"""Two groups held side by side: how far apart their shares are, and how far chance alone could have moved that."""

from __future__ import annotations

from typing import Any

from retention_kit.formulas.elementwise import as_floats
from retention_kit.formulas.intervals import Z_95, difference_interval, wilson_interval


def standardised_rate(successes: Any, total: Any, weights: Any) -> tuple[float, float, float]:
    r"""Share of a group dealt into strata, as if they were as large as `weights`; denominators are the totals.

    $$\hat p = \frac{\sum_s w_s\,k_s / n_s}{\sum_s w_s}$$

    Args:
        successes: k, in each stratum.
        total: n, in each stratum.
        weights: w, the size each stratum is given, such as the size it has in another group.

    Returns:
        Share, and the bounds of its 95 % interval, joined from Wilson's of each stratum. Missing where there is no
        stratum, or nobody in one of them.

    Source: G. Y. Zou and A. Donner, Construction of confidence limits about effect measures (2008).

    >>> [round(number, 4) for number in standardised_rate([40, 30], [50, 100], [10, 40])]
    [0.4, 0.3301, 0.4787]
    """
    import numpy as np

    kept, there, sizes = (np.atleast_1d(as_floats(value)) for value in (successes, total, weights))
    if not there.size or not (there > 0).all() or not sizes.sum() > 0:
        return np.nan, np.nan, np.nan
    shares, given = kept / there, sizes / sizes.sum()
    low, high = wilson_interval(kept, there)
    below, above = (float(np.sqrt(np.sum((given * reach) ** 2))) for reach in (shares - low, high - shares))
    share = float(np.sum(given * shares))
    return share, share - below, share + above


def rate_difference(
    successes: Any, total: Any, other_successes: Any, other_total: Any
) -> tuple[float, float, float]:
    r"""Share of a group less the share of comparable others, with its 95 % interval; denominators are the totals.

    $$D = \sum_s \frac{n_s}{n}\left(\frac{k_s}{n_s} - \frac{m_s}{o_s}\right)$$

    Both groups may be dealt into the same strata: then the others are standardised to the strata of the group, so
    that like is compared with like.

    Args:
        successes: k, of the group, one number or one a stratum.
        total: n, of the group.
        other_successes: m, of the others.
        other_total: o, of the others.

    Returns:
        Difference, lower and upper bound, as shares. Missing where a group has nobody in some stratum.

    Source: R. G. Newcombe, Interval estimation for the difference between independent proportions (1998).

    >>> [round(number, 4) for number in rate_difference(56, 70, 48, 80)]
    [0.2, 0.0524, 0.3339]
    >>> [round(number, 4) for number in rate_difference([9, 10], [10, 40], [40, 30], [50, 100])]
    [-0.02, -0.1646, 0.1351]
    """
    import numpy as np

    kept, group = (np.atleast_1d(as_floats(value)) for value in (successes, total))
    other, other_low, other_high = standardised_rate(other_successes, other_total, group)
    if not (group > 0).all():
        return np.nan, np.nan, np.nan
    share, low, high = standardised_rate(kept.sum(), group.sum(), 1)
    return share - other, *difference_interval((share, low, high), (other, other_low, other_high))


def rate_ratio(
    successes: float, total: float, other_successes: float, other_total: float
) -> tuple[float, float, float]:
    r"""Share of a group over the share of others, the denominator, with its 95 % interval.

    $$\frac{k / n}{m / o}, \qquad \exp\left(\ln \pm z\sqrt{\tfrac1k - \tfrac1n + \tfrac1m - \tfrac1o}\right)$$

    Args:
        successes: k, of the group.
        total: n, of the group.
        other_successes: m, of the others.
        other_total: o, of the others.

    Returns:
        Ratio, lower and upper bound; 1.9 is "90 % higher". Missing where nobody of a group counts, and where
        all of both do.

    Source: D. Katz and others, Obtaining confidence intervals for the risk ratio in cohort studies (1978).

    >>> [round(number, 3) for number in rate_ratio(56, 70, 48, 80)]
    [1.333, 1.077, 1.651]
    """
    import numpy as np

    everybody = successes == total and other_successes == other_total
    if everybody or min(successes, other_successes) <= 0:
        return np.nan, np.nan, np.nan
    ratio = (successes / total) / (other_successes / other_total)
    error = np.sqrt(1 / successes - 1 / total + 1 / other_successes - 1 / other_total)
    return ratio, float(ratio * np.exp(-Z_95 * error)), float(ratio * np.exp(Z_95 * error))
