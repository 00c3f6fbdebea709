"""The contracts, the ready profiles and the pages that explain both."""

import csv
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import retention_kit as rk
from docs.build import EXAMPLES, PAGES, pages
from retention_kit.intake.formats import NUMBER_FORMATS, TIME_FORMATS
from retention_kit.intake.mapping import Profile, map_columns, profiles
from retention_kit.language import LANGUAGES
from retention_kit.tables import Column, contract, contract_names, fold
from tests.receipts import rows_by_reason

EXPORTS = Path(__file__).parent / "data" / "exports"
# Written by hand: no program made them, so no profile may claim them.
BY_HAND = {"orders_by_hand_fa": "orders", "subscription_ledger_fa": "subscriptions"}

every_contract = pytest.mark.parametrize("name", contract_names())
every_profile = pytest.mark.parametrize("profile", profiles(), ids=lambda profile: profile.name)
every_example = pytest.mark.parametrize(
    "path", sorted(EXAMPLES.glob("*/*.csv")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)


def every_column() -> list[tuple[str, Column]]:
    return [(name, column) for name in contract_names() for column in contract(name).columns]


def headers(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return next(csv.reader(lines))


def repeated(names: list[str]) -> list[str]:
    return [name for name, times in Counter(map(fold, names)).items() if times > 1]


def test_there_is_a_contract_for_every_log_that_the_lessons_use() -> None:
    assert contract_names() == (
        "costs",
        "customers",
        "events",
        "feedback",
        "orders",
        "payments",
        "points",
        "subscriptions",
        "touchpoints",
    )


@every_contract
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_choice_has_a_word_in_each_language(name: str, language: str) -> None:
    for column in contract(name).columns:
        assert len(column.known_words(language)) == len(column.choices)


@every_contract
def test_no_name_in_a_contract_stands_for_two_columns(name: str) -> None:
    assert not repeated([alias for column in contract(name).columns for alias in (column.name, *column.names)])


@every_contract
def test_the_rules_of_a_contract_speak_of_its_own_columns(name: str) -> None:
    rules = contract(name)
    named = {other for column in rules.columns for other in (column.after, *column.product_of) if other}
    assert named | set(rules.unique) <= {column.name for column in rules.columns}


@every_contract
def test_a_contract_says_in_both_languages_what_a_row_is(name: str) -> None:
    assert set(contract(name).says) == set(LANGUAGES)
    assert all(contract(name).says.values())


@pytest.mark.parametrize(
    ("name", "column"), every_column(), ids=[f"{name}-{column.name}" for name, column in every_column()]
)
def test_a_column_says_in_both_languages_what_it_is_and_goes_by_names_of_both(name: str, column: Column) -> None:
    assert set(column.says) == set(LANGUAGES), name
    assert all(column.says.values())
    assert {alias.isascii() for alias in column.names} == {True, False}


@pytest.mark.parametrize(
    "column", [column for _, column in every_column() if column.kind == "choice"], ids=lambda column: column.name
)
def test_a_word_of_a_choice_means_one_thing_only(column: Column) -> None:
    assert not repeated([word for words in column.choices.values() for word in words])
    assert all(choice in words for choice, words in column.choices.items())
    assert set(column.refused) < set(column.choices)


def test_only_a_choice_has_words() -> None:
    assert all(bool(column.choices) == (column.kind == "choice") for _, column in every_column())


@every_profile
def test_a_profile_names_columns_of_its_contract_and_of_its_export(profile: Profile) -> None:
    ours = {column.name: column for column in contract(profile.contract).columns}
    there = headers(EXPORTS / f"{profile.name}.csv")
    assert set(profile.needs) | set(profile.columns.values()) <= set(there)
    assert set(profile.columns) <= set(ours)
    assert {name for name, column in ours.items() if column.required} <= set(profile.columns)


@every_profile
def test_a_profile_needs_what_the_contract_requires(profile: Profile) -> None:
    required = [column.name for column in contract(profile.contract).columns if column.required]
    assert {profile.columns[name] for name in required} <= set(profile.needs)


@every_profile
def test_a_profile_knows_zones_and_ways_of_writing_that_exist(profile: Profile) -> None:
    kinds = {column.name: column.kind for column in contract(profile.contract).columns}
    ways = {"time": TIME_FORMATS, "money": NUMBER_FORMATS, "number": NUMBER_FORMATS}
    assert all(way in ways[kinds[name]] for name, way in profile.formats.items())
    assert profile.zone is None or ZoneInfo(profile.zone).key == profile.zone
    assert set(profile.says) == set(LANGUAGES)


@pytest.mark.parametrize("path", sorted(EXPORTS.glob("*.csv")), ids=lambda path: path.stem)
def test_one_profile_at_most_fits_a_file(path: Path) -> None:
    fitting = [profile.name for profile in profiles() if profile.fits(profile.contract, headers(path))]
    assert fitting == ([] if path.stem in BY_HAND else [path.stem])


@pytest.mark.parametrize(("stem", "name"), BY_HAND.items())
def test_a_sheet_kept_by_hand_in_persian_is_mapped_without_a_question(stem: str, name: str) -> None:
    mapped = map_columns(headers(EXPORTS / f"{stem}.csv"), contract(name), {}, None)
    assert {column.name for column in contract(name).columns if column.required} <= {one.ours for one in mapped}


@pytest.mark.parametrize(
    ("stem", "name", "read", "refused"),
    [
        ("ga4_events", "events", 10, {}),
        ("orders_by_hand_fa", "orders", 9, {"not_counted": 2}),
        ("shopify_orders", "orders", 11, {"missing_number": 3, "not_counted": 2}),
        ("stripe_charges", "payments", 8, {}),
        ("stripe_payments", "payments", 10, {"not_counted": 1}),
        ("stripe_subscriptions", "subscriptions", 9, {"not_counted": 1}),
        ("subscription_ledger_fa", "subscriptions", 8, {}),
        ("woocommerce_analytics", "orders", 10, {"not_counted": 3}),
        ("woocommerce_orders", "orders", 10, {"not_counted": 3}),
    ],
)
def test_an_export_is_read_as_it_is(stem: str, name: str, read: int, refused: dict[str, int]) -> None:
    receipt = rk.read(EXPORTS / f"{stem}.csv", name).receipt
    assert (receipt.read, rows_by_reason(receipt)) == (read, refused)


@every_example
def test_every_row_of_an_example_is_used(path: Path) -> None:
    receipt = rk.read(path, path.stem.removesuffix("_ledger")).receipt
    assert (receipt.read, receipt.used) == (3, 3)


@every_example
def test_every_column_of_an_example_is_known_by_its_name(path: Path) -> None:
    name = path.stem.removesuffix("_ledger")
    mapped = map_columns(headers(path), contract(name), {}, None)
    assert {one.theirs for one in mapped} == set(headers(path))


@every_contract
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_contract_has_an_example_in_both_languages(name: str, language: str) -> None:
    assert (EXAMPLES / language / f"{name}.csv").is_file()


def test_the_pages_of_the_contracts_are_current() -> None:
    made = pages()
    assert set(PAGES.glob("*.md")) == {path for path in made if path.parent == PAGES}
    stale = [path.name for path, page in made.items() if path.read_text("utf-8") != page]
    assert not stale, "run python -m docs.build"
