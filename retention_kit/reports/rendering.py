"""Fills the templates of the pages: everything that is put into one is escaped, save what is marked as HTML."""

from __future__ import annotations

import base64
import re
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from retention_kit import __version__
from retention_kit.calendars import Period
from retention_kit.language import digits, direction, text
from retention_kit.subjects import USUAL_CALENDAR

# What a sentence tells its reader to write: columns = {...}, --columns ours="theirs".
_CODE = re.compile(r"""(--[\w-]+(?: [\w.]+="[^"]*")?|\b\w+ = (?:\{[^{}]*\}|"[^"]*"))""")


@cache
def _templates() -> Environment:
    environment = Environment(loader=PackageLoader("retention_kit", "templates/page"), autoescape=True)
    environment.filters["with_code"] = with_code
    return environment


def with_code(sentence: str) -> Markup:
    """A sentence whose code stays in one piece, from left to right, in a language of either direction.

    >>> str(with_code('Write sheet = "<A>".'))
    'Write <code>sheet = &#34;&lt;A&gt;&#34;</code>.'
    """
    parts = _CODE.split(sentence)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part) for place, part in enumerate(parts)
    )


def render(template: str, language: str, title: str, **content: Any) -> str:
    """A page of one file: its style and font are in it, and no address outside it."""
    today = Period(datetime.now().astimezone().date(), "day", USUAL_CALENDAR[language])
    return (
        _templates()
        .get_template(f"{template}.html.j2")
        .render(
            language=language,
            direction=direction(language),
            title=title,
            style=Markup(_style(language)),  # noqa: S704 the kit's own
            version=__version__,
            footer=text("report.footer", language, version=digits(__version__, "en"), day=today),
            **content,
        )
    )


@cache
def _style(language: str) -> str:
    """The page's CSS with the font inside, and what stands on paper in the place of a lab."""
    package = resources.files("retention_kit")
    faces = [
        f"@font-face{{font-family:Vazirmatn;font-weight:{weight};src:url(data:font/woff2;base64,{_font(name)})}}"
        for name, weight in (("Regular", 400), ("Bold", 700))
    ]
    on_paper = f':root{{--lab-on-paper:"{text("report.lab_on_paper", language)}"}}'
    return "\n".join([*faces, on_paper, (package / "templates" / "page" / "page.css").read_text("utf-8")])


def _font(name: str) -> str:
    file = resources.files("retention_kit") / "fonts" / f"Vazirmatn-{name}.woff2"
    return base64.b64encode(file.read_bytes()).decode()
