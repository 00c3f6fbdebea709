"""The one error the kit raises on purpose: a code, its facts, and a sentence in each language."""

import math
import reprlib
from collections.abc import Iterable
from difflib import get_close_matches
from numbers import Integral
from typing import Any

from retention_kit.language import LANGUAGES, has_text, text, words

_OF_THE_ONLY_LOG = {"column_of": "", "sheet_of": ""}


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
        # What a hint must name too where there are several logs.
        of = {"column_of": f"{self.log}.", "sheet_of": f"{self.log}="} if self.log else _OF_THE_ONLY_LOG
        sentence = text(f"error.{self.code}", language, **of, **self.facts)
        if self.facts.get("other_sheets"):
            known = "other_sheets" if self.facts["meant_sheet"] is None else "meant_sheet"
            sentence += " " + text(f"error.{known}", language, **of, **self.facts)
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
    facts = {"name": name, "given": given, "allowed": tuple(choice for choice in allowed if choice)}
    near = nearest(str(given), allowed, cutoff=0.5)
    if near:
        raise RetentionError("wrong_choice_near", near=near, **facts)
    raise RetentionError("wrong_choice", **facts)


def check_kind(name: str, given: Any, kinds: type | tuple[type, ...], example: str) -> None:
    """Refuse a value that is of none of these types, and show how a right one is written.

    >>> check_kind("formats", 1, dict, "{'time': 'jalali'}")
    Traceback (most recent call last):
    retention_kit.errors.RetentionError: formats = 1 is of the wrong kind. Write it like this: {'time': 'jalali'}.
    """
    if isinstance(given, kinds):
        return
    plain = type(given).__module__ == "builtins"
    shown = reprlib.repr(given) if plain else type(given).__name__
    raise RetentionError("wrong_kind", name=name, given=shown, example=example)


def check_whole(name: str, given: Any, least: int, most: float = math.inf) -> None:
    """Refuse what is no whole number, or one that is out of its range.

    >>> check_whole("follow", 2.5, 1)
    Traceback (most recent call last):
    retention_kit.errors.RetentionError: follow = 2.5 is not a whole number.
    """
    if not isinstance(given, Integral):
        raise RetentionError("not_whole", name=name, given=given)
    if not least <= int(given) <= most:
        raise RetentionError("out_of_range", name=name, given=given, least=least, most=most)


def nearest(given: str, allowed: Iterable[str], *, cutoff: float) -> str | None:
    """The word of these that was meant: one spelt much like it, or one that people call so; None where none is.

    Args:
        given: what was written.
        allowed: the words it may be.
        cutoff: how much alike two spellings have to be, 0 to 1.

    >>> calendars = ("gregorian", "jalali")
    >>> nearest("jalaly", calendars, cutoff=0.5), nearest("Miladi", calendars, cutoff=0.5)
    ('jalali', 'gregorian')
    """
    meant = {said.casefold(): choice for choice in allowed for said in (*_said_for(choice), choice)}
    near = get_close_matches(given.casefold(), meant, n=1, cutoff=cutoff)
    return meant[near[0]] if near else None


def _said_for(choice: str) -> list[str]:
    """What people say for one of our words, in any language: a Persian word may be typed in Latin letters too."""
    key = f"said.{choice}"
    return [said for language in LANGUAGES if has_text(key, language) for said in words(key, language)]
