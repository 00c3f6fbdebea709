"""Customer churn, and how much of it nobody chose."""

import pytest

import retention_kit as rk
from retention_kit.metrics.churn import cause_of
from tests.metrics import logs


def test_churn_and_retention_are_one() -> None:
    log = logs.orders(logs.SMALL, "2024-03-31")
    kept, lost = rk.metrics.retention_rate(log).table, rk.metrics.churn(log).table
    assert (kept["retention_rate"] + lost["churn_rate"]).tolist()[1:] == [1, 1]
    assert lost["churn_rate"].tolist()[1:] == [pytest.approx(2 / 3), 0.5]


def test_orders_know_no_reasons() -> None:
    result = rk.metrics.churn(logs.orders(logs.SMALL, "2024-03-31"))
    assert result.table[["voluntary", "involuntary", "unknown"]].isna().all(axis=None)
    assert result.headline["sentence"] == "one"


def test_the_lost_are_told_apart_by_the_reason_of_their_last_end() -> None:
    """bita's card failed, cyrus found it dear, dara said nothing; elham's card failed, then she ended the rest."""
    ended = {"start": "2024-01-01", "end": "2024-02-10"}
    rows = [
        {"customer": "ana", "start": "2024-01-01"},
        {"customer": "bita", **ended, "reason": "Payment_Failed"},
        {"customer": "cyrus", **ended, "reason": "too expensive"},
        {"customer": "dara", **ended},
        {"customer": "elham", **ended, "reason": "card expired"},
        {"customer": "elham", **ended, "end": "2024-02-20", "subscription": "2", "reason": "too expensive"},
    ]
    result = rk.metrics.churn(logs.subscriptions(rows, "2024-02-29"))
    february = result.table.iloc[1]
    assert february[["start", "lost", "voluntary", "involuntary", "unknown"]].tolist() == [5, 4, 2, 1, 1]
    assert february["churn_rate"] == 0.8
    assert result.headline["involuntary_share"] == 1 / 3
    assert {note.code: note.facts for note in result.notes}["unknown_reasons"] == {"count": 1, "lost": 4}


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("پرداخت ناموفق", "involuntary"),
        ("انقضاي كارت", "involuntary"),
        ("گران بود", "voluntary"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_a_reason_is_read_in_any_spelling(reason: str | None, cause: str) -> None:
    assert cause_of(reason) == cause


def test_the_running_period_has_no_losses() -> None:
    rows = [{"customer": "ana", "start": "2024-01-01", "end": "2024-02-10"}]
    running = rk.metrics.churn(logs.subscriptions(rows, "2024-02-20")).table.iloc[1]
    assert running[["lost", "voluntary", "involuntary", "unknown", "churn_rate"]].isna().all()
