"""The command line, as somebody types it."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import nbformat
import openpyxl
import papermill
import pytest
from nbformat.sign import NotebookNotary

from retention_kit import cli, reports
from retention_kit.language import LANGUAGES, text
from retention_kit.reports.executed import lesson_path
from retention_kit.reports.outcome import MARK
from retention_kit.subjects import SUBJECTS
from tests.reports.companies import write_orders, write_subscriptions


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    return write_orders(tmp_path / "سفارش‌ها.csv")


@pytest.fixture
def nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever starts a run fails the test."""

    def started(*_: object, **__: object) -> None:
        pytest.fail("a run was started")

    monkeypatch.setattr(reports, "in_own_process", started)
    monkeypatch.setattr(reports, "warm_up", lambda: None)


@pytest.mark.usefixtures("nothing_starts")
@pytest.mark.parametrize(
    ("arguments", "sentences"),
    [
        (["--calender", "jalali"], ("Did you mean --calendar?", "منظورتان --calendar بود؟")),
        (["--calendar", "jalaly"], ('Did you mean "jalali"?', "منظورتان «jalali» بود؟")),
        (["--every", "fortnight"], ("day, week, month", "day، week، month")),
        (["--data", "no.csv"], ('There is no file at "', "پرونده‌ای در نشانی «")),
        (["--columns", "customer"], ("is not a pair", "یک جفت نیست")),
        (["--columns", "time=A", "--columns", "time=B"], ('both "A" and "B"', "هم «A» و هم «B»")),
        (["--benchmark", "much"], ("is not a number", "عدد نیست")),
    ],
)
@pytest.mark.parametrize("command", [["run", "retention_rate"], ["report"]])
def test_what_is_mistyped_ends_in_one_sentence_and_exit_2_before_a_run_starts(
    command: list[str],
    arguments: list[str],
    sentences: tuple[str, str],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    for language, sentence in zip(LANGUAGES, sentences, strict=True):
        words = [*command, *arguments, "--language", language, "--out", str(tmp_path / "out")]
        assert cli.run_command(words) == 2
        said = capsys.readouterr().err
        assert sentence in said
        assert "Traceback" not in said


@pytest.mark.usefixtures("nothing_starts")
def test_a_missing_column_is_named_with_the_columns_there_are(
    orders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders.write_text("خریدار,روز,amount\na,2024-01-01,1\n", "utf-8")
    words = ["run", "retention_rate", "--data", str(orders), "--language", "fa", "--out", str(tmp_path / "out")]
    assert cli.run_command(words) == 2
    assert "برای «time» به یک ستون نیاز دارم" in (said := capsys.readouterr().err)
    assert "روز" in said
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("nothing_starts")
def test_an_unknown_lesson_or_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run_command(["run", "retention"]) == 2
    assert cli.run_command(["rum"]) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.usefixtures("nothing_starts")
def test_with_several_logs_it_must_be_said_which_a_column_belongs_to(
    orders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs = ["--data", f"orders={orders}", "--data", f"subscriptions={orders}"]
    assert cli.run_command(["report", *logs, "--columns", "customer=Buyer"]) == 2
    assert "orders.customer=Buyer" in capsys.readouterr().err


@pytest.mark.usefixtures("nothing_starts")
@pytest.mark.parametrize(("language", "sentence"), [("en", "I need Chromium"), ("fa", "برای چاپ PDF به Chromium")])
def test_a_pdf_needs_a_browser_and_says_so_first(
    language: str, sentence: str, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = write_orders(here / "orders.csv")
    monkeypatch.setenv("PATH", "")
    assert cli.run_command(["report", "--data", str(orders), "--pdf", "--language", language]) == 2
    said = capsys.readouterr()
    refused, see_help = said.err.splitlines()
    assert sentence in refused
    assert (said.out, see_help) == ("", text("cli.see_help", language))
    assert list(here.iterdir()) == [orders]


@pytest.mark.usefixtures("nothing_starts")
@pytest.mark.parametrize(
    "command",
    [["report"], ["report", "--data", "no.csv"], ["run", "churn", "--data", "no.csv"], ["batch", "no.toml"]],
    ids=" ".join,
)
@pytest.mark.parametrize("flags", [["--json"], ["--json", "--quiet"]], ids=" ".join)
def test_an_error_leaves_what_a_program_reads_empty_and_is_said_on_the_error_stream(
    command: list[str], flags: list[str], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "retention.toml").write_text("orders = 5", "utf-8")
    assert cli.run_command([*command, *flags, "--language", "fa"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert re.search("پرونده", said.err)
    assert len(said.err.splitlines()) == 2


def test_a_stop_before_anything_has_begun_ends_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stops:
        """The commands are stopped while they are imported."""

        @staticmethod
        def find_spec(name: str, *_: object) -> None:
            if name == "retention_kit.cli.commands":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "retention_kit.cli.commands", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Stops, *sys.meta_path])
    assert cli.run_command(["list"]) == 130


@pytest.mark.parametrize(("language", "word"), [("en", "Run one lesson"), ("fa", "یک درس را روی داده‌های خودتان")])
def test_help_is_in_the_readers_language(language: str, word: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "retention_kit.cli", "--help"],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={
            "LANG": "fa_IR.UTF-8" if language == "fa" else "C.UTF-8",
            "PYTHONIOENCODING": "utf-8",
            "COLUMNS": "200",
        },
    )
    assert word in shown.stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_papermill_and_the_command_line_show_the_same_parameters(
    language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    for subject in SUBJECTS.values():
        assert cli.run_command(["run", subject.name, "--help", "--language", language]) == 0
        shown = " ".join(capsys.readouterr().out.replace("│", " ").split())
        for name, about in papermill.inspect_notebook(str(lesson_path(subject, language))).items():
            assert f"--{name.replace('_', '-')}" in shown
            assert " ".join(about["help"].split()) in shown


def test_a_persian_run_on_own_data_writes_its_three_files(
    orders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "خروجی {1}"
    words = ["run", "churn", "--data", str(orders), "--contract", "orders", "--language", "fa"]
    assert cli.run_command([*words, "--calendar", "jalali", "--out", str(out)]) == 0
    assert "٪" in (said := capsys.readouterr().out)
    assert str(out / "churn.html") in said
    assert sorted(path.name for path in out.iterdir()) == ["churn.html", "churn.ipynb", "churn.json"]
    page = (out / "churn.html").read_text("utf-8")
    assert '<html lang="fa" dir="rtl">' in page
    assert "مرداد ۱۴۰۳" in page
    assert "سطرهای خوانده‌شده" in page
    document = json.loads((out / "churn.json").read_text("utf-8"))
    assert document["files"]["orders"]["name"] == orders.name
    assert document["lessons"][0]["results"][0]["calendar"] == "jalali"
    notebook = (out / "churn.ipynb").read_text("utf-8")
    assert "contract = 'orders'" in notebook
    assert "سفارش" in notebook
    assert "\\u0633" not in notebook


def test_a_file_with_no_usable_row_ends_in_a_sentence_and_leaves_nothing(
    orders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A header with the right names and no usable row: found out only when all rows have been read."""
    orders.write_text("customer,time,amount\n,2024-01-01,1\n", "utf-8")
    assert cli.run_command(["run", "retention_rate", "--data", str(orders), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert "No row of" in said
    assert "Traceback" not in said
    assert not (tmp_path / "out").exists()


def test_quiet_prints_nothing_and_json_prints_what_was_written(
    orders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["report", "--data", str(orders), "--out", str(tmp_path / "out"), "--quiet"]
    assert cli.run_command(words) == 0
    assert capsys.readouterr() == ("", "")
    assert cli.run_command([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert Path(told["page"]).exists()
    assert told["stopped"] == {}


def test_list_names_every_lesson_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    for language in LANGUAGES:
        assert cli.run_command(["list", "--language", language]) == 0
        shown = capsys.readouterr().out
        assert all(text(f"{name}.title", language) in shown for name in SUBJECTS)
    assert cli.run_command(["list", "--json"]) == 0
    assert [lesson["lesson"] for lesson in json.loads(capsys.readouterr().out)] == [
        subject.name for subject in sorted(SUBJECTS.values(), key=lambda subject: subject.number)
    ]


@pytest.fixture
def opened(here: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would have been started; what Jupyter keeps of its reader lies in the reader's folder."""
    commands: list[list[str]] = []
    monkeypatch.setattr(subprocess, "call", lambda command, **_: commands.append(command) or 0)
    for kept in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(kept, str(here / kept))
    return commands


def test_lab_opens_copies_on_loopback_with_a_token_and_never_overwrites_work(
    here: Path, opened: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run_command(["lab", "--language", "fa"]) == 0
    folder = here / "retention-kit-lessons" / "fa"
    lesson = folder / "01_retention_rate.ipynb"
    assert "سفارش" in lesson.read_text("utf-8")
    assert (folder / "data" / "online_retail.parquet").exists()
    assert "--ip=127.0.0.1" in opened[0]
    assert f"--ServerApp.root_dir={folder}" in opened[0]
    assert not re.search("token|password", " ".join(opened[0]))
    lesson.write_text("my own work", "utf-8")
    capsys.readouterr()
    assert cli.run_command(["lab", "--language", "fa"]) == 0
    assert lesson.read_text("utf-8") == "my own work"
    assert "همان‌طور که گذاشته بودید" in capsys.readouterr().out


def test_lab_opens_the_lessons_of_the_language_asked_for_whatever_was_opened_before(
    here: Path, opened: list[list[str]]
) -> None:
    for language in LANGUAGES:
        assert cli.run_command(["lab", "--language", language, "--out", "mine"]) == 0
        assert f"--ServerApp.root_dir={here / 'mine' / language}" in opened[-1]
        lesson = nbformat.read(here / "mine" / language / "01_retention_rate.ipynb", as_version=4)
        assert lesson.metadata.language == language


@pytest.mark.usefixtures("opened")
def test_jupyter_trusts_a_lesson_while_it_is_as_it_was_copied(here: Path) -> None:
    assert cli.run_command(["lab"]) == 0
    lesson = nbformat.read(here / "retention-kit-lessons" / "en" / "01_retention_rate.ipynb", as_version=4)
    with NotebookNotary() as notary:
        assert notary.check_signature(lesson)
        lesson.cells[0].source += "!"
        assert not notary.check_signature(lesson)


def answers(monkeypatch: pytest.MonkeyPatch, *typed: str) -> None:
    """What is typed at each prompt; an empty answer takes what is offered."""
    import typer

    waiting = iter(typed)
    monkeypatch.setattr(typer, "prompt", lambda _, default="", **__: next(waiting) or default)


def test_new_asks_for_files_and_writes_what_report_then_uses(
    here: Path, orders: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The orders name their customers in a way nobody could guess; the subscriptions are recognised."""
    orders.write_text(orders.read_text("utf-8").replace("customer", 'who "pays"', 1), "utf-8")
    write_subscriptions(here / "subs.csv")
    typed = (str(orders), "orders", 'who "pays"', "no.csv", "subs.csv", "", "", "jalaly", "jalali", "", "toman")
    answers(monkeypatch, *typed)
    assert cli.run_command(["new", "--language", "fa"]) == 0
    said = capsys.readouterr().out
    assert "no.csv" in said
    assert "jalaly" in said
    assert tomllib.loads((here / "retention.toml").read_text("utf-8")) == {
        "language": "fa",
        "calendar": "jalali",
        "every": "month",
        "currency": "toman",
        "orders": {"data": str(orders), "columns": {"customer": 'who "pays"'}},
        "subscriptions": {"data": "subs.csv"},
    }
    asked_for: list[Any] = []

    def report(given: Any, *_: object, **__: object) -> None:
        asked_for.append(given)
        raise KeyboardInterrupt

    monkeypatch.setattr(reports, "report", report)
    assert cli.run_command(["report", "--every", "quarter"]) == 130
    assert (asked_for[0]["calendar"], asked_for[0]["every"]) == ("jalali", "quarter")
    assert {"orders", "subscriptions"} < set(asked_for[0])


def test_new_overwrites_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "retention.toml").write_text("mine", "utf-8")
    assert cli.run_command(["new"]) == 2
    assert "overwrite nothing" in capsys.readouterr().err
    assert (here / "retention.toml").read_text("utf-8") == "mine"


def test_new_takes_an_ordinary_file_of_orders(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "sales.csv").write_text("customer,date,amount\na,2024-01-05,10\n", "utf-8")
    answers(monkeypatch, "sales.csv", "", "", "", "", "")
    assert cli.run_command(["new"]) == 0
    written = tomllib.loads((here / "retention.toml").read_text("utf-8"))
    assert written["orders"] == {"data": "sales.csv"}


def test_new_writes_nothing_where_no_file_is_named(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers(monkeypatch, "")
    assert cli.run_command(["new"]) == 0
    assert "I have not written retention.toml" in capsys.readouterr().out
    assert list(here.iterdir()) == []


def settings_of_orders(here: Path, columns: str = "") -> None:
    """A settings file that names orders."""
    write_orders(here / "orders.csv")
    (here / "retention.toml").write_text(
        f'language = "fa"\ncalendar = "jalali"\n[orders]\ndata = "orders.csv"\n{columns}', "utf-8"
    )


def test_run_refuses_a_lesson_that_the_logs_of_the_settings_do_not_support(
    here: Path, asked: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    settings_of_orders(here)
    assert cli.run_command(["run", "revenue_churn", "--language", "en"]) == 2
    assert "needs one of these logs: subscriptions. retention.toml names only orders" in capsys.readouterr().err
    assert asked == []


def test_settings_that_name_no_log_leave_a_lesson_its_own_sample(here: Path, asked: list[Any]) -> None:
    (here / "retention.toml").write_text('language = "fa"\nbenchmark = 0.4\n', "utf-8")
    assert cli.run_command(["run", "revenue_churn"]) == 130
    assert asked == [{"language": "fa"}]


@pytest.mark.usefixtures("nothing_starts")
def test_two_columns_for_one_of_ours_are_refused_by_name(orders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    columns = ["--columns", "orders.time=A", "--columns", "time=B"]
    assert cli.run_command(["report", "--data", str(orders), *columns]) == 2
    assert 'both "A" and "B"' in capsys.readouterr().err


def test_a_folder_in_place_of_the_file_of_companies_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run_command(["batch", "."]) == 2
    assert "Give the TOML file itself" in capsys.readouterr().err


@pytest.mark.usefixtures("nothing_starts")
def test_two_files_for_one_log_are_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run_command(["report", "--data", "may.csv", "--data", "orders=june.csv"]) == 2
    said = capsys.readouterr().err
    assert "may.csv" in said
    assert "june.csv" in said


def test_columns_typed_without_a_file_are_added_to_the_settings(here: Path, asked: list[Any]) -> None:
    settings_of_orders(here, 'columns = { time = "Day" }\n')
    typed = ["--columns", "customer=Buyer", "--formats", "orders.time=day_first", "--sheet", "Sales"]
    assert cli.run_command(["report", *typed]) == 130
    assert asked[0]["calendar"] == "jalali"
    assert asked[0]["orders"] == {
        "data": "orders.csv",
        "columns": {"time": "Day", "customer": "Buyer"},
        "formats": {"time": "day_first"},
        "sheet": "Sales",
    }


def test_columns_typed_for_one_lesson_are_added_to_the_settings_too(here: Path, asked: list[Any]) -> None:
    settings_of_orders(here, 'columns = { time = "time" }\nformats = { amount = "decimal_point" }\n')
    typed = ["--columns", "customer=customer", "--formats", "time=day_first"]
    assert cli.run_command(["run", "retention_rate", *typed]) == 130
    assert asked[0]["columns"] == {"time": "time", "customer": "customer"}
    assert asked[0]["formats"] == {"amount": "decimal_point", "time": "day_first"}


@pytest.mark.parametrize("lesson", ["churn", "start"])
def test_a_contract_that_is_typed_takes_the_log_of_that_name_from_the_settings(
    lesson: str, here: Path, asked: list[Any]
) -> None:
    settings_of_orders(here, 'columns = { customer = "customer" }\n[subscriptions]\ndata = "subs.csv"\n')
    write_subscriptions(here / "subs.csv")
    for typed, file, columns in (
        ("orders", "orders.csv", {"customer": "customer"}),
        ("subscriptions", "subs.csv", {}),
    ):
        assert cli.run_command(["run", lesson, "--contract", typed]) == 130
        found = asked.pop()
        assert (found["contract"], Path(found["data"]).name, found["columns"]) == (typed, file, columns)


def test_a_contract_that_the_settings_do_not_name_is_refused(
    here: Path, asked: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    settings_of_orders(here)
    assert cli.run_command(["run", "churn", "--contract", "subscriptions", "--language", "en"]) == 2
    assert "needs one of these logs: subscriptions. retention.toml names only orders" in capsys.readouterr().err
    assert asked == []


def test_a_file_that_is_typed_leaves_all_settings_aside_but_the_language(here: Path, asked: list[Any]) -> None:
    settings_of_orders(here)
    assert cli.run_command(["report", "--data", "other.csv", "--columns", "customer=Buyer"]) == 130
    assert asked == [{"language": "fa", "orders": {"data": "other.csv", "columns": {"customer": "Buyer"}}}]


@pytest.mark.parametrize(("command", "own"), [("report", "report.xlsx"), ("run", "retention_rate.html")])
def test_a_file_of_the_readers_own_is_named_before_anything_runs_and_stays(
    command: str, own: str, orders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / own).write_text("mine")
    words = [command, *(["retention_rate"] if command == "run" else []), "--data", str(orders), "--out", str(out)]
    assert cli.run_command([*words, "--language", "fa"]) == 2
    assert f"«{own}» در پوشهٔ «{out}» را من نساخته‌ام؛ به آن دست نزدم" in capsys.readouterr().err
    assert {path.name: path.read_text() for path in out.iterdir()} == {own: "mine"}


def test_a_report_and_lessons_in_one_folder_replace_their_own_files_alone(orders: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (tmp_path / "out").mkdir()
    (out / "mine.txt").write_text("mine")
    orders.write_text(orders.read_text("utf-8") + "nobody,,\n", "utf-8")  # refused
    words = ["--data", str(orders), "--out", str(out), "--quiet"]
    there = {"mine.txt"}
    for command, made in (
        (["report"], {"report.html", "notebooks", "results.json", "refused-orders.csv"}),
        (["run", "retention_rate"], {f"retention_rate{end}" for end in (".html", ".json", "-refused-orders.csv")}),
        (["run", "start"], {f"start{end}" for end in (".html", ".json", "-refused-orders.csv")}),
    ):
        for again in (False, True):
            assert cli.run_command([*command, *words]) == 0
            names = {path.name for path in out.iterdir()}
            assert names > there | made, again
        there = names


def test_what_a_reader_wrote_into_the_workbook_is_kept_and_said(
    orders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    words = ["--data", str(orders), "--out", str(out), "--language", "fa"]
    assert cli.run_command(["report", *words]) == 0
    assert "report-edited" not in capsys.readouterr().out
    (out / "report.xlsx").write_bytes(b"first notes")
    assert cli.run_command(["report", *words]) == 0
    assert "تغییر کرده بود؛ آن را با نام report-edited.xlsx در همان پوشه" in capsys.readouterr().out
    (out / "report.xlsx").write_bytes(b"more notes")
    assert cli.run_command(["report", *words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["edited"] == str(out / "report-edited-2.xlsx")
    kept = ("report-edited.xlsx", "report-edited-2.xlsx")
    assert [(out / name).read_bytes() for name in kept] == [b"first notes", b"more notes"]
    assert openpyxl.load_workbook(out / "report.xlsx").sheetnames


def test_what_cannot_be_replaced_is_named_and_nothing_is(
    orders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not even root can open a folder for writing."""
    out = tmp_path / "out"
    (out / "report.xlsx").mkdir(parents=True)
    numbers = json.dumps({**MARK, "made": ["report.xlsx"]})
    (out / "results.json").write_text(numbers)
    words = ["report", "--data", str(orders), "--out", str(out), "--language", "fa"]
    assert cli.run_command(words) == 2
    assert "نمی‌توانم «report.xlsx» را عوض کنم" in capsys.readouterr().err
    assert sorted(path.name for path in out.iterdir()) == ["report.xlsx", "results.json"]
    assert (out / "results.json").read_text() == numbers


@pytest.mark.parametrize("command", [["report"], ["run", "churn"]])
def test_all_goes_into_one_folder_where_none_is_named(
    command: list[str], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outs: list[Path] = []

    def begun(*given: Any, **_: object) -> None:
        outs.append(given[-1])
        raise KeyboardInterrupt

    monkeypatch.setattr(reports, "report", begun)
    monkeypatch.setattr(reports, "run", begun)
    assert cli.run_command(command) == 130
    assert outs == [Path("retention-kit-report")]
    assert list(here.iterdir()) == []


@pytest.mark.usefixtures("nothing_starts")
def test_an_error_is_told_in_the_language_of_the_settings(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "retention.toml").write_text('language = "fa"\norders = "nowhere.csv"\n', "utf-8")
    assert cli.run_command(["report"]) == 2
    assert "پرونده‌ای در نشانی «" in capsys.readouterr().err
    assert cli.run_command(["report", "--language", "en"]) == 2
    assert "There is no file at" in capsys.readouterr().err


def test_settings_that_cannot_be_read_are_told_when_they_are_used(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "retention.toml").write_text("language = ", "utf-8")
    assert cli.run_command(["list"]) == 0
    assert cli.run_command(["report"]) == 2
    assert "retention.toml" in capsys.readouterr().err


@pytest.mark.usefixtures("nothing_starts")
def test_what_is_wrong_with_one_of_several_logs_names_it(
    orders: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "points.csv").write_text("a,b\n1,2\n", "utf-8")
    words = ["report", "--data", f"orders={orders}", "--data", "points=points.csv", "--language", "en"]
    assert cli.run_command(words) == 2
    assert capsys.readouterr().err.startswith("Loyalty points: I need a column")


@pytest.mark.usefixtures("nothing_starts")
def test_a_further_log_without_the_lessons_own_is_refused(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["run", "omnichannel", "--touchpoints", str(here / "calls.csv"), "--language", "en"]
    assert cli.run_command(words) == 2
    assert capsys.readouterr().err.startswith("I was given touchpoints and not the file of orders")


def test_a_home_that_nobody_has_is_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["report"], ["run", "retention_rate"]):
        assert cli.run_command([*command, "--data", "~nobody-of-this-name/x.csv", "--language", "en"]) == 2
        assert "There is no file at" in capsys.readouterr().err
