"""Groups of customers: everybody belongs to the group that their first row names, for life, or to the unknown one.

A group that could change with time would gather those who stayed long enough to change it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, Self, TypeVar

import pandas as pd

from retention_kit.engine import defined, quoted, sql_text
from retention_kit.errors import RetentionError, check_choice
from retention_kit.language import is_missing
from retention_kit.tables import FEW_CUSTOMERS, Log, Note, contract

# Beyond this a column tells customers apart, not groups.
MOST_GROUPS = 50

_NOBODY = dict.fromkeys(("customer", "segment"), pd.Series([], dtype="str"))

# By which column of a log a customer's rows are put in order; of customers there is one row each.
_TIMES = {"subscriptions": "start", "customers": "customer"}


@dataclass(frozen=True)
class Segmentation:
    """The column that tells customers apart, and the log of customers that has it, if it is not the log itself."""

    by: str | None = None
    customers: Log | None = None

    @property
    def asked(self) -> bool:
        """Whether customers are told apart at all."""
        return self.by is not None or self.customers is not None

    def notes(self, sizes: pd.Series[int]) -> list[Note]:
        """What must be said of the groups, by their number of customers."""
        if not self.asked:
            return []
        notes = [Note("groups_for_life" if self.customers is None else "groups_of_today", {"by": self.by})]
        unknown = int(sizes[[is_missing(name) for name in sizes.index]].sum())
        if unknown:
            notes.append(Note("unknown_group", {"count": unknown, "customers": int(sizes.sum())}))
        few = int((sizes < FEW_CUSTOMERS).sum())
        if few:
            notes.append(Note("few_in_group", {"count": few, "groups": len(sizes), "least": FEW_CUSTOMERS}))
        return notes


EVERYBODY = Segmentation()


@contextmanager
def segments(log: Log, segmentation: Segmentation) -> Iterator[str]:
    """A table with the segment of each customer, in the engine of a log; empty where nobody is told apart."""
    table = _found(log, segmentation) if segmentation.asked else log.engine.store(_NOBODY)
    try:
        _check_count(log, table, segmentation)
        yield table
    finally:
        log.engine.drop(table)


def _found(log: Log, segmentation: Segmentation) -> str:
    """The segment of every customer, brought over where the log of customers lies in another engine."""
    source = log if segmentation.customers is None else segmentation.customers
    if segmentation.customers is not None:
        check_choice("contract", source.contract, ("customers",))
    there = _columns(source)
    if not there:
        raise RetentionError("no_segments", contract=source.contract)
    check_choice("by", segmentation.by, there)
    time = quoted(_TIMES.get(source.contract, "time"))
    # The names are those of the contract, never a file's.
    given = f"select customer, {time} as time, {quoted(str(segmentation.by))} as segment from log"  # noqa: S608
    text = defined(sql_text("segments"), {"given": given})
    if source.engine is log.engine:
        return log.engine.keep(text, log=source.table)
    return log.engine.store(dict(source.engine.query(text, log=source.table).astype("str")))


def _columns(log: Log) -> tuple[str, ...]:
    """The columns of a log that may hold groups."""
    rules = contract(log.contract)
    there = set(log.engine.query("select * from log where 1 = 0", log=log.table))
    telling = (column.name for column in rules.columns if column.kind in ("text", "choice"))
    return tuple(name for name in telling if name in there and name != "customer")


def _check_count(log: Log, table: str, segmentation: Segmentation) -> None:
    if segmentation.asked:
        counted = log.engine.query("select count(distinct segment) as count from segments", segments=table)
        check_groups(segmentation.by, int(counted["count"].iloc[0]))


def check_groups(by: str | None, count: int) -> None:
    """Refuse a column that holds too many values to be groups."""
    if count > MOST_GROUPS:
        raise RetentionError("too_many_groups", by=by, count=count, most=MOST_GROUPS)


def in_order(sizes: pd.Series[int]) -> list[str | None]:
    """The names of groups, the largest first, then by name; None is the unknown group."""
    names = [None if is_missing(name) else str(name) for name in sizes.index]
    placed = sorted(zip(names, sizes, strict=True), key=lambda one: (-one[1], one[0] is None, one[0] or ""))
    return [name for name, _ in placed]


def rows_of(found: pd.DataFrame, group: str | None) -> pd.DataFrame:
    """The rows of one group."""
    return found[found["segment"].isna() if group is None else found["segment"] == group]


class Divisible(Protocol):
    """What a query found, and what it found of each group alone."""

    def sizes(self) -> pd.Series[int]:
        """Customers by segment."""
        ...

    def of_group(self, group: str | None) -> Self:
        """The same, of one group alone."""
        ...


Found = TypeVar("Found", bound=Divisible)


def by_group(found: Found, segmentation: Segmentation, table_of: Callable[[Found], pd.DataFrame]) -> pd.DataFrame:
    """The table of everybody; where customers are told apart, those of the groups one under the other."""
    if not segmentation.asked:
        return table_of(found)
    tables = [(group, table_of(found.of_group(group))) for group in in_order(found.sizes())]
    return stacked(tables) if tables else with_group(table_of(found).iloc[:0], None)


def stacked(tables: Iterable[tuple[str | None, pd.DataFrame]]) -> pd.DataFrame:
    """Tables of groups one under the other, with the name of the group first."""
    return pd.concat([with_group(table, group) for group, table in tables], ignore_index=True)


def with_group(table: pd.DataFrame, group: str | None) -> pd.DataFrame:
    """A table with the name of its group first; the unknown group has none."""
    names = pd.Series(group, index=table.index, dtype="str")
    return pd.concat([names.rename("group"), table], axis=1)
