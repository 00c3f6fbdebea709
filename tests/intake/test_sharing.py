"""What is written for somebody's eyes: refused rows, with no formula and no person in them."""

import csv
from pathlib import Path

import pytest

import retention_kit as rk
from retention_kit import cli, intake

ROWS = """customer,time,amount
ana@example.org,2024-01-05,10
ana@example.org,soon,10
09120000000,2024-01-06,ten
ana@example.org,later,-5
"=HYPERLINK(""x"")",2024-01-07,@sum
"""


@pytest.fixture
def log(tmp_path: Path) -> rk.Log:
    path = tmp_path / "orders.csv"
    path.write_text(ROWS, "utf-8")
    return rk.read(path, "orders")


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_refused_rows_keep_their_line_and_what_was_written(log: rk.Log, tmp_path: Path) -> None:
    assert intake.write_refused(log, tmp_path / "refused.csv", "en") == 4
    header, *written = rows(tmp_path / "refused.csv")
    assert header == ["File", "Line", "Why it was refused", "customer", "time", "amount"]
    assert [(line, why, time) for _, line, why, _, time, _ in written] == [
        ("3", "not a date", "soon"),
        ("4", "not a number, or beyond 99,999,999,999,999", "2024-01-06"),
        ("5", "not a date", "later"),
        ("6", "not a number, or beyond 99,999,999,999,999", "2024-01-07"),
    ]


def test_ids_that_look_personal_are_replaced_by_one_word_each(log: rk.Log, tmp_path: Path) -> None:
    intake.write_refused(log, tmp_path / "refused.csv", "fa")
    ids = [row[3] for row in rows(tmp_path / "refused.csv")[1:]]
    assert ids[0] == ids[2] != ids[1]
    assert all(one.startswith("id-") for one in ids[:3])
    assert "ana@" not in (tmp_path / "refused.csv").read_text("utf-8-sig")


def test_ids_are_shown_where_that_was_asked_for(log: rk.Log, tmp_path: Path) -> None:
    intake.write_refused(log, tmp_path / "refused.csv", "en", show_ids=True)
    assert [row[3] for row in rows(tmp_path / "refused.csv")[1:4]] == [
        "ana@example.org",
        "09120000000",
        "ana@example.org",
    ]


def test_no_cell_is_a_formula_and_a_negative_number_stays_one(log: rk.Log, tmp_path: Path) -> None:
    intake.write_refused(log, tmp_path / "refused.csv", "en")
    written = rows(tmp_path / "refused.csv")
    assert written[-1][3:] == ['\'=HYPERLINK("x")', "2024-01-07", "'@sum"]
    assert written[3][5] == "-5"


def test_check_says_what_was_found_and_what_to_do_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(ROWS, "utf-8")
    assert cli.run_command(["check", str(path), "--language", "en", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "Rows read: 5. Accepted: 1. Refused: 4." in said
    assert "customer = customer (same name)" in said
    assert "4 rows refused: look at" in said
    assert "retention-kit report --data" in said
    assert (tmp_path / "refused.csv").is_file()


def test_check_as_json_adds_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    path = tmp_path / "orders.csv"
    path.write_text(ROWS, "utf-8")
    assert cli.run_command(["check", str(path), "--json", "--out", str(tmp_path)]) == 0
    receipt = json.loads(capsys.readouterr().out)
    assert receipt["read"] == receipt["used"] + sum(one["count"] for one in receipt["refused"]) == 5
    assert {one["reason"]: one["lines"] for one in receipt["refused"]} == {
        "bad_date": [3, 5],
        "bad_number": [4, 6],
    }


def test_check_of_a_file_that_is_none_ends_with_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run_command(["check", str(tmp_path / "no.csv"), "--language", "fa"]) == 2
    assert "پرونده‌ای در نشانی «" in capsys.readouterr().err


def test_a_person_who_slipped_into_another_column_is_replaced_too(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "customer,time,amount\n1,ana@example.org,10\n2,2024-01-05,09121234567 x\n3,2024-01-05,1\n", "utf-8"
    )
    intake.write_refused(rk.read(path, "orders"), tmp_path / "refused.csv", "en")
    written = (tmp_path / "refused.csv").read_text("utf-8-sig")
    assert "ana@example.org" not in written
    assert "09121234567" not in written
    assert written.count("id-") == 2


def test_a_row_given_twice_or_cut_short_is_told_by_its_line_and_names_nobody(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("customer,city\nAna Person,Shiraz\nAna Person,Shiraz\nBea Person\n", "utf-8")
    receipt = rk.read(path, "customers").receipt
    assert {refusal.reason: refusal.lines for refusal in receipt.refusals} == {
        "duplicate_key": (3,),
        "wrong_fields": (4,),
    }
    assert "Person" not in receipt.words("en") + str(receipt.as_dict())


def test_a_file_that_cannot_be_written_is_told_in_one_sentence(log: rk.Log, tmp_path: Path) -> None:
    with pytest.raises(rk.RetentionError, match=r"cannot write into .*nowhere.* \(No such file or directory\)"):
        intake.write_refused(log, tmp_path / "nowhere" / "refused.csv", "en")
