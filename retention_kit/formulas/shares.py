"""A part of a whole, where the field has no name of its own for the two."""

from __future__ import annotations

from retention_kit.formulas.elementwise import Numbers, each, only


def proportion(total: Numbers, successes: Numbers) -> Numbers:
    r"""Share of the total that counts.

    $$p = \frac{k}{n}$$

    Args:
        total: n, how many there are (or how much): the denominator.
        successes: k, how many of them count.

    Returns:
        A share. Missing where the total is 0 or below.

    >>> proportion(200, 150)
    0.75
    >>> proportion(0, 0)
    nan
    """
    return each(lambda n, k: only(n > 0, k / n), total, successes)
