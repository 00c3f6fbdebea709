"""results.json: every number of a run for other programs. The same input gives the same bytes.

`docs/results.md` says what each name means; `outcome.SCHEMA` grows by one when a name changes its meaning or goes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from retention_kit.reports.company import Company
from retention_kit.reports.executed import Executed
from retention_kit.reports.findings import Findings
from retention_kit.reports.outcome import MARK
from retention_kit.reports.summary import notes, sentences
from retention_kit.tables import Result


def origin(company: Company) -> dict[str, Any]:
    """What a run is made from: two runs of one origin give the same results."""
    return {
        **MARK,
        "parameters": dict(company.parameters),
        "files": {
            contract: {
                "name": source.name,
                "sha256": source.digest(),
                "columns": dict(source.columns),
                "formats": dict(source.formats),
                "sheet": source.sheet,
            }
            for contract, source in company.logs.items()
        },
    }


def document(
    made_from: Mapping[str, Any], found: Findings, made: Sequence[str], workbook: str | None
) -> dict[str, Any]:
    """Everything a run found, as plain JSON values, with the files it made and the fingerprint of its workbook."""
    return {
        **made_from,
        "made": list(made),
        "workbook": workbook,
        "receipts": {contract: log.receipt.as_dict() for contract, log in found.logs.items()},
        "numbers": [number.as_dict() for number in found.numbers],
        "lessons": [_lesson(executed, found.language) for executed in found.lessons],
    }


def _lesson(executed: Executed, language: str) -> dict[str, Any]:
    stop = executed.stop
    return {
        "lesson": executed.task.subject.name,
        "log": executed.task.contract,
        "stopped": stop and {"step": stop.step, "steps": stop.steps, "cause": stop.cause},
        "results": [_result(result, language) for result in executed.results],
    }


def _result(result: Result, language: str) -> dict[str, Any]:
    said = {"sentence": next(iter(sentences([result], language)), None), "notes": notes([result], language)}
    return {**result.as_dict(), "said": said}


def as_text(content: Mapping[str, Any]) -> str:
    """A document as the text of its file."""
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
