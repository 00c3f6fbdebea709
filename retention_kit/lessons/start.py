"""What only the first lesson shows: the three numbers at once, the bucket they fill, and what they cannot know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from retention_kit import language, metrics
from retention_kit.formulas import (
    customer_churn_rate,
    customer_retention_rate,
    revenue_churn_rate,
    wilson_interval,
)
from retention_kit.language import MISSING, is_missing, percent, text
from retention_kit.lessons.exercises import Exercise
from retention_kit.lessons.flows import today
from retention_kit.lessons.layout import block, table
from retention_kit.lessons.lesson import Lesson
from retention_kit.lessons.traps import Row, beside, not_here, returning_customers, running_period, trap_table
from retention_kit.tables import RESULT_MIME, Result

# What a tenth of the customers would show.
_TENTH = 10
# How often somebody might look who does not look every period.
_RARER = {"day": "month", "week": "quarter", "month": "year", "quarter": "year", "year": "year"}


class StartLesson(Lesson):
    """Lesson 00."""

    exercises: ClassVar[Mapping[str, Exercise]] = {
        "bakery": Exercise(
            customer_retention_rate(50, 10, 45),
            {
                "left_new_in": customer_retention_rate(50, 0, 45),
                "gave_churn": customer_churn_rate(50, 50 - (45 - 10)),
                "divided_by_end": (45 - 10) / 45,
            },
        ),
        "money": Exercise(
            revenue_churn_rate(80, 6, 2),
            {
                "churn_only": revenue_churn_rate(80, 6),
                "less_only": revenue_churn_rate(80, 2),
                "gave_retention": 1 - revenue_churn_rate(80, 6, 2),
            },
        ),
    }
    quiz_answers: ClassVar[tuple[int, ...]] = (1, 2, 0)

    def show_receipt(self) -> None:
        """What became of the rows of the reader's own file; who types three numbers has no rows to hear about."""
        if self.own_data:
            super().show_receipt()
        else:
            self._block(self._whose())

    def three_numbers(self, kept: Result, leaked: Result | None) -> None:
        """CRR, CCR and RCR of the last complete period, with intervals and averages; then what must be said."""
        self._html(self._three(kept, leaked), {RESULT_MIME: kept.as_dict()})
        results = [kept] if leaked is None else [kept, leaked]
        # Both tell of the same periods, so both may say the same.
        said = dict.fromkeys(note.words(self.language) for result in results for note in result.notes)
        self._html(block(said, self.language), {} if leaked is None else {RESULT_MIME: leaked.as_dict()})
        if kept.headline["periods"]:
            self._answer_guess("guess", rate=kept.headline["rate"])

    def _three(self, kept: Result, leaked: Result | None) -> str:
        if not kept.headline["periods"]:
            return block([language.say(kept, self.language)], self.language)
        headings = [self._text(f"three.{column}") for column in ("number", "last", "interval", "average")]
        caption = self._text("three.caption", period=kept.headline["period"], periods=kept.headline["periods"])
        return table(caption, headings, self._rows(kept.headline, leaked), self.language)

    def _rows(self, kept: Mapping[str, Any], leaked: Result | None) -> list[list[str]]:
        average = kept["average_rate"]
        rows = [
            self._row("retention_rate", kept["rate"], kept["low"], kept["high"], average),
            self._row("churn_rate", 1 - kept["rate"], 1 - kept["high"], 1 - kept["low"], 1 - average),
        ]
        if leaked is None or not leaked.headline["periods"]:
            return rows
        shares = (leaked.headline[name] for name in ("gross_churn", "gross_low", "gross_high", "average_gross"))
        return [*rows, self._row("revenue_churn_rate", *shares)]

    def _row(self, name: str, last: float, low: float, high: float, average: float) -> list[str]:
        shares = (percent(last, self.language), self._interval(low, high), percent(average, self.language))
        return [self._text(f"three.{name}"), *shares]

    def _interval(self, low: float, high: float) -> str:
        return MISSING if is_missing(low) else text("lesson.interval", self.language, low=low, high=high)

    def bucket(self, kept: Result) -> dict[str, float]:
        """The bucket as the lab takes it: today's customers, and averages of what came in and of what ran out."""
        found = today(kept)
        kept_share = found.pop("retention_rate", None)
        return {} if kept_share is None else {**found, "churn_rate": round(1 - kept_share, 3)}

    def traps(self, kept: Result) -> None:
        """What totals cannot know, on this very log."""
        if not kept.headline["periods"]:
            self.say(kept)
            return
        rows = [
            returning_customers(kept, self.language),
            self._between(kept),
            self._chance(kept.headline),
            running_period(kept, self.log, metrics.retention_rate, "rate", self.language),
        ]
        self._html(trap_table(rows, self.language), {})

    def _between(self, kept: Result) -> Row:
        """Customers who came and left between two looks, if looks were rarer; orders cannot show any."""
        name = self._text("traps.between")
        if "came_and_left" not in kept.table:
            return not_here(name, self._text("traps.between_orders"))
        rarer = _RARER[kept.every]
        seldom = metrics.retention_rate(self.log, every=rarer, calendar=kept.calendar)
        counts = [int(result.table["came_and_left"].sum()) for result in (kept, seldom)]
        shown = (language.number(count, self.language) for count in (0, counts[1]))
        why = self._text(f"traps.between_why.{rarer}", often=counts[0], seldom=counts[1])
        return beside(name, shown, why, self.language)

    def _chance(self, last: Mapping[str, Any]) -> Row:
        """The last rate as if from a tenth of the customers: the same rate, a wider interval."""
        start = max(1, round(last["start"] / _TENTH))
        low, high = wilson_interval(last["rate"] * start, start)
        shares = (percent(last["rate"], self.language), self._interval(low, high))
        return [self._text("traps.chance"), *shares, self._text("traps.chance_why", start=start)]

    def meeting(self, kept: Result, leaked: Result | None) -> None:
        """One sentence with all three numbers; where there is no revenue, with two."""
        if not kept.headline["periods"] or leaked is None or not leaked.headline["periods"]:
            self.say(kept)
            return
        money = {name: leaked.headline[name] for name in ("gross_churn", "gross_low", "gross_high")}
        self._block([self._text("meeting", **kept.headline, churn=1 - kept.headline["rate"], **money)], "strong")
