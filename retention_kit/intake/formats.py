"""How the values of a column are written: decided once, from the column, never from one value.

What the column cannot decide (3/4/2024: April or March?) is asked for with the answer to give.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
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
_BARE = re.compile(r"\d+(\.\d+)?")

# A year before is one of the Jalali calendar, as in macros.sql.
_FIRST_GREGORIAN = 1700

# What the times of some ninety years are as bare numbers. No range touches another, nor 13681011 to 20991231.
_RANGES = (
    ("excel_serial", 2e4, 8e4),
    ("unix_seconds", 3e8, 5e9),
    ("unix_milliseconds", 3e11, 5e12),
    ("unix_microseconds", 3e14, 5e15),
)


def time_format(column: str, values: Iterable[str], calendar: str | None) -> str:
    """How the times of a column are written.

    >>> time_format("time", ["13/08/2021", "01/02/2021"], None)
    'day_first'
    >>> time_format("time", ["1628812800"], None)
    'unix_seconds'
    """
    written = {latin(value).strip() for value in values}
    if all(value[4:5] in ("-", "/") and value[:4].isdecimal() for value in written):
        return "iso"  # the year stands first everywhere, and no closer look is needed
    numbers = [float(value) for value in written if _BARE.fullmatch(value)]
    if len(numbers) > len(written) / 2:
        return _numbered(numbers)
    found = [_DAY.search(value) for value in written]
    parts = [(one[1], one[2], one[3]) for one in found if one is not None]
    short = [part for part in parts if len(part[0]) <= 2]
    return _ordered(column, short, calendar) if short else "iso"


def are_jalali(values: Iterable[str]) -> bool:
    """Whether the years of a column that have four digits are all Jalali; not where there are none.

    >>> are_jalali(["1403/12/29", "۱۴۰۴-۰۱-۰۱ 10:00"]), are_jalali(["1403/12/29", "2025-03-21"]), are_jalali([])
    (True, False, False)
    """
    found = (_DAY.search(latin(value)) for value in values)
    years = [int(part) for one in found if one is not None for part in (one[1], one[3]) if len(part) == 4]
    return bool(years) and max(years) < _FIRST_GREGORIAN


def _numbered(numbers: list[float]) -> str:
    """Most bare numbers are days since 1900, or seconds since 1970, or 20240105; the others are refused later."""
    for name, least, most in _RANGES:
        if sum(least <= number < most for number in numbers) > len(numbers) / 2:
            return name
    return "iso"


def _ordered(column: str, parts: list[tuple[str, str, str]], calendar: str | None) -> str:
    """Whether 3/4/2024 is a day of April or of March, or 99/12/30 a year, a month and a day."""
    two_digit_years = [part for part in parts if len(part[2]) <= 2]
    if len(two_digit_years) == len(parts):
        # Where most are like 05/14/23 they are no days of the Jalali calendar, whatever periods are counted by.
        if calendar == "jalali" and sum(int(month) <= 12 for _, month, _ in parts) > len(parts) / 2:
            return "jalali"
        if _year_first(parts):
            raise RetentionError("ambiguous_dates", column=column, example="/".join(parts[0]))
    day_first = any(int(first) > 12 for first, _, _ in parts if not _may_be_year_first(parts))
    month_first = any(int(second) > 12 for _, second, _ in parts)
    if day_first == month_first:
        raise RetentionError("ambiguous_dates", column=column, example="/".join(parts[0]))
    return "day_first" if day_first else "month_first"


def _year_first(parts: list[tuple[str, str, str]]) -> bool:
    return any(int(first) > 31 for first, _, _ in parts)


def _may_be_year_first(parts: list[tuple[str, str, str]]) -> bool:
    """Whether 23/05/14 may be a day of 2023: no first number is a year to come, and every third may be a day."""
    this_year = date.today().year % 100
    return all(len(third) <= 2 and int(first) <= this_year and int(third) <= 31 for first, _, third in parts)


_ONE_GROUP = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


def decimal_separator(column: str, values: Iterable[str]) -> Separator:
    """Whether a point or a comma begins the decimals of a column's numbers.

    >>> decimal_separator("amount", ["1.234,56", "12"]), decimal_separator("amount", ["1,234", "12.5"])
    (',', '.')
    """
    written = _shapes(latin(value) for value in values)
    comma = [value for value in written if _shows(value, ",", ".")]
    point = [value for value in written if _shows(value, ".", ",")]
    groups = [value for value in written if _ONE_GROUP.fullmatch(_digits(value))]
    if comma:
        unclear = comma if point else [value for value in groups if "," in value]
    else:  # 1.234 beside 12.5 is a decimal as programs write it; they would not write 1.230
        unclear = [value for value in groups if "." in value and (not point or value.endswith("0"))]
    if unclear:
        raise RetentionError("ambiguous_numbers", column=column, example=unclear[0])
    return "," if comma else "."


_ALIKE = str.maketrans("23456789", "11111111")
_ONE_DIGIT = str.maketrans("123456789", "000000000")


def _shapes(values: Iterable[str]) -> list[str]:
    """One value of each shape: 12.50 and 37.20 say the same of their column, and a column has few shapes."""
    return list({value.translate(_ALIKE): value for value in values}.values())


def _shows(value: str, decimal: str, other: str) -> bool:
    """Whether a number can only be read with this decimal sign: 12,5 and 1.234,56 and 1.234.567 show a comma."""
    digits = _digits(value)
    if digits.count(other) > 1 and decimal not in digits:
        return True
    if other in digits and decimal in digits:
        return digits.rindex(decimal) > digits.rindex(other)
    return digits.count(decimal) == 1 and not _ONE_GROUP.fullmatch(digits)


def _digits(value: str) -> str:
    return re.sub(r"[^\d.,]", "", value)


# Words that hold the name of a currency by chance: trial, material.
_WITH_RIAL_INSIDE = re.compile(r"[a-z]+rial[a-z]*", re.IGNORECASE)


def unit_of(header: str, values: Iterable[str], said: str = "") -> str:
    """The currency of what names none in a column: as was said, in its header, else in most of the values.

    A header that names another one than was said is refused: to take one for the other changes every amount.

    >>> unit_of("مبلغ (تومان)", []), unit_of("amount", ["12 $"]), unit_of("amount", ["12"])
    ('toman', 'USD', '')
    """
    in_header = _currencies_in(_WITH_RIAL_INSIDE.sub("", header.replace("_", " ")))
    if said and in_header and said not in in_header:
        raise RetentionError("other_unit", column=header, named=in_header[0], given=said)
    if said or in_header:
        return said or in_header[0]
    marks = Counter(latin(value).translate(_ONE_DIGIT) for value in values if any(map(str.isdigit, value)))
    found = {mark: _currencies_in(mark) for mark in marks}
    named = {name: sum(marks[mark] for mark in marks if name in found[mark]) for name in CURRENCIES}
    several = [name for name in CURRENCIES if named[name]]
    if len(several) > 1 and [] in found.values():
        raise RetentionError("ambiguous_currency", column=header, first=several[0], second=several[1])
    return max(several, key=named.__getitem__, default="")


def _currencies_in(written: str) -> list[str]:
    return [currency for currency, signs in CURRENCY_SIGNS.items() if re.search(signs, written, re.IGNORECASE)]
