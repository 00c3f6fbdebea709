"""What opens a report: the numbers with their intervals and their change, the sentences, what must be said."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from retention_kit import language
from retention_kit.calendars import Period
from retention_kit.formulas import difference_interval
from retention_kit.language import has_text, is_missing, text
from retention_kit.tables import Note, Result

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Change:
    """By how much a share differs from the one before, with its 95 % interval; both as shares."""

    since: Period
    value: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether chance alone would rarely have made it."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Number:
    """A share of the last complete period that has one, with its 95 % interval."""

    name: str
    contract: str
    period: Period
    value: float
    low: float | None
    high: float | None
    change: Change | None

    def as_dict(self) -> dict[str, Any]:
        """The number as plain JSON values."""
        change = self.change
        return {
            "name": self.name,
            "log": self.contract,
            "period": self.period.start.isoformat(),
            "every": self.period.every,
            "calendar": self.period.calendar,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "change": change
            and {
                "since": change.since.start.isoformat(),
                "value": change.value,
                "low": change.low,
                "high": change.high,
            },
        }


@cache
def _rules() -> dict[str, dict[str, str]]:
    written = (resources.files("retention_kit.reports") / "numbers.toml").read_text("utf-8")
    return tomllib.loads(written)


def numbers(found: Iterable[tuple[str, Result]]) -> list[Number]:
    """The numbers of a report, each from the first result of its log that has it.

    Args:
        found: results with the log they are about; the parts of a whole (groups) are left out.
    """
    firsts: dict[tuple[str, str], Result] = {}
    for contract, result in found:
        if not result.grouped:
            firsts.setdefault((contract, result.name), result)
    return [
        number
        for (contract, name), result in firsts.items()
        for key, rule in _rules().items()
        if rule["result"] == name and (number := _number(key, contract, result, rule)) is not None
    ]


def _number(name: str, contract: str, result: Result, rule: Mapping[str, str]) -> Number | None:
    rated = result.table[result.table[rule["column"]].notna()]
    if rated.empty:
        return None
    last, before = rated.iloc[-1], rated.iloc[-2] if len(rated) > 1 else None
    return Number(
        name=name,
        contract=contract,
        period=_period(last, result),
        value=float(last[rule["column"]]),
        low=_known(last[rule["low"]]),
        high=_known(last[rule["high"]]),
        change=None if before is None else _change(last, before, result, rule),
    )


def _change(
    last: pd.Series[Any], before: pd.Series[Any], result: Result, rule: Mapping[str, str]
) -> Change | None:
    """Missing where one of the two has no interval: then nobody can say whether it is news."""
    now, then = (tuple(_known(row[rule[part]]) for part in ("column", "low", "high")) for row in (last, before))
    if None in now or None in then:
        return None
    low, high = difference_interval(now, then)
    return Change(_period(before, result), now[0] - then[0], low, high)


def _period(row: pd.Series[Any], result: Result) -> Period:
    return Period(row["period"], result.every, result.calendar)


def _known(value: Any) -> Any:
    return None if is_missing(value) else float(value)


def sentences(results: Sequence[Result], chosen: str) -> list[str]:
    """What to say in the meeting: the sentence of each result that has one, each once."""
    said = (
        language.say(result, chosen)
        for result in results
        if has_text(f"{result.name}.say.{result.headline['sentence']}", chosen)
    )
    return list(dict.fromkeys(said))


def notes(results: Iterable[Result], chosen: str) -> list[str]:
    """What must be said with the numbers, each once.

    Several tables rest on the same few customers: their rates are not added up, but told of the one with the most.
    """
    said: dict[str, None] = {}
    few: dict[int, set[int]] = {}
    for note in (note for result in results for note in result.notes):
        if note.code == "small_groups":
            few.setdefault(note.facts["least"], set()).add(note.facts["count"])
        else:
            said[note.words(chosen)] = None
    return [*said, *(_few(counts, least, chosen) for least, counts in few.items())]


def _few(counts: set[int], least: int, chosen: str) -> str:
    facts = {"count": max(counts), "least": least}
    return Note("small_groups", facts).words(chosen) if len(counts) == 1 else text("report.few", chosen, **facts)
