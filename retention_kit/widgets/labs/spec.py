"""What a lab is made of."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

from retention_kit.errors import RetentionError, check_choice
from retention_kit.language import number, percent, text, words

Values = dict[str, Any]

# More customers than there are people is a slip of the finger.
LARGEST = 1e12

# Answers that name a text instead of standing in one.
CODES = ("problem", "sentence")


@dataclass(frozen=True)
class Control:
    """One input: its name, the range of its slider, the step, the value it begins with, and what kind it is.

    A `count` is a whole number, an `amount` any number, a `percent` a share that is shown as percent, a `choice`
    the place of one of the lab's choices. Up to `limit` the slider grows; `group` is the heading it stands under.
    """

    name: str
    least: float
    most: float
    step: float
    value: float
    kind: str = "count"
    limit: float = LARGEST
    group: str = ""

    def check(self, given: Any) -> float:
        """The given value as a plain number, if it is one that this control can take."""
        if isinstance(given, bool) or not isinstance(given, Real) or not math.isfinite(given):
            raise RetentionError("wrong_number", name=self.name, given=given)
        value = float(given)
        if not self.least <= value <= self.limit:
            facts = {"name": self.name, "given": given, "least": self.least, "most": self.limit}
            raise RetentionError("out_of_range", **facts)
        if self.kind not in ("count", "choice"):
            return value
        if not value.is_integer():
            raise RetentionError("not_whole", name=self.name, given=given)
        return int(value)

    def shown(self, value: float, lab: str, language: str) -> str:
        """The value as the reader sees it."""
        if self.kind == "choice":
            return words(f"lab.{lab}.choices", language)[int(value)]
        return (percent if self.kind == "percent" else number)(value, language, 6)


def share(
    name: str, value: float, *, least: float = 0, most: float = 1, limit: float = 1, group: str = ""
) -> Control:
    """A control for a share, in steps of a percent."""
    return Control(name, least, most, 0.01, value, "percent", limit, group)


def amount(name: str, most: float, step: float, value: float, *, group: str = "") -> Control:
    """A control for an amount of money from 0 upwards."""
    return Control(name, 0, most, step, value, "amount", group=group)


@dataclass(frozen=True)
class LabSpec:
    """A lab: its controls, the numbers it answers with, and the rows of its table."""

    name: str
    controls: tuple[Control, ...]
    answer: Callable[..., Values]
    rows: tuple[str, ...]

    def check(self, given: Mapping[str, float]) -> dict[str, float]:
        """All inputs, the lab's own values filled in; unknown names and impossible values are refused."""
        names = tuple(control.name for control in self.controls)
        for name in given:
            check_choice("input", name, names)
        return {control.name: control.check(given.get(control.name, control.value)) for control in self.controls}

    def values(self, inputs: Mapping[str, float]) -> Values:
        """Inputs and computed numbers, all of these missing where the inputs contradict each other."""
        found = self.answer(**inputs)
        if found["problem"] is not None:
            names = self.answer(**self.check({}))
            found = {**dict.fromkeys(names, math.nan), **found}
        return {**inputs, **found}

    def words(self, values: Values, language: str) -> Values:
        """The values as texts need them: a name, such as that of a next step, becomes its words."""
        return {
            name: text(f"lab.{self.name}.label.{value}", language) if isinstance(value, str) else value
            for name, value in values.items()
            if name not in CODES
        }
