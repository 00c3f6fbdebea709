"""Small companies as files: what a founder gives."""

from collections.abc import Sequence
from pathlib import Path

# Everybody orders on the 5th of each month; who leaves, orders no more from that month on. Leyla orders every week
# and has been silent since the middle of the last month.
_LEAVES = {"Mina": 9, "Reza": 9, "Sara": 9, "=1+1": 4, "<b>Omid</b>": 5, "neda@example.org": 6}
_WEEKLY = ("Leyla", 6)


def write_orders(path: Path, bad_rows: Sequence[str] = ()) -> Path:
    """Orders from January to August 2024, and a few of September."""
    rows = [
        f"{name},2024-0{month}-05,10" for name, leaves in _LEAVES.items() for month in range(1, min(leaves, 9))
    ]
    rows += [f"{_WEEKLY[0]},2024-08-{day:02d},10" for day in (1, 8, 15)]
    rows += [f"{name},2024-09-05,10" for name in ("Mina", "Reza", "Sara")]
    path.write_text("\n".join(["customer,time,amount", *rows, *bad_rows]), "utf-8")
    return path


def write_subscriptions(path: Path) -> Path:
    """Nine subscribers from January 2024 and one from August; one left in May, one is to leave in September."""
    ends = {3: "2024-05-10", 7: "2024-09-20"}
    rows = [
        f"subscriber {place},2024-01-0{place + 1},{ends.get(place, '')},{100 + place},gold 🏅"
        for place in range(9)
    ]
    rows.append("subscriber 9,2024-08-15,,100,gold 🏅")
    path.write_text("\n".join(["customer,start,end,amount,plan", *rows]), "utf-8")
    return path


def write_customers(path: Path) -> Path:
    """Who the customers are: in which city each of them lives."""
    path.write_text("customer,city\n" + "".join(f"{name},Shiraz\n" for name in _LEAVES), "utf-8")
    return path
