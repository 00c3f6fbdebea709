"""Many companies: a folder each, one page beside each other, one failure never stops the rest."""

import json
import re
from pathlib import Path

import pytest

from retention_kit import RetentionError, cli, reports
from retention_kit.reports.batches import Batch
from tests.reports.companies import write_orders, write_subscriptions

RUNS = """
calendar = "jalali"

[[company]]
name = "gol"
orders = "gol.csv"

[[company]]
name = "lost"
orders = "nowhere.csv"

[[company]]
name = "کارا 2"
calendar = "gregorian"
[company.subscriptions]
data = "kara.csv"
columns = { plan = "plan" }
"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("batch")
    write_orders(folder / "gol.csv")
    write_subscriptions(folder / "kara.csv")
    (folder / "runs.toml").write_text(RUNS, "utf-8")
    return folder / "runs.toml"


@pytest.fixture(scope="module")
def made(runs: Path) -> Batch:
    return reports.batch(runs, runs.parent / "out", language="fa")


def test_one_failure_never_stops_the_rest(made: Batch) -> None:
    assert [(one.name, one.state) for one in made.outcomes] == [
        ("gol", "done"),
        ("lost", "failed"),
        ("کارا 2", "done"),
    ]
    assert [one.name for one in made.unfinished] == ["lost"]
    assert "nowhere.csv" in made.outcomes[1].line("fa")


def test_each_company_has_a_folder_and_nothing_of_another(made: Batch) -> None:
    out = made.page.parent
    assert not (out / "lost").exists()
    gol, kara = ((out / name / "results.json").read_text("utf-8") for name in ("gol", "کارا 2"))
    assert set(json.loads(gol)["files"]) == {"orders"}
    assert set(json.loads(kara)["files"]) == {"subscriptions"}
    for path in (out / "کارا 2").rglob("*"):
        if path.suffix in (".html", ".json", ".ipynb", ".txt"):
            assert "Mina" not in path.read_text("utf-8")
            assert "gol.csv" not in path.read_text("utf-8")


def test_the_page_holds_companies_side_by_side_and_names_no_customer(made: Batch) -> None:
    page = made.page.read_text("utf-8")
    assert page.count("<tr>") == 4
    assert 'href="gol/report.html"' in page
    assert "بازهٔ اطمینان" in page
    assert [name for name in ("Mina", "neda", "subscriber") if name in page] == []


def test_each_number_on_the_page_says_its_own_period(made: Batch) -> None:
    page = made.page.read_text("utf-8")
    assert set(re.findall(r"<td>([^<:]+): [۰-۹٫]+٪", page)) == {"مرداد ۱۴۰۳", "ژوئیه ۲۰۲۴"}


def test_a_report_of_which_something_is_missing_or_damaged_is_made_again(tmp_path: Path) -> None:
    given = tmp_path / "runs.toml"
    given.write_text('[[company]]\nname = "gol"\norders = "gol.csv"\n', "utf-8")
    write_orders(tmp_path / "gol.csv")
    folder = tmp_path / "out" / "gol"
    reports.batch(given, tmp_path / "out")
    (folder / "report.xlsx").unlink()
    assert [one.state for one in reports.batch(given, tmp_path / "out").outcomes] == ["done"]
    numbers = json.loads((folder / "results.json").read_text("utf-8"))
    del numbers["numbers"]
    (folder / "results.json").write_text(json.dumps(numbers), "utf-8")
    assert [one.state for one in reports.batch(given, tmp_path / "out").outcomes] == ["done"]
    assert [one.state for one in reports.batch(given, tmp_path / "out").outcomes] == ["kept"]


def test_the_summary_names_a_file_as_the_runs_do_and_not_by_its_place_on_this_machine(made: Batch) -> None:
    summary = (made.page.parent / "summary.json").read_text("utf-8")
    assert "nowhere.csv" in summary
    assert str(made.page.parents[1]) not in summary.replace(str(made.page), "")


def test_a_company_that_fails_today_keeps_the_way_to_its_earlier_report(tmp_path: Path) -> None:
    given = tmp_path / "runs.toml"
    given.write_text('[[company]]\nname = "gol"\norders = "gol.csv"\n', "utf-8")
    write_orders(tmp_path / "gol.csv")
    reports.batch(given, tmp_path / "out")
    (tmp_path / "gol.csv").unlink()
    again = reports.batch(given, tmp_path / "out")
    assert [one.state for one in again.outcomes] == ["failed"]
    assert again.outcomes[0].line("en").endswith("The report of an earlier run still stands.")
    assert 'href="gol/report.html"' in again.page.read_text("utf-8")


def test_the_page_says_beside_its_name_why_a_company_is_missing(made: Batch) -> None:
    page = made.page.read_text("utf-8")
    assert '<th scope="row">lost</th><td class="said">آماده نشد: ' in page


def test_a_batch_that_is_run_again_makes_only_what_is_missing_or_changed(made: Batch, runs: Path) -> None:
    out = made.page.parent
    before = (out / "gol" / "report.html").stat().st_mtime_ns
    kara = runs.parent / "kara.csv"
    kara.write_text(kara.read_text("utf-8") + "\ns11,2024-08-16,,100,gold", "utf-8")
    told: list[float] = []
    again = reports.batch(runs, out, jobs=1, language="fa", progress=told.append)
    assert [one.state for one in again.outcomes] == ["kept", "failed", "done"]
    assert (out / "gol" / "report.html").stat().st_mtime_ns == before
    assert told == pytest.approx([1 / 3, 2 / 3, 1])
    assert again.outcomes[0].numbers == made.outcomes[0].numbers


def test_a_workbook_that_was_written_into_is_kept_and_said_beside_its_company(made: Batch, runs: Path) -> None:
    workbook, kara = made.page.parent / "کارا 2" / "report.xlsx", runs.parent / "kara.csv"
    workbook.write_bytes(b"notes")
    kara.write_text(kara.read_text("utf-8") + "\ns12,2024-08-17,,100,gold", "utf-8")
    again = reports.batch(runs, made.page.parent, language="fa")
    assert workbook.with_name("report-edited.xlsx").read_bytes() == b"notes"
    assert again.outcomes[2].line("fa").startswith("کارا 2: آماده. پروندهٔ report.xlsx پس از")
    assert "report-edited.xlsx" in again.page.read_text("utf-8")


def test_the_exit_code_says_that_something_is_missing(
    made: Batch, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(made.page.parent)
    assert cli.run_command(["batch", str(runs), "--out", out, "--language", "fa", "--json"]) == 1
    out_and_err = capsys.readouterr()
    told = json.loads(out_and_err.out)
    assert [line.partition(":")[0] for line in out_and_err.err.splitlines()] == ["lost"]
    assert [company["state"] for company in told["companies"]][:2] == ["kept", "failed"]


def test_a_batch_overwrites_no_page_of_the_readers_own_and_begins_with_no_company(
    runs: Path, tmp_path: Path
) -> None:
    (tmp_path / "summary.html").write_text("mine")
    with pytest.raises(RetentionError, match=r'"summary\.html" in ".*" is not from an earlier run'):
        reports.batch(runs, tmp_path)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("orders", ["5", '["may.csv", "june.csv"]'])
def test_a_log_that_is_no_file_is_told_with_an_example(orders: str, tmp_path: Path) -> None:
    path = tmp_path / "runs.toml"
    path.write_text(f'[[company]]\nname = "gol"\norders = {orders}\n', "utf-8")
    (outcome,) = reports.batch(path, tmp_path / "out").outcomes
    assert outcome.state == "failed"
    assert 'orders = "sales.xlsx"' in outcome.words("en")
    assert 'orders = { data = "sales.xlsx"' in outcome.words("fa")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("گل\u200cباکس", "گل\u200cباکس"),
        ("شعبه\u0654 دوم", "شعبه\u0654 دوم"),
        ("کافه\u0654", "کافه\u0654"),
        ("cafe\u0301", "caf\u00e9"),
    ],
)
def test_a_name_may_hold_half_spaces_and_marks_and_each_letter_is_one(
    typed: str, name: str, tmp_path: Path
) -> None:
    path = tmp_path / "runs.toml"
    path.write_text(f'[[company]]\nname = "{typed}"\norders = "nowhere.csv"\n', "utf-8")
    made = reports.batch(path, tmp_path / "out")
    assert [one.name for one in made.outcomes] == [name]
    assert "nowhere.csv" in made.outcomes[0].line("fa")


def test_a_name_with_a_sign_that_no_folder_may_have_is_refused_by_that_sign(tmp_path: Path) -> None:
    path = tmp_path / "runs.toml"
    path.write_text('[[company]]\nname = "گل/باکس"\n', "utf-8")
    with pytest.raises(RetentionError) as raised:
        reports.batch(path, tmp_path / "out")
    assert "نشانهٔ «/» (U+002F)" in raised.value.words("fa")
    assert 'the sign "/" (U+002F)' in raised.value.words("en")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "no_companies"),
        ('[company]\nname = "a"\n', "no_companies"),
        ('[[companies]]\nname = "a"\n', "no_companies_near"),
        ("[[company]\n", "bad_toml"),
        ('[[company]]\nname = "../up"\n', "bad_company_sign"),
        ('[[company]]\nname = "-up"\n', "bad_company_name"),
        ('[[company]]\nname = "\u0654up"\n', "bad_company_name"),
        ('[[company]]\nname = "up\u200c"\n', "bad_company_name"),
        ('[[company]]\nname = ""\n', "bad_company_name"),
        ('[[company]]\nname = "nul"\n', "bad_company_name"),
        ('[[company]]\nname = "a "\n', "bad_company_name"),
        (f'[[company]]\nname = "{"a" * 300}"\n', "bad_company_name"),
        ('[[company]]\nname = "a"\n[[company]]\nname = "A"\n', "bad_company_name"),
    ],
)
def test_a_file_that_names_no_companies_well_is_refused(written: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "runs.toml"
    path.write_text(written, "utf-8")
    with pytest.raises(RetentionError) as raised:
        reports.batch(path, tmp_path / "out")
    assert raised.value.code == code
