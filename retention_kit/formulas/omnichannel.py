"""The audit of channels: a practice counts once when it is there, and once more when it shares its data."""

from __future__ import annotations

from collections.abc import Mapping

from retention_kit.formulas.elementwise import Numbers, each, only

# The practices of each area, in the order in which the articles list them.
PRACTICES: Mapping[str, tuple[str, ...]] = {
    "onboarding": ("welcome_emails", "walk_throughs", "knowledge_base", "success_calls", "clinics"),
    "service": ("call_centre", "chat_bot", "support_email", "social_messages", "sms", "searchable_faq"),
    "feedback": (
        "email_surveys", "social_polls", "store_tablets", "qr_codes", "pop_up_forms", "reviews", "user_content",
    ),
}  # fmt: skip

# What a practice can be, from nothing to the state that separates omnichannel from multichannel.
STATES = ("absent", "present", "sharing")


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


def audit_scores(states: Mapping[str, str]) -> dict[str, float]:
    """The score of each area, and `all` for the whole audit: two points for each practice are the denominator.

    Args:
        states: of every practice, one of `STATES`.

    >>> states = dict.fromkeys((practice for area in PRACTICES.values() for practice in area), "present")
    >>> audit_scores({**states, "walk_throughs": "absent", "success_calls": "sharing"})["onboarding"]
    0.5
    """
    every = tuple(practice for practices in PRACTICES.values() for practice in practices)
    return {area: _score(states, practices) for area, practices in {**PRACTICES, "all": every}.items()}


def _score(states: Mapping[str, str], practices: tuple[str, ...]) -> float:
    present = sum(states[practice] != "absent" for practice in practices)
    sharing = sum(states[practice] == "sharing" for practice in practices)
    return audit_score(float(present), float(sharing), float(len(practices)))


def next_steps(states: Mapping[str, str], steps: int = 3) -> list[str]:
    """The practices to raise to their next state, best first; fewer where less is left to do.

    The rule: go to the area with the lowest score. There, let a practice that is present share its data before
    beginning a new one, in the order of `PRACTICES`. Then score again as if that were done. No practice is named
    twice.

    Args:
        states: of every practice, one of `STATES`.
        steps: how many practices to name.

    >>> states = dict.fromkeys((practice for area in PRACTICES.values() for practice in area), "sharing")
    >>> next_steps({**states, "chat_bot": "absent", "sms": "present", "reviews": "present"})
    ['sms', 'chat_bot', 'reviews']
    """
    reached = dict(states)
    named: list[str] = []
    for _ in range(steps):
        scores = audit_scores(reached)
        left = [
            (scores[area], -STATES.index(reached[practice]), practice)
            for area, practices in PRACTICES.items()
            for practice in practices
            if reached[practice] != "sharing" and practice not in named
        ]
        if left:
            named.append(min(left, key=lambda one: one[:2])[-1])
            reached[named[-1]] = STATES[STATES.index(reached[named[-1]]) + 1]
    return named
