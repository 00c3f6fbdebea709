"""The subjects the kit teaches, and the parameters of each: declared once, here.

The `parameters` cell of a lesson, the options of `retention-kit run` and the checks before a run all come from
this table. The subject's name is also the name of its lesson, metric, text section and test.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

from retention_kit import calendars
from retention_kit.errors import RetentionError, check_choice, nearest
from retention_kit.language import LANGUAGES, latin, parse_number


@dataclass(frozen=True)
class Parameter:
    """One thing a reader may set: its default decides its type, `choices` or `least`/`most` its range."""

    name: str
    default: str | float | Mapping[str, str]  # an int asks for a whole number
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    example: str = ""  # as it is written, where the default says nothing

    def check(self, given: Any) -> Any:
        """The value as this parameter's type, or an error that says what would be right."""
        if isinstance(self.default, int | float):
            return self._number(given)
        if not self._fits(given):
            raise RetentionError(
                "wrong_kind", name=self.name, given=given, example=self.example or repr(self.default)
            )
        if self.choices:
            check_choice(self.name, given, self.choices)
        return given

    def _fits(self, given: Any) -> bool:
        if isinstance(self.default, Mapping):
            return isinstance(given, dict) and all(isinstance(said, str) for said in given.values())
        return isinstance(given, str)

    def _number(self, given: Any) -> float:
        try:
            value = _typed_number(given) if isinstance(given, str) else float(given)
        except (TypeError, ValueError):
            raise RetentionError("wrong_number", name=self.name, given=given) from None
        if not isfinite(value):
            raise RetentionError("wrong_number", name=self.name, given=given)
        if not (self.least is None or value >= self.least) or not (self.most is None or value <= self.most):
            raise RetentionError("out_of_range", name=self.name, given=given, least=self.least, most=self.most)
        if not isinstance(self.default, int):
            return value
        if not value.is_integer():
            raise RetentionError("not_whole", name=self.name, given=given)
        return int(value)


# A comma only stands between groups of three: 0,3 would else be read as 3.
_GROUPED = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")


def _typed_number(typed: str) -> float:
    """A number as a person types it."""
    plain = latin(typed).strip()
    if "," in plain and not _GROUPED.fullmatch(plain):
        raise ValueError(typed)
    return parse_number(plain)


_LANGUAGE = Parameter("language", "en", LANGUAGES)
_DATA = Parameter("data", "", example='"orders.csv"')
_COLUMNS = Parameter("columns", {}, example='{"customer": "Buyer"}')
_CALENDAR = Parameter("calendar", "gregorian", calendars.CALENDARS)
_EVERY = Parameter("every", "month", calendars.PERIODS)
_ZONE = Parameter("zone", "", example='"Asia/Tehran"')
_CURRENCY = Parameter("currency", "", ("", "toman", "rial", "EUR", "USD", "GBP", "TRY"), example='"toman"')
_FORMATS = Parameter("formats", {}, example='{"time": "day_first"}')
_SHEET = Parameter("sheet", "", example='"Sheet1"')
_OBSERVED_UNTIL = Parameter("observed_until", "", example='"2021-08-13"')
_BENCHMARK = Parameter("benchmark", 0.0, least=0.0, most=1.0)
# What a row of the reader's own file is, where a lesson understands more than one kind.
_CONTRACT = Parameter("contract", "subscriptions", ("subscriptions", "orders"))
_BY = Parameter("by", "plan")
_SEGMENT = Parameter("by", "segment")
# Further logs of the same company; empty: the lesson does without.
_FURTHER = _TOUCHPOINTS, _ORDERS, _SUBSCRIPTIONS, _CUSTOMERS = tuple(
    Parameter(contract, "", example=f'"{contract}.csv"')
    for contract in ("touchpoints", "orders", "subscriptions", "customers")
)
_SHEETS = Parameter("sheets", {}, example='{"orders": "Sheet1"}')
# Ten years of days: no calendar ends on the way.
_MOST = 3650.0
_FIRST_DAYS = Parameter("first_days", 30, least=1, most=_MOST)
_FOLLOW_DAYS = Parameter("follow_days", 90, least=1, most=_MOST)
_PRACTICES = Parameter("practices", {}, example='{"sms": "present"}')
_FOLLOW = Parameter("follow", 3, least=1, most=_MOST)
# More rials than any programme costs, and no sum of them loses its last digits.
_MOST_MONEY = 1e15
_MONEY_PER_POINT = Parameter("money_per_point", 0.0, least=0, most=_MOST_MONEY)
_MARGIN = Parameter("margin", 0.0, least=0, most=1)
_RUNNING_COST = Parameter("running_cost", 0.0, least=0, most=_MOST_MONEY)

# What every lesson on a log has: its language, the file and how to read it, the periods to count by.
_LOG = (
    _LANGUAGE,
    _DATA,
    _COLUMNS,
    _FORMATS,
    _SHEET,
    _EVERY,
    _CALENDAR,
    _ZONE,
    _CURRENCY,
    _OBSERVED_UNTIL,
)
# The calendar of the reader's own data, where nobody says one.
USUAL_CALENDAR = {"en": "gregorian", "fa": "jalali"}
# The simulated companies live by the Jalali calendar.
_JALALI_LOG = tuple(
    replace(parameter, default="jalali") if parameter is _CALENDAR else parameter for parameter in _LOG
)


@dataclass(frozen=True)
class Subject:
    """One subject: its place in the curriculum, its sample company, and the parameters of its lesson.

    `contract` is what a row of the sample is; a subject that needs no log has neither it nor a sample.
    """

    name: str
    number: int
    minutes: int
    parameters: tuple[Parameter, ...] = field(repr=False)
    sample: str = ""
    contract: str = ""

    @property
    def lesson(self) -> str:
        """The file name of the lesson, without its ending."""
        return f"{self.number:02d}_{self.name}"

    @property
    def contracts(self) -> tuple[str, ...]:
        """The kinds of logs its lesson runs on, the one that tells most first.

        >>> SUBJECTS["churn"].contracts, SUBJECTS["retention_rate"].contracts
        (('subscriptions', 'orders'), ('orders',))
        """
        told = (parameter.choices for parameter in self.parameters if parameter.name == "contract")
        return next(told, (self.contract,) if self.contract else ())

    def contract_of(self, parameters: Mapping[str, Any]) -> str:
        """What a row of the reader's own file is: as the parameters say where they may, else as in the sample.

        >>> SUBJECTS["churn"].contract_of({"contract": "orders"}), SUBJECTS["revenue_churn"].contract_of({})
        ('orders', 'subscriptions')
        """
        return str(parameters.get("contract", self.contract))

    def check(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """All parameters, defaults filled in; unknown names and wrong values are refused.

        >>> SUBJECTS["retention_rate"].check({"calender": "jalali"})
        Traceback (most recent call last):
        retention_kit.errors.RetentionError: There is no parameter "calender". Did you mean "calendar"?
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                raise unknown("unknown_parameter", name, tuple(known))
        checked = {name: spec.check(given.get(name, spec.default)) for name, spec in known.items()}
        self._check_named_logs(checked)
        return checked

    def _check_named_logs(self, parameters: Mapping[str, Any]) -> None:
        """Refuse what is said of a log that the lesson does not read: it would be passed over."""
        allowed = (self.contract_of(parameters), *self._further)
        for name in ("columns", "formats"):
            for log in {ours.rpartition(".")[0] for ours in parameters.get(name, {})} - {""}:
                check_choice(name, log, allowed)
        for log in parameters.get("sheets", {}):
            check_choice("sheets", log, allowed)

    @property
    def _further(self) -> tuple[str, ...]:
        """The logs its lesson reads beside the one that it runs on."""
        return tuple(parameter.name for parameter in self.parameters if parameter in _FURTHER)

    def logs_of(self, parameters: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """What the parameters say of each log of the reader's own: its `data`, `columns`, `formats` and `sheet`.

        Plain names are of the log the lesson runs on; "points.time", and the sheet in `sheets`, of the one named.

        >>> given = {"data": "a.csv", "columns": {"time": "Day", "points.time": "When"}, "orders": "b.csv"}
        >>> said = SUBJECTS["loyalty"].logs_of(SUBJECTS["loyalty"].check(given))
        >>> said["points"]["columns"], said["orders"]["columns"]
        ({'time': 'When'}, {})
        """
        first = self.contract_of(parameters)
        files = {first: parameters["data"], **{log: parameters[log] for log in self._further}}
        sheets = {first: parameters["sheet"], **parameters.get("sheets", {})}
        return {
            log: {
                "data": file,
                "columns": _of_log(log, parameters["columns"], plain=log == first),
                "formats": _of_log(log, parameters["formats"], plain=log == first),
                "sheet": sheets.get(log, ""),
            }
            for log, file in files.items()
            if file
        }


def _of_log(log: str, named: Mapping[str, str], *, plain: bool) -> dict[str, str]:
    """What is said of the columns of one log, under their own names; plain ones are of it too, or are not."""
    dotted = [(*name.rpartition("."), said) for name, said in named.items()]
    return {ours: said for of, _, ours, said in dotted if of == log or (plain and not of)}


def unknown(code: str, name: str, allowed: tuple[str, ...]) -> RetentionError:
    """The error that names the nearest right name, or all of them."""
    near = nearest(name, allowed, cutoff=0.4)
    if near:
        return RetentionError(f"{code}_near", name=name, near=near)
    return RetentionError(code, name=name, allowed=allowed)


SUBJECTS: dict[str, Subject] = {
    subject.name: subject
    for subject in (
        Subject("start", 0, 20, (*_JALALI_LOG, _CONTRACT), "kara", "subscriptions"),
        Subject("retention_rate", 1, 30, (*_LOG, _BENCHMARK), "online_retail", "orders"),
        Subject("churn", 2, 30, (*_JALALI_LOG, _CONTRACT, _BY), "kara", "subscriptions"),
        Subject("revenue_churn", 3, 30, _JALALI_LOG, "kara", "subscriptions"),
        Subject(
            "omnichannel",
            5,
            30,
            (*_JALALI_LOG, _TOUCHPOINTS, _SHEETS, _FIRST_DAYS, _FOLLOW_DAYS, _PRACTICES),
            "bazarche",
            "orders",
        ),
        Subject(
            "loyalty",
            6,
            30,
            (
                *_JALALI_LOG,
                _SUBSCRIPTIONS,
                _ORDERS,
                _CUSTOMERS,
                _SHEETS,
                _SEGMENT,
                _FOLLOW,
                _MONEY_PER_POINT,
                _MARGIN,
                _RUNNING_COST,
            ),
            "gol_box",
            "points",
        ),
    )
}


def all_parameters() -> dict[str, Parameter]:
    """The parameters of all subjects, by their names."""
    return {parameter.name: parameter for subject in SUBJECTS.values() for parameter in subject.parameters}


def find(name: str) -> Subject:
    """The subject of this name.

    >>> find("retention").name
    Traceback (most recent call last):
    retention_kit.errors.RetentionError: There is no lesson "retention". Did you mean "retention_rate"?
    """
    if name not in SUBJECTS:
        raise unknown("unknown_subject", name, tuple(SUBJECTS))
    return SUBJECTS[name]
