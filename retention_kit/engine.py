"""Runs one plain SQL text on canonical tables, in DuckDB embedded in this process.

A text names its tables as the contracts do (`orders`, `days`); `query` binds each name to a table of the engine
by a view that lives as long as the query. So the text in the file is the text that runs.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import duckdb
import pandas as pd

# The kit never uses the network: DuckDB must not fetch an extension when a query could need one.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


class DuckDB:
    """An in-memory DuckDB database of its own."""

    name = "duckdb"

    def __init__(self) -> None:
        self.connection = duckdb.connect(":memory:", config=_CONFIG)
        self._numbers = itertools.count(1)

    def query(self, sql: str, **tables: str) -> pd.DataFrame:
        """Run one query; each keyword binds a table name of the text to a table of this engine."""
        with self.connection.cursor() as session:
            for name, table in tables.items():
                session.execute(f"create temp view {quoted(name)} as select * from {quoted(table)}")  # noqa: S608 both quoted
            return session.execute(sql).df()

    def store(self, columns: Mapping[str, Any]) -> str:
        """Put a small table of arrays into the engine; returns its name."""
        name = self.new_name("table")
        frame = pd.DataFrame(dict(columns))
        with self.connection.cursor() as session:
            session.register("given", frame)
            session.execute(f"create table {quoted(name)} as select * from given")  # noqa: S608 our own name
        return name

    def drop(self, table: str) -> None:
        """Forget a table that `store` made."""
        self.connection.execute(f"drop table {quoted(table)}")

    def new_name(self, stem: str) -> str:
        """A table name nobody has."""
        return f"{stem}_{next(self._numbers)}"


def quoted(identifier: str) -> str:
    """An identifier as SQL takes it, whatever it holds.

    >>> quoted('a"b; drop table x')
    '"a""b; drop table x"'
    """
    return '"' + identifier.replace('"', '""') + '"'


@cache
def sql_text(name: str) -> str:
    """The text of `metrics/sql/<name>.sql`."""
    return (resources.files("retention_kit") / "metrics" / "sql" / f"{name}.sql").read_text("utf-8")
