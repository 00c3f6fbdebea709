"""Gol Box: a monthly box for plant lovers, with a loyalty programme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retention_kit.datasets import records
from retention_kit.datasets.chance import Chance
from retention_kit.datasets.company import came_by, choices, cities, joined, named, newcomers, numbered, optional
from retention_kit.datasets.lives import PAYING, RETURNED, Lives, by_age, levels, live
from retention_kit.datasets.points import Ledger
from retention_kit.datasets.records import DAY, Subscribers
from retention_kit.datasets.seasons import Span, billing_days, day_weights, month_weights
from retention_kit.datasets.truths import GolBoxTruth

if TYPE_CHECKING:
    from retention_kit.datasets.chance import Flags, Shares, Whole
    from retention_kit.datasets.company import People
    from retention_kit.datasets.seasons import Moments

PLANS = {"sprout": 290_000, "garden": 450_000, "jungle": 690_000}
_PLAN_SHARES = (50, 35, 15)
_UPGRADES, _DOWNGRADES = 0.012, 0.01
SEASONS = {"before_nowruz": 190, "nowruz": 60, "ramadan": 85, "black_friday": 230, "yalda": 160}
# Early actions: the share of keen customers who do them, and of the others. Only the first has an effect.
AHA = "picked_plants"
ACTIONS = {
    AHA: (0.55, 0.4),
    "joined_group": (0.9, 0.06),
    "set_reminder": (0.6, 0.3),
    "read_care_guide": (0.75, 0.45),
    "installed_app": (0.5, 0.5),
}
# How customers come: of a hundred keen ones, of a hundred others, and tomans spent to win one.
CHANNELS = {
    "social": (30, 45, 160_000),
    "search": (25, 30, 190_000),
    "friends": (35, 10, 30_000),
    "fair": (10, 15, 90_000),
}
# Of a hundred who cancel, why: at the old price and at the new one.
REASONS = {
    "too_expensive": (24, 45),
    "too_many_plants": (26, 19),
    "arrived_damaged": (18, 13),
    "moving_house": (12, 9),
    "felt_forgotten": (20, 14),
}
# Who joins the programme: of keen customers and of the others, if invited and if not.
_JOINS_INVITED, _JOINS_ALONE = (0.8, 0.5), (0.35, 0.08)
_INVITED_AFTER, _JOINS_AFTER = 2 * DAY, 4 * DAY
_VISITS = (4, 2)
_BUYS_MORE = (0.16, 0.06)
_SUPPORT, _SUPPORT_SOON = 0.03, 0.12
_STAFF, _TOOLS = 45_000_000, 9_000_000


@dataclass(frozen=True)
class _Box:
    """What is drawn once and seen in several tables."""

    seed: int
    truth: GolBoxTruth
    who: Subscribers
    plan: Whole
    came: Whole
    did: dict[str, Flags]
    invited: Flags
    member: Flags

    @property
    def people(self) -> People:
        return self.who.people

    def chance(self, subject: str) -> Chance:
        return Chance(self.seed, subject)

    def begun(self) -> Moments:
        """When each customer began."""
        return self.who.renewal(self.people.month, np.arange(len(self.people)))


def make(count: int, span: Span, seed: int, truth: GolBoxTruth) -> dict[str, dict[str, Any]]:
    """The columns of all tables of the company, by contract."""
    box = _draw(count, span, seed, truth)
    ledger = _ledger(box)
    return {
        "customers": _customers(box),
        "subscriptions": _subscriptions(box),
        "payments": records.payments(box.chance("payments"), box.who),
        "orders": _orders(box),
        "events": _events(box),
        "points": ledger.rows(),
        "touchpoints": _touchpoints(box),
        "feedback": records.answers(box.chance("feedback"), box.who, truth.complaining),
        "costs": _costs(box, ledger),
    }


def _draw(count: int, span: Span, seed: int, truth: GolBoxTruth) -> _Box:
    weights = billing_days(span, day_weights(span.days, SEASONS if truth.seasons else {}))
    people = newcomers(Chance(seed, "people"), span, weights, count, code="GB-{}", keen_share=truth.keen_share)
    traits = Chance(seed, "traits")
    did = {name: traits.happens(np.where(people.keen, *shares), count) for name, shares in ACTIONS.items()}
    invited = traits.happens(truth.invited_share, count)
    alone, asked = (np.where(people.keen, *shares) for shares in (_JOINS_ALONE, _JOINS_INVITED))
    member = traits.happens(np.where(invited, asked, alone), count)
    ratio = np.where(people.keen, truth.keen_ratio, 1.0) * np.where(did[AHA], truth.aha_ratio, 1.0)
    lives = _lives(seed, people, span, truth, ratio * np.where(member, truth.member_ratio, 1.0))
    first_plan = traits.picks(_PLAN_SHARES, count)
    plan = levels(Chance(seed, "plans"), lives, first_plan, up=_UPGRADES, down=_DOWNGRADES, top=len(PLANS) - 1)
    listed = records.dearer_from(span, truth, list(PLANS.values()))
    why = records.reasons(Chance(seed, "reasons"), lives, REASONS, span.place(truth.price_month))
    price = records.prices(lives, np.take_along_axis(listed, plan, axis=1))
    came = came_by(traits, people.keen, CHANNELS)
    return _Box(seed, truth, Subscribers(span, people, lives, price, why), plan, came, did, invited, member)


def _lives(seed: int, people: People, span: Span, truth: GolBoxTruth, ratio: Shares) -> Lives:
    times = records.calendar_ratios(span, truth)

    def leaving(month: int, age: Whole) -> Shares:
        return by_age(truth.monthly_churn, age) * ratio * times[month]

    return live(Chance(seed, "lives"), people.month, span.months, records.odds_of(truth), leaving)


def _customers(box: _Box) -> dict[str, Any]:
    chance, people = box.chance("customers"), box.people
    count, which = len(people), np.arange(len(people))
    joins = box.begun() + _JOINS_AFTER
    born = np.datetime64("1965-01-01", "D") + chance.whole(0, 40 * 365, count)
    return {
        "customer": people.code(which),
        "joined": box.begun(),
        **cities(chance, count),
        **named("segment", "segment", ("plant_lovers", "home_and_gifts"), ~people.keen),
        **named("channel", "channel", list(CHANNELS), box.came),
        "birthday": born.astype("datetime64[s]"),
        "member": optional(joins, box.member & (joins < box.who.span.starts[-1])),
    }


def _subscriptions(box: _Box) -> dict[str, Any]:
    rows = records.stretches(box.who, list(REASONS))
    customer, first_month = rows.pop("customer"), rows.pop("first_month")
    numbers = numbered("SUB-{}", len(box.people), 30_001)
    return {
        "customer": box.people.code(customer),
        "subscription": choices(numbers, customer),
        **rows,
        **named("plan", "plan", list(PLANS), box.plan[first_month, customer]),
    }


def _orders(box: _Box) -> dict[str, Any]:
    """Pots, soil and tools bought on top of the box, more of them before the feasts."""
    chance, who = box.chance("orders"), box.who
    busy = month_weights(who.span, day_weights(who.span.days, SEASONS if box.truth.seasons else {}))
    buys = np.where(box.people.keen, *_BUYS_MORE) * busy[:, None] * (who.lives.state == PAYING)
    month, customer = np.nonzero(chance.shares(*buys.shape) < buys)
    count = len(month)
    begins = who.span.moments(month, box.people.day[customer], 0)
    return {
        "customer": box.people.code(customer),
        "time": begins + chance.whole(1, 28, count) * DAY + chance.whole(8 * 3600, 23 * 3600, count),
        "amount": chance.whole(90, 750, count) * 1000,
        "order": choices(numbered("GO-{}", count, 70_001), np.arange(count)),
        **named("channel", "channel", ("site", "app"), chance.picks((60, 40), count)),
    }


def _events(box: _Box) -> dict[str, Any]:
    chance, who = box.chance("events"), box.who
    names = [*ACTIONS, "visited", "shared_photo"]
    place, customer, time = records.first_days(chance, box.did, box.begun())
    _, visitor, when = records.visits(chance, who, np.where(box.people.keen, *_VISITS), box.truth.fading)
    shared, sharer = _shared(box)
    codes = np.concatenate([place, np.full(len(visitor), len(ACTIONS)), np.full(len(sharer), len(ACTIONS) + 1)])
    everybody = np.concatenate([customer, visitor, sharer])
    return {
        "customer": box.people.code(everybody),
        "time": np.concatenate([time, when, who.renewal(shared, sharer) + 6 * DAY]),
        **named("event", "event", names, codes),
        **named("channel", "channel", ("app", "site"), chance.picks((65, 35), len(everybody))),
    }


def _shared(box: _Box) -> tuple[Whole, Whole]:
    """The months and customers in which a photo of a plant was shared."""
    shares = np.where(box.people.keen, 0.12, 0.03) * (box.who.lives.state == PAYING)
    month, customer = np.nonzero(box.chance("photos").shares(*shares.shape) < shares)
    return month, customer


def _ledger(box: _Box) -> Ledger:
    shared = np.zeros(box.who.lives.turn.shape, bool)
    shared[_shared(box)] = True
    return Ledger(box.chance("points"), box.who, box.member, shared, box.truth.points_growth)


def _touchpoints(box: _Box) -> dict[str, Any]:
    """Welcome mails to all, invitations by chance, questions to support, calls to those who left and came back."""
    chance, who, begun = box.chance("touchpoints"), box.who, box.begun()
    everybody, invited = np.arange(len(begun)), np.flatnonzero(box.invited)
    asks = np.where(who.leaves_soon(), _SUPPORT_SOON, _SUPPORT) * (who.lives.state == PAYING)
    month, asking = np.nonzero(chance.shares(*asks.shape) < asks)
    asked = who.span.moments(month, box.people.day[asking] + 3, 43_200)
    back, returned = who.lives.happened(RETURNED)
    called = who.renewal(back, returned) - 2 * DAY
    ways, support = ("email", "sms", "phone", "chat", "social"), 2 + chance.picks((1, 5, 4), len(asking))
    code = box.people.code
    return joined(
        records.meetings(code(everybody), begun + 600, ways, 0, outbound=True),
        records.meetings(code(invited), begun[invited] + _INVITED_AFTER, ways, 1, outbound=True),
        records.meetings(code(asking), asked, ways, support, outbound=False),
        records.meetings(code(returned), called, ways, 2, outbound=True),
    )


def _costs(box: _Box, ledger: Ledger) -> dict[str, Any]:
    span = box.who.span
    held = (box.who.lives.state == PAYING).sum(axis=1)
    expenses = [
        *records.won(span, box.people, box.came, CHANNELS),
        ("success_staff", "", _STAFF + 12_000 * held),
        ("tools", "", _TOOLS + 100_000 * np.arange(span.months)),
        ("loyalty", "", ledger.money_off()),
    ]
    return records.costs(box.chance("costs"), span, expenses)
