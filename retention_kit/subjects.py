"""The subjects the kit teaches, and the parameters of each: declared once, here.

The `parameters` cell of a lesson, the options of `retention-kit run` and the checks before a run all come from
this table. The subject's name is also the name of its lesson, metric, text section and test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from retention_kit import calendars
from retention_kit.errors import RetentionError, check_choice
from retention_kit.language import LANGUAGES


@dataclass(frozen=True)
class Parameter:
    """One thing a reader may set: its default decides its type, `choices` or `least`/`most` its range."""

    name: str
    default: str | float | Mapping[str, str]
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None

    def check(self, given: Any) -> Any:
        """The value as this parameter's type, or an error that says what would be right."""
        if isinstance(self.default, float):
            return self._number(given)
        if not isinstance(given, dict if isinstance(self.default, Mapping) else str):
            raise RetentionError("wrong_kind", name=self.name, given=given, example=repr(self.default))
        if self.choices:
            check_choice(self.name, given, self.choices)
        return given

    def _number(self, given: Any) -> float:
        try:
            value = float(given)
        except (TypeError, ValueError):
            raise RetentionError("wrong_number", name=self.name, given=given) from None
        if not (self.least is None or value >= self.least) or not (self.most is None or value <= self.most):
            raise RetentionError("out_of_range", name=self.name, given=given, least=self.least, most=self.most)
        return value


_LANGUAGE = Parameter("language", "en", LANGUAGES)
_DATA = Parameter("data", "")
_COLUMNS = Parameter("columns", {})
_CALENDAR = Parameter("calendar", "gregorian", calendars.CALENDARS)
_EVERY = Parameter("every", "month", calendars.PERIODS)
_ZONE = Parameter("zone", "")
_CURRENCY = Parameter("currency", "", ("", "toman", "rial", "EUR", "USD", "GBP", "TRY"))
_FORMATS = Parameter("formats", {})
_SHEET = Parameter("sheet", "")
_OBSERVED_UNTIL = Parameter("observed_until", "")
_BENCHMARK = Parameter("benchmark", 0.0, least=0.0, most=1.0)


@dataclass(frozen=True)
class Subject:
    """One subject: its place in the curriculum, the log it needs and the parameters of its lesson."""

    name: str
    number: int
    minutes: int
    contract: str
    sample: str
    parameters: tuple[Parameter, ...] = field(repr=False)

    @property
    def lesson(self) -> str:
        """The file name of the lesson, without its ending."""
        return f"{self.number:02d}_{self.name}"

    def check(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """All parameters, defaults filled in; unknown names and wrong values are refused.

        >>> SUBJECTS["retention_rate"].check({"calender": "jalali"})
        Traceback (most recent call last):
        retention_kit.errors.RetentionError: There is no parameter "calender". Did you mean "calendar"?
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                raise _unknown("unknown_parameter", name, tuple(known))
        return {name: spec.check(given.get(name, spec.default)) for name, spec in known.items()}


def _unknown(code: str, name: str, allowed: tuple[str, ...]) -> RetentionError:
    near = get_close_matches(name, allowed, n=1, cutoff=0.4)
    if near:
        return RetentionError(f"{code}_near", name=name, near=near[0])
    return RetentionError(code, name=name, allowed=", ".join(allowed))


SUBJECTS: dict[str, Subject] = {
    subject.name: subject
    for subject in (
        Subject(
            "retention_rate",
            1,
            25,
            "orders",
            "online_retail",
            (
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
                _BENCHMARK,
            ),
        ),
    )
}


def find(name: str) -> Subject:
    """The subject of this name.

    >>> find("retention").name
    Traceback (most recent call last):
    retention_kit.errors.RetentionError: There is no lesson "retention". Did you mean "retention_rate"?
    """
    if name not in SUBJECTS:
        raise _unknown("unknown_subject", name, tuple(SUBJECTS))
    return SUBJECTS[name]
