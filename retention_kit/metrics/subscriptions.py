"""What customers with subscriptions do at the end of each period: the movements of their revenue, and their lives.

One query (`sql/subscriptions.sql`) serves revenue churn, customer retention, churn by reason and survival.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import numpy as np
import pandas as pd

from retention_kit.metrics.blocks import by_block, lots
from retention_kit.metrics.segments import EVERYBODY, Group, Segmentation, rows_of
from retention_kit.metrics.timeline import Timeline, ask, once_a_log, timeline
from retention_kit.tables import Log, Note, check_contract

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALLOWED_GAP = 7
PAUSE_LIMIT = 90

MONEY = ["new", "expansion", "contraction", "churn", "reactivation"]
_TURNS = ["customers_new", "customers_returned", "customers_lost", "came_and_left", "paying", "customers"]


@dataclass(frozen=True)
class Subscriptions:
    """The movements by segment, period and block, the lives by segment, first and last period, and the periods."""

    movements: pd.DataFrame
    lives: pd.DataFrame
    timeline: Timeline

    def sizes(self) -> pd.Series[int]:
        """Customers by segment."""
        return self.lives.groupby("segment", dropna=False)["customers"].sum()

    def of_group(self, group: Group) -> Self:
        """The movements and lives of one group alone."""
        return replace(self, movements=rows_of(self.movements, group), lives=rows_of(self.lives, group))

    def notes(self) -> list[Note]:
        """Nothing: who is in no period has never paid."""
        return []

    def totals(self) -> pd.DataFrame:
        """Money and customers that moved in each period, over all blocks."""
        sums = self.movements.groupby("period")[MONEY + _TURNS].sum()
        return sums.reindex(range(len(self.timeline.periods)), fill_value=0).astype("int64").rename_axis(None)

    def by_block(self, name: str) -> NDArray[np.int64]:
        """One movement as a table of periods and blocks."""
        moves = self.movements
        return by_block(moves["period"], moves, moves[name], len(self.timeline.periods))

    def flow(self) -> pd.DataFrame:
        """S, N, R, L, E and who came and left in between, of each period; missing where the period still runs."""
        moved = self.totals()
        end = (moved["customers_new"] + moved["customers_returned"] - moved["customers_lost"]).cumsum()
        table = pd.DataFrame(
            {
                "period": self.timeline.starts,
                "start": end.shift(fill_value=0),
                "new": moved["customers_new"],
                "returned": moved["customers_returned"],
                "lost": moved["customers_lost"],
                "end": end,
                "came_and_left": moved["came_and_left"],
            }
        )
        counts = ["start", "new", "returned", "lost", "end", "came_and_left"]
        table[counts] = table[counts].astype("Int64")
        if self.timeline.running:
            table.loc[table.index[-1], counts[1:]] = pd.NA
        return table

    def reasons(self) -> pd.DataFrame:
        """Customers lost by period and reason; no reason where none is known."""
        lost = self.movements[self.movements["customers_lost"] > 0]
        return lost.groupby(["period", "reason"], dropna=False)["customers_lost"].sum().reset_index()


def subscriptions(
    log: Log,
    every: str,
    calendar: str | None,
    *,
    allowed_gap: int = ALLOWED_GAP,
    pause_limit: int = PAUSE_LIMIT,
    cohorts: bool = False,
    segmentation: Segmentation = EVERYBODY,
) -> Subscriptions:
    """Ask the engine for the movements and lives of a log of subscriptions; the movements by cohort if asked."""
    check_contract(log, ("subscriptions",))
    line = timeline(log, every, calendar)
    rules = {"allowed_gap": allowed_gap, "pause_limit": pause_limit, "cohorts": int(cohorts)}
    question = ("subscriptions", line.periods[0], rules, segmentation.by)
    found = once_a_log(log, question, lambda: _ask(log, line, rules, segmentation), segmentation.customers)
    moves = found[found["kind"] == "movement"].reset_index(drop=True)
    lives = found[found["kind"] == "life"].reset_index(drop=True)
    whole = ["period", "block", *MONEY, *_TURNS]
    return Subscriptions(
        movements=moves.astype(dict.fromkeys(whole, "int64")),
        lives=lives[["segment", "first_period", "period", "customers"]].astype(
            {"first_period": "int64", "period": "float64", "customers": "int64"}
        ),
        timeline=line,
    )


def _ask(log: Log, line: Timeline, rules: dict[str, int], segmentation: Segmentation) -> pd.DataFrame:
    count = len(line.days["day"])
    return ask(
        log,
        "subscriptions",
        segmentation,
        days={**line.days, "number": np.arange(count)},
        lots=lots(),
        rules={name: [value] for name, value in {**rules, "last_day": count - 1}.items()},
    )
