"""Kara: shift planning for teams, paid by the seat, with trials, champions and a cancel flow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retention_kit.datasets import records
from retention_kit.datasets.chance import Chance
from retention_kit.datasets.company import came_by, choices, cities, joined, named, newcomers, numbered, optional
from retention_kit.datasets.lives import CANCELLED, NEVER, PAYING, SAVED, by_age, levels, live
from retention_kit.datasets.records import DAY, Subscribers
from retention_kit.datasets.seasons import Span, billing_days, day_weights
from retention_kit.datasets.truths import KaraTruth

if TYPE_CHECKING:
    from retention_kit.datasets.chance import Flags, Shares, Whole
    from retention_kit.datasets.company import People
    from retention_kit.datasets.lives import Leaving
    from retention_kit.datasets.seasons import Moments

TRIAL_DAYS = 14
# Seats by level, the plan of each level, and tomans a seat and month by plan.
SEATS = np.array([2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80])
PLANS = {"starter": 120_000, "team": 150_000, "company": 180_000}
_PLAN_OF = np.searchsorted([6, 21], SEATS, side="right")
_FIRST_SEATS_SMALL, _FIRST_SEATS_LARGE = (0, 6), (6, 12)
# A year is paid for with ten months' money.
_YEAR = 10
SEASONS = {"nowruz": 30, "before_nowruz": 70, "ramadan": 80}
# Early actions: the share of large companies and of small teams who do them. Only the first has an effect.
AHA = "imported_staff"
ACTIONS = {
    AHA: (0.5, 0.35),
    "invited_colleague": (0.85, 0.15),
    "changed_logo": (0.6, 0.25),
    "watched_tour": (0.4, 0.6),
    "linked_calendar": (0.45, 0.4),
}
# The team calls small teams more often: they seem to need it.
_CALLED = (0.25, 0.55)
# How accounts come: of a hundred large ones, of a hundred small ones, and tomans spent to win one trial.
CHANNELS = {
    "search": (25, 45, 420_000),
    "content": (20, 30, 260_000),
    "sales": (40, 10, 1_500_000),
    "partners": (15, 15, 600_000),
}
REASONS = {
    "too_expensive": (26, 44),
    "missing_feature": (24, 18),
    "hard_to_use": (20, 15),
    "no_answer": (18, 13),
    "closed_business": (12, 10),
}
_USERS = 5
# Share of the use that a champion has where one person carries an account.
_CHAMPION_USE = 0.85
_SHAKEN = 3
_VISITS = (5, 3)
_SUPPORT, _SUPPORT_SOON = 0.08, 0.2
_USE = ("planned_shift", "visited", "exported_hours")
_CANCEL_FLOW = ("opened_cancel", "saw_offer", "took_offer", "cancelled")
_STAFF, _SALES, _TOOLS = 90_000_000, 60_000_000, 25_000_000


@dataclass(frozen=True)
class _Kara:
    """What is drawn once and seen in several tables."""

    seed: int
    truth: KaraTruth
    who: Subscribers
    level: Whole
    came: Whole
    yearly: Flags
    converted: Flags
    did: dict[str, Flags]
    called: Flags
    hangs: Flags
    champion_left: Whole

    @property
    def people(self) -> People:
        return self.who.people

    def chance(self, subject: str) -> Chance:
        return Chance(self.seed, subject)

    def trial_ends(self) -> Moments:
        """When the trial of each account ends."""
        return self.who.renewal(self.people.month, np.arange(len(self.people)))

    def begun(self) -> Moments:
        """When it began."""
        return self.trial_ends() - TRIAL_DAYS * DAY


def make(count: int, span: Span, seed: int, truth: KaraTruth) -> dict[str, dict[str, Any]]:
    """The columns of all tables of the company, by contract."""
    kara = _draw(count, span, seed, truth)
    return {
        "customers": _customers(kara),
        "subscriptions": _subscriptions(kara),
        "payments": records.payments(kara.chance("payments"), kara.who),
        "events": _events(kara),
        "touchpoints": _touchpoints(kara),
        "feedback": records.answers(kara.chance("feedback"), kara.who, truth.complaining),
        "costs": _costs(kara),
    }


def _draw(count: int, span: Span, seed: int, truth: KaraTruth) -> _Kara:
    weights = billing_days(span, day_weights(span.days, SEASONS if truth.seasons else {}))
    weights[:TRIAL_DAYS] = 0
    people = newcomers(Chance(seed, "people"), span, weights, count, code="K-{}", keen_share=truth.keen_share)
    traits, large = Chance(seed, "traits"), people.keen
    did = {name: traits.happens(np.where(large, *shares), count) for name, shares in ACTIONS.items()}
    called = traits.happens(np.where(large, *_CALLED), count)
    yearly = traits.happens(truth.yearly_share, count)
    converted = traits.happens(np.where(did[AHA], truth.aha_conversion, truth.trial_conversion), count)
    first = np.where(large, traits.whole(*_FIRST_SEATS_LARGE, count), traits.whole(*_FIRST_SEATS_SMALL, count))
    champions = _champions(Chance(seed, "champions"), people, span, truth)
    ratio = np.where(large, truth.keen_ratio, 1.0) * np.where(did[AHA], truth.aha_ratio, 1.0)
    ratio = ratio * np.where(called, truth.call_ratio, 1.0)
    begins = np.where(converted, people.month, NEVER)
    odds = records.odds_of(truth, truth.offered, truth.saved)
    leaving = _leaving(span, truth, yearly, ratio, champions[1])
    cycle = np.where(yearly, 12, 1)
    lives = live(Chance(seed, "lives"), begins, span.months, odds, leaving, cycle=cycle)
    level = levels(
        Chance(seed, "seats"), lives, first, up=truth.expansion, down=truth.contraction, top=len(SEATS) - 1
    )
    why = records.reasons(Chance(seed, "reasons"), lives, REASONS, span.place(truth.price_month))
    price = records.prices(lives, _listed(span, truth, level, yearly))
    who, came = Subscribers(span, people, lives, price, why), came_by(traits, large, CHANNELS)
    return _Kara(seed, truth, who, level, came, yearly, converted, did, called, *champions)


def _champions(chance: Chance, people: People, span: Span, truth: KaraTruth) -> tuple[Flags, Whole]:
    """Whose use hangs on one person, and the month in which that person changes the job; NEVER for most."""
    hangs = chance.happens(truth.champion_share, len(people))
    leaves = chance.shares(span.months, len(people)) < truth.champion_leaves
    leaves &= hangs & (np.arange(span.months)[:, None] > people.month)
    return hangs, np.where(leaves.any(axis=0), leaves.argmax(axis=0), NEVER)


def _leaving(span: Span, truth: KaraTruth, yearly: Flags, ratio: Shares, champion_left: Whole) -> Leaving:
    times = records.calendar_ratios(span, truth)

    def leaving(month: int, age: Whole) -> Shares:
        churn = np.where(yearly, truth.yearly_churn, by_age(truth.monthly_churn, age))
        shaken = (month > champion_left) & (month <= champion_left + _SHAKEN)
        return churn * ratio * times[month] * np.where(shaken, truth.champion_ratio, 1.0)

    return leaving


def _listed(span: Span, truth: KaraTruth, level: Whole, yearly: Flags) -> Whole:
    """What the seats of each account cost in each month, or in the year that begins with it."""
    a_seat = np.take_along_axis(records.dearer_from(span, truth, list(PLANS.values())), _PLAN_OF[level], axis=1)
    return a_seat * SEATS[level] * np.where(yearly, _YEAR, 1)


def _customers(kara: _Kara) -> dict[str, Any]:
    people, which = kara.people, np.arange(len(kara.people))
    return {
        "customer": people.code(which),
        "joined": kara.begun(),
        **cities(kara.chance("customers"), len(people)),
        **named("segment", "segment", ("large_companies", "small_teams"), ~people.keen),
        **named("channel", "channel", list(CHANNELS), kara.came),
        **named("plan", "plan", list(PLANS), _PLAN_OF[kara.level[-1]]),
    }


def _subscriptions(kara: _Kara) -> dict[str, Any]:
    """Stretches that were paid for, the first of each account with its trial; and trials that ended in nothing."""
    paid = _with_trials(kara)
    gone = np.flatnonzero(~kara.converted)
    month, ends = kara.people.month[gone], kara.trial_ends()[gone]
    listed = _listed(kara.who.span, kara.truth, kara.level, kara.yearly)
    nothing = np.full(len(gone), -1)
    ended = {
        "customer": gone,
        "start": ends - TRIAL_DAYS * DAY,
        "end": ends,
        "amount": listed[month, gone],
        "status": choices(("active", "paused"), np.zeros(len(gone))),
        **named("reason", "reason", [*REASONS, *records.FAILURES], nothing),
        "first_month": month,
        "trial_end": ends,
    }
    rows = joined(paid, ended)
    customer, first_month = rows.pop("customer"), rows.pop("first_month")
    return {
        "customer": kara.people.code(customer),
        "subscription": choices(numbered("KS-{}", len(kara.people), 80_001), customer),
        **rows,
        "interval": choices(("month", "year"), kara.yearly[customer]),
        **named("plan", "plan", list(PLANS), _PLAN_OF[kara.level[first_month, customer]]),
        "seats": SEATS[kara.level[first_month, customer]],
    }


def _with_trials(kara: _Kara) -> dict[str, Any]:
    rows = records.stretches(kara.who, list(REASONS))
    begins = rows["first_month"] == kara.people.month[rows["customer"]]
    trial = np.where(begins, TRIAL_DAYS * DAY, 0)
    return {**rows, "start": rows["start"] - trial, "trial_end": optional(rows["start"], begins)}


def _events(kara: _Kara) -> dict[str, Any]:
    """What users did: the first days, the use of every month, and what they clicked when they wanted to leave."""
    chance = kara.chance("events")
    names = [*ACTIONS, *_USE, *_CANCEL_FLOW]
    early, account, early_time = records.first_days(chance, kara.did, kara.begun())
    month, user_of, time = records.visits(
        chance, kara.who, np.where(kara.people.keen, *_VISITS), kara.truth.fading
    )
    used = len(ACTIONS) + chance.picks((50, 40, 10), len(user_of))
    step, leaver, step_time = _cancel_flow(kara)
    codes = np.concatenate([early, used, len(ACTIONS) + len(_USE) + step])
    accounts = np.concatenate([account, user_of, leaver])
    users = np.zeros(len(accounts), "int64")
    users[len(account) : len(account) + len(user_of)] = _users(chance, kara, month, user_of)
    people = [f"{code}-{user}" for code in kara.people.codes for user in range(1, _USERS + 1)]
    return {
        "customer": choices(people, accounts * _USERS + users),
        "time": np.concatenate([early_time, time, step_time]),
        **named("event", "event", names, codes),
        "account": kara.people.code(accounts),
        **named("channel", "channel", ("app", "site"), chance.picks((30, 70), len(accounts))),
    }


def _users(chance: Chance, kara: _Kara, month: Whole, account: Whole) -> Whole:
    """Who of the account it was: mostly one person where it hangs on a champion, until that person has left."""
    others = chance.whole(1, np.minimum(SEATS[kara.level[month, account]], _USERS) - 1, len(account))
    anyone = np.where(chance.happens(1 / _USERS, len(account)), 0, others)
    champion = np.where(chance.happens(_CHAMPION_USE, len(account)), 0, others)
    user = np.where(kara.hangs[account], champion, anyone)
    return np.where(month >= kara.champion_left[account], others, user)


def _cancel_flow(kara: _Kara) -> tuple[Whole, Whole, Moments]:
    """The steps on the page where one cancels: opened by all, an offer shown to some, taken by a few."""
    lives = kara.who.lives
    shown = lives.offered
    saved, cancelled = lives.turn == SAVED, lives.turn == CANCELLED
    parts = [np.nonzero(flags) for flags in (saved | cancelled, shown, saved, cancelled)]
    month, account = (np.concatenate([part[place] for part in parts]) for place in (0, 1))
    step = np.repeat(np.arange(len(parts)), [len(part[0]) for part in parts])
    return step, account, kara.who.renewal(month, account) - 3600 + 120 * step


def _touchpoints(kara: _Kara) -> dict[str, Any]:
    """A mail to all, calls in the first days of some accounts, and questions to support."""
    chance, who, begun = kara.chance("touchpoints"), kara.who, kara.begun()
    called = np.flatnonzero(kara.called)
    asks = np.where(who.leaves_soon(), _SUPPORT_SOON, _SUPPORT) * (who.lives.state == PAYING)
    month, asking = np.nonzero(chance.shares(*asks.shape) < asks)
    asked = who.span.moments(month, kara.people.day[asking], 36_000) + chance.whole(1, 27, len(month)) * DAY
    calls = begun[called] + chance.whole(1, 6, len(called)) * DAY
    ways, support = ("email", "phone", "chat"), chance.picks((3, 2, 5), len(asking))
    code = kara.people.code
    return joined(
        records.meetings(code(np.arange(len(begun))), begun + 300, ways, 0, outbound=True),
        records.meetings(code(called), calls, ways, 1, outbound=True),
        records.meetings(code(asking), asked, ways, support, outbound=False),
    )


def _costs(kara: _Kara) -> dict[str, Any]:
    span = kara.who.span
    held, months = (kara.who.lives.state == PAYING).sum(axis=1), np.arange(span.months)
    expenses = [
        *records.won(span, kara.people, kara.came, CHANNELS),
        ("success_staff", "", _STAFF + 40_000 * held),
        ("sales", "", _SALES + 500_000 * months),
        ("tools", "", _TOOLS + 300_000 * months),
    ]
    return records.costs(kara.chance("costs"), span, expenses)
