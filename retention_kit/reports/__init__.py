"""Runs the lessons on a company's own logs: one lesson, the whole report, or many companies after each other.

Everything that can be checked is checked before anything runs. Each company is worked on in a process of its own.
Files are written beside their place and moved there when all of them are whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retention_kit import intake, subjects
from retention_kit.errors import RetentionError
from retention_kit.language import text
from retention_kit.reports.company import OF_A_LOG, Company, Source, Task, company_of, look_at
from retention_kit.reports.drafts import forget_draft
from retention_kit.reports.pdf import browser
from retention_kit.reports.processes import MAKING, Progress, in_own_process, warm_up
from retention_kit.subjects import USUAL_CALENDAR, Subject
from retention_kit.tables import contract_names

if TYPE_CHECKING:
    from retention_kit.reports.batches import Batch
    from retention_kit.reports.outcome import Run

__all__ = ["Progress", "batch", "report", "run"]


def run(subject_name: str, given: Mapping[str, Any], out: str | Path, progress: Progress | None = None) -> Run:
    """Run the lesson of a subject with these parameters and write its page, notebook and results into a folder.

    Args:
        subject_name: such as "retention_rate".
        given: the parameters to set; see `subjects.SUBJECTS`.
        out: the folder to write into; made if it is not there.
        progress: called with the part that is done, 0 to 1.

    Raises:
        RetentionError: an unknown parameter, a wrong value, a missing file or column, before anything starts.
    """
    warm_up()
    subject = subjects.find(subject_name)
    taken = _taken_for(subject, given)
    parameters = _with_whole_paths(_with_usual_calendar(subject, {**given, **taken}))
    contract = subject.contract_of(parameters)
    logs = _logs_of(subject, parameters)
    shared = {name: value for name, value in parameters.items() if name not in (*OF_A_LOG, *contract_names())}
    made = _run(Path(out), progress, "make_lesson", Company(logs, shared), Task(subject, contract, parameters))
    if not taken:
        return made
    facts = {"log": text(f"contract.title.{contract}", parameters["language"]), "path": logs[contract].name}
    return replace(made, said=(text("note.taken_for", parameters["language"], **facts), *made.said))


def report(
    given: Mapping[str, Any],
    out: str | Path,
    *,
    base: str | Path = ".",
    pdf: bool = False,
    progress: Progress | None = None,
) -> Run:
    """Run every lesson that a company's logs support and write one report into a folder.

    Args:
        given: parameters by their names, and logs by what their rows are: `{"orders": "sales.xlsx"}`; without
            a log, the sample shop's. See `reports.company`.
        out: the folder to write into; made if it is not there.
        base: where files are looked for whose paths are not absolute.
        pdf: also print the page to report.pdf, with Chromium.
        progress: called with the part that is done, 0 to 1.

    Raises:
        RetentionError: a wrong name or value, a missing file or column, no browser to print with, before anything
            starts; or no row that can be used.
    """
    warm_up()
    if pdf:
        browser()
    return _run(Path(out), progress, "make_report", company_of(given, Path(base).absolute()), pdf)


def batch(
    path: str | Path, out: str | Path, *, jobs: int = 2, language: str = "en", progress: Progress | None = None
) -> Batch:
    """Make the reports of the companies that a file names, a folder each, and a page that holds them side by side.

    Args:
        path: a TOML file: parameters and logs for all companies, and a `[[company]]` with its name for each.
        out: the folder to write into.
        jobs: how many companies are worked on at a time.
        language: of the page that holds them side by side.
        progress: called with the part that is done, 0 to 1.

    Raises:
        RetentionError: the file cannot be read or names no company; what is wrong with one is in its outcome.
    """
    from retention_kit.reports.batches import run_batch

    warm_up()
    return run_batch(Path(path), Path(out), jobs=jobs, language=language, progress=progress)


def _taken_for(subject: Subject, given: Mapping[str, Any]) -> dict[str, str]:
    """What a row is taken for where nobody said it and the file fits this, not the lesson's first contract."""
    if "contract" in given or not given.get("data") or len(subject.contracts) < 2:
        return {}
    first = subject.contracts[0]
    found = next((contract for contract in subject.contracts if _fits(subject, given, contract)), first)
    return {} if found == first else {"contract": found}


def _fits(subject: Subject, given: Mapping[str, Any], contract: str) -> bool:
    """Whether the file has all columns that a log of this contract needs."""
    try:
        parameters = subject.check({**given, "contract": contract})
        look_at({contract: Source(**subject.logs_of(parameters)[contract])})
    except RetentionError:
        return False
    return True


def _with_usual_calendar(subject: Subject, given: Mapping[str, Any]) -> dict[str, Any]:
    """All parameters; where nobody says a calendar, own data are counted by that of the reader's language."""
    parameters = subject.check(given)
    if parameters["data"] and "calendar" not in given:
        parameters["calendar"] = USUAL_CALENDAR[parameters["language"]]
    return parameters


def _with_whole_paths(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters, their files findable from any folder."""
    files = {name: parameters[name] for name in ("data", *contract_names()) if parameters.get(name)}
    return {**parameters, **{name: str(intake.at_home(file).absolute()) for name, file in files.items()}}


def _logs_of(subject: Subject, parameters: Mapping[str, Any]) -> dict[str, Source]:
    """The logs of the reader's own; none where the lesson runs on its sample."""
    logs = {contract: Source(**said) for contract, said in subject.logs_of(parameters).items()}
    if logs and not parameters["data"]:
        needed = subject.contract_of(parameters)
        raise RetentionError("further_alone", further=tuple(logs), contract=needed)
    look_at(logs)
    return logs


def _run(folder: Path, progress: Progress | None, work: str, asked: Company, last: Any) -> Run:
    try:
        run: Run = in_own_process(f"{MAKING}.{work}", asked, last, folder, progress=progress)
    except (RetentionError, KeyboardInterrupt) as error:
        # Else it has tidied up after itself; one that is stopped has, too, unless it had to be killed.
        if isinstance(error, KeyboardInterrupt) or error.code == "run_killed":
            forget_draft(folder)
        raise
    return run
