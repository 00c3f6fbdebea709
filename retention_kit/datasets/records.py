"""The tables that the lives of subscribers leave behind: stretches, payments, visits, answers, costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retention_kit.datasets.chance import Chance
from retention_kit.datasets.company import People, choices, joined, named, numbered, optional, said
from retention_kit.datasets.lives import AWAY, CANCELLED, LATE, PAID, PAUSED, PAYING, UNPAID, Lives, Odds
from retention_kit.datasets.seasons import Span

if TYPE_CHECKING:
    from retention_kit.datasets.chance import Flags, Shares, Whole
    from retention_kit.datasets.company import Texts
    from retention_kit.datasets.lives import Codes
    from retention_kit.datasets.seasons import Moments
    from retention_kit.datasets.truths import SubscriptionTruth

    # Its kind, the channel it was for ("" if for none), and the money by month.
    Expense = tuple[str, str, Whole]

DAY = 86_400
# Why a payment failed, with how many of a hundred fail so; the words make the churn involuntary.
FAILURES = {"card_expired": 35, "insufficient_funds": 45, "bank_error": 20}
_EXPIRED = list(FAILURES).index("card_expired")
# A payment is tried so many days after it was due; the last try lies within the gap that is no churn.
_TRIED_AFTER = (0, 3, 6)
_RETRIED_ONCE = 0.65
_SURVEY_EVERY = 6
_SURVEY_AT = 3
_ANSWERS = 0.35
_COMPLAINS_AND_STAYS = 0.004
_KINDS = ("nps", "csat", "complaint")
# How often each mark from 0 on is given by those about to leave, by others, and by the keen; from which mark on an
# answer is good, and fair.
_MARKS: dict[str, list[tuple[int, ...]]] = {
    "nps": [
        (6, 6, 8, 10, 12, 14, 14, 12, 10, 5, 3),
        (1, 1, 2, 3, 4, 8, 11, 19, 23, 16, 12),
        (0, 0, 1, 1, 1, 3, 5, 12, 22, 27, 28),
    ],
    "csat": [(0, 18, 22, 30, 20, 10), (0, 4, 8, 20, 38, 30), (0, 1, 4, 12, 35, 48)],
}
_BANDS = {"nps": (9, 7), "csat": (5, 4)}
# The ways in which answers come, of a hundred.
_WAYS = {"email": 45, "sms": 30, "site": 15, "phone": 10}


@dataclass(frozen=True)
class Subscribers:
    """All that the tables of subscribers are made from.

    price: what is charged, by month and customer; why: the place of the reason of a cancellation among the
    company's reasons, or of a failure among `FAILURES`.
    """

    span: Span
    people: People
    lives: Lives
    price: Whole
    why: Codes

    def renewal(self, month: Any, customer: Any) -> Moments:
        """The moment at which a customer's month begins."""
        people = self.people
        return self.span.moments(month, people.day[customer], people.second[customer])

    def leaves_soon(self) -> Flags:
        """Whether a customer cancels within two months, by month and customer."""
        cancels = self.lives.turn == CANCELLED
        soon = np.zeros_like(cancels)
        soon[:-1] |= cancels[1:]
        soon[:-2] |= cancels[2:]
        return soon & (self.lives.state == PAYING)


def odds_of(truth: SubscriptionTruth, offered: float = 0.0, saved: float = 0.0) -> Odds:
    """The chances that are alike for all."""
    return Odds(
        truth.failed_payment, truth.recovered_payment, truth.pause_share, truth.return_share, offered, saved
    )


def calendar_ratios(span: Span, truth: SubscriptionTruth) -> Shares:
    """What multiplies everybody's chance to leave in each month: the new price, the month without internet."""
    month = np.arange(span.months)
    dearer = np.where(month >= span.place(truth.price_month), truth.price_ratio, 1.0)
    return dearer * np.where(month == span.place(truth.outage_month), truth.outage_ratio, 1.0)


def raised(price: Any, increase: float) -> Whole:
    """Prices raised by a share in whole percent, down to whole thousands, all in whole numbers."""
    return np.asarray(price) * (100 + round(100 * increase)) // 100_000 * 1000


def dearer_from(span: Span, truth: SubscriptionTruth, prices: Sequence[int]) -> Whole:
    """Prices (columns) by month (rows): the old ones, then the new ones."""
    new = span.place(truth.price_month)
    return np.array(
        [raised(prices, truth.price_increase) if month >= new else prices for month in range(span.months)]
    )


def prices(lives: Lives, listed: Whole) -> Whole:
    """What each customer pays in each month: the listed price of the last month that was paid for."""
    found = np.zeros_like(listed)
    price = np.zeros(listed.shape[1], listed.dtype)
    for month, turn in enumerate(lives.turn):
        price = np.where(np.isin(turn, PAID), listed[month], price)
        found[month] = price
    return found


def reasons(chance: Chance, lives: Lives, weights: Mapping[str, tuple[int, int]], price_month: int) -> Codes:
    """Why each cancelled, by the second weights from the month of the new price on, and why payments failed."""
    why = np.full(lives.turn.shape, -1, "int8")
    month, customer = lives.happened(CANCELLED)
    before, after = (chance.picks([pair[place] for pair in weights.values()], len(month)) for place in (0, 1))
    why[month, customer] = np.where(month < price_month, before, after)
    month, customer = lives.happened(LATE, UNPAID)
    why[month, customer] = chance.picks(list(FAILURES.values()), len(month))
    return why


def stretches(who: Subscribers, reason_keys: Sequence[str]) -> dict[str, Any]:
    """A row for each stretch at one price: customer (its place), start, end, amount, status, reason, first_month.

    Where the stretch ended because the customer left it has a reason.
    """
    state, price = who.lives.state.T, who.price.T
    before, price_before = (np.pad(kept, ((0, 0), (1, 0)))[:, :-1] for kept in (state, price))
    begins = (state != AWAY) & ((state != before) | (price != price_before))
    ends = (before != AWAY) & ((state == AWAY) | begins)
    months = who.span.months
    begin, end = np.flatnonzero(begins), np.append(np.flatnonzero(ends), -1)
    # The end that belongs to a beginning is the first one after it, if it is the same customer's.
    nearest = end[np.minimum(np.searchsorted(end[:-1], begin, side="right"), len(end) - 1)]
    customer, first = begin // months, begin % months
    ended = (nearest >= 0) & (nearest // months == customer)
    last = np.where(ended, nearest % months, 0)
    turn = who.lives.turn[last, customer]
    why = np.where(ended, who.why[last, customer], -1)
    place = np.where(turn == UNPAID, why + len(reason_keys), why)
    left = ended & np.isin(turn, (CANCELLED, UNPAID))
    return {
        "customer": customer,
        "start": who.renewal(first, customer),
        "end": optional(who.renewal(last, customer), ended),
        "amount": who.price[first, customer],
        "status": choices(("active", "paused"), (who.lives.state[first, customer] == PAUSED).astype("int8")),
        **named("reason", "reason", [*reason_keys, *FAILURES], np.where(left, place, -1)),
        "first_month": first,
    }


def payments(chance: Chance, who: Subscribers) -> dict[str, Any]:
    """A row for each attempt to take a payment, with why it failed and until when the card works."""
    month, customer = who.lives.happened(*PAID, UNPAID)
    late, lost = (who.lives.turn[month, customer] == turn for turn in (LATE, UNPAID))
    once = late & chance.happens(_RETRIED_ONCE, len(month))
    again, cards = late | lost, _cards(who)
    last = again & ~once
    rows = joined(
        _attempts(who, cards, (month, customer), ~again, 1),
        _attempts(who, cards, (month[again], customer[again]), once[again], 2),
        _attempts(who, cards, (month[last], customer[last]), late[last], 3),
    )
    count = len(rows["time"])
    return {**rows, "payment": choices(numbered("PY-{}", count, 5_000_001), np.arange(count))}


def _attempts(
    who: Subscribers, cards: Moments, due: tuple[Whole, Whole], succeeds: Flags, number: int
) -> dict[str, Any]:
    """The first, second or third attempt at the payments due in these months of these customers."""
    month, customer = due
    why = np.where(succeeds, -1, who.why[month, customer])
    return {
        "customer": who.people.code(customer),
        "time": who.renewal(month, customer) + _TRIED_AFTER[number - 1] * DAY,
        "amount": who.price[month, customer],
        "status": choices(("succeeded", "failed"), ~succeeds),
        **named("reason", "reason", list(FAILURES), why),
        "card_expires": cards[month + succeeds, customer],
        "attempt": np.full(len(month), number),
    }


def _cards(who: Subscribers) -> Moments:
    """Until when the card works with which each month begins, and with which it ends.

    A card works until the day before a payment fails because it has expired; then there is a new one.
    """
    expired = np.isin(who.lives.turn, (LATE, UNPAID)) & (who.why == _EXPIRED)
    months, customers = expired.shape
    far = months + 6 + np.arange(customers) % 30
    fails = np.vstack([np.where(expired, np.arange(months)[:, None], far), far])
    next_failure = np.minimum.accumulate(fails[::-1], axis=0)[::-1]
    return who.span.start_of(next_failure) + (who.people.day - 2) * DAY


def visits(chance: Chance, who: Subscribers, usual: Whole, fading: float) -> tuple[Whole, Whole, Moments]:
    """The months, customers and moments of visits: up to twice the usual number a month, fewer before leaving.

    Args:
        chance: the draws.
        who: the subscribers.
        usual: visits a month by customer.
        fading: share of the visits that is left in the two months before a customer cancels.
    """
    month, customer = np.nonzero(who.lives.state == PAYING)
    times = chance.whole(0, 2 * usual[customer], len(month))
    soon = who.leaves_soon()[month, customer]
    times = np.where(soon, (times * fading).astype("int64"), times)
    month, customer = np.repeat(month, times), np.repeat(customer, times)
    begins = who.span.moments(month, who.people.day[customer], 0)
    return month, customer, begins + _later(chance, 1, 28, len(month))


def _later(chance: Chance, least: int, most: int, count: int) -> Whole:
    """Seconds until a waking hour of a day so many days later."""
    return chance.whole(least, most, count) * DAY + chance.whole(7 * 3600, 23 * 3600, count)


def first_days(
    chance: Chance, actions: Mapping[str, Flags], begins: Moments, days: int = 10
) -> tuple[Whole, Whole, Moments]:
    """The early actions: their places among `actions`, the customers, and moments within so many days."""
    place, customer = np.nonzero(np.array(list(actions.values())))
    return place, customer, begins[customer] + chance.whole(60, days * DAY, len(place))


def answers(chance: Chance, who: Subscribers, complaining: float) -> dict[str, Any]:
    """Answers to the survey that is sent every half year, and the complaints of a few of those about to cancel."""
    soon, paying = who.leaves_soon(), who.lives.state == PAYING
    age = np.arange(who.span.months)[:, None] - who.people.month
    answers_ = paying & (age % _SURVEY_EVERY == _SURVEY_AT) & (chance.shares(*paying.shape) < _ANSWERS)
    complains = paying & (chance.shares(*paying.shape) < np.where(soon, complaining, _COMPLAINS_AND_STAYS))
    month, customer = np.nonzero(answers_)
    complaint_month, complainer = np.nonzero(complains)
    first = _later_in_month(chance, who, month, customer)
    second = _later_in_month(chance, who, complaint_month, complainer)
    return joined(
        survey(chance, who.people, customer, first, kind="nps", soon=soon[month, customer]),
        complaints(chance, who.people, complainer, second),
    )


def _later_in_month(chance: Chance, who: Subscribers, month: Whole, customer: Whole) -> Moments:
    return who.span.moments(month, who.people.day[customer], 0) + _later(chance, 1, 27, len(month))


def survey(
    chance: Chance, people: People, customer: Whole, time: Moments, *, kind: str, soon: Flags
) -> dict[str, Any]:
    """Answers with a mark, and of every second one some words; those about to leave give lower marks."""
    count = len(customer)
    group = np.where(soon, 0, np.where(people.keen[customer], 2, 1))
    by_group = [chance.picks(marks, count) for marks in _MARKS[kind]]
    score = np.select([group == row for row in range(3)], by_group)
    good, fair = _BANDS[kind]
    band = np.where(score >= good, 0, np.where(score >= fair, 1, 2))
    told = np.where(chance.happens(0.5, count), band * 4 + chance.whole(0, 3, count), -1)
    return _feedback(chance, people.code(customer), time, kind=kind, score=score, told=told)


def complaints(chance: Chance, people: People, customer: Whole, time: Moments) -> dict[str, Any]:
    """Complaints in words, without a mark."""
    told = 12 + chance.whole(0, 4, len(customer))
    none = np.full(len(customer), np.nan)
    return _feedback(chance, people.code(customer), time, kind="complaint", score=none, told=told)


def _feedback(
    chance: Chance, codes: Texts, time: Moments, *, kind: str, score: Any, told: Whole
) -> dict[str, Any]:
    return {
        "customer": codes,
        "time": time,
        "kind": choices(_KINDS, np.full(len(time), _KINDS.index(kind))),
        "score": np.asarray(score, "float64"),
        **said("text", "said", told),
        **named("channel", "channel", list(_WAYS), chance.picks(list(_WAYS.values()), len(time))),
    }


def meetings(
    codes: Texts, time: Moments, channels: Sequence[str], channel: Any, *, outbound: bool
) -> dict[str, Any]:
    """A touchpoint each; `channel` is a place among the channels, for each or for all."""
    count = len(time)
    return {
        "customer": codes,
        "time": time,
        **named("channel", "channel", channels, np.broadcast_to(channel, count)),
        "direction": choices(("inbound", "outbound"), np.full(count, outbound)),
    }


def won(span: Span, people: People, came: Whole, channels: Mapping[str, tuple[int, int, int]]) -> list[Expense]:
    """What it cost to win the customers of each channel, by the month in which they came."""
    return [
        ("sales" if channel == "sales" else "marketing", channel, each * _by_month(span, people, came == place))
        for place, (channel, (_, _, each)) in enumerate(channels.items())
    ]


def _by_month(span: Span, people: People, which: Flags) -> Whole:
    return np.bincount(people.month[which], minlength=span.months)


def costs(chance: Chance, span: Span, expenses: Sequence[Expense]) -> dict[str, Any]:
    """A row a month for each expense that is above 0, on one of the last days of that month."""
    kinds = ("marketing", "sales", "success_staff", "tools", "loyalty")
    channels = sorted({channel for _, channel, _ in expenses if channel})
    place = {"": -1, **{channel: at for at, channel in enumerate(channels)}}
    months = np.arange(span.months)
    parts = [
        {
            "time": span.moments(months, chance.whole(20, 29, span.months), 36_000),
            "amount": money,
            "kind": choices(kinds, np.full(span.months, kinds.index(kind))),
            **named("channel", "channel", channels, np.full(span.months, place[channel])),
        }
        for kind, channel, money in expenses
    ]
    spent = joined(*parts)
    some = np.flatnonzero(spent["amount"] > 0)
    return {name: column[some] for name, column in spent.items()}
