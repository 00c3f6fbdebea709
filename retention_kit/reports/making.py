"""Makes all that a run writes, from a company's logs: in the process that `processes` starts for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retention_kit import intake, metrics
from retention_kit.errors import RetentionError
from retention_kit.reports import documents, pages
from retention_kit.reports.company import Company, Task, company_of
from retention_kit.reports.drafts import draft_of, files_in, keep_edited
from retention_kit.reports.executed import Executed, execute
from retention_kit.reports.findings import Findings
from retention_kit.reports.outcome import Run, fingerprint, numbers_in
from retention_kit.reports.pdf import print_page
from retention_kit.reports.processes import Progress
from retention_kit.reports.workbook import write_workbook
from retention_kit.subjects import SUBJECTS
from retention_kit.tables import Log, contract_names

if TYPE_CHECKING:
    import pandas as pd

RESULTS = "results.json"
WORKBOOK = "report.xlsx"
_CONTACTED = ("orders", "subscriptions")


def make_lesson(company: Company, task: Task, folder: Path, progress: Progress) -> Run:
    """Run one lesson and write its page, notebook, numbers and refused rows."""
    name, language = task.subject.name, company.language
    made_from = documents.origin(company)
    with intake.reading_once(), draft_of(folder, _names_of_lesson(name)) as draft:
        logs = company.read()
        _write_refused(logs, draft, language, f"{name}-")
        executed = _execute(task, draft / f"{name}.ipynb", progress)
        (draft / f"{name}.html").write_text(pages.lesson_page(executed, language), "utf-8")
        found = Findings(language, logs, [executed])
        results = _write_results(made_from, found, draft / f"{name}.json")
        made = _run(draft / f"{name}.html", results, found)
    return _moved(made, draft, folder)


def make_report(company: Company, pdf: bool, folder: Path, progress: Progress) -> Run:
    """Run every lesson that the logs support and write the report: page, workbook, numbers, notebooks, receipt."""
    return _make_report(company, documents.origin(company), pdf, folder, progress)


def _make_report(
    company: Company, made_from: Mapping[str, Any], pdf: bool, folder: Path, progress: Progress
) -> Run:
    """The same, of files whose fingerprints were taken before they were read."""
    language, tasks = company.language, company.tasks()
    if not tasks:
        raise RetentionError("no_lesson_for", given=tuple(company.logs))
    steps = len(tasks) + 2
    with intake.reading_once(), draft_of(folder, _names_of_report()) as draft:
        logs = company.read()
        progress(1 / steps)
        _write_refused(logs, draft, language)
        lessons = [
            _execute(task, draft / "notebooks" / f"{task.subject.lesson}.ipynb", _part(progress, place, steps))
            for place, task in enumerate(tasks, 1)
        ]
        found = Findings(language, logs, lessons, _contacts(company, logs), _sheets(company))
        (draft / "report.html").write_text(pages.report_page(found), "utf-8")
        write_workbook(draft / WORKBOOK, found)
        _write_receipts(found, draft)
        if pdf:
            print_page(draft / "report.html", draft / "report.pdf")
        results = _write_results(made_from, found, draft / RESULTS)
        made = _run(draft / "report.html", results, found, _keep_edited(folder, draft))
    return _moved(made, draft, folder)


def make_or_keep_report(
    given: Mapping[str, Any], base: Path, folder: Path, progress: Progress
) -> tuple[str, dict[str, Any], str]:
    """The report of one of many companies, made, or kept where it was made before from the same files.

    Returns:
        "done" or "kept", what results.json holds, and the name under which an edited workbook is kept, if any.
    """
    asked = company_of(given, base)
    before, origin = numbers_in(folder / RESULTS), documents.origin(asked)
    if {name: before.get(name) for name in origin} == origin and _whole(before, folder):
        return "kept", before, ""
    made = _make_report(asked, origin, False, folder, progress)
    return "done", numbers_in(folder / RESULTS), made.edited.name if made.edited else ""


def _whole(results: Mapping[str, Any], folder: Path) -> bool:
    """Whether a report is all there: none of its files is missing and none of its lessons stopped."""
    if not results.keys() >= {"numbers", "lessons"} or any(lesson["stopped"] for lesson in results["lessons"]):
        return False
    return all((folder / name).is_file() for name in results["made"])


def _part(progress: Progress, place: int, steps: int) -> Progress:
    return lambda done: progress((place + done) / steps)


def _execute(task: Task, target: Path, progress: Progress) -> Executed:
    """Run a lesson; the notebook of one that stopped says so in its name."""
    target.parent.mkdir(exist_ok=True)
    executed = execute(task, target, lambda done, of: progress(done / of))
    if executed.stop is not None:
        target.replace(target.with_suffix(".stopped.ipynb"))
    return executed


def _contacts(company: Company, logs: Mapping[str, Log]) -> dict[str, pd.DataFrame]:
    how = {name: company.parameters[name] for name in ("every", "calendar")}
    return {contract: metrics.to_contact(log, **how) for contract, log in logs.items() if contract in _CONTACTED}


def _sheets(company: Company) -> dict[str, str]:
    """The sheets of workbooks that were chosen."""
    return {contract: source.sheet for contract, source in company.logs.items() if source.sheet}


def _write_results(made_from: Mapping[str, Any], found: Findings, target: Path) -> Path:
    """The numbers, last of all: they name every other file."""
    draft = target.parent
    content = documents.document(made_from, found, files_in(draft), fingerprint(draft / WORKBOOK))
    target.write_text(documents.as_text(content), "utf-8")
    return target


def _keep_edited(folder: Path, draft: Path) -> Path | None:
    return keep_edited(folder, draft, WORKBOOK, numbers_in(folder / RESULTS).get("workbook"))


def _write_receipts(found: Findings, draft: Path) -> None:
    receipts = [f"{found.source(log)}\n{log.receipt.words(found.language)}" for log in found.logs.values()]
    (draft / "receipt.txt").write_text("\n\n".join(receipts) + "\n", "utf-8")


def _write_refused(logs: Mapping[str, Log], draft: Path, language: str, prefix: str = "") -> None:
    for contract, log in logs.items():
        if log.receipt.refused:
            intake.write_refused(log, draft / _refused_name(contract, prefix), language)


def _refused_name(contract: str, prefix: str = "") -> str:
    return f"{prefix}refused-{contract}.csv"


def _notebook_names(stem: str) -> list[str]:
    return [f"{stem}.ipynb", f"{stem}.stopped.ipynb"]


def _names_of_lesson(name: str) -> list[str]:
    """What the run of one lesson may write, its numbers first: no name that another lesson or a report writes."""
    refused = [_refused_name(contract, f"{name}-") for contract in contract_names()]
    return [f"{name}.json", f"{name}.html", *_notebook_names(name), *refused]


def _names_of_report() -> list[str]:
    """What a report may write, its numbers first."""
    stems = [f"notebooks/{subject.lesson}" for subject in SUBJECTS.values()]
    notebooks = [name for stem in stems for name in _notebook_names(stem)]
    refused = [_refused_name(contract) for contract in contract_names()]
    return [RESULTS, *notebooks, *refused, "report.html", WORKBOOK, "report.pdf", "receipt.txt"]


def _run(page: Path, results: Path, found: Findings, edited: Path | None = None) -> Run:
    draft = page.parent
    workbook, pdf = draft / WORKBOOK, draft / "report.pdf"
    return Run(
        page=page,
        results_file=results,
        notebooks=tuple(sorted(draft.rglob("*.ipynb"))),
        workbook=workbook if workbook.exists() else None,
        pdf=pdf if pdf.exists() else None,
        edited=edited,
        said=tuple(found.sentences),
        stopped={executed.task.subject.name: executed.stop.cause for executed in found.lessons if executed.stop},
    )


def _moved(made: Run, draft: Path, folder: Path) -> Run:
    """The same files where they are in the end."""

    def there(path: Path) -> Path:
        return folder / path.relative_to(draft)

    return replace(
        made,
        page=there(made.page),
        results_file=there(made.results_file),
        notebooks=tuple(map(there, made.notebooks)),
        workbook=made.workbook and there(made.workbook),
        pdf=made.pdf and there(made.pdf),
        edited=made.edited and there(made.edited),
    )
