"""What the tests of the lessons share: what a lesson shows, the café of lesson 01, files of subscriptions."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import retention_kit as rk
from retention_kit.lessons import Lesson
from retention_kit.lessons import lesson as lesson_room

CAFE = {
    "Mina": (4, 5, 6),
    "Reza": (4, 5, 6),
    "Sara": (4, 5, 6),
    "Omid": (5,),
    "Neda": (5,),
    "Laleh": (4, 6),
    "Kian": (6,),
}


@pytest.fixture
def shown(monkeypatch):
    """The outputs a lesson displays, in their order."""
    outputs = []
    monkeypatch.setattr(lesson_room, "display", lambda data, **_: outputs.append(data))
    return outputs


@pytest.fixture
def begin(write_orders, shown):  # noqa: ARG001 what a lesson shows must not reach the terminal
    """Begins a lesson on the café: a dot of the table in its prose is an order on the 15th of that month."""
    path = write_orders([(name, f"2024-{month:02}-15", 5) for name, months in CAFE.items() for month in months])

    def start(subject="retention_rate", **parameters):
        given = {"data": str(path), "zone": "Asia/Tehran", "observed_until": "2024-06-30", **parameters}
        return rk.lessons.begin(subject, given)

    return start


@pytest.fixture
def subscribe(tmp_path: Path, shown: list[dict[str, Any]]) -> Callable[..., Lesson]:  # noqa: ARG001 the same
    """Begins a lesson on the subscriptions that are given, one a row: what a row leaves out is empty."""

    def start(subject: str, rows: list[dict[str, Any]], **parameters: Any) -> Lesson:
        path = tmp_path / "subscriptions.csv"
        columns = list(dict.fromkeys(name for row in rows for name in row))
        with path.open("w", newline="", encoding="utf-8") as file:
            written = csv.DictWriter(file, columns, restval="")
            written.writeheader()
            written.writerows(rows)
        usual = {"data": str(path), "zone": "Asia/Tehran", "observed_until": "2024-06-30", "calendar": "gregorian"}
        return rk.lessons.begin(subject, {**usual, **parameters})

    return start
