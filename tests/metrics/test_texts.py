"""The texts of the metrics are plain SQL: warehouses nobody can start in a test at least understand every word."""

from importlib import resources

import pytest
import sqlglot
from sqlglot import exp

from retention_kit.engine import bound, sql_text

# The one text that is DuckDB's own; `activity` gives the same cube everywhere.
DUCKDB_ONLY = {"activity_bits"}
TEXTS = sorted(
    file.name.removesuffix(".sql") for file in (resources.files("retention_kit") / "metrics" / "sql").iterdir()
)
WAREHOUSES = ("bigquery", "snowflake", "clickhouse", "redshift", "databricks", "trino")


@pytest.mark.parametrize("warehouse", WAREHOUSES)
@pytest.mark.parametrize("name", [name for name in TEXTS if name not in DUCKDB_ONLY])
def test_a_text_is_understood_as_it_stands(name: str, warehouse: str) -> None:
    (read,) = sqlglot.parse(sql_text(name), dialect=warehouse)
    assert isinstance(read, exp.Query)
    assert not list(read.find_all(exp.Command))
    # A function that the dialect does not know would be a word of one engine only.
    assert {one.name for one in read.find_all(exp.Anonymous)} == set()


def test_from_when_a_stretch_is_paid_for_is_written_once() -> None:
    knowing = [
        name
        for name in TEXTS
        if any("trial_end" in line for line in sql_text(name).splitlines() if not line.startswith("--"))
    ]
    assert knowing == ["stretches"]


@pytest.mark.parametrize("name", [name for name in TEXTS if name not in DUCKDB_ONLY])
def test_a_text_bound_to_tables_asks_only_those_and_its_own(name: str) -> None:
    plain = sqlglot.parse_one(sql_text(name), dialect="postgres")
    asked = {table.name for table in plain.find_all(exp.Table)} - {one.alias for one in plain.find_all(exp.CTE)}
    tables = {one: f"their_{one}" for one in asked}
    read = sqlglot.parse_one(bound(sql_text(name), tables), dialect="postgres")
    inside = {one.alias for one in read.find_all(exp.CTE)}
    assert {table.name for table in read.find_all(exp.Table)} - inside == set(tables.values())
