"""The pages about the data sets: one a set and language, with its story, its truth, its traps and its pictures."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import matplotlib.pyplot as plt

import retention_kit as rk
from docs.data.files import rows_of
from notebooks.build.assemble import set_direction
from retention_kit.calendars import label, to_gregorian
from retention_kit.datasets import COMPANIES, shipped, shipped_company
from retention_kit.language import LANGUAGES, listed, number, percent, text, words

SETS = ("gol_box", "kara", "bazarche", "online_retail", "iranian_churn", "telco")
_LOADS = {
    "online_retail": 'rk.load("online_retail")',
    "iranian_churn": 'rk.load("iranian_churn")',
    "telco": 'rk.load("telco")',
    "gol_box": 'rk.load("gol_box", "payments")',
    "kara": 'rk.load("kara", "events")',
    "bazarche": 'rk.load("bazarche", "orders")',
}
_DOTS = 90


@cache
def results(name: str) -> tuple[rk.Result, ...]:
    """What the pictures of a set show."""
    metrics = rk.metrics
    if name == "iranian_churn":
        return ()
    if name == "telco":
        return (metrics.survival(rk.load("telco"), by="Contract"),)
    log = rk.load(name)
    if name == "online_retail":
        return (metrics.retention_rate(log),)
    if name == "bazarche":
        rates = metrics.retention_rate(log, calendar="jalali")
        return rates, metrics.cohorts(log, every="quarter", calendar="jalali")
    return metrics.survival(log, calendar="jalali"), metrics.revenue_churn(log, calendar="jalali")


def draw(folder: Path) -> None:
    """The pictures of all sets in both languages."""
    folder.mkdir(exist_ok=True)
    for name in SETS:
        for result in results(name):
            for language in LANGUAGES:
                figure = getattr(rk.figures, result.name)(result, language)
                figure.savefig(folder / _picture(name, result, language), dpi=_DOTS, metadata={"Software": None})
                plt.close(figure)


def _picture(name: str, result: rk.Result, language: str) -> str:
    return f"{name}.{result.name}.{language}.png"


def pages() -> dict[str, str]:
    """Every page by its name: one a set and language, and the index."""
    made = {f"{name}.{language}.md": _page(name, language) for name in SETS for language in LANGUAGES}
    return {**made, "README.md": "\n".join(_index(language) for language in LANGUAGES)}


def _index(language: str) -> str:
    rows = [
        (
            f"[{text(f'datasets.page.{name}.title', language)}]({name}.{language}.md)",
            _said(name, "about", language),
        )
        for name in SETS
    ]
    heads = [_word("set", language), _word("kind", language)]
    parts = ["# " + _word("index", language), _word("about", language), _table(heads, rows)]
    return set_direction("\n\n".join(parts), language) + "\n"


def _page(name: str, language: str) -> str:
    simulated = name in COMPANIES
    parts = [
        "# " + _said(name, "title", language),
        _said(name, "story", language),
        text("datasets.pages.load", language, code=f"`{_LOADS[name]}`"),
        *(_files(name, language) if simulated else ()),
        *(_truth(name, language) if simulated else ()),
        "## " + _word("traps" if simulated else "minds", language),
        "\n".join(f"- {trap}" for trap in words(f"datasets.page.{name}.traps", language)),
        *_pictures(name, language),
        _word("provenance", language),
    ]
    return set_direction("\n\n".join(parts), language) + "\n"


def _files(name: str, language: str) -> Iterator[str]:
    """The logs of a company, with their rows and columns."""
    yield "## " + _word("files", language)
    yield _table(
        [_word(head, language) for head in ("log", "rows", "columns")],
        [
            (
                f"[{text(f'contract.title.{path.stem}', language)}](../contracts/{path.stem}.{language}.md)",
                number(rows_of(path), language),
                listed((f"`{column}`" for column in duckdb.read_parquet(str(path)).columns), language),
            )
            for path in sorted(shipped("datasets", name).glob("*.parquet"))
        ],
    )


def _truth(name: str, language: str) -> Iterator[str]:
    """Every number the company was made from."""
    truth = shipped_company(name).truth
    example = f'`rk.datasets.simulate("{name}", customers=10_000, {fields(truth)[0].name}=(0.1, 0.05))`'
    yield "## " + _word("truth", language)
    yield text("datasets.pages.truth_about", language, code=example)
    yield _table(
        [_word("fact", language), _word("value", language), "`simulate`"],
        [
            (
                text(f"datasets.truth.{one.name}", language),
                _value(one.name, getattr(truth, one.name), language),
                f"`{one.name}`",
            )
            for one in fields(truth)
        ],
    )


def _value(name: str, value: Any, language: str) -> str:
    if isinstance(value, bool):
        return text(f"datasets.yes_no.{'yes' if value else 'no'}", language)
    if name.endswith("_month"):
        year, month = map(int, value.split("-"))
        return label(to_gregorian(year, month, 1).item(), "month", "jalali", language)
    if isinstance(value, tuple):
        return listed((percent(share, language) for share in value), language)
    return number(value, language, 2) if name.endswith("_ratio") else percent(value, language)


def _pictures(name: str, language: str) -> Iterator[str]:
    if results(name):
        yield "## " + _word("pictures", language)
    for result in results(name):
        alternative = rk.figures.alternative(result, language)
        yield f"![{alternative}](images/{_picture(name, result, language)})"


def _word(key: str, language: str) -> str:
    return text(f"datasets.pages.{key}", language)


def _said(name: str, key: str, language: str) -> str:
    return text(f"datasets.page.{name}.{key}", language)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (heads, ["---"] * len(heads), *rows))
