"""What a process of its own is asked to do in the tests, by its dotted name."""

import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat

SEEN: list[str] = []


def remember(name: str, progress: Callable[[float], None]) -> list[str]:
    """All names this process has been told of."""
    progress(0.5)
    SEEN.append(name)
    return SEEN


def end_hard(_: Callable[[float], None]) -> None:
    """End as a process does for which there is no memory left."""
    os.kill(os.getpid(), signal.SIGKILL)


def tell_without_end(progress: Callable[[float], None]) -> None:
    """Tell of progress for as long as somebody listens."""
    while True:
        progress(0.5)


def divide_by_nothing(_: Callable[[float], None]) -> float:
    """Make a mistake that nobody foresaw."""
    return 1 / len(SEEN)


def run_cells(cells: list[str], _: Callable[[float], None]) -> Any:
    """The cells of a notebook, run by the kit's engine one notebook after the other; the second sees no first."""
    from papermill.engines import NotebookExecutionManager

    from retention_kit.reports.cells import Warm

    notebooks = [nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells]) for _ in "ab"]
    for notebook in notebooks:
        notebook.metadata.papermill = {}
        managed = NotebookExecutionManager(notebook, progress_bar=False)
        managed.notebook_start()
        Warm.execute_managed_notebook(managed, "python3")
    return notebooks


def report_with_a_broken_lesson(
    given: Mapping[str, Any], name: str, source: str, folder: Path, progress: Callable[[float], None]
) -> Any:
    """A report one of whose lessons stops at its trend, where this source stands instead."""
    from retention_kit.reports import executed, making
    from retention_kit.reports.company import company_of

    whole = executed.lesson_path

    def lesson_path(subject: Any, language: str) -> Path:
        if subject.name != name:
            return whole(subject, language)
        notebook = nbformat.read(whole(subject, language), as_version=4)
        broken = next(cell for cell in notebook.cells if "metrics.retention_rate" in cell.source)
        broken.source = source
        path = folder.parent / "broken.ipynb"
        nbformat.write(notebook, path)
        return path

    executed.lesson_path = lesson_path
    return making.make_report(company_of(given, folder), False, folder, progress)


def report_counting_reads(given: Mapping[str, Any], folder: Path, progress: Callable[[float], None]) -> Any:
    """A report, and what was read for it: each file with its sheet."""
    from retention_kit.intake import reading
    from retention_kit.reports import making
    from retention_kit.reports.company import company_of

    asked = company_of(given, folder)
    open_parts, opened = reading.open_parts, []

    def counted(source: Any, session: Any, rewritten: Path, sheet: str | None) -> Any:
        opened.append((str(source), sheet))
        return open_parts(source, session, rewritten, sheet)

    reading.open_parts = counted
    return making.make_report(asked, False, folder, progress), opened
