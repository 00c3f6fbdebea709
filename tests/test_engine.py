"""The engine: the text in the file is the text that runs, and it never uses the network."""

import pandas as pd
import pytest

from retention_kit.engine import DuckDB, quoted


def test_a_query_sees_only_the_tables_it_was_given() -> None:
    engine = DuckDB()
    table = engine.store({"n": [1, 2, 3]})
    assert engine.query("select sum(n) as total from numbers", numbers=table)["total"].tolist() == [6]
    with pytest.raises(Exception, match="numbers"):
        engine.query("select * from numbers")


def test_two_queries_can_bind_one_name_to_different_tables() -> None:
    engine = DuckDB()
    first, second = engine.store({"n": [1]}), engine.store({"n": [2]})
    answers = [engine.query("select n from numbers", numbers=table)["n"].tolist() for table in (first, second)]
    assert answers == [[1], [2]]


def test_the_columns_of_a_table_are_told_in_its_order() -> None:
    engine = DuckDB()
    assert engine.columns(engine.store({"time": [1], "a b": [2], "customer": [3]})) == ("time", "a b", "customer")


def test_a_dropped_table_is_gone() -> None:
    engine = DuckDB()
    table = engine.store({"n": [1]})
    engine.drop(table)
    assert engine.connection.execute("show tables").fetchall() == []


def test_an_identifier_is_quoted_whatever_it_holds() -> None:
    name = 'a"; drop table x; --'
    frame = DuckDB().connection.execute(f"select 1 as {quoted(name)}").df()
    assert list(frame) == [name]


def test_extensions_are_never_fetched() -> None:
    settings = (
        DuckDB()
        .connection.execute("select name, value from duckdb_settings() where name like 'auto%_known_extensions'")
        .df()
    )
    pd.testing.assert_series_equal(settings["value"].str.lower(), pd.Series(["false", "false"]), check_names=False)
