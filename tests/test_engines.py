"""The same texts on DuckDB, PostgreSQL and Spark: the same numbers, and tables stay where they lie."""

import csv
import getpass
import os
import random
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import retention_kit as rk
from retention_kit.engine import Database, DuckDB, Spark, in_backticks, quoted
from retention_kit.intake import write_refused
from retention_kit.tables import contract_names
from tests.intake.dirty_tables import DIRTY_TABLES, SUBSCRIPTIONS, DirtyTable
from tests.metrics import logs
from tests.receipts import rows_by_reason

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
    psycopg = pytest.importorskip("psycopg", reason="not run on PostgreSQL: uv run --group elsewhere pytest")
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
    sql = pytest.importorskip("pyspark.sql", reason="not run on Spark: uv run --group elsewhere pytest")
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
    assert rows_by_reason(elsewhere.receipt) == {
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
    with pytest.raises(rk.RetentionError, match="cannot read a table"):
        rk.read('shop.nothing"; drop table shop.orders; --', "orders", engine=in_postgres)


def moved(log: rk.Log, engine: Database | Spark) -> rk.Log:
    """The same rows in another engine."""
    rows = log.engine.query("select * from log", log=log.table)
    return replace(log, engine=engine, table=engine.store(dict(rows)))


@pytest.fixture(params=["postgres", "spark"])
def engine(request: pytest.FixtureRequest) -> Database | Spark:
    return request.getfixturevalue(f"in_{request.param}")


CHANNELS = ["site", "shop", "site", None, "app's"]


def test_groups_of_orders_are_the_same_numbers_everywhere(engine: Database | Spark) -> None:
    rows = [(who, day, amount, CHANNELS[day.toordinal() % 5]) for who, day, amount in ORDERS]
    here = logs.orders(rows, max(day for _, day, *_ in rows), "channel")
    there = moved(here, engine)
    cities = logs.customers(customer=[f"c{n}" for n in range(100)], city=[CHANNELS[n % 5] for n in range(100)])
    by_city = {"by": "city", "customers": cities}
    for metric, how in ((rk.metrics.retention_rate, by_city), (rk.metrics.stickiness, {"by": "channel"})):
        ours, theirs = (metric(log, **how) for log in (here, there))
        pd.testing.assert_frame_equal(ours.table, theirs.table)
        assert ours.notes == theirs.notes


def test_events_are_the_same_numbers_everywhere(engine: Database | Spark) -> None:
    did = [(who, day, CHANNELS[day.toordinal() % 3], n % 3) for n, (who, day, _) in enumerate(ORDERS)]
    here = logs.events(did, max(day for _, day, *_ in did), "count")
    for back in (None, "shop"):
        ours, theirs = (rk.metrics.lifecycle(log, back=back).table for log in (here, moved(here, engine)))
        pd.testing.assert_frame_equal(ours, theirs)


def test_groups_of_subscriptions_are_the_same_numbers_everywhere(engine: Database | Spark) -> None:
    rows = [
        {
            "customer": who,
            "subscription": f"{n}",
            "start": day,
            "end": day + timedelta(n % 90 + 1),
            "plan": CHANNELS[n % 5],
        }
        for n, (who, day, _) in enumerate(ORDERS[:200])
    ]
    here = logs.subscriptions(rows, "2024-06-30")
    there = moved(here, engine)
    for metric in (rk.metrics.revenue_churn, rk.metrics.survival):
        pd.testing.assert_frame_equal(metric(here, by="plan").table, metric(there, by="plan").table)


def test_channels_and_members_and_their_points_are_the_same_numbers_everywhere(engine: Database | Spark) -> None:
    rows = [(who, day, amount, CHANNELS[day.toordinal() % 5]) for who, day, amount in ORDERS]
    until = max(day for _, day, *_ in rows)
    bought = logs.orders(rows, until, "channel")
    met = logs.touchpoints([(who, day, "chat", "inbound") for who, day, _ in ORDERS[:300]], until, "direction")
    kinds = ("earned", "redeemed", "earned", "expired")
    points = logs.points(
        [(who, day, n % 7 - 2, kinds[n % 4]) for n, (who, day, _) in enumerate(ORDERS[:200])], until
    )
    here = (bought, met, points)
    results = []
    for orders, contacts, ledger in (here, tuple(moved(log, engine) for log in here)):
        money = {"money_per_point": 2.0, "margin": 0.5}
        results.append(
            (
                rk.metrics.omnichannel(orders, touchpoints=contacts),
                rk.metrics.loyalty(ledger, orders=orders, **money),
                rk.metrics.members(orders, points=ledger),
            )
        )
    for ours, theirs in zip(*results, strict=True):
        pd.testing.assert_frame_equal(ours.table, theirs.table)
        assert ours.notes == theirs.notes


def test_points_past_their_date_are_the_same_numbers_everywhere(engine: Database | Spark) -> None:
    until = max(day for _, day, *_ in ORDERS)
    rows = [
        (who, day, n % 7 - 2, "earned" if n % 7 > 2 else "redeemed", None if n % 5 else day + timedelta(n % 50))
        for n, (who, day, _) in enumerate(ORDERS[:400])
    ]
    for more in ([], [("c1", until, -1, "expired", None)]):
        here = logs.points([*rows, *more], until)
        ours, theirs = (rk.metrics.loyalty(log) for log in (here, moved(here, engine)))
        pd.testing.assert_frame_equal(ours.table, theirs.table)
        assert ours.notes == theirs.notes
    assert "overdue_points" in {note.code for note in ours.notes}


def test_members_of_subscriptions_are_the_same_numbers_everywhere(engine: Database | Spark) -> None:
    rows = [
        {"customer": who, "subscription": f"{n}", "start": day, "end": day + timedelta(n % 200 + 1)}
        for n, (who, day, _) in enumerate(ORDERS[:200])
    ]
    here = logs.subscriptions(rows, "2024-06-30")
    points = logs.points([(who, day, 1, "earned") for who, day, _ in ORDERS[:60]], "2024-06-30")
    ours, theirs = (rk.metrics.members(log, points=points).table for log in (here, moved(here, engine)))
    pd.testing.assert_frame_equal(ours, theirs)


def test_brackets_and_cohorts_in_money_are_the_same_numbers_everywhere(elsewhere: rk.Log, here: rk.Log) -> None:
    for how in ({"kind": "bracket", "brackets": ((1, 2), (3, 6))}, {"measure": "revenue"}, {"window": "rolling"}):
        ours, theirs = (rk.metrics.cohorts(log, **how) for log in (here, elsewhere))
        pd.testing.assert_frame_equal(ours.table, theirs.table)
        pd.testing.assert_frame_equal(ours.summary, theirs.summary)


def test_cohorts_of_events_and_trials_are_the_same_numbers_everywhere(engine: Database | Spark) -> None:
    did = [(who, day, CHANNELS[day.toordinal() % 3], n % 3) for n, (who, day, _) in enumerate(ORDERS)]
    rows = [
        {"customer": who, "start": day, "trial_end": day + timedelta(n % 30), "end": day + timedelta(n % 40 + 1)}
        for n, (who, day, _) in enumerate(ORDERS[:200])
    ]
    events = logs.events(did, max(day for _, day, *_ in did), "count")
    subscribed = logs.subscriptions(rows, "2024-06-30")
    for log, metric, how in (
        (events, rk.metrics.cohorts, {"start": "site", "back": "shop", "at_least": 2}),
        (subscribed, rk.metrics.cohorts, {"measure": "revenue"}),
        (subscribed, rk.metrics.trials, {}),
    ):
        pd.testing.assert_frame_equal(metric(log, **how).table, metric(moved(log, engine), **how).table)


COLUMN_TYPES = {
    "postgres": {"text": "text", "time": "timestamp", "number": "numeric", "floating": "double precision"},
    "spark": {"text": "string", "time": "timestamp", "number": "decimal(38, 4)", "floating": "double"},
}


def written(table: DirtyTable, folder: Path) -> Path:
    """The table as a file."""
    path = folder / f"{table.contract}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([tuple(table.types), *table.rows])
    return path


def laid(engine: Database | Spark, table: DirtyTable) -> str:
    """The table in another engine; returns its name."""
    kind, name = ("spark" if isinstance(engine, Spark) else "postgres"), f"dirty {table.contract}"
    types = {column: COLUMN_TYPES[kind][needed] for column, needed in table.types.items()}
    if isinstance(engine, Spark):
        numbers = {column for column, needed in table.types.items() if needed == "number"}
        rows = [
            tuple(
                Decimal(str(value)) if column in numbers and value is not None else value
                for column, value in zip(types, row, strict=True)
            )
            for row in table.rows
        ]
        schema = in_backticks(", ".join(f"{quoted(column)} {type_}" for column, type_ in types.items()))
        engine.session.createDataFrame(rows, schema).createOrReplaceTempView(name := name.replace(" ", "_"))
        return name
    columns = ", ".join(f"{quoted(column)} {type_}" for column, type_ in types.items())
    with engine.connection.cursor() as cursor:
        cursor.execute(f'drop table if exists "{name}" cascade; create table "{name}" ({columns})')
        places = ", ".join(["%s"] * len(types))
        cursor.executemany(f'insert into "{name}" values ({places})', table.rows)  # noqa: S608 our own name
    return name


def used(log: rk.Log) -> list[dict[str, Any]]:
    """The used rows, in no order of their own."""
    rows = log.engine.query("select * from log", log=log.table).to_dict("records")
    return sorted(({name: plain(value) for name, value in row.items()} for row in rows), key=str)


def plain(value: Any) -> Any:
    if value is None or pd.isna(value):
        return None
    if isinstance(value, datetime):
        return pd.Timestamp(value).isoformat()
    return value if isinstance(value, str) else float(value)


def test_every_contract_has_a_dirty_table() -> None:
    assert {table.contract for table in DIRTY_TABLES.values()} == set(contract_names())


@pytest.mark.parametrize("table", DIRTY_TABLES.values(), ids=DIRTY_TABLES)
def test_the_same_rows_give_the_same_log_wherever_they_lie(
    engine: Database | Spark, table: DirtyTable, tmp_path: Path
) -> None:
    here = rk.read(written(table, tmp_path), table.contract)
    there = rk.read(laid(engine, table), table.contract, engine=engine)
    assert rows_by_reason(here.receipt) == rows_by_reason(there.receipt) == table.refused
    assert [one.reason for one in here.receipt.refusals] == [one.reason for one in there.receipt.refusals]
    assert (here.receipt.used, here.receipt.refused) == (there.receipt.used, there.receipt.refused)
    assert here.receipt.columns == there.receipt.columns
    assert used(here) == used(there)
    assert (here.first_day, here.observed_until) == (there.first_day, there.observed_until)
    assert here.engine.columns(here.table) == there.engine.columns(there.table)


def test_a_yearly_plan_is_a_twelfth_a_month_to_the_cent_everywhere(
    engine: Database | Spark, tmp_path: Path
) -> None:
    here = rk.read(written(SUBSCRIPTIONS, tmp_path), "subscriptions", observed_until="2024-06-30")
    there = rk.read(laid(engine, SUBSCRIPTIONS), "subscriptions", engine=engine, observed_until="2024-06-30")
    for log in (here, there):
        money = {row["customer"]: round(row["mrr"], 2) for row in used(log)}
        assert money == {"a": 1_000_000, "b": 8.33, "c": 16.67, "d": 33.33, "e": 433.33, "f": 0, "g": 9}
    ours, theirs = (rk.metrics.revenue_churn(log).table for log in (here, there))
    pd.testing.assert_frame_equal(ours, theirs)


def test_numbers_of_a_frame_are_ids_and_what_is_no_number_is_missing(engine: Database | Spark) -> None:
    nan, now = float("nan"), datetime(2024, 3, 1)
    rows = [(17850.0, now, 1.5), (1e8, now, 2.0), (nan, now, 1.0), (1.0, now, nan)]
    types = {"customer": "floating", "time": "time", "amount": "floating"}
    log = rk.read(laid(engine, DirtyTable("orders", types, rows, {})), "orders", engine=engine)
    assert [row["customer"] for row in used(log)] == ["100000000", "17850"]
    assert rows_by_reason(log.receipt) == {"missing_id": 1, "missing_number": 1}


def test_a_column_elsewhere_is_found_whatever_its_name_holds(engine: Database | Spark) -> None:
    types = {'who"s `id`; --': "text", "time": "time", "amount": "number"}
    table = laid(engine, DirtyTable("orders", types, [("a", datetime(2024, 3, 1), 1)], {}))
    log = rk.read(table, "orders", columns={"customer": 'who"s `id`; --'}, engine=engine)
    assert [row["customer"] for row in used(log)] == ["a"]


def test_an_infinite_time_is_no_date(in_postgres: Database) -> None:
    rows = [("a", "2024-03-01", "infinity", 5), ("b", "-infinity", None, 5), ("c", "2024-03-01", None, 5)]
    types = {"customer": "text", "start": "time", "end": "time", "mrr": "number"}
    table = laid(in_postgres, DirtyTable("subscriptions", types, rows, {}))
    log = rk.read(table, "subscriptions", engine=in_postgres)
    assert rows_by_reason(log.receipt) == {"bad_date": 2}
    assert [row["customer"] for row in used(log)] == ["c"]


@pytest.mark.parametrize("column", ["time", "amount"])
def test_a_text_where_a_time_or_a_number_is_needed_is_refused_in_one_sentence(
    engine: Database | Spark, column: str
) -> None:
    values = {"customer": "a", "time": datetime(2024, 3, 1), "amount": 1, column: "12 toman"}
    types = {"customer": "text", "time": "time", "amount": "number", column: "text"}
    table = laid(engine, DirtyTable("orders", types, [tuple(values.values())], {}))
    with pytest.raises(rk.RetentionError, match=f'"{column}".* is of type (text|string)') as raised:
        rk.read(table, "orders", engine=engine)
    assert raised.value.code == "not_typed"


@pytest.mark.parametrize("given", [{"formats": {"time": "day_first"}}, {"sheet": "Sheet1"}])
def test_what_only_a_file_has_is_refused_of_a_table_elsewhere(given: dict[str, Any]) -> None:
    with pytest.raises(rk.RetentionError) as raised:
        rk.read("orders", "orders", engine=Database(None), **given)
    assert raised.value.code == "only_of_files"


def test_a_zone_that_is_none_is_refused_of_a_table_elsewhere() -> None:
    with pytest.raises(rk.RetentionError, match="no time zone"):
        rk.read("orders", "orders", engine=Database(None), zone="Mars")


def test_a_table_elsewhere_without_a_usable_row_is_refused_with_the_reason(engine: Database | Spark) -> None:
    types = {"customer": "text", "city": "text"}
    with pytest.raises(rk.RetentionError) as raised:
        rk.read(laid(engine, DirtyTable("customers", types, [(None, "Yazd")], {})), "customers", engine=engine)
    assert (raised.value.code, raised.value.facts["why"].reason) == ("no_usable_row", "missing_id")
    with pytest.raises(rk.RetentionError) as raised:
        rk.read(laid(engine, DirtyTable("customers", types, [], {})), "customers", engine=engine)
    assert raised.value.code == "no_rows"


def test_refused_rows_of_a_table_elsewhere_are_not_written_and_that_is_said(
    elsewhere: rk.Log, tmp_path: Path
) -> None:
    with pytest.raises(rk.RetentionError) as raised:
        write_refused(elsewhere, tmp_path / "refused.csv", "en")
    assert raised.value.code == "refused_elsewhere"
    assert not (tmp_path / "refused.csv").exists()


def test_what_an_engine_stopped_at_is_said_in_its_own_words(engine: Database | Spark) -> None:
    with pytest.raises(rk.RetentionError, match=r"\(.*(does not exist|cannot be found).*\)\. Check"):
        rk.read("nothing", "orders", engine=engine)


def test_two_engines_on_one_session_keep_each_their_own_tables(engine: Database | Spark) -> None:
    types = {"customer": "text", "time": "time", "amount": "number"}
    logs_read = {}
    for customer, amount in (("ana", 1), ("bita", 2)):
        again = type(engine)(engine.session if isinstance(engine, Spark) else engine.connection)
        rows = [(customer, datetime(2024, 3, 1), amount), (customer, datetime(2024, 4, 1), amount)]
        # Each log has a table of its own name: only the names that the kit gives could meet.
        table = laid(again, DirtyTable(f"orders of {customer}", types, rows, {}))
        logs_read[customer] = rk.read(table, "orders", engine=again)
    assert {customer: {row["customer"] for row in used(log)} for customer, log in logs_read.items()} == {
        "ana": {"ana"},
        "bita": {"bita"},
    }
    small = [log.engine.store({"n": [number]}) for number, log in enumerate(logs_read.values())]
    found = [
        log.engine.query("select n from t", t=table) for log, table in zip(logs_read.values(), small, strict=True)
    ]
    assert [frame["n"].tolist() for frame in found] == [[0], [1]]


def test_a_bug_of_the_kit_is_not_told_as_a_mistake_of_the_reader(
    engine: Database | Spark, monkeypatch: pytest.MonkeyPatch
) -> None:
    types = {"customer": "text", "time": "time", "amount": "number"}
    table = laid(engine, DirtyTable("orders", types, [("a", datetime(2024, 3, 1), 1)], {}))
    monkeypatch.setattr("retention_kit.intake.elsewhere._once", lambda *_: "no_such_column")
    with pytest.raises(Exception, match="no_such_column") as raised:
        rk.read(table, "orders", engine=engine)
    assert not isinstance(raised.value, rk.RetentionError)


@pytest.mark.parametrize("given", ["spark", DuckDB()])
def test_what_is_no_engine_that_holds_tables_is_refused_in_one_sentence(given: Any) -> None:
    with pytest.raises(rk.RetentionError, match=r"rk\.engine\.Spark\(session\)") as raised:
        rk.read("orders", "orders", engine=given)
    assert raised.value.code == "wrong_kind"
