"""Every lesson as a founder meets it: opened in JupyterLab with no network, run from top to bottom."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from notebooks.build.__main__ import built, read_sources
from notebooks.build.assemble import notebook
from notebooks.build.execute import written
from retention_kit.cli.lessons import copy_lessons
from retention_kit.language import LANGUAGES, text
from tests.browser import (
    PLACES,
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


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("lessons")
    for source in read_sources():
        for language, path in built(source).items():
            shutil.copy(path, folder / f"{language}_{path.name}")
    with jupyter_lab(folder) as address:
        yield address


@in_chromium
@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lesson", [source.path.stem for source in read_sources()])
def test_a_lesson_opens_and_runs_all_its_cells_without_an_error(jupyter: str, lesson: str, language: str) -> None:
    with visit(jupyter) as seen:
        open_notebook(seen.page, jupyter, f"{language}_{lesson}.ipynb")
        run_all(seen.page)
        assert output_errors(seen.page) == []
        assert seen.errors == []
        assert seen.refused == []


@pytest.fixture(scope="module")
def as_copied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What `retention-kit lab --language fa` opens."""
    folder = tmp_path_factory.mktemp("copied")
    with pytest.MonkeyPatch.context() as environment:
        for name, place in PLACES.items():
            environment.setenv(name, str(folder / place))
        copy_lessons(folder, "fa")
    for source in read_sources():
        (folder / f"unrun_{source.path.stem}.ipynb").write_text(written(notebook(source, "fa")), "utf-8")
    with jupyter_lab(folder) as address:
        yield address


@in_chromium
def test_a_copied_lesson_is_alive_before_any_cell_is_run_and_no_news_covers_it(as_copied: str) -> None:
    with visit(as_copied) as seen:
        open_notebook(seen.page, as_copied, "01_retention_rate.ipynb")
        show_cell(seen.page, "Lab(")
        box = seen.page.locator(".rk-lab").first.get_by_role("textbox").first
        box.fill("۲۵۰")
        assert "۶۰٪" in seen.page.locator(".rk-lab .rk-say").first.inner_text()
        seen.page.wait_for_timeout(3_000)
        assert seen.page.locator(".Toastify__toast").count() == 0
        assert (seen.errors, seen.refused) == ([], [])


@in_chromium
def test_enter_keeps_the_guess(as_copied: str) -> None:
    with visit(as_copied) as seen:
        open_notebook(seen.page, as_copied, "01_retention_rate.ipynb")
        run_all(seen.page)
        show_cell(seen.page, "predict(")
        seen.page.locator(".rk-prediction input").fill("۸۵")
        seen.page.keyboard.press("Enter")
        assert seen.page.locator(".rk-prediction .rk-say").inner_text() == text(
            "widget.prediction.kept", "fa", guess=0.85
        )


@in_chromium
def test_a_double_click_leaves_prose_as_it_is(as_copied: str) -> None:
    with visit(as_copied) as seen:
        open_notebook(seen.page, as_copied, "unrun_01_retention_rate.ipynb")
        seen.page.locator(".jp-RenderedMarkdown p").first.dblclick()
        seen.page.wait_for_timeout(500)
        assert seen.page.locator(".jp-MarkdownCell .cm-editor:visible").count() == 0


def lose_the_kernel(seen: Visit, address: str) -> None:
    """Save with the outputs, end the kernel, and open the notebook again."""
    seen.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    seen.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    open_notebook(seen.page, address, "lab.ipynb")


@in_chromium
def test_what_a_reader_sets_stands_when_the_cell_is_run_again_and_when_the_notebook_is_opened_again(
    tmp_path: Path,
) -> None:
    lab = 'from retention_kit.widgets import Lab\nLab("churn", language="fa")'
    asked = {"question": "?", "options": ["a", "b"], "right": 1, "feedback": ["No.", "Yes."]}
    write_notebook(tmp_path / "lab.ipynb", lab, f'from retention_kit.widgets import Quiz\nQuiz([{asked}], "fa")')
    with jupyter_lab(tmp_path) as address, visit(address) as seen:
        page = seen.page
        box, option = page.locator(".rk-lab input[type=text]").first, page.locator(".rk-option input").last
        open_notebook(page, address, "lab.ipynb")
        run_all(page)
        box.fill("۱۵")
        option.check()
        page.wait_for_timeout(500)
        for place in (0, 1):
            run_cell(page, place)
        page.wait_for_timeout(1_000)
        expect(box).to_have_value("۱۵")
        expect(option).to_be_checked()
        expect(page.locator(".rk-feedback")).to_contain_text("Yes.")

        box.fill("۱۶")
        lose_the_kernel(seen, address)
        expect(box).to_have_value("۱۶")
        expect(option).to_be_checked()
        assert seen.errors == []
