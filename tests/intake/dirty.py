"""Writes a clean log the way programs do, breaks some rows on purpose, and remembers what must come back."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDateTime

from retention_kit.tables import contract

TEHRAN = ZoneInfo("Asia/Tehran")
_DIGITS = {"latin": "0123456789", "persian": "۰۱۲۳۴۵۶۷۸۹", "arabic": "٠١٢٣٤٥٦٧٨٩"}
_TIMES = {
    "iso_day": "%Y-%m-%d",
    "iso": "%Y-%m-%dT%H:%M:%S",
    "iso_minutes": "%Y/%m/%d %H:%M",
    "day_first": "%d/%m/%Y %H:%M:%S",
    "day_first_day": "%d.%m.%Y",
    "month_first": "%m/%d/%Y %H:%M",
    "month_first_short": "%m/%d/%y",
    "jalali": "%Y/%m/%d %H:%M:%S",
    "jalali_day": "%Y-%m-%d",
    "jalali_clock_first": "%H:%M %Y/%m/%d",
}
_NUMBERED = ("unix_seconds", "unix_milliseconds", "excel_serial", "utc")
_GROUPS = [("", "."), (",", "."), (".", ","), (" ", "."), (" ", ","), ("", ","), ("٬", "٫"), ("٬", "."), ("", "٫")]
_REASONS = ("missing_id", "bad_date", "before_1990", "future_date", "bad_number", "missing_number", "wrong_fields")


@dataclass(frozen=True)
class Way:
    """How one program writes a log."""

    encoding: str
    delimiter: str
    newline: str
    digits: str
    time: str
    groups: tuple[str, str]
    unit: str
    unit_before: bool
    minus: str
    headers: tuple[str, str, str]
    order: tuple[int, ...]


@dataclass
class Dirty:
    """A file's bytes, the rows that must come back, and the lines that must be refused, by reason."""

    content: bytes
    rows: list[tuple[str, datetime, Decimal]]
    refused: dict[str, list[int]] = field(default_factory=dict)


@st.composite
def ways(draw: st.DrawFn) -> Way:
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "cp1256"]))
    plain = encoding == "cp1256"  # which has no Persian digits, separators or ye
    return Way(
        encoding=encoding,
        delimiter=draw(st.sampled_from(",;\t|؛")),
        newline=draw(st.sampled_from(["\n", "\r\n"])),
        digits="latin" if plain else draw(st.sampled_from(sorted(_DIGITS))),
        time=draw(st.sampled_from([*_TIMES, *_NUMBERED])),
        groups=draw(st.sampled_from([groups for groups in _GROUPS if not plain or "".join(groups).isascii()])),
        unit=draw(st.sampled_from(["", "تومان", "ریال" if not plain else "ريال", "toman", "$"])),
        unit_before=draw(st.booleans()),
        minus=draw(st.sampled_from(["-{}", "{}-", "({})"])),
        headers=(
            draw(_spellings("customer", plain)),
            draw(_spellings("time", plain)),
            draw(_spellings("amount", plain)) + draw(st.sampled_from(["", " (net)", " [x]"])),
        ),
        order=tuple(draw(st.permutations(range(4)))),
    )


@st.composite
def _spellings(draw: st.DrawFn, name: str, plain: bool) -> str:
    """One of the names a column goes by, with the noise of spelling."""
    chosen = draw(st.sampled_from([name, *contract("orders").column(name).names]))
    if chosen.isascii():
        noise = draw(st.sampled_from([str.upper, str.title, str.lower, lambda given: given.replace("_", " ")]))
        return noise(chosen)
    if plain or draw(st.booleans()):
        chosen = chosen.replace("ی", "ي").replace("ک", "ك")
    return chosen.replace(" ", draw(st.sampled_from([" ", "\u200c", "_"])))


@st.composite
def dirty_files(draw: st.DrawFn) -> Dirty:
    """A file of four to twenty good rows and up to a third as many bad ones, blank lines between them."""
    way = draw(ways())
    rows = [(f"c{n}", _moment(way, moment), amount) for n, (moment, amount) in enumerate(draw(_moments()))]
    records = [("", _record(way, *row, memo=draw(_memos(way)))) for row in rows]
    for reason in draw(st.lists(st.sampled_from(_REASONS), max_size=len(rows) // 3)):
        records.insert(draw(st.integers(0, len(records))), (reason, _broken(way, reason)))
    for _ in range(draw(st.integers(0, 2))):
        records.insert(draw(st.integers(0, len(records))), ("blank", ""))
    header = _joined(way, [*way.headers, "memo"])
    lines = [header, *(text for _, text in records)]
    refused: dict[str, list[int]] = {}
    for number, (reason, _) in enumerate(records, 2):
        if reason not in ("", "blank"):
            refused.setdefault(reason, []).append(number)
    mark = "\ufeff" if way.encoding.startswith("utf-16") else ""
    content = (mark + way.newline.join(lines) + way.newline).encode(way.encoding)
    return Dirty(content, rows, refused)


def _moments() -> st.SearchStrategy[list[tuple[datetime, Decimal]]]:
    """Moments with amounts; the first shows which number is the day and which sign begins the decimals."""
    seconds = st.integers(0, 20 * 365 * 86_400)
    cents = st.integers(-10_000_000, 10_000_000_000).map(lambda whole: Decimal(whole) / 100)
    pairs = st.lists(st.tuples(seconds, cents), min_size=3, max_size=19, unique_by=lambda pair: pair[0])
    start = datetime(2004, 3, 1, tzinfo=UTC)
    shows = (datetime(2003, 12, 31, 9, 5, 7, tzinfo=UTC), Decimal("1234.50"))
    return pairs.map(
        lambda drawn: [shows, *((start + timedelta(seconds=second), money) for second, money in drawn)]
    )


def _moment(way: Way, moment: datetime) -> datetime:
    """What is left of a moment on the shop's clock, as precisely as it is written."""
    local = moment.astimezone(TEHRAN).replace(tzinfo=None)
    if way.time in _NUMBERED or "%S" in _TIMES[way.time]:
        return local
    clock = {"minute": local.minute, "hour": local.hour} if "%H" in _TIMES[way.time] else {"minute": 0, "hour": 0}
    return local.replace(second=0, **clock)


def _memos(way: Way) -> st.SearchStrategy[str]:
    """Remarks that need quotes."""
    remarks = ["", "x", "a\nb", f"p{way.delimiter}q", 'he said "yes"', "<b>", "=1+1", way.newline]
    return st.sampled_from(remarks)


def _record(way: Way, customer: str, local: datetime, amount: Decimal, *, memo: str = "") -> str:
    return _joined(way, [customer, _time(way, local), _money(way, amount), memo])


def _broken(way: Way, reason: str) -> str:
    """A record that must be refused for this reason."""
    values = ["z", _time(way, datetime(2010, 12, 31, 10)), _money(way, Decimal("7.25")), "x"]
    wrong = {
        "missing_id": (0, " "),
        "bad_date": (1, "soon"),
        "before_1990": (1, _time(way, datetime(1985, 12, 31))),
        "future_date": (1, _time(way, datetime(2060, 12, 31))),
        "bad_number": (2, "12x4"),
        "missing_number": (2, ""),
    }
    if reason == "wrong_fields":
        return _joined(way, [*values, "one more"], order=(*way.order, 4))
    place, value = wrong[reason]
    values[place] = value
    return _joined(way, values)


def _joined(way: Way, values: list[str], order: tuple[int, ...] = ()) -> str:
    return way.delimiter.join(_quoted(way, values[place]) for place in order or way.order)


def _quoted(way: Way, value: str) -> str:
    needs = any(sign in value for sign in (way.delimiter, '"', "\n", "\r"))
    return '"' + value.replace('"', '""') + '"' if needs else value


def _time(way: Way, local: datetime) -> str:
    if way.time in _NUMBERED:
        return _in_digits(way, _numbered(way, local))
    written = JalaliDateTime.to_jalali(local) if way.time.startswith("jalali") else local
    return _in_digits(way, written.strftime(_TIMES[way.time]))


def _numbered(way: Way, local: datetime) -> str:
    seconds = int(local.replace(tzinfo=TEHRAN).timestamp())
    if way.time == "excel_serial":
        return repr((local - datetime(1899, 12, 30)) / timedelta(days=1))
    if way.time == "utc":
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(seconds * (1000 if way.time == "unix_milliseconds" else 1))


def _money(way: Way, amount: Decimal) -> str:
    groups, decimals = way.groups
    written = f"{abs(amount):,.2f}".translate({ord(","): groups, ord("."): decimals})
    written = way.minus.format(written) if amount < 0 else written
    unit = [way.unit] if way.unit else []
    return _in_digits(way, " ".join([*unit, written] if way.unit_before else [written, *unit]))


def _in_digits(way: Way, written: str) -> str:
    return written.translate(str.maketrans(_DIGITS["latin"], _DIGITS[way.digits]))
