"""The HTML a lesson shows: small tables and short blocks in the language's direction, every value escaped."""

from collections.abc import Iterable
from html import escape

from retention_kit.language import direction

# Translucent, so that it suits a light page and a dark one.
_TINTS = {"plain": "transparent", "strong": "rgba(0, 114, 178, 0.12)", "alert": "rgba(213, 94, 0, 0.15)"}


def table(caption: str, headings: list[str], rows: Iterable[list[str]], language: str) -> str:
    """A table with a caption; the first cell of each row is its heading.

    >>> table("c", ["a"], [["<b>"]], "en").count("&lt;b&gt;")
    1
    """
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    body = "".join(_row(row) for row in rows)
    return (
        f'<div dir="{direction(language)}" lang="{language}" style="overflow-x: auto">'
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _row(cells: list[str]) -> str:
    first, *others = cells
    return (
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in others)
        + "</tr>"
    )


def block(sentences: Iterable[str], language: str, kind: str = "plain") -> str:
    """Sentences, each on a line of its own; `strong` and `alert` stand out.

    >>> block(["a < b"], "en")[-23:]
    '<p>a &lt; b</p></div>'
    """
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    tint = f"background: {_TINTS[kind]}; border-inline-start: 4px solid; padding: 0.2em 1em"
    style = "" if kind == "plain" else f' style="{tint}"'
    return f'<div dir="{direction(language)}" lang="{language}"{style}>{said}</div>'
