"""Groups of customers: everybody belongs to the group that their first row names, for life, or to the unknown one.

A group that could change with time would gather those who stayed long enough to change it. Groups of very few
customers are told together and not by name, in every table: whoever reads a name may know who they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, Self, TypeVar

import pandas as pd

from retention_kit.engine import defined, quoted, sql_text
from retention_kit.errors import RetentionError, check_choice
from retention_kit.language import is_missing
from retention_kit.tables import FEW_CUSTOMERS, UNNAMED, Log, Note, check_contract, contract

# Beyond this a column tells customers apart, not groups.
MOST_GROUPS = 50
# A group of fewer customers is not named.
LEAST_NAMED = 5

_NOBODY = dict.fromkeys(("customer", "segment"), pd.Series([], dtype="str"))

# By which column of a log a customer's rows are put in order; of customers there is one row each.
_TIMES = {"subscriptions": "start", "customers": "customer"}

# Columns that are written when a customer leaves: a group of them would hold nobody who stayed.
_WRITTEN_AT_THE_END = ("reason",)


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
        shown = groups_of(sizes)
        for group in shown:
            if group.name is None:
                notes.append(Note("unknown_group", {"count": group.size, "customers": int(sizes.sum())}))
            if group.name == UNNAMED:
                facts = {"count": len(group.segments), "customers": group.size, "least": LEAST_NAMED}
                notes.append(Note("unnamed_groups", facts))
        few = sum(group.size < FEW_CUSTOMERS for group in shown)
        if few:
            notes.append(Note("few_in_group", {"count": few, "groups": len(shown), "least": FEW_CUSTOMERS}))
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
        check_contract(source, ("customers",))
    there = _columns(source)
    if not there:
        raise RetentionError("no_segments", contract=source.contract)
    if segmentation.by in _WRITTEN_AT_THE_END:
        raise RetentionError("group_of_leavers", by=segmentation.by, allowed=tuple(there))
    check_choice("by", segmentation.by, there)
    time = quoted(_TIMES.get(source.contract, "time"))
    # The names are those of the contract, never a file's.
    given = f"select customer, {time} as time, {quoted(str(segmentation.by))} as segment from log"  # noqa: S608
    text = defined(sql_text("segments"), {"given": given})
    if source.engine is log.engine:
        return log.engine.keep(text, log=source.table)
    return log.engine.store(dict(source.engine.query(text, log=source.table).astype("str")))


def _columns(log: Log) -> tuple[str, ...]:
    """The columns of a log by which customers may be told apart."""
    rules = contract(log.contract)
    there = log.engine.columns(log.table)
    telling = (column.name for column in rules.columns if column.kind in ("text", "choice"))
    return tuple(name for name in telling if name in there and name not in ("customer", *_WRITTEN_AT_THE_END))


def _check_count(log: Log, table: str, segmentation: Segmentation) -> None:
    if segmentation.asked:
        counted = log.engine.query("select count(distinct segment) as count from segments", segments=table)
        check_groups(segmentation.by, int(counted["count"].iloc[0]))


def check_groups(by: str | None, count: int) -> None:
    """Refuse a column that holds too many values to be groups."""
    if count > MOST_GROUPS:
        raise RetentionError("too_many_groups", by=by, count=count, most=MOST_GROUPS)


@dataclass(frozen=True)
class Group:
    """A group as it is shown: its name (None if it is not known), the segments in it, and its customers."""

    name: str | None
    segments: tuple[str | None, ...]
    size: int


def groups_of(sizes: pd.Series[int]) -> list[Group]:
    """The groups as they are shown, the largest first, then by name; those too small to be named are one.

    >>> groups = groups_of(pd.Series({"gold": 7, "tin": 1, "zinc": 2}))
    >>> [(group.name, group.size) for group in groups]
    [('gold', 7), ('', 3)]
    """
    names = [None if is_missing(name) else str(name) for name in sizes.index]
    known = [Group(name, (name,), int(size)) for name, size in zip(names, sizes, strict=True)]
    small = [group for group in known if group.name is not None and group.size < LEAST_NAMED]
    shown = [group for group in known if group not in small]
    if small:
        segments_of_small = tuple(segment for group in small for segment in group.segments)
        shown.append(Group(UNNAMED, segments_of_small, sum(group.size for group in small)))
    return sorted(shown, key=lambda group: (-group.size, group.name is None, group.name or ""))


def rows_of(found: pd.DataFrame, group: Group) -> pd.DataFrame:
    """The rows of one group."""
    unknown = group.name is None
    return found[found["segment"].isna() if unknown else found["segment"].isin(group.segments)]


class Divisible(Protocol):
    """What a query found, and what it found of each group alone."""

    def sizes(self) -> pd.Series[int]:
        """Customers by segment."""
        ...

    def of_group(self, group: Group) -> Self:
        """The same, of one group alone."""
        ...


def few_customers(counts: pd.Series[Any]) -> list[Note]:
    """That some rows, each of so many customers, are of few."""
    few = int((counts < FEW_CUSTOMERS).sum())
    return [Note("small_groups", {"count": few, "least": FEW_CUSTOMERS})] if few else []


def without_number(found: Divisible) -> str:
    """The sentence of a result that has no number: nobody was a customer, or nobody for long enough."""
    return "nobody" if found.sizes().empty else "none"


Found = TypeVar("Found", bound=Divisible)


def by_group(found: Found, segmentation: Segmentation, table_of: Callable[[Found], pd.DataFrame]) -> pd.DataFrame:
    """The table of everybody; where customers are told apart, those of the groups one under the other."""
    if not segmentation.asked:
        return table_of(found)
    tables = [_with_group(table_of(found.of_group(group)), group.name) for group in groups_of(found.sizes())]
    return pd.concat(tables, ignore_index=True) if tables else _with_group(table_of(found).iloc[:0], None)


def by_group_and_whole(
    found: Found, segmentation: Segmentation, table_of: Callable[[Found], pd.DataFrame]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table by group, and that of everybody: the same one where nobody is told apart."""
    table = by_group(found, segmentation, table_of)
    return table, table_of(found) if segmentation.asked else table


def _with_group(table: pd.DataFrame, name: str | None) -> pd.DataFrame:
    """A table with the name of its group first; the unknown group has none."""
    names = pd.Series(name, index=table.index, dtype="str")
    return pd.concat([names.rename("group"), table], axis=1)
