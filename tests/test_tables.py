"""The records that travel: what is written down can be read back."""

import json
from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

import retention_kit as rk
from retention_kit.language import text
from retention_kit.tables import Receipt, Refusal, Result


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
