"""The same texts on DuckDB, PostgreSQL and Spark: the same numbers, and tables stay where they lie."""

import getpass
import os
import random
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import retention_kit as rk
from retention_kit.engine import Database, Spark

BINARIES = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/opt/homebrew/opt").glob("postgresql*/bin")]
INITDB = next((str(folder / "initdb") for folder in BINARIES if (folder / "initdb").is_file()), None)
SHOP = random.Random(7)  # noqa: S311 data, not a secret
ORDERS = [
    (
        f"c{SHOP.randrange(120)}",
        date(2023, 1, 1) + timedelta(SHOP.randrange(500)),
        SHOP.choice([10.5, 3.25, -4.0, 0.0]),
    )
    for _ in range(1500)
]
BAD = [
    (None, date(2023, 5, 5), 1.0),
    ("c1", date(1980, 1, 1), 1.0),
    ("c2", None, 1.0),
    ("c3", date(2023, 5, 5), None),
]


def as_user(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root: there its own user starts it."""
    return ["runuser", "-u", "postgres", "--", *command] if getpass.getuser() == "root" else command


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A connection to a PostgreSQL of the test's own, on loopback."""
    psycopg = pytest.importorskip("psycopg", reason="not run on PostgreSQL: uv run --group spark pytest")
    if INITDB is None:
        pytest.skip("not run on PostgreSQL: no server on this machine (get it with: apt-get install postgresql)")
    folder = Path("/tmp") if getpass.getuser() == "root" else tmp_path_factory.getbasetemp()  # noqa: S108 must be open to the server's user
    data = folder / f"retention_kit_postgres_{os.getpid()}"
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    control = str(Path(INITDB).with_name("pg_ctl"))
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
    subprocess.run(
        as_user([INITDB, "-D", str(data), "-A", "trust", "-U", "kit"]), check=True, capture_output=True, cwd="/"
    )
    start = [control, "-D", str(data), "-o", options, "-l", f"{data}/log", "-w", "start"]
    subprocess.run(as_user(start), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
    try:
        with psycopg.connect(
            host="127.0.0.1", port=port, user="kit", dbname="postgres", autocommit=True
        ) as connection:
            yield connection
    finally:
        subprocess.run(
            as_user([control, "-D", str(data), "-m", "immediate", "stop"]),
            check=True,
            capture_output=True,
            cwd="/",
        )
        shutil.rmtree(data, ignore_errors=True)


@pytest.fixture(scope="module")
def in_postgres(postgres: Any) -> Database:
    with postgres.cursor() as cursor:
        cursor.execute(
            'create schema shop; create table shop."Orders" (client text, day timestamp, total numeric, note text)'
        )
        cursor.executemany('insert into shop."Orders" values (%s, %s, %s, null)', [*ORDERS, *BAD])
    return Database(postgres)


@pytest.fixture(scope="module")
def in_spark() -> Iterator[Spark]:
    sql = pytest.importorskip("pyspark.sql", reason="not run on Spark: uv run --group spark pytest")
    if shutil.which("java") is None:
        pytest.skip(
            "not run on Spark: no Java on this machine (get it with: apt-get install openjdk-17-jre-headless)"
        )
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.driver.bindAddress": "127.0.0.1",
    }
    builder = sql.SparkSession.builder.master("local[2]").config("spark.driver.host", "127.0.0.1")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    schema = "client string, day date, total double, note string"
    session.createDataFrame([(*row, None) for row in [*ORDERS, *BAD]], schema).createOrReplaceTempView("Orders")
    yield Spark(session)
    session.stop()


@pytest.fixture(params=["postgres", "spark"])
def elsewhere(request: pytest.FixtureRequest) -> rk.Log:
    """The orders where they lie."""
    engine = request.getfixturevalue(f"in_{request.param}")
    table = "shop.Orders" if request.param == "postgres" else "Orders"
    return rk.read(table, "orders", columns={"customer": "client", "time": "day"}, engine=engine)


@pytest.fixture
def here(log_of: Callable[..., rk.Log]) -> rk.Log:
    """The same orders in DuckDB."""
    return log_of([(who, str(day), amount) for who, day, amount in ORDERS])


def test_a_table_elsewhere_is_checked_where_it_lies(elsewhere: rk.Log) -> None:
    assert elsewhere.receipt.refused_by_reason == {
        "before_1990": 1,
        "missing_date": 1,
        "missing_id": 1,
        "missing_number": 1,
    }
    assert elsewhere.receipt.used == len(ORDERS)
    assert elsewhere.receipt.columns == {"customer": "client", "time": "day", "amount": "total"}


@pytest.mark.parametrize("calendar", ["gregorian", "jalali"])
@pytest.mark.parametrize("every", ["week", "month"])
def test_retention_is_the_same_number_everywhere(
    elsewhere: rk.Log, here: rk.Log, every: str, calendar: str
) -> None:
    ours, theirs = (rk.metrics.retention_rate(log, every=every, calendar=calendar) for log in (here, elsewhere))
    pd.testing.assert_frame_equal(ours.table, theirs.table)


@pytest.mark.parametrize("kind", ["on", "on_or_after"])
def test_cohorts_are_the_same_numbers_everywhere(elsewhere: rk.Log, here: rk.Log, kind: str) -> None:
    ours, theirs = (rk.metrics.cohorts(log, kind=kind).table for log in (here, elsewhere))
    pd.testing.assert_frame_equal(ours, theirs)


def test_stickiness_and_lifecycle_are_the_same_numbers_everywhere(elsewhere: rk.Log, here: rk.Log) -> None:
    for metric in (rk.metrics.stickiness, rk.metrics.lifecycle):
        pd.testing.assert_frame_equal(metric(here).table, metric(elsewhere).table)


def test_a_table_that_is_not_there_is_refused_in_one_sentence(in_postgres: Database) -> None:
    with pytest.raises(rk.RetentionError, match="no table"):
        rk.read('shop.nothing"; drop table shop.orders; --', "orders", engine=in_postgres)
