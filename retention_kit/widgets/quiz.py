"""Multiple-choice questions whose feedback comes at once, in the browser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import traitlets

from retention_kit.widgets.twin import Fallback, Twin, texts_under


class Quiz(Twin):
    """Questions with options; `right` is the place of the right option, `feedback` has one text per option.

    `answers` has the place of the chosen option per question, None until one is chosen.

    >>> quiz = Quiz([{"question": "2 + 2?", "options": ["3", "4"], "right": 1, "feedback": ["No.", "Yes."]}], "en")
    >>> print(quiz.fallback().plain())
    2 + 2?
    - 3
    - 4
    """

    answers = traitlets.List(traitlets.Int(allow_none=True)).tag(sync=True)

    files = ("quiz.js",)
    kept = ("answers",)

    def __init__(self, questions: Sequence[dict[str, Any]], language: str) -> None:
        for asked in questions:
            places = range(len(asked["options"]))
            if asked["right"] not in places or len(asked["feedback"]) != len(places):
                raise ValueError(f"question {asked['question']!r}: one right option, one feedback per option")
        texts = texts_under("widget.quiz.", language=language)
        unanswered = [None] * len(questions)
        super().__init__(language, {"questions": list(questions), "texts": texts}, answers=unanswered)

    def fallback(self) -> Fallback:
        """The questions with their options, without the answers."""
        return Fallback(lists=[(asked["question"], asked["options"]) for asked in self.setup["questions"]])
