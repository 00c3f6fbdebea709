"""The ledger of a loyalty programme: points for spending, renewing, sharing and referring; spent, or expired."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from retention_kit.datasets.chance import Chance
from retention_kit.datasets.company import choices, joined, named, optional
from retention_kit.datasets.lives import AWAY, PAID, RENEWED, STARTED
from retention_kit.datasets.records import DAY, Subscribers

if TYPE_CHECKING:
    from retention_kit.datasets.chance import Flags, Whole

TOMAN_PER_POINT = 10_000
POINT_WORTH = 200  # tomans off
# Points end after so many months, counted from the end of the month in which they came.
LASTING = 12
_PHOTO, _REFERRAL, _RENEWAL = 15, 120, 10
_REFERS = 0.012
_REDEEMS = 0.12
_LEAST_REDEEMED = 200
_ACTIVITIES = ("spending", "renewal", "photo", "referral", "money_off", "expiry")
_KINDS = ("earned", "redeemed", "expired")


class Ledger:
    """Points by month and customer. What is spent is the oldest; what is left of it after a year expires."""

    def __init__(self, chance: Chance, who: Subscribers, member: Flags, shared: Flags, growth: float) -> None:
        self._chance, self._who = chance, who
        turn = who.lives.turn
        renewals = np.cumsum(turn == RENEWED, axis=0)
        rate = 1 + growth * renewals
        # The first box is paid for before anybody joins.
        later = member & (turn != STARTED)
        paid = np.isin(turn, PAID) & later
        refers = later & (who.lives.state != AWAY) & (chance.shares(*turn.shape) < _REFERS)
        self.earned = {
            "spending": _whole(paid * (who.price // TOMAN_PER_POINT) * rate),
            "renewal": _whole((turn == RENEWED) * member * _RENEWAL * rate),
            "photo": _whole((shared & member) * _PHOTO * rate),
            "referral": _whole(refers * _REFERRAL * rate),
        }
        self._wants = (who.lives.state != AWAY) & (chance.shares(*turn.shape) < _REDEEMS)

    @cached_property
    def gone(self) -> tuple[Whole, Whole]:
        """Points redeemed and points expired, by month and customer."""
        came = np.sum(list(self.earned.values()), axis=0)
        redeemed, expired = np.zeros_like(came), np.zeros_like(came)
        ever, out = np.cumsum(came, axis=0), np.zeros(came.shape[1], "int64")
        for month in range(len(came)):
            old = ever[month - LASTING] if month >= LASTING else 0
            expired[month] = np.maximum(old - out, 0)
            out = out + expired[month]
            # Points that came this month can be spent from the next on.
            balance = (ever[month - 1] if month else 0) - out
            spent = np.where(self._wants[month] & (balance >= _LEAST_REDEEMED), balance // 100 * 100, 0)
            redeemed[month], out = spent, out + spent
        return redeemed, expired

    def money_off(self) -> Whole:
        """Tomans that the redeemed points took off, by month."""
        return self.gone[0].sum(axis=1) * POINT_WORTH

    def rows(self) -> dict[str, Any]:
        """A row each time that points came or went."""
        redeemed, expired = self.gone
        parts = [self._rows(points, activity, "earned", 1) for activity, points in self.earned.items()]
        parts.append(self._rows(redeemed, "money_off", "redeemed", -1))
        parts.append(self._rows(expired, "expiry", "expired", -1))
        return joined(*parts)

    def _rows(self, points: Whole, activity: str, kind: str, sign: int) -> dict[str, Any]:
        who = self._who
        month, customer = np.nonzero(points)
        count = len(month)
        # Expiry is the first thing that happens in a month of the company's calendar, spending the last.
        time = {
            "earned": who.renewal(month, customer) + 60 * _ACTIVITIES.index(activity),
            "expired": who.span.start_of(month),
            "redeemed": who.span.start_of(month + 1) - DAY + who.people.second[customer],
        }[kind]
        ends = who.span.start_of(month + LASTING)
        return {
            "customer": who.people.code(customer),
            "time": time,
            "points": sign * points[month, customer],
            "kind": choices(_KINDS, np.full(count, _KINDS.index(kind))),
            **named("activity", "activity", _ACTIVITIES, np.full(count, _ACTIVITIES.index(activity))),
            "expires": optional(ends, np.full(count, kind == "earned")),
        }


def _whole(points: Any) -> Whole:
    return np.asarray(points).astype("int64")
