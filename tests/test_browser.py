import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import retention_kit
from retention_kit.widgets import Lab
from tests.browser import (
    Visit,
    in_chromium,
    jupyter_lab,
    open_notebook,
    output_errors,
    run_all,
    run_cell,
    show_cell,
    visit,
    write_notebook,
)

LESSON = Path(retention_kit.__file__).parents[1] / "notebooks" / "fa" / "01_retention_rate.ipynb"
PERSIAN_PROSE = '.jp-RenderedMarkdown[lang="fa"]'


@pytest.fixture
def jupyter(tmp_path: Path) -> Iterator[str]:
    shutil.copy(LESSON, tmp_path / "lesson.ipynb")
    with jupyter_lab(tmp_path) as address:
        yield address


def check_prose(seen: Visit) -> None:
    prose = seen.page.locator(PERSIAN_PROSE)
    prose.first.wait_for()
    style = "(one) => [getComputedStyle(one).direction, getComputedStyle(one).fontFamily]"
    for paragraph in seen.page.locator(f"{PERSIAN_PROSE} p:visible").all():
        direction, family = paragraph.evaluate(style)
        assert direction == "rtl"
        assert family.startswith("Vazirmatn")
    align = "(one) => getComputedStyle(one).textAlign"
    assert seen.page.locator(f"{PERSIAN_PROSE} p:visible").first.evaluate(align) in ("start", "right")
    assert seen.page.evaluate("document.fonts.load('16px Vazirmatn', 'س').then((found) => found.length)") == 1


def check_lab(seen: Visit) -> None:
    page = seen.page
    show_cell(page, "Lab(")
    lab = page.locator(".rk-lab").first
    lab.locator(".rk-picture rect").first.wait_for()
    slider, box = lab.get_by_role("slider").first, lab.get_by_role("textbox").first
    assert slider.evaluate("(one) => getComputedStyle(one).direction") == "rtl"
    before = (slider.input_value(), box.input_value(), lab.locator(".rk-picture").inner_html())
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    after = (slider.input_value(), box.input_value(), lab.locator(".rk-picture").inner_html())
    assert int(after[0]) == int(before[0]) + 3, "the arrow keys belong to the slider, not to the notebook"
    assert all(one != other for one, other in zip(before, after, strict=True))
    assert set(after[1]) <= set("۰۱۲۳۴۵۶۷۸۹٬")


def lose_the_kernel(seen: Visit, address: str) -> None:
    """Save with the outputs, end the kernel, and open the notebook again."""
    page = seen.page
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    seen.errors.clear()
    open_notebook(page, address, "lesson.ipynb")


@in_chromium
def test_the_persian_lesson_runs_in_jupyterlab(jupyter: str) -> None:
    with visit(jupyter) as seen:
        open_notebook(seen.page, jupyter, "lesson.ipynb")
        run_all(seen.page)
        assert output_errors(seen.page) == []
        check_prose(seen)
        check_lab(seen)
        assert seen.errors == []

        lose_the_kernel(seen, jupyter)
        check_lab(seen)
        assert seen.refused == []


@in_chromium
def test_python_knows_what_the_reader_set(tmp_path: Path) -> None:
    made = 'from retention_kit.widgets import Lab\nlab = Lab("retention_rate", language="fa")\nlab'
    write_notebook(tmp_path / "lab.ipynb", made, "lab.values")
    with jupyter_lab(tmp_path) as address, visit(address) as seen:
        open_notebook(seen.page, address, "lab.ipynb")
        run_all(seen.page)
        check_lab(seen)
        expected = repr(Lab("retention_rate", language="fa", at_start=203).values["retention_rate"])
        # A widget's last value waits for the kernel's answer to the one before: a reader is slower than this test.
        for _ in range(20):
            run_cell(seen.page, 1)
            if seen.page.get_by_text(expected).is_visible():
                return
        pytest.fail(f"{expected} was not seen")


@in_chromium
def test_keys_belong_to_the_choices_and_headings_of_a_lab_and_not_to_the_notebook(tmp_path: Path) -> None:
    write_notebook(
        tmp_path / "lab.ipynb", 'from retention_kit.widgets import Lab\nLab("omnichannel_audit", language="en")'
    )
    with jupyter_lab(tmp_path) as address, visit(address) as seen:
        open_notebook(seen.page, address, "lab.ipynb")
        run_all(seen.page)
        lab = seen.page.locator(".rk-lab")
        first = lab.locator("fieldset").first.get_by_role("radio")
        first.nth(1).focus()
        seen.page.keyboard.press("ArrowDown")
        assert first.nth(2).is_checked()
        assert "22%" in lab.locator(".rk-say").inner_text()
        lab.locator("summary").first.press("Enter")
        assert lab.locator("details").first.get_attribute("open") is None
        assert seen.errors == []
