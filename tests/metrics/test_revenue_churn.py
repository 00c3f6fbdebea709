"""Movements of recurring revenue: stories small enough to check by eye, published ones, and an oracle."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

import retention_kit as rk
from tests import oracle
from tests.metrics import logs

EXAMPLES = json.loads((Path(__file__).parent.parent / "data" / "crosschecks.json").read_text())["worked_examples"]


def moved(log: rk.Log, **how: Any) -> list[dict[str, float]]:
    """What moved in each month, without the zeros."""
    table = rk.metrics.revenue_churn(log, **how).table
    return [{name: row[name] for name in logs.MOVEMENTS if row[name]} for row in table.to_dict("records")]


def test_a_published_story_has_its_published_movements() -> None:
    """4 Gold a year for 2000; 2 Silver more; Silver ends; Gold ends with what was paid for; 3 Gold a month."""
    story = [
        {"customer": "ana", "subscription": "gold", "start": "2023-01-10", "end": "2024-01-10", "mrr": 166.67},
        {"customer": "ana", "subscription": "silver", "start": "2023-03-05", "end": "2023-06-05", "mrr": 60.0},
        {"customer": "ana", "subscription": "again", "start": "2024-05-01", "mrr": 150.0},
    ]
    found = [row for row in moved(logs.subscriptions(story, "2024-05-31")) if row]
    published = [(step[1].split()[0], abs(step[2])) for step in EXAMPLES["chartmogul_movements_story"]["steps"]]
    assert [next(iter(row.items())) for row in found] == published


def test_a_published_month_gives_its_published_rates() -> None:
    """100 at the start; bita leaves with 10; cyrus falls from 20 to 10; dara rises from 70 to 80."""
    rows: list[dict[str, Any]] = [{"customer": "bita", "start": "2024-01-01", "end": "2024-02-10", "mrr": 10.0}]
    for who, before, after in (("cyrus", 20.0, 10.0), ("dara", 70.0, 80.0)):
        rows += [
            {"customer": who, "start": "2024-01-01", "end": "2024-02-10", "mrr": before},
            {"customer": who, "start": "2024-02-10", "mrr": after},
        ]
    february = rk.metrics.revenue_churn(logs.subscriptions(rows, "2024-02-29")).table.iloc[1]
    example = EXAMPLES["chartmogul_mrr_churn"]
    assert (february["opening"], february["gross_churn"], february["net_churn"]) == (
        example["start"],
        example["gross"],
        example["net"],
    )
    assert february["quick_ratio"] == 0.5
    assert february["arpa"] == 45.0
    assert february["gross_low"] <= 0.2 <= february["gross_high"]


def test_nothing_is_paid_before_the_first_paid_day() -> None:
    """The trial ends on 10 February; a second trial ends with the subscription, a third still runs."""
    rows = [
        {"customer": "ana", "start": "2024-01-27", "trial_end": "2024-02-10"},
        {"customer": "bita", "start": "2024-01-27", "trial_end": "2024-02-10", "end": "2024-02-10"},
        {"customer": "cyrus", "start": "2024-02-27", "trial_end": "2024-03-10"},
        {"customer": "dara", "start": "2024-01-27", "mrr": 0.0},
    ]
    assert moved(logs.subscriptions(rows, "2024-02-29")) == [{}, {"new": 100.0}]


@pytest.mark.parametrize(("days", "february"), [(7, {}), (8, {"churn": 100.0})])
@pytest.mark.parametrize("subscription", ["1", "2"])
def test_a_renewal_late_by_up_to_seven_days_is_no_churn(
    days: int, february: dict[str, float], subscription: str
) -> None:
    """Paid until 26 February; renewed under the same number or another."""
    back = date(2024, 2, 26) + timedelta(days)
    rows = [
        {"customer": "ana", "start": "2024-01-10", "end": "2024-02-26"},
        {"customer": "ana", "start": back, "subscription": subscription},
    ]
    assert moved(logs.subscriptions(rows, "2024-03-31"))[1] == february


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (90, [{"new": 100.0}, {"contraction": 100.0}, {}, {}, {"expansion": 100.0}]),
        (91, [{"new": 100.0}, {"churn": 100.0}, {}, {}, {"reactivation": 100.0}]),
    ],
)
def test_a_pause_is_no_churn_unless_it_outlasts_its_limit(days: int, expected: list[dict[str, float]]) -> None:
    """Paused from 10 February, in two stretches, and paying again in May."""
    back = date(2024, 2, 10) + timedelta(days)
    rows = [
        {"customer": "ana", "start": "2024-01-10", "end": "2024-02-10"},
        {"customer": "ana", "start": "2024-02-10", "end": "2024-03-10", "status": "paused", "mrr": 0.0},
        {"customer": "ana", "start": "2024-03-10", "end": back, "status": "paused", "mrr": 0.0},
        {"customer": "ana", "start": back},
    ]
    log = logs.subscriptions(rows, "2024-05-31")
    assert moved(log) == expected
    assert moved(log, pause_limit=100)[1] == {"contraction": 100.0}


@pytest.mark.parametrize(
    ("opens", "expected"),
    [
        ("2024-05-10", [{"contraction": 60.0}, {"expansion": 80.0}]),
        ("2024-05-17", [{"contraction": 60.0}, {"expansion": 80.0}]),
        ("2024-05-01", [{"contraction": 60.0}, {"expansion": 80.0}]),
        ("2024-05-18", [{"churn": 60.0}, {"reactivation": 80.0}]),
    ],
    ids=["as the pause ends", "seven days later", "while it lasts", "eight days later"],
)
def test_a_pause_that_ends_in_another_subscription_is_no_churn(
    opens: str, expected: list[dict[str, float]]
) -> None:
    """ana's first subscription is paused from the 10th of April to the 10th of May; her second one opens then."""
    rows = [
        {"customer": "ana", "start": "2024-03-01", "end": "2024-04-10", "mrr": 60.0},
        {"customer": "ana", "start": "2024-04-10", "end": "2024-05-10", "status": "paused", "mrr": 0.0},
        {"customer": "ana", "start": opens, "subscription": "2", "mrr": 80.0},
    ]
    assert moved(logs.subscriptions(rows, "2024-05-31"))[1:] == expected


def test_money_is_new_where_the_customer_is_new() -> None:
    """ana pays ten days of January, is paused at its end and in February pays again: she is new in January."""
    rows = [
        {"customer": "ana", "start": "2024-01-10", "end": "2024-01-20"},
        {"customer": "ana", "start": "2024-01-20", "end": "2024-02-20", "status": "paused", "mrr": 0.0},
        {"customer": "ana", "start": "2024-02-20"},
    ]
    log = logs.subscriptions(rows, "2024-02-29")
    assert rk.metrics.retention_rate(log).table["new"].tolist() == [1, 0]
    assert moved(log) == [{}, {"expansion": 100.0}]


def test_a_pause_that_ends_in_nothing_was_churn_when_it_began() -> None:
    rows = [
        {"customer": "ana", "start": "2024-01-10", "end": "2024-02-10"},
        {"customer": "ana", "start": "2024-02-10", "end": "2024-03-10", "status": "paused", "mrr": 0.0},
    ]
    assert moved(logs.subscriptions(rows, "2024-03-31")) == [{"new": 100.0}, {"churn": 100.0}, {}]


def test_a_pause_that_still_runs_is_shown_and_said() -> None:
    rows = [
        {"customer": "ana", "start": "2024-01-10", "end": "2024-02-10"},
        {"customer": "ana", "start": "2024-02-10", "status": "paused", "mrr": 0.0},
        {"customer": "bita", "start": "2024-01-10"},
    ]
    result = rk.metrics.revenue_churn(logs.subscriptions(rows, "2024-02-29"))
    assert result.table["paused"].tolist() == [0, 1]
    assert result.table["paying"].tolist() == [2, 1]
    assert {note.code for note in result.notes} == {"left_truncated", "small_groups", "paused"}


def test_several_subscriptions_are_one_customer_who_leaves_with_the_last() -> None:
    rows = [
        {"customer": "ana", "subscription": "a", "start": "2024-01-10", "end": "2024-02-10", "mrr": 30.0},
        {"customer": "ana", "subscription": "b", "start": "2024-01-10", "end": "2024-03-10", "mrr": 50.0},
    ]
    assert moved(logs.subscriptions(rows, "2024-03-31")) == [{"new": 80.0}, {"contraction": 30.0}, {"churn": 50.0}]


def test_who_came_and_left_inside_a_period_is_counted_apart() -> None:
    rows = [
        {"customer": "ana", "start": "2024-01-01"},
        {"customer": "bita", "start": "2024-02-03", "end": "2024-02-20"},
    ]
    log = logs.subscriptions(rows, "2024-02-29")
    assert moved(log) == [{"new": 100.0}, {}]
    assert rk.metrics.revenue_churn(log).table["came_and_left"].tolist() == [0, 1]
    flow = rk.metrics.retention_rate(log).table
    assert flow[["new", "lost", "came_and_left"]].iloc[1].tolist() == [0, 0, 1]


def test_a_customer_is_held_at_the_last_moment_of_a_period() -> None:
    """Who starts on 1 February is of February; who is paid for until 1 February was here on 31 January."""
    rows = [
        {"customer": "ana", "start": "2024-02-01"},
        {"customer": "bita", "start": "2024-01-01", "end": "2024-02-01"},
    ]
    assert moved(logs.subscriptions(rows, "2024-02-29")) == [{"new": 100.0}, {"new": 100.0, "churn": 100.0}]


def test_the_running_period_has_nothing_but_its_opening() -> None:
    running = rk.metrics.revenue_churn(
        logs.subscriptions([{"customer": "ana", "start": "2024-01-10"}], "2024-02-20")
    ).table.iloc[-1]
    assert running["opening"] == 100
    assert running.drop(["period", "opening"]).isna().all()


def test_a_period_without_losses_has_no_interval_and_a_sentence_of_its_own() -> None:
    rows = [{"customer": who, "start": "2024-01-10"} for who in ("ana", "bita")]
    result = rk.metrics.revenue_churn(logs.subscriptions(rows, "2024-02-29"))
    assert result.table["gross_churn"].iloc[1] == 0
    assert result.table[["gross_low", "gross_high"]].isna().all(axis=None)
    assert result.headline["sentence"] == "kept"


def test_a_log_of_trials_has_no_revenue_and_says_so() -> None:
    log = logs.subscriptions([{"customer": "ana", "start": "2024-01-10", "trial_end": "2024-03-10"}], "2024-02-29")
    result = rk.metrics.revenue_churn(log)
    assert result.table[["opening", "closing"]].eq(0).all(axis=None)
    assert result.table[["gross_churn", "gross_low", "arpa"]].isna().all(axis=None)
    assert result.headline["sentence"] == "none"
    assert rk.metrics.survival(log).headline["sentence"] == "none"


def test_a_log_of_orders_is_refused() -> None:
    with pytest.raises(rk.RetentionError, match="subscriptions"):
        rk.metrics.revenue_churn(logs.orders([("ana", "2024-01-01", 1)], "2024-01-31"))


@settings(max_examples=40, deadline=None)
@given(drawn=logs.COMPANIES)
def test_every_movement_equals_the_plain_python_sum(drawn: list[list[list[dict[str, int]]]]) -> None:
    customers = logs.customers_of(drawn)
    rows = [row for customer in customers for row in customer]
    log = logs.subscriptions([logs.written(row) for row in rows], logs.LAST)
    table = rk.metrics.revenue_churn(log).table
    afterwards = [
        [
            {**row, "start": row["start"] + row["trial"]}
            for row in customer
            if row["start"] + row["trial"] < row["end"]
        ]
        for customer in customers
    ]
    expected = oracle.revenue_movements(afterwards, logs.INSTANTS, gap=7, limit=90)
    for ours, theirs in zip(table.to_dict("records"), expected, strict=True):
        for name in ("opening", *logs.MOVEMENTS, "closing", "came_and_left"):
            assert ours[name] == theirs.get(name, 0), name
        gains = ours["new"] + ours["expansion"] + ours["reactivation"]
        assert ours["opening"] + gains - ours["contraction"] - ours["churn"] == ours["closing"]
        assert not ours["gross_retention"] > min(1, ours["net_retention"])
    flow = rk.metrics.retention_rate(log).table
    assert flow["lost"].tolist() == [row.get("lost", 0) for row in expected]
    assert flow["start"].tolist() == [row.get("start", 0) for row in expected]
    assert (flow["start"] - flow["lost"] + flow["new"] + flow["returned"]).tolist() == flow["end"].tolist()


def test_the_interval_is_the_same_for_the_same_seed_and_narrows_with_more_customers() -> None:
    def company_of(size: int) -> rk.Log:
        return logs.subscriptions(
            [
                {"customer": f"{n:04}", "start": "2024-01-01", "end": "2024-02-10" if n % 5 == 0 else None}
                for n in range(size)
            ],
            "2024-02-29",
        )

    def bounds(size: int) -> tuple[float, float]:
        row = rk.metrics.revenue_churn(company_of(size)).table.iloc[1]
        return row["gross_low"], row["gross_high"]

    assert bounds(100) == bounds(100)
    low, high = bounds(1600)  # dealt into blocks: near the interval of a share of 1,600 customers
    assert (low, high) == pytest.approx(rk.formulas.wilson_interval(320.0, 1600.0), abs=0.012)
    assert high - low < bounds(100)[1] - bounds(100)[0]


@pytest.mark.parametrize("rhythm", [2, 3, 10, 397])
def test_a_rhythm_in_the_order_of_the_customers_does_not_narrow_the_interval(rhythm: int) -> None:
    """Every so many-th of 8,000 customers leaves: the interval is that of a share of 8,000."""
    rows = [
        {"customer": f"{n:05}", "start": "2024-01-01", "end": "2024-02-10" if n % rhythm == 0 else None}
        for n in range(8000)
    ]
    row = rk.metrics.revenue_churn(logs.subscriptions(rows, "2024-02-29")).table.iloc[1]
    leavers = float(sum(row["end"] is not None for row in rows))
    low, high = rk.formulas.wilson_interval(leavers, 8000.0)
    assert row["gross_high"] - row["gross_low"] == pytest.approx(high - low, rel=0.2)


def test_a_yearly_plan_counts_a_twelfth_in_the_published_recurring_revenue(tmp_path: Path) -> None:
    """stripe_mrr: 100 customers pay 100 a month, 50 pay 600 a year."""
    example = EXAMPLES["stripe_mrr"]
    rows = [f"m{n},2024-01-01,100,month" for n in range(example["planA"][0])]
    rows += [f"y{n},2024-01-01,600,year" for n in range(example["planB"][0])]
    path = tmp_path / "subscriptions.csv"
    path.write_text("\n".join(["customer,start,amount,interval", *rows]), "utf-8")
    log = rk.read(path, "subscriptions", observed_until="2024-01-31")
    assert rk.metrics.revenue_churn(log).table["closing"].tolist() == [example["mrr"]]
