"""Makes the sheet that learners fill in by hand: one page of all lessons, without an address outside it."""

import base64
from importlib import resources
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from nbformat.v4 import new_markdown_cell, new_notebook

from notebooks.build.source import Source
from retention_kit.language import direction, text
from retention_kit.reports.pages import lesson_body

_TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)


def sheet(sources: list[Source], language: str) -> str:
    """The sheet of one language: what the lessons ask their learners to write down, in their order."""
    asked = [block for source in sources for block in source.of_role("sheet")]
    # A cell's id is its key, else two builds would differ.
    cells = [new_markdown_cell(block.prose.get(language, ""), id=block.key) for block in asked]
    body = lesson_body(new_notebook(cells=cells))
    font = (resources.files("retention_kit") / "fonts" / "Vazirmatn-Regular.woff2").read_bytes()
    return _TEMPLATES.get_template("sheet.html.j2").render(
        language=language,
        direction=direction(language),
        title=text("lesson.sheet", language),
        font=base64.b64encode(font).decode(),
        body=Markup(body),  # noqa: S704 our own sources, rendered
    )
