"""Makes the notebook of one language, and the facilitator's guide, from a source. Nothing runs here."""

import re
from collections.abc import Mapping
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from notebooks.build.source import Block, Source
from retention_kit import subjects
from retention_kit.language import direction, text

FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_CODE_SPAN = re.compile(r"`[^`\n]+`")


def notebook(source: Source, language: str) -> nbformat.NotebookNode:
    """The notebook of one language, not yet executed. A cell's id is its key, so that changes stay readable."""
    cells = [_cell(source, block, language) for block in source.of_role("code", "prose")]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    about = {"kernelspec": kernel, "language": language, "language_info": {"name": "python"}}
    return new_notebook(cells=cells, metadata=about)


def _cell(source: Source, block: Block, language: str) -> nbformat.NotebookNode:
    about: dict[str, Any] = {"tags": block.tags} if block.tags else {}
    if block.role == "prose":
        words = set_direction(block.prose.get(language, ""), language)
        # A double click would open the source, in which the answers of the exercises stand unfolded.
        return new_markdown_cell(words, id=block.key, metadata={**about, "editable": False})
    code = parameters(source, language) if "parameters" in block.tags else block.code
    return new_code_cell(code, id=block.key, metadata=about)


def parameters(source: Source, language: str) -> str:
    """The parameters cell: one plain assignment a line, because papermill reads it line by line."""
    number_and_subject = source.path.stem
    subject = subjects.find(number_and_subject.partition("_")[2])
    lines = []
    for parameter in subject.parameters:
        value = language if parameter.name == "language" else parameter.default
        comment = text(f"lesson.parameter.{parameter.name}", language)
        lines.append(f"{parameter.name} = {_literal(value)}  # {comment}")
    return "\n".join(lines)


def _literal(value: str | float | Mapping[str, Any]) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def set_direction(prose: str, language: str) -> str:
    """Prose as a Markdown cell holds it: right-to-left prose in blocks that end before each code fence.

    >>> set_direction("a", "en")
    'a'
    """
    if direction(language) == "ltr":
        return prose
    parts = [_right_to_left(part, language) for part in FENCE.split(prose)]
    fences = [*FENCE.findall(prose), ""]
    return "\n\n".join(part for pair in zip(parts, fences, strict=True) for part in pair if part)


def _right_to_left(prose: str, language: str) -> str:
    if not prose.strip():
        return ""
    kept = _CODE_SPAN.sub(_keep_order, prose.strip())
    # The blank lines make Markdown go on inside the block.
    return f'<div dir="rtl" lang="{language}">\n\n{kept}\n\n</div>'


def _keep_order(code: re.Match[str]) -> str:
    """Code that begins or ends with a sign shows it on the wrong side among Persian words, unless held."""
    plain = re.fullmatch(r"`\w(.*\w)?`", code[0])
    return code[0] if plain else f'<span dir="ltr">{code[0]}</span>'


def guide(sources: list[Source], language: str) -> str:
    """The facilitator's guide of one language: the notes of all lessons, in their order."""
    notes = [block.prose.get(language, "") for source in sources for block in source.of_role("facilitator")]
    title = "# " + text("lesson.facilitator", language)
    return set_direction("\n\n".join([title, *notes]), language) + "\n"
