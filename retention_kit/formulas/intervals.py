"""Intervals: how far chance alone could have moved a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retention_kit.formulas.elementwise import Numbers, each, only

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# The 97.5 % point of the normal distribution, for two-sided 95 % intervals.
Z_95 = 1.959963984540054

# Enough draws that the interval of one seed differs little from that of another.
_DRAWS = 2000


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
    low = each(lambda k, n: _wilson(k, n, -Z_95), successes, total)
    high = each(lambda k, n: _wilson(k, n, Z_95), successes, total)
    return low, high


def _wilson(successes: Any, total: Any, z: float) -> Any:
    import numpy as np

    share = successes / total
    middle = share + z * z / (2 * total)
    half = z * np.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    # At 0 the lower bound is 0 exactly, and at total the upper one 1: rounding must not move them.
    exact = share == (0 if z < 0 else 1)
    bound = np.where(exact, share, (middle + half) / (1 + z * z / total))
    return only((total > 0) & (successes >= 0) & (successes <= total), bound)


def log_log_interval(at_risk: Numbers, left: Numbers) -> tuple[Numbers, Numbers]:
    r"""The 95 % interval of a survival curve whose denominators are `at_risk`, on the log-log scale.

    $$S^{\exp(\pm z\sqrt{V} / \ln S)}, \qquad V = \sum_{i} \frac{d_i}{n_i (n_i - d_i)}$$

    with Greenwood's $V$ and $z$ = 1.96. It stays inside 0 to 1.

    Args:
        at_risk: n, customers seen to live until each age, in the order of the ages.
        left: d, those of them who left at that age.

    Returns:
        Lower and upper bound as shares. Missing while nobody has left and where nobody is left.

    Source: J. D. Kalbfleisch and R. L. Prentice, The Statistical Analysis of Failure Time Data (1980).

    >>> import numpy as np
    >>> low, high = log_log_interval(np.array([21.0, 17.0]), np.array([3.0, 1.0]))
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.6197, 0.5631], [0.9516, 0.9228])
    """
    low = each(lambda n, d: _log_log(n, d, Z_95), at_risk, left)
    high = each(lambda n, d: _log_log(n, d, -Z_95), at_risk, left)
    return low, high


def _log_log(at_risk: Any, left: Any, z: float) -> Any:
    import numpy as np

    curve = np.cumprod(1 - left / at_risk)
    error = np.sqrt(np.cumsum(left / (at_risk * (at_risk - left))))
    return only((curve > 0) & (curve < 1), curve ** np.exp(-z * error / np.log(curve)))


def difference_interval(
    share: tuple[float, float, float], other: tuple[float, float, float]
) -> tuple[float, float]:
    r"""The 95 % interval of `share` less `other`, from the interval each has of its own, whatever it came from.

    $$D - \sqrt{(p - l)^2 + (u' - p')^2}, \qquad D + \sqrt{(u - p)^2 + (p' - l')^2}$$

    with $D = p - p'$ and the bounds $l$, $u$. The two are taken for independent; of one company's periods that is
    nearly so.

    Args:
        share: p, l and u: a share with its bounds.
        other: p', l' and u'.

    Returns:
        Lower and upper bound of the difference, as shares. Missing where a bound is.

    Source: R. G. Newcombe, Interval estimation for the difference between independent proportions (1998).

    >>> [round(bound, 3) for bound in difference_interval((0.8, 0.6919, 0.8769), (0.6, 0.4904, 0.7003))]
    [0.053, 0.334]
    """
    import numpy as np

    (one, low, high), (two, two_low, two_high) = share, other
    below, above = np.hypot(one - low, two_high - two), np.hypot(high - one, two - two_low)
    return float(one - two - below), float(one - two + above)


def draw_weights(customers: int, seed: int) -> NDArray[np.int64]:
    """How often each customer is drawn: one row a draw, each summing to the number of customers."""
    import numpy as np

    chance = np.full(customers, 1 / customers)
    return np.random.default_rng(seed).multinomial(customers, chance, size=_DRAWS)


def ratio_bounds(weights: NDArray[np.int64], part: Any, whole: Any) -> tuple[float, float]:
    r"""The 95 % interval of a ratio of sums whose denominator is the sum of `whole`, by drawing customers anew.

    $$\frac{\sum_i w_i\,x_i}{\sum_i w_i\,y_i}$$

    A draw takes as many customers as there are, with repetition. The bounds are the 2.5 % and the 97.5 % points of
    the draws in which there is a denominator.

    Args:
        weights: w, how often each draw takes each customer, from `draw_weights`.
        part: x, what counts of each customer, such as the revenue lost.
        whole: y, what there was of each customer, such as the revenue at the start.

    Returns:
        Lower and upper bound of the ratio.

    Source: B. Efron, Bootstrap methods: another look at the jackknife (1979).

    >>> import numpy as np
    >>> part, whole = np.array([10, 0, 0, 10] * 25), np.array([20] * 100)
    >>> [round(bound, 2) for bound in ratio_bounds(draw_weights(100, seed=0), part, whole)]
    [0.2, 0.3]
    """
    return drawn_bounds(weights @ part, weights @ whole)


def drawn_bounds(parts: NDArray[Any], wholes: NDArray[Any]) -> tuple[float, float]:
    """The same, of the two sums of every draw."""
    import numpy as np

    ratios = parts[wholes > 0] / wholes[wholes > 0]
    low, high = np.quantile(ratios, [0.025, 0.975])
    return float(low), float(high)
