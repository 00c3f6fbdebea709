"""Everything a run has found, before it is written down."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
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
    """The logs, the lessons that ran on them, and whom to contact, by what the rows of a log are."""

    language: str
    logs: Mapping[str, Log]
    lessons: Sequence[Executed]
    contacts: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @cached_property
    def _by_log(self) -> dict[tuple[str, str], Result]:
        return {
            (executed.task.contract, json.dumps(result.as_dict())): result
            for executed in self.lessons
            for result in executed.results
        }

    @property
    def results(self) -> list[Result]:
        """The results of all lessons, in their order; what two lessons found alike stands once."""
        return list(self._by_log.values())

    @cached_property
    def numbers(self) -> list[Number]:
        """What opens a report."""
        return numbers(
            (executed.task.contract, result) for executed in self.lessons for result in executed.results
        )

    @property
    def sentences(self) -> list[str]:
        """What to say in the meeting; where there are several logs, with the one a sentence is about."""
        return self._said(sentences)

    @property
    def notes(self) -> list[str]:
        """What must be said with the numbers; where there are several logs, with the one it is about."""
        return self._said(notes)

    def _said(self, words: Callable[[Sequence[Result], str], list[str]]) -> list[str]:
        said: dict[str, None] = {}
        for (contract, _), result in self._by_log.items():
            for sentence in words([result], self.language):
                log = text(f"contract.title.{contract}", self.language)
                of_log = text("report.of_log", self.language, log=log, sentence=sentence)
                said[of_log if len(self.logs) > 1 else sentence] = None
        return list(said)
