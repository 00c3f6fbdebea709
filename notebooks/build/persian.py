"""How Persian prose must be written: letters, punctuation, half-spaces, and the words of the glossary.

The letters below are written by their code points where two of them look alike.
"""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from notebooks.build.assemble import FENCE

_NOT_PROSE = [
    FENCE,
    re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL),
    re.compile(r"`[^`\n]*`"),
    re.compile(r"(?<=\])\([^)]*\)|https?://\S+"),
    re.compile(r"<[^>]*>"),
    re.compile(r"^\s*\d+\.(?= )", re.MULTILINE),  # the marker of a numbered list is Markdown, not prose
]
_RULES = [
    (r"[\u064a\u0643\u0649]", "an Arabic letter", "write the Persian \u06cc or \u06a9"),
    (r"[,;?]", "Latin punctuation", "write \u060c \u061b \u061f"),
    (r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", "a bidi control character", "remove it"),
    (r"[0-9\u0660-\u0669]", "a digit that is not Persian", "write \u06f0 to \u06f9"),
    (
        r"(?<![\w\u200c])\u0646?\u0645\u06cc [\u0621-\u06cc]",
        "a verb with a space after its prefix",
        "write a half-space",
    ),
    (
        r"[\u0621-\u06cc] \u0647\u0627(?:\u06cc)?(?![\w\u200c])",
        "a plural with a space before its ending",
        "write a half-space",
    ),
]
_HALF_SPACE_AND_MARKS = re.compile(r"[\u200c\u064b-\u0655\u0670]")


def typography(prose: str) -> Iterator[tuple[str, str]]:
    """What is not written as Persian is: what is wrong, and the remedy."""
    plain = prose
    for pattern in _NOT_PROSE:
        plain = pattern.sub(" ", plain)
    for pattern, wrong, remedy in _RULES:
        found = re.search(pattern, plain)
        if found:
            around = plain[max(0, found.start() - 12) : found.end() + 12].replace("\n", " ")
            yield f"{wrong} in \u00ab{around}\u00bb", remedy


@cache
def glossary(path: Path) -> list[tuple[re.Pattern[str], str, str]]:
    """Each term as English prose may use it, its name and its Persian; the longest first: one holds another."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    # A symbol of one letter stands in formulas, where the check of the mathematics sees it.
    terms = [(row["symbol"], row["persian"]) for row in rows if len(row["symbol"]) > 1]
    terms += [(row["english"], row["persian"]) for row in rows]
    terms.sort(key=lambda term: -len(term[0]))
    return [(_in_english(term), term, persian) for term, persian in terms]


def _in_english(term: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in term.split())
    return re.compile(rf"\b{words}(?:e?s)?\b", 0 if term.isupper() else re.IGNORECASE)


def rendered_otherwise(english: str, persian: str, path: Path, otherwise: list[str]) -> Iterator[str]:
    """Terms of the glossary that the English uses and the Persian does not render in the glossary's words.

    A word may also be meant in its everyday sense ("in order to"); the translation lists those in `otherwise`.
    """
    folded = _folded(persian)
    for pattern, term, rendering in glossary(path):
        english, uses = pattern.subn(" ", english)
        if uses and term not in otherwise and not _uses(folded, rendering, term):
            yield f'"{term}" is not rendered as \u00ab{rendering}\u00bb'


def _uses(folded: str, rendering: str, term: str) -> bool:
    """Whether the term stands there, with any ending on its words; a symbol may also stand as it is."""
    words = _folded(re.sub(r"\(.*?\)", "", rendering)).split()
    pattern = r"\s+".join(re.escape(word) + r"\w*" for word in words)
    return bool(re.search(pattern, folded)) or (term.isupper() and term in folded)


def _folded(prose: str) -> str:
    """Half-space, ezafe and vowel marks folded away: they change with the grammar, not with the word."""
    return _HALF_SPACE_AND_MARKS.sub("", prose.replace("\u06c0", "\u0647"))
