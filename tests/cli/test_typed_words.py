"""Words that people say for ours, typed on the command line or written into settings."""

from pathlib import Path
from typing import Any

import pytest

from retention_kit import RetentionError, cli, reports
from retention_kit.errors import check_choice, nearest
from retention_kit.intake.formats import CURRENCIES
from retention_kit.language import LANGUAGES, catalogue, text
from retention_kit.subjects import SUBJECTS
from retention_kit.tables import contract_names
from tests.reports.companies import write_orders


@pytest.mark.parametrize(
    "command",
    [["list"], ["new"], ["lab"], ["check", "a.csv"], ["report"], ["run", "churn"], ["batch", "a.toml"]],
    ids=" ".join,
)
def test_an_unknown_language_is_said_before_anything_else(
    command: list[str], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run_command([*command, "--language", "deutsch"]) == 2
    assert capsys.readouterr().err.startswith("I do not know the language deutsch; write fa or en.\n")
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("typed", ["farsi", "Persian", "فارسی"])
@pytest.mark.parametrize("words", [["check", "a.csv", "--language={}"], ["--language={}", "--help"]], ids=str)
def test_who_asks_for_persian_by_another_name_is_answered_in_persian(
    typed: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run_command([word.format(typed) for word in words]) == 2
    said = f"زبان {typed} را نمی‌شناسم؛ بنویسید fa یا en. منظورتان fa بود؟"
    assert capsys.readouterr().err.startswith(said)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (["--language", "fa", "--help"], "cli.help"),
        (["--help", "--language", "fa"], "cli.help"),
        (["--language=fa", "run", "--help"], "cli.run.help"),
        (["run", "--language", "fa", "--help"], "cli.run.help"),
        (["--language", "fa", "check", "--help"], "cli.check.help"),
    ],
)
def test_the_language_may_stand_before_the_command(
    words: list[str], key: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    assert cli.run_command(words) == 0
    assert text(key, "fa") in capsys.readouterr().out


def test_a_language_before_the_command_goes_before_that_of_the_settings(here: Path, asked: list[Any]) -> None:
    (here / "retention.toml").write_text('language = "fa"\n', "utf-8")
    assert cli.run_command(["--language", "en", "report"]) == 130
    assert cli.run_command(["--language", "en", "report", "--language", "fa"]) == 130
    assert [given["language"] for given in asked] == ["en", "fa"]


@pytest.mark.parametrize(
    ("name", "choices", "given", "meant"),
    [
        *[("calendar", ("gregorian", "jalali"), said, "jalali") for said in ("shamsi", "khorshidi", "persian")],
        *[("calendar", ("gregorian", "jalali"), said, "jalali") for said in ("شمسی", "خورشیدی", "شمسي")],
        *[("calendar", ("gregorian", "jalali"), said, "gregorian") for said in ("miladi", "Miladi", "میلادی")],
        *[("currency", CURRENCIES, said, "toman") for said in ("تومان", "تومن", "IRT", "Toman")],
        *[("currency", CURRENCIES, said, "rial") for said in ("ریال", "irr", "rials")],
        *[("log", contract_names(), said, "orders") for said in ("سفارش", "سفارش‌ها", "سفارش ها", "order")],
        ("log", contract_names(), "اشتراک", "subscriptions"),
        ("log", contract_names(), "امتیاز", "points"),
    ],
)
def test_what_people_say_for_our_words_is_understood(
    name: str, choices: tuple[str, ...], given: str, meant: str
) -> None:
    with pytest.raises(RetentionError) as raised:
        check_choice(name, given, choices)
    assert f'Did you mean "{meant}"?' in raised.value.words("en")
    assert f"منظورتان «{meant}» بود؟" in raised.value.words("fa")


def test_what_is_said_stands_for_a_word_of_ours_and_for_one_only() -> None:
    choices = [
        *(parameter.choices for subject in SUBJECTS.values() for parameter in subject.parameters),
        contract_names(),
    ]
    keys = {key.removeprefix("said.") for key in catalogue("en") if key.startswith("said.")}
    assert keys <= {choice for allowed in choices for choice in allowed}
    for language in LANGUAGES:
        for key in keys:
            for said in catalogue(language)[f"said.{key}"]:
                assert all(nearest(said, allowed, cutoff=1) == key for allowed in choices if key in allowed)


def test_the_currencies_that_are_offered_begin_with_a_currency() -> None:
    with pytest.raises(RetentionError) as raised:
        SUBJECTS["retention_rate"].check({"currency": "xyz"})
    assert "one of toman, rial, EUR" in raised.value.words("en")
    assert "این‌ها را بنویسید: toman، rial، EUR" in raised.value.words("fa")


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ('\ufefflanguage = "fa"\n[orders]\ndata = “a.csv”\n', "fa"),
        ("every = month\nlanguage = 'fa' # فارسی\n", "fa"),
        ('every = month\n[[company]]\nlanguage = "fa"\n', "en"),
    ],
)
def test_what_is_wrong_with_settings_is_told_in_their_language(
    written: str, language: str, here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "warm_up", lambda: None)
    (here / "retention.toml").write_text(written, "utf-8")
    assert cli.run_command(["report"]) == 2
    assert capsys.readouterr().err.endswith(text("cli.see_help", language) + "\n")


def test_a_log_that_is_typed_by_another_name_is_no_part_of_a_path(
    here: Path, asked: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run_command(["report", "--data", "سفارش‌ها=sales.csv", "--language", "fa"]) == 2
    assert "منظورتان «orders» بود؟" in capsys.readouterr().err
    write_orders(here / "سفارش‌ها=sales.csv")
    assert cli.run_command(["report", "--data", "سفارش‌ها=sales.csv"]) == 130
    assert asked[0]["orders"] == {"data": "سفارش‌ها=sales.csv"}


def test_a_log_of_the_settings_that_goes_by_another_name_is_named(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "warm_up", lambda: None)
    (here / "retention.toml").write_text('language = "fa"\n"سفارش‌ها" = "sales.csv"\n', "utf-8")
    assert cli.run_command(["report"]) == 2
    assert "منظورتان «orders» بود؟" in capsys.readouterr().err
