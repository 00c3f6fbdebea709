"""The lab of the audit: which practices there are, which share the customer's data, and what comes next."""

from __future__ import annotations

from retention_kit.formulas.omnichannel import PRACTICES, STATES, audit_scores, next_steps
from retention_kit.widgets.labs.spec import Control, LabSpec, Values

_STEPS = 3
_SHARING = STATES.index("sharing")


def omnichannel_audit(**levels: float) -> Values:
    """Scores by area and in all, how the practices stand, and the next steps: to begin one or to connect one.

    Args:
        levels: of every practice, the place of its state: 0 absent, 1 present, 2 present and sharing.

    >>> names = [practice for practices in PRACTICES.values() for practice in practices]
    >>> found = omnichannel_audit(**dict.fromkeys(names, 1))
    >>> found["all"], found["sentence"], found["do_1"], found["next_1"]
    (0.5, 'apart', 'connect', 'welcome_emails')
    """
    states = {practice: STATES[int(level)] for practice, level in levels.items()}
    found: Values = {"problem": None, **audit_scores(states)}
    found["sentence"] = _sentence(found["all"], any(state == "sharing" for state in states.values()))
    for area, practices in PRACTICES.items():
        held = [states[practice] for practice in practices]
        found |= {f"{area}_{state}": held.count(state) for state in STATES}
    steps = next_steps(states, _STEPS)
    for place in range(1, _STEPS + 1):
        step = steps[place - 1] if place <= len(steps) else ""
        found[f"next_{place}"] = step or "none"
        found[f"do_{place}"] = _to_do(states[step]) if step else "nothing"
    return found


def _sentence(score: float, any_shares: bool) -> str:
    if score in (0, 1):
        return "complete" if score else "begin"
    return "answer" if any_shares else "apart"


def _to_do(state: str) -> str:
    return "begin" if state == "absent" else "connect"


# A young company: a few channels, and one of them connected.
_PRESENT = ("welcome_emails", "knowledge_base", "support_email", "social_messages", "sms", "reviews")
_BEGINNING = {**dict.fromkeys(_PRESENT, 1), "support_email": _SHARING}

LAB = LabSpec(
    "omnichannel_audit",
    tuple(
        Control(practice, 0, _SHARING, 1, _BEGINNING.get(practice, 0), "choice", _SHARING, area)
        for area, practices in PRACTICES.items()
        for practice in practices
    ),
    omnichannel_audit,
    (*PRACTICES, "all", *(f"next_{place}" for place in range(1, _STEPS + 1))),
)
