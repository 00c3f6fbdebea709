"""The cells of a run, worked on in the process of the run."""

import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

RUN = """
import sys, papermill
from retention_kit.reports.cells import ENGINE
papermill.execute_notebook(*sys.argv[1:], kernel_name="python3", engine_name=ENGINE, progress_bar=False)
"""


def test_a_run_that_is_to_end_ends_within_a_cell(tmp_path: Path) -> None:
    """A stop reaches a run as SystemExit, wherever it is; a shell would show it and go on."""
    cells = [new_code_cell("import sys; sys.exit(7)"), new_code_cell("print('went on')")]
    nbformat.write(new_notebook(cells=cells), tmp_path / "a.ipynb")
    words = [sys.executable, "-c", RUN, str(tmp_path / "a.ipynb"), str(tmp_path / "b.ipynb")]
    assert subprocess.run(words, capture_output=True, check=False).returncode == 7
    assert "went on\\n" not in (tmp_path / "b.ipynb").read_text("utf-8")
