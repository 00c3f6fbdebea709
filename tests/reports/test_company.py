"""What a company gives, before anything runs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from retention_kit import RetentionError, cli, reports
from retention_kit.reports import Company, Task
from retention_kit.reports.company import company_of, read_toml
from retention_kit.reports.outcome import Run
from tests.reports.companies import write_customers, write_orders, write_subscriptions


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[Company, Any]]:
    """What was to be worked on; nothing is."""
    found: list[tuple[Company, Any]] = []

    def start(_: str, company: Company, task: Any, folder: Path, **__: object) -> Run:
        found.append((company, task))
        page = folder / "page.html"
        return Run(page, page, notebooks=(), workbook=None, edited=None, pdf=None, said=("85%",), stopped={})

    monkeypatch.setattr(reports, "in_own_process", start)
    monkeypatch.setattr(reports, "warm_up", lambda: None)
    monkeypatch.chdir(tmp_path)
    return found


def run(subject: str, given: Mapping[str, Any], found: list[tuple[Company, Any]]) -> Task:
    """The task that a lesson was started with."""
    reports.run(subject, given, "out")
    task = found.pop()[1]
    assert isinstance(task, Task)
    return task


@pytest.mark.parametrize(
    ("said", "calendar"),
    [
        ({"language": "fa"}, "jalali"),
        ({"language": "en"}, "gregorian"),
        ({}, "gregorian"),
        ({"language": "fa", "calendar": "gregorian"}, "gregorian"),
        ({"language": "en", "calendar": "jalali"}, "jalali"),
    ],
)
def test_own_data_are_counted_by_the_calendar_of_the_language_where_none_is_said(
    said: dict[str, str], calendar: str, tmp_path: Path, started: list[tuple[Company, Any]]
) -> None:
    file = str(write_orders(tmp_path / "orders.csv"))
    assert company_of({**said, "orders": file}, tmp_path).parameters["calendar"] == calendar
    for subject in ("retention_rate", "omnichannel"):
        assert run(subject, {**said, "data": file}, started).parameters["calendar"] == calendar


def test_a_sample_keeps_its_own_calendar_in_both_languages(
    tmp_path: Path, started: list[tuple[Company, Any]]
) -> None:
    for language in ("en", "fa"):
        assert company_of({"language": language}, tmp_path).parameters["calendar"] == "gregorian"
        assert run("retention_rate", {"language": language}, started).parameters["calendar"] == "gregorian"
        assert run("churn", {"language": language}, started).parameters["calendar"] == "jalali"


def test_settings_that_say_no_language_are_counted_by_the_calendar_of_the_reader(
    tmp_path: Path, started: list[tuple[Company, Any]]
) -> None:
    write_orders(tmp_path / "orders.csv")
    (tmp_path / "retention.toml").write_text('orders = "orders.csv"\n', "utf-8")
    for language, calendar in (("fa", "jalali"), ("en", "gregorian")):
        for command in (["report"], ["run", "retention_rate"]):
            assert cli.run_command([*command, "--language", language]) == 0
            company, _ = started.pop()
            assert (company.language, company.parameters["calendar"]) == (language, calendar)


def test_a_file_that_fits_only_another_contract_of_the_lesson_is_taken_for_that_and_it_is_said(
    tmp_path: Path, started: list[tuple[Company, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    write_orders(tmp_path / "sales.csv")
    for subject in ("churn", "start"):
        assert cli.run_command(["run", subject, "--data", "sales.csv", "--language", "en"]) == 0
        assert (
            "You did not say what sales.csv holds; by its columns I took it for: Orders."
            in capsys.readouterr().out
        )
        company, task = started.pop()
        assert (list(company.logs), task.parameters["contract"]) == (["orders"], "orders")


@pytest.mark.parametrize("said", [{}, {"contract": "subscriptions"}])
def test_a_file_that_fits_the_first_contract_is_taken_for_it_without_a_word(
    said: dict[str, str], tmp_path: Path, started: list[tuple[Company, Any]]
) -> None:
    write_subscriptions(tmp_path / "subs.csv")
    made = reports.run("churn", {"data": "subs.csv", **said}, "out")
    assert made.said == ("85%",)
    assert started[0][1].parameters["contract"] == "subscriptions"


@pytest.mark.usefixtures("started")
def test_a_file_that_fits_no_contract_is_refused_for_the_first(tmp_path: Path) -> None:
    write_customers(tmp_path / "customers.csv")
    with pytest.raises(RetentionError, match='I need a column for "start"'):
        reports.run("churn", {"data": "customers.csv"}, "out")


@pytest.mark.usefixtures("started")
def test_a_contract_that_is_said_is_not_doubted(tmp_path: Path) -> None:
    write_orders(tmp_path / "sales.csv")
    with pytest.raises(RetentionError, match="looks like a file of orders"):
        reports.run("churn", {"data": "sales.csv", "contract": "subscriptions"}, "out")


def test_a_hint_on_one_of_several_logs_can_be_typed_as_it_stands(tmp_path: Path) -> None:
    """The subscriptions lie in the second sheet of the workbook."""
    book = Workbook()
    book.active.append(["customer", "date", "amount"])
    book.create_sheet("اشتراک").append(["customer", "start", "end", "amount"])
    book.save(tmp_path / "all.xlsx")
    given = {"orders": {"data": "all.xlsx"}, "subscriptions": {"data": "all.xlsx", "columns": {"end": "date"}}}
    with pytest.raises(RetentionError) as raised:
        company_of(given, tmp_path)
    for language in ("en", "fa"):
        assert "--columns subscriptions.start=" in raised.value.words(language)
        assert '--sheet subscriptions="اشتراک"' in raised.value.words(language)
    with pytest.raises(RetentionError) as raised:
        company_of({"subscriptions": given["subscriptions"]}, tmp_path)
    assert "--columns start=" in raised.value.words("fa")
    assert 'برگهٔ دیگری از همین پرونده همهٔ ستون‌های لازم را دارد: --sheet "اشتراک".' in raised.value.words("fa")


def test_the_mark_that_windows_sets_before_a_text_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "retention.toml"
    path.write_text('language = "fa"\n', "utf-8-sig")
    assert read_toml(path) == {"language": "fa"}


@pytest.mark.parametrize(
    ("written", "line", "english", "persian"),
    [
        ('\n[orders]\ndata = "C:\\Users\\sales.xlsx"\n', 3, "write / instead of \\", "به جای \\ بنویسید /"),
        ('orders = "C:\\new\\table.xlsx"\n', 1, "write / instead of \\", "به جای \\ بنویسید /"),
        ("# a “remark”\norders = “sales.xlsx”\n", 2, "not the straight ones", "گیومه‌هایش صاف نیست"),
        ("orders = «فروش.xlsx»\n", 1, "not the straight ones", "گیومه‌هایش صاف نیست"),
        ('سفارش = "«sales».xlsx"\n', 1, "between quotation marks", "میان دو گیومهٔ صاف"),
        ('every = "month"\n\ncolumns = { customer = مشتری }\n', 3, "between quotation marks", "میان دو گیومهٔ صاف"),
        ("language = \n", 1, "a sign is missing", "نشانه‌ای در آن جا افتاده"),
        ('[orders]\ndata = "a.csv"\n[orders]\n', 3, "a name stands twice", "نامی دو بار"),
        ("columns = {\n\n\n", 1, "a sign is missing", "نشانه‌ای در آن جا افتاده"),
    ],
)
def test_settings_that_cannot_be_read_name_the_line_and_the_likely_cause(
    written: str, line: int, english: str, persian: str, tmp_path: Path
) -> None:
    path = tmp_path / "retention.toml"
    path.write_text(written, "utf-8")
    with pytest.raises(RetentionError) as raised:
        read_toml(path)
    said = raised.value.words("en")
    assert f'line {line} of "retention.toml"' in said
    assert english in said
    assert persian in raised.value.words("fa")
    assert f"سطر {'۰۱۲۳'[line]} از" in raised.value.words("fa")


@pytest.mark.parametrize("path", ["C:/data/sales.xlsx", "C:\\\\data\\\\sales.xlsx"])
def test_a_path_of_windows_that_is_written_well_is_read(path: str, tmp_path: Path) -> None:
    (tmp_path / "retention.toml").write_text(f'orders = "{path}"', "utf-8")
    assert Path(read_toml(tmp_path / "retention.toml")["orders"].replace("\\", "/")).name == "sales.xlsx"


def test_settings_in_another_encoding_are_told(tmp_path: Path) -> None:
    path = tmp_path / "retention.toml"
    path.write_text('orders = "فروش.xlsx"', "cp1256", errors="replace")
    with pytest.raises(RetentionError, match="UTF-8"):
        read_toml(path)
