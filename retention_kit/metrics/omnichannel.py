"""Channels: do customers who used several of them in their first days stay, and do we know them again?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from retention_kit import calendars, formulas
from retention_kit.engine import defined, sql_text
from retention_kit.errors import RetentionError, check_whole
from retention_kit.metrics.comparing import comparison_notes, difference, side_by_side, verdict
from retention_kit.metrics.timeline import ask, timeline
from retention_kit.tables import Log, Note, Result, check_contract

COUNTINGS = ("first_days", "whole_life")

# So many contacts can be carried over to the engine of the orders, at some 100 MB; more of them go in parts.
_AT_ONCE = 500_000
# What the md5 sum of a customer's id may begin with: it deals evenly whatever the ids look like.
_DIGITS = "0123456789abcdef"


def omnichannel(
    log: Log, *, touchpoints: Log | None = None, first_days: int = 30, follow_days: int = 90
) -> Result:
    """Share of the customers with so many channels (the denominator) who ordered in the days that followed.

    A life begins with the first order. Channels are those of the orders and of the contacts that the customer
    began; two spellings that differ in case only are one. Counted in the first days, channels are known before
    the follow-up begins. Counted over the whole life (the trap), those who stayed had more time to use more. And
    two channels need two visits: so the headline also holds one channel against several at as many uses.

    Args:
        log: a log of orders; its column channel is used where it is there.
        touchpoints: a log of contacts of the same customers; what we sent ourselves (outbound) does not count.
        first_days: so many days from the first order are the first days; 1 or more.
        follow_days: so many days after them are the follow-up, in which an order keeps the customer; 1 or more.

    Returns:
        One row a number of channels in each way of counting: counting (first_days, then whole_life), channels,
        customers, kept (ordered in the follow-up), and as shares rate, low and high (Wilson, 95 %). Only customers
        whose first days and follow-up were wholly watched; who began in the log's own first days may be old and
        is left out. The headline holds one channel against two or more: as counted, over the whole life (naive),
        and at as many uses in the first days (even: 1, 2, 3, 4 or more, a use being a day on a channel), with the
        customers who have their like on the other side (even_several, even_single); how many buyers were
        ever seen under one id on two channels (identity), and how many ids of contacts never bought (strangers):
        where channels do not share the customer's data, one person has several ids.
    """
    check_contract(log, ("orders",))
    for name, given in (("first_days", first_days), ("follow_days", follow_days)):
        check_whole(name, given, 1)
    if touchpoints is not None:
        check_contract(touchpoints, ("touchpoints",))
    elif "channel" not in log.engine.columns(log.table):
        raise RetentionError("no_channel")
    cube = _ask(log, touchpoints, first_days, follow_days)
    lives = cube[cube["kind"] == "life"]
    table = pd.concat([_by_channels(lives, counting) for counting in COUNTINGS], ignore_index=True)
    said = {"first_days": first_days, "follow_days": follow_days}
    headline = {**said, **_headline(cube), **_identity(cube)}
    return Result(
        name="omnichannel",
        table=table,
        every="day",
        calendar=log.calendar,
        headline=headline,
        notes=(*_left_out(cube, said), *comparison_notes(table, headline["sentence"])),
    )


def _ask(log: Log, touchpoints: Log | None, first_days: int, follow_days: int) -> pd.DataFrame:
    """Customers by their channels; of one part of them after the other, for contacts have to be carried over."""
    parts = [_of_part(log, touchpoints, first_days, follow_days, some) for some in _parts(touchpoints)]
    return pd.concat(parts, ignore_index=True)


def _of_part(log: Log, touchpoints: Log | None, first_days: int, follow_days: int, some: str) -> pd.DataFrame:
    line = timeline(log, "day", "gregorian")
    watched = len(line.periods)
    from_day, until_day = first_days, watched
    if touchpoints is not None:
        first, last, here = calendars.day_numbers(
            [touchpoints.first_day, touchpoints.observed_until, log.first_day]
        )
        from_day, until_day = max(from_day, int(first - here)), min(until_day, int(last - here) + 1)
    rules = {
        "first_days": first_days,
        "follow_days": follow_days,
        "from_day": from_day,
        "until_day": until_day,
        "watched": watched,
    }
    return ask(
        log,
        "omnichannel",
        acts=f"select customer, time, amount, {_text_or_none(log, 'channel')} from orders {some}",  # noqa: S608 our own names
        days={"day": line.days["day"], "number": line.days["period"]},
        rules={name: [value] for name, value in rules.items()},
        contacts=_contacts(touchpoints, some),
    )


def _parts(touchpoints: Log | None) -> Iterator[str]:
    """Conditions that deal all customers into parts, alike in every engine; no condition for few contacts."""
    parts = 1 if touchpoints is None else min(1 + touchpoints.receipt.used // _AT_ONCE, len(_DIGITS))
    if parts == 1:
        yield ""
        return
    for part in range(parts):
        digits = ", ".join(f"'{digit}'" for digit in _DIGITS[part::parts])
        yield f"where substr(md5(customer), 1, 1) in ({digits})"


def _text_or_none(log: Log, column: str) -> str:
    """A column of text as a query selects it, where a log may be without it."""
    return column if column in log.engine.columns(log.table) else f"cast(null as varchar(1)) as {column}"


def _contacts(touchpoints: Log | None, some: str) -> Mapping[str, Any]:
    """The contacts that some customers began, each customer, day and channel once."""
    if touchpoints is None:
        nothing = pd.Series([], dtype="str")
        return {"customer": nothing, "day": pd.Series([], dtype="datetime64[us]"), "channel": nothing}
    given = f"select customer, time, channel, {_text_or_none(touchpoints, 'direction')} from log {some}"  # noqa: S608 the same
    text = defined(sql_text("omnichannel_contacts"), {"given": given})
    found = touchpoints.engine.query(text, log=touchpoints.table).astype({"customer": "str", "channel": "str"})
    return {**found, "day": pd.to_datetime(found["day"])}


def _by_channels(lives: pd.DataFrame, counting: str) -> pd.DataFrame:
    """Customers and those kept by their number of channels, counted in one of the two ways."""
    channels = lives["first_channels" if counting == "first_days" else "all_channels"]
    kept = lives["customers"].where(lives["kept"] == 1, 0)
    counts = pd.DataFrame({"channels": channels, "customers": lives["customers"], "kept": kept})
    table = counts.groupby("channels").sum().astype("int64").reset_index()
    low, high = formulas.wilson_interval(table["kept"], table["customers"])
    rate = formulas.proportion(table["customers"], table["kept"])
    return table.assign(rate=rate, low=low, high=high)[_COLUMNS].assign(counting=counting)[["counting", *_COLUMNS]]


_COLUMNS = ["channels", "customers", "kept", "rate", "low", "high"]


def _headline(cube: pd.DataFrame) -> dict[str, Any]:
    """One channel against two or more, in the first days and, as the trap, over the whole life."""
    lives = cube[cube["kind"] == "life"]
    found: dict[str, Any] = {"customers": int(lives["customers"].sum())}
    for prefix, column in (("", "first_channels"), ("naive_", "all_channels")):
        found |= {prefix + name: value for name, value in _one_against_several(lives, lives[column]).items()}
    found |= _at_as_many_uses(lives)
    if not found["single"] + found["several"]:
        bought = cube["kind"].isin(("life", "early", "late")).any()
        return {"sentence": "none" if bought else "nobody", **found}
    if not found["single"] or not found["several"]:
        return {"sentence": "alone", **found}
    return {"sentence": verdict(found["even_low"], found["even_high"]), **found}


def _at_as_many_uses(lives: pd.DataFrame) -> dict[str, Any]:
    """Customers of several channels against those of one who used it as often: the difference, and how many."""
    used = lives[lives["first_channels"] > 0]
    who = np.where(used["first_channels"] >= 2, "several", "single")
    told = used.assign(who=who, kept=used["customers"].where(used["kept"] == 1, 0))
    groups = ("several", "single")
    strata = side_by_side(told, ["uses"], groups)
    apart, low, high = difference(strata, groups)
    counts = {f"even_{group}": int(strata["customers", group].sum()) for group in groups}
    return {"even_difference": apart, "even_low": low, "even_high": high, **counts}


def _one_against_several(lives: pd.DataFrame, channels: pd.Series[int]) -> dict[str, Any]:
    counts = []
    for group in (lives[channels >= 2], lives[channels == 1]):
        counts += [int(group.loc[group["kept"] == 1, "customers"].sum()), int(group["customers"].sum())]
    several_kept, several, single_kept, single = counts
    apart, low, high = formulas.rate_difference(*counts)
    ratio, ratio_low, ratio_high = formulas.rate_ratio(*counts)
    return {
        "single": single,
        "single_kept": single_kept,
        "single_rate": formulas.proportion(single, single_kept),
        "several": several,
        "several_kept": several_kept,
        "several_rate": formulas.proportion(several, several_kept),
        "difference": apart,
        "low": low,
        "high": high,
        "more": ratio - 1,
        "more_low": ratio_low - 1,
        "more_high": ratio_high - 1,
    }


def _identity(cube: pd.DataFrame) -> dict[str, Any]:
    """Buyers who were ever seen under one id on two channels, of all seen on any; and ids that never bought."""
    seen = cube[cube["kind"] == "seen"]
    customers = int(seen["customers"].sum())
    on_two = int(seen.loc[seen["all_channels"] >= 2, "customers"].sum())
    low, high = formulas.wilson_interval(float(on_two), float(customers))
    return {
        "seen": customers,
        "seen_on_two": on_two,
        "identity_rate": formulas.proportion(customers, on_two),
        "identity_low": low,
        "identity_high": high,
        "strangers": int(cube.loc[cube["kind"] == "stranger", "customers"].sum()),
    }


def _left_out(cube: pd.DataFrame, said: Mapping[str, int]) -> list[Note]:
    """Customers of whom too little was seen, at either end of the log."""
    notes = []
    for kind in ("early", "late"):
        count = int(cube.loc[cube["kind"] == kind, "customers"].sum())
        if count:
            notes.append(Note(f"channels_{kind}", {"count": count, **said}))
    return notes
