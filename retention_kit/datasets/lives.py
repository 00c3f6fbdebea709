"""Month by month through the lives of subscribers: who starts, renews, pauses, fails to pay, leaves, returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from retention_kit.datasets.chance import Chance, Flags, Shares, Whole

    Codes = NDArray[np.int8]
    # The share who want to leave at a renewal, by month (counted from the first) and months of life.
    Leaving = Callable[[int, Whole], Shares]

AWAY, PAYING, PAUSED = range(3)
(
    NOTHING, STARTED, RENEWED, LATE, SAVED, RESUMED, RETURNED, CANCELLED, UNPAID, RESTED,
) = range(10)  # fmt: skip
PAID = (STARTED, RENEWED, LATE, SAVED, RESUMED, RETURNED)
NEVER = 10_000

_LONGEST_PAUSE = 2
# After so many months away a customer who cancelled may return.
_RETURNS = (2, 6)


@dataclass(frozen=True)
class Odds:
    """The chances at each renewal that do not depend on who the customer is, as shares.

    failed: of payments that fail at first; recovered: of those that come in the end; paused: of renewals that
    become a pause; returned: of those away, each month; offered: of those who want to leave and see an offer;
    saved: of these who then stay.
    """

    failed: float
    recovered: float
    paused: float
    returned: float
    offered: float = 0.0
    saved: float = 0.0


@dataclass(frozen=True)
class Lives:
    """One row a month, one column a customer: what the customer is in it, and what happened at its renewal."""

    state: Codes
    turn: Codes
    offered: Flags

    def happened(self, *turns: int) -> tuple[Whole, Whole]:
        """Months and customers at which one of these turns was taken."""
        month, customer = np.nonzero(np.isin(self.turn, turns))
        return month, customer


def live(
    chance: Chance, first: Whole, months: int, odds: Odds, leaving: Leaving, *, cycle: Whole | None = None
) -> Lives:
    """Lives from the month each customer starts in (NEVER for one who does not).

    Args:
        chance: the draws.
        first: the month of the first payment, counted from 0.
        months: how many there are.
        odds: what happens to all alike.
        leaving: who wants to leave.
        cycle: months between two renewals; 1 if not given.
    """
    every = np.ones(len(first), "int64") if cycle is None else cycle
    state, turn = (np.zeros((months, len(first)), "int8") for _ in range(2))
    offered = np.zeros((months, len(first)), bool)
    since = np.zeros(len(first), "int64")  # the month in which the customer paused, or cancelled
    length = np.ones(len(first), "int64")
    for month in range(months):
        draws = chance.shares(6, len(first))
        before = state[month - 1] if month else state[0]
        due = (before == PAYING) & ((month - first) % every == 0)
        wants = due & (draws[0] < leaving(month, month - first))
        offered[month] = wants & (draws[1] < odds.offered)
        turn[month] = np.select(
            [
                first == month,
                wants & (draws[1] < odds.offered * odds.saved),
                wants,
                due & (every == 1) & (draws[3] < odds.paused),
                due & (draws[2] < odds.failed * (1 - odds.recovered)),
                due & (draws[2] < odds.failed),
                due,
                (before == PAUSED) & (month - since >= length),
                _may_return(turn, month, since, before) & (draws[4] < odds.returned),
            ],
            [STARTED, SAVED, CANCELLED, RESTED, UNPAID, LATE, RENEWED, RESUMED, RETURNED],
            NOTHING,
        )
        state[month] = _state_after(before, turn[month])
        changed = np.isin(turn[month], (CANCELLED, RESTED))
        since = np.where(changed, month, since)
        length = np.where(changed, 1 + (draws[5] * _LONGEST_PAUSE).astype("int64"), length)
    return Lives(state, turn, offered)


def _may_return(turn: Codes, month: int, since: Whole, before: Codes) -> Flags:
    cancelled = np.take_along_axis(turn, since[None], axis=0)[0] == CANCELLED
    return (before == AWAY) & cancelled & (month - since >= _RETURNS[0]) & (month - since <= _RETURNS[1])


def _state_after(before: Codes, turn: Codes) -> Codes:
    after = np.where(np.isin(turn, PAID), PAYING, before)
    after = np.where(np.isin(turn, (CANCELLED, UNPAID)), AWAY, after)
    return np.asarray(np.where(turn == RESTED, PAUSED, after), "int8")


def levels(chance: Chance, lives: Lives, first: Whole, *, up: float, down: float, top: int) -> Whole:
    """A level (a plan, a number of seats) by month and customer, from 0 to `top`, that may change at renewals."""
    found = np.empty(lives.state.shape, "int64")
    level = first
    for month, turn in enumerate(lives.turn):
        draw = chance.shares(len(first))
        step = np.where(draw < up, 1, np.where(draw < up + down, -1, 0))
        level = np.where(turn == RENEWED, np.clip(level + step, 0, top), level)
        found[month] = level
    return found


def by_age(chances: Sequence[float], age: Whole) -> Shares:
    """The chance of each month of life, counted from 1; the last one goes on."""
    return np.asarray(np.array(chances)[np.clip(age - 1, 0, len(chances) - 1)])
