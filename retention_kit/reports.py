"""Runs a lesson on somebody's data: checked parameters, papermill, one page that needs nothing else, the numbers.

Everything is checked before a kernel starts. Files are written in a folder of their own and moved to their names
when all of them are whole, so that nothing half-written ever stands under a final name.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retention_kit import __version__, subjects
from retention_kit.calendars import Period
from retention_kit.datasets import shipped
from retention_kit.errors import RetentionError
from retention_kit.intake import preview
from retention_kit.language import digits, direction, text
from retention_kit.subjects import Subject
from retention_kit.tables import REFUSED_FILE, RESULT_MIME

if TYPE_CHECKING:
    from nbformat import NotebookNode

# Called with the cells that are done and the cells there are.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Run:
    """What a run wrote, and the results that the notebook found."""

    page: Path
    notebook: Path
    results_file: Path
    results: list[dict[str, Any]]

    def headlines(self, language: str) -> list[str]:
        """The headline numbers of the first result, a line each."""
        return _headlines(self.results[0], language)


def run(subject_name: str, given: Mapping[str, Any], out: str | Path, progress: Progress | None = None) -> Run:
    """Run the lesson of a subject with these parameters and write its page, notebook and results into a folder.

    Args:
        subject_name: such as "retention_rate".
        given: the parameters to set; see `subjects.SUBJECTS`.
        out: the folder to write into; made if it is not there.
        progress: called after each cell.

    Raises:
        RetentionError: an unknown parameter, a wrong value, a missing file or column, before any kernel starts;
            or a lesson that stopped half-way, with the notebook as far as it came.
    """
    subject = subjects.find(subject_name)
    parameters = subject.check(given)
    if parameters["data"]:
        parameters["data"] = str(Path(parameters["data"]).expanduser().absolute())
        preview(
            parameters["data"], subject.contract, columns=parameters["columns"], sheet=parameters["sheet"] or None
        )
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".unfinished-") as unfinished:
        draft = Path(unfinished)
        with _asking_for_refused(draft / "refused.csv"):
            notebook = _execute(subject, parameters, draft / f"{subject.name}.ipynb", folder, progress)
        results = collect_results(notebook)
        page = export_page(notebook, subject, parameters["language"])
        (draft / f"{subject.name}.html").write_text(page, "utf-8")
        (draft / "results.json").write_text(_as_json(subject, parameters, results), "utf-8")
        for written in sorted(draft.iterdir()):
            written.replace(folder / written.name)
    return Run(
        page=folder / f"{subject.name}.html",
        notebook=folder / f"{subject.name}.ipynb",
        results_file=folder / "results.json",
        results=results,
    )


@contextmanager
def _asking_for_refused(path: Path) -> Iterator[None]:
    """While a kernel starts it inherits where the refused rows go."""
    os.environ[REFUSED_FILE] = str(path)
    try:
        yield
    finally:
        del os.environ[REFUSED_FILE]


def lesson_path(subject: Subject, language: str) -> Path:
    """The built notebook of a lesson."""
    return shipped("notebooks", language, f"{subject.lesson}.ipynb")


def _execute(
    subject: Subject, parameters: dict[str, Any], target: Path, folder: Path, progress: Progress | None
) -> NotebookNode:
    """Run the notebook in a kernel; where it stops half-way, keep it as far as it came and say so."""
    papermill, engine_name = _papermill()
    changed = {name: value for name, value in parameters.items() if value != _default(subject, name)}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of papermill's own dependencies, nothing a reader could mend
            return papermill.execute_notebook(
                str(lesson_path(subject, parameters["language"])),
                str(target).replace("{", "{{").replace("}", "}}"),
                parameters=changed,
                kernel_name="python3",
                engine_name=engine_name,
                progress_bar=False,
                progress=progress,
                extra_arguments=["--IPKernelApp.log_level=ERROR"],  # its talk of sockets is not for founders
            )
    except papermill.PapermillExecutionError as error:
        kept = folder / f"{subject.name}.stopped.ipynb"
        target.replace(kept)
        raise RetentionError("run_stopped", notebook=kept.name, cause=error.evalue) from error


def _default(subject: Subject, name: str) -> Any:
    return next(parameter.default for parameter in subject.parameters if parameter.name == name)


def _papermill() -> tuple[Any, str]:
    """Papermill, taught to report progress and to write Persian parameters readably."""
    import papermill
    from papermill.engines import NBClientEngine, papermill_engines
    from papermill.translators import PythonTranslator, papermill_translators

    class Watched(NBClientEngine):  # type: ignore[misc]
        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, progress: Any = None, **more: Any) -> Any:
            finish = nb_man.cell_complete

            def cell_complete(cell: Any, cell_index: int | None = None, **facts: Any) -> None:
                finish(cell, cell_index=cell_index, **facts)
                if progress is not None and cell_index is not None:
                    progress(cell_index + 1, len(nb_man.nb.cells))

            nb_man.cell_complete = cell_complete
            return super().execute_managed_notebook(nb_man, kernel_name, **more)

    class Readable(PythonTranslator):  # type: ignore[misc]
        @classmethod
        def translate_str(cls, val: str) -> str:
            return repr(str(val))

    logging.getLogger("papermill").setLevel(logging.ERROR)
    papermill_engines.register("retention-kit", Watched)
    papermill_translators.register("python", Readable)
    return papermill, "retention-kit"


def collect_results(notebook: NotebookNode) -> list[dict[str, Any]]:
    """The results that the cells of an executed notebook showed, in their order."""
    return [
        output["data"][RESULT_MIME]
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if RESULT_MIME in output.get("data", {})
    ]


def export_page(notebook: NotebookNode, subject: Subject, language: str, *, teaching: bool = False) -> str:
    """The notebook as one HTML page that needs no network, no kernel and no other file.

    Args:
        notebook: an executed lesson.
        subject: whose lesson it is.
        language: of the page.
        teaching: keep the cells that only teach (guesses, exercises, quiz); a report leaves them out.
    """
    from nbconvert.exporters import HTMLExporter
    from traitlets.config import Config

    config = Config()
    config.TagRemovePreprocessor.enabled = not teaching
    config.TagRemovePreprocessor.remove_cell_tags = {"teaching", "parameters", "injected-parameters"}
    config.NbConvertBase.display_data_priority = ["text/html", "image/png", "text/markdown", "text/plain"]
    exporter = HTMLExporter(
        config=config,
        template_name="page",
        extra_template_basedirs=[str(resources.files("retention_kit") / "templates")],
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    page, _ = exporter.from_notebook_node(_with_mathml(notebook), resources={"page": _page(subject, language)})
    return str(page)


def _page(subject: Subject, language: str) -> dict[str, str]:
    today = Period(datetime.now().astimezone().date(), "day", "jalali" if language == "fa" else "gregorian")
    return {
        "language": language,
        "direction": direction(language),
        "title": text(f"{subject.name}.title", language),
        "style": _style(),
        "version": __version__,
        "footer": text("report.footer", language, version=digits(__version__, "en"), day=today),
    }


def _style() -> str:
    """The page's CSS with the font inside."""
    package = resources.files("retention_kit")
    faces = [
        f"@font-face{{font-family:Vazirmatn;font-weight:{weight};src:url(data:font/woff2;base64,{_font(name)})}}"
        for name, weight in (("Regular", 400), ("Bold", 700))
    ]
    return "\n".join([*faces, (package / "templates" / "page" / "page.css").read_text("utf-8")])


def _font(name: str) -> str:
    file = resources.files("retention_kit") / "fonts" / f"Vazirmatn-{name}.woff2"
    return base64.b64encode(file.read_bytes()).decode()


def _with_mathml(notebook: NotebookNode) -> NotebookNode:
    """A copy whose formulas are MathML: a browser draws them with no script and no network."""
    import copy
    import re

    from latex2mathml.converter import convert

    formula = re.compile(r"\$\$(.+?)\$\$|\$(?!\s)([^$\n]+?)(?<!\s)\$", re.DOTALL)

    def drawn(found: re.Match[str]) -> str:
        block, inline = found.groups()
        return convert(block or inline, display="block" if block else "inline")

    converted = copy.deepcopy(notebook)
    for cell in converted.cells:
        if cell.cell_type == "markdown":
            cell.source = formula.sub(drawn, cell.source)
    return converted


def _as_json(subject: Subject, parameters: Mapping[str, Any], results: list[dict[str, Any]]) -> str:
    """The results with what they were made from; the same input gives the same bytes."""
    stated = {**parameters, "data": Path(parameters["data"]).name}
    document = {"kit": __version__, "subject": subject.name, "parameters": stated, "results": results}
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _headlines(result: Mapping[str, Any], language: str) -> list[str]:
    """The lines `<metric>.headlines.<sentence>` of the catalogue, filled from a result."""
    from retention_kit.language import has_text, words_filled

    facts = dict(result["headline"])
    key = f"{result['name']}.headlines.{facts['sentence']}"
    if not has_text(key, language):
        return []
    if facts.get("period"):
        start = datetime.fromisoformat(facts["period"]).date()
        facts["period"] = Period(start, result["every"], result["calendar"])
    return words_filled(key, language, **facts)
