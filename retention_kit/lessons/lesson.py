"""A lesson that has begun: its parameters, its log, and what it can show, ask and say."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from IPython.display import display

from retention_kit import datasets, figures, intake, language
from retention_kit.errors import RetentionError
from retention_kit.language import has_text, text, words
from retention_kit.lessons.exercises import Exercise
from retention_kit.lessons.layout import block, table
from retention_kit.lessons.progress import Progress
from retention_kit.subjects import Subject, unknown
from retention_kit.tables import RESULT_MIME, Log, Result, contract_names
from retention_kit.widgets import Lab, Prediction, Quiz

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_MOST_ROWS = 13
_MISSES_BEFORE_HINT = 3
# What is said of the reader's own data, and means nothing for those of the sample company.
_HOW_TO_READ = ("columns", "formats", "sheet", "sheets", "zone", "currency", "observed_until", "contract")
_OF_OWN_DATA = (*_HOW_TO_READ, *contract_names())


class StoppedLesson:
    """What stands where a lesson could not begin: whatever is asked of it is answered with the reason."""

    def __init__(self, reason: RetentionError) -> None:
        self._reason = reason

    def __getattr__(self, name: str) -> Any:
        raise self._reason.with_traceback(None)


class Lesson:
    """One lesson in one language on one log. It shows things in the notebook; it writes no file unless asked."""

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
        self.own_data = bool(parameters.get("data"))
        self._predictions: dict[str, Prediction] = {}
        self._misses: dict[str, set[str]] = {}
        self._progress: Progress | None = None

    @cached_property
    def log(self) -> Log:
        """The reader's own log, else that of the sample company; read when it is first asked for."""
        if not self.own_data:
            return datasets.load(self.subject.sample, self.subject.contract, language=self.language)
        return self._read(self.subject.contract_of(self.parameters))

    def further(self, contract: str) -> Log | None:
        """Another log of the same company: from the parameter of its name, else of the sample company.

        None where the reader has own data and no such file; one line then says what is left out.
        """
        if not self.own_data:
            return datasets.load(self.subject.sample, contract, language=self.language)
        if not self.parameters[contract]:
            self._block([self._text(f"absent.{contract}")])
            return None
        return self._read(contract)

    def _read(self, contract: str) -> Log:
        said = self.subject.logs_of(self.parameters)[contract]
        shared = {name: self.parameters[name] for name in ("calendar", "zone", "currency", "observed_until")}
        # An empty parameter is one the reader has not set.
        how = {name: value or None for name, value in {**said, **shared}.items()}
        return intake.read(how.pop("data"), contract, **how)

    def has(self, what: str) -> bool:
        """Whether the log is of this kind, or has this column; where not, one line says what is left out.

        Args:
            what: a kind of log, such as "subscriptions", or one of its columns, such as "trial_end".
        """
        if what == self.log.contract or what in self.log.receipt.columns:
            return True
        known = has_text(self._key(f"absent.{what}"), self.language)
        self._block([self._text(f"absent.{what}") if known else text("lesson.absent", self.language, column=what)])
        return False

    def show_receipt(self) -> None:
        """Whose data these are, and what became of the rows of the file."""
        if self.subject.contract:
            self._block([*self._whose(), *self.log.receipt.words(self.language).splitlines()])

    def _whose(self) -> list[str]:
        """The name of the reader's file, or that of the sample company and what was set for nothing."""
        if self.own_data:
            return [text("lesson.own_data", self.language, source=self.log.receipt.source)]
        sample = text(f"lesson.sample.{self.subject.sample}", self.language)
        usual = {rule.name: rule.default for rule in self.subject.parameters if rule.name in _OF_OWN_DATA}
        unused = tuple(name for name in usual if self.parameters[name] != usual[name])
        return [sample, text("lesson.not_used", self.language, names=unused)] if unused else [sample]

    def keep_progress(self, path: str | Path) -> None:
        """From now on, keep in this file which exercises are solved; without it nothing is kept anywhere."""
        self._progress = Progress(Path(path), self.subject.name)
        solved = [key for key in self.exercises if key in self._progress.solved()]
        facts = {"solved": len(solved), "count": len(self.exercises), "path": Path(path).name}
        self._block([text("lesson.progress", self.language, **facts)])

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

    def lab(self, name: str, found: Mapping[str, float], **more: float) -> Lab | None:
        """A lab that begins with what was found in the log; None, and one line, where there is no rate to find.

        Without a rate it would begin with numbers of its own, which a reader might take for theirs.

        Args:
            name: the lab's name.
            found: inputs counted in the log, such as `today`; empty without a rate.
            more: further inputs.
        """
        if not found:
            self._block([text("lesson.no_rate", self.language)])
            return None
        return Lab(name, language=self.language, **found, **more)

    def predict(self, key: str) -> Prediction:
        """Ask for a guess before anything is shown."""
        self._predictions[key] = Prediction(self._text(f"{key}.prompt"), self.language)
        return self._predictions[key]

    def _answer_guess(self, key: str, **values: Any) -> None:
        """What the reader guessed beside what is true, if they guessed."""
        guess = self._predictions[key].guess if key in self._predictions else None
        if guess is not None:
            self._block([self._text(f"{key}.answer", guess=guess, **values)], "strong")

    def check(self, key: str, answer: Any = ...) -> None:
        """Tell whether an answer is right; if it is not, what probably went wrong."""
        if key not in tuple(self.exercises):
            raise unknown("unknown_exercise", str(key), tuple(self.exercises))
        exercise = self.exercises[key]
        found = exercise.judge(answer)
        name = self._text(f"{key}.name")
        if found in ("blank", "unreadable"):
            self._block([f"{name}: {text(f'lesson.check.{found}', self.language)}"])
            return
        right = found in ("right", "in_full")
        said = [f"{name}: {self._text(f'{key}.right' if right else f'{key}.{found}')}"]
        if found == "in_full":
            said.append(text("lesson.check.in_full", self.language, right=exercise.right))
        if right and self._progress:
            self._progress.add(key)
        if not right:
            # The same answer run again is not another try.
            misses = self._misses.setdefault(key, set())
            misses.add(str(answer))
            if len(misses) >= _MISSES_BEFORE_HINT:
                said.append(text("lesson.check.hint", self.language))
        self._block(said, "strong" if right else "alert")

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
        shown = self._columns_of(result).tail(_MOST_ROWS)
        part = "part" if len(shown) < len(result.table) else "all"
        caption = text(f"lesson.table.{part}", self.language, count=len(shown), total=len(result.table))
        return self._table(result, shown, caption)

    def _columns_of(self, result: Result) -> pd.DataFrame:
        """The columns of a result that a reader needs."""
        return result.table[list(self.columns.get(result.name, result.table.columns))]

    def _table(self, result: Result, shown: pd.DataFrame, caption: str) -> str:
        """Rows of a result with the headings of their columns."""
        headings = [text(f"{result.name}.columns.{column}", self.language) for column in shown]
        rows = [
            [result.cell(column, value, self.language) for column, value in zip(map(str, shown), row, strict=True)]
            for row in shown.itertuples(index=False)
        ]
        return table(caption, headings, rows, self.language)

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
        with warnings.catch_warnings():
            # A group may be called by an emoji or in another script: the font draws a box in its place.
            warnings.filterwarnings("ignore", "Glyph")
            figure.savefig(drawn, format="png")
        shown = {"image/png": drawn.getvalue(), "text/plain": alternative}
        display(shown, metadata={"image/png": {"alt": alternative}}, raw=True)
