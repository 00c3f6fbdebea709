"""What the simulated companies are made from: the numbers that a good method finds in their data.

Chances and shares are between 0 and 1. A ratio multiplies the chance to leave: 1 is no effect, 0.7 means that of
ten who would have left three stay. `keen` customers are the confounder: they stay longer whatever the company
does, and they also do more of everything, so that a comparison which does not know them takes their loyalty for
the effect of whatever they do. Their segment in the table of customers tells who they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from retention_kit.errors import RetentionError, check_choice

_JALALI_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_LARGEST_RATIO = 20.0


@dataclass(frozen=True)
class SubscriptionTruth:
    """What the two companies with subscriptions share.

    Attributes:
        monthly_churn: chance to want to leave at the end of each month of life; the last one goes on.
        keen_share: of customers who are keen.
        keen_ratio: of keen customers.
        aha_ratio: of those who did the one early action that matters; the other actions have no effect.
        failed_payment: of payments that fail at first.
        recovered_payment: of failed payments that come in by trying again.
        pause_share: of monthly renewals that become a pause of one or two months.
        return_share: of those who cancelled two to six months ago, each month.
        price_month: Jalali month from which the new price holds.
        price_increase: by which share prices rise.
        price_ratio: at the new price.
        outage_month: Jalali month without internet.
        outage_ratio: in that month.
        fading: share of the usual use that is left in the two months before a customer cancels.
        complaining: of those who will cancel within two months, who complain in a month; the others are silent.
        seasons: whether sign-ups follow the year's feasts.
    """

    monthly_churn: tuple[float, ...] = (0.12, 0.09, 0.07, 0.06, 0.05, 0.045, 0.04)
    keen_share: float = 0.35
    keen_ratio: float = 0.5
    aha_ratio: float = 0.65
    failed_payment: float = 0.05
    recovered_payment: float = 0.7
    pause_share: float = 0.02
    return_share: float = 0.02
    price_month: str = "1403-01"
    price_increase: float = 0.25
    price_ratio: float = 1.3
    outage_month: str = "1402-05"
    outage_ratio: float = 1.4
    fading: float = 0.4
    complaining: float = 0.1
    seasons: bool = True


@dataclass(frozen=True)
class GolBoxTruth(SubscriptionTruth):
    """A monthly box for plant lovers with a loyalty programme.

    Attributes:
        invited_share: of new customers whom chance invites to the programme, which makes it an experiment.
        member_ratio: of members of the programme.
        points_growth: by which share of the first rate every renewal raises the points.
    """

    invited_share: float = 0.5
    member_ratio: float = 0.8
    points_growth: float = 0.05


@dataclass(frozen=True)
class KaraTruth(SubscriptionTruth):
    """Scheduling for teams, paid by the seat; the keen are the larger companies.

    Attributes:
        yearly_share: of accounts that pay a year at once.
        yearly_churn: chance to want to leave at the end of each paid year.
        trial_conversion: of trials that become paid accounts.
        aha_conversion: the same of those that did the early action that matters.
        call_ratio: of accounts that had a success call in their first days; the small ones are called more often.
        champion_share: of accounts whose use hangs on one person.
        champion_leaves: of these persons who change their job, each month.
        champion_ratio: in the three months after that.
        offered: of those who want to cancel and are shown an offer, by chance.
        saved: of those who are shown the offer and then stay.
        expansion: of renewals with a larger number of seats.
        contraction: of renewals with a smaller one.
    """

    monthly_churn: tuple[float, ...] = (0.06, 0.05, 0.05, 0.04, 0.04, 0.035)
    keen_share: float = 0.3
    failed_payment: float = 0.04
    pause_share: float = 0.01
    price_increase: float = 0.2
    yearly_share: float = 0.2
    yearly_churn: float = 0.2
    trial_conversion: float = 0.25
    aha_conversion: float = 0.5
    call_ratio: float = 0.75
    champion_share: float = 0.3
    champion_leaves: float = 0.02
    champion_ratio: float = 4.0
    offered: float = 0.5
    saved: float = 0.25
    expansion: float = 0.04
    contraction: float = 0.015


@dataclass(frozen=True)
class BazarcheTruth:
    """A shop on app, web, store, telephone and messenger. Nobody says when they leave: orders just stop.

    Attributes:
        monthly_dropout: chance to be gone for good at the end of each month of life; the last one goes on.
        monthly_order: chance of a customer who is not gone to order in a month.
        keen_share: of customers who are keen.
        keen_ratio: of keen customers.
        linked_ratio: of customers whom all channels know as one person.
        rollout_month: Jalali month from which chance links every second new customer: an experiment.
        channels_ratio: for every further channel a customer is fond of: 1, for many channels alone do nothing.
        outage_month: Jalali month without internet.
        outage_orders: share of the usual online orders that come in that month.
        price_month: Jalali month from which the new prices hold.
        price_increase: by which share prices rise.
        price_ratio: at the new prices.
        refunded: of orders that come back.
        complaining: of those in their last month who complain; the others are silent.
        seasons: whether first orders and orders follow the year's feasts.
    """

    monthly_dropout: tuple[float, ...] = (0.3, 0.15, 0.1, 0.08, 0.07, 0.06)
    monthly_order: float = 0.45
    keen_share: float = 0.35
    keen_ratio: float = 0.5
    linked_ratio: float = 0.7
    rollout_month: str = "1402-01"
    channels_ratio: float = 1.0
    outage_month: str = "1402-05"
    outage_orders: float = 0.4
    price_month: str = "1403-01"
    price_increase: float = 0.3
    price_ratio: float = 1.15
    refunded: float = 0.03
    complaining: float = 0.1
    seasons: bool = True


Truth = GolBoxTruth | KaraTruth | BazarcheTruth
TRUTHS: dict[str, type[Truth]] = {"gol_box": GolBoxTruth, "kara": KaraTruth, "bazarche": BazarcheTruth}


def truth_of(company: str, given: Mapping[str, Any]) -> Truth:
    """The truth of a company, with some of its numbers as given; each is refused where it cannot be."""
    known = tuple(field.name for field in fields(TRUTHS[company]))
    for name, value in given.items():
        check_choice("truth", name, known)
        _check(name, value)
    return TRUTHS[company](**given)


def _check(name: str, value: Any) -> None:
    if name.endswith("_month"):
        if not _JALALI_MONTH.fullmatch(str(value)):
            raise RetentionError("wrong_jalali_month", name=name, given=value)
        return
    most = _LARGEST_RATIO if name.endswith("_ratio") else 1.0
    for number in value if isinstance(value, tuple) else (value,):
        if not isinstance(number, int | float) or not 0 <= number <= most:
            raise RetentionError("out_of_range", name=name, given=number, least=0.0, most=most)
    if value == ():
        raise RetentionError("out_of_range", name=name, given=value, least=0.0, most=most)
