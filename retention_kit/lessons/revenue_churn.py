"""What only the lesson on revenue churn shows: that the sum closes, the two stories of a month, and the traps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from retention_kit import formulas, metrics
from retention_kit.formulas import gross_revenue_retention, net_revenue_retention, revenue_churn_rate
from retention_kit.language import MISSING, is_missing, percent, text
from retention_kit.lessons.exercises import Exercise
from retention_kit.lessons.layout import table
from retention_kit.lessons.lesson import Lesson
from retention_kit.lessons.traps import Row, average_of_averages, beside, not_here, running_period, trap_table
from retention_kit.tables import Result

if TYPE_CHECKING:
    import pandas as pd

_SIGNS = {"opening": 1, "new": 1, "expansion": 1, "contraction": -1, "churn": -1, "reactivation": 1}
_SHARES = ["period", "gross_churn", "net_churn", "gross_retention", "net_retention", "quick_ratio", "arpa"]
_MOST_ROWS = 6
# Money is kept in ten-thousandths; sums that agree to a hundredth of a unit are equal.
_EQUAL = 0.005
# Customers who left paid as much as the others, if their averages lie this close together.
_ALIKE = 0.1
# The company of the exercises, in millions.
_MONTH = {"opening": 400, "new": 100, "expansion": 40, "contraction": 30, "churn": 50, "reactivation": 10}
_CLOSING = sum(_SIGNS[name] * amount for name, amount in _MONTH.items())


class RevenueChurnLesson(Lesson):
    """Lesson 03."""

    columns: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "revenue_churn": ("period", *_SIGNS, "closing"),
        "trials": ("period", "conversion_rate", "ended", "converted", "low", "high"),
    }

    exercises: ClassVar[Mapping[str, Exercise]] = {
        "closing": Exercise(
            _CLOSING,
            {
                "forgot_reactivation": _CLOSING - 10,
                "forgot_contraction": _CLOSING + 30,
                "left_new_out": _CLOSING - 100,
                "added_losses": _CLOSING + 2 * (30 + 50),
            },
            rate=False,
            millions=True,
        ),
        "gross": Exercise(
            revenue_churn_rate(400, 50, 30),
            {
                "churn_only": revenue_churn_rate(400, 50),
                "gave_net": revenue_churn_rate(400, 50, 30, 40),
                "divided_by_closing": revenue_churn_rate(_CLOSING, 50, 30),
                "gave_retention": gross_revenue_retention(400, 50, 30),
            },
        ),
        "net": Exercise(
            net_revenue_retention(400, 50, 30, 40),
            {
                "left_new_in": _CLOSING / 400,
                "left_reactivation_in": net_revenue_retention(400, 50, 30, 40 + 10),
                "gave_gross": gross_revenue_retention(400, 50, 30),
                "gave_churn": revenue_churn_rate(400, 50, 30, 40),
            },
        ),
    }
    quiz_answers: ClassVar[tuple[int, ...]] = (2, 0, 1)

    def show(self, result: Result) -> None:
        """The figure, the numbers and the notes; of revenue churn also what follows, and that the sum closes."""
        super().show(result)
        if result.name != "revenue_churn" or not result.headline["periods"]:
            return
        rated = _rated(result)
        shares = self._table(result, rated[_SHARES].tail(_MOST_ROWS), self._text("shares"))
        self._html(shares, {})
        closed = sum(sign * rated[name] for name, sign in _SIGNS.items())
        facts = {"closed": int(((closed - rated["closing"]).abs() < _EQUAL).sum()), "periods": len(rated)}
        money = [self._text("money", currency=self.log.currency)] if self.log.currency else []
        self._block([*money, self._text("closes", **facts)])
        self._answer_guess("guess", period=result.headline["period"], rate=result.headline["gross_churn"])

    def stories(self, result: Result, churned: Result) -> None:
        """Customer churn beside revenue churn, last and on average, and what those who left had paid."""
        if not result.headline["periods"]:
            self.say(result)
            return
        both = _rated(result).merge(churned.table[["period", "start", "lost"]], on="period")
        sums = both.drop(columns="period").astype("float64").sum()
        rows = [
            self._story("heads", churned.headline, ("rate", "low", "high"), sums["lost"] / sums["start"]),
            self._story(
                "gross",
                result.headline,
                ("gross_churn", "gross_low", "gross_high"),
                revenue_churn_rate(sums["opening"], sums["churn"], sums["contraction"]),
            ),
            self._story(
                "net",
                result.headline,
                ("net_churn", "net_low", "net_high"),
                revenue_churn_rate(sums["opening"], sums["churn"], sums["contraction"], sums["expansion"]),
            ),
        ]
        headings = [self._text(f"stories.{column}") for column in ("what", "last", "interval", "average")]
        caption = self._text("stories.caption", period=result.headline["period"], periods=len(both))
        self._html(table(caption, headings, rows, self.language), {})
        self._block([self._who_left(sums)])

    def _story(self, name: str, last: Mapping[str, Any], keys: tuple[str, str, str], average: float) -> list[str]:
        share, low, high = (last[key] for key in keys)
        interval = MISSING if is_missing(low) else text("lesson.interval", self.language, low=low, high=high)
        return [
            self._text(f"stories.{name}"),
            percent(share, self.language),
            interval,
            percent(average, self.language),
        ]

    def _who_left(self, sums: pd.Series[float]) -> str:
        """Whether those who left had paid more or less than a customer does on average."""
        if not sums["lost"]:
            return self._text("left.nobody")
        left = formulas.average_revenue_per_account(sums["churn"], sums["lost"])
        usual = formulas.average_revenue_per_account(sums["opening"], sums["start"])
        code = "alike" if abs(left - usual) <= _ALIKE * usual else "larger" if left > usual else "smaller"
        return self._text(f"left.{code}", left=left, usual=usual, currency=self.log.currency)

    def traps(self, result: Result) -> None:
        """Four misleading numbers beside the right ones, on this very log."""
        if not result.headline["periods"]:
            self.say(result)
            return
        average = result.headline["average_gross"]
        rows = [
            self._net(result.headline),
            self._growth(result.headline),
            average_of_averages(
                _rated(result), "gross_churn", "opening", average, self.language, currency=self.log.currency
            ),
            running_period(result, self.log, metrics.revenue_churn, "gross_churn", self.language),
        ]
        self._html(trap_table(rows, self.language), {})

    def _net(self, last: Mapping[str, Any]) -> Row:
        if not last["gross_churn"]:
            return not_here(self._text("traps.net"), self._text("traps.net_none", period=last["period"]))
        shares = (percent(last[name], self.language) for name in ("net_churn", "gross_churn"))
        money = {"expansion": last["expansion"], "currency": self.log.currency}
        why = self._text("traps.net_why", period=last["period"], **money)
        return beside(self._text("traps.net"), shares, why, self.language)

    def _growth(self, last: Mapping[str, Any]) -> Row:
        grown = last["closing"] / last["opening"]
        shares = (percent(share, self.language) for share in (grown, last["net_retention"]))
        money = {"new": last["new"], "back": last["reactivation"], "currency": self.log.currency}
        why = self._text("traps.growth_why", period=last["period"], **money)
        return beside(self._text("traps.growth"), shares, why, self.language)


def _rated(result: Result) -> pd.DataFrame:
    return result.table[result.table["gross_churn"].notna()]
