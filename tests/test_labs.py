"""The models of the labs: one in Python and one in the browser, and the texts they fill."""

import itertools
import json
import math
import random
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import pytest

from retention_kit import formulas
from retention_kit.language import LANGUAGES, catalogue, text
from retention_kit.widgets import Lab
from retention_kit.widgets.labs import LABS
from retention_kit.widgets.labs.spec import CODES, Control, Values
from tests.javascript import run_js


def extremes(control: Control) -> list[float]:
    """Values at the edges of a control and beyond its slider, and a few that lie between."""
    least, most, limit = control.least, control.most, control.limit
    found = {least, least + control.step, control.value, (least + most) / 2, most, 2 * most, 1e9, limit}
    allowed = {value for value in found if value <= limit}
    return sorted(allowed if control.kind in ("amount", "percent") else {round(value) for value in allowed})


@cache
def grid(name: str) -> list[dict[str, float]]:
    """Every combination of a lab's extremes where they are few, else each alone, all at once, and many drawn."""
    controls = LABS[name].controls
    choices = [extremes(control) for control in controls]
    rows = itertools.product(*choices)
    if math.prod(map(len, choices)) > 1_000:
        draw = random.Random(1)  # noqa: S311
        own = [control.value for control in controls]
        alone = [(*own[:place], value, *own[place + 1 :]) for place, one in enumerate(choices) for value in one]
        ends = [tuple(one[end] for one in choices) for end in (0, -1)]
        drawn = [tuple(draw.choice(one) for one in choices) for _ in range(400)]
        rows = iter([*alone, *ends, *drawn])
    return [dict(zip([control.name for control in controls], row, strict=True)) for row in rows]


@cache
def answers(name: str) -> list[Values]:
    """What Python answers over the grid."""
    return [LABS[name].answer(**inputs) for inputs in grid(name)]


def alike(here: Any, there: Any, largest: float) -> bool:
    """Whether two answers are one: codes the same, numbers to twelve digits of the largest among them."""
    if isinstance(here, list):
        return len(here) == len(there) and all(alike(*pair, largest) for pair in zip(here, there, strict=True))
    if isinstance(here, str) or here is None or there is None:
        return here == there or (there is None and math.isnan(here))
    return math.isclose(here, there, rel_tol=1e-12, abs_tol=1e-12 * largest)


def numbers_in(values: Iterable[Any]) -> Iterator[float]:
    for value in values:
        if isinstance(value, list):
            yield from numbers_in(value)
        elif isinstance(value, int | float) and math.isfinite(value):
            yield abs(value)


@pytest.mark.parametrize("name", LABS)
def test_every_lab_answers_alike_in_python_and_in_the_browser(name: str) -> None:
    asked = grid(name)
    answered = run_js(("formulas.js", f"labs/{name}.js"), f"{json.dumps(asked)}.map(answer)")
    for inputs, here, there in zip(asked, answers(name), answered, strict=True):
        assert here.keys() == there.keys()
        largest = max(1, *numbers_in([*inputs.values(), *here.values()]))
        for key, value in here.items():
            assert alike(value, there[key], largest), (inputs, key, value, there[key])


@pytest.mark.parametrize("name", LABS)
def test_every_sentence_of_a_lab_is_reached_at_some_extreme_and_no_other_is_asked_for(name: str) -> None:
    codes = {found["problem"] or found.get("sentence", "answer") for found in answers(name)}
    said = {key.rpartition(".")[2] for key in catalogue("en") if key.startswith(f"lab.{name}.say.")}
    assert codes == said


# Draws the pictures of these inputs without a page, and gives back the attributes that are no numbers.
DRAWN = """((asked) => {
  const written = [];
  const node = { setAttribute: (name, value) => written.push(`${name}=${value}`), replaceChildren() {} };
  globalThis.document = { createElementNS: () => node };
  for (const inputs of asked) {
    const { problem, ...found } = answer(inputs);
    const values = { ...inputs, ...found };
    const page = { width: 300, values, words: (name) => name, language: "fa", mirrored: true };
    if (problem === null) draw(node, picture(values), page);
  }
  return [written.length, written.filter((one) => /NaN|Infinity|undefined/.test(one))];
})"""


@pytest.mark.parametrize("name", LABS)
def test_every_picture_can_be_drawn_at_the_extremes(name: str) -> None:
    files = ("formulas.js", "shapes.js", f"labs/{name}.js")
    written, wrong = run_js(files, f"{DRAWN}({json.dumps(grid(name))})")
    assert written > 1_000
    assert wrong == []


def named_in(picture: Any) -> Iterator[str]:
    """The texts that shapes ask for."""
    if isinstance(picture, list):
        for part in picture:
            yield from named_in(part)
    elif isinstance(picture, dict):
        beside = {"lines": ["axis"], "gauge": ["interval"]}.get(picture.get("shape", ""), [])
        yield from [*beside, *(picture[place] for place in ("name", "into", "level", "out") if place in picture)]
        yield from named_in(list(picture.values()))


@pytest.mark.parametrize("name", LABS)
def test_a_lab_has_a_text_for_all_it_shows_and_none_beside(name: str) -> None:
    spec = LABS[name]
    values = json.dumps(Lab(name, language="en").values)
    drawn = run_js(("formulas.js", f"labs/{name}.js"), f"picture({values})")
    words = {
        one for found in answers(name) for key, one in found.items() if isinstance(one, str) and key not in CODES
    }
    shown = {"title", "limits"} | {f"drawn.{one}" for one in named_in(drawn)}
    shown |= {f"label.{one}" for one in (*words, *spec.rows, *(control.name for control in spec.controls))}
    shown |= {f"group.{control.group}" for control in spec.controls if control.group}
    shown |= {f"value.{row}" for row in spec.rows}
    shown |= {"choices" for control in spec.controls if control.kind == "choice"}
    keys = {key.removeprefix(f"lab.{name}.") for key in catalogue("en") if key.startswith(f"lab.{name}.")}
    assert {key for key in keys if not key.startswith("say.")} - {"limits_title"} == shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LABS)
def test_every_text_of_a_lab_is_filled_alike_in_python_and_in_the_browser(name: str, language: str) -> None:
    spec = LABS[name]
    smallest = {control.name: max(control.least, 1) for control in spec.controls if control.kind == "count"}
    for inputs in ({}, smallest):
        values = spec.words(Lab(name, language=language, **inputs).values, language)
        texts = {key: one for key, one in catalogue(language).items() if key.startswith(f"lab.{name}.")}
        keys = [key for key, template in texts.items() if isinstance(template, str)]
        given = json.dumps([texts[key] for key in keys])
        there = run_js((), f"{given}.map((template) => fill(template, {json.dumps(values)}, '{language}'))")
        assert there == [text(key, language, **values) for key in keys]


@pytest.mark.parametrize("name", LABS)
def test_an_input_at_its_limit_is_welcome_and_one_beyond_it_is_not(name: str) -> None:
    for control in LABS[name].controls:
        assert control.check(control.least) == control.least
        assert control.check(control.limit) == control.limit
        for outside in (control.least - 1, control.limit * 2):
            with pytest.raises(ValueError, match="out of range"):
                control.check(outside)


def test_numbers_of_every_kind_of_table_can_be_given_to_a_lab() -> None:
    import numpy as np

    lab = Lab("retention_rate", language="en", at_start=np.int64(120), new=np.float64(30), at_end=126.0)
    assert json.dumps(lab.inputs) == '{"at_start": 120, "new": 30, "at_end": 126}'
    with pytest.raises(ValueError, match="not a whole number"):
        Lab("retention_rate", language="en", at_start=120.5)


def test_a_trend_without_change_is_the_forecast_of_a_constant_rate() -> None:
    found = Lab("retention_trend", language="en", retention_rate=0.9, change=0, customers=200, new=10, periods=12)
    values = found.values
    assert values["stays"] == pytest.approx(formulas.chance_to_stay(0.9, 12))
    assert values["after"] == pytest.approx(formulas.customers_after(200, 0.9, 10, 12))
    assert values["lifetime"] == pytest.approx(10)


def test_constant_churn_makes_a_year_by_the_formula_and_never_twelve_times_the_month() -> None:
    values = Lab("churn", language="en", churn_rate=0.05, later_rate=0.05).values
    assert values["yearly"] == pytest.approx(formulas.yearly_rate(0.05))
    assert values["curve"] == pytest.approx(values["constant"])
    assert values["times_twelve"] == pytest.approx(0.6)


def test_movements_lead_from_opening_to_closing() -> None:
    values = Lab("revenue_movements", language="en").values
    up = values["new"] + values["expansion"] + values["reactivation"]
    assert values["opening"] + up - values["churned"] - values["contraction"] == values["closing"]


def test_at_the_break_even_uplift_the_programme_neither_wins_nor_loses() -> None:
    even = Lab("loyalty_break_even", language="en").values["break_even"]
    assert Lab("loyalty_break_even", language="en", uplift=even).values["result"] == pytest.approx(0, abs=1e-9)


def test_what_raising_retention_may_cost_is_what_leaves_the_profit_as_it_was() -> None:
    most = Lab("profit", language="en").values["affordable"]
    values = Lab("profit", language="en", effort=most).values
    assert values["profit_raised"] == pytest.approx(values["profit_now"])


def test_an_audit_with_everything_present_and_nothing_shared_is_multichannel() -> None:
    practices = [practice for area in formulas.PRACTICES.values() for practice in area]
    values = Lab("omnichannel_audit", language="en", **dict.fromkeys(practices, 1)).values
    assert (values["all"], values["sentence"], values["do_1"]) == (0.5, "apart", "connect")
