"""`python -m docs.build`: write the pages of the contracts and the page of calculators, or `--check` them."""

import argparse
import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from docs import calculators
from notebooks.build.assemble import set_direction
from retention_kit.intake.mapping import profiles
from retention_kit.language import LANGUAGES, MISSING, listed, text
from retention_kit.tables import Column, Contract, contract, contract_names

CALCULATORS = Path(__file__).with_name("calculators.html")
PAGES = Path(__file__).parent / "contracts"
EXAMPLES = PAGES / "examples"


def pages() -> dict[Path, str]:
    """Every page by its path: one a contract and language, their index, and the calculators."""
    made = {
        PAGES / f"{name}.{language}.md": _page(contract(name), language)
        for name in contract_names()
        for language in LANGUAGES
    }
    index = "\n".join(_index(language) for language in LANGUAGES)
    return {**made, PAGES / "README.md": index, CALCULATORS: calculators.page()}


def _index(language: str) -> str:
    rows = [
        (f"[{text(f'contract.title.{name}', language)}]({name}.{language}.md)", contract(name).says[language])
        for name in contract_names()
    ]
    parts = [
        "# " + text("contract.index", language),
        text("contract.about", language),
        _table(_heads(("log", "row"), language), rows),
    ]
    return set_direction("\n\n".join(parts), language) + "\n"


def _page(rules: Contract, language: str) -> str:
    parts = [
        "# " + text(f"contract.title.{rules.name}", language),
        text("contract.doors", language, name=rules.name),
        rules.says[language],
        *_columns(rules, language),
        *_words(rules, language),
        *_unique(rules, language),
        *_refused(rules, language),
        *_profiles(rules, language),
        *_example("example", rules.name, language),
        *_example("ledger", f"{rules.name}_ledger", language),
    ]
    return set_direction("\n\n".join(parts), language) + "\n"


def _columns(rules: Contract, language: str) -> Iterator[str]:
    yield _heading("columns", language)
    yield _table(
        _heads(("column", "kind", "needed", "unit", "meaning", "names"), language),
        [
            (
                _coded(column.name),
                text(f"contract.kind.{column.kind}", language),
                _needed(column, language),
                text(f"contract.unit.{column.kind}", language),
                text("contract.then", language).join([column.says[language], *_limits(column, language)]),
                _listed(_own_first(column.names, language), language),
            )
            for column in rules.columns
        ],
    )


def _needed(column: Column, language: str) -> str:
    if column.product_of:
        return text("contract.needed.product", language, columns=" × ".join(map(_coded, column.product_of)))
    return text("contract.needed.yes" if column.required else "contract.needed.no", language)


def _limits(column: Column, language: str) -> Iterator[str]:
    if column.least is not None:
        yield text("contract.rule.least", language, least=column.least)
    if column.after:
        yield text("contract.rule.after", language, other=column.after)


def _words(rules: Contract, language: str) -> Iterator[str]:
    """The words a choice knows, one table a column."""
    for column in rules.columns:
        if column.choices:
            yield _heading("words", language, column=column.name)
            yield _table(
                _heads(("word", "accepted"), language),
                [
                    (_coded(choice), _listed(_own_first(names, language), language))
                    for choice, names in column.choices.items()
                ],
            )


def _unique(rules: Contract, language: str) -> Iterator[str]:
    how_many = "none" if not rules.unique else "one" if len(rules.unique) == 1 else "many"
    yield _heading("unique", language)
    yield text(f"contract.rule.unique_{how_many}", language, columns=_listed(rules.unique, language))


def _refused(rules: Contract, language: str) -> Iterator[str]:
    yield _heading("refused", language)
    yield "\n".join(f"- {reason}" for reason in _reasons(rules, language))
    yield text("contract.rule.counted", language)


def _reasons(rules: Contract, language: str) -> Iterator[str]:
    required = [column.name for column in rules.columns if column.required]
    yield text("contract.rule.lacks", language, columns=_listed(required, language))
    yield text("contract.rule.unreadable", language)
    for column in rules.columns:
        if column.required and column.kind == "time":
            yield text("contract.rule.moment", language, column=column.name)
        if column.least is not None:
            yield text("contract.rule.under", language, column=column.name, least=column.least)
        if column.after:
            yield text("contract.rule.before", language, column=column.name, other=column.after)
        if column.refused:
            words = _listed(column.refused, language)
            yield text("contract.rule.refused", language, column=column.name, words=words)


def _profiles(rules: Contract, language: str) -> Iterator[str]:
    rows = [
        (
            _coded(profile.name),
            profile.says[language],
            _listed(profile.needs, language),
            _coded(profile.zone) if profile.zone else MISSING,
        )
        for profile in profiles()
        if profile.contract == rules.name
    ]
    heads = _heads(("profile", "export", "needs", "zone"), language)
    yield _heading("profiles", language)
    yield _table(heads, rows) if rows else text("contract.rule.no_profile", language)


def _example(heading: str, stem: str, language: str) -> Iterator[str]:
    """The rows of a small file, where there is one."""
    path = EXAMPLES / language / f"{stem}.csv"
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as lines:
            heads, *rows = csv.reader(lines)
        yield _heading(heading, language)
        yield _table(heads, rows)


def _heading(name: str, language: str, **values: str) -> str:
    return "## " + text(f"contract.heading.{name}", language, **values)


def _heads(names: Iterable[str], language: str) -> list[str]:
    return [text(f"contract.head.{name}", language) for name in names]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (heads, ["---"] * len(heads), *rows))


def _own_first(names: Sequence[str], language: str) -> list[str]:
    """The names of the reader's own language before the others."""
    return sorted(names, key=lambda name: name.isascii() != (language == "en"))


def _listed(names: Iterable[str], language: str) -> str:
    return listed(map(_coded, names), language)


def _coded(name: str) -> str:
    return f"`{name}`"


def main() -> None:
    """Parse the command and do it."""
    parser = argparse.ArgumentParser(prog="python -m docs.build", description=__doc__)
    parser.add_argument("--check", action="store_true", help="find the pages that are not current; write nothing")
    asked = parser.parse_args()
    made = pages()
    stale = [path.name for path, page in made.items() if not path.is_file() or path.read_text("utf-8") != page]
    if asked.check:
        raise SystemExit(f"not current: {', '.join(stale)}; run python -m docs.build" if stale else 0)
    for path, page in made.items():
        path.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
