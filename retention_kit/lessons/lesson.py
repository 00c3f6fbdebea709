"""A lesson that has begun: its parameters, its log, and what it can show, ask and say."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any, ClassVar

from IPython.display import display

from retention_kit import calendars, datasets, figures, intake, language
from retention_kit.language import text, words
from retention_kit.lessons.exercises import Exercise
from retention_kit.lessons.layout import block, table
from retention_kit.subjects import Subject
from retention_kit.tables import REFUSED_FILE, RESULT_MIME, Log, Result
from retention_kit.widgets import Prediction, Quiz

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MOST_ROWS = 13
_MISSES_BEFORE_HINT = 3


class Lesson:
    """One lesson in one language on one log. It shows things in the notebook; it writes no file."""

    # The columns of a result that a reader needs beside its figure; a result not named here shows all it has.
    columns: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    # Answers are computed with the kit's formulas, so that no exercise can drift from them. Words are in `text/`.
    exercises: ClassVar[Mapping[str, Exercise]] = {}
    # The place of the right option of each question.
    quiz_answers: ClassVar[tuple[int, ...]] = ()

    def __init__(self, subject: Subject, parameters: Mapping[str, Any]) -> None:
        self.subject = subject
        self.parameters = dict(parameters)
        self.language: str = parameters["language"]
        self.own_data = bool(parameters["data"])
        self.log = self._load()
        self._predictions: dict[str, Prediction] = {}
        self._misses: dict[str, set[str]] = {}

    def _load(self) -> Log:
        if not self.own_data:
            return datasets.load(self.subject.sample)
        how = ("columns", "formats", "sheet", "calendar", "zone", "currency", "observed_until")
        # An empty parameter is one the reader has not set.
        return intake.read(
            self.parameters["data"], self.subject.contract, **{name: self.parameters[name] or None for name in how}
        )

    def show_receipt(self) -> None:
        """What became of the rows of the file."""
        self._block(self.log.receipt.words(self.language).splitlines())

    def keep_refused(self) -> None:
        """Write the refused rows where a run asked for them; a lesson that is read by itself writes no file."""
        path = os.environ.get(REFUSED_FILE)
        if path and self.own_data and self.log.receipt.refused:
            intake.write_refused(self.log, path, self.language)

    def show(self, result: Result) -> None:
        """The figure of a result, its numbers, and what must be said with them."""
        figure = getattr(figures, result.name)(result, self.language, **self._figure_options(result))
        self._picture(figure, figures.alternative(result, self.language))
        numbers = self._number_table(result)
        self._html(numbers, {RESULT_MIME: result.as_dict()})
        self._block(note.words(self.language) for note in result.notes)

    def say(self, result: Result) -> None:
        """The sentence for the meeting."""
        self._block([language.say(result, self.language)], "strong")

    def predict(self, key: str) -> Prediction:
        """Ask for a guess before anything is shown."""
        self._predictions[key] = Prediction(self._text(f"{key}.prompt"), self.language)
        return self._predictions[key]

    def check(self, key: str, answer: Any) -> None:
        """Tell whether an answer is right; if it is not, what probably went wrong."""
        found = self.exercises[key].judge(answer)
        name = self._text(f"{key}.name")
        if found in ("blank", "unreadable"):
            self._block([f"{name}: {text(f'lesson.check.{found}', self.language)}"])
            return
        said = [f"{name}: {self._text(f'{key}.{found}')}"]
        if found != "right":
            # The same answer run again is not another try.
            misses = self._misses.setdefault(key, set())
            misses.add(str(answer))
            if len(misses) >= _MISSES_BEFORE_HINT:
                said.append(text("lesson.check.hint", self.language))
        self._block(said, "strong" if found == "right" else "alert")

    def quiz(self) -> Quiz:
        """The questions at the end of the lesson."""
        questions = [
            {
                "question": self._text(f"quiz.{number}.question"),
                "options": words(self._key(f"quiz.{number}.options"), self.language),
                "right": right,
                "feedback": words(self._key(f"quiz.{number}.feedback"), self.language),
            }
            for number, right in enumerate(self.quiz_answers, 1)
        ]
        return Quiz(questions, self.language)

    def _figure_options(self, result: Result) -> dict[str, Any]:  # noqa: ARG002 lessons that need some say so
        return {}

    def _number_table(self, result: Result) -> str:
        """The last rows of a result."""
        columns = self.columns.get(result.name, tuple(result.table.columns))
        shown = result.table[list(columns)].tail(_MOST_ROWS)
        headings = [text(f"{result.name}.columns.{column}", self.language) for column in columns]
        rows = [
            [self._cell(result, column, value) for column, value in zip(columns, row, strict=True)]
            for row in shown.itertuples(index=False)
        ]
        part = "part" if len(shown) < len(result.table) else "all"
        caption = text(f"lesson.table.{part}", self.language, count=len(shown), total=len(result.table))
        return table(caption, headings, rows, self.language)

    def _cell(self, result: Result, column: str, value: Any) -> str:
        if column in ("period", "cohort"):
            return calendars.label(value, result.every, result.calendar, self.language)
        if column in ("low", "high") or column.endswith("rate"):
            return language.percent(value, self.language)
        return language.number(value, self.language)

    def _key(self, key: str) -> str:
        return f"lesson.{self.subject.name}.{key}"

    def _text(self, key: str, **values: Any) -> str:
        return text(self._key(key), self.language, **values)

    def _block(self, sentences: Iterable[str], kind: str = "plain") -> None:
        self._html(block(sentences, self.language, kind), {})

    def _html(self, html: str, beside: Mapping[str, Any]) -> None:
        display({"text/html": html, "text/plain": "", **beside}, raw=True)

    def _picture(self, figure: Figure, alternative: str) -> None:
        drawn = BytesIO()
        figure.savefig(drawn, format="png")
        shown = {"image/png": drawn.getvalue(), "text/plain": alternative}
        display(shown, metadata={"image/png": {"alt": alternative}}, raw=True)
