"""What only the lesson on the retention rate shows: its alert, what follows from a rate, and its traps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from retention_kit import formulas, metrics
from retention_kit.formulas import chance_to_stay, customer_churn_rate, customer_retention_rate
from retention_kit.language import number, percent, text
from retention_kit.lessons.exercises import Exercise
from retention_kit.lessons.flows import average_incoming, today
from retention_kit.lessons.layout import table
from retention_kit.lessons.lesson import Lesson
from retention_kit.lessons.traps import average_of_averages, returning_customers, running_period, trap_table
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
            self._answer_guess("guess", rate=result.headline["rate"])
            self._alert(result)

    def _chosen(self, result: Result) -> bool:
        """Whether the result has the reader's own periods: a benchmark for months says nothing of quarters."""
        return (result.every, result.calendar) == (self.parameters["every"], self.parameters["calendar"])

    def _figure_options(self, result: Result) -> dict[str, Any]:
        return {"benchmark": self.parameters["benchmark"] if self._chosen(result) else 0.0}

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
        rate = result.headline["average_rate"]
        incoming = average_incoming(result)
        customers = float(result.headline["end"])
        rows = [
            [
                self._span(result, periods),
                percent(formulas.chance_to_stay(rate, periods), self.language),
                number(formulas.customers_after(customers, rate, incoming, periods), self.language),
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

    def today(self, result: Result) -> dict[str, float]:
        """Where labs begin: customers at the end, and averages of the share kept and of those who came in."""
        return today(result)

    def traps(self, result: Result) -> None:
        """Three misleading numbers beside the right ones, on this very log."""
        if not result.headline["periods"]:
            self.say(result)
            return
        average = result.headline["average_rate"]
        rows = [
            returning_customers(result, self.language),
            running_period(result, self.log, metrics.retention_rate, "rate", self.language),
            average_of_averages(_rated(result), "retention_rate", "start", average, self.language),
        ]
        self._html(trap_table(rows, self.language), {})


def _rated(result: Result) -> pd.DataFrame:
    return result.table[result.table["retention_rate"].notna()]
