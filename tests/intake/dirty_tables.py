"""A small dirty table for each contract: its columns with their types, its rows, and why some cannot be used."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class DirtyTable:
    """A table of a contract; types are text, time and number."""

    contract: str
    types: dict[str, str]
    rows: list[tuple[Any, ...]]
    refused: dict[str, int]


def day(written: str) -> datetime:
    return datetime.fromisoformat(written)


NOW, OLD, LATER = day("2024-03-01 10:30:00"), day("1980-01-01"), day("2999-01-01")

ORDERS = DirtyTable(
    "orders",
    {"customer": "text", "time": "time", "amount": "number", "status": "text", "channel": "text"},
    [
        ("a", NOW, 10, "paid", "site"),
        ("b", NOW, 20.25, " WC-Completed ", None),
        ("۱۷ علي", NOW, 30, "پرداخت‌شده", " shop "),  # the same customer as the next
        ("17 علی", NOW, 30, "پرداخت شده", "shop"),
        ("17850.0", NOW, 1, None, ""),
        ("a", NOW, 40, "refunded", "site"),  # no purchase: 0
        ("a", NOW, -5, "returned", "site"),
        ("a", NOW, 50, "Cancelled", "site"),
        ("a", NOW, 50, "on-hold", "site"),
        ("a", NOW, 50, "who knows", "site"),
        (None, NOW, 1, "paid", "site"),
        ("  ", NOW, 1, "paid", "site"),
        ("a", None, 1, "paid", "site"),
        ("a", OLD, 1, "paid", "site"),
        ("a", LATER, 1, "paid", "site"),
        ("a", NOW, None, "paid", "site"),
        ("a", NOW, 10**14, "paid", "site"),
        (None, None, None, "who knows", None),
    ],
    {
        "missing_id": 3,
        "not_counted": 2,
        "before_1990": 1,
        "bad_number": 1,
        "future_date": 1,
        "missing_date": 1,
        "missing_number": 1,
        "unknown_status": 1,
    },
)
LINES = DirtyTable(
    "orders",
    {"customer": "text", "time": "time", "quantity": "number", "unit_price": "number"},
    [("a", NOW, 3, 2.5), ("a", NOW, -1, 2.5), ("a", NOW, None, 2.5), ("a", NOW, 10**9, 10**9)],
    {"bad_number": 2},
)
SUBSCRIPTIONS = DirtyTable(
    "subscriptions",
    {
        "customer": "text",
        "subscription": "text",
        "start": "time",
        "end": "time",
        "amount": "number",
        "interval": "text",
        "status": "text",
    },
    [
        ("a", "1", NOW, None, 12_000_000, "annual", "active"),
        ("b", "2", NOW, None, 100, "سالانه", None),
        ("c", "3", NOW, day("2024-09-01"), 100, "6 months", "trialing"),
        ("d", "4", NOW, None, 100, "quarterly", None),
        ("e", "5", NOW, None, 100, "weekly", None),
        ("f", "6", NOW, None, 100, None, "paused"),
        ("g", "7", NOW, None, 9, "month", None),  # a ledger of changes
        ("g", "7", day("2024-04-01"), None, 0, "month", None),
        ("a", "1", NOW, None, 12_000_001, "annual", "active"),
        ("h", "8", NOW, None, -5, "month", None),
        ("i", "9", NOW, day("2024-02-01"), 5, "month", None),
        ("j", "10", NOW, None, 5, "fortnight", None),
        ("k", "11", NOW, None, 5, "month", "incomplete"),
    ],
    {"duplicate_key": 1, "end_before_start": 1, "negative": 1, "not_counted": 1, "unknown_status": 1},
)
EVENTS = DirtyTable(
    "events",
    {"customer": "text", "time": "time", "event": "text", "count": "number"},
    [("a", NOW, "login", 1), ("a", NOW, "login", None), ("a", NOW, "login", -1), ("a", NOW, " ", 1)],
    {"missing_value": 1, "negative": 1},
)
POINTS = DirtyTable(
    "points",
    {"customer": "text", "time": "time", "points": "number", "kind": "text", "expires": "time"},
    [
        ("a", NOW, 10, "Earn", LATER),
        ("a", NOW, -2.5, "مصرف شده", None),
        ("a", NOW, 10, "earned", OLD),
        ("a", NOW, 10, "gift?", None),
        ("a", NOW, 10, None, None),
        ("a", NOW, None, "earned", None),
    ],
    {"end_before_start": 1, "missing_number": 1, "missing_value": 1, "unknown_status": 1},
)
TOUCHPOINTS = DirtyTable(
    "touchpoints",
    {"customer": "text", "time": "time", "channel": "text", "direction": "text"},
    [("a", NOW, "chat", "IN"), ("a", NOW, "chat", None), ("a", NOW, None, "out"), ("a", NOW, "chat", "up")],
    {"missing_value": 1, "unknown_status": 1},
)
CUSTOMERS = DirtyTable(
    "customers",
    {"customer": "text", "joined": "time", "city": "text"},
    [("a", NOW, "Yazd"), ("a", NOW, "Yazd"), ("b", OLD, None), ("c", None, "Rasht"), (None, NOW, "Qom")],
    {"duplicate_key": 1, "missing_id": 1},
)
PAYMENTS = DirtyTable(
    "payments",
    {
        "customer": "text",
        "time": "time",
        "amount": "number",
        "status": "text",
        "payment": "text",
        "attempt": "number",
    },
    [
        ("a", NOW, 10, "captured", "1", 1),
        ("a", NOW, 10, "captured", "1", 1),
        ("a", NOW, 10, "declined", None, 2),
        ("a", NOW, 10, "declined", None, 2),
        ("a", NOW, 10, "requires-action", "2", 1),
        ("a", NOW, 10, "failed", "3", 0),
    ],
    {"duplicate_key": 1, "negative": 1, "not_counted": 1},
)
FEEDBACK = DirtyTable(
    "feedback",
    {"customer": "text", "time": "time", "kind": "text", "score": "number"},
    [("a", NOW, "NPS", 9), ("a", NOW, "شکایت", None), ("a", NOW, "nps", -1), ("a", NOW, "", 9)],
    {"missing_value": 1, "negative": 1},
)
COSTS = DirtyTable(
    "costs",
    {"time": "time", "amount": "number", "kind": "text"},
    [(NOW, 10, "Ad spend"), (NOW, 10, "مارکتینگ"), (NOW, -10, "ads"), (NOW, 10, "fun")],
    {"negative": 1, "unknown_status": 1},
)
DIRTY_TABLES = {
    "orders": ORDERS,
    "lines of orders": LINES,
    "subscriptions": SUBSCRIPTIONS,
    "events": EVENTS,
    "points": POINTS,
    "touchpoints": TOUCHPOINTS,
    "customers": CUSTOMERS,
    "payments": PAYMENTS,
    "feedback": FEEDBACK,
    "costs": COSTS,
}
