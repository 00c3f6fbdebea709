"""Numbers by group: who belongs where, each group against an oracle, and what groups may never change."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import retention_kit as rk
from retention_kit.metrics import activity
from retention_kit.metrics import segments as segments_room
from retention_kit.metrics.segments import Segmentation
from tests import oracle
from tests.metrics import logs

pytestmark = pytest.mark.usefixtures("named")

ON_SUBSCRIPTIONS: list[logs.Metric] = [
    rk.metrics.retention_rate,
    rk.metrics.churn,
    rk.metrics.revenue_churn,
    rk.metrics.survival,
]

SMALL = [
    ("ana", "2024-01-05", 10, "shop"),
    ("ana", "2024-02-05", 10, "site"),
    ("bita", "2024-01-20", 10, "site"),
    ("bita", "2024-01-20", 10, "app"),
    ("cyrus", "2024-01-31", 10, None),
    ("cyrus", "2024-02-10", 10, "shop"),
    ("dara", "2024-02-11", 10, "shop"),
    ("elham", "2024-01-11", 10, " "),
]


@pytest.fixture(scope="module")
def named() -> Iterator[None]:
    """Groups in logs that can be checked by eye are small: here all of them are named."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segments_room, "LEAST_NAMED", 1)
        yield


def test_a_customer_belongs_for_good_to_the_group_of_their_first_row() -> None:
    """ana's first row says shop; bita's two first rows say site and app, of which app is the least; cyrus' first
    row names no group and elham's only a space; dara began in the shop.

    shop     ana Jan Feb, dara Feb
    unknown  cyrus Jan Feb, elham Jan
    app      bita Jan
    """
    result = rk.metrics.retention_rate(logs.orders(SMALL, "2024-02-29", "channel"), by="channel")
    assert logs.groups(result) == ["shop", None, "app"]
    assert result.table["start"].tolist() == [0, 1, 0, 2, 0, 1]
    assert result.table["end"].tolist() == [1, 2, 2, 1, 1, 0]
    assert result.table["retention_rate"].dropna().tolist() == [1, 0.5, 0]
    assert logs.codes(result)["unknown_group"] == {"count": 2, "customers": 5}
    assert logs.codes(result)["few_in_group"] == {"count": 3, "groups": 3, "least": 30}


def test_the_headline_is_of_all_customers_together() -> None:
    log = logs.orders(SMALL, "2024-02-29", "channel")
    for metric in logs.ON_ORDERS:
        assert metric(log, by="channel").headline == metric(log).headline


def test_groups_may_come_from_a_log_of_customers_and_who_is_not_in_it_is_unknown() -> None:
    log = logs.orders(SMALL, "2024-02-29", "channel")
    customers = logs.customers(customer=["ana", "dara", "zari"], city=["Yazd", "Qom", "Qom"])
    result = rk.metrics.lifecycle(log, by="city", customers=customers)
    assert logs.groups(result) == [None, "Qom", "Yazd"]
    assert result.table["new"].tolist() == [3, 0, 0, 1, 1, 0]
    assert {"groups_of_today", "unknown_group"} <= logs.codes(result).keys()
    assert "groups_for_life" not in logs.codes(result)


def test_a_column_of_subscriptions_groups_them_by_their_first_stretch() -> None:
    """ana begins on bronze and rises to gold; bita begins on gold and leaves."""
    rows = [
        {"customer": "ana", "start": "2024-01-10", "end": "2024-02-10", "mrr": 100.0, "plan": "bronze"},
        {"customer": "ana", "start": "2024-02-10", "mrr": 150.0, "plan": "gold"},
        {"customer": "bita", "start": "2024-01-10", "end": "2024-02-10", "mrr": 80.0, "plan": "gold"},
    ]
    log = logs.subscriptions(rows, "2024-02-29")
    table = rk.metrics.revenue_churn(log, by="plan").table
    assert table["group"].tolist() == ["bronze", "bronze", "gold", "gold"]
    assert table["expansion"].tolist() == [0, 50, 0, 0]
    assert table["churn"].tolist() == [0, 0, 0, 80]
    curves = rk.metrics.survival(log, by="plan").table
    assert curves["group"].tolist() == ["bronze", "bronze", "gold", "gold"]
    assert curves["survival"].tolist() == [1, 1, 1, 0]


def test_any_column_of_a_file_can_group_its_customers(tmp_path: Any) -> None:
    path = tmp_path / "orders.csv"
    bought = ["buyer,date,total,country", "ana,2024-01-05,10,IR", "bita,2024-01-05,10,DE", "bita,2024-02-28,1,IR"]
    path.write_text("\n".join(bought))
    log = rk.read(path, "orders", columns={"segment": "country"})
    assert logs.groups(rk.metrics.retention_rate(log, by="segment")) == ["DE", "IR"]
    path.write_text("customer,start,end,amount,size\nana,2024-01-05,,9,big\nbita,2024-01-05,2024-02-05,9,small")
    log = rk.read(path, "subscriptions", columns={"segment": "size"}, observed_until="2024-02-29")
    assert logs.groups(rk.metrics.churn(log, by="segment")) == ["big", "small"]


def refused(metric: logs.Metric, *given: Any, **how: Any) -> str:
    with pytest.raises(rk.RetentionError) as error:
        metric(*given, **how)
    assert error.value.words("fa")
    return str(error.value)


def test_what_cannot_group_is_refused_in_one_sentence() -> None:
    log = logs.orders(SMALL, "2024-02-29", "channel")
    alone = logs.orders([row[:3] for row in SMALL], "2024-02-29")
    customers = logs.customers(customer=["ana"], city=["Yazd"])
    durations = {"duration": [1, 2], "left": [1, 0], "plan": ["a", "b"]}
    rate, survival = rk.metrics.retention_rate, rk.metrics.survival
    assert 'Did you mean "channel"' in refused(rate, log, by="chanel")
    assert "one of channel" in refused(rate, log, by="amount")
    assert "one of city" in refused(rate, log, customers=customers)
    assert "one of customers" in refused(rate, log, by="channel", customers=log)
    assert "no column that could hold groups" in refused(rate, alone, by="channel")
    assert "one of plan" in refused(survival, durations, by="customer")
    assert "names no customers" in refused(survival, durations, by="city", customers=customers)


def test_a_reason_for_leaving_is_no_group_for_whoever_stays_has_none() -> None:
    row = {"customer": "ana", "start": "2024-01-10", "plan": "gold"}
    log = logs.subscriptions([{**row, "end": "2024-02-10", "reason": "too dear"}], "2024-02-29")
    for metric in ON_SUBSCRIPTIONS:
        said = refused(metric, log, by="reason")
        assert said.startswith('"reason" is written down when somebody leaves')
        assert "plan" in said
    assert "reason" not in refused(rk.metrics.churn, log, by="colour")


def test_a_column_of_ids_is_no_grouping() -> None:
    rows = [(f"c{n}", "2024-01-05", 10, f"order {n}") for n in range(51)]
    durations = pd.DataFrame({"duration": 1, "left": 1, "id": range(51)})
    assert "51" in refused(rk.metrics.stickiness, logs.orders(rows, "2024-01-31", "channel"), by="channel")
    assert "51" in refused(rk.metrics.survival, durations, by="id")
    assert logs.groups(rk.metrics.stickiness(logs.orders(rows[1:], "2024-01-31", "channel"), by="channel"))


def test_nothing_stays_in_the_engine() -> None:
    log = logs.orders(SMALL, "2024-02-29", "channel")
    before = log.engine.query("show tables")
    rk.metrics.stickiness(log, by="channel")
    refused(rk.metrics.stickiness, log, by="amount")
    pd.testing.assert_frame_equal(log.engine.query("show tables"), before)


def test_nobody_is_in_no_group() -> None:
    free = {"customer": "ana", "start": "2024-01-10", "mrr": 0.0, "plan": "free"}
    log = logs.subscriptions([free], "2024-02-29")
    for metric in ON_SUBSCRIPTIONS:
        result = metric(log, by="plan")
        assert result.table.empty
        assert result.table.columns[0] == "group"
        assert result.headline["sentence"] in ("none", "nobody")


ROWS = st.lists(
    st.tuples(
        st.sampled_from("abcdefgh"),
        st.integers(0, 200).map(lambda days: date(2020, 1, 1) + timedelta(days)),
        st.sampled_from([10.0, 2.5, 0.0, -3.0]),
        st.sampled_from(["site", "shop", "app", None]),
    ),
    min_size=1,
    max_size=40,
)


def of_group(table: pd.DataFrame, group: str | None) -> pd.DataFrame:
    return table[table["group"].isna() if group is None else table["group"] == group]


@pytest.mark.parametrize("every", ["week", "month"])
@settings(max_examples=15, deadline=None)
@given(rows=ROWS)
def test_each_group_is_counted_as_its_customers_alone_are(every: str, rows: list[Any]) -> None:
    until = max(day for _, day, *_ in rows) + timedelta(60)
    last = oracle.period_number(until + timedelta(1), every, "gregorian") - 1
    log = logs.orders(rows, until, "channel")
    rates, stages, sticky = (
        metric(log, every=every, by="channel").table
        for metric in (rk.metrics.retention_rate, rk.metrics.lifecycle, rk.metrics.stickiness)
    )
    parts = {group: part for group, part in oracle.by_segment(rows).items() if oracle.lives(part, every, "jalali")}
    assert {None if pd.isna(group) else group for group in rates["group"]} == set(parts)
    for group, part in parts.items():
        flow = oracle.flow(part, every, "gregorian", last)
        for name in ("start", "new", "returned", "lost", "end"):
            assert of_group(rates, group)[name].tolist()[: len(flow)] == [row[name] for row in flow]
        kept = of_group(stages, group)["kept"].tolist()
        assert kept[: len(flow)] == [row["kept"] for row in oracle.stages(part, every, "gregorian", last)]
        counted = of_group(sticky, group).set_index("periods_active")["customers"]
        assert counted[counted > 0].to_dict() == oracle.periods_active(part, every, "gregorian", last)


def sums(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """The whole numbers of a table, added up over its groups."""
    whole = [name for name in table if table[name].dtype.kind in "iu" and name != by]
    return table.groupby(by)[whole].sum(min_count=1).astype("Int64")


@pytest.mark.parametrize(
    ("metric", "by"), list(zip(logs.ON_ORDERS, [*["period"] * 3, "periods_active"], strict=True))
)
@settings(max_examples=10, deadline=None)
@given(rows=ROWS)
def test_groups_of_orders_add_up_to_the_whole(metric: logs.Metric, by: str, rows: list[Any]) -> None:
    log = logs.orders(rows, max(day for _, day, *_ in rows) + timedelta(9), "channel")
    split, whole = metric(log, by="channel").table, metric(log).table
    if not split.empty:
        pd.testing.assert_frame_equal(sums(split, by), sums(whole, by))


NAMES = {"a": "site", "b": "site", "c": "shop", "d": "app", "e": "shop", "f": None, "g": "site", "h": None}
OTHER_NAMES = {"site": "Z", "shop": "b; drop table orders", "app": "اپ", None: None}


@pytest.mark.parametrize("metric", logs.ON_ORDERS)
@settings(max_examples=10, deadline=None)
@given(rows=ROWS)
def test_other_names_of_the_groups_change_no_number(metric: logs.Metric, rows: list[Any]) -> None:
    until = max(day for _, day, *_ in rows) + timedelta(9)
    named, renamed = (
        metric(logs.orders([(*row[:3], name[row[0]]) for row in rows], until, "channel"), by="channel").table
        for name in (NAMES, {who: OTHER_NAMES[name] for who, name in NAMES.items()})
    )
    for group, other in OTHER_NAMES.items():
        ours, theirs = (
            of_group(table, name).drop(columns="group").reset_index(drop=True)
            for table, name in ((named, group), (renamed, other))
        )
        pd.testing.assert_frame_equal(ours, theirs)


@settings(max_examples=15, deadline=None)
@given(rows=ROWS)
def test_both_ways_of_counting_give_the_same_cube(rows: list[Any]) -> None:
    log = logs.orders(rows, max(day for _, day, *_ in rows), "channel")
    segmentation = Segmentation(by="channel")
    with pytest.MonkeyPatch.context() as patch:
        fast = activity.activity(log, "month", "jalali", segmentation=segmentation)
        patch.setattr(activity, "MOST_BITS", 0)
        slow = activity.activity(log, "month", "jalali", segmentation=segmentation)
    pd.testing.assert_frame_equal(fast.cube, slow.cube, check_dtype=False)
    assert fast.only_refunds == slow.only_refunds


@settings(max_examples=15, deadline=None)
@given(drawn=logs.COMPANIES)
def test_the_movements_of_each_group_are_those_of_its_customers(drawn: list[Any]) -> None:
    """Every other customer is on gold; the first, who is always there, on none."""
    plans: dict[str, list[list[dict[str, Any]]]] = {"gold": [], "silver": [], "": []}
    for place, customer in enumerate(logs.customers_of(drawn)):
        paid = [{**row, "start": row["start"] + row["trial"]} for row in customer]
        plan = "" if place == len(drawn) else ("gold", "silver")[place % 2]
        plans[plan].append([row for row in paid if row["start"] < row["end"]])
    plan_of = {row["customer"]: plan for plan, customers in plans.items() for part in customers for row in part}
    rows = [
        {**logs.written(row), "plan": plan_of.get(row["customer"])}
        for part in logs.customers_of(drawn)
        for row in part
    ]
    log = logs.subscriptions(rows, logs.LAST)
    table = rk.metrics.revenue_churn(log, by="plan").table
    flow = rk.metrics.retention_rate(log, by="plan").table
    for group in logs.groups(rk.metrics.churn(log, by="plan")):
        expected = oracle.revenue_movements(plans[group or ""], logs.INSTANTS, gap=7, limit=90)
        for name in ("opening", *logs.MOVEMENTS, "closing", "came_and_left"):
            assert of_group(table, group)[name].tolist() == [row.get(name, 0) for row in expected], name
        assert of_group(flow, group)["lost"].tolist() == [row.get("lost", 0) for row in expected]
    curves = rk.metrics.survival(log, by="plan").table
    pd.testing.assert_frame_equal(sums(curves, "age"), sums(rk.metrics.survival(log).table, "age"))
