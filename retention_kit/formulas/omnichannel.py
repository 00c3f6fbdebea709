"""The audit of channels: a practice counts once when it is there, and once more when it shares its data."""

from __future__ import annotations

from retention_kit.formulas.elementwise import Numbers, each, only


def audit_score(present: Numbers, sharing: Numbers, practices: Numbers) -> Numbers:
    r"""Share of the points that an area of the audit can reach: two for each of its practices.

    $$A = \frac{P + H}{2\,n}$$

    Args:
        present: P, practices in place, whether they share the customer's data or not.
        sharing: H, those of them that share it.
        practices: n, practices in the area: twice this is the denominator.

    Returns:
        A share; one half where everything is there and nothing is shared, which is multichannel. Missing where
        the area has no practice, or the counts contradict each other.

    >>> audit_score(6, 0, 6), audit_score(6, 3, 6)
    (0.5, 0.75)
    """
    return each(
        lambda p, h, n: only((n > 0) & (h >= 0) & (h <= p) & (p <= n), (p + h) / (2 * n)),
        present, sharing, practices,
    )  # fmt: skip
