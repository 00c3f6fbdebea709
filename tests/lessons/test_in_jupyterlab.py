"""Every lesson as a founder meets it: opened in JupyterLab with no network, run from top to bottom."""

import shutil
from collections.abc import Iterator

import pytest

from notebooks.build.__main__ import built, read_sources
from retention_kit.language import LANGUAGES
from tests.browser import in_chromium, jupyter_lab, open_notebook, output_errors, run_all, visit


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
