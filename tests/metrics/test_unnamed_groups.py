"""Groups under five customers: counted, told together, and never named, whatever a result is turned into."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import retention_kit as rk
from retention_kit.metrics.segments import LEAST_NAMED
from retention_kit.tables import UNNAMED, group_name
from tests.metrics import logs

Metric = Callable[..., rk.Result]
# How many customers each group has; who has no group is in the unknown one.
SIZES = {"site": 6, "shop": 5, "app": 4, "ana's": 1, None: 2}
DAYS = ["2024-01-05", "2024-02-05"]


def of_sizes(sizes: dict[str | None, int]) -> list[tuple[str, str | None]]:
    """Customers, each with their group."""
    return [(f"{group}/{place}", group) for group, size in sizes.items() for place in range(size)]


def orders_of(sizes: dict[str | None, int]) -> rk.Log:
    """Everybody orders in January, and everybody but the first of each group in February."""
    rows = [(who, day, 10, group) for who, group in of_sizes(sizes) for day in DAYS]
    return logs.orders(
        [row for row in rows if row[1] == DAYS[0] or not row[0].endswith("/0")], "2024-02-29", "channel"
    )


def subscriptions_of(sizes: dict[str | None, int]) -> rk.Log:
    """Everybody has a trial until the 10th of January and stays."""
    rows = [
        {"customer": who, "start": "2024-01-03", "trial_end": "2024-01-10", "channel": group}
        for who, group in of_sizes(sizes)
    ]
    return logs.subscriptions(rows, "2024-02-29")


ON_SUBSCRIPTIONS: list[Metric] = [
    rk.metrics.retention_rate,
    rk.metrics.churn,
    rk.metrics.revenue_churn,
    rk.metrics.survival,
    rk.metrics.trials,
    rk.metrics.cohorts,
]
EVERY_METRIC = [
    *((metric, orders_of) for metric in [*logs.ON_ORDERS, rk.metrics.cohorts]),
    *((metric, subscriptions_of) for metric in ON_SUBSCRIPTIONS),
]


@pytest.mark.parametrize(("metric", "log_of"), EVERY_METRIC)
def test_groups_under_five_customers_are_one_group_without_a_name(
    metric: Metric, log_of: Callable[..., rk.Log]
) -> None:
    result = metric(log_of(SIZES), by="channel")
    assert logs.groups(result) == ["site", UNNAMED, "shop", None]
    assert logs.codes(result)["unnamed_groups"] == {"count": 2, "customers": 5, "least": 5}
    assert logs.codes(result)["unknown_group"]["count"] == 2


@pytest.mark.parametrize(("metric", "log_of"), EVERY_METRIC)
def test_a_single_small_group_is_not_named_either(metric: Metric, log_of: Callable[..., rk.Log]) -> None:
    result = metric(log_of({"site": 5, "ana's": 1}), by="channel")
    assert logs.groups(result) == ["site", UNNAMED]
    assert logs.codes(result)["unnamed_groups"] == {"count": 1, "customers": 1, "least": 5}


def test_the_small_groups_are_counted_as_one_group_of_their_customers() -> None:
    """app has 4 customers, of whom 3 order again; ana's only one does not."""
    table = rk.metrics.retention_rate(orders_of(SIZES), by="channel").table
    february = table[(table["group"] == UNNAMED) & (table["period"] == date(2024, 2, 1))].iloc[0]
    assert february[["start", "lost", "end"]].tolist() == [5, 2, 3]


def test_a_name_that_nobody_may_see_stands_nowhere_in_what_is_written_and_drawn() -> None:
    result = rk.metrics.retention_rate(orders_of(SIZES), by="channel")
    written = json.dumps(result.as_dict())
    said = [rk.figures.alternative(result, language) for language in ("en", "fa")]
    said += [note.words(language) for note in result.notes for language in ("en", "fa")]
    figure = rk.figures.retention_rate(result, "en")
    said += [entry.get_text() for entry in figure.legends[0].get_texts()]
    for hidden in ("app", "ana's"):
        assert hidden not in written
        assert not any(hidden in sentence for sentence in said)
    assert group_name(UNNAMED, "en") in said[0]
    assert group_name(UNNAMED, "fa") in said[1]


def results_with_words_of_the_file(word: str) -> list[rk.Result]:
    """Results of logs in which every name, of groups, channels, plans, reasons, events, kinds, holds this word."""
    many = [
        (f"{word} {n}", day, 10, word) for n in range(40) for day in ("2024-01-05", "2024-02-20", "2024-04-01")
    ]
    orders = logs.orders(many, "2024-12-31", "channel")
    events = logs.events([(who, day, word, word) for who, day, *_ in many], "2024-12-31", "channel")
    row = {"end": "2024-03-10", "plan": word, "reason": word, "channel": word, "trial_end": "2024-01-20"}
    subscribed = logs.subscriptions(
        [{"customer": f"{word} {n}", "start": "2024-01-10", **row} for n in range(40)], "2024-12-31"
    )
    points = logs.points([(f"{word} {n}", "2024-02-05", 5, "earned") for n in range(9)], "2024-12-31")
    listed = logs.customers(
        customer=[f"{word} {n}" for n in range(40)], segment=[f"{word} {n}" for n in range(40)]
    )
    alike = {"customers": listed, "by": "segment"}
    return [
        *(metric(orders) for metric in [*logs.ON_ORDERS, rk.metrics.cohorts]),
        *(metric(orders, **alike) for metric in [*logs.ON_ORDERS, rk.metrics.cohorts]),
        rk.metrics.cohorts(events, start=word),
        *(metric(subscribed) for metric in ON_SUBSCRIPTIONS),
        rk.metrics.omnichannel(
            orders, touchpoints=logs.touchpoints([(f"{word} 1", "2024-02-05", word)], "2024-12-31")
        ),
        rk.metrics.loyalty(points, orders=orders, **alike),
        rk.metrics.members(orders, points=points, **alike),
    ]


def test_no_result_holds_words_of_a_file_beside_the_names_of_large_groups() -> None:
    for result in results_with_words_of_the_file("ana"):
        written = json.dumps(result.as_dict())
        assert "ana" not in written, result.name
    large = rk.metrics.churn(orders_of({"ana": 5}), by="channel")
    assert "ana" in json.dumps(large.as_dict())


def test_small_and_unknown_groups_are_told_apart_after_a_result_was_written_down() -> None:
    written = json.loads(json.dumps(rk.metrics.lifecycle(orders_of(SIZES), by="channel").as_dict()))
    read = rk.Result.from_dict(written)
    names = [group_name(group, "en") for group in logs.groups(read)]
    assert names == ["site", "small groups together", "shop", "not known"]


@pytest.mark.parametrize("marker", [UNNAMED, " ", "small groups together"])
def test_a_group_that_is_called_like_the_small_ones_does_no_harm(marker: str) -> None:
    """What is empty in a file is unknown; a group that bears the words of the small ones stays its own."""
    result = rk.metrics.retention_rate(orders_of({"site": 6, marker: 5, "ana's": 1}), by="channel")
    theirs = None if not marker.strip() else marker
    assert logs.groups(result) == ["site", theirs, UNNAMED]
    durations = {"duration": [1] * 11, "left": [1] * 11, "plan": ["site"] * 5 + [marker] * 5 + ["ana's"]}
    curves = rk.metrics.survival(durations, by="plan")
    assert set(logs.groups(curves)) == {"site", theirs, UNNAMED}


def test_customers_count_once_however_often_they_begin() -> None:
    """ana and bita order in four months, so each is in four cohorts; bita's five trials are of one customer."""
    months = ["2024-01-05", "2024-02-05", "2024-03-05", "2024-04-05"]
    rows = [(who, day, 10, "shop") for who in ("ana", "bita") for day in months]
    rows += [(f"{place}", months[0], 10, "site") for place in range(5)]
    cohorts = rk.metrics.cohorts(logs.orders(rows, "2024-04-30", "channel"), by="channel", first_time=False)
    assert logs.groups(cohorts) == ["site", UNNAMED]
    assert logs.codes(cohorts)["unnamed_groups"]["customers"] == 2
    tried = [
        {"customer": "bita", "subscription": day, "start": day, "end": day[:8] + "15", "trial_end": day[:8] + "15"}
        for day in [*months, "2024-05-05"]
    ]
    trials = rk.metrics.trials(
        logs.subscriptions([{**row, "plan": "gold"} for row in tried], "2024-05-31"), by="plan"
    )
    assert trials.table["ended"].sum() == 5
    assert logs.groups(trials) == [UNNAMED]


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 25),
            st.integers(0, 80).map(lambda days: date(2020, 1, 1) + timedelta(days)),
            st.just(10.0),
            st.sampled_from(["site", "shop", "app", "phone", None]),
        ),
        min_size=1,
        max_size=60,
    )
)
def test_no_named_group_has_under_five_customers_and_nobody_is_lost_by_it(rows: list[Any]) -> None:
    log = logs.orders([(f"{who}", *rest) for who, *rest in rows], "2020-03-31", "channel")
    split, whole = (rk.metrics.lifecycle(log, by=by).table for by in ("channel", None))
    sizes = split.groupby("group")["new"].sum()
    assert (sizes.drop(UNNAMED, errors="ignore") >= LEAST_NAMED).all()
    added = split.groupby("period")[["new", "kept", "returned", "lost"]].sum()
    pd.testing.assert_frame_equal(added.reset_index(drop=True), whole[list(added)].reset_index(drop=True))
