"""The pages: one file each, with no address outside it, right to left where the language is, ready to print.

A value of a founder's file reaches a page through a template that escapes it, or through a lesson that has.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from latex2mathml.converter import convert
from markupsafe import Markup
from nbconvert.exporters import HTMLExporter
from traitlets.config import Config

from retention_kit.calendars import Period
from retention_kit.language import alone, percent, text
from retention_kit.reports.executed import Executed, Stop
from retention_kit.reports.findings import Findings
from retention_kit.reports.rendering import render
from retention_kit.reports.summary import Number
from retention_kit.subjects import USUAL_CALENDAR
from retention_kit.tables import Log, contract

if TYPE_CHECKING:
    import pandas as pd
    from nbformat import NotebookNode

_FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(?!\s)([^$\n]+?)(?<!\s)\$", re.DOTALL)
_HEADING = re.compile(r"<(/?)h([1-5])\b")
# The cell in which a lesson begins shows what was read, and nothing else.
_RECEIPT_CELL = "begin"


def lesson_page(executed: Executed, language: str) -> str:
    """The page of one lesson."""
    title = text(f"{executed.task.subject.name}.title", language)
    return render("lesson", language, title, lesson=_lesson(executed, lesson_body(executed.notebook), language))


def report_page(found: Findings) -> str:
    """The page of a report: what matters first, then the lessons; lists of customers are counted and not shown."""
    language = found.language
    parts = {"meeting": found.sentences, "notes": found.notes, "lists": _lists(found.contacts, language)}
    return render(
        "report",
        language,
        text("report.title", language),
        about=_about(found),
        numbers=[_number(number, language) for number in found.numbers],
        parts=[{"name": name, "lines": lines} for name, lines in parts.items()],
        lessons=[_lesson_of_report(executed, language) for executed in found.lessons],
        receipts=[
            {"title": found.source(log), "lines": log.receipt.words(language).splitlines()}
            for log in found.logs.values()
        ],
        say=lambda key: text(f"report.part.{key}", language),
    )


def _lesson_of_report(executed: Executed, language: str) -> dict[str, Any]:
    """A lesson, its headings below those of the report and without the receipt, which the report gives once."""
    notebook = copy.copy(executed.notebook)
    notebook.cells = [cell for cell in notebook.cells if cell.get("id") != _RECEIPT_CELL]
    body = _HEADING.sub(lambda found: f"<{found[1]}h{int(found[2]) + 1}", lesson_body(notebook))
    return _lesson(executed, body, language)


def _lesson(executed: Executed, body: str, language: str) -> dict[str, Any]:
    name = executed.task.subject.name
    return {
        "name": name,
        "title": text(f"{name}.title", language),
        "body": Markup(body),  # noqa: S704 lessons escape what they show
        "stop": executed.stop and _stop_lines(executed.stop, language),
    }


def _stop_lines(stop: Stop, language: str) -> list[str]:
    facts = {"step": stop.step, "steps": stop.steps, "heading": stop.heading, "cause": stop.cause}
    where = "where" if stop.heading else "at"
    return [text(f"report.stopped.{part}", language, **facts) for part in (where, "cause", "next")]


def lesson_body(notebook: NotebookNode) -> str:
    """The cells of an executed lesson as HTML, without those that only teach (guesses, exercises, quiz)."""
    body, _ = _exporter().from_notebook_node(_with_mathml(notebook))
    return str(body)


@cache
def _exporter() -> HTMLExporter:
    config = Config()
    config.TagRemovePreprocessor.enabled = True
    config.TagRemovePreprocessor.remove_cell_tags = {"teaching", "parameters", "injected-parameters"}
    config.NbConvertBase.display_data_priority = ["text/html", "image/png", "text/markdown", "text/plain"]
    return HTMLExporter(
        config=config,
        template_name="lesson",
        extra_template_basedirs=[str(resources.files("retention_kit") / "templates")],
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )


def _with_mathml(notebook: NotebookNode) -> NotebookNode:
    """A copy whose formulas are MathML: a browser draws them with no script and no network."""
    converted = copy.deepcopy(notebook)
    for cell in converted.cells:
        if cell.cell_type == "markdown":
            cell.source = _FORMULA.sub(_drawn, cell.source)
    return converted


def _drawn(found: re.Match[str]) -> str:
    block, inline = found.groups()
    return str(convert(block or inline, display="block" if block else "inline"))


def _about(found: Findings) -> list[str]:
    """What was read, and what of it no lesson counts."""
    read = [_covered(found, log) for log in found.logs.values()]
    unused = tuple(text(f"contract.title.{name}", found.language) for name in found.unused)
    return [*read, text("report.unused", found.language, logs=unused)] if unused else read


def _covered(found: Findings, log: Log) -> str:
    """A log, its file and, where its rows have days, from when to when."""
    source, language = found.source(log), found.language
    if contract(log.contract).time is None:
        return source
    first, last = (Period(day, "day", USUAL_CALENDAR[language]) for day in (log.first_day, log.observed_until))
    return text("report.covered", language, source=source, first=first, last=last)


def _number(number: Number, language: str) -> dict[str, Any]:
    lines = [text("report.number.of", language, period=number.period)]
    known = "no_interval" if number.low is None else "interval"
    lines.append(text(f"report.number.{known}", language, low=number.low, high=number.high))
    if number.change is not None:
        change = number.change
        clear = "clear" if change.clear else "unclear"
        facts = {"since": change.since, "value": change.value, "low": change.low, "high": change.high}
        lines += [text("report.number.change", language, **facts), text(f"report.number.{clear}", language)]
    name = text(f"report.number.{number.name}", language)
    log = text(f"contract.title.{number.contract}", language)
    return {"name": f"{name} · {log}", "value": alone(percent(number.value, language), language), "lines": lines}


def _lists(contacts: Mapping[str, pd.DataFrame], language: str) -> list[str]:
    return [
        text(
            f"report.contact.{why}.said",
            language,
            count=int(rows["of_all"].iloc[0]),
            period=rows["period"].iloc[0],
            sheet=text(f"report.contact.{why}.{contract}", language),
        )
        for contract, table in contacts.items()
        for why, rows in table.groupby("why", sort=True)
    ]
