"""Everything a run has found, before it is written down."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from retention_kit.language import text
from retention_kit.reports.executed import Executed
from retention_kit.reports.summary import Number, notes, numbers, sentences
from retention_kit.tables import Log, Result

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Findings:
    """The logs, the lessons that ran on them, whom to contact and the sheets chosen, by what a log's rows are."""

    language: str
    logs: Mapping[str, Log]
    lessons: Sequence[Executed]
    contacts: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)

    def source(self, log: Log) -> str:
        """A log, its file and, where one of a workbook's sheets was chosen, that sheet."""
        sheet = self.sheets.get(log.contract)
        facts = {"log": text(f"contract.title.{log.contract}", self.language), "file": log.receipt.source}
        if not sheet:
            return text("report.source", self.language, **facts)
        return text("report.source_sheet", self.language, **facts, sheet=sheet)

    @property
    def unused(self) -> list[str]:
        """The logs that none of these lessons counts, by what a row of each is."""
        used = {executed.task.contract for executed in self.lessons}
        used |= {name for executed in self.lessons for name, said in executed.task.parameters.items() if said}
        return [name for name in self.logs if name not in used]

    @cached_property
    def _by_log(self) -> dict[tuple[str, str], Result]:
        return {
            (executed.task.contract, json.dumps(result.as_dict())): result
            for executed in self.lessons
            for result in executed.results
        }

    @property
    def results(self) -> list[tuple[str, Result]]:
        """All results in order, with the log each is about; what two lessons found alike stands once."""
        return [(contract, result) for (contract, _), result in self._by_log.items()]

    @cached_property
    def numbers(self) -> list[Number]:
        """What opens a report."""
        return numbers(
            (executed.task.contract, result) for executed in self.lessons for result in executed.results
        )

    @property
    def sentences(self) -> list[str]:
        """What to say in the meeting; where it is about several logs, each sentence with its own."""
        said = (
            self._of_log(log, line) for log, found in self.results for line in sentences([found], self.language)
        )
        return list(dict.fromkeys(said))

    @property
    def notes(self) -> list[str]:
        """What must be said with the numbers; where they are of several logs, each note with its own.

        The parts of a whole (groups) are left out, as they are among the numbers.
        """
        whole: dict[str, list[Result]] = {}
        for log, found in self.results:
            if not found.grouped:
                whole.setdefault(log, []).append(found)
        said = (
            self._of_log(log, line) for log, all_of_it in whole.items() for line in notes(all_of_it, self.language)
        )
        return list(dict.fromkeys(said))

    def _of_log(self, contract: str, sentence: str) -> str:
        if len({log for log, _ in self.results}) <= 1:
            return sentence
        log = text(f"contract.title.{contract}", self.language)
        return text("report.of_log", self.language, log=log, sentence=sentence)
