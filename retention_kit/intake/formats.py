"""How the values of a column are written: decided once, from the column, never from one value.

What the column cannot decide (3/4/2024: April or March?) is asked for with the answer to give.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from retention_kit.errors import RetentionError
from retention_kit.language import latin

TIME_FORMATS = (
    "iso",
    "jalali",
    "day_first",
    "month_first",
    "unix_seconds",
    "unix_milliseconds",
    "unix_microseconds",
    "excel_serial",
)
NUMBER_FORMATS = ("decimal_point", "decimal_comma")
# The currencies a value or a header may name, by the signs and words people write.
CURRENCY_SIGNS = {
    "toman": r"تومان|تومن|tomans?|\bIRT\b",
    "rial": r"ریال|ريال|﷼|rials?|\bIRR\b",
    "EUR": r"€|\bEUR\b",
    "USD": r"\$|\bUSD\b",
    "GBP": r"£|\bGBP\b",
    "TRY": r"₺|\bTRY\b",
}
CURRENCIES = tuple(CURRENCY_SIGNS)
Separator = Literal[".", ","]

_DAY = re.compile(r"(?<![\d:])(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?![\d:])")
_WHOLE = re.compile(r"\d+(\.0+)?")


def time_format(column: str, values: Iterable[str], calendar: str | None) -> str:
    """How the times of a column are written.

    >>> time_format("time", ["13/08/2021", "01/02/2021"], None)
    'day_first'
    >>> time_format("time", ["1628812800"], None)
    'unix_seconds'
    """
    written = [latin(value).strip() for value in values]
    numbers = [float(value) for value in written if _WHOLE.fullmatch(value)]
    if numbers and len(numbers) == len(written):
        return _numbered(numbers)
    found = [_DAY.search(value) for value in written]
    parts = [(one[1], one[2], one[3]) for one in found if one is not None]
    short = [part for part in parts if len(part[0]) <= 2]
    return _ordered(column, short, calendar) if short else "iso"


def _numbered(numbers: list[float]) -> str:
    """Times that are bare numbers: days since 1900, or seconds since 1970, or 20240105."""
    least, most = min(numbers), max(numbers)
    if least >= 20_000 and most < 80_000:
        return "excel_serial"
    for name, unit in (("unix_seconds", 1), ("unix_milliseconds", 1e3), ("unix_microseconds", 1e6)):
        if 3e8 * unit <= least and most < 5e9 * unit:
            return name
    return "iso"


def _ordered(column: str, parts: list[tuple[str, str, str]], calendar: str | None) -> str:
    """Whether 3/4/2024 is a day of April or of March, or 99/12/30 a year, a month and a day."""
    two_digit_years = [part for part in parts if len(part[2]) <= 2]
    if two_digit_years and len(two_digit_years) == len(parts) and (calendar == "jalali" or _year_first(parts)):
        if calendar == "jalali":
            return "jalali"
        raise RetentionError("ambiguous_dates", column=column, example="/".join(parts[0]))
    day_first = any(int(first) > 12 for first, _, _ in parts)
    month_first = any(int(second) > 12 for _, second, _ in parts)
    if day_first == month_first:
        raise RetentionError("ambiguous_dates", column=column, example="/".join(parts[0]))
    return "day_first" if day_first else "month_first"


def _year_first(parts: list[tuple[str, str, str]]) -> bool:
    return any(int(first) > 31 for first, _, _ in parts)


_THOUSANDS_OR_DECIMALS = re.compile(r"[1-9]\d{0,2}\.\d{3}")


def decimal_separator(column: str, values: Iterable[str]) -> Separator:
    """Whether a point or a comma begins the decimals of a column's numbers.

    >>> decimal_separator("amount", ["1.234,56", "12"]), decimal_separator("amount", ["1,234", "12.5"])
    (',', '.')
    """
    written = [latin(value) for value in values]
    if any(_shows(value, ",", ".") for value in written):
        if any(_shows(value, ".", ",") for value in written):
            raise RetentionError("ambiguous_numbers", column=column, example=_example(written))
        return ","
    if not any(_shows(value, ".", ",") for value in written):
        unclear = [value for value in written if _THOUSANDS_OR_DECIMALS.fullmatch(re.sub(r"[^\d.,]", "", value))]
        if unclear:
            raise RetentionError("ambiguous_numbers", column=column, example=unclear[0])
    return "."


def _shows(value: str, decimal: str, other: str) -> bool:
    """Whether a number can only be read with this decimal sign: 12,5 and 1.234,56 and 1.234.567 show a comma."""
    digits = re.sub(r"[^\d.,]", "", value)
    if digits.count(other) > 1 and decimal not in digits:
        return True
    if other in digits and decimal in digits:
        return digits.rindex(decimal) > digits.rindex(other)
    tail = digits.rpartition(decimal)[2] if digits.count(decimal) == 1 else "000"
    return len(tail) != 3


def _example(values: list[str]) -> str:
    return next(value for value in values if _shows(value, ",", "."))


def unit_of(header: str, values: Iterable[str]) -> str:
    """The currency that a column names: in its header, else in most of the values that name one.

    >>> unit_of("مبلغ (تومان)", []), unit_of("amount", ["12 $"]), unit_of("amount", ["12"])
    ('toman', 'USD', '')
    """
    in_header = _currencies_in(header)
    if in_header:
        return in_header[0]
    named = [currency for value in values for currency in _currencies_in(value)]
    return max(CURRENCIES, key=named.count) if named else ""


def _currencies_in(written: str) -> list[str]:
    return [currency for currency, signs in CURRENCY_SIGNS.items() if re.search(signs, written, re.IGNORECASE)]
