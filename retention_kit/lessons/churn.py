"""What only the lesson on churn shows: reasons, the stay that constant churn supposes, and the traps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from retention_kit import datasets, formulas, metrics
from retention_kit.formulas import customer_churn_rate, yearly_rate
from retention_kit.language import MISSING, number, percent, text
from retention_kit.lessons.exercises import Exercise
from retention_kit.lessons.layout import table
from retention_kit.lessons.lesson import Lesson
from retention_kit.lessons.traps import Row, average_of_averages, beside, running_period, trap_table
from retention_kit.tables import Result, group_name

if TYPE_CHECKING:
    import pandas as pd

_PER_YEAR = {"day": 365, "week": 52, "month": 12, "quarter": 4, "year": 1}
_AGES = (1, 3, 6, 12, 24)
# A curve has more ages than a reader wants rows.
_ROWS = (1, 2, 3, 4, 5, 6, 9, 12, 18, 24, 30, 36)
# Customers up to this age are newcomers, those beyond twice of it have settled in.
_EARLY = 3


class ChurnLesson(Lesson):
    """Lesson 02."""

    columns: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "churn": ("period", "churn_rate", "start", "lost", "voluntary", "involuntary", "unknown"),
        "survival": ("age", "survival", "low", "high", "at_risk", "left"),
    }

    exercises: ClassVar[Mapping[str, Exercise]] = {
        "gym": Exercise(
            customer_churn_rate(80, 12),
            {
                "gave_retention": 1 - customer_churn_rate(80, 12),
                "divided_by_end": customer_churn_rate(88, 12),
                "divided_by_all": customer_churn_rate(80 + 20, 12),
                "gave_new": 20 / 80,
                "gave_growth": (88 - 80) / 80,
            },
        ),
        "accident": Exercise(
            5 / (5 + 4),
            {"kept_unknown": 5 / 12, "gave_voluntary": 4 / (5 + 4), "silence_is_choice": (4 + 3) / 12},
        ),
        "year": Exercise(
            yearly_rate(0.04),
            {"times_twelve": 12 * 0.04, "gave_retention": 1 - yearly_rate(0.04), "one_month": 0.04},
        ),
    }
    quiz_answers: ClassVar[tuple[int, ...]] = (1, 2, 0)

    def _columns_of(self, result: Result) -> pd.DataFrame:
        """The columns that a reader needs and that hold anything: orders know no reasons."""
        return super()._columns_of(result).dropna(axis="columns", how="all")

    def _number_table(self, result: Result) -> str:
        """The last periods; of a curve some ages, of a result by group each group over all its periods."""
        if result.name == "survival":
            ages = self._columns_of(result)[result.table["age"].isin(_ROWS)]
            return self._table(result, ages, self._text("ages", customers=result.headline["customers"]))
        return self._groups(result) if result.grouped else super()._number_table(result)

    def _groups(self, result: Result) -> str:
        sums = _rated(result).groupby("group", sort=False, dropna=False)[["start", "lost"]].sum()
        headings = [self._text(f"groups.{column}") for column in ("group", "churn", "interval", "start", "lost")]
        rows = [self._group(group, int(lost), int(start)) for group, (start, lost) in sums.iterrows()]
        caption = self._text("groups.caption", periods=result.headline["periods"])
        return table(caption, headings, rows, self.language)

    def _group(self, group: Any, lost: int, start: int) -> list[str]:
        low, high = formulas.wilson_interval(lost, start)
        rate = percent(customer_churn_rate(start, lost), self.language)
        interval = text("lesson.interval", self.language, low=low, high=high)
        counts = [number(count, self.language) for count in (start, lost)]
        return [group_name(group, self.language), rate, interval, *counts]

    def causes(self, result: Result) -> None:
        """Who was lost by choice and who by accident, over all complete periods, as shares of the known."""
        lost = _rated(result)[["voluntary", "involuntary", "unknown"]].sum()
        known = int(lost["voluntary"] + lost["involuntary"])
        if not known:
            self._block([self._text("absent.reason")])
            return
        headings = [self._text(f"causes.{column}") for column in ("cause", "lost", "share", "interval")]
        rows = [self._cause(cause, int(lost[cause]), known) for cause in ("voluntary", "involuntary")]
        rows.append([self._text("causes.unknown"), number(lost["unknown"], self.language), MISSING, MISSING])
        caption = self._text("causes.caption", periods=result.headline["periods"])
        self._html(table(caption, headings, rows, self.language), {})

    def _cause(self, cause: str, lost: int, known: int) -> list[str]:
        low, high = formulas.wilson_interval(lost, known)
        interval = text("lesson.interval", self.language, low=low, high=high)
        share = percent(lost / known, self.language)
        return [self._text(f"causes.{cause}"), number(lost, self.language), share, interval]

    def lifetimes(self, result: Result, lives: Result) -> None:
        """What constant churn would say at some ages, beside what the survival curve says."""
        if not result.headline["periods"] or not lives.headline["customers"]:
            return
        churn = result.headline["average_rate"]
        curve = lives.table.set_index("age")
        rows = [self._still_here(curve, age, churn, result.every) for age in _AGES if age in curve.index]
        rows += self._stays(lives.headline, churn)
        headings = [self._text(f"lifetimes.{column}") for column in ("what", "constant", "curve")]
        caption = self._text("lifetimes.caption", churn=churn)
        self._html(table(caption, headings, rows, self.language), {})
        self._block(self._hazards(curve))

    def another_company(self) -> None:
        """The same comparison on a sample company whose churn falls with age."""
        log = datasets.load("gol_box", "subscriptions", language=self.language)
        self._block([self._text("another")])
        self.lifetimes(metrics.churn(log, calendar="jalali"), metrics.survival(log, calendar="jalali"))

    def _still_here(self, curve: pd.DataFrame, age: int, churn: float, every: str) -> list[str]:
        shares = (formulas.chance_to_stay(1 - churn, age), curve.loc[age, "survival"])
        after = text(f"lesson.span.{every}", self.language, count=age)
        return [self._text("lifetimes.still_here", after=after), *(percent(one, self.language) for one in shares)]

    def _stays(self, lives: Mapping[str, Any], churn: float) -> list[list[str]]:
        """The stay within the horizon, if there is one, both ways; and the shortcut for a life, not seen yet."""
        horizon, whole = lives["horizon"], formulas.expected_lifetime(churn)
        within = whole * (1 - formulas.chance_to_stay(1 - churn, horizon))
        stays = [number(periods, self.language, 1) for periods in (within, lives["lifetime"], whole)]
        seen = [[self._text("lifetimes.within", horizon=horizon), *stays[:2]]] if horizon else []
        return [*seen, [self._text("lifetimes.whole"), stays[2], self._text("lifetimes.not_seen")]]

    def _hazards(self, curve: pd.DataFrame) -> list[str]:
        """Whether newcomers leave sooner than the settled, as far as chance lets us tell."""
        early = curve.loc[1:_EARLY, ["left", "at_risk"]].sum()
        late = curve.loc[2 * _EARLY + 1 :, ["left", "at_risk"]].sum()
        if not early["at_risk"] or not late["at_risk"]:
            return []
        apart, low, high = formulas.rate_difference(early["left"], early["at_risk"], late["left"], late["at_risk"])
        shares = {"early": early["left"] / early["at_risk"], "late": late["left"] / late["at_risk"]}
        facts = {**shares, "apart": apart, "low": low, "high": high, "first": _EARLY, "after": 2 * _EARLY}
        code = "falls" if low > 0 else "rises" if high < 0 else "same"
        return [self._text(f"hazards.{code}", **facts)]

    def traps(self, result: Result) -> None:
        """Four misleading numbers beside the right ones, on this very log; and the answer to the guess."""
        if not result.headline["periods"]:
            self.say(result)
            return
        rated, average = _rated(result), result.headline["average_rate"]
        rows = [
            self._times(result.every, average),
            self._end(result),
            running_period(result, self.log, metrics.churn, "rate", self.language),
            average_of_averages(rated, "churn_rate", "start", average, self.language),
        ]
        self._html(trap_table(rows, self.language), {})
        self._answer_guess("guess", yearly=yearly_rate(0.05), twelve=12 * 0.05)

    def _times(self, every: str, churn: float) -> Row:
        count = _PER_YEAR[every]
        sum_of_rates, lost_in_all = count * churn, 1 - formulas.chance_to_stay(1 - churn, count)
        shares = (percent(share, self.language) for share in (sum_of_rates, lost_in_all))
        why = self._text("traps.times_why", churn=churn, count=count)
        return beside(self._text("traps.times", count=count), shares, why, self.language)

    def _end(self, result: Result) -> Row:
        """The last period's lost over the customers at its end: with those who came, without those who left."""
        held = metrics.retention_rate(self.log, every=result.every, calendar=result.calendar).headline
        rates = (customer_churn_rate(held["end"], held["lost"]), result.headline["rate"])
        shares = (percent(rate, self.language) for rate in rates)
        facts = {"came": held["new"] + held["returned"], "lost": held["lost"], "period": held["period"]}
        looks = "smaller" if held["end"] > held["start"] else "larger"
        why = self._text(f"traps.end_why.{looks}", **facts)
        return beside(self._text("traps.end"), shares, why, self.language)


def _rated(result: Result) -> pd.DataFrame:
    return result.table[result.table["churn_rate"].notna()]
