"""`python -m notebooks.build`: build all lessons, or `--check` them, or `--stamp` translations as up to date."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from notebooks.build import checks, source
from notebooks.build.assemble import guide, notebook
from notebooks.build.execute import run, written
from notebooks.build.problems import Problem
from notebooks.build.sheet import sheet
from retention_kit.language import LANGUAGES

NOTEBOOKS = Path(__file__).parents[1]
GLOSSARY = NOTEBOOKS / "glossary.csv"
DOCS = NOTEBOOKS.parent / "docs"


def read_sources() -> list[source.Source]:
    """All lessons, in their order."""
    return [source.read(path) for path in sorted((NOTEBOOKS / "source").glob("*.md"))]


def built(lesson: source.Source) -> dict[str, Path]:
    """Where the notebooks of a lesson lie."""
    return {language: NOTEBOOKS / language / f"{lesson.path.stem}.ipynb" for language in LANGUAGES}


def pages(lessons: list[source.Source]) -> dict[Path, str]:
    """The facilitator's guide and the learners' sheet of each language, by their paths."""
    guides = {DOCS / f"facilitator.{language}.md": guide(lessons, language) for language in LANGUAGES}
    return {**guides, **{DOCS / f"sheet.{language}.html": sheet(lessons, language) for language in LANGUAGES}}


def build(lessons: list[source.Source]) -> None:
    """Write the executed notebooks, the facilitator's guides and the learners' sheets."""
    for lesson in lessons:
        for language, path in built(lesson).items():
            made = notebook(lesson, language)
            run(made, path.parent)
            path.write_text(written(made), "utf-8")
            print(path.relative_to(NOTEBOOKS.parent))
    for path, page in pages(lessons).items():
        path.write_text(page, "utf-8")
        print(path.relative_to(NOTEBOOKS.parent))


def problems(lessons: list[source.Source]) -> Iterator[Problem]:
    """All that `--check` finds, without running a cell."""
    for lesson in lessons:
        yield from checks.source_problems(lesson, GLOSSARY)
        yield from checks.built_problems(lesson, built(lesson))
    for path, page in pages(lessons).items():
        yield from checks.page_problems(path, page)


def main() -> None:
    """Parse the command and do it."""
    parser = argparse.ArgumentParser(prog="python -m notebooks.build", description=__doc__)
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--check", action="store_true", help="find what is wrong; build nothing")
    one.add_argument("--stamp", nargs="+", metavar="KEY", help="translations just looked at, or: all")
    asked = parser.parse_args()
    lessons = read_sources()
    if asked.stamp:
        print(sum(source.stamp(lesson.path, asked.stamp) for lesson in lessons), "translations stamped")
    elif asked.check:
        found = list(problems(lessons))
        print(*found, f"{len(found)} problems", sep="\n")
        raise SystemExit(bool(found))
    else:
        build(lessons)


if __name__ == "__main__":
    main()
