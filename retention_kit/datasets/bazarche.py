"""Bazarche: a shop on app, web, store, telephone and messenger. Nobody cancels: orders stop."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from retention_kit.datasets import records
from retention_kit.datasets.chance import Chance
from retention_kit.datasets.company import came_by, choices, cities, joined, named, newcomers, numbered
from retention_kit.datasets.lives import by_age
from retention_kit.datasets.records import DAY
from retention_kit.datasets.seasons import Span, day_weights, month_weights
from retention_kit.datasets.truths import BazarcheTruth

if TYPE_CHECKING:
    from retention_kit.datasets.chance import Flags, Shares, Whole
    from retention_kit.datasets.company import People, Texts
    from retention_kit.datasets.seasons import Moments

CHANNELS = ("app", "web", "store", "telephone", "messenger")
_ONLINE = (True, True, False, False, True)
_HOME = (32, 24, 26, 8, 10)
_AT_HOME = 0.65
# How many further channels a customer is fond of: of a hundred keen ones, of a hundred others.
_FONDNESS = ((20, 40, 40), (60, 30, 10))
# Before the roll-out customers link their channels by their own wish, from then on chance does it.
_LINKS_ALONE = (0.35, 0.12)
_ROLLED_OUT = 0.5
SEASONS = {"before_nowruz": 210, "nowruz": 55, "ramadan": 85, "black_friday": 260, "yalda": 150}
# How customers come: of a hundred keen ones, of a hundred others, and tomans spent to win one.
SOURCES = {
    "social": (25, 40, 75_000),
    "search": (30, 30, 95_000),
    "friends": (30, 10, 12_000),
    "discount_site": (5, 15, 60_000),
    "passing_by": (10, 5, 0),
}
_BUYS_TWICE = 0.25
_VISITS = (5, 3)
_FADED = 0.4
_ANSWERS, _ASKS = 0.06, 0.1
_NEWSLETTER_EVERY = 3
_LINKED, _USE = "linked_channels", ("visited", "searched", "added_to_basket")
_STAFF, _TOOLS = 70_000_000, 14_000_000


@dataclass(frozen=True)
class _Shop:
    """What is drawn once and seen in several tables.

    `there` (not gone yet) and `orders` have a row a month and a column a customer.
    """

    seed: int
    truth: BazarcheTruth
    span: Span
    people: People
    came: Whole
    linked: Flags
    favourites: Whole
    fond: Whole
    there: Flags
    orders: Flags

    def chance(self, subject: str) -> Chance:
        return Chance(self.seed, subject)

    def leaves_soon(self) -> Flags:
        """Whether a customer who is still there is gone in the next month, by month and customer."""
        gone_next = np.zeros_like(self.there)
        gone_next[:-1] = self.there[:-1] & ~self.there[1:]
        return gone_next


def make(count: int, span: Span, seed: int, truth: BazarcheTruth) -> dict[str, dict[str, Any]]:
    """The columns of all tables of the company, by contract."""
    shop = _draw(count, span, seed, truth)
    orders = _Orders(shop)
    return {
        "customers": _customers(shop),
        "orders": orders.rows(),
        "events": _events(shop),
        "touchpoints": _touchpoints(shop, orders),
        "feedback": _feedback(shop, orders),
        "costs": _costs(shop),
    }


def _draw(count: int, span: Span, seed: int, truth: BazarcheTruth) -> _Shop:
    weights = day_weights(span.days, SEASONS if truth.seasons else {})
    people = newcomers(Chance(seed, "people"), span, weights, count, code="B{}", keen_share=truth.keen_share)
    traits = Chance(seed, "traits")
    links = np.where(
        people.month >= span.place(truth.rollout_month), _ROLLED_OUT, np.where(people.keen, *_LINKS_ALONE)
    )
    linked = traits.happens(links, count)
    fond = np.where(people.keen, *(traits.picks(weights, count) for weights in _FONDNESS))
    favourites = _favourites(traits, count)
    broad = np.array([1.0, truth.channels_ratio, truth.channels_ratio * truth.channels_ratio])[fond]
    ratio = np.where(people.keen, truth.keen_ratio, 1.0) * np.where(linked, truth.linked_ratio, 1.0) * broad
    there = _there(Chance(seed, "lives"), people, span, truth, ratio)
    usual = month_weights(span, weights)[:, None] * truth.monthly_order
    online = np.array(_ONLINE)[favourites[0]]
    outage = (np.arange(span.months) == span.place(truth.outage_month))[:, None] & online
    wants = usual * np.where(outage, truth.outage_orders, 1.0)
    first = np.arange(span.months)[:, None] == people.month
    orders = there & ((Chance(seed, "ordering").shares(*there.shape) < wants) | first)
    came = came_by(traits, people.keen, SOURCES)
    return _Shop(seed, truth, span, people, came, linked, favourites, fond, there, orders)


def _favourites(chance: Chance, count: int) -> Whole:
    """The home channel of each customer and two further ones, all different; a row each."""
    home = chance.picks(_HOME, count)
    second = (home + chance.whole(1, 4, count)) % 5
    third = (home + chance.whole(1, 4, count)) % 5
    third = np.where(third == second, (third + 1) % 5, third)
    return np.array([home, second, np.where(third == home, (third + 1) % 5, third)])


def _there(chance: Chance, people: People, span: Span, truth: BazarcheTruth, ratio: Shares) -> Flags:
    """Whether each customer is not gone yet, by month and customer."""
    there = np.zeros((span.months, len(people)), bool)
    for month in range(span.months):
        dearer = truth.price_ratio if month >= span.place(truth.price_month) else 1.0
        gone = chance.shares(len(people)) < by_age(truth.monthly_dropout, month - people.month) * ratio * dearer
        stays = there[month - 1] & ~gone if month else there[month]
        there[month] = stays | (people.month == month)
    return there


class _Orders:
    """The orders: month, customer, moment, channel and money of each."""

    def __init__(self, shop: _Shop) -> None:
        self.shop = shop
        chance, people = shop.chance("orders"), shop.people
        month, customer = np.nonzero(shop.orders)
        first = month == people.month[customer]
        again = chance.happens(_BUYS_TWICE, len(month)) & ~first
        self.month, self.customer = (np.concatenate([column, column[again]]) for column in (month, customer))
        count = len(self.month)
        day = _days(chance, shop, self.month)
        day[: len(month)][first] = (people.day - 1)[customer[first]]
        second = chance.whole(9 * 3600, 23 * 3600, count)
        second[: len(month)][first] = people.second[customer[first]]
        self.time = shop.span.moments(self.month, day + 1, second)
        elsewhere = chance.shares(count) >= _AT_HOME
        which = 1 + chance.whole(0, np.maximum(shop.fond[self.customer] - 1, 0), count)
        which = np.where(elsewhere & (shop.fond[self.customer] > 0), which, 0)
        self.channel = shop.favourites[which, self.customer]
        price = chance.whole(60, 900, count) * 1000
        dearer = self.month >= shop.span.place(shop.truth.price_month)
        self.amount = np.where(dearer, records.raised(price, shop.truth.price_increase), price)
        self.refunded = chance.happens(shop.truth.refunded, count)
        self.returned_after = chance.whole(2, 9, count)

    def rows(self) -> dict[str, Any]:
        """A row an order, and one more for each that came back."""
        back = np.flatnonzero(self.refunded)
        invoices = np.concatenate([np.arange(len(self.time)), back])
        signs = np.concatenate([np.ones(len(self.time), "int64"), np.full(len(back), -1)])
        later = np.concatenate([np.zeros(len(self.time), "int64"), self.returned_after[back]])
        by_time = np.argsort(np.argsort(self.time, kind="stable"))
        numbers = numbered("F-{}", len(self.time), 200_001)
        return {
            "customer": self.shop.people.code(self.customer[invoices]),
            "time": self.time[invoices] + later * DAY,
            "amount": self.amount[invoices] * signs,
            "order": choices(numbers, by_time[invoices]),
            **named("channel", "channel", CHANNELS, self.channel[invoices]),
            "status": choices(("paid", "refunded"), signs < 0),
        }


def _days(chance: Chance, shop: _Shop, month: Whole) -> Whole:
    """A day of each month, counted from 0, as likely as its season makes it."""
    weights = day_weights(shop.span.days, SEASONS if shop.truth.seasons else {})
    bounds = np.append(0, np.cumsum(weights))
    begins = (shop.span.starts - shop.span.starts[0]).astype("int64")
    low, high = bounds[begins[month]], bounds[begins[month + 1]]
    place = low + (chance.shares(len(month)) * (high - low)).astype("int64")
    return np.searchsorted(bounds, place, side="right") - 1 - begins[month]


def _customers(shop: _Shop) -> dict[str, Any]:
    people, which = shop.people, np.arange(len(shop.people))
    return {
        "customer": people.code(which),
        "joined": shop.span.moments(people.month, people.day, people.second),
        **cities(shop.chance("customers"), len(people)),
        **named("segment", "segment", ("families", "single_buyers"), ~people.keen),
        **named("channel", "channel", list(SOURCES), shop.came),
    }


def _events(shop: _Shop) -> dict[str, Any]:
    """The link between the channels, on the first evening; and the visits, fewer in a customer's last month."""
    chance, people = shop.chance("events"), shop.people
    linked = np.flatnonzero(shop.linked)
    evening = shop.span.moments(people.month[linked], people.day[linked] + 1, -1800)
    month, customer = np.nonzero(shop.there)
    times = chance.whole(0, 2 * np.where(people.keen, *_VISITS)[customer], len(month))
    times = np.where(shop.leaves_soon()[month, customer], (times * _FADED).astype("int64"), times)
    month, customer = np.repeat(month, times), np.repeat(customer, times)
    visited = _moments(chance, shop, month, customer)
    what = np.concatenate([np.zeros(len(linked), "int64"), 1 + chance.picks((60, 28, 12), len(month))])
    return {
        "customer": people.code(np.concatenate([linked, customer])),
        "time": np.concatenate([evening, visited]),
        **named("event", "event", (_LINKED, *_USE), what),
        **named("channel", "channel", ("app", "web"), chance.picks((60, 40), len(what))),
    }


def _moments(chance: Chance, shop: _Shop, month: Whole, customer: Whole) -> Moments:
    """Some moment of each month, in the first one after the customer has come."""
    people = shop.people
    came = (people.day[customer] - 1) * DAY + people.second[customer]
    since = np.where(month == people.month[customer], came, 0)
    length = np.diff(shop.span.starts).astype("int64")[month] * DAY
    return shop.span.start_of(month) + chance.whole(since, length - 1, len(month))


def _touchpoints(shop: _Shop, orders: _Orders) -> dict[str, Any]:
    """A meeting for each order, questions, and newsletters.

    Where the channels are not linked, a meeting on any but the home channel is kept under that channel's own code,
    which no other log knows.
    """
    chance, home = shop.chance("touchpoints"), shop.favourites[0]
    asks = np.flatnonzero(chance.happens(_ASKS, len(orders.time)))
    asking = orders.customer[asks]
    asked = np.where(chance.happens(0.5, len(asks)), orders.channel[asks], home[asking])
    months = np.arange(shop.span.months)[:, None]
    written = shop.there & (months % _NEWSLETTER_EVERY == 0) & (months > shop.people.month)
    month, reader = np.nonzero(written)
    news, ways, sms = shop.span.moments(month, 29, 36_000), (*CHANNELS, "sms"), len(CHANNELS)
    codes, where = _Codes(shop), orders.channel
    return joined(
        records.meetings(codes.of(orders.customer, where), orders.time + 60, ways, where, outbound=False),
        records.meetings(codes.of(asking, asked), orders.time[asks] + 2 * DAY, ways, asked, outbound=False),
        records.meetings(codes.of(reader, home[reader]), news, ways, sms, outbound=True),
    )


class _Codes:
    """The codes under which channels keep customers: the one of all logs, or one of the channel's own."""

    def __init__(self, shop: _Shop) -> None:
        self._shop = shop
        own = [numbered(name.upper() + "-{}", len(shop.people), 100_001) for name in CHANNELS]
        self._all = [*shop.people.codes, *chain.from_iterable(own)]

    def of(self, customer: Whole, channel: Whole) -> Texts:
        """The codes of these customers on these channels."""
        known = self._shop.linked[customer] | (channel == self._shop.favourites[0, customer])
        return choices(self._all, np.where(known, 0, (channel + 1) * len(self._shop.people)) + customer)


def _feedback(shop: _Shop, orders: _Orders) -> dict[str, Any]:
    """Marks some days after an order, and the complaints of a few of those about to stop."""
    chance = shop.chance("feedback")
    soon = shop.leaves_soon()
    rated = np.flatnonzero(chance.happens(_ANSWERS, len(orders.time)))
    customer = orders.customer[rated]
    answered = orders.time[rated] + chance.whole(2, 6, len(rated)) * DAY
    leaving = soon[orders.month[rated], customer]
    month, complainer = np.nonzero(soon & (chance.shares(*soon.shape) < shop.truth.complaining))
    # On the last evening of the month, when everybody who came in it is there.
    when = shop.span.start_of(month + 1) - chance.whole(60, 5_400, len(month))
    return joined(
        records.survey(chance, shop.people, customer, answered, kind="csat", soon=leaving),
        records.complaints(chance, shop.people, complainer, when),
    )


def _costs(shop: _Shop) -> dict[str, Any]:
    expenses = [
        *records.won(shop.span, shop.people, shop.came, SOURCES),
        ("success_staff", "", _STAFF + 15_000 * shop.there.sum(axis=1)),
        ("tools", "", _TOOLS + 200_000 * np.arange(shop.span.months)),
    ]
    return records.costs(shop.chance("costs"), shop.span, expenses)
