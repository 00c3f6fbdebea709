"""What only the lesson on the retention rate shows: its alert, what follows from a rate, and its traps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from retention_kit import calendars, formulas, metrics
from retention_kit.calendars import Period
from retention_kit.formulas import chance_to_stay, customer_churn_rate, customer_retention_rate
from retention_kit.language import MISSING, number, percent, text
from retention_kit.lessons.exercises import Exercise
from retention_kit.lessons.layout import table
from retention_kit.lessons.lesson import Lesson
from retention_kit.tables import Result

if TYPE_CHECKING:
    import pandas as pd

_AFTER = (1, 3, 6, 12)


class RetentionRateLesson(Lesson):
    """Lesson 01."""

    # The rate stands first, so that it is seen without scrolling on a phone; its interval is in the figure.
    columns: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "retention_rate": ("period", "retention_rate", "start", "lost", "new", "returned", "end", "textbook_rate")
    }

    exercises: ClassVar[Mapping[str, Exercise]] = {
        "cafe": Exercise(
            customer_retention_rate(120, 30, 126),
            {
                "left_new_in": customer_retention_rate(120, 0, 126),
                "gave_churn": customer_churn_rate(120, 120 - (126 - 30)),
                "divided_by_end": (126 - 30) / 126,
            },
        ),
        "back_again": Exercise(
            1 - customer_churn_rate(50, 50 - (45 - 10 - 5)),
            {
                "left_returning_in": customer_retention_rate(50, 10, 45),
                "left_new_in": customer_retention_rate(50, 5, 45),
                "left_all_in": customer_retention_rate(50, 0, 45),
                "gave_churn": customer_churn_rate(50, 50 - (45 - 10 - 5)),
                "divided_by_end": (45 - 10 - 5) / 45,
            },
        ),
        "year": Exercise(
            chance_to_stay(0.9, 12),
            {
                "one_month": chance_to_stay(0.9, 1),
                "gave_churn": 1 - chance_to_stay(0.9, 12),
                "nobody_left": 0.0,
                "added_up": 12 * (1 - 0.9),
            },
        ),
    }
    quiz_answers: ClassVar[tuple[int, ...]] = (1, 2, 0)

    def show(self, result: Result) -> None:
        """The figure, the numbers and the notes; then the alert, for the periods the benchmark is meant for."""
        super().show(result)
        if self._chosen(result) and result.headline["periods"]:
            self._compare_with_guess(result)
            self._alert(result)

    def _chosen(self, result: Result) -> bool:
        """Whether the result has the reader's own periods: a benchmark for months says nothing of quarters."""
        return (result.every, result.calendar) == (self.parameters["every"], self.parameters["calendar"])

    def _figure_options(self, result: Result) -> dict[str, Any]:
        return {"benchmark": self.parameters["benchmark"] if self._chosen(result) else 0.0}

    def _compare_with_guess(self, result: Result) -> None:
        guess = self._predictions["guess"].guess if "guess" in self._predictions else None
        if guess is not None:
            self._block([self._text("guess.answer", guess=guess, rate=result.headline["rate"])], "strong")

    def _alert(self, result: Result) -> None:
        """How the last complete period, and the others, stand against the benchmark."""
        last = result.headline
        own = self.parameters["benchmark"]
        benchmark = own or last["average_rate"]
        facts = {
            "period": last["period"],
            "rate": last["rate"],
            "benchmark": benchmark,
            "count": int((result.table["retention_rate"] < benchmark).sum()),
            "periods": last["periods"],
        }
        below = last["rate"] < benchmark
        code = ("below" if below else "above") if own else "unset"
        self._block([self._text(f"alert.{code}", **facts)], "alert" if below else "strong")

    def outlook(self, result: Result) -> None:
        """What follows if every period keeps the average share and brings in as many customers as they did."""
        if not result.headline["periods"]:
            self.say(result)
            return
        rated = _rated(result)
        rate = result.headline["average_rate"]
        incoming = float((rated["new"] + rated["returned"]).mean())
        today = float(result.headline["end"])
        rows = [
            [
                self._span(result, periods),
                percent(formulas.chance_to_stay(rate, periods), self.language),
                number(formulas.customers_after(today, rate, incoming, periods), self.language),
            ]
            for periods in _AFTER
        ]
        headings = [self._text(f"outlook.{column}") for column in ("after", "stays", "customers")]
        self._block([self._text("outlook.supposed", rate=rate, incoming=incoming)])
        self._html(table(self._text("outlook.caption"), headings, rows, self.language), {})
        stay = text(f"lesson.span.{result.every}", self.language, count=formulas.expected_lifetime(1 - rate))
        self._block([self._text("outlook.sentence", stay=stay)])

    def _span(self, result: Result, periods: int) -> str:
        return text(f"lesson.span.{result.every}", self.language, count=periods)

    def last_period(self, result: Result) -> dict[str, int]:
        """The last complete period as the lab takes it; returning customers, whom it cannot see, stay out."""
        last = result.headline
        if not last["periods"]:
            return {"at_start": 0, "new": 0, "at_end": 0}
        kept, new = int(last["kept"]), int(last["new"])
        return {"at_start": int(last["start"]), "new": new, "at_end": kept + new}

    def traps(self, result: Result) -> None:
        """Three misleading numbers beside the right ones, on this very log."""
        if not result.headline["periods"]:
            self.say(result)
            return
        headings = [self._text(f"traps.{column}") for column in ("trap", "tempting", "right", "why")]
        rows = [self._returning(result), self._running(result), self._averages(result)]
        self._html(table(self._text("traps.caption"), headings, rows, self.language), {})

    def _returning(self, result: Result) -> list[str]:
        last = result.headline
        shares = [percent(last[rate], self.language) for rate in ("textbook_rate", "rate")]
        why = self._text("traps.returning_why", returned=last["returned"], period=last["period"])
        return [self._text("traps.returning"), *shares, why]

    def _running(self, result: Result) -> list[str]:
        """The rate of the running period, as if it were over."""
        running = next((note.facts for note in result.notes if note.code == "running_period"), None)
        if running is None:
            return [self._text("traps.running"), MISSING, MISSING, self._text("traps.running_none")]
        over = replace(self.log, observed_until=_last_day(running["period"]))
        tempting = metrics.retention_rate(over, every=result.every, calendar=result.calendar)
        why = self._text("traps.running_why", **running)
        return [self._text("traps.running"), percent(tempting.headline["rate"], self.language), MISSING, why]

    def _averages(self, result: Result) -> list[str]:
        rated = _rated(result)
        shares = [rated["retention_rate"].mean(), result.headline["average_rate"]]
        why = self._text("traps.averages_why", least=rated["start"].min(), most=rated["start"].max())
        return [self._text("traps.averages"), *(percent(share, self.language) for share in shares), why]


def _rated(result: Result) -> pd.DataFrame:
    return result.table[result.table["retention_rate"].notna()]


def _last_day(period: Period) -> date:
    after = calendars.period_of(period.start, period.every, period.calendar) + 1
    return date.fromisoformat(str(calendars.start_of(after, period.every, period.calendar))) - timedelta(days=1)
