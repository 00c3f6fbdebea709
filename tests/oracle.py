"""The same numbers by loops over rows in plain Python: slow, obvious, and nothing shared with the kit."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from persiantools.jdatetime import JalaliDate

Order = tuple[str, date, float]
Event = tuple[str, date, str]
Stretch = Mapping[str, Any]

FOREVER = 10**9


def period_number(day: date, every: str, calendar: str) -> int:
    """The period a day falls in, by the date classes of the standard library and of persiantools."""
    if every == "day":
        return day.toordinal()
    if every == "week":
        saturday = calendar == "jalali"
        return (day.toordinal() + (1 if saturday else -1)) // 7
    when: Any = JalaliDate(day) if calendar == "jalali" else day
    return {
        "month": when.year * 12 + when.month - 1,
        "quarter": when.year * 4 + (when.month - 1) // 3,
        "year": when.year,
    }[every]


def lives(orders: Iterable[Order], every: str, calendar: str) -> Mapping[str, set[int]]:
    """The periods in which each customer ordered for more than nothing."""
    found: dict[str, set[int]] = defaultdict(set)
    for customer, day, amount in orders:
        if amount > 0:
            found[customer].add(period_number(day, every, calendar))
    return found


def flow(orders: Iterable[Order], every: str, calendar: str, last: int) -> list[dict[str, Any]]:
    """S, N, R, L, E and the rates of each period from the log's first to `last`."""
    orders = list(orders)
    first = min(period_number(day, every, calendar) for _, day, _ in orders)
    active = lives(orders, every, calendar)
    rows = []
    for period in range(first, last + 1):
        before = {customer for customer, life in active.items() if period - 1 in life}
        now = {customer for customer, life in active.items() if period in life}
        new = {customer for customer in now if min(active[customer]) == period}
        rows.append(
            {
                "start": len(before),
                "new": len(new),
                "returned": len(now - new - before),
                "lost": len(before - now),
                "end": len(now),
                "retention_rate": len(before & now) / len(before) if before else None,
                "textbook_rate": (len(now) - len(new)) / len(before) if before else None,
            }
        )
    return rows


def triangle(
    orders: Iterable[Order], every: str, calendar: str, last: int, kind: str
) -> dict[tuple[int, int], int]:
    """Customers of each cohort at each age that has been seen, counted from the log's first period."""
    orders = list(orders)
    first = min(period_number(day, every, calendar) for _, day, _ in orders)
    cells = {(c, a): 0 for c in range(last - first + 1) for a in range(last - first + 1 - c)}
    for life in lives(orders, every, calendar).values():
        born = min(life)
        for age in range(last - born + 1):
            there = born + age in life if kind == "on" else max(life) >= born + age
            cells[born - first, age] += there
    return cells


def stages(orders: Iterable[Order], every: str, calendar: str, last: int) -> list[dict[str, int]]:
    """New, kept, returned and lost customers of each period from the log's first to `last`."""
    return [
        {"new": row["new"], "kept": row["start"] - row["lost"], "returned": row["returned"], "lost": row["lost"]}
        for row in flow(orders, every, calendar, last)
    ]


def by_segment(rows: Iterable[tuple[str, date, float, str | None]]) -> Mapping[str | None, list[Order]]:
    """The orders of each segment, and in each an order of 0 on the log's first day, so that all begin alike."""
    rows = list(rows)
    first: dict[str, date] = {}
    for who, day, *_ in rows:
        first[who] = min(first.get(who, day), day)
    parts: dict[str | None, list[Order]] = defaultdict(list)
    for who, day, amount, _ in rows:
        named = [name for other, when, _, name in rows if (other, when) == (who, first[who]) and name]
        parts[min(named, default=None)].append((who, day, amount))
    return {name: [("", min(first.values()), 0.0), *part] for name, part in parts.items()}


def periods_active(orders: Iterable[Order], every: str, calendar: str, last: int) -> Counter[int]:
    """How many customers were active in so many periods up to `last`."""
    counts = (sum(period <= last for period in life) for life in lives(orders, every, calendar).values())
    return Counter(count for count in counts if count)


def event_triangle(
    events: Iterable[Event], start: str, back: str, *, length: int, first_time: bool, at_least: int, later: bool
) -> dict[tuple[int, int], int]:
    """Customers by month of their start and age in periods of `length` days from it (0: in calendar months)."""
    events = list(events)
    cells: dict[tuple[int, int], int] = defaultdict(int)
    for customer in {who for who, _, _ in events}:
        started: dict[int, date] = {}
        for _, day, _ in sorted(event for event in events if event[0] == customer and event[2] == start):
            if not (first_time and started):
                started.setdefault(period_number(day, "month", "gregorian"), day)
        for cohort, origin in started.items():
            times: Counter[int] = Counter()
            for who, day, what in events:
                if who == customer and what == back:
                    month = period_number(day, "month", "gregorian")
                    times[(day - origin).days // length if length else month - cohort] += 1
            ages = {age for age, count in times.items() if age > 0 and count >= at_least}
            cells[cohort, 0] += 1
            for age in range(1, max(ages, default=0) + 1):
                cells[cohort, age] += age in ages or later
    return {cell: count for cell, count in cells.items() if count}


def kept_spans(rows: Iterable[Stretch], until: int, gap: int, limit: int) -> list[tuple[int, int, int]]:
    """First day, day after the last and money per month of all that keeps one customer; days are numbers."""
    rows = sorted(rows, key=lambda row: row["start"])
    paid = [row for row in rows if row["mrr"] > 0]
    openings = [
        row["start"]
        for place, row in enumerate(paid)
        if all(earlier["end"] < row["start"] for earlier in paid[:place])
    ]
    spans = []
    for row in paid:
        own = [
            other
            for other in rows
            if other["subscription"] == row["subscription"] and other["start"] > row["start"]
        ]
        following = [other for other in own if other["mrr"] > 0]
        back = following[0]["start"] if following else FOREVER
        end = row["end"]
        opening = min((day for day in openings if end < day), default=FOREVER)
        for day in sorted({back, opening}, reverse=True):
            pauses = [other for other in own if other["mrr"] == 0 and other["start"] < day]
            if day <= back and pauses and short_pause(row, pauses, day, until=until, gap=gap, limit=limit):
                spans.append((end, day, 0))
                break
        else:
            late = [day for day in (back, *openings) if end < day <= end + gap]
            end = min(late, default=end)
        spans.append((row["start"], end, row["mrr"]))
    return spans


def short_pause(row: Stretch, pauses: list[Stretch], back: int, *, until: int, gap: int, limit: int) -> bool:
    """Whether a pause leads back to paying, or still runs, within the limit and without a hole."""
    edges = [row, *pauses]
    if any(later["start"] - earlier["end"] > gap for earlier, later in zip(edges, pauses, strict=False)):
        return False
    if back == FOREVER:
        return pauses[-1]["end"] == FOREVER and until + 1 - row["end"] <= limit
    return back - pauses[-1]["end"] <= gap and back - row["end"] <= limit


def revenue_movements(
    customers: Iterable[Iterable[Stretch]], instants: list[int], gap: int, limit: int
) -> list[dict[str, int]]:
    """Money and customers that moved between the last moments (day numbers) of one period and of the next."""
    table = [Counter[str]() for _ in instants]
    for rows in customers:
        spans = kept_spans(rows, instants[-1], gap, limit)
        before, held_before, ever_held = 0, False, False
        for row, (previous, now) in zip(table, zip([-1, *instants], instants, strict=False), strict=True):
            there = [money for start, end, money in spans if start <= now < end]
            after, held = sum(there), bool(there)
            row["opening"] += before
            row["closing"] += after
            if after > before:
                name = "expansion" if held_before else "reactivation" if ever_held else "new"
                row[name] += after - before
            elif after < before:
                row["contraction" if held else "churn"] += before - after
            row["start"] += held_before
            row["lost"] += held_before and not held
            row["came_and_left"] += (
                not held_before
                and not held
                and any(previous < start <= now and money for start, _, money in spans)
            )
            before, held_before, ever_held = after, held, ever_held or held
    return [dict(row) for row in table]


def survival(durations: Iterable[tuple[int, bool]]) -> list[float]:
    """Kaplan and Meier's curve at the ages 0, 1, … by multiplying what each age leaves."""
    durations = list(durations)
    curve, share = [], 1.0
    for age in range(max(duration for duration, _ in durations) + 1):
        at_risk = sum(duration >= age for duration, _ in durations)
        share *= 1 - sum(duration == age and left for duration, left in durations) / at_risk
        curve.append(share)
    return curve


def trials(rows: Iterable[Stretch], last: int, gap: int) -> Mapping[int, list[bool]]:
    """By the day on which trials ended, whether each became paying; days are numbers, `last` the last one seen."""
    rows = list(rows)
    ended: dict[int, list[bool]] = defaultdict(list)
    for customer in {row["customer"] for row in rows}:
        own = [row for row in rows if row["customer"] == customer]
        free: set[int] = set()  # nights of a trial, so that two days which touch are one trial
        for row in own:
            free |= set(range(row["start"], row["trial_end"]))
        for start in sorted(day for day in free if day - 1 not in free):
            end = next(day for day in range(start, FOREVER) if day not in free)
            begun = [row for row in own if row["mrr"] > 0 and row["trial_end"] > start]
            paid = {day for row in begun for day in range(row["trial_end"], min(row["end"], last + 1))}
            if end <= last:
                ended[end].append(any(day in paid for day in range(end, end + gap + 1)))
    return ended


def channel_lives(
    orders: Iterable[tuple[str, date, float, str]],
    contacts: Iterable[tuple[str, date, str]],
    *,
    first_days: int,
    follow_days: int,
    until: date,
) -> dict[str, dict[int, tuple[int, int]]]:
    """Customers and those who ordered again, by channels used in the first days and over the whole life."""
    bought = [(who, day, channel) for who, day, amount, channel in orders if amount > 0]
    begins = min(day for _, day, _, _ in orders)
    counts: dict[str, dict[int, tuple[int, int]]] = {"first_days": {}, "whole_life": {}}
    for customer in {who for who, _, _ in bought}:
        days = [day for who, day, _ in bought if who == customer]
        first = min(days)
        follow = first + timedelta(first_days)
        end = follow + timedelta(follow_days)
        if (first - begins).days < first_days or end > until + timedelta(1):
            continue
        met = [(day, channel) for who, day, channel in [*bought, *contacts] if who == customer]
        used = {(day, channel) for day, channel in met if first <= day <= until}
        kept = any(follow <= day < end for day in days)
        for counting, channels in (
            ("first_days", {channel for day, channel in used if day < follow}),
            ("whole_life", {channel for _, channel in used}),
        ):
            there, again = counts[counting].get(len(channels), (0, 0))
            counts[counting][len(channels)] = (there + 1, again + kept)
    return counts


def ledger(
    rows: Iterable[tuple[str, date, float, str]], every: str, calendar: str, last: int
) -> list[dict[str, float]]:
    """What moved in each period and the points in hand at its end; points go with their sign."""
    rows = list(rows)
    first = min(period_number(day, every, calendar) for _, day, _, _ in rows)
    table, hand = [], 0.0
    for period in range(first, last + 1):
        now = [(points, kind) for _, day, points, kind in rows if period_number(day, every, calendar) == period]
        row = {kind: sum(points for points, what in now if what == kind) for kind in ("earned", "adjusted")}
        row |= {kind: -sum(points for points, what in now if what == kind) for kind in ("redeemed", "expired")}
        row["opening"] = hand
        hand += sum(points for points, _ in now)
        table.append({**row, "outstanding": hand})
    return table


def lapsed_points(rows: Iterable[tuple[date, float, date | None]], until: date) -> dict[date, float]:
    """Points of one customer by the day on which they are lost, played lot by lot; points go with their sign.

    On a day come first the points that came, then go those that went, of the lot that lapses first; what went
    without a lot is owed, and the next points pay for it. After the last day of a lot its rest is lost.
    """
    moves = list(rows)
    first = min(day for day, *_ in moves)
    lots: list[list[Any]] = []
    lost, owed = {}, 0.0
    for day in (first + timedelta(number) for number in range((until - first).days + 1)):
        if rest := sum(points for ends, points in lots if ends < day):
            lost[day] = rest
        lots = [lot for lot in lots if lot[0] >= day]
        came = [[ends or date.max, points] for when, points, ends in moves if when == day and points > 0]
        owed += sum(-points for when, points, _ in moves if when == day and points < 0)
        lots = sorted(lots + came)
        for lot in lots:
            paid = min(lot[1], owed)
            lot[1], owed = lot[1] - paid, owed - paid
    return lost


def comparable_members(
    orders: Iterable[Order], joined: Mapping[str, date], last: int, follow: int
) -> tuple[int, int, float | None]:
    """By month: who joined beside comparable customers, how many of those stayed, the others' weighted share."""
    orders = list(orders)
    first = min(period_number(day, "month", "gregorian") for _, day, _ in orders)
    joins = {who: period_number(day, "month", "gregorian") for who, day in joined.items()}
    strata: dict[Any, dict[bool, list[bool]]] = defaultdict(lambda: {True: [], False: []})
    for customer, life in lives(orders, "month", "gregorian").items():
        for month in life:
            before = sum(other < month for other in life)
            if month == first or month + follow > last or joins.get(customer, FOREVER) < month:
                continue
            history = before if before < 2 else 2 if before < 4 else 4
            kept = any(month < other <= month + follow for other in life)
            stratum = (month, history, month - 1 in life)
            strata[stratum][joins.get(customer, FOREVER) == month].append(kept)
    both = [groups for groups in strata.values() if groups[True] and groups[False]]
    members = sum(len(groups[True]) for groups in both)
    stayed = sum(sum(groups[True]) for groups in both)
    if not members:
        return 0, 0, None
    weighted = sum(len(groups[True]) * sum(groups[False]) / len(groups[False]) for groups in both)
    return members, stayed, weighted / members


def bracket_triangle(
    orders: Iterable[Order], brackets: Iterable[tuple[int, int]], last: int
) -> dict[tuple[int, int], int]:
    """By month: customers of each cohort with an order in any period of a bracket (named by its first age)."""
    orders = list(orders)
    first = min(period_number(day, "month", "gregorian") for _, day, _ in orders)
    cells: dict[tuple[int, int], int] = {}
    for cohort in range(first, last + 1):
        born = [life for life in lives(orders, "month", "gregorian").values() if min(life) == cohort]
        cells[cohort - first, 0] = len(born)
        for begin, end in brackets:
            if cohort + begin <= last:
                ages = range(begin, end + 1)
                cells[cohort - first, begin] = sum(any(cohort + age in life for age in ages) for life in born)
    return cells


def revenue_triangle(orders: Iterable[Order], length: int) -> dict[tuple[int, int], float]:
    """Money by month of the first order and age in spans of `length` days from it (0: in calendar months)."""
    orders = list(orders)
    cells: dict[tuple[int, int], float] = defaultdict(float)
    for customer in {who for who, _, _ in orders}:
        bought = [day for who, day, amount in orders if who == customer and amount > 0]
        if not bought:
            continue
        born, cohort = min(bought), period_number(min(bought), "month", "gregorian")
        for who, day, amount in orders:
            month = period_number(day, "month", "gregorian")
            distance = (day - born).days if length else month - cohort
            if who == customer and day >= born:
                cells[cohort, distance // (length or 1)] += amount
    return cells


def subscription_triangle(
    customers: Iterable[Iterable[Stretch]], instants: list[int], gap: int, limit: int
) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], float], Counter[int]]:
    """Customers held and money per month at the instants, by period of the first paid day; and who began when."""
    held: dict[tuple[int, int], int] = defaultdict(int)
    money: dict[tuple[int, int], float] = defaultdict(float)
    began: Counter[int] = Counter()
    for rows in customers:
        spans = kept_spans(rows, instants[-1], gap, limit)
        if not spans:
            continue
        cohort = next(period for period, now in enumerate(instants) if min(span[0] for span in spans) <= now)
        began[cohort] += 1
        for period in range(cohort, len(instants)):
            there = [mrr for start, end, mrr in spans if start <= instants[period] < end]
            held[cohort, period - cohort] += bool(there)
            money[cohort, period - cohort] += sum(there)
    return held, money, began
