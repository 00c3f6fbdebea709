"""Every lab in a page with no kernel: the calculators to forward, and the outputs of an exported lesson."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator

import retention_kit
from retention_kit.language import LANGUAGES, text
from retention_kit.widgets import Lab
from retention_kit.widgets.labs import LABS
from tests.browser import Visit, in_chromium, visit

CALCULATORS = Path(retention_kit.__file__).parents[1] / "docs" / "calculators.html"
# What a reader of a lab sees: the answer, the picture, the numbers.
SHOWN = """(inside) => [".rk-say", ".rk-picture", "tbody"]
  .map((part) => inside.closest(".rk-lab").querySelector(part).innerHTML).join()"""


def exported(folder: Path) -> Path:
    """The outputs of all labs, as an exported page holds them."""
    twins = "".join(f'<div id="fa-{name}">{Lab(name, language="fa").twin()}</div>' for name in LABS)
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    path = folder / "page.html"
    path.write_text(f"<!doctype html>{head}<body>{twins}", "utf-8")
    return path


def move_by_keyboard(lab: Locator) -> None:
    for slider in lab.get_by_role("slider").all():
        before = slider.evaluate(SHOWN)
        there, back = "ArrowUp", "ArrowDown"
        if slider.evaluate("(slider) => slider.value === slider.max"):
            there, back = back, there
        slider.press(there)
        assert slider.evaluate(SHOWN) != before, slider.get_attribute("aria-label")
        slider.press(back)
        assert slider.evaluate(SHOWN) == before
    for chosen in lab.locator("fieldset > label:has(:checked)").all():
        before = chosen.evaluate(SHOWN)
        chosen.locator("input").press("ArrowDown")
        assert lab.locator(".rk-say").evaluate(SHOWN) != before


def move_by_touch(lab: Locator) -> None:
    for slider, box in zip(lab.get_by_role("slider").all(), lab.get_by_role("textbox").all(), strict=True):
        typed, before = box.input_value(), slider.evaluate(SHOWN)
        place = slider.bounding_box()
        slider.tap(position={"x": place["width"] * 0.68, "y": place["height"] / 2})
        assert slider.evaluate(SHOWN) != before, slider.get_attribute("aria-label")
        box.fill(typed)
    for choices in lab.locator("fieldset").all():
        before = choices.evaluate(SHOWN)
        choices.locator("label:not(:has(:checked))").first.tap()
        assert choices.evaluate(SHOWN) != before


def type_persian_digits(lab: Locator) -> None:
    for box in lab.get_by_role("textbox").all()[:1]:  # an audit has none
        typed = box.input_value()
        box.fill("هفت")
        assert box.get_attribute("aria-invalid") == "true"
        box.fill("۷")
        assert box.get_attribute("aria-invalid") == "false"
        box.fill(typed)


def use_every_lab(seen: Visit, language: str, *, by_touch: bool) -> None:
    for name in LABS:
        lab = seen.page.locator(f"#{language}-{name}.rk-lab, #{language}-{name} .rk-lab")
        lab.locator(".rk-picture > *").first.wait_for(state="attached")
        for heading in lab.locator("summary").all():
            if heading.evaluate("(heading) => !heading.parentElement.open"):
                heading.press("Enter")
        type_persian_digits(lab)
        (move_by_touch if by_touch else move_by_keyboard)(lab)


def check_page(path: Path, width: int, languages: tuple[str, ...]) -> None:
    narrow = width == 360
    with visit("file://", width, has_touch=narrow, is_mobile=narrow) as seen:
        seen.page.goto(path.as_uri())
        for language in languages:
            if len(languages) > 1:
                seen.page.locator(f"label[for={language}]").click()
            use_every_lab(seen, language, by_touch=narrow)
            assert seen.page.evaluate("document.documentElement.scrollWidth") == width
        targets = seen.page.locator(".rk-control input:visible, .rk-choice label:visible, summary:visible").all()
        assert min(target.bounding_box()["height"] for target in targets) >= 44
        assert (seen.errors, seen.refused) == ([], [])


@in_chromium
@pytest.mark.parametrize("width", [1280, 360])
def test_every_calculator_answers_to_keys_and_fingers_in_both_languages(width: int) -> None:
    check_page(CALCULATORS, width, LANGUAGES)


@in_chromium
@pytest.mark.parametrize("width", [1280, 360])
def test_every_lab_of_an_exported_page_answers_to_keys_and_fingers(tmp_path: Path, width: int) -> None:
    check_page(exported(tmp_path), width, ("fa",))


@in_chromium
def test_what_is_set_in_one_language_of_the_calculators_stands_in_the_other() -> None:
    with visit("file://") as seen:
        page = seen.page
        page.goto(CALCULATORS.as_uri())
        page.locator("#fa-leaky_bucket").get_by_role("textbox").first.fill("۳۰۰")
        page.locator("label[for=en]").click()
        assert page.locator("#en-leaky_bucket").get_by_role("textbox").first.input_value() == "300"
        assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["en", "ltr"]
        assert page.locator("#fa-leaky_bucket").is_hidden()


@in_chromium
def test_the_calculators_can_be_read_in_both_languages_where_scripts_do_not_run() -> None:
    with visit("file://", java_script_enabled=False) as seen:
        seen.page.goto(CALCULATORS.as_uri())
        assert "۱۶۱" in seen.page.locator("#fa-leaky_bucket table").inner_text()
        assert seen.page.locator("#en-leaky_bucket").is_hidden()
        seen.page.locator("label[for=en]").click()
        assert "161" in seen.page.locator("#en-leaky_bucket table").inner_text()


def test_the_calculators_are_one_small_file_with_no_address_outside_it() -> None:
    page = CALCULATORS.read_text("utf-8")
    assert CALCULATORS.stat().st_size < 300_000
    assert page.count("http") == page.count("http-equiv") + page.count("http://www.w3.org/2000/svg")
    assert page.count("<script") == 1
    for language in LANGUAGES:
        assert all(text(f"lab.{name}.title", language) in page for name in LABS)
