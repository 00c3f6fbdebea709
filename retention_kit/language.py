"""Every word a reader sees, and every digit: the catalogue `text/`, numbers, percent, money, month names.

Nothing here computes a figure. Code elsewhere never spells a Persian word: it asks for a text by its key.
"""

import math
import re
import string
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache, partial
from importlib import resources
from typing import Any, Protocol

LANGUAGES = ("en", "fa")
MISSING = "—"
_RIGHT_TO_LEFT_MARK = "\u200f"
_LETTER_MARK = "\u061c"
_PERSIAN = str.maketrans("0123456789.,%", "۰۱۲۳۴۵۶۷۸۹٫٬٪")
_LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫٬٪−–", "01234567890123456789.,%--", "\u200e\u200f\u200c\u061c")


class Sayable(Protocol):
    """What `say` needs of a result: its name, the length of its periods and the numbers of its sentence."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def every(self) -> str: ...  # noqa: D102
    @property
    def headline(self) -> Mapping[str, Any]: ...  # noqa: D102


@cache
def catalogue(language: str) -> dict[str, str | list[str]]:
    """All texts of one language, flat: `{"error.no_file": "…"}`; months and other lists stay lists."""
    if language not in LANGUAGES:
        from retention_kit import RetentionError  # it speaks by this module, so it cannot be there before it

        raise RetentionError("unknown_language", name=language)
    folder = resources.files("retention_kit") / "text" / language
    files = (file for file in folder.iterdir() if file.name.endswith(".toml"))
    return dict(row for file in files for row in _flat(tomllib.loads(file.read_text("utf-8")), ""))


def _flat(table: Mapping[str, Any], prefix: str) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for key, value in table.items():
        rows += _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [(prefix + key, value)]
    return rows


def has_text(key: str, language: str) -> bool:
    """Whether the catalogue knows this key."""
    return key in catalogue(language)


def text(key: str, language: str, **values: Any) -> str:
    """The text under `key`, with `{name:kind}` places filled by `values`.

    Kinds: `number`, `number1`, `percent`, `percent0`, `points`, `date`, `one|many` (English plural); of a period,
    or of its length ("month"), `unit`, `units`, `joined` (as Persian joins it to the word that follows) and
    `before` ("the month before"); of the code of a currency `currency` (" tomans", to stand after an amount;
    nothing where it is not known); or none: then the value is put as it is, in its own `words(language)` where it
    has them, and a tuple as a list. What stands in brackets is left out where all its values are missing: no
    interval is told from nothing to nothing.

    >>> text("word.customers", "en", count=1), text("word.customers", "fa", count=1200)
    ('1 customer', '۱٬۲۰۰ مشتری')
    """
    template = catalogue(language)[key]
    if not isinstance(template, str):
        raise TypeError(f"{key} is a list: use words()")
    if any(map(is_missing, values.values())):
        template = _IN_BRACKETS.sub(lambda remark: _said(remark[0], values), template)
    return _Template(language).vformat(template, (), values)


_IN_BRACKETS = re.compile(r" \([^()]*\)")


def _said(remark: str, values: Mapping[str, Any]) -> str:
    """A remark; nothing where it has places and all their values are missing."""
    names = [name for _, name, _, _ in string.Formatter().parse(remark) if name]
    return "" if names and all(is_missing(values[name]) for name in names) else remark


def words(key: str, language: str) -> list[str]:
    """The list under `key`, such as the names of the months."""
    entry = catalogue(language)[key]
    if isinstance(entry, str):
        raise TypeError(f"{key} is one text: use text()")
    return entry


class _Template(string.Formatter):
    """`str.format` with our kinds, and no way from a value to its attributes."""

    def __init__(self, language: str) -> None:
        self.language = language

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[Any, str]:  # noqa: ARG002 its signature
        return kwargs[field_name], field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if "|" in format_spec:
            one, many = format_spec.split("|")
            return one if value == 1 else many
        if isinstance(value, tuple):
            return in_sight(listed(value, self.language))
        if format_spec == "":
            return in_sight(str(value.words(self.language) if hasattr(value, "words") else value))
        return _KINDS[format_spec](value, self.language)


def in_sight(value: str) -> str:
    r"""A value with what commands a terminal, or turns the order of a line, replaced by a sign for it.

    >>> in_sight("a\x1b[2Jb") == "a\ufffd[2Jb"
    True
    """
    return value.translate(_UNSEEN)


# Control characters but for the tab and the end of a line, and those that embed or override a direction.
_UNSEEN = dict.fromkeys(
    {*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)} - {9, 10}, "\ufffd"
)


def listed(things: Iterable[Any], language: str) -> str:
    """Things named one after another in a sentence.

    >>> listed(["day", "week"], "en"), listed(["day", "week"], "fa")
    ('day, week', 'day، week')
    """
    return text("word.comma", language).join(map(str, things))


def is_missing(value: Any) -> bool:
    """Whether a number is absent: None, nan or pandas' NA.

    >>> is_missing(None), is_missing(float("nan")), is_missing(0)
    (True, True, False)
    """
    return value is None or type(value).__name__ in ("NAType", "NaTType") or bool(value != value)  # noqa: PLR0124 nan


def digits(plain: str, language: str) -> str:
    """Put digits, separators and the percent sign of a plain number into the language.

    >>> digits("-1,234.5%", "fa")
    '\u200e−۱٬۲۳۴٫۵٪'
    """
    if language != "fa":
        return plain.replace("-", "−") if plain.startswith("-") else plain
    mapped = plain.translate(_PERSIAN)
    # A mark keeps the minus on the left of the number inside right-to-left text.
    return "\u200e−" + mapped[1:] if mapped.startswith("-") else mapped


def number(value: Any, language: str, decimals: int = 0) -> str:
    """A number with thousands separators, at most `decimals` places, no trailing zeros.

    >>> number(1234567.25, "en", 1), number(1234567, "fa"), number(None, "en")
    ('1,234,567.2', '۱٬۲۳۴٬۵۶۷', '—')
    """
    if is_missing(value):
        return MISSING
    if math.isinf(value):
        return digits("-", language) + "∞" if value < 0 else "∞"
    plain = f"{value:,.{decimals}f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return digits("0" if plain == "-0" else plain, language)


def percent(share: Any, language: str, decimals: int = 1) -> str:
    """A share (0.853) as percent: 0% is nobody and 100% is everybody, so others have as many places as they need.

    >>> percent(0.853, "en"), percent(0.85, "fa"), percent(float("nan"), "fa")
    ('85.3%', '۸۵٪', '—')
    >>> percent(1999 / 2000, "en"), percent(1 / 5000, "en")
    ('99.95%', '0.02%')
    """
    if is_missing(share):
        return MISSING
    # What is nearer to them than any count of customers is the rounding of floats.
    while _LEAST_SHARE < share < 1 - _LEAST_SHARE and round(share * 100, decimals) in (0, 100):
        decimals += 1
    return number(share * 100, language, decimals) + ("٪" if language == "fa" else "%")


_LEAST_SHARE = 1e-9


def alone(plain: str, language: str) -> str:
    """A number that stands alone in a cell: in Persian its percent sign then keeps the side it has in a sentence.

    After Persian letters a browser sets the sign to the left of the number; with no letter before it, an unseen
    one has to stand in.
    """
    return _LETTER_MARK + plain if language == "fa" and plain.endswith("٪") else plain


def points(share: Any, language: str) -> str:
    """A difference of two shares in percentage points, always signed.

    >>> points(0.021, "en"), points(-0.021, "en"), points(0, "en"), points(0.021, "fa")
    ('+2.1', '−2.1', '0', '\u200e+۲٫۱')
    """
    plain = number(None if is_missing(share) else share * 100, language, 1)
    if is_missing(share) or round(share * 100, 1) <= 0:
        return plain
    # A mark keeps the plus on the left of the number, as `digits` keeps the minus.
    return ("\u200e+" if language == "fa" else "+") + plain


def iso_date(value: date, language: str) -> str:
    """A day as year-month-day in the digits of the language (Gregorian).

    >>> iso_date(date(2011, 12, 9), "fa")
    '۲۰۱۱-۱۲-۰۹'
    """
    return value.isoformat() if language != "fa" else value.isoformat().translate(_PERSIAN)


def after_amount(currency: str | None, language: str) -> str:
    """The name of a currency with a space before it, to stand after an amount; nothing where it is not known.

    >>> after_amount("toman", "en"), after_amount("toman", "fa"), after_amount(None, "en")
    (' tomans', ' تومان', '')
    """
    return " " + text(f"currency.{currency}", language) if currency else ""


def _of_length(kind: str, value: Any, language: str) -> str:
    """A word for the length of a period, or for a length by its plain name."""
    return text(f"calendar.{kind}.{getattr(value, 'every', value)}", language)


_KINDS: dict[str, Callable[[Any, str], str]] = {
    "number": number,
    "number1": lambda value, language: number(value, language, 1),
    "percent": percent,
    "percent0": lambda value, language: percent(value, language, 0),
    "points": points,
    "date": iso_date,
    **{kind: partial(_of_length, kind) for kind in ("unit", "units", "joined", "before")},
    "currency": after_amount,
}


def latin(typed: str) -> str:
    """Digits and signs of a number as Latin ones, unseen marks gone.

    >>> latin("۱۲۳٬۴۵۶٫۵")
    '123,456.5'
    """
    return typed.translate(_LATIN)


def parse_number(typed: str) -> float:
    """What a person typed as a number: Persian or Latin digits, `٪` or `%` (then a share), separators.

    >>> parse_number("۸۵٪"), parse_number("85 %"), parse_number("۰٫۸۵"), parse_number("1,200")
    (0.85, 0.85, 0.85, 1200.0)
    """
    plain = latin(typed).replace(",", "").replace("/", ".").strip()
    if plain.endswith("%"):
        return float(plain[:-1]) / 100
    return float(plain)


def direction(language: str) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if language == "fa" else "ltr"


def set_base(plain: str, language: str) -> str:
    """The text with its base direction fixed, for places that look at the first letter (figures)."""
    return _RIGHT_TO_LEFT_MARK + plain if language == "fa" else plain


def say(result: Sayable, language: str) -> str:
    """One sentence to say in the meeting, computed from the result.

    The metric chooses which sentence fits (`headline["sentence"]`) and gives its numbers; the words are here.
    """
    key = f"{result.name}.say.{result.headline['sentence']}"
    return text(key, language, every=result.every, **result.headline)
