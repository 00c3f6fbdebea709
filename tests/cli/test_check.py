"""What `check` leaves behind, and the command that it names next."""

import shlex
from pathlib import Path
from typing import Any

import pytest

from retention_kit import cli
from tests.reports.companies import write_orders, write_subscriptions


def next_command(said: str) -> list[str]:
    """The words of the command that is named last."""
    return shlex.split(said.splitlines()[-1].partition(": ")[2])


def test_the_next_command_says_all_that_was_said_here(
    here: Path, asked: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "my file.csv").write_text("Who pays,start,amount\nana,03/04/2024,10\n", "utf-8")
    how = ["--contract", "subscriptions", "--columns", "customer=Who pays", "--formats", "start=day_first"]
    shared = ["--calendar", "jalali", "--currency", "toman", "--zone", "Europe/London", "--language", "fa"]
    assert cli.run_command(["check", "my file.csv", *how, *shared]) == 0
    program, *words = next_command(capsys.readouterr().out)
    assert program == "retention-kit"
    assert cli.run_command(words) == 130
    log = {"data": "my file.csv", "columns": {"customer": "Who pays"}, "formats": {"start": "day_first"}}
    assert asked == [
        {
            "language": "fa",
            "calendar": "jalali",
            "currency": "toman",
            "zone": "Europe/London",
            "subscriptions": log,
        }
    ]


@pytest.mark.parametrize(("language", "month"), [("fa", "میانهٔ شهریور ۱۴۰۳"), ("en", "middle of September 2024")])
def test_what_is_said_of_a_file_counts_by_the_calendar_that_its_report_will(
    language: str, month: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_orders(here / "orders.csv")
    assert cli.run_command(["check", "orders.csv", "--language", language]) == 0
    assert month in capsys.readouterr().out


@pytest.mark.parametrize("named", ['orders = "orders.csv"', '[orders]\ndata = "{here}/orders.csv"'])
def test_a_file_that_the_settings_name_is_next_reported_on_by_them(
    named: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_orders(here / "orders.csv")
    write_orders(here / "other.csv")
    (here / "retention.toml").write_text(named.format(here=here), "utf-8")
    for file, command in (
        ("orders.csv", ["retention-kit", "report"]),
        ("other.csv", ["retention-kit", "report", "--data", "orders=other.csv", "--language", "en"]),
    ):
        assert cli.run_command(["check", file]) == 0
        assert next_command(capsys.readouterr().out) == command


def test_no_next_command_is_named_where_no_lesson_is_on_such_a_log(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "customers.csv").write_text("customer,city\nana,Shiraz\n", "utf-8")
    assert cli.run_command(["check", "customers.csv", "--contract", "customers", "--language", "en"]) == 0
    assert "retention-kit" not in capsys.readouterr().out


def test_a_file_of_refused_rows_takes_no_name_that_is_taken(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_subscriptions(here / "subs.csv")
    (here / "orders.csv").write_text("customer,time,amount\nana,2024-01-05,10\nana,soon,10\n", "utf-8")
    (here / "refused.csv").write_text("mine", "utf-8")
    for name in ("refused-2.csv", "refused-3.csv"):
        assert cli.run_command(["check", "orders.csv", "--language", "en"]) == 0
        said = capsys.readouterr().out
        assert f"1 row refused: look at {here / name}." in said
        assert "refused.csv was there already and stays as it was." in said
        assert "soon" in (here / name).read_text("utf-8-sig")
    assert (here / "refused.csv").read_text("utf-8") == "mine"
