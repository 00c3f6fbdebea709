"""What a lab is made of."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from retention_kit.errors import RetentionError, check_choice

Values = dict[str, Any]


@dataclass(frozen=True)
class Control:
    """One input: its name, the range of its slider, the step, and the value it begins with."""

    name: str
    least: float
    most: float
    step: float
    value: float

    def check(self, given: Any) -> float:
        """The given value, if it is a number not below `least`; above `most` the slider grows."""
        if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
            raise RetentionError("wrong_number", name=self.name, given=given)
        if given < self.least:
            raise RetentionError("out_of_range", name=self.name, given=given, least=self.least, most=math.inf)
        return given


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
