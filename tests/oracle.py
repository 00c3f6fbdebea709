"""The same numbers by loops over rows in plain Python: slow, obvious, and nothing shared with the kit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from persiantools.jdatetime import JalaliDate

Order = tuple[str, date, float]


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
