"""Simulated companies: the same seed gives the same rows, on every machine."""

from __future__ import annotations

from typing import Any

import pandas as pd

from retention_kit.datasets import bazarche, gol_box, kara
from retention_kit.datasets.company import Company, table
from retention_kit.datasets.seasons import Span
from retention_kit.datasets.truths import BazarcheTruth, GolBoxTruth, KaraTruth, truth_of
from retention_kit.errors import RetentionError, check_choice

COMPANIES = ("gol_box", "kara", "bazarche")
_MOST_CUSTOMERS = 1_000_000
_MOST_MONTHS = 600


def simulate(company: str, *, customers: int, months: int = 36, seed: int = 0, **truth: Any) -> Company:
    """A company whose truth is known: its tables by contract, and the numbers they were made from.

    Args:
        company: gol_box, kara or bazarche.
        customers: how many begin within the months (at kara: how many trials).
        months: Jalali months, the last of them Esfand 1403.
        seed: of all draws; a whole number from 0.
        truth: numbers that shall differ from the usual ones, by their names in the company's truth.

    >>> shop = simulate("bazarche", customers=50, months=3, monthly_dropout=(1.0,))
    >>> sorted(shop.tables), shop.truth.monthly_dropout
    (['costs', 'customers', 'events', 'feedback', 'orders', 'touchpoints'], (1.0,))
    """
    check_choice("company", company, COMPANIES)
    for name, given, least, most in (
        ("customers", customers, 1, _MOST_CUSTOMERS),
        ("months", months, 1, _MOST_MONTHS),
        ("seed", seed, 0, 2**32 - 1),
    ):
        if not least <= given <= most:
            raise RetentionError("out_of_range", name=name, given=given, least=float(least), most=float(most))
    span, known = Span(months), truth_of(company, truth)
    match known:
        case GolBoxTruth():
            columns = gol_box.make(customers, span, seed, known)
        case KaraTruth():
            columns = kara.make(customers, span, seed, known)
        case BazarcheTruth():
            columns = bazarche.make(customers, span, seed, known)
    tables = {name: _table(span, made) for name, made in columns.items()}
    return Company(company, tables, known, span.last_day)


def _table(span: Span, columns: dict[str, Any]) -> pd.DataFrame:
    return table(span, columns) if "time" in columns else pd.DataFrame(columns)
