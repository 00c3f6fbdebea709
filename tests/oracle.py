"""The same numbers by loops over rows in plain Python: slow, obvious, and nothing shared with the kit."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
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
        pauses = [other for other in own if other["mrr"] == 0 and other["start"] < back]
        end = row["end"]
        if pauses and short_pause(row, pauses, back, until=until, gap=gap, limit=limit):
            spans.append((end, back, 0))
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
        before, held_before, most = 0, False, 0
        for row, (previous, now) in zip(table, zip([-1, *instants], instants, strict=False), strict=True):
            there = [money for start, end, money in spans if start <= now < end]
            after, held = sum(there), bool(there)
            row["opening"] += before
            row["closing"] += after
            if after > before:
                name = "new" if most == 0 else "expansion" if held_before else "reactivation"
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
            before, held_before, most = after, held, max(most, after)
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
