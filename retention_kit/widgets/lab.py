"""Labs: a formula to play with. Controls, picture, numbers and one sentence, all drawn in the browser.

A lab has one model in two tongues: `answer` here, on the formulas, and `static/labs/<name>.js` in the browser. A
test holds the two equal over a grid with the extremes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import traitlets

from retention_kit import formulas
from retention_kit.errors import RetentionError, check_choice
from retention_kit.language import MISSING, number, text
from retention_kit.widgets.twin import Fallback, Twin, texts_under

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


def retention_rate(at_start: float, new: float, at_end: float) -> Values:
    """What S, N and E say, or the code of what makes them contradict each other.

    >>> found = retention_rate(200, 40, 190)
    >>> found["kept"], found["lost"], found["retention_rate"]
    (150, 50, 0.75)
    >>> retention_rate(100, 10, 116)["problem"]
    'more_kept_than_start'
    """
    problem = _contradiction(at_start, new, at_end)
    if problem is not None:
        missing = ("kept", "lost", "retention_rate", "churn_rate", "low", "high")
        return {"problem": problem, **dict.fromkeys(missing, math.nan)}
    kept = at_end - new
    lost = at_start - kept
    low, high = formulas.wilson_interval(kept, at_start)
    return {
        "problem": None,
        "kept": kept,
        "lost": lost,
        "retention_rate": formulas.customer_retention_rate(at_start, new, at_end),
        "churn_rate": formulas.customer_churn_rate(at_start, lost),
        "low": low,
        "high": high,
    }


def _contradiction(at_start: float, new: float, at_end: float) -> str | None:
    if new > at_end:
        return "more_new_than_end"
    if at_start == 0:
        return "none_at_start"
    return "more_kept_than_start" if at_end - new > at_start else None


LABS: Mapping[str, LabSpec] = {
    spec.name: spec
    for spec in (
        LabSpec(
            "retention_rate",
            (
                Control("at_start", 0, 500, 1, 200),
                Control("new", 0, 500, 1, 40),
                Control("at_end", 0, 500, 1, 190),
            ),
            retention_rate,
            ("kept", "lost", "retention_rate", "churn_rate", "interval"),
        ),
    )
}


class Lab(Twin):
    """A lab by its name; inputs that are not given begin at the lab's own values.

    >>> Lab("retention_rate", language="en", at_start=120, new=30, at_end=126).values["retention_rate"]
    0.8
    """

    inputs = traitlets.Dict().tag(sync=True)

    kept = ("inputs",)

    def __init__(self, name: str, *, language: str, **inputs: float) -> None:
        check_choice("lab", name, tuple(LABS))
        self.spec = LABS[name]
        self.files = ("shapes.js", "lab.js", f"labs/{name}.js")
        self.entry = "const render = lab({ answer, picture });"
        controls = [
            {"name": control.name, "least": control.least, "most": control.most, "step": control.step}
            for control in self.spec.controls
        ]
        texts = texts_under("lab.common.", f"lab.{name}.", language=language)
        setup = {"texts": texts, "controls": controls, "rows": list(self.spec.rows)}
        super().__init__(language, setup, inputs=self.spec.check(inputs))

    @traitlets.validate("inputs")  # type: ignore[untyped-decorator]
    def _check_inputs(self, proposal: dict[str, Any]) -> dict[str, float]:
        return self.spec.check(proposal["value"])

    @property
    def values(self) -> Values:
        """Inputs and computed numbers as they stand now; `problem` says why numbers are missing."""
        return {**self.inputs, **self.spec.answer(**self.inputs)}

    def fallback(self) -> Fallback:
        """Headline, answer and numbers as they stand now."""
        values, language, prefix = self.values, self.language, f"lab.{self.spec.name}"
        rows = [
            (text(f"{prefix}.label.{control.name}", language), number(self.inputs[control.name], language))
            for control in self.spec.controls
        ]
        for row in self.spec.rows:
            shown = MISSING if values["problem"] else text(f"{prefix}.value.{row}", language, **values)
            rows.append((text(f"{prefix}.label.{row}", language), shown))
        said = text(f"{prefix}.say.{values['problem'] or 'answer'}", language, **values)
        return Fallback(text(f"{prefix}.title", language), (said,), rows)
