"""The words and digits of both languages."""

import re
import string

import pytest

from retention_kit import language
from retention_kit.language import catalogue, number, parse_number, percent, text

BIDI_CONTROLS = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")


def places(template: str) -> set[str]:
    """The names a template fills in; English plurals use a name twice, and may hold another."""
    parts = [(name, kind or "") for _, name, kind, _ in string.Formatter().parse(template) if name]
    return {name for name, _ in parts}.union(*(places(kind) for _, kind in parts))


def all_texts() -> list[tuple[str, str, str]]:
    """Key, English, Persian of every text, those in lists too."""
    rows = []
    for key, english in catalogue("en").items():
        persian = catalogue("fa")[key]
        pairs = [(english, persian)] if isinstance(english, str) else list(zip(english, persian, strict=True))
        rows += [(key, *pair) for pair in pairs if all(isinstance(side, str) for side in pair)]
    return rows


def test_both_catalogues_hold_the_same_keys() -> None:
    assert catalogue("en").keys() == catalogue("fa").keys()


@pytest.mark.parametrize(("key", "english", "persian"), all_texts())
def test_a_text_fills_the_same_places_in_both_languages(key: str, english: str, persian: str) -> None:
    assert places(persian) == places(english), key


# Counts that are never 1, for a text is not said before there are more, or the kit sets them.
NEVER_ONE = {
    "churn.hazards": ("first", "after"),
    "error.too_many_columns": ("count", "most"),
    "error.too_many_groups": ("count", "most"),
    "lesson.table.part": ("total",),
    "note.at_least": ("count",),
    "note.late_beginners": ("periods",),
    "segments.figure.part": ("count",),
}
_MANY = "customers|periods|points|groups|orders|days|weeks|months|columns|rows|losses"
A_COUNT_OF_MANY = re.compile(rf"\{{(\w+):number1?\}} (?:\w+ )?(?:{_MANY})\b")


@pytest.mark.parametrize(("key", "english", "persian"), all_texts())
def test_an_english_count_may_be_one(key: str, english: str, persian: str) -> None:  # noqa: ARG001 one table
    counted = {name for name in A_COUNT_OF_MANY.findall(english) if name != "least"}
    assert counted <= set(next((names for part, names in NEVER_ONE.items() if part in key), ())), key


@pytest.mark.parametrize(("key", "english", "persian"), all_texts())
def test_persian_texts_are_typed_in_persian(key: str, english: str, persian: str) -> None:  # noqa: ARG001 one table
    assert not set(persian) & (BIDI_CONTROLS | set("يكةى٤٥٦")), key
    plain = "".join(part for part, *_ in string.Formatter().parse(persian) if part)
    if any("؀" <= letter <= "ۿ" for letter in plain):
        assert not set(plain) & set(",;?"), key


@pytest.mark.parametrize(
    ("value", "decimals", "english", "persian"),
    [
        (0, 0, "0", "۰"),
        (1234567.891, 2, "1,234,567.89", "۱٬۲۳۴٬۵۶۷٫۸۹"),
        (-12.5, 1, "−12.5", "\u200e−۱۲٫۵"),
        (-0.0001, 1, "0", "۰"),
        (5.0, 1, "5", "۵"),
        (None, 0, "—", "—"),
        (float("nan"), 0, "—", "—"),
        (float("inf"), 0, "∞", "∞"),
    ],
)
def test_numbers_are_written_as_readers_write_them(
    value: float, decimals: int, english: str, persian: str
) -> None:
    assert number(value, "en", decimals) == english
    assert number(value, "fa", decimals) == persian


def test_percent_is_display_of_a_share() -> None:
    assert (percent(0.8535, "en"), percent(0.8535, "fa")) == ("85.4%", "۸۵٫۴٪")
    assert percent(1, "fa") == "۱۰۰٪"


@pytest.mark.parametrize(
    ("share", "decimals", "shown"),
    [
        (1999 / 2000, 1, "99.95%"),
        (1 / 2500, 1, "0.04%"),
        (1 / 250, 0, "0.4%"),
        (999_999 / 1_000_000, 1, "99.9999%"),
        (0.996, 0, "99.6%"),
        (0.9994, 1, "99.9%"),
        (1 - 2**-53, 1, "100%"),
        (2**-53, 1, "0%"),
        (0, 1, "0%"),
        (-0.0001, 1, "0%"),
        (1.0001, 1, "100%"),
    ],
)
def test_only_nobody_is_shown_as_0_percent_and_only_everybody_as_100(
    share: float, decimals: int, shown: str
) -> None:
    assert percent(share, "en", decimals) == shown


@pytest.mark.parametrize("typed", ["85%", "۸۵٪", "85 ٪", "۰٫۸۵", "0.85", "٠٫٨٥"])
def test_a_share_can_be_typed_in_any_digits(typed: str) -> None:
    assert parse_number(typed) == pytest.approx(0.85)


def test_a_value_cannot_reach_into_python_through_a_text() -> None:
    assert text("error.no_file", "en", path="{path.__class__}") == text("error.no_file", "en", path="X").replace(
        "X", "{path.__class__}"
    )


def test_missing_is_recognised_in_all_its_kinds() -> None:
    import pandas as pd

    assert all(language.is_missing(value) for value in (None, float("nan"), pd.NA, pd.NaT))
    assert not any(language.is_missing(value) for value in (0, "", 0.0, False))


@pytest.mark.parametrize("unseen", ["\x00", "\x1b", "\x9b", "\u202e", "\u2066"])
def test_what_stands_in_a_file_commands_no_terminal_and_turns_no_line(unseen: str) -> None:
    said = text("error.no_file", "en", path=f"a{unseen}b.csv")
    assert unseen not in said
    assert "a\ufffdb.csv" in said


def test_names_in_a_sentence_are_listed_as_its_language_lists_them() -> None:
    names = ("کد مشتری", "شروع", "پایان")
    facts = {"theirs": "x", "ours": "end", "there": names}
    assert "ستون‌های پرونده: کد مشتری، شروع، پایان." in text("error.column_not_in_file", "fa", **facts)
    assert "Its columns are: کد مشتری, شروع, پایان." in text("error.column_not_in_file", "en", **facts)
