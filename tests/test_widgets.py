import json
import math
import random
from pathlib import Path
from types import SimpleNamespace

import pytest

import retention_kit
from retention_kit.errors import RetentionError
from retention_kit.language import number, parse_number, percent, text
from retention_kit.widgets import Lab, Prediction, Quiz, twin
from retention_kit.widgets.twin import STATIC
from tests.browser import Visit, in_chromium, visit
from tests.javascript import run_js

ROOT = Path(retention_kit.__file__).parents[1]
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
QUESTIONS = [
    {
        "question": "<i>S</i> = 0?",
        "options": ["0%", "</script><b>100%</b>", "none"],
        "right": 2,
        "feedback": ["No.", "No!", "Yes: a share of nobody."],
    },
    {"question": "E < N?", "options": ["fine", "impossible"], "right": 1, "feedback": ["No.", "Yes."]},
]


def as_js(value: float) -> str:
    return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(repr(value), repr(value))


@pytest.mark.parametrize("language", ["en", "fa"])
def test_numbers_are_written_alike_in_python_and_in_the_browser(language: str) -> None:
    draw = random.Random(1)  # noqa: S311
    values = [0.0, -0.0, 0.5, 1.5, 2.5, 0.25, 0.75, 0.15, 0.35, -0.04, -0.5, 999.95, 1234567.25, -1234.5]
    values += [1e20, 1e21, 1e22, -1e23, math.inf, -math.inf, math.nan, 0.1 + 0.2, 123456789012345680.0]
    values += [draw.uniform(-2, 2) * 10 ** draw.randint(-6, 12) for _ in range(500)]
    given = f"[{', '.join(map(as_js, values))}]"
    made = f"[number(v, '{language}'), number(v, '{language}', 1), percent(v, '{language}')]"
    there = run_js((), f"{given}.map((v) => {made})")
    assert there == [
        [number(value, language), number(value, language, 1), percent(value, language)] for value in values
    ]


def test_what_a_person_types_is_read_alike_in_python_and_in_the_browser() -> None:
    typed = ["85", "۸۵", "٨٥", "85%", "۸۵٪", "85 %", "۰٫۸۵", "0.85", "۱٬۲۰۰", "1,200", "۰/۸۵", " 7 ", "−3", ".5"]
    garbage = ["", " ", "abc", "۸۵ نفر", "1.2.3", "%", "-", "--1", "1e5", "Infinity", "0x10"]
    there = run_js((), f"{json.dumps(typed + garbage)}.map(parse)")
    assert there == [parse_number(entry) for entry in typed] + [None] * len(garbage)


def test_a_lab_knows_its_values_without_a_browser() -> None:
    values = Lab("retention_rate", language="fa", at_start=120, new=30, at_end=126).values
    assert (values["kept"], values["lost"], values["retention_rate"]) == (96, 24, 0.8)
    assert values["low"] < 0.8 < values["high"]
    assert values["problem"] is None


@pytest.mark.parametrize(
    ("inputs", "problem"),
    [
        ({"at_start": 0, "new": 5, "at_end": 5}, "none_at_start"),
        ({"at_start": 100, "new": 20, "at_end": 15}, "more_new_than_end"),
        ({"at_start": 100, "new": 10, "at_end": 116}, "more_kept_than_start"),
    ],
)
def test_a_contradiction_is_said_and_no_rate_is_given(inputs: dict, problem: str) -> None:
    for language in ("en", "fa"):
        lab = Lab("retention_rate", language=language, **inputs)
        assert lab.values["problem"] == problem
        assert math.isnan(lab.values["retention_rate"])
        said = text(f"lab.retention_rate.say.{problem}", language, **lab.values)
        assert said in lab.fallback().plain()
        assert "106" not in lab.fallback().plain()


def test_an_input_beyond_its_slider_is_welcome() -> None:
    lab = Lab("retention_rate", language="en", at_start=4_000_000, new=500_000, at_end=3_900_000)
    assert lab.values["retention_rate"] == 0.85


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        (lambda: Lab("retention_rat", language="en"), 'Did you mean "retention_rate"?'),
        (lambda: Lab("retention_rate", language="en", at_strat=5), 'Did you mean "at_start"?'),
        (lambda: Lab("retention_rate", language="en", at_start=-5), "out of range"),
        (lambda: Lab("retention_rate", language="en", at_start="many"), "not a number"),
        (lambda: Lab("retention_rate", language="en", at_start=math.nan), "not a number"),
        (lambda: Lab("retention_rate", language="fr"), "en, fa"),
    ],
)
def test_a_wrong_name_or_value_is_refused_with_a_hint(call: object, hint: str) -> None:
    with pytest.raises(RetentionError, match=hint.replace("?", r"\?")):
        call()


def test_what_the_browser_writes_back_changes_the_values_and_is_checked() -> None:
    lab = Lab("retention_rate", language="en")
    lab.set_state({"inputs": {"at_start": 100, "new": 10, "at_end": 100}})
    assert lab.values["retention_rate"] == 0.9
    with pytest.raises(RetentionError):
        lab.inputs = {"at_begin": 3}


def cell_of_jupyterlab(monkeypatch: pytest.MonkeyPatch, cell: str) -> None:
    """From now on a cell with this id runs."""
    request = {"metadata": {"cellId": cell}}
    monkeypatch.setattr(twin, "get_ipython", lambda: SimpleNamespace(parent_header=request))


def test_a_cell_that_is_run_again_shows_what_the_reader_set(monkeypatch: pytest.MonkeyPatch) -> None:
    cell_of_jupyterlab(monkeypatch, "first")
    lab, quiz, prediction = widgets("en")
    lab.set_state({"inputs": {"at_start": 100, "new": 10, "at_end": 100}})
    quiz.set_state({"answers": [2, None]})
    prediction.set_state({"guess": 0.9})
    lab, quiz, prediction = widgets("en")
    assert (lab.values["retention_rate"], quiz.answers, prediction.guess) == (0.9, [2, None], 0.9)
    assert "90%" in lab.twin(), "the stored output has them too"


def test_another_cell_and_other_inputs_begin_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    cell_of_jupyterlab(monkeypatch, "second")
    Lab("retention_rate", language="en").inputs = {"at_start": 100, "new": 10, "at_end": 100}
    assert Lab("retention_rate", language="en", at_end=180).inputs["at_start"] == 200
    cell_of_jupyterlab(monkeypatch, "third")
    assert Lab("retention_rate", language="en").inputs["at_start"] == 200


def test_outside_of_jupyterlab_every_lab_begins_anew() -> None:
    Lab("retention_rate", language="en").inputs = {"at_start": 100, "new": 10, "at_end": 100}
    assert Lab("retention_rate", language="en").inputs["at_start"] == 200


def test_a_quiz_refuses_an_answer_that_is_not_among_its_options() -> None:
    with pytest.raises(ValueError, match="one right option"):
        Quiz([{"question": "?", "options": ["a", "b"], "right": 2, "feedback": ["", ""]}], "en")


def widgets(language: str) -> list[Lab | Quiz | Prediction]:
    return [Lab("retention_rate", language=language), Quiz(QUESTIONS, language), Prediction("<b>S</b>?", language)]


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_output_holds_the_widget_its_twin_and_plain_text(language: str) -> None:
    for widget in widgets(language):
        data, _ = widget._repr_mimebundle_()
        assert set(data) == {WIDGET_VIEW, "text/html", "text/plain"}
        page = data["text/html"]
        assert f'lang="{language}" dir="{"rtl" if language == "fa" else "ltr"}"' in page
        assert page.count("</script") == 1, "a value ended the script"
        assert "<b>" not in page
        assert "<i>" not in page


def test_the_fallback_reads_without_scripts() -> None:
    lab, quiz, prediction = widgets("fa")
    assert "۷۵٪" in lab.fallback().html("fa")
    assert "۱۵۰" in lab.fallback().plain()
    assert "&lt;i&gt;S&lt;/i&gt; = 0?" in quiz.fallback().html("fa")
    assert "share of nobody" not in quiz.fallback().html("fa")
    assert prediction.fallback().plain() == "<b>S</b>?"


def test_a_built_output_is_the_same_in_every_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STATIC, "1")
    first, second = ([widget._repr_mimebundle_() for widget in widgets("fa")] for _ in range(2))
    assert first == second
    assert all(WIDGET_VIEW not in data for data, _ in first)


def test_jupyterlab_gets_the_same_typeface_and_version_as_the_package() -> None:
    for name in ("Vazirmatn-Regular.woff2", "Vazirmatn-Bold.woff2"):
        served = ROOT / "labextension" / "static" / name
        assert served.read_bytes() == (ROOT / "retention_kit" / "fonts" / name).read_bytes()
    described = json.loads((ROOT / "labextension" / "package.json").read_text("utf-8"))
    assert described["version"] == retention_kit.__version__


def write_page(folder: Path, language: str) -> str:
    twins = "<hr>".join(widget.twin() for widget in widgets(language))
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    path = folder / "page.html"
    path.write_text(f"<!doctype html>{head}<body>{twins}", "utf-8")
    return path.as_uri()


def check_lab(seen: Visit) -> None:
    """The lab drawn in the Persian twin: 200, 40, 190."""
    page = seen.page
    said, picture, cells = page.locator(".rk-say").first, page.locator(".rk-picture"), page.locator("td")
    box, slider = page.locator(".rk-control input[type=text]").first, page.get_by_role("slider").first
    page.wait_for_selector(".rk-picture rect")
    assert "۷۵٪" in said.inner_text()
    before = picture.inner_html()

    box.fill("۲۵۰")
    assert slider.input_value() == "250"
    assert "۶۰٪" in cells.nth(2).inner_text()
    assert picture.inner_html() != before
    accepts = page.locator(f"#{box.get_attribute('aria-describedby')}")
    assert accepts.is_hidden()
    for garbage in ("", "abc", "-4", "۱۲ میلیارد", "1e9", "250.5", "2000000000000"):
        box.fill(garbage)
        assert box.get_attribute("aria-invalid") == "true"
        assert accepts.inner_text() == text("lab.common.accepts.count", "fa", least=0, most=10**12)
        assert "۶۰٪" in said.inner_text()
    box.blur()
    assert box.input_value() == "۲۵۰"
    assert accepts.is_visible(), "a value that returns without a word is taken for the one that was typed"
    box.fill("۲۵۱")
    assert accepts.is_hidden()
    box.fill("۲۵۰")

    slider.focus()
    page.keyboard.press("ArrowUp")
    assert (slider.input_value(), box.input_value()) == ("251", "۲۵۱")
    assert slider.get_attribute("aria-valuetext") == "۲۵۱"
    box.press("ArrowDown")
    assert slider.input_value() == "250"

    box.fill("٤٬٠٠٠٬٠٠٠")
    assert (slider.input_value(), slider.get_attribute("max")) == ("4000000", "5000000")
    box.fill("100")
    assert page.locator(".rk-picture rect").count() == 0
    assert said.inner_text() == text(
        "lab.retention_rate.say.more_kept_than_start", "fa", at_start=100, new=40, at_end=190
    )
    assert cells.nth(2).inner_text() == "—"


def check_quiz(seen: Visit) -> None:
    page = seen.page
    radios, score = page.get_by_role("radio"), page.locator(".rk-quiz > .rk-say")
    page.get_by_text("</script><b>100%</b>").click()
    assert "No!" in page.locator(".rk-feedback").first.inner_text()
    radios.nth(1).press("ArrowDown")
    assert "Yes: a share of nobody." in page.locator(".rk-feedback").first.inner_text()
    assert score.inner_text() == ""
    radios.nth(3).press("Space")
    assert radios.nth(2).is_checked(), "one question must not undo another"
    assert score.inner_text() == text("widget.quiz.score", "fa", right=1, count=2)


def check_prediction(seen: Visit) -> None:
    page = seen.page
    box, said = page.locator(".rk-prediction input"), page.locator(".rk-prediction .rk-say")
    assert box.get_attribute("aria-describedby") == said.get_attribute("id")
    for typed in ("85", "85%", "۸۵٪", "0.85"):
        box.fill(typed)
        box.press("Enter")
        assert said.inner_text() == text("widget.prediction.kept", "fa", guess=0.85)
    for typed in ("", "abc", "850"):
        box.fill(typed)
        page.get_by_role("button").click()
        assert said.inner_text() == text("widget.prediction.unreadable", "fa")


@in_chromium
@pytest.mark.parametrize("width", [1280, 360])
def test_the_twins_live_in_a_page_with_no_kernel_and_no_network(tmp_path: Path, width: int) -> None:
    with visit("file://", width, has_touch=width == 360) as seen:
        seen.page.goto(write_page(tmp_path, "fa"))
        check_lab(seen)
        check_quiz(seen)
        check_prediction(seen)
        assert seen.page.evaluate("document.documentElement.scrollWidth") == width
        targets = seen.page.locator(".rk-control input, .rk-twin button, .rk-twin label").all()
        assert min(target.bounding_box()["height"] for target in targets) >= 44
        assert (seen.errors, seen.refused) == ([], [])


@in_chromium
def test_a_finger_moves_a_slider(tmp_path: Path) -> None:
    with visit("file://", 360, has_touch=True, is_mobile=True) as seen:
        seen.page.goto(write_page(tmp_path, "fa"))
        slider = seen.page.get_by_role("slider").first
        slider.scroll_into_view_if_needed()
        place = slider.bounding_box()
        seen.page.touchscreen.tap(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
        assert abs(int(slider.input_value()) - 250) <= 5


@in_chromium
def test_a_page_without_scripts_shows_the_numbers(tmp_path: Path) -> None:
    with visit("file://", java_script_enabled=False) as seen:
        seen.page.goto(write_page(tmp_path, "fa"))
        assert "۷۵٪" in seen.page.locator("table").inner_text()
        assert seen.page.get_by_role("listitem").count() == 5
