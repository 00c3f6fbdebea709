"""Whatever is handed in ends in a receipt, or in one sentence in either language."""

import gzip
import os
import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

import retention_kit as rk
from tests.receipts import rows_by_reason

HEADER = "customer,time,amount\n"
GOOD = "ana,2024-01-05,10\n"


def refused(source: Any, **how: Any) -> str:
    """The code of the error in which reading ends."""
    with pytest.raises(rk.RetentionError) as ended:
        rk.read(source, "orders", **how)
    english, persian = ended.value.words("en"), ended.value.words("fa")
    assert english != persian
    return ended.value.code


def zipped(name: str, inside: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, inside)
    return packed.getvalue()


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("orders.csv", b"", "empty_file"),
        ("orders.csv", b"\xef\xbb\xbf", "empty_file"),
        ("orders.csv", b"\xff\xfe", "empty_file"),
        ("orders.csv", b" \n\n  \n", "empty_file"),
        ("orders.csv", HEADER.encode(), "no_rows"),
        ("orders.csv", HEADER.strip().encode(), "no_rows"),
        ("orders.csv", (HEADER + "ana,soon,10\n,2024-01-05,1\n").encode(), "no_usable_row"),
        ("orders.csv", (HEADER + "10,ana,2024-01-05\n").encode(), "no_usable_row"),
        ("orders.csv", b"a" * 3_000_000, "missing_column"),
        ("orders.csv", b'"customer,time,amount\n' + GOOD.encode(), "missing_column"),
        ("orders.csv", ("customer,customer,time,amount\nb," + GOOD).encode(), "ambiguous_column"),
        ("orders.csv", (",".join(f"c{n}" for n in range(5001)) + "\n").encode(), "too_many_columns"),
        ("orders.csv", (HEADER + "a\0b,2024-01-05,1\n").encode(), "not_text"),
        ("orders.csv", bytes((n * n * 7 + n // 3) % 256 for n in range(100_000)), "not_text"),
        ("orders.csv", PNG, "not_text"),
        ("orders.csv", zipped("orders.csv", b"x" * 10_000), "not_text"),
        ("orders.xlsx", zipped("orders.csv", (HEADER + GOOD).encode()), "unreadable_file"),
        ("orders.xlsx", (HEADER + GOOD).encode(), "unreadable_file"),
        ("orders.xlsx", zipped("xl/worksheets/sheet1.xml", bytes(100_000_000)), "too_large_inside"),
        ("orders.parquet", (HEADER + GOOD).encode(), "unreadable_file"),
        ("orders.csv.gz", (HEADER + GOOD).encode(), "unreadable_file"),
        ("orders.csv.gz", gzip.compress((HEADER + GOOD * 1000).encode())[:-9], "unreadable_file"),
        ("orders.csv.gz", gzip.compress(bytes(100_000_000)), "too_large_inside"),
        ("orders.jsonl", b"garbage\n[1]\n", "unreadable_file"),
        ("orders.docx", b"x", "unknown_file_kind"),
    ],
)
def test_a_file_that_is_no_log_ends_in_a_sentence(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refused(path) == code


@pytest.mark.parametrize(
    ("text", "used", "lines"),
    [
        (HEADER + GOOD, 1, {}),
        (HEADER + GOOD.strip(), 1, {}),
        ("\n\n" + HEADER + GOOD + ",2024-01-05,1\n", 1, {"missing_id": (5,)}),
        (HEADER + GOOD + "\n\n" + GOOD + "ana,soon,1\n", 2, {"bad_date": (6,)}),
        (HEADER + "\n" + GOOD + "\nana,2\n\nana,soon,1\n", 1, {"bad_date": (7,), "wrong_fields": (5,)}),
        (HEADER + GOOD + "ana,2\nana,1,2,3\nana,soon,1\n" + GOOD, 2, {"bad_date": (5,), "wrong_fields": (3, 4)}),
        (
            "memo," + HEADER + f'"a\n\nb",{GOOD}x,ana,soon,1\nx,2\nx,ana,soon,1\n',
            1,
            {"bad_date": (3, 5), "wrong_fields": (4,)},
        ),
        (HEADER.replace("\n", "\r") + GOOD.replace("\n", "\r") + "ana,soon,1\r", 1, {"bad_date": (3,)}),
        (HEADER.replace("\n", "\r\n") + GOOD + "ana,soon,1\r\n" + GOOD, 2, {"bad_date": (3,)}),
        (HEADER + GOOD + '"ana,2024-01-05,1\n' + GOOD, 1, {"wrong_fields": (3,)}),
        (HEADER + GOOD + '"a"na,2024-01-05,1\n', 1, {"wrong_fields": (3,)}),
        (HEADER + "ana,2024-01-05,10,,\n" + GOOD, 2, {}),
        (HEADER + "ana,2024-01-05,1,500\n" + GOOD, 1, {"wrong_fields": (2,)}),
        (HEADER + "a" * 1_000_000 + ",2024-01-05,1\nana," + "x" * 1_000_000 + ",1\n", 1, {"bad_date": (3,)}),
        (HEADER + "a" * 3_000_000 + ",2024-01-05,1\n" + GOOD, 1, {"wrong_fields": (2,)}),
        (HEADER + GOOD * 90_000 + "a\0b,2024-01-05,1\n", 90_001, {}),
        (HEADER + '"<script>alert(1)</script>",2024-01-05,1\n', 1, {}),
        ('customer,time,amount,😀,"a\nb","""; drop table x"\nana,2024-01-05,1,1,2,3\n', 1, {}),
        (
            "customer,time,amount,"
            + ",".join(f"c{n}" for n in range(2997))
            + "\n"
            + GOOD.strip()
            + "," * 2997
            + "\n",
            1,
            {},
        ),
    ],
)
def test_a_file_with_faults_ends_in_a_receipt_with_the_right_lines(
    tmp_path: Path, text: str, used: int, lines: dict[str, tuple[int, ...]]
) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(text.encode())
    receipt = rk.read(path, "orders").receipt
    assert receipt.used == used
    assert {one.reason: one.lines for one in receipt.refusals} == lines
    assert receipt.read == used + sum(one.count for one in receipt.refusals)
    assert all(len(example) <= 60 for one in receipt.refusals for example in one.examples)
    assert "<script>" not in receipt._repr_html_()


@pytest.mark.parametrize("name", ["it's [1] of *.csv", 'a"; drop table x; --.csv', "سفارش‌ها?.csv", "?.csv"])
def test_a_line_of_the_wrong_length_is_counted_in_a_file_of_any_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(HEADER + GOOD + "ana,2\n", "utf-8")
    (tmp_path / "x.csv").write_text(HEADER + GOOD * 5, "utf-8")
    receipt = rk.read(tmp_path / name, "orders").receipt
    assert (receipt.read, receipt.used, rows_by_reason(receipt)) == (2, 1, {"wrong_fields": 1})


def test_a_word_that_is_not_known_is_told_with_its_column_and_the_words_that_are(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    rows = "ana,2024-01-05,5,کسب\nana,2024-01-06,3,بونوس\nbita,2024-01-06,3,مصرف\n"
    path.write_text("مشتری,تاریخ,امتیاز,نوع\n" + rows, "utf-8")
    receipt = rk.read(path, "points").receipt
    told = receipt.words("fa").splitlines()[1]
    assert "واژه‌ای که نمی‌شناسم، سطر ۳ (بونوس)؛ در ستون «نوع»" in told
    assert told.endswith("می‌شناسم: کسب، مصرف، منقضی، اصلاح")
    known = 'in the column "نوع" I know words such as: earned, redeemed, expired, adjusted'
    assert known in receipt.words("en")


def test_of_two_columns_of_choices_the_one_with_the_unknown_word_is_told(tmp_path: Path) -> None:
    path = tmp_path / "subscriptions.csv"
    rows = "ana,2024-01-05,5,month,active\nbita,2024-01-05,5,month,asleep\n"
    path.write_text("customer,start,amount,interval,status\n" + rows, "utf-8")
    (refusal,) = rk.read(path, "subscriptions").receipt.refusals
    assert [theirs for theirs, _ in refusal.columns] == ["status"]
    assert refusal.examples == ("asleep",)


@pytest.mark.parametrize(
    ("contract", "text", "reasons"),
    [
        (
            "orders",
            "customer,time,amount,status\nana,2024-01-05,1,paid\nana,2024-01-05,1,blue\n",
            {"unknown_status": 1},
        ),
        (
            "orders",
            "customer,time,amount,status\nana,2024-01-05,1,paid\nana,2024-01-05,1,cancelled\n",
            {"not_counted": 1},
        ),
        (
            "payments",
            "payment,customer,time,amount,status\np1,ana,2024-01-05,1,paid\np1,ana,2024-01-06,1,paid\n",
            {"duplicate_key": 1},
        ),
        (
            "subscriptions",
            "customer,start,end,amount\nana,2024-01-05,2024-02-05,1\nana,2024-01-05,2024-01-04,1\nana,2024-01-05,,-1\n",
            {"end_before_start": 1, "negative": 1},
        ),
    ],
)
def test_a_row_against_a_rule_of_its_contract_is_refused(
    tmp_path: Path, contract: str, text: str, reasons: dict[str, int]
) -> None:
    path = tmp_path / "log.csv"
    path.write_text(text, "utf-8")
    assert rows_by_reason(rk.read(path, contract).receipt) == reasons


def test_lines_of_json_that_are_none_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "orders.jsonl"
    good = '{"customer": "ana", "time": "2024-01-05", "amount": 1}\n'
    path.write_text(good + "garbage\n\n[1]\nnull\n" + good + '{"customer": "bi', "utf-8")
    receipt = rk.read(path, "orders").receipt
    assert (receipt.read, receipt.used, rows_by_reason(receipt)) == (6, 2, {"missing_id": 4})
    assert receipt.refusals[0].lines[0] == 2


def test_a_parquet_file_cut_in_half_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    duckdb.sql("select 'ana' as customer, today() as time, 1 as amount from range(9999)").write_parquet(str(path))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert refused(path) == "unreadable_file"


@pytest.mark.parametrize(
    "name",
    [
        "nothing.csv",
        "*.csv",
        "~nobody-of-this-name/orders.csv",
        "",
        "a\0b.csv",
        "a" * 5000,
        "'; drop table x; --.csv",
    ],
)
def test_a_path_to_nothing_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    assert refused(name) in ("no_file", "is_a_folder", "path_of_signs")


@pytest.mark.parametrize("written", ["C:\new\table.csv", "data\reports.csv"])
def test_a_path_in_which_a_backslash_made_a_sign_is_shown_as_it_was_written(written: str) -> None:
    with pytest.raises(rk.RetentionError) as ended:
        rk.read(written, "orders")
    assert ended.value.code == "path_of_signs"
    shown = repr(written)[1:-1]
    assert all(f"{mark}{shown}" in ended.value.words(one) for one, mark in (("en", '"'), ("fa", "«")))


@pytest.mark.parametrize("around", ['"{}"', "'{}'", " {} ", "“{}”", '"{} "', "«{}»", "{}\n"])
def test_quotation_marks_and_blanks_round_a_pasted_path_are_passed_over(tmp_path: Path, around: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + GOOD, "utf-8")
    assert rk.read(around.format(path), "orders").receipt.used == 1


def test_a_name_that_begins_with_a_quotation_mark_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "«فروش» ۱۴۰۳.csv"
    path.write_text(HEADER + GOOD, "utf-8")
    assert rk.read(str(path), "orders").receipt.used == 1


def test_a_wrong_name_is_answered_with_at_most_five_files_of_data_the_most_alike_first(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv", "c.xlsx", "d.csv.gz", "order.csv", "e.parquet", "notes.pdf", "~$c.xlsx"):
        (tmp_path / name).touch()
    with pytest.raises(rk.RetentionError) as ended:
        rk.read(tmp_path / "orders.csv", "orders")
    assert ended.value.code == "no_file_among"
    there = ended.value.facts["there"]
    assert there[0] == "order.csv"
    assert len(there) == 5
    assert not {"notes.pdf", "~$c.xlsx"} & set(there)


def test_a_folder_a_broken_link_and_a_pipe_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "link.csv").symlink_to(tmp_path / "nothing.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    assert [refused(tmp_path / f"{name}.csv") for name in ("folder", "link", "pipe")] == [
        "is_a_folder",
        "no_file",
        "no_file",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + GOOD, "utf-8")
    path.chmod(0)
    assert refused(path) == "unreadable_file"


@pytest.mark.parametrize("name", ["orders.csv", "orders.jsonl", "orders.parquet"])
def test_a_file_that_vanishes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    from retention_kit.intake import reading

    path = tmp_path / name
    duckdb.sql("select 'ana' as customer, today()::varchar as time, '1' as amount").write_parquet(str(path))
    if name != "orders.parquet":
        path.write_text(
            HEADER + GOOD if name == "orders.csv" else '{"customer":"a","time":"2024-01-05","amount":1}\n'
        )
    look: Callable[..., Any] = reading._look

    def look_and_lose(*given: Any, **how: Any) -> Any:
        found = look(*given, **how)
        path.unlink()
        return found

    monkeypatch.setattr(reading, "_look", look_and_lose)
    assert refused(path) == "unreadable_file"


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (None, "unknown_table"),
        (5, "unknown_table"),
        ({"customer": ["ana"]}, "unknown_table"),
        ([pd.DataFrame()], "unknown_table"),
        ([], "no_files"),
        (pd.DataFrame(), "empty_file"),
        (pd.DataFrame({"customer": [], "time": [], "amount": []}), "no_rows"),
        (pd.DataFrame({"customer": ["a"], "time": ["2024-01-05"], "amount": [1 + 2j]}), "unreadable_table"),
        (
            pd.DataFrame({"customer": ["a"], "time": ["2024-01-05"], "amount": [datetime(2024, 1, 5)]}),
            "no_usable_row",
        ),
        (
            pd.DataFrame([["a", "b", "2024-01-05", 1]], columns=["customer", "customer", "time", "amount"]),
            "ambiguous_column",
        ),
        (pd.DataFrame([[1, 2]]), "missing_column"),
    ],
)
def test_a_table_that_is_no_log_ends_in_a_sentence(table: Any, code: str) -> None:
    assert refused(table) == code


def test_a_frame_of_mixed_things_loses_only_what_is_wrong() -> None:
    frame = pd.DataFrame(
        {
            "customer": ["ana", 7, 8.0, None, float("nan"), b"x"],
            "time": ["2024-01-05", pd.Timestamp("2024-01-06"), "1402/10/17", "2024-01-05", "2024-01-05", None],
            "amount": [1, "۲٫۵", 3.5, 1, 1, 1],
        }
    )
    log = rk.read(frame, "orders")
    used = log.engine.query("select customer, amount::double as amount from orders", orders=log.table)
    assert used.values.tolist() == [["ana", 1.0], ["7", 2.5], ["8", 3.5]]
    assert rows_by_reason(log.receipt) == {"missing_id": 2, "missing_date": 1}


def test_missing_numbers_of_a_frame_are_missing() -> None:
    missing = float("nan")
    frame = pd.DataFrame(
        {"customer": [1.0, missing, 3.0], "time": [pd.Timestamp("2024-01-05")] * 3, "amount": [1.0, 2.0, missing]}
    )
    log = rk.read(frame, "orders")
    assert log.engine.query("select customer from orders", orders=log.table)["customer"].tolist() == ["1"]
    assert rows_by_reason(log.receipt) == {"missing_id": 1, "missing_number": 1}


@pytest.mark.parametrize(("amount", "said"), [("1000000000000000", "beyond 99,999,999,999,999"), ("much", "much")])
def test_where_no_row_can_be_used_the_sentence_says_why(tmp_path: Path, amount: str, said: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(f"{HEADER}ana,2024-01-05,{amount}\nana,2024-02-05,{amount}\n", "utf-8")
    with pytest.raises(rk.RetentionError, match=said):
        rk.read(path, "orders")
