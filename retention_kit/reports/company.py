"""What a company gives: its logs, how they are read, and how its periods are counted.

The same names serve on the command line, in `retention.toml` and in a file of many companies:

    language = "fa"
    calendar = "jalali"
    orders = "sales.xlsx"

    [subscriptions]
    data = "subscriptions.csv"
    columns = { customer = "Buyer" }
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from retention_kit import intake
from retention_kit.errors import RetentionError
from retention_kit.subjects import SUBJECTS, USUAL_CALENDAR, Parameter, Subject, all_parameters, unknown
from retention_kit.tables import Log, contract_names

# What belongs to one log; all other parameters are the company's.
_PARTS = ("data", "columns", "formats", "sheet")
OF_A_LOG = (*_PARTS, "sheets", "contract")
_EXAMPLE = 'sheet = "Sales", columns = { customer = "Buyer" }, formats = { time = "day_first" }'
_READING = ("calendar", "zone", "currency", "observed_until")
# A report counts all its lessons alike, whatever each has for itself.
_USUAL = {"language": "en", "every": "month", "calendar": "gregorian"}
# How a path of Windows begins that is written as Windows writes it: some of its \ would be read as other signs.
_BACKSLASH = re.compile(r'"[A-Za-z]:\\(?!\\)')
_STRAIGHT_QUOTES = re.compile(r""""[^"]*"|'[^']*'|#.*""")
_OTHER_QUOTES = re.compile("[\u00ab\u00bb\u2018-\u201f]")
# Without data the report is on the sample shop, whose times and money are British.
_SAMPLE = {"zone": "Europe/London", "currency": "GBP"}
_SAMPLE_ORDERS = "online_retail.parquet"


@dataclass(frozen=True)
class Source:
    """One log as it is given: the file, and what its columns are called and how they are written."""

    data: str
    columns: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""

    @property
    def name(self) -> str:
        """The file's name, without where it lies."""
        return Path(self.data).name

    def digest(self) -> str:
        """A fingerprint of the file, or of all that a pattern finds."""
        total = hashlib.sha256()
        for path in intake.files_of(self.data):
            with path.open("rb") as file:
                total.update(hashlib.file_digest(file, "sha256").digest())
        return total.hexdigest()


@dataclass(frozen=True)
class Task:
    """One lesson to run: on which log, with which parameters."""

    subject: Subject
    contract: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Company:
    """The logs of one company, by what a row of each is, and the parameters that all its lessons share."""

    logs: Mapping[str, Source]
    parameters: Mapping[str, Any]

    @property
    def language(self) -> str:
        """The language of what is written."""
        return str(self.parameters["language"])

    def tasks(self) -> list[Task]:
        """Every lesson that these logs support, in the order of the curriculum."""
        subjects = sorted(SUBJECTS.values(), key=lambda subject: subject.number)
        found = (self.task(subject, subject.contracts) for subject in subjects)
        return [task for task in found if task is not None]

    def task(self, subject: Subject, contracts: Sequence[str]) -> Task | None:
        """The lesson on the first of these logs that is there; None where none is."""
        contract = next((name for name in contracts if name in self.logs), None)
        return None if contract is None else Task(subject, contract, self._parameters_of(subject, contract))

    def _parameters_of(self, subject: Subject, contract: str) -> dict[str, Any]:
        source = self.logs[contract]
        known = {parameter.name for parameter in subject.parameters}
        # A lesson on more than one log names the others, and their columns, by what their rows are.
        others = {name: other for name, other in self.logs.items() if name != contract and name in known}
        given = {
            **self.parameters,
            "data": source.data,
            "columns": _named(source.columns, {name: other.columns for name, other in others.items()}),
            "formats": _named(source.formats, {name: other.formats for name, other in others.items()}),
            "sheet": source.sheet,
            "sheets": {name: other.sheet for name, other in others.items() if other.sheet},
            "contract": contract,
            **{name: other.data for name, other in others.items()},
        }
        return subject.check({name: value for name, value in given.items() if name in known})

    def read(self) -> dict[str, Log]:
        """The logs; within `intake.reading_once` the lessons find them read."""
        how = {name: self.parameters.get(name) or None for name in _READING}
        read = {}
        for contract, source in self.logs.items():
            with _errors_named(contract, self.logs):
                read[contract] = intake.read(
                    source.data,
                    contract,
                    columns=dict(source.columns) or None,
                    formats=dict(source.formats) or None,
                    sheet=source.sheet or None,
                    **how,
                )
        return read


def look_at(logs: Mapping[str, Source]) -> None:
    """Refuse a file that cannot be opened as the log that it is given for."""
    for contract, source in logs.items():
        with _errors_named(contract, logs):
            intake.preview(source.data, contract, columns=source.columns, sheet=source.sheet or None)


@contextmanager
def _errors_named(contract: str, logs: Mapping[str, Source]) -> Iterator[None]:
    """Where there are several logs, what is wrong with one of them names it."""
    try:
        yield
    except RetentionError as error:
        if len(logs) > 1:
            error.log = contract
        raise


def _named(own: Mapping[str, str], others: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What is said of the columns of a lesson's own log, and of those of others under "points.time"."""
    dotted = {f"{log}.{ours}": said for log, named in others.items() for ours, said in named.items()}
    return {**own, **dotted}


def company_of(given: Mapping[str, Any], base: Path) -> Company:
    """A company as it was written down; every name and value is checked, and that its files can be opened.

    Args:
        given: parameters by their names, and logs by what their rows are: a file, or a table of its `data`,
            `columns`, `formats` and `sheet`.
        base: where the files are looked for whose paths are not absolute.
    """
    of_logs = (*OF_A_LOG, *contract_names())
    known = {name: rule for name, rule in all_parameters().items() if name not in of_logs}
    logs, parameters = {}, {}
    for name, value in given.items():
        if name in contract_names():
            logs[name] = _source(name, value, base)
        elif name in known:
            parameters[name] = known[name].check(value)
        else:
            raise unknown("unknown_parameter", name, (*known, *contract_names()))
    usual = dict(_USUAL)
    if logs:
        usual["calendar"] = USUAL_CALENDAR[parameters.get("language", _USUAL["language"])]
    else:
        logs["orders"], usual = _sample(), {**_USUAL, **_SAMPLE}
    look_at(logs)
    return Company(logs, {**usual, **parameters})


def _source(contract: str, value: Any, base: Path) -> Source:
    given = value if isinstance(value, dict) else {"data": value}
    rules = all_parameters()
    for name in given:
        if name not in _PARTS:
            raise unknown("unknown_parameter", f"{contract}.{name}", _PARTS)
    read = {name: _part(contract, rules[name], part) for name, part in given.items()}
    if not read.get("data"):
        raise RetentionError("no_data", contract=contract)
    return Source(**{**read, "data": str(base / intake.at_home(read["data"]))})


def _part(contract: str, rule: Parameter, given: Any) -> Any:
    try:
        return rule.check(given)
    except RetentionError:
        name = contract if rule.name == "data" else f"{contract}.{rule.name}"
        example = f'{contract} = {{ data = "sales.xlsx", {_EXAMPLE} }}'
        raise RetentionError("wrong_log", name=name, given=given, log=contract, example=example) from None


def _sample() -> Source:
    from retention_kit.datasets import shipped  # a second, for who gives no file

    return Source(str(shipped("datasets", _SAMPLE_ORDERS)))


def read_toml(path: Path) -> dict[str, Any]:
    """What a TOML file holds; the mark that Windows sets before a text is passed over."""
    if path.is_dir():
        raise RetentionError("toml_is_folder", path=str(path))
    try:
        written = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise RetentionError("no_file", path=str(path)) from None
    except UnicodeDecodeError:
        raise RetentionError("bad_toml_letters", path=path.name) from None
    lines = written.split("\n")
    windows = next((number for number, line in enumerate(lines, 1) if _BACKSLASH.search(line)), None)
    if windows is not None:
        raise RetentionError("bad_toml_backslash", path=path.name, line=windows)
    try:
        return tomllib.loads(written)
    except tomllib.TOMLDecodeError as error:
        told = re.search(r"at line (\d+)", str(error))
        number = int(told[1]) if told else len(written.rstrip().split("\n"))
        cause = _likely_cause(lines[number - 1])
        raise RetentionError(f"bad_toml{cause}", path=path.name, line=number) from None


def _likely_cause(line: str) -> str:
    """What is most often wrong with a line that cannot be read, as the error's name ends."""
    if "\\" in line:
        return "_backslash"
    outside = _STRAIGHT_QUOTES.sub("", line)
    if _OTHER_QUOTES.search(outside):
        return "_quotes"
    return "" if outside.isascii() else "_bare"
