"""A value becomes what was meant, or is refused, or its column is asked about: it is never guessed."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import retention_kit as rk

Column = Callable[..., dict[str, str]]


@pytest.fixture
def column(tmp_path: Path) -> Column:
    """What became of the values of one column of an orders file: the used ones, by how they were written."""

    def read(name: str, values: Sequence[str], **how: Any) -> dict[str, str]:
        rows = [{"customer": f"c{n}", "time": "2024-01-05", "amount": "1", name: v} for n, v in enumerate(values)]
        lines = ["order\tcustomer\ttime\tamount"]
        lines += [f"{n}\t{row['customer']}\t{row['time']}\t{row['amount']}" for n, row in enumerate(rows)]
        path = tmp_path / "orders.csv"
        path.write_text("\n".join(lines), "utf-8")
        log = rk.read(path, "orders", **how)
        assert log.receipt.read == len(values)
        found = log.engine.query("select columns(*)::varchar from orders", orders=log.table)
        return {values[int(n)]: it for n, it in zip(found["order"], found[name], strict=True)}

    return read


@pytest.mark.parametrize(
    "values",
    [
        {"1,500": 1500, "12.5": 12.5, "1,234.50": 1234.5},
        {"1.500": 1500, "1.234,50": 1234.5, "3,25": 3.25, "0,5": 0.5, "1_000": None},
        {"0.500": 0.5, "10": 10},
        {"0,500": 0.5, "0,250": 0.25, "10": 10},
        {"1234,567": 1234.567, "10": 10},
        {"1.234.567": 1234567, "12": 12},
        {"1,234": 1234, "12": 12},
        {"12.5": 12.5, "1.234": 1.234},
        {"۱۲٬۳۴۵": 12345, "۱۲٫۵": 12.5, "١٢": 12, "１２": None, "12": 12},
        {"(5)": -5, "6-": -6, "-7": -7, "−8": -8, "+9": 9, "--1": None, "-(2)": None, "()": None, "-": None},
        {"1 234": 1234, "1\u00a0235": 1235, "12 34": None, "12.5.3": None, "1/2": None, "5%": None},
        {"1_000": None, "0x10": None, "nan": None, "inf": None, "-Infinity": None, "1e300": None, "10": 10},
        {"999999999999999999": None, "99999999999999": 99999999999999, "true": None, "5 هزار": None, "5k": None},
    ],
)
def test_a_number_is_what_was_meant_or_refused(column: Column, values: dict[str, float | None]) -> None:
    expected = {value: number for value, number in values.items() if number is not None}
    assert {value: float(it) for value, it in column("amount", list(values)).items()} == expected


@pytest.mark.parametrize(
    "values",
    [
        ["1.234"],
        ["1.500", "12.5"],
        ["1,5", "1,500"],
        ["12.5", "1.234,5"],
        ["1,234.5", "1,5"],
    ],
)
def test_numbers_that_could_be_two_are_asked_about(column: Column, values: list[str]) -> None:
    with pytest.raises(rk.RetentionError, match="decimal_comma"):
        column("amount", values)


def test_an_answer_decides_what_a_point_means(column: Column) -> None:
    values = ["1.234", "5,5", "0,500"]
    assert column("amount", values, formats={"amount": "decimal_comma"}) == {
        "1.234": "1234.0000",
        "5,5": "5.5000",
        "0,500": "0.5000",
    }
    assert column("amount", values, formats={"amount": "decimal_point"}) == {"1.234": "1.2340"}


@pytest.mark.parametrize(
    ("values", "used"),
    [
        (["1000 ریال", "2000 ریال", "100 تومان"], ["1000.0000", "2000.0000", "1000.0000"]),
        (["100 تومان", "200 تومان", "IRR 1000"], ["100.0000", "200.0000", "100.0000"]),
        (["5 USD", "6 USD", "7 EUR"], ["5.0000", "6.0000"]),
        (["5 تومان 50 ریال", "6 تومان"], ["6.0000"]),
    ],
)
def test_two_units_are_brought_to_one_or_refused(column: Column, values: list[str], used: list[str]) -> None:
    assert list(column("amount", values).values()) == used


def test_bare_amounts_beside_two_units_are_asked_about(column: Column) -> None:
    values = ["1000 ریال", "100 تومان", "7"]
    with pytest.raises(rk.RetentionError, match="name neither"):
        column("amount", values)
    assert list(column("amount", values, currency="toman").values()) == ["100.0000", "100.0000", "7.0000"]


def orders_with(heading: str, amounts: Sequence[str], folder: Path) -> Path:
    path = folder / "orders.csv"
    rows = [f"c{place},2024-01-05,{amount}" for place, amount in enumerate(amounts)]
    path.write_text("\n".join([f"customer,time,{heading}", *rows]), "utf-8")
    return path


@pytest.mark.parametrize("amounts", [["1000"], ["1000 تومان"], ["1000 ریال"]])
def test_a_heading_that_names_another_unit_than_was_said_is_refused_with_both(
    amounts: list[str], tmp_path: Path
) -> None:
    path = orders_with("مبلغ (تومان)", amounts, tmp_path)
    with pytest.raises(rk.RetentionError) as raised:
        rk.read(path, "orders", currency="rial")
    assert "سرستون «مبلغ (تومان)» واحد پول را toman می‌گوید، ولی به من rial گفته‌اید" in raised.value.words("fa")
    assert "--currency toman" in raised.value.words("en")
    assert rk.read(path, "orders", currency="toman").currency == "toman"


@pytest.mark.parametrize("heading", ["amount", "trial_amount", "Material amount", "مبلغ"])
def test_a_heading_that_names_no_unit_contradicts_none(heading: str, tmp_path: Path) -> None:
    path = orders_with(heading, ["1000"], tmp_path)
    assert rk.read(path, "orders", columns={"amount": heading}).currency is None
    assert rk.read(path, "orders", columns={"amount": heading}, currency="toman").currency == "toman"


def test_the_heading_of_numbers_that_are_no_text_names_their_unit_too() -> None:
    rows = {"customer": ["ana"], "time": ["2024-01-05"], "amount_IRR": [1000.5]}
    assert rk.read(pd.DataFrame(rows), "orders", columns={"amount": "amount_IRR"}).currency == "rial"
    with pytest.raises(rk.RetentionError, match="says that its money is in rial, and I was told toman"):
        rk.read(pd.DataFrame(rows), "orders", columns={"amount": "amount_IRR"}, currency="toman")


@pytest.mark.parametrize(
    ("heading", "how", "english", "persian"),
    [
        ("مبلغ (تومان)", {}, "Money is counted in: tomans.", "واحد پول در همهٔ حساب‌ها: تومان."),
        ("amount", {"currency": "rial"}, "Money is counted in: rials.", "واحد پول در همهٔ حساب‌ها: ریال."),
        ("amount", {}, "No unit of money is known", "واحد را بگویید: --currency toman"),
    ],
)
def test_the_receipt_says_in_which_unit_money_is_counted_or_what_to_say(
    heading: str, how: dict[str, str], english: str, persian: str, tmp_path: Path
) -> None:
    receipt = rk.read(orders_with(heading, ["1000"], tmp_path), "orders", **how).receipt
    assert english in receipt.words("en").splitlines()[1]
    assert persian in receipt.words("fa").splitlines()[1]


def test_a_log_without_money_says_nothing_of_it(tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_text("customer,time,channel\nana,2024-01-05,app\n", "utf-8")
    receipt = rk.read(path, "touchpoints", currency="toman").receipt
    assert (receipt.currency, receipt.as_dict()["currency"]) == (None, None)
    assert "oney" not in receipt.words("en")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-02-29", "2024-02-29 00:00:00"),
        ("2023-02-29", None),
        ("2024-01-05 24:00", "2024-01-06 00:00:00"),
        ("2024-01-05 25:00", None),
        ("2024-01-05 10:60", None),
        ("2024-01-05 9:05", "2024-01-05 09:05:00"),
        ("2024-01-05T10:00:00Z", "2024-01-05 13:30:00"),
        ("2024-01-05T10:00:00+03:30", "2024-01-05 10:00:00"),
        ("2024-01-05 10:00:00 +0000", "2024-01-05 13:30:00"),
        ("۲۰۲۴-۰۱-۰۵T۱۰:۰۰:۰۰Z", "2024-01-05 13:30:00"),
        ("2024/01/05 10:00:00+05:00", None),
        ("2024/01/05 10:00:00Z", None),
        ("2024-01-05 10:00:00 PM", None),
        ("2024-01-05 10:00:00PM", None),
        ("2024-01-05 10:00:00junk", None),
        ("2024-1e0-05", None),
        ("20240105", "2024-01-05 00:00:00"),
        ("1400-02-31", "2021-05-21 00:00:00"),
        ("1400-02-32", None),
        ("1400/07/31", None),
        ("1399/12/30", "2021-03-20 00:00:00"),
        ("1400/12/30", None),
        ("1403/12/30", "2025-03-20 00:00:00"),
        ("۱۴۰۰/۰۵/۲۲ - ۱۰:۳۰", "2021-08-13 10:30:00"),
        ("۱۰:۳۰ ۱۴۰۰/۰۵/۲۲", "2021-08-13 10:30:00"),
        ("2022-03-22 00:30", "2022-03-22 00:30:00"),  # an hour that clocks in Tehran passed over
        ("2021-03-21T20:30:00Z", "2021-03-22 01:00:00"),  # the moment they were put forward
        ("3/4/2024", None),  # nothing else in the column says which is the month
        ("1989-12-31", None),
        ("1990-01-01", "1990-01-01 00:00:00"),
        ("2990-01-01", None),
    ],
)
def test_a_time_is_what_was_meant_or_refused(column: Column, written: str, moment: str | None) -> None:
    others = [f"2024-01-{day:02}" for day in range(6, 16)]
    formats = {"time": "iso"} if written == "3/4/2024" else {}
    assert column("time", [*others, written], formats=formats).get(written) == moment


@pytest.mark.parametrize(
    ("values", "first"),
    [
        (["13/04/2021", "01/02/2021"], "2021-04-13"),
        (["04/13/2021", "01/02/2021"], "2021-04-13"),
        (["31/04/1400", "01/02/1400"], "2021-07-22"),
        (["31/12/10", "01/02/10"], "2010-12-31"),
        (["12/31/10", "01/02/10"], "2010-12-31"),
        (["12/31/99", "01/02/00"], "1999-12-31"),
        (["45296.5", "45297", "soon"], "2024-01-05"),
        (["1704412800", "1704412801", "2024-01-05"], "2024-01-05"),
        (["1704412800123", "1704412800000"], "2024-01-05"),
    ],
)
def test_the_column_says_how_its_times_are_written(column: Column, values: list[str], first: str) -> None:
    used = column("time", values)
    assert used[values[0]].startswith(first)
    assert len(used) == sum(value[0].isdigit() and "-" not in value for value in values)


@pytest.mark.parametrize(
    "values",
    [["3/4/2024"], ["12/11/10"], ["23/05/14", "22/06/15"], ["13/4/2024", "6/13/2024"], ["99/12/30"]],
)
def test_days_that_could_be_two_are_asked_about(column: Column, values: list[str]) -> None:
    with pytest.raises(rk.RetentionError, match="day_first"):
        column("time", values)


def test_a_day_that_no_jalali_month_has_is_not_jalali_where_the_calendar_is(column: Column) -> None:
    used = column("time", ["05/14/23", "06/02/23"], calendar="jalali")
    assert used == {"05/14/23": "2023-05-14 00:00:00", "06/02/23": "2023-06-02 00:00:00"}
    assert column("time", ["03/12/01", "03/13/01", "03/11/01"], calendar="jalali").keys() == {
        "03/12/01",
        "03/11/01",
    }


def test_years_of_two_digits_are_jalali_where_the_calendar_is(column: Column) -> None:
    used = column("time", ["99/12/30", "00/01/01", "00/12/30"], calendar="jalali")
    assert used == {"99/12/30": "2021-03-20 00:00:00", "00/01/01": "2021-03-21 00:00:00"}


@pytest.mark.parametrize("way", ["unix_seconds", "unix_milliseconds", "excel_serial"])
def test_a_number_that_is_no_time_costs_its_row_only(column: Column, way: str) -> None:
    good = {"unix_seconds": "1704412800", "unix_milliseconds": "1704412800000", "excel_serial": "45296"}[way]
    used = column("time", [good, "nan", "inf", "1e300", "-5", "2024-01-05"], formats={"time": way})
    assert list(used) == [good]


@pytest.mark.parametrize(
    "alike",
    [
        ["0912", "۰۹۱۲", "٠٩١٢", "0912 ", "\u00a00912"],
        ["17850", "17850.0", "۱۷۸۵۰"],
        ["علی کیا", "علي كيا", "علی کیا\u200f"],
    ],
)
def test_spellings_of_one_id_are_one_customer(column: Column, alike: list[str]) -> None:
    assert len(set(column("customer", alike).values())) == 1


def test_ids_that_differ_stay_apart(column: Column) -> None:
    ids = ["007", "7", "A", "a", "v1.0", "1.5", "0912", "912", "<b>", "=1+1", "'; drop table x; --", "a,b"]
    used = column("customer", ids)
    assert used == {one: one for one in ids}
