"""What is wrong with the words of a command is said in the reader's language, with what would be right."""

import re
from pathlib import Path

import pytest

from retention_kit import cli
from retention_kit.language import LANGUAGES, text

DOORS = Path(__file__).parents[2] / "docs" / "doors"
# A few words of an English sentence.
LATIN = re.compile(r"[A-Z][a-z]+ [a-z]+ [a-z]+")


@pytest.mark.parametrize(
    ("words", "english", "persian"),
    [
        (
            ["chek"],
            'no command "chek". Did you mean "check"?',
            "دستوری به نام «chek» نداریم. منظورتان «check» بود؟",
        ),
        (["loyality"], 'Did you mean "run loyalty"?', "منظورتان «run loyalty» بود؟"),
        (["گزارش"], "The commands are report, check", "دستورها این‌ها هستند: report، check"),
        (["run", "loyality"], 'Did you mean "loyalty"?', "درسی به نام «loyality» نداریم. منظورتان «loyalty» بود؟"),
        (["run", "xyz"], "The lessons are start", "درس‌ها این‌ها هستند: start"),
        ([], "A command is missing", "نگفتید کدام دستور"),
        (["run"], "The commands are start", "دستورها این‌ها هستند: start"),
        (["check"], "retention-kit check sales.xlsx", "retention-kit check sales.xlsx"),
        (["batch"], "retention-kit batch runs.toml", "retention-kit batch runs.toml"),
        (["report", "my", "sales.csv"], "what my, sales.csv is for", "نمی‌دانم my، sales.csv پس از report"),
        (["list", "--json=3"], "--json takes no value", "گزینهٔ --json مقدار نمی‌گیرد"),
        (["report", "--dat", "a.csv"], "Did you mean --data?", "منظورتان --data بود؟"),
        (["report", "-x"], "There is no option -x", "گزینه‌ای به نام -x نداریم"),
        (["--fast", "list"], "There is no option --fast", "گزینه‌ای به نام --fast نداریم"),
        (["batch", "a.toml", "--jobs", "x"], '"x" is not a number', "مقدار «x» برای jobs عدد نیست"),
        (["batch", "a.toml", "--jobs", "۲٫۵"], "not a whole number", "عدد صحیح نیست"),
        (["batch", "a.toml", "--jobs", "0"], "between 1 and", "باید میان ۱ و"),
    ],
)
def test_what_is_typed_wrongly_is_told_with_what_would_be_right(
    words: list[str], english: str, persian: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for language, sentence in zip(LANGUAGES, (english, persian), strict=True):
        assert cli.run_command([*words, "--language", language]) == 2
        told, see_help = capsys.readouterr().err.splitlines()
        assert sentence in told
        assert see_help == text("cli.see_help", language)
        assert language == "en" or not LATIN.search(told)


@pytest.mark.parametrize("door", sorted(DOORS.glob("*.fa.md")), ids=lambda door: door.name)
def test_a_persian_page_types_commands_that_answer_in_persian(door: Path) -> None:
    typed = re.findall(r"retention-kit (?:check|new|list|lab|run)\b[^`\n]*", door.read_text("utf-8"))
    assert [command for command in typed if "--language fa" not in command] == []


@pytest.mark.parametrize(
    "words", [["report", "--data=a.csv", "--data"], ["--language"], ["run", "churn", "--every"]], ids=" ".join
)
def test_an_option_without_its_value_is_no_unknown_option(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "fa_IR.UTF-8")
    assert cli.run_command(words) == 2
    assert capsys.readouterr().err.startswith(f"پس از {words[-1]} مقدارش را هم بنویسید.")


@pytest.mark.parametrize(("words", "key"), [([], "cli.help"), (["run"], "cli.run.help")])
def test_where_nothing_is_typed_the_commands_are_shown(
    words: list[str], key: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    assert cli.run_command(words) == 0
    said = capsys.readouterr()
    assert text(key, "en") in said.out
    assert said.err == ""
