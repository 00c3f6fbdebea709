"""The records that travel: what is written down can be read back."""

import gc
import json
import pickle
from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from weakref import ref

import pandas as pd
import pytest
from pandas.api.types import is_numeric_dtype

import retention_kit as rk
from retention_kit.language import text
from retention_kit.tables import Note, Receipt, Refusal, Result
from tests.metrics import logs


@pytest.mark.parametrize("metric", [rk.metrics.retention_rate, rk.metrics.cohorts])
def test_a_result_that_was_written_down_says_the_same_when_it_is_read_again(
    shop: rk.Log, metric: Callable[..., Result]
) -> None:
    result = metric(shop, calendar="jalali")
    again = Result.from_dict(json.loads(json.dumps(result.as_dict())))
    for language in ("en", "fa"):
        assert rk.say(again, language) == rk.say(result, language)
        assert [note.words(language) for note in again.notes] == [note.words(language) for note in result.notes]
    assert again.as_dict() == result.as_dict()


def test_a_cell_that_is_no_number_is_told_in_the_readers_words() -> None:
    result = Result("members", pd.DataFrame(), every="month", calendar="jalali", headline={})
    assert result.told("who", "others", "fa") == "دیگران"
    assert result.told("period", date(2024, 3, 20), "fa") == "فروردین ۱۴۰۳"
    assert result.told("group", None, "en") == text("segments.unknown", "en")
    assert result.told("plan", "Sprout", "fa") == "Sprout"
    assert result.told("customers", 3, "fa") is None


def test_the_lines_of_refused_rows_are_listed_as_the_language_lists_and_say_where_there_are_more() -> None:
    all_told = Receipt("a.csv", "orders", (), 9, (Refusal("bad_date", 2, (52, 403)),))
    first = Receipt("a.csv", "orders", (), 9, (Refusal("bad_date", 5, (3, 52, 403)),))
    assert all_told.words("en").endswith(": not a date, lines 52, 403")
    assert all_told.words("fa").endswith(": تاریخ نیست، سطرهای ۵۲، ۴۰۳")
    assert first.words("en").endswith(": not a date, lines 3, 52, 403 and more")
    assert first.words("fa").endswith(": تاریخ نیست، سطرهای ۳، ۵۲، ۴۰۳ و …")


# Each metric on a company of whom it has something to tell, and the trials of one who gives none.
METRICS = [
    ("online_retail", "orders", "retention_rate"),
    ("online_retail", "orders", "churn"),
    ("online_retail", "orders", "cohorts"),
    ("online_retail", "orders", "lifecycle"),
    ("online_retail", "orders", "stickiness"),
    ("gol_box", "subscriptions", "retention_rate"),
    ("gol_box", "subscriptions", "revenue_churn"),
    ("gol_box", "subscriptions", "survival"),
    ("gol_box", "subscriptions", "trials"),
    ("gol_box", "points", "loyalty"),
    ("kara", "subscriptions", "trials"),
    ("bazarche", "orders", "omnichannel"),
]


def read_back(result: Result) -> Result:
    return Result.from_dict(json.loads(json.dumps(result.as_dict())))


def drawn(result: Result) -> bytes:
    picture = BytesIO()
    getattr(rk.figures, result.name)(result, "en").savefig(picture, format="png", dpi=40)
    return picture.getvalue()


@pytest.mark.parametrize(("company", "contract", "metric"), METRICS)
def test_a_result_that_is_read_again_holds_numbers_where_it_did_and_draws_the_same_figure(
    company: str, contract: str, metric: str
) -> None:
    result = getattr(rk.metrics, metric)(rk.load(company, contract))
    again = read_back(result)
    assert kinds(again.table) == kinds(result.table)
    if result.summary is not None:
        assert kinds(again.summary) == kinds(result.summary)
    assert again.as_dict() == result.as_dict()
    assert rk.say(again, "fa") == rk.say(result, "fa")
    assert drawn(again) == drawn(result)


def kinds(table: pd.DataFrame) -> dict[str, bool]:
    return {str(name): is_numeric_dtype(table[name]) for name in table}


def test_counts_of_which_one_is_missing_stay_whole_and_shares_of_nobody_stay_numbers() -> None:
    table = pd.DataFrame(
        {
            "group": [None, None],
            "period": [date(2024, 1, 1), date(2024, 2, 1)],
            "ended": pd.Series([3, None], dtype="Int64"),
            "conversion_rate": [float("nan")] * 2,
        }
    )
    again = read_back(Result("trials", table, "month", "gregorian", {})).table
    assert [str(kind) for kind in again.dtypes] == ["object", "object", "Int64", "float64"]
    assert again["period"].tolist() == table["period"].tolist()


@pytest.fixture
def kept() -> Result:
    return rk.metrics.retention_rate(logs.orders(logs.SMALL, "2024-03-31"))


def test_what_a_result_says_cannot_be_written_over(kept: Result) -> None:
    before = rk.say(kept, "en")
    with pytest.raises(TypeError):
        kept.headline["rate"] = 99
    with pytest.raises(TypeError):
        kept.notes[0].facts["period"] = "never"
    assert rk.say(kept, "en") == before


def test_a_result_is_equal_to_itself_only_and_can_be_a_key(kept: Result) -> None:
    again = read_back(kept)
    assert kept == kept  # noqa: PLR0124 the rule itself
    assert kept != again
    assert len({kept, again}) == 2


def test_notes_of_one_fact_are_equal_and_can_be_keys() -> None:
    notes = {Note("few", {"count": 1}), Note("few", {"count": 1}), Note("few", {"count": 2})}
    assert len(notes) == 2


def test_a_result_travels_to_another_process(kept: Result) -> None:
    there = pickle.loads(pickle.dumps(kept))  # noqa: S301 what was just written
    assert there.as_dict() == kept.as_dict()
    assert there.notes == kept.notes


def twice(write_orders: Callable[[Sequence[Any]], Path]) -> rk.Log:
    """A log in which one row stands twice."""
    return rk.read(write_orders([("ana", "2024-01-05", 1)] * 2 + [("bita", "2024-01-31", 2)]), "orders")


def test_a_receipt_travels_with_its_notes(write_orders: Callable[[Sequence[Any]], Path]) -> None:
    receipt = twice(write_orders).receipt
    there = pickle.loads(pickle.dumps(receipt))  # noqa: S301 what was just written
    assert there == receipt
    assert there.notes == receipt.notes
    assert there.notes[0] == Note("duplicates", {"count": 1})


def test_a_receipt_that_was_asked_for_its_notes_lets_go_of_the_engine(
    write_orders: Callable[[Sequence[Any]], Path],
) -> None:
    log = twice(write_orders)
    receipt, engine = log.receipt, ref(log.engine)
    said = receipt.words("en")
    del log
    gc.collect()
    assert engine() is None
    assert receipt.words("en") == said


def test_a_result_ends_a_cell_with_its_title_its_sentence_its_table_and_its_notes(kept: Result) -> None:
    shown, html = repr(kept), kept._repr_html_()
    title, sentence, headings, *_ = shown.splitlines()
    assert (title, sentence) == (text("retention_rate.title", "en"), rk.say(kept, "en"))
    assert text("retention_rate.columns.start", "en") in headings
    assert "March 2024" in shown
    assert shown.endswith(kept.notes[-1].words("en"))
    for part in (title, sentence, "March 2024", "<table"):
        assert part in html


def test_of_a_long_table_a_cell_shows_the_newest_periods_and_says_so() -> None:
    days = pd.date_range("2024-01-01", periods=20, freq="D")
    result = rk.metrics.retention_rate(logs.orders([("ana", day, 1) for day in days], "2024-01-20"), every="day")
    assert "13 of 20 rows are shown." in repr(result)
    assert "20 January 2024" in repr(result)
    assert " 7 January 2024" not in repr(result)


def test_a_name_from_a_file_is_never_markup_in_a_cell() -> None:
    rows = [(f"c{n}", day, 1, "<b>x") for n in range(6) for day in ("2024-01-05", "2024-02-05", "2024-03-31")]
    result = rk.metrics.retention_rate(logs.orders(rows, "2024-03-31", "channel"), by="channel")
    assert "<b>" not in result._repr_html_()
    assert "&lt;b&gt;x" in result._repr_html_()


def test_a_log_ends_a_cell_with_its_contract_its_rows_its_days_and_its_currency(
    write_orders: Callable[[Sequence[Any]], Path],
) -> None:
    path = write_orders([("ana", "2024-01-05", "1 toman"), ("", "2024-01-06", 2), ("bita", "2024-01-30", 3)])
    log = rk.read(path, "orders", observed_until="2024-01-31")
    title, rows, days, money = repr(log).splitlines()
    assert title == "Orders"
    assert rows == "Rows read: 3. Accepted: 2. Refused: 1."
    assert days == "From 5 January 2024 to 30 January 2024; watched until 31 January 2024."
    assert "toman" in money
    assert log._repr_html_() == f"<pre>{log!r}</pre>"


def test_a_list_of_customers_has_no_days_to_tell(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("customer,city\nana,Yazd\n", "utf-8")
    assert repr(rk.read(path, "customers")) == "Customers\nRows read: 1. Accepted: 1. Refused: 0."


@pytest.mark.parametrize("metric", [*logs.ON_ORDERS, rk.metrics.cohorts, rk.metrics.trials, rk.metrics.members])
def test_a_metric_of_what_is_no_log_is_refused_in_one_sentence(kept: Result, metric: logs.Metric) -> None:
    for given, name in ((kept, "Result"), ("orders.csv", "'orders.csv'")):
        with pytest.raises(rk.RetentionError, match=f"^log = {name} is of the wrong kind"):
            metric(given)


@pytest.mark.parametrize("follow", ["x", 2.5, None])
def test_a_follow_up_that_is_no_whole_number_is_refused(follow: Any) -> None:
    with pytest.raises(rk.RetentionError, match=f"^follow = {follow} is not a whole number"):
        rk.metrics.members(logs.orders(logs.SMALL, "2024-03-31"), follow=follow)


@pytest.mark.parametrize("language", ["xx", "de", "../en", ""])
def test_an_unknown_language_is_refused_in_one_sentence(kept: Result, language: str, tmp_path: Path) -> None:
    log = rk.load("gol_box", "orders")
    for said in (
        lambda: rk.say(kept, language),
        lambda: Receipt("a.csv", "orders", (), 1).words(language),
        lambda: rk.figures.retention_rate(kept, language),
        lambda: rk.intake.write_refused(log, tmp_path / "refused.csv", language),
    ):
        with pytest.raises(rk.RetentionError, match="write fa or en"):
            said()
    assert not (tmp_path / "refused.csv").exists()
