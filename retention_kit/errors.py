"""The one error the kit raises on purpose: a code, its facts, and a sentence in each language."""

from difflib import get_close_matches
from typing import Any

from retention_kit.language import text


class RetentionError(ValueError):
    """Something the reader can put right: what was given, what was expected, what to do next.

    `str(error)` is English; `error.words("fa")` is what a Persian reader is shown. `log` is the contract
    of the log it is about, where a company has several.

    >>> RetentionError("no_file", path="orders.csv").words("en")
    'There is no file at "orders.csv". Check the name and the folder, then run again.'
    """

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
        self.log = ""

    def words(self, language: str) -> str:
        """The sentence for a reader."""
        sentence = text(f"error.{self.code}", language, **self.facts)
        if not self.log:
            return sentence
        return text("error.of_log", language, log=text(f"contract.title.{self.log}", language), sentence=sentence)

    def __str__(self) -> str:
        return self.words("en")

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self.code, self.facts, self.log)


def _rebuild(code: str, facts: dict[str, Any], log: str) -> RetentionError:
    error = RetentionError(code, **facts)
    error.log = log
    return error


def check_choice(name: str, given: Any, allowed: tuple[str, ...]) -> None:
    """Refuse a value outside its choices, and name the nearest right one.

    >>> check_choice("every", "mnth", ("day", "week", "month"))
    Traceback (most recent call last):
    retention_kit.errors.RetentionError: every = "mnth" is not one of day, week, month. Did you mean "month"?
    """
    if given in allowed:
        return
    facts = {"name": name, "given": given, "allowed": ", ".join(allowed)}
    near = get_close_matches(str(given), allowed, n=1, cutoff=0.5)
    if near:
        raise RetentionError("wrong_choice_near", near=near[0], **facts)
    raise RetentionError("wrong_choice", **facts)
