"""What `new` asks, and what it makes of the answers."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer
from openpyxl import Workbook

from retention_kit import cli, intake
from retention_kit.language import LANGUAGES
from tests.reports.companies import write_orders

Ask = Callable[..., list[str]]
SHEETS = {
    "راهنما": [["این فایل را پر کنید"]],
    "سفارش‌ها": [["customer", "date", "amount"], ["ana", "2024-01-05", 10]],
    "اشتراک": [["customer", "start", "end", "amount"], ["ana", "2024-01-05", None, 10]],
}


def write_workbook(path: Path, sheets: Mapping[str, list[list[Any]]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.fixture(autouse=True)
def workbook(here: Path) -> Path:
    """A workbook in the reader's folder."""
    return write_workbook(here / "all.xlsx", SHEETS)


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Runs `new` with what is typed at each prompt, an empty answer taking what is offered; the questions."""

    def new(*typed: str, language: str = "fa") -> list[str]:
        waiting, asked = iter(typed), []

        def prompt(question: str, default: str = "", **_: object) -> str:
            asked.append(question)
            return next(waiting) or default

        monkeypatch.setattr(typer, "prompt", prompt)
        assert cli.run_command(["new", "--language", language]) == 0
        assert list(waiting) == []
        return asked

    return new


def settings() -> dict[str, Any]:
    return tomllib.loads(Path("retention.toml").read_text("utf-8"))


def test_the_sheet_of_a_workbook_is_asked_for_and_may_be_told_by_number_or_by_name(ask: Ask) -> None:
    asked = ask("all.xlsx", "۲", "", "all.xlsx", "اشتراک", "", "", "", "", "")
    assert "کدام برگه را می‌گویید: ۱ راهنما، ۲ سفارش‌ها، ۳ اشتراک؟" in asked[1]
    found = settings()
    assert found["orders"] == {"data": "all.xlsx", "sheet": "سفارش‌ها"}
    assert found["subscriptions"] == {"data": "all.xlsx", "sheet": "اشتراک"}
    assert intake.preview("all.xlsx", "orders", sheet=found["orders"]["sheet"]).mapping


def test_a_number_that_is_the_name_of_a_sheet_is_its_name(here: Path, ask: Ask) -> None:
    write_workbook(here / "years.xlsx", {"2": [["customer", "date", "amount"]], "1": [["a"]]})
    ask("years.xlsx", "2", "", "", "", "", "")
    assert settings()["orders"]["sheet"] == "2"


def test_a_sheet_that_is_not_there_is_asked_for_again(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    ask("all.xlsx", "9", "سفارش ها", "", "", "", "", "")
    assert "برگه‌های آن: راهنما، سفارش‌ها، اشتراک." in capsys.readouterr().out
    assert settings()["orders"]["sheet"] == "سفارش‌ها"


@pytest.mark.parametrize(
    "answers", [("all.xlsx", ""), ("odd.csv", "orders", ""), ("odd.csv", "orders", "who", "")]
)
def test_an_empty_answer_leaves_a_file_out_and_goes_on(
    answers: tuple[str, ...], here: Path, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "odd.csv").write_text("who,when,much\nana,2024-01-05,10\n", "utf-8")
    write_orders(here / "orders.csv")
    ask(*answers, "orders.csv", "", "", "", "", "")
    assert f"{answers[0]} کنار گذاشته شد." in capsys.readouterr().out
    assert settings()["orders"] == {"data": "orders.csv"}


@pytest.mark.parametrize("typed", ['"orders.csv"', "'orders.csv'", "«orders.csv»", '  "orders.csv" '])
def test_quotes_round_a_pasted_path_are_no_part_of_it(typed: str, here: Path, ask: Ask) -> None:
    write_orders(here / "orders.csv")
    ask(typed, "", "", "", "", "")
    assert settings()["orders"] == {"data": "orders.csv"}


@pytest.mark.parametrize(
    ("header", "answers", "columns"),
    [
        ("who,time,amount", ("orders", "whose", "who"), {"customer": "who"}),
        ("buyer,client,time,amount", ("orders", "buyer"), {"customer": "buyer"}),
        ("customer,date,amount", ("subscriptions", "date"), {"start": "date"}),
    ],
)
def test_a_column_is_asked_for_without_a_word_on_how_it_is_written_elsewhere(
    header: str, answers: tuple[str, ...], columns: dict[str, str], ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("log.csv").write_text(header + "\n", "utf-8")
    for language in LANGUAGES:
        ask("log.csv", *answers, "", "", "", "", language=language)
        said = capsys.readouterr().out
        assert "columns =" not in said
        assert "--columns" not in said
        assert settings()[answers[0]] == {"data": "log.csv", "columns": columns}
        Path("retention.toml").unlink()


@pytest.mark.parametrize(("language", "calendar"), [("en", "gregorian"), ("fa", "jalali")])
def test_the_calendar_that_is_offered_is_that_of_the_language(
    language: str, calendar: str, here: Path, ask: Ask
) -> None:
    write_orders(here / "orders.csv")
    ask("orders.csv", "", "", "", "", "", language=language)
    assert settings()["calendar"] == calendar


def test_a_log_by_another_name_is_offered_by_ours(
    ask: Ask, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_orders(here / "orders.csv")
    ask("orders.csv", "سفارش", "orders", "", "", "", "")
    assert "منظورتان «orders» بود؟" in capsys.readouterr().out


def test_a_title_above_the_headings_is_told_and_the_next_file_asked_for(
    here: Path, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    write_workbook(here / "sales.xlsx", {"one": [["گزارش فروش", None, None], ["customer", "date", "amount"]]})
    ask("sales.xlsx", "")
    assert "سطر اول «sales.xlsx» به یک عنوان می‌ماند" in capsys.readouterr().out
