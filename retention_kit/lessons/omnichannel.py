"""What only the lesson on channels shows: the audit of one's own, who is known on two channels, and the traps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from retention_kit import metrics
from retention_kit.errors import check_choice
from retention_kit.formulas import PRACTICES, STATES, audit_score, audit_scores, next_steps
from retention_kit.language import LANGUAGES, is_missing, number, percent, points, text, words
from retention_kit.lessons.exercises import Exercise
from retention_kit.lessons.layout import table
from retention_kit.lessons.lesson import Lesson
from retention_kit.lessons.traps import Row, beside, not_here, trap_table
from retention_kit.tables import Result, fold
from retention_kit.widgets import Lab

# What an article claims of companies on connected channels, against those on a single one.
_CLAIMED = 0.9
_AUDIT = "omnichannel_audit"
_PRACTICES = tuple(practice for practices in PRACTICES.values() for practice in practices)


class OmnichannelLesson(Lesson):
    """Lesson 05."""

    columns: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "omnichannel": ("counting", "channels", "rate", "low", "high", "customers", "kept")
    }

    exercises: ClassVar[Mapping[str, Exercise]] = {
        "score": Exercise(
            audit_score(3.0, 1.0, 5.0),
            {
                "in_place_only": 3 / 5,
                "sharing_only": 1 / 5,
                "one_point_each": (3 + 1) / 5,
                "counted_three_times": (3 + 2) / 10,
            },
        ),
        "bakery": Exercise(
            (26 / 40) / (80 / 160) - 1,
            {
                "gave_points": 26 / 40 - 80 / 160,
                "gave_share": 26 / 40,
                "the_other_way": 1 - (80 / 160) / (26 / 40),
                "counted_heads": 26 / 80,
            },
        ),
        "known": Exercise(
            100 / (300 + 200 - 100),
            {"counted_twice": 100 / (300 + 200), "of_the_app": 100 / 300, "of_the_shop": 100 / 200},
        ),
    }
    quiz_answers: ClassVar[tuple[int, ...]] = (1, 2, 0)

    _audit_lab: Lab | None = None

    def audit_lab(self) -> Lab:
        """The lab of the audit; what the reader sets in it, `audit` scores."""
        self._audit_lab = Lab(_AUDIT, language=self.language)
        return self._audit_lab

    def audit(self) -> None:
        """The reader's own audit: scores by area, and the next three steps; one line where there is none yet."""
        given = _states_said(self.parameters["practices"]) or self._states_in_lab()
        if not given:
            self._block([self._text("audit.none")])
            return
        states = {practice: given.get(practice, STATES[0]) for practice in _PRACTICES}
        rows = [self._area(area, score, states) for area, score in audit_scores(states).items()]
        headings = [
            self._text(f"audit.{column}") for column in ("area", "score", "present", "sharing", "practices")
        ]
        self._html(table(self._text("audit.caption"), headings, rows, self.language), {})
        for place, practice in enumerate(next_steps(states), 1):
            name = text(f"lab.omnichannel_audit.label.{practice}", self.language)
            self._block([self._text(f"audit.next.{states[practice]}", place=place, practice=name)], "strong")

    def _states_in_lab(self) -> dict[str, str]:
        """The states that the reader has set in the lab; none while it stands as it began."""
        lab = self._audit_lab
        if lab is None or lab.inputs == lab.spec.check({}):
            return {}
        return {practice: STATES[int(level)] for practice, level in lab.inputs.items()}

    def _area(self, area: str, score: float, states: Mapping[str, str]) -> list[str]:
        practices = PRACTICES.get(area, tuple(states))
        sharing = sum(states[practice] == "sharing" for practice in practices)
        present = sum(states[practice] != "absent" for practice in practices)
        counts = [number(count, self.language) for count in (present, sharing, len(practices))]
        return [
            text(f"lab.omnichannel_audit.label.{area}", self.language),
            percent(score, self.language, 0),
            *counts,
        ]

    def channels(self) -> Result | None:
        """Retention by channels; None, and one line, where neither orders nor contacts name any."""
        contacts = self.further("touchpoints")
        if contacts is None and not self.has("channel"):
            return None
        days = {name: self.parameters[name] for name in ("first_days", "follow_days")}
        return metrics.omnichannel(self.log, touchpoints=contacts, **days)

    def show(self, result: Result) -> None:
        """The figure, the numbers and the notes; then the reader's guess beside what was counted."""
        super().show(result)
        if result.headline["several"]:
            said = {name: result.headline[name] for name in ("several_rate", "naive_several_rate")}
            self._answer_guess("guess", **said)

    def identity(self, result: Result) -> None:
        """How many buyers are known on two channels, and how many ids of contacts never bought."""
        if not result.headline["seen"]:
            self.say(result)
            return
        said = [self._text("identity.known", **result.headline)]
        if result.headline["strangers"]:
            said.append(self._text("identity.strangers", **result.headline))
        self._block(said)

    def traps(self, result: Result) -> None:
        """Misleading numbers beside the right ones, on this very log; and the article's claim beside both."""
        found = result.headline
        if found["sentence"] in ("none", "alone") or not found["naive_single"]:
            self.say(result)
            return
        self._html(trap_table([self._whole_life(found), self._visits(found)], self.language), {})
        self._block([self._text("claim", claimed=_CLAIMED, **found)])

    def _whole_life(self, found: Mapping[str, Any]) -> Row:
        """Channels of the whole life flatter those who stayed; where they do not, the trap is not there."""
        name = self._text("traps.whole_life")
        if found["naive_more"] < found["more"]:
            return not_here(name, self._text("traps.whole_life_none"))
        shares = (percent(found[more], self.language) for more in ("naive_more", "more"))
        return beside(name, shares, self._text("traps.whole_life_why", **found), self.language)

    def _visits(self, found: Mapping[str, Any]) -> Row:
        """The gap at first sight and among those who came equally often, who may be nobody."""
        name = self._text("traps.visits")
        if found["even_difference"] >= found["difference"]:
            return not_here(name, self._text("traps.visits_none", **found))
        apart = (points(found[gap], self.language) for gap in ("difference", "even_difference"))
        why = "visits_nobody" if is_missing(found["even_difference"]) else "visits_why"
        return [name, *apart, self._text(f"traps.{why}", **found)]


def _states_said(said: Mapping[str, str]) -> dict[str, str]:
    """The states of practices, each named as we do or as the lab shows it, in any language."""
    practices = {
        fold(text(f"lab.{_AUDIT}.label.{practice}", language)): practice
        for language in LANGUAGES
        for practice in _PRACTICES
    }
    states = {
        fold(shown): state
        for language in LANGUAGES
        for shown, state in zip(words(f"lab.{_AUDIT}.choices", language), STATES, strict=True)
    }
    found = {practices.get(fold(name), name): states.get(fold(state), state) for name, state in said.items()}
    for practice, state in found.items():
        check_choice("practices", practice, _PRACTICES)
        check_choice(practice, state, STATES)
    return found
