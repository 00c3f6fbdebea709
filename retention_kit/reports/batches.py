"""Many companies after each other: a folder each, one page that holds them side by side.

A company that fails stops no other. What an earlier run has finished from the same files is not made again.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from retention_kit.calendars import Period
from retention_kit.errors import RetentionError
from retention_kit.language import MISSING, text
from retention_kit.reports.company import read_toml
from retention_kit.reports.drafts import draft_of, forget_draft
from retention_kit.reports.outcome import MARK
from retention_kit.reports.processes import MAKING, Progress, in_own_process
from retention_kit.reports.rendering import render

# Beside letters, marks on them and digits; \u200c is the half-space of Persian.
_SIGNS = " -_\u200c"
# Windows keeps some names to itself, and a blank at the end; no system takes a name that is too long.
_NAME = re.compile(r"(?!(?i:con|nul|aux|prn|com\d|lpt\d)$)[^\W_](?:.{0,58}[^ \u200c])?")
_PAGE, _RESULTS = "summary.html", "summary.json"
_REPORT = "report.html"


@dataclass(frozen=True)
class Outcome:
    """What became of one company: done, kept (done before), partly or failed, and its numbers.

    Of one that failed, the report of an `earlier` run may still stand; the workbook of one that was `edited` is
    kept under this name.
    """

    name: str
    state: str
    numbers: tuple[Mapping[str, Any], ...] = ()
    stopped: tuple[str, ...] = ()
    earlier: bool = False
    edited: str = ""
    cause: RetentionError | None = None

    def words(self, language: str) -> str:
        """The state in a few words."""
        cause = self.cause.words(language) if self.cause else ""
        said = text(f"report.batch.{self.state}", language, lessons=self.stopped, cause=cause)
        said += text("report.batch.earlier", language) if self.earlier else ""
        if not self.edited:
            return said
        edited = text("report.edited", language, name=self.edited)
        return text("report.batch.edited", language, state=said, edited=edited)

    def line(self, language: str) -> str:
        """The company and what became of it."""
        return text("cli.batch.line", language, name=self.name, state=self.words(language))

    def as_dict(self, language: str) -> dict[str, Any]:
        """The outcome as plain JSON values."""
        return {
            "company": self.name,
            "state": self.state,
            "said": self.words(language),
            "numbers": [dict(number) for number in self.numbers],
        }


@dataclass(frozen=True)
class Batch:
    """What a batch wrote."""

    page: Path
    language: str
    outcomes: tuple[Outcome, ...]

    @property
    def unfinished(self) -> list[Outcome]:
        """The companies whose report is missing or not whole."""
        return [outcome for outcome in self.outcomes if outcome.state in ("failed", "partly")]

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain JSON values."""
        return {
            **MARK,
            "made": [_PAGE],
            "page": str(self.page),
            "companies": [outcome.as_dict(self.language) for outcome in self.outcomes],
        }


def run_batch(path: Path, out: Path, *, jobs: int, language: str, progress: Progress | None) -> Batch:
    """See `reports.batch`."""
    companies = {name: {"language": language, **given} for name, given in _companies(path)}
    with draft_of(out, (_RESULTS, _PAGE)) as draft:
        outcomes = _outcomes(companies, path.parent.absolute(), out, jobs, progress)
        return _written(outcomes, out, draft, language)


def _outcomes(
    companies: Mapping[str, Mapping[str, Any]], base: Path, out: Path, jobs: int, progress: Progress | None
) -> list[Outcome]:
    """What became of each company, in the order of the file."""
    outcomes: dict[str, Outcome] = {}
    with ThreadPoolExecutor(jobs) as pool:
        asked = [pool.submit(_outcome, name, given, base, out / name) for name, given in companies.items()]
        try:
            for done in as_completed(asked):
                outcome = done.result()
                outcomes[outcome.name] = outcome
                if progress is not None:
                    progress(len(outcomes) / len(companies))
        except KeyboardInterrupt:
            # The reports that are being made are finished; those that follow are not begun.
            pool.shutdown(cancel_futures=True)
            raise
    return [outcomes[name] for name in companies]


def _companies(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each company of the file by its name, with what is given for it and for all of them."""
    shared = read_toml(path)
    companies = shared.pop("company", [])
    if not companies or not isinstance(companies, list) or not all(isinstance(one, dict) for one in companies):
        lists = [name for name, value in shared.items() if isinstance(value, list)]
        near = get_close_matches("company", lists, n=1)
        raise RetentionError("no_companies_near" if near else "no_companies", path=path.name, given="".join(near))
    names: set[str] = set()
    for given in companies:
        # One letter may be typed as itself or as a letter and its mark; the name of a folder is one of them.
        name = unicodedata.normalize("NFC", str(given.pop("name", "")))
        if (sign := next((letter for letter in name if not _may_stand(letter)), None)) is not None:
            raise RetentionError("bad_company_sign", name=name, sign=sign, point=f"U+{ord(sign):04X}")
        if not _NAME.fullmatch(name) or name.casefold() in names:
            raise RetentionError("bad_company_name", name=name)
        names.add(name.casefold())
        yield name, {**shared, **given}


def _may_stand(letter: str) -> bool:
    """Whether a letter or sign may stand in the name of a company."""
    return letter in _SIGNS or unicodedata.category(letter)[0] in "LMN"


def _outcome(name: str, given: Mapping[str, Any], base: Path, folder: Path) -> Outcome:
    try:
        state, results, edited = in_own_process(f"{MAKING}.make_or_keep_report", given, base, folder)
    except RetentionError as error:
        if error.code == "run_killed":
            forget_draft(folder)
        # The summary is shared: a file is named as runs.toml does, not by where it lies on this machine.
        error.facts = {name: _as_given(fact, base) for name, fact in error.facts.items()}
        return Outcome(name, "failed", earlier=(folder / _REPORT).exists(), cause=error)
    stopped = tuple(lesson["lesson"] for lesson in results["lessons"] if lesson["stopped"])
    return Outcome(name, "partly" if stopped else state, tuple(results["numbers"]), stopped, edited=edited)


def _as_given(fact: Any, base: Path) -> Any:
    return fact.replace(f"{base}{os.sep}", "") if isinstance(fact, str) else fact


def _written(outcomes: list[Outcome], out: Path, draft: Path, language: str) -> Batch:
    columns = list(dict.fromkeys((number["name"], number["log"]) for one in outcomes for number in one.numbers))
    # What became of a company stands beside its name: the columns behind it may be more than a screen is wide.
    headings = [text("report.batch.company", language), text("report.batch.state", language)]
    headings += [_heading(column, language) for column in columns]
    rows = [
        {
            "name": outcome.name,
            "link": f"{outcome.name}/{_REPORT}" if outcome.earlier or outcome.state != "failed" else None,
            "said": outcome.words(language),
            "cells": [_cell(outcome, column, language) for column in columns],
        }
        for outcome in outcomes
    ]
    done = sum(outcome.state in ("done", "kept") for outcome in outcomes)
    about = [text("report.batch.about", language, done=done, count=len(outcomes))]
    title = text("report.batch.title", language)
    page = render("summary", language, title, headings=headings, rows=rows, about=about)
    batch = Batch(out / _PAGE, language, tuple(outcomes))
    (draft / _PAGE).write_text(page, "utf-8")
    (draft / _RESULTS).write_text(json.dumps(batch.as_dict(), ensure_ascii=False, indent=1) + "\n", "utf-8")
    return batch


def _heading(column: tuple[str, str], language: str) -> str:
    name, log = column
    return f"{text(f'report.number.{name}', language)} · {text(f'contract.title.{log}', language)}"


def _cell(outcome: Outcome, column: tuple[str, str], language: str) -> str:
    number = next((number for number in outcome.numbers if (number["name"], number["log"]) == column), None)
    if number is None:
        return MISSING
    period = Period(date.fromisoformat(number["period"]), number["every"], number["calendar"])
    return text("report.batch.cell", language, **{**number, "period": period})
