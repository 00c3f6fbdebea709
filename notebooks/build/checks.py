"""The checks on a source and on what was built of it. Each finding says where, what, and what to do."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import nbformat

from notebooks.build.assemble import FENCE, notebook
from notebooks.build.persian import rendered_otherwise, typography
from notebooks.build.problems import Problem
from notebooks.build.source import TRANSLATED, WRITTEN_FIRST, Block, Source, fingerprint
from retention_kit.language import LANGUAGES

_STRUCTURE = {
    "headings": re.compile(r"^(#+) ", re.MULTILINE),
    "formulas": re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL),
    "code spans": re.compile(r"`[^`\n]+`"),
    "bullets": re.compile(r"^\s*([-*]) ", re.MULTILINE),
    "numbered items": re.compile(r"^\s*(\d+)\. ", re.MULTILINE),
    "rows of tables": re.compile(r"^(\|)", re.MULTILINE),
    "links": re.compile(r"\]\(([^)]*)\)"),
    "HTML tags": re.compile(r"</?(\w+)[^>]*>"),
}
# A command in prose asks for the reader's own language; everything else in it is the same.
_OWN_LANGUAGE = re.compile(r"--language \w+")


def source_problems(source: Source, glossary: Path) -> Iterator[Problem]:
    """What is wrong in a source: translations, structure, Persian, terms."""
    for block in source.of_role("prose", "facilitator", "sheet"):
        for wrong, remedy in _block_problems(block, glossary):
            yield Problem(source.path, block.key, wrong, remedy)


def _block_problems(block: Block, glossary: Path) -> Iterator[tuple[str, str]]:
    absent = [language for language in LANGUAGES if not block.prose.get(language, "").strip()]
    if absent:
        yield f"has no {' and no '.join(absent)} text", "write it under the same key"
        return
    first, translated = block.prose[WRITTEN_FIRST], block.prose[TRANSLATED]
    if block.of != fingerprint(first):
        yield (
            f"the {TRANSLATED} text translates an older {WRITTEN_FIRST} text",
            f"bring it up to date, then python -m notebooks.build --stamp {block.key}",
        )
    for part in _different_parts(first, translated):
        yield f"the two languages differ in their {part}", "make them the same"
    yield from typography(translated)
    for term in rendered_otherwise(first, translated, glossary, block.otherwise):
        yield term, "use that word, or name the term in the block's `otherwise` if another sense is meant"


def _different_parts(first: str, translated: str) -> Iterator[str]:
    fences = [[_OWN_LANGUAGE.sub("", fence) for fence in FENCE.findall(prose)] for prose in (first, translated)]
    if fences[0] != fences[1]:
        yield "code blocks"
    outside = [FENCE.sub("", prose) for prose in (first, translated)]
    for part, pattern in _STRUCTURE.items():
        # Word order differs between languages, so formulas and code spans may stand in another order.
        one, other = (Counter(pattern.findall(prose)) for prose in outside)
        if one != other:
            yield f"{part} ({_listed(one - other)} against {_listed(other - one)})"


def _listed(extra: Counter[str]) -> str:
    return ", ".join(f"{count} x {found}" for found, count in extra.items()) or "nothing"


def built_problems(source: Source, built: dict[str, Path]) -> Iterator[Problem]:
    """Where the notebooks on disk are not what the source would give, and where their code differs."""
    stored = {}
    for language, path in built.items():
        if not path.is_file():
            yield Problem(path, "-", "was never built", "python -m notebooks.build")
            continue
        stored[language] = nbformat.read(path, as_version=4)
        wanted = {cell.id: _edited(cell) for cell in notebook(source, language).cells}
        found = {cell.id: _edited(cell) for cell in stored[language].cells}
        for key in [key for key in {**wanted, **found} if wanted.get(key) != found.get(key)]:
            yield Problem(path, key, "differs from the source", f"edit {source.path} and build again")
        if list(wanted) != list(found) and sorted(wanted) == sorted(found):
            yield Problem(path, "-", "has its cells in another order", "python -m notebooks.build")
    yield from _different_code(stored, built)


def _edited(cell: nbformat.NotebookNode) -> tuple[str, str, list[str]]:
    return cell.cell_type, cell.source, list(cell.metadata.get("tags", []))


def _different_code(stored: dict[str, nbformat.NotebookNode], built: dict[str, Path]) -> Iterator[Problem]:
    programs = [
        {cell.id: _program(cell.source) for cell in lesson.cells if cell.cell_type == "code"}
        for lesson in stored.values()
    ]
    if len(programs) < len(LANGUAGES):
        return
    first, translated = programs
    for key in [key for key in {**first, **translated} if first.get(key) != translated.get(key)]:
        yield Problem(built[TRANSLATED], key, "runs other code than its twin", "python -m notebooks.build")


def _program(code: str) -> str:
    """What the code does: without comments, and without the one line that says which language is shown."""
    kept = [
        line
        for line in ast.parse(code).body
        if not (isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "language")
    ]
    return "\n".join(ast.unparse(line) for line in kept)


def page_problems(path: Path, wanted: str) -> Iterator[Problem]:
    """Whether a page on disk, such as the facilitator's guide, is what the sources give."""
    if not path.is_file() or path.read_text("utf-8") != wanted:
        yield Problem(path, "-", "differs from the sources", "python -m notebooks.build")
