"""Runs one plain SQL text on canonical tables: in DuckDB inside this process, or where a table already lies.

A text names its tables as the contracts do (`orders`, `days`); `query` binds each name to a table of the engine,
by a view that lives as long as the query or by a `with` in front. So the text in the file is the text that runs.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    import pandas as pd

# The kit never uses the network: DuckDB must not fetch an extension when a query could need one.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


# Counted once for the whole process: two engines may share one session or connection, and so its names.
_NUMBERS = itertools.count(1)


def new_name(stem: str) -> str:
    """A name for a table or a view that no other of the kit's has."""
    return f"rk_{stem}_{next(_NUMBERS)}"


class DuckDB:
    """An in-memory DuckDB database of its own."""

    name = "duckdb"

    def __init__(self) -> None:
        self.connection = duckdb.connect(":memory:", config=_CONFIG)

    def session(self) -> duckdb.DuckDBPyConnection:
        """A session of its own on the same tables. DuckDB's progress bar would stand in notebooks and pipes."""
        session = self.connection.cursor()
        session.execute("set enable_progress_bar = false")
        return session

    def query(self, sql: str, **tables: str) -> pd.DataFrame:
        """Run one query; each keyword binds a table name of the text to a table of this engine."""
        with self.session() as session:
            _bind(session, tables)
            return session.execute(sql).df()

    def columns(self, table: str) -> tuple[str, ...]:
        """The names of a table's columns."""
        with self.session() as session:
            return tuple(session.execute(f"select * from {quoted(table)} limit 0").df().columns)  # noqa: S608 quoted

    def keep(self, sql: str, **tables: str) -> str:
        """Keep what one query finds as a table of this engine; returns its name."""
        name = new_name("table")
        with self.session() as session:
            _bind(session, tables)
            session.execute(f"create table {quoted(name)} as\n{sql}")
        return name

    def store(self, columns: Mapping[str, Any]) -> str:
        """Put a small table of arrays into the engine; returns its name."""
        name = new_name("table")
        frame = frame_of(columns)
        with self.session() as session:
            session.register("given", frame)
            session.execute(f"create table {quoted(name)} as select * from given")  # noqa: S608 our own name
        return name

    def drop(self, table: str) -> None:
        """Forget a table that `store` or `keep` made."""
        self.connection.execute(f"drop table {quoted(table)}")


def _bind(session: duckdb.DuckDBPyConnection, tables: Mapping[str, str]) -> None:
    """Views that live as long as the session."""
    for name, table in tables.items():
        session.execute(f"create temp view {quoted(name)} as select * from {quoted(table)}")  # noqa: S608 both quoted


class Database:
    """A PostgreSQL behind a connection of psycopg 3.

    Small tables of the kit are temporary tables of the connection; nothing is written for good.

    Args:
        connection: a `psycopg.Connection`, open; its tables are read where they lie.
    """

    name = "database"
    text_type = "text"

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def query(self, sql: str, **tables: str) -> pd.DataFrame:
        """Run one query; each keyword binds a table name of the text to a table of the database."""
        with self.connection.cursor() as cursor:
            cursor.execute(bound(sql, tables))
            return _frame(cursor.fetchall(), [column.name for column in cursor.description])

    def _run(self, sql: str) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(sql)

    def columns(self, table: str) -> tuple[str, ...]:
        """The names of the columns of a table, which may be named with its schema."""
        return tuple(self.types(table))

    def types(self, table: str) -> dict[str, str]:
        """The columns of a table, which may be named with its schema, and what the database calls their types."""
        with self.connection.cursor() as cursor:
            cursor.execute(f"select * from {quoted_path(table)} where 1 = 0")  # noqa: S608 quoted
            return {column.name: column.type_display for column in cursor.description}

    def view(self, stem: str, sql: str) -> str:
        """A view of this text, for as long as the connection lasts; returns its name."""
        name = new_name(stem)
        self._run(f"create temporary view {quoted(name)} as {sql}")
        return name

    def keep(self, sql: str, **tables: str) -> str:
        """Keep what one query finds as a temporary table; returns its name."""
        name = new_name("table")
        self._run(f"create temporary table {quoted(name)} as {bound(sql, tables)}")
        return name

    def store(self, columns: Mapping[str, Any]) -> str:
        """Put a small table of arrays into the database; returns its name."""
        name = new_name("table")
        frame = frame_of(columns)
        typed = ", ".join(f"{quoted(str(column))} {_column_type(frame[column])}" for column in frame)
        self._run(f"create temporary table {quoted(name)} ({typed})")
        places = ", ".join(["%s"] * len(frame.columns))
        with self.connection.cursor() as cursor:
            cursor.executemany(f"insert into {quoted(name)} values ({places})", _rows(frame))  # noqa: S608 our own name
        return name

    def drop(self, table: str) -> None:
        """Forget a table that `store` or `keep` made."""
        self._run(f"drop table {quoted(table)}")


class Spark:
    """A Spark session; its tables stay where they are and its workers count.

    Args:
        session: a `pyspark.sql.SparkSession`.
    """

    name = "spark"
    text_type = "string"

    def __init__(self, session: Any) -> None:
        self.session = session

    def query(self, sql: str, **tables: str) -> pd.DataFrame:
        """Run one query; each keyword binds a table name of the text to a table or view of the session."""
        found = self._run(bound(sql, tables))
        return _frame([tuple(row) for row in found.collect()], found.columns)

    def _run(self, sql: str) -> Any:
        return self.session.sql(in_backticks(sql))

    def columns(self, table: str) -> tuple[str, ...]:
        """The names of the columns of a table, which may be named with its schema."""
        return tuple(self.types(table))

    def types(self, table: str) -> dict[str, str]:
        """The columns of a table, which may be named with its schema, and what Spark calls their types."""
        return dict(self._run(f"select * from {quoted_path(table)}").dtypes)  # noqa: S608 quoted

    def view(self, stem: str, sql: str) -> str:
        """A view of this text, for as long as the session lasts; returns its name."""
        name = new_name(stem)
        self._run(sql).createTempView(name)
        return name

    def keep(self, sql: str, **tables: str) -> str:
        """Keep one query as a view, which Spark works out where it is used; returns its name."""
        name = new_name("table")
        self._run(bound(sql, tables)).createTempView(name)
        return name

    def store(self, columns: Mapping[str, Any]) -> str:
        """Put a small table of arrays into the session; returns its name."""
        name = new_name("table")
        frame = frame_of(columns)
        types = {column: _column_type(frame[column]) for column in frame}
        typed = ", ".join(f"`{column}` {_SPARK_TYPES.get(kind, kind)}" for column, kind in types.items())
        self.session.createDataFrame(_rows(frame), schema=typed).createTempView(name)
        return name

    def drop(self, table: str) -> None:
        """Forget a table that `store` or `keep` made."""
        self.session.catalog.dropTempView(table)


def bound(sql: str, tables: Mapping[str, str]) -> str:
    r"""A text with its table names bound by a `with` in front of its own.

    >>> bound("-- why\nwith a as (select 1) select * from a, orders", {"orders": "shop"})
    'with "orders" as (select * from "shop"), a as (select 1) select * from a, orders'
    """
    return defined(sql, {name: f"select * from {quoted(table)}" for name, table in tables.items()})  # noqa: S608 quoted


def defined(sql: str, queries: Mapping[str, str]) -> str:
    r"""A text with some of its table names defined by queries, in a `with` in front of its own.

    >>> defined("select * from acts", {"acts": "select 1"})
    'with "acts" as (select 1) select * from acts'
    """
    lines = [line for line in sql.strip().splitlines() if not line.lstrip().startswith("--")]
    text = "\n".join(lines).strip()
    names = ", ".join(f"{quoted(name)} as ({query})" for name, query in queries.items())
    if not names:
        return text
    rest = text.removeprefix("with ") if text.startswith("with ") else None
    return f"with {names} {text}" if rest is None else f"with {names}, {rest}"


def frame_of(columns: Mapping[str, Any]) -> pd.DataFrame:
    """Columns as a frame; pandas, slow to import, is imported here: who only looks at a file need not wait."""
    import pandas as pd

    return pd.DataFrame(dict(columns))


_SPARK_TYPES = {"double precision": "double", "varchar(1000)": "string"}


def _column_type(column: pd.Series[Any]) -> str:
    kinds = {"M": "date", "i": "bigint", "u": "bigint", "f": "double precision"}
    return kinds.get(column.dtype.kind, "varchar(1000)")


def _rows(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Rows of plain Python values; days are dates, what is missing is None."""
    days = {str(name): frame[name].dt.date for name in frame if frame[name].dtype.kind == "M"}
    plain = frame.assign(**days).astype("object").where(frame.notna(), None)
    return list(zip(*(plain[name].tolist() for name in frame), strict=True))


def _frame(rows: Sequence[Sequence[Any]], names: Sequence[str]) -> pd.DataFrame:
    """Rows as a frame; exact numbers of a database become whole numbers where they are, else floats."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return frame_of({name: _plain(column) for name, column in zip(names, columns, strict=True)})


def _plain(column: Sequence[Any]) -> list[Any]:
    exact = [value for value in column if isinstance(value, Decimal)]
    if not exact:
        return list(column)
    kind = int if all(value == value.to_integral_value() for value in exact) else float
    return [kind(value) if isinstance(value, Decimal) else value for value in column]


def quoted_path(table: str) -> str:
    """The name of a table with its schema, each part quoted.

    >>> quoted_path("shop.orders")
    '"shop"."orders"'
    """
    return ".".join(quoted(part) for part in table.split("."))


def in_backticks(sql: str) -> str:
    r"""A text with its identifiers quoted as Spark takes them; what stands in a constant stays.

    >>> print(in_backticks('select "a`b" from "t" where "c" = \'say "yes"\''))
    select `a``b` from `t` where `c` = 'say "yes"'
    """
    return _CONSTANT_OR_IDENTIFIER.sub(_in_backticks, sql)


_CONSTANT_OR_IDENTIFIER = re.compile(r"""'[^']*'|"(?:[^"]|"")*["]""")


def _in_backticks(found: re.Match[str]) -> str:
    written = found[0]
    if written.startswith("'"):
        return written
    return "`" + written[1:-1].replace('""', '"').replace("`", "``") + "`"


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
