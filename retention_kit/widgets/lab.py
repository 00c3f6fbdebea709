"""Labs: a formula to play with. Controls, picture, numbers and one sentence, all drawn in the browser.

A lab has one model in two tongues: `answer` in `labs/<name>.py`, on the formulas, and `static/labs/<name>.js` in
the browser. A test holds the two equal over a grid with the extremes.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import traitlets

from retention_kit.errors import check_choice
from retention_kit.language import MISSING, text
from retention_kit.widgets.labs import LABS
from retention_kit.widgets.labs.spec import Values
from retention_kit.widgets.twin import Fallback, Twin, texts_under

# What every lab is drawn with.
FRAME = ("formulas.js", "shapes.js", "lab.js")


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
        self.files = (*FRAME, f"labs/{name}.js")
        self.entry = "const render = lab({ answer, picture });"
        texts = texts_under("lab.common.", f"lab.{name}.", language=language)
        controls = [asdict(control) for control in self.spec.controls]
        setup = {"texts": texts, "controls": controls, "rows": list(self.spec.rows)}
        super().__init__(language, setup, inputs=self.spec.check(inputs))

    @traitlets.validate("inputs")  # type: ignore[untyped-decorator]
    def _check_inputs(self, proposal: dict[str, Any]) -> dict[str, float]:
        return self.spec.check(proposal["value"])

    @property
    def values(self) -> Values:
        """Inputs and computed numbers as they stand now; `problem` says why numbers are missing."""
        return self.spec.values(self.inputs)

    def fallback(self) -> Fallback:
        """Headline, answer and numbers as they stand now."""
        spec, language, prefix = self.spec, self.language, f"lab.{self.spec.name}"
        found = self.values
        sentence = found["problem"] or found.get("sentence", "answer")
        values = spec.words(found, language)
        rows = [
            (
                text(f"{prefix}.label.{control.name}", language),
                control.shown(self.inputs[control.name], spec.name, language),
            )
            for control in spec.controls
        ]
        for row in spec.rows:
            shown = MISSING if found["problem"] else text(f"{prefix}.value.{row}", language, **values)
            rows.append((text(f"{prefix}.label.{row}", language), shown))
        said = text(f"{prefix}.say.{sentence}", language, **values)
        return Fallback(text(f"{prefix}.title", language), (said,), rows)
