"""One page with all labs in both languages, to forward as a single file; `python -m docs.build` writes it."""

from base64 import b64encode
from html import escape
from importlib import resources
from pathlib import Path
from string import Template

from retention_kit.language import LANGUAGES, direction, text
from retention_kit.widgets import Lab
from retention_kit.widgets.lab import FRAME
from retention_kit.widgets.labs import LABS
from retention_kit.widgets.twin import bundle, for_script, plain_script, static

_TEMPLATE = Path(__file__).with_name("calculators.template.html")
# The page opens in the first of these.
_ORDER = tuple(reversed(LANGUAGES))


def page() -> str:
    """The page as one text."""
    return Template(_TEMPLATE.read_text("utf-8")).substitute(
        title=escape(" | ".join(text("calculators.title", language) for language in _ORDER)),
        fonts="".join(_font(weight, name) for weight, name in ((400, "Regular"), (700, "Bold"))),
        style=static("twin.css"),
        switch="".join(map(_choice, _ORDER)),
        labels="".join(map(_label, _ORDER)),
        sections="\n".join(map(_section, _ORDER)),
        data=for_script({name: _setups(name) for name in LABS}),
        script=bundle(("standin.js", *FRAME), _models()),
    )


def _font(weight: int, name: str) -> str:
    file = resources.files("retention_kit") / "fonts" / f"Vazirmatn-{name}.woff2"
    source = b64encode(file.read_bytes()).decode()
    return f"@font-face{{font-family:Vazirmatn;font-weight:{weight};src:url(data:font/woff2;base64,{source})}}\n"


def _choice(language: str) -> str:
    """The button that shows a language; which one is chosen decides without any script."""
    checked = " checked" if language == _ORDER[0] else ""
    name = escape(text("calculators.language", language))
    return f'<input type="radio" name="language" id="{language}" aria-label="{name}"{checked}>'


def _label(language: str) -> str:
    return f'<label for="{language}" lang="{language}">{escape(text("calculators.language", language))}</label>'


def _section(language: str) -> str:
    def words(key: str) -> str:
        return escape(text(f"calculators.{key}", language))

    links = "".join(
        f'<li><a href="#{language}-{name}">{escape(text(f"lab.{name}.title", language))}</a></li>' for name in LABS
    )
    return (
        f'<section lang="{language}" dir="{direction(language)}" id="top-{language}">\n'
        f"<h1>{words('title')}</h1>\n<p>{words('about')}</p>\n<p>{words('private')}</p>\n"
        f"<h2>{words('contents')}</h2>\n<ol>{links}</ol>\n"
        + "\n".join(
            f'<div class="rk-twin" id="{language}-{name}">{Lab(name, language=language).fallback().html(language)}'
            f"<p><small>{words('asleep')}</small></p></div>\n"
            f'<p class="up"><a href="#top-{language}">{words("up")}</a></p>'
            for name in LABS
        )
        + "\n</section>"
    )


def _setups(name: str) -> dict[str, object]:
    """What a lab begins with, and how each language sets it up."""
    labs = {language: Lab(name, language=language) for language in _ORDER}
    return {
        "inputs": labs[_ORDER[0]].inputs,
        "setups": {language: lab.setup for language, lab in labs.items()},
    }


def _models() -> str:
    """The labs' models by name, each in a scope of its own."""
    scopes = (
        f"{name}() {{\n{plain_script(f'labs/{name}.js')}return {{ answer, picture }};\n}},\n" for name in LABS
    )
    return f"const models = {{\n{''.join(scopes)}}};"
