"""The command line, as somebody types it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from retention_kit import cli, reports

ORDERS = "\n".join(
    ["customer,time,amount"]
    + [f"c{n % 40},2024-{month:02d}-{n % 27 + 1:02d},10" for month in range(1, 7) for n in range(0, 80, month)]
)


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "سفارش‌ها.csv"
    path.write_text(ORDERS, "utf-8")
    return path


@pytest.fixture
def no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever starts a kernel fails the test."""

    def started(*_: object) -> None:
        pytest.fail("a kernel was started")

    monkeypatch.setattr(reports, "_execute", started)


@pytest.mark.usefixtures("no_kernel")
@pytest.mark.parametrize(
    ("arguments", "english", "persian"),
    [
        (["--calender", "jalali"], "Did you mean --calendar?", "منظورتان --calendar بود؟"),
        (["--calendar", "jalaly"], 'Did you mean "jalali"?', "منظورتان «jalali» بود؟"),
        (["--every", "fortnight"], "day, week, month", "day, week, month"),
        (["--data", "no.csv"], 'There is no file at "', "پرونده‌ای در نشانی «"),
        (["--columns", "customer"], "is not a pair", "یک جفت نیست"),
        (["--benchmark", "much"], "is not a number", "عدد نیست"),
    ],
)
def test_what_is_mistyped_ends_in_one_sentence_and_exit_2_before_a_kernel_starts(
    arguments: list[str], english: str, persian: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for language, sentence in (("en", english), ("fa", persian)):
        words = ["run", "retention_rate", *arguments, "--language", language, "--out", str(tmp_path / "out")]
        assert cli.run_command(words) == 2
        said = capsys.readouterr().err
        assert sentence in said
        assert "Traceback" not in said


@pytest.mark.usefixtures("no_kernel")
def test_a_missing_column_is_named_with_the_columns_there_are(
    orders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders.write_text("خریدار,روز,amount\na,2024-01-01,1\n", "utf-8")
    words = ["run", "retention_rate", "--data", str(orders), "--language", "fa", "--out", str(tmp_path / "out")]
    assert cli.run_command(words) == 2
    assert "برای «time» به یک ستون نیاز دارم" in (said := capsys.readouterr().err)
    assert "روز" in said
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("no_kernel")
def test_an_unknown_lesson_or_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run_command(["run", "retention"]) == 2
    assert cli.run_command(["rum"]) == 2
    assert "Traceback" not in capsys.readouterr().err


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


def test_a_persian_run_on_own_data_writes_its_three_files(
    orders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "خروجی {1}"
    words = [
        "run",
        "retention_rate",
        "--data",
        str(orders),
        "--language",
        "fa",
        "--calendar",
        "jalali",
        "--out",
        str(out),
    ]
    assert cli.run_command(words) == 0
    assert "٪" in (said := capsys.readouterr().out)
    assert str(out / "retention_rate.html") in said
    assert sorted(path.name for path in out.iterdir()) == [
        "results.json",
        "retention_rate.html",
        "retention_rate.ipynb",
    ]
    page = (out / "retention_rate.html").read_text("utf-8")
    assert re.search(r'<html [^>]*dir="rtl"[^>]*lang="fa"', page)
    assert "خرداد ۱۴۰۳" in page
    outside = set(re.findall(r'\b(?:src|href|action)\s*=\s*"(?!data:|#)([^"]*)"', page)) | set(
        re.findall(r"url\((?!data:)", page)
    )
    assert not outside
    document = json.loads((out / "results.json").read_text("utf-8"))
    assert document["parameters"]["data"] == orders.name
    assert document["results"][0]["calendar"] == "jalali"
    assert "calendar = 'jalali'" in (notebook := (out / "retention_rate.ipynb").read_text("utf-8"))
    assert "سفارش" in notebook
    assert "\\u0633" not in notebook


def test_two_runs_on_the_same_data_give_the_same_results(orders: Path, tmp_path: Path) -> None:
    files = [reports.run("retention_rate", {"data": str(orders)}, tmp_path / name).results_file for name in "ab"]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_run_that_stops_keeps_its_notebook_and_leaves_no_page(
    orders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A header with the right names and no usable row: found out only when all rows have been read."""
    orders.write_text("customer,time,amount\n,2024-01-01,1\n", "utf-8")
    assert cli.run_command(["run", "retention_rate", "--data", str(orders), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert "No row of" in said
    assert "Traceback" not in said
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["retention_rate.stopped.ipynb"]


def test_nothing_of_a_founders_file_becomes_html(tmp_path: Path) -> None:
    rows = [f"<script>alert({n})</script>,2024-0{month}-05,10" for month in range(1, 5) for n in range(3)]
    path = tmp_path / "<img src=x onerror=alert(1)>.csv"
    path.write_text("\n".join(["customer,time,amount", *rows]), "utf-8")
    page = reports.run("retention_rate", {"data": str(path)}, tmp_path / "out").page.read_text("utf-8")
    assert "<script>alert(" not in page
    assert "<img src=x" not in page
