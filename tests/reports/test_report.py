"""One report on all logs of a company: what it holds, and what must never be in it."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import nbformat
import openpyxl
import pytest

from retention_kit import RetentionError, reports
from retention_kit.reports.company import company_of
from retention_kit.reports.outcome import Run
from retention_kit.reports.processes import in_own_process
from tests.reports.companies import write_customers, write_orders, write_subscriptions

WORK = "tests.reports.work"
IDS = ("Mina", "Reza", "Sara", "Omid", "neda@example.org", "Leyla", "subscriber 7")


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Orders, two of them refused, and subscriptions, counted by Jalali months."""
    folder = tmp_path_factory.mktemp("company")
    bad = ("ali@example.org,,10", "Mina,2024-03-05,much")
    return {
        "orders": str(write_orders(folder / "سفارش‌ها.csv", bad)),
        "subscriptions": str(write_subscriptions(folder / "<img src=x onerror=alert(1)>.csv")),
        "customers": str(write_customers(folder / "customers.csv")),
        "language": "fa",
        "calendar": "jalali",
        "observed_until": "1403-06-20",
    }


@pytest.fixture(scope="module")
def made(given: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Run:
    return reports.report(given, tmp_path_factory.mktemp("out") / "گزارش {1}")


def test_every_lesson_that_the_logs_support_is_run_and_kept_whole(made: Run) -> None:
    document = json.loads(made.results_file.read_text("utf-8"))
    ran = [(lesson["lesson"], lesson["log"]) for lesson in document["lessons"]]
    assert ("retention_rate", "orders") in ran
    assert ("revenue_churn", "subscriptions") in ran
    assert made.stopped == {}
    for path in made.notebooks:
        cells = nbformat.read(path, as_version=4).cells
        assert all(cell.execution_count for cell in cells if cell.cell_type == "code")


def test_the_folder_holds_what_was_promised_and_nothing_unfinished(made: Run) -> None:
    names = {path.name for path in made.page.parent.iterdir()}
    files = {"report.html", "report.xlsx", "results.json", "receipt.txt", "refused-orders.csv", "notebooks"}
    assert names == files


def test_the_page_is_one_file_right_to_left_with_its_contents(made: Run) -> None:
    page = made.page.read_text("utf-8")
    assert re.search(r'<html lang="fa" dir="rtl">', page)
    links = set(re.findall(r'<li><a href="#(\w+)"', page))
    assert {"retention_rate", "revenue_churn", "receipt"} <= links
    assert all(f'id="{link}"' in page for link in links)
    assert set(re.findall(r'\b(?:src|href|action)\s*=\s*"(?!data:|#)([^"]*)"', page)) == set()
    assert re.findall(r"url\((?!data:)", page) == []


def test_the_page_opens_with_the_number_its_interval_its_change_and_the_sentence(made: Run) -> None:
    """Of Mordad's four customers (Leyla is the fourth) three ordered again in Shahrivar's days before the 20th."""
    page = made.page.read_text("utf-8")
    document = json.loads(made.results_file.read_text("utf-8"))
    number = next(number for number in document["numbers"] if number["name"] == "customer_retention_rate")
    assert (number["period"], number["value"]) == ("2024-07-22", 1.0)
    assert number["low"] < 1.0 == number["high"]
    assert set(number["change"]) == {"since", "value", "low", "high"}
    opening = page[: page.index('id="contents"')]
    assert "بازهٔ اطمینان ۹۵٪" in opening
    assert all(sentence in opening for sentence in made.said)
    assert "مرداد ۱۴۰۳" in opening


def test_the_page_says_which_days_a_log_covers_where_its_rows_have_days(made: Run) -> None:
    opening = made.page.read_text("utf-8").partition("<h2")[0]
    assert "سفارش‌ها: سفارش‌ها.csv، از ۱۵ دی ۱۴۰۲ تا ۲۰ شهریور ۱۴۰۳" in opening
    assert re.findall(r"customers\.csv[^<\n]*", opening) == ["customers.csv"]


def test_the_page_says_which_log_no_lesson_counts(made: Run) -> None:
    opening = made.page.read_text("utf-8").partition("<h2")[0]
    assert "هنوز درسی این‌ها را نمی‌شمارد: مشتریان." in opening


def test_each_sentence_names_its_log_where_there_are_several(made: Run) -> None:
    assert {sentence.partition(": ")[0] for sentence in made.said} == {"سفارش‌ها", "اشتراک‌ها"}


def test_each_note_names_its_log_where_there_are_several(made: Run) -> None:
    page = made.page.read_text("utf-8")
    notes = [text for row in sheets(made)["چکیده"] if "بازه" not in (text := str(row[0].value)) and ": " in text]
    assert {note.partition(": ")[0] for note in notes} == {"سفارش‌ها", "اشتراک‌ها"}
    assert all(note in page for note in notes)


def test_the_numbers_have_the_shape_that_is_written_down(made: Run) -> None:
    schema = json.loads((Path(__file__).parents[2] / "docs" / "results.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads(made.results_file.read_text("utf-8")), schema)


def test_no_customer_is_in_the_page_or_the_numbers(made: Run) -> None:
    for path in (made.page, made.results_file, made.page.parent / "receipt.txt"):
        text = path.read_text("utf-8")
        assert [name for name in IDS if name in text] == []


def test_a_plan_named_with_an_emoji_brings_no_warning_into_the_page_or_the_notebooks(made: Run) -> None:
    assert "🏅" in made.page.read_text("utf-8")
    for path in (made.page, *made.notebooks):
        assert "Warning" not in path.read_text("utf-8")


def test_nothing_of_a_founders_file_becomes_html(made: Run) -> None:
    page = made.page.read_text("utf-8")
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def sheets(made: Run) -> Any:
    assert made.workbook is not None
    return openpyxl.load_workbook(made.workbook)


def test_the_workbook_is_right_to_left_in_persian_and_holds_no_formula(made: Run) -> None:
    book = sheets(made)
    assert all(sheet.sheet_view.rightToLeft for sheet in book)
    assert book.sheetnames[0] == "چکیده"
    assert book["نرخ ریزش درآمد (RCR)"]["A1"].value == "دوره"
    assert [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"] == []


def test_a_sheet_names_its_log_where_several_logs_have_such_a_table(made: Run) -> None:
    names = [name for name in sheets(made).sheetnames if name.startswith("نرخ حفظ مشتری (CRR)")]
    assert names == ["نرخ حفظ مشتری (CRR) - اشتراک‌ها", "نرخ حفظ مشتری (CRR) - سفارش‌ها"]


def test_a_sheet_of_groups_says_so(made: Run) -> None:
    book = sheets(made)
    (name,) = (name for name in book.sheetnames if name.endswith("به تفکیک گروه"))
    assert book[name]["A1"].value == "گروه"


def test_whom_to_contact_is_in_the_workbook_by_name(made: Run) -> None:
    book = sheets(made)
    assert [row[0].value for row in book["بازگرداندنی (سفارش‌ها)"].iter_rows(min_row=2)] == ["neda@example.org"]
    assert [row[0].value for row in book["رو به پایان"].iter_rows(min_row=2)] == ["subscriber 7"]


def test_what_was_read_stands_once_in_a_report(made: Run) -> None:
    lessons, receipts = made.page.read_text("utf-8").split('id="receipt"')
    assert "سطرهای خوانده‌شده" not in lessons
    assert receipts.count("سطرهای خوانده‌شده") == 3


def test_what_was_read_stands_under_the_log_and_its_file(made: Run) -> None:
    receipts = made.page.read_text("utf-8").partition('id="receipt"')[2]
    said = (made.page.parent / "receipt.txt").read_text("utf-8").splitlines()
    assert "سفارش‌ها: سفارش‌ها.csv" in said
    assert "<h3>سفارش‌ها: سفارش‌ها.csv</h3>" in receipts


def test_refused_rows_lie_beside_the_report_with_no_person_in_them(made: Run) -> None:
    refused = (made.page.parent / "refused-orders.csv").read_text("utf-8-sig")
    assert len(refused.splitlines()) == 3
    assert "ali@example.org" not in refused


def test_the_same_input_gives_the_same_numbers_byte_for_byte_and_the_same_page(
    made: Run, given: dict[str, Any]
) -> None:
    before = {path.name: path.read_bytes() for path in (made.results_file, made.page, made.workbook) if path}
    again = reports.report(given, made.page.parent)
    assert again.edited is None
    after = {path.name: path.read_bytes() for path in (again.results_file, again.page, again.workbook) if path}
    footer = re.compile(rb"<footer>.*?</footer>", re.DOTALL)
    assert after["results.json"] == before["results.json"]
    assert footer.sub(b"", after["report.html"]) == footer.sub(b"", before["report.html"])
    assert after["report.xlsx"] == before["report.xlsx"]


def test_a_lesson_that_stops_is_named_on_the_page_with_its_step_and_the_others_go_on(
    given: dict[str, Any], tmp_path: Path
) -> None:
    source = 'raise rk.RetentionError("no_rows", path="<b>orders</b>.csv")'
    made = in_own_process(f"{WORK}.report_with_a_broken_lesson", given, "retention_rate", source, tmp_path / "out")
    assert list(made.stopped) == ["retention_rate"]
    page = made.page.read_text("utf-8")
    assert re.search("این درس در گام [۰-۹]+ از [۰-۹]+، زیر عنوان «.+»، از حرکت ایستاد", page)
    cause = RetentionError("no_rows", path="<b>orders</b>.csv").words("fa")
    assert cause.replace("<", "&lt;").replace(">", "&gt;") in page
    assert "Traceback" not in page
    names = [path.name for path in made.notebooks]
    assert "01_retention_rate.stopped.ipynb" in names
    assert "03_revenue_churn.ipynb" in names
    document = json.loads(made.results_file.read_text("utf-8"))
    stopped = {lesson["lesson"]: lesson["stopped"] for lesson in document["lessons"]}
    assert stopped["retention_rate"]["step"] > 1
    assert stopped["retention_rate"]["cause"] == made.stopped["retention_rate"] == cause
    assert stopped["revenue_churn"] is None


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"orders": "no.csv"}, "no_file"),
        ({"order": "orders.csv"}, "unknown_parameter_near"),
        ({"orders": {"data": "orders.csv", "colums": {}}}, "unknown_parameter_near"),
        ({"orders": {"columns": {}}}, "no_data"),
        ({"orders": 5}, "wrong_log"),
        ({"orders": ["may.csv", "june.csv"]}, "wrong_log"),
        ({"orders": {"data": 5}}, "wrong_log"),
        ({"orders": {"data": "orders.csv", "columns": {"customer": 5}}}, "wrong_log"),
        ({"orders": {"data": "orders.csv", "sheet": 1}}, "wrong_log"),
        ({"calendar": "jalaly"}, "wrong_choice_near"),
    ],
)
def test_what_is_wrong_is_found_before_anything_is_written(
    wrong: dict[str, Any], code: str, tmp_path: Path
) -> None:
    with pytest.raises(RetentionError) as raised:
        reports.report(wrong, tmp_path / "out", base=tmp_path)
    assert raised.value.code == code
    assert not (tmp_path / "out").exists()


def test_a_lesson_that_nobody_foresaw_to_stop_says_so_in_a_sentence(given: dict[str, Any], tmp_path: Path) -> None:
    orders = {name: value for name, value in given.items() if name != "subscriptions"}
    made = in_own_process(
        f"{WORK}.report_with_a_broken_lesson", orders, "retention_rate", "1 / 0", tmp_path / "out"
    )
    assert made.stopped["retention_rate"].startswith("چیزی پیش آمد که هیچ‌کس پیش‌بینی نکرده بود: ZeroDivisionError")


def test_the_columns_of_a_further_log_reach_the_lesson_under_its_name(tmp_path: Path) -> None:
    touchpoints = tmp_path / "touchpoints.csv"
    touchpoints.write_text("customer,time,weg\nMina,2024-01-05,app\n", "utf-8")
    asked = {
        "orders": {"data": str(write_orders(tmp_path / "orders.csv")), "columns": {"amount": "amount"}},
        "touchpoints": {
            "data": str(touchpoints),
            "columns": {"channel": "weg"},
            "formats": {"time": "day_first"},
        },
    }
    said = {task.subject.name: task.parameters for task in company_of(asked, tmp_path).tasks()}
    assert said["omnichannel"]["columns"] == {"amount": "amount", "touchpoints.channel": "weg"}
    assert said["omnichannel"]["formats"] == {"touchpoints.time": "day_first"}
    assert said["retention_rate"]["columns"] == {"amount": "amount"}
    assert said["retention_rate"]["formats"] == {}


@pytest.fixture
def workbook(tmp_path: Path) -> dict[str, Any]:
    """A sheet for each log: in either the customers stand under another name, and 3/4/2024 is the 3rd of April."""
    days = [f"3/{month}/2024" for month in range(1, 9)]
    book = openpyxl.Workbook()
    book.active.append(["a sheet that is no log"])
    for title, header, last in (
        ("Sales", ["Buyer", "time", "amount"], 10),
        ("Calls", ["Who", "time", "channel"], "app"),
    ):
        sheet = book.create_sheet(title)
        sheet.append(header)
        for name in ("Mina", "Reza", "Sara"):
            for day in days:
                sheet.append([name, day, last])
    path = tmp_path / "shop.xlsx"
    book.save(path)
    dates = {"time": "day_first"}
    return {
        "orders": {"data": str(path), "sheet": "Sales", "columns": {"customer": "Buyer"}, "formats": dates},
        "touchpoints": {"data": str(path), "sheet": "Calls", "columns": {"customer": "Who"}, "formats": dates},
    }


def test_the_logs_of_one_workbook_reach_every_lesson_and_each_sheet_is_read_once(
    workbook: dict[str, Any], tmp_path: Path
) -> None:
    made, opened = in_own_process(f"{WORK}.report_counting_reads", workbook, tmp_path / "out")
    assert made.stopped == {}
    assert "05_omnichannel.ipynb" in [path.name for path in made.notebooks]
    path = workbook["orders"]["data"]
    assert [sheet for source, sheet in opened if source == path] == ["Sales", "Calls"]
    files = json.loads(made.results_file.read_text("utf-8"))["files"]
    assert {log: file["sheet"] for log, file in files.items()} == {"orders": "Sales", "touchpoints": "Calls"}
    assert "Orders: shop.xlsx, sheet Sales" in (made.page.parent / "receipt.txt").read_text("utf-8")
    assert "Orders: shop.xlsx, sheet Sales, " in made.page.read_text("utf-8")


def test_a_lesson_alone_is_told_of_a_further_log_by_dotted_names_and_by_its_sheet(
    workbook: dict[str, Any], tmp_path: Path
) -> None:
    path = workbook["orders"]["data"]
    given: dict[str, Any] = {
        "data": path,
        "touchpoints": path,
        "sheet": "Sales",
        "sheets": {"touchpoints": "Calls"},
        "columns": {"customer": "Buyer", "touchpoints.customer": "Who"},
        "formats": {"time": "day_first", "touchpoints.time": "day_first"},
    }
    made = reports.run("omnichannel", given, tmp_path / "out")
    assert made.stopped == {}
    document = json.loads(made.results_file.read_text("utf-8"))
    assert {log: receipt["used"] for log, receipt in document["receipts"].items()} == {
        "orders": 24,
        "touchpoints": 24,
    }
    assert path not in made.results_file.read_text("utf-8")


def test_a_further_log_that_is_missing_is_found_before_anything_is_written(tmp_path: Path) -> None:
    given = {"data": str(write_orders(tmp_path / "orders.csv")), "touchpoints": str(tmp_path / "no.csv")}
    with pytest.raises(RetentionError) as raised:
        reports.run("omnichannel", given, tmp_path / "out")
    assert raised.value.code == "no_file_among"
    assert not (tmp_path / "out").exists()


def test_a_lesson_reads_its_own_file_whatever_the_columns_of_a_further_one_are_called(
    tmp_path: Path,
) -> None:
    touchpoints = tmp_path / "touchpoints.csv"
    touchpoints.write_text("customer,time,weg\nMina,2024-01-05,app\n", "utf-8")
    given: dict[str, Any] = {"touchpoints": str(touchpoints)}
    given["data"] = str(write_orders(tmp_path / "orders.csv"))
    given["columns"] = {"touchpoints.channel": "weg", "orders.amount": "amount"}
    made = reports.run("omnichannel", given, tmp_path / "out")
    document = json.loads(made.results_file.read_text("utf-8"))
    assert document["files"]["orders"]["columns"] == {"amount": "amount"}
    assert made.stopped == {}


def test_logs_that_no_lesson_needs_are_refused_with_a_sentence(
    tmp_path: Path,
) -> None:
    feedback = tmp_path / "feedback.csv"
    feedback.write_text("customer,time,kind,score\nMina,2024-01-05,nps,9\n", "utf-8")
    with pytest.raises(RetentionError, match="There is no lesson yet"):
        reports.report({"feedback": str(feedback)}, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_how_many_rates_rest_on_few_is_said_once_of_all_numbers_of_a_log(made: Run) -> None:
    page = made.page.read_text("utf-8")
    opening = page[: page.index('id="contents"')]
    said = re.findall(r"<li>([^<:]+): (?:در هر جدول تا )?[۰-۹]+ نرخ بر پایهٔ کمتر از", opening)
    assert sorted(said) == ["اشتراک‌ها", "سفارش‌ها"]


def test_what_must_be_said_of_groups_stands_in_the_lesson_and_not_before_the_numbers_of_all(made: Run) -> None:
    page = made.page.read_text("utf-8")
    opening, lessons = page.split('id="contents"')
    assert "گروهی شمرده می‌شود" in lessons
    assert "گروهی شمرده می‌شود" not in opening


def test_a_lesson_on_its_sample_names_no_log(tmp_path: Path) -> None:
    run = reports.run("churn", {"language": "en"}, tmp_path)
    assert all(sentence.startswith(("In ", "Of ")) for sentence in run.said)
