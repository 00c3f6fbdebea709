"""Runs one lesson with a company's parameters; where it stops half-way, tells where and why."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
import papermill
from nbformat import NotebookNode
from papermill.execute import remove_error_markers

from retention_kit.datasets import shipped
from retention_kit.errors import RetentionError
from retention_kit.reports.cells import ENGINE, CellsDone
from retention_kit.reports.company import Task
from retention_kit.subjects import Subject
from retention_kit.tables import RESULT_MIME, Result
from retention_kit.widgets.twin import STATIC

_HEADING = re.compile(r"^#{1,6}\s+(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Stop:
    """Where a lesson stopped: the step, the heading it stands under, and what was wrong."""

    step: int
    steps: int
    heading: str
    cause: str


@dataclass(frozen=True)
class Executed:
    """A lesson that has run, to its end or until it stopped."""

    task: Task
    notebook: NotebookNode
    stop: Stop | None = None

    @cached_property
    def results(self) -> list[Result]:
        """What its cells found, in their order; cells that only teach are left out, as on the page."""
        return [
            Result.from_dict(output["data"][RESULT_MIME])
            for cell in self.notebook.cells
            if cell.cell_type == "code" and "teaching" not in cell.metadata.get("tags", [])
            for output in cell.outputs
            if RESULT_MIME in output.get("data", {})
        ]


def lesson_path(subject: Subject, language: str) -> Path:
    """The built notebook of a lesson."""
    return shipped("notebooks", language, f"{subject.lesson}.ipynb")


def execute(task: Task, target: Path, progress: CellsDone | None = None) -> Executed:
    """Run a lesson in this process, which is its own, and keep its notebook, whole or as far as it came.

    Args:
        task: the lesson and its parameters.
        target: where the notebook is kept.
        progress: called after each cell.
    """
    subject, parameters = task.subject, task.parameters
    defaults = {parameter.name: parameter.default for parameter in subject.parameters}
    os.environ[STATIC] = "1"  # the kernel of a stored notebook is gone: its widgets must live without one
    try:
        notebook = papermill.execute_notebook(
            str(lesson_path(subject, str(parameters["language"]))),
            str(target).replace("{", "{{").replace("}", "}}"),
            parameters={name: value for name, value in parameters.items() if value != defaults[name]},
            kernel_name="python3",
            engine_name=ENGINE,
            progress_bar=False,
            progress=progress,
            request_save_on_cell_execute=False,
        )
    except papermill.PapermillExecutionError as error:
        return _stopped(task, target, error)
    return Executed(task, notebook)


def _stopped(task: Task, target: Path, error: papermill.PapermillExecutionError) -> Executed:
    """The notebook without papermill's own marks, cut after the cell that failed."""
    notebook = remove_error_markers(nbformat.read(target, as_version=4))
    place = next(place for place, cell in enumerate(notebook.cells) if _failed(cell))
    steps = len(notebook.cells)
    headings = [found[-1] for cell in notebook.cells[:place] if (found := _headings(cell))]
    nbformat.write(notebook, target)
    notebook.cells = notebook.cells[: place + 1]
    notebook.cells[place].outputs = []
    return Executed(
        task, notebook, Stop(place + 1, steps, headings[-1] if headings else "", _cause(task, place, error))
    )


def _cause(task: Task, place: int, error: papermill.PapermillExecutionError) -> str:
    """What was wrong, in a sentence even where nobody foresaw it."""
    if error.ename == RetentionError.__name__:
        return str(error.evalue)
    what, where = f"{error.ename}: {error.evalue}", f"{task.subject.lesson}, {place + 1}"
    return RetentionError("unforeseen", what=what, where=where).words(str(task.parameters["language"]))


def _failed(cell: NotebookNode) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", []))


def _headings(cell: NotebookNode) -> list[str]:
    return _HEADING.findall(cell.source) if cell.cell_type == "markdown" else []
