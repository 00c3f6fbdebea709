"""The HTML a lesson shows: small tables and short blocks in the language's direction, every value escaped."""

from collections.abc import Iterable
from html import escape

from retention_kit.language import alone, direction

# Translucent, so that it suits a light page and a dark one.
_TINTS = {"strong": "rgba(0, 114, 178, 0.12)", "alert": "rgba(213, 94, 0, 0.15)"}
_LONGEST_LINE = 24
_LONG = ' class="long" style="text-align: start; white-space: normal; min-width: 11em"'


def table(caption: str, headings: list[str], rows: list[list[str]], language: str) -> str:
    """A table with a caption; the first cell of each row is its heading.

    >>> table("c", ["a"], [["<b>"]], "en").count("&lt;b&gt;")
    1
    """
    styles = [_style(column) for column in zip(*rows, strict=True)] or [""] * len(headings)
    # A page gives long words a line of their own where it is narrow: these are the columns that stay side by side.
    beside = 1 + sum(style != _LONG for style in styles[1:])
    wrapped = [style or _attribute("white-space: normal") for style in styles]
    head = _cells(['th scope="col"'] * len(headings), wrapped, headings, language)
    tags = ['th scope="row"'] + ["td"] * (len(headings) - 1)
    body = "".join(f"<tr>{_cells(tags, styles, row, language)}</tr>" for row in rows)
    return (
        f'<div dir="{direction(language)}" lang="{language}" style="overflow-x: auto">'
        f'<table style="--columns: {beside}"><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _style(column: tuple[str, ...]) -> str:
    """Numbers stand in line where the page puts them; words begin where the language does, long ones wrapped."""
    if not any(letter.isalpha() for cell in column for letter in cell):
        return ""
    long = max(len(cell) for cell in column) > _LONGEST_LINE
    return _LONG if long else _attribute("text-align: start")


def _attribute(style: str) -> str:
    return f' style="{style}"'


def _cells(tags: list[str], styles: list[str], cells: list[str], language: str) -> str:
    return "".join(
        f"<{tag}{style}>{escape(alone(cell, language))}</{tag[:2]}>"
        for tag, style, cell in zip(tags, styles, cells, strict=True)
    )


def block(sentences: Iterable[str], language: str, kind: str = "plain") -> str:
    """Sentences, each on a line of its own; `strong` and `alert` stand out.

    >>> block(["a < b"], "en")
    '<div dir="ltr" lang="en"><p>a &lt; b</p></div>'
    """
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    style = ""
    if kind in _TINTS:
        style = _attribute(f"background: {_TINTS[kind]}; border-inline-start: 4px solid; padding: 0.2em 1em")
    return f'<div dir="{direction(language)}" lang="{language}"{style}>{said}</div>'
