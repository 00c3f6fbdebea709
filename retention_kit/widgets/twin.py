"""A widget that stays alive without its kernel.

Its behaviour is one JavaScript module. With a kernel the module runs as an anywidget; beside that, the stored
output carries the same module as a plain script with its state, which runs in an exported page or a notebook
that was only opened; and where scripts are stripped a reader finds a headline and a table of numbers.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources
from typing import Any

import anywidget
import traitlets
from IPython import get_ipython

from retention_kit.errors import check_choice
from retention_kit.language import LANGUAGES, catalogue, direction, text

# Set while lessons are built: the stored output is then the twin alone, the same bytes in every build. A widget
# view would carry a random id that means nothing once its kernel has gone.
STATIC = "RETENTION_KIT_STATIC"
_WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
# Unseen before a number that stands alone in Persian, so that its percent sign keeps its side.
_LETTER_MARK = "&#x61c;"
_BEHAVIOUR = ("language.js", "dom.js")

# The last widget by its cell and what that asked for: when the cell is run again, what the reader set stays set.
_shown: dict[str, Twin] = {}


@dataclass(frozen=True)
class Fallback:
    """What is read where scripts do not run: a headline, sentences, rows of names and values, lists."""

    headline: str = ""
    sentences: Sequence[str] = ()
    rows: Sequence[tuple[str, str]] = ()
    lists: Sequence[tuple[str, Sequence[str]]] = ()

    def plain(self) -> str:
        """The fallback as lines of text."""
        lines = [self.headline, *self.sentences, *(f"{name}: {value}" for name, value in self.rows)]
        for title, items in self.lists:
            lines += [title, *(f"- {item}" for item in items)]
        return "\n".join(line for line in lines if line)

    def html(self, language: str) -> str:
        """The fallback as plain HTML, every value escaped."""
        mark = _LETTER_MARK if language == "fa" else ""
        rows = "".join(
            f'<tr><th scope="row">{escape(name)}</th><td>{mark}{escape(value)}</td></tr>'
            for name, value in self.rows
        )
        blocks = [f"<p><strong>{escape(self.headline)}</strong></p>" if self.headline else ""]
        blocks += [f"<p>{escape(sentence)}</p>" for sentence in self.sentences]
        blocks += [f"<table>{rows}</table>" if rows else ""]
        for title, items in self.lists:
            options = "".join(f"<li>{escape(item)}</li>" for item in items)
            blocks.append(f"<p><strong>{escape(title)}</strong></p><ul>{options}</ul>")
        return "".join(blocks)


@cache
def static(name: str) -> str:
    """One of the files that the widgets are drawn with."""
    return (resources.files("retention_kit.widgets") / "static" / name).read_text("utf-8")


@cache
def plain_script(name: str) -> str:
    """A module without its imports and exports, so that it runs anywhere."""
    return re.sub(r"^(import .*;\n|export )", "", static(name), flags=re.MULTILINE)


@cache
def bundle(files: tuple[str, ...], entry: str) -> str:
    """The named modules and a last line as one plain script."""
    return "\n".join([*(plain_script(name) for name in (*_BEHAVIOUR, *files)), entry])


def texts_under(*prefixes: str, language: str) -> dict[str, str | list[str]]:
    """The texts below these prefixes, under what remains of their keys."""
    check_choice("language", language, LANGUAGES)
    return {
        key.removeprefix(prefix): value
        for prefix in prefixes
        for key, value in catalogue(language).items()
        if key.startswith(prefix)
    }


class Twin(anywidget.AnyWidget):  # type: ignore[misc]
    """A widget and its kernel-free double. A subclass names its modules and says its fallback."""

    setup = traitlets.Dict().tag(sync=True)

    files: tuple[str, ...] = ()
    entry = ""  # what makes `render` of the files, where no file exports it
    kept: tuple[str, ...] = ()  # the traits that the browser writes back

    def __init__(self, language: str, setup: dict[str, Any], **state: Any) -> None:
        self._esm = bundle(self.files, self.entry) + "\nexport default { render };\n"
        self._css = static("twin.css")
        setup = {"language": language, **setup}
        cell = _running_cell()
        asked = for_script([cell, setup, state])
        if asked in _shown:
            state = _shown[asked].state()
        super().__init__(setup=setup, **state)
        if cell:
            _shown[asked] = self

    @property
    def language(self) -> str:
        """The language of the widget."""
        return str(self.setup["language"])

    def state(self) -> dict[str, Any]:
        """What the reader set, as it stands now."""
        return {name: getattr(self, name) for name in self.kept}

    def fallback(self) -> Fallback:
        """What is shown where scripts do not run."""
        raise NotImplementedError

    def twin(self) -> str:
        """The widget as HTML that needs no kernel, no network and no other file."""
        state = {"setup": self.setup, **self.state()}
        language = self.language
        asleep = escape(text("widget.asleep", language))
        return (
            f'<div class="rk-twin" lang="{language}" dir="{direction(language)}">'
            f"{self.fallback().html(language)}<p><small>{asleep}</small></p>\n"
            "<script>\n(() => {\nconst root = document.currentScript.parentElement;\n"
            f"const state = {for_script(state)};\nconst style = {for_script(static('twin.css'))};\n"
            f"{bundle(('standin.js', *self.files), self.entry)}\nrender({{ model: standIn(state), el: root }});\n"
            'root.prepend(Object.assign(document.createElement("style"), { textContent: style }));\n'
            "})();\n</script></div>"
        )

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs)
        if os.environ.get(STATIC):
            data.pop(_WIDGET_VIEW)
        return {**data, "text/html": self.twin(), "text/plain": self.fallback().plain()}, metadata


def _running_cell() -> str:
    """The id of the cell that JupyterLab runs now; empty elsewhere."""
    request = getattr(get_ipython(), "parent_header", {})
    return str(request.get("metadata", {}).get("cellId", ""))


def for_script(value: Any) -> str:
    """A value as JavaScript that cannot end the script it stands in."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")
