"""What only the lesson on channels shows: the audit of one's own, who is known on two channels, and the traps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from retention_kit import metrics
from retention_kit.errors import check_choice
from retention_kit.formulas import PRACTICES, STATES, audit_score, audit_scores, next_steps
from retention_kit.language import number, percent, points, text
from retention_kit.lessons.exercises import Exercise
from retention_kit.lessons.layout import table
from retention_kit.lessons.lesson import Lesson
from retention_kit.lessons.traps import Row, trap_table
from retention_kit.tables import Result

# What an article claims of companies on connected channels, against those on a single one.
_CLAIMED = 0.9


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

    def audit(self) -> None:
        """The reader's own audit: scores by area, and the next three steps; one line where there is none yet."""
        given = self.parameters["practices"]
        if not given:
            self._block([self._text("audit.none")])
            return
        names = tuple(practice for practices in PRACTICES.values() for practice in practices)
        for practice, state in given.items():
            check_choice("practices", practice, names)
            check_choice(practice, state, STATES)
        states = {practice: given.get(practice, STATES[0]) for practice in names}
        rows = [self._area(area, score, states) for area, score in audit_scores(states).items()]
        headings = [
            self._text(f"audit.{column}") for column in ("area", "score", "present", "sharing", "practices")
        ]
        self._html(table(self._text("audit.caption"), headings, rows, self.language), {})
        for place, practice in enumerate(next_steps(states), 1):
            name = text(f"lab.omnichannel_audit.label.{practice}", self.language)
            self._block([self._text(f"audit.next.{states[practice]}", place=place, practice=name)], "strong")

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
        shares = [percent(found[name], self.language) for name in ("naive_more", "more")]
        return [self._text("traps.whole_life"), *shares, self._text("traps.whole_life_why", **found)]

    def _visits(self, found: Mapping[str, Any]) -> Row:
        apart = [points(found[name], self.language) for name in ("difference", "even_difference")]
        return [self._text("traps.visits"), *apart, self._text("traps.visits_why", **found)]
