"""The files a founder would bring, made of a clean company: the same facts, written as people and programs do.

Each file says how many of its rows must be used and how many refused for which reason, so that reading it can be
held against the clean table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from retention_kit.datasets.chance import Chance
from retention_kit.datasets.company import PERSIAN, Company
from retention_kit.datasets.writing import jalali, write_workbook
from retention_kit.language import digits, text
from retention_kit.tables import Column, contract

_TYPED = ("time", "money", "number")
_REPEATED, _SPOILT, _IN_RIAL, _IN_PERSIAN = 0.01, 0.002, 0.2, 0.4
_RIALS_IN_A_TOMAN = 10
# Windows-1256 has no Persian ye; old programs write the Arabic one.
_ARABIC = str.maketrans({"\u06cc": "\u064a"})
# A day and an amount that do not exist.
_NO_DAY, _NO_AMOUNT = "1402/13/41", "-?-"


@dataclass(frozen=True)
class MessyFile:
    """A file, what its rows are, and what must become of them.

    Repeated rows are used and counted in the receipt, except where a row may be given once only.
    """

    path: Path
    contract: str
    rows: int
    repeated: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)


def messy(company: Company, folder: Path) -> tuple[MessyFile, ...]:
    """Write a company's customers and its main log as a founder would bring them, into a folder that exists.

    Customers: CSV in UTF-8 with a column of e-mail addresses. Subscriptions: a workbook with Persian headers,
    digits of both kinds and rows that came twice. Orders: CSV in Windows-1256, semicolons, toman and rial in one
    column, rows that came twice, and some without a customer, with an impossible day or amount, or of cancelled
    orders. All days are Jalali.
    """
    people = _customers(company, folder)
    if "subscriptions" in company.tables:
        return people, _subscriptions(company, folder)
    return people, _orders(company, folder)


def _customers(company: Company, folder: Path) -> MessyFile:
    table = company.tables["customers"]
    written = _written(company, "customers")
    email = contract("customers").column("email")
    written[_persian_name(email)] = [f"customer{place}@example.org" for place in range(1, len(table) + 1)]
    path = folder / "customers.csv"
    written.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    return MessyFile(path, "customers", len(table))


def _subscriptions(company: Company, folder: Path) -> MessyFile:
    """A subscription may start once only, so a row that came twice is refused."""
    chance = Chance(0, "messy")
    rows, again = _with_repetitions(chance, _written(company, "subscriptions"))
    persian = chance.happens(_IN_PERSIAN, len(rows))
    # Codes are copied and not typed: they stay as they are.
    typed = {_persian_name(column) for column in contract("subscriptions").columns if column.kind in _TYPED}
    rows = rows.fillna("").astype(str)
    for name in typed & set(rows):
        rows[name] = [digits(one, "fa") if flag else one for one, flag in zip(rows[name], persian, strict=True)]
    path = folder / "subscriptions.xlsx"
    write_workbook(path, [str(name) for name in rows], rows.to_numpy().tolist())
    return MessyFile(path, "subscriptions", len(rows), refused={"duplicate_key": again} if again else {})


def _orders(company: Company, folder: Path) -> MessyFile:
    chance, rules = Chance(0, "messy"), contract("orders")
    written = _written(company, "orders")
    amount = rules.column("amount")
    written[_persian_name(amount)] = _toman_or_rial(chance, company.tables["orders"]["amount"])
    rows, again = _with_repetitions(chance, written)
    spoilt = {
        "missing_id": {_persian_name(rules.column("customer")): ""},
        "bad_date": {_persian_name(rules.column("time")): _NO_DAY},
        "bad_number": {_persian_name(amount): _NO_AMOUNT},
        "not_counted": {_persian_name(rules.column("status")): _persian_word(rules.column("status"), "cancelled")},
    }
    extra = [rows[chance.happens(_SPOILT, len(rows))].assign(**wrong) for wrong in spoilt.values()]
    rows = pd.concat([rows, *extra], ignore_index=True)
    heads = {_persian_name(amount): f"{_persian_name(amount)} ({text('datasets.unit.toman', 'fa')})"}
    path = folder / "orders.csv"
    lines = rows.rename(columns=heads).to_csv(index=False, sep=";", lineterminator="\r\n")
    path.write_bytes(lines.translate(_ARABIC).encode("cp1256"))
    refused = {reason: len(part) for reason, part in zip(spoilt, extra, strict=True)}
    return MessyFile(
        path, "orders", len(rows), again, {reason: count for reason, count in refused.items() if count}
    )


def _written(company: Company, contract_name: str) -> pd.DataFrame:
    """A table in Persian: headers, names, words, Jalali moments; without columns the contract does not know."""
    table, rules = company.tables[contract_name], contract(contract_name)
    columns = {column.name: column for column in rules.columns if column.name in table}
    return pd.DataFrame(
        {_persian_name(column): _column(table, column) for column in columns.values()}, dtype="object"
    )


def _column(table: pd.DataFrame, column: Column) -> pd.Series[Any]:
    if column.kind == "time":
        return jalali(table[column.name])
    if column.kind == "choice":
        return (
            table[column.name].astype("object").map({word: _persian_word(column, word) for word in column.choices})
        )
    there = column.name + PERSIAN
    return table[there if there in table else column.name].astype("object")


def _persian_name(column: Column) -> str:
    return next(name for name in column.names if not name.isascii())


def _persian_word(column: Column, choice: str) -> str:
    return next(name for name in column.choices[choice] if not name.isascii())


def _with_repetitions(chance: Chance, rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The rows, some of them once more at the end; and how many."""
    again = rows[chance.happens(_REPEATED, len(rows))]
    return pd.concat([rows, again], ignore_index=True), len(again)


def _toman_or_rial(chance: Chance, amount: pd.Series[int]) -> list[str]:
    """Amounts with their unit, one in five in rial."""
    in_rial = chance.happens(_IN_RIAL, len(amount))
    money = np.where(in_rial, amount * _RIALS_IN_A_TOMAN, amount)
    units = [text(f"datasets.unit.{unit}", "fa") for unit in ("toman", "rial")]
    return [f"{one} {units[rial]}" for one, rial in zip(money, in_rial.astype(int), strict=True)]
