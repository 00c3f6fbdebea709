"""What only the lesson on loyalty shows: what is owed and must come back, members beside others, the traps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, ClassVar

from retention_kit import metrics
from retention_kit.formulas import break_even_uplift, breakage_rate, points_earned, points_liability
from retention_kit.language import MISSING, is_missing, percent, points, text
from retention_kit.lessons.exercises import Exercise
from retention_kit.lessons.layout import table
from retention_kit.lessons.lesson import Lesson
from retention_kit.lessons.traps import Row, beside, not_here, trap_table
from retention_kit.tables import Log, Result

# The sample company takes 200 tomans off for each point; that it keeps 35 % of its revenue is supposed here.
_SAMPLE = {"money_per_point": 200.0, "margin": 0.35}


class LoyaltyLesson(Lesson):
    """Lesson 06."""

    columns: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "loyalty": ("period", "outstanding", "earned", "redeemed", "expired", "breakage", "liability"),
        "members": ("comparison", "who", "rate", "low", "high", "customers"),
    }

    exercises: ClassVar[Mapping[str, Exercise]] = {
        "box": Exercise(
            points_earned(300.0, 0.1, 4.0, 0.2),
            {
                "forgot_renewals": points_earned(300.0, 0.1),
                "one_renewal_less": points_earned(300.0, 0.1, 3.0, 0.2),
                "compounded": 30 * 1.2**4,
                "growth_alone": 30 * 0.2 * 4,
            },
            rate=False,
        ),
        "breakage": Exercise(
            breakage_rate(6250.0, 5000.0),
            {"of_all_earned": 1250 / 10000, "counted_in_hand": 5000 / 10000, "gave_redeemed": 5000 / 6250},
        ),
        "break_even": Exercise(
            break_even_uplift(12.0, 200.0, 0.3),
            {"forgot_margin": 12 / 200, "multiplied": 12 / 200 * 0.3, "took_the_cost": 12 / (200 * 0.7)},
        ),
    }
    quiz_answers: ClassVar[tuple[int, ...]] = (1, 0, 2)

    @cached_property
    def sales(self) -> Log | None:
        """What members buy: the reader's orders where they are given, else subscriptions."""
        contract = "orders" if self.own_data and self.parameters["orders"] else "subscriptions"
        return self.further(contract)

    @cached_property
    def _list(self) -> Log | None:
        """Who the customers are; without it, the first points say who joined when, and nobody is told apart."""
        return self.further("customers") if not self.own_data or self.parameters["customers"] else None

    @property
    def _by(self) -> str | None:
        """The column by which customers are alike, where their list has it."""
        there = {} if self._list is None else self._list.receipt.columns
        return self.parameters["by"] if self.parameters["by"] in there else None

    @property
    def _asked(self) -> dict[str, Any]:
        """What both metrics are asked with: the reader's own periods, follow-up and list of customers."""
        periods = {name: self.parameters[name] for name in ("every", "calendar")}
        return {**periods, "follow": self.parameters["follow"], "customers": self._list}

    def ledger(self) -> Result:
        """The ledger, with what members buy where that is known; money from the parameters, or the sample's."""
        usual = {} if self.own_data else _SAMPLE
        money: dict[str, Any] = {name: self.parameters[name] or usual.get(name) for name in _SAMPLE}
        cost = self.parameters["running_cost"]
        return metrics.loyalty(self.log, orders=self.sales, by=self._by, **money, running_cost=cost, **self._asked)

    def members(self) -> Result | None:
        """Members beside comparable others; None where nobody knows what they buy."""
        return self._compared(self._by)

    def _compared(self, by: str | None) -> Result | None:
        return None if self.sales is None else metrics.members(self.sales, points=self.log, by=by, **self._asked)

    def owed(self, result: Result) -> None:
        """What is owed for the points in hand, and what the programme has cost and must bring back."""
        found = result.headline
        if is_missing(found.get("liability")):
            self._block([self._text("absent.money")])
            return
        rows = [["careful", found["liability"]]]
        if not is_missing(found["breakage"]):
            rows.append(["expected", points_liability(found["liability"], 1.0, found["breakage"])])
        if not is_missing(found["break_even"]):
            rows += [["cost", found["cost"]], ["members_revenue", found["members_revenue"]]]
        shown = [
            [self._text(f"owed.{name}", **found), self._money(money, found["currency"])] for name, money in rows
        ]
        shown += self._uplifts(found)
        headings = [self._text("owed.what"), self._text("owed.value")]
        self._html(table(self._text("owed.caption"), headings, shown, self.language), {})

    def _money(self, amount: float, currency: str | None) -> str:
        return self._text("owed.amount", amount=amount, currency=currency)

    def _uplifts(self, found: Mapping[str, Any]) -> list[list[str]]:
        """The rise that would pay for the programme, and the one that was measured."""
        if is_missing(found["break_even"]):
            return []
        interval = text("lesson.interval", self.language, low=found["uplift_low"], high=found["uplift_high"])
        measured = f"{percent(found['uplift'], self.language)} ({interval})"
        return [
            [self._text("owed.break_even"), percent(found["break_even"], self.language)],
            [self._text("owed.uplift"), measured],
        ]

    def show(self, result: Result) -> None:
        """The figure, the numbers and the notes; of members also the reader's guess beside what was counted."""
        super().show(result)
        if result.name == "members" and result.headline["joined"]:
            said = {name: result.headline[name] for name in ("naive_difference", "difference")}
            self._answer_guess("guess", **said)

    def traps(self, result: Result, compared: Result | None) -> None:
        """Misleading numbers beside the right ones, on this very ledger."""
        rows = [self._in_hand(result)] if result.headline["sentence"] != "none" else []
        if compared is not None and compared.headline["joined"]:
            rows = [self._todays_list(compared), *self._bring_more(compared), *self._unseen(compared), *rows]
        if rows:
            self._html(trap_table(rows, self.language), {})
        else:
            self.say(result)

    def _row(self, trap: str, tempting: float, right: float, shown: Callable[..., str], **facts: Any) -> Row:
        """A trap: each of them flatters, so where the tempting number is not the larger one it is not there."""
        name = self._text(f"traps.{trap}")
        if not tempting > right:
            return not_here(name, self._text(f"traps.{trap}_none", **facts))
        numbers = [shown(one, self.language) for one in (tempting, right)]
        return beside(name, numbers, self._text(f"traps.{trap}_why", **facts), self.language)

    def _todays_list(self, compared: Result) -> Row:
        found = compared.headline
        return self._row("list", found["naive_difference"], found["difference"], points, **found)

    def _bring_more(self, compared: Result) -> list[Row]:
        """How much more a member ever brought, against what a member brought more from the day of joining."""
        naive = compared.table[compared.table["comparison"] == "naive"].set_index("who")["revenue"]
        uplift = compared.headline["uplift"]
        if is_missing(uplift) or not naive["others"] > 0:
            return []
        ever = float(naive["members"] / naive["others"]) - 1
        if ever <= 0:  # nobody is tempted by less
            return [not_here(self._text("traps.more"), self._text("traps.more_none", ever=ever, uplift=uplift))]
        return [self._row("more", ever, uplift, percent, ever=ever, uplift=uplift)]

    def _unseen(self, compared: Result) -> list[Row]:
        """What the comparison says without the groups of customers, where it has them."""
        blind = None if self._by is None else self._compared(None)
        if blind is None:
            return []
        apart = (blind.headline["difference"], compared.headline["difference"])
        return [self._row("unseen", *apart, points, by=self._by)]

    def _in_hand(self, result: Result) -> Row:
        over = result.table[result.table["outstanding"].notna()]
        tempting = breakage_rate(float(over["earned"].sum()), float(over["redeemed"].sum()))
        outstanding, right = (result.headline[name] for name in ("outstanding", "breakage"))
        if is_missing(right):
            why = self._text("traps.in_hand_open", outstanding=outstanding)
            return [self._text("traps.in_hand"), percent(tempting, self.language), MISSING, why]
        return self._row("in_hand", tempting, right, percent, outstanding=outstanding)
