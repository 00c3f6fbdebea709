"""The build of the lessons: every check fails on a small bad source, and the real lessons pass them all."""

import json
import re
import sys
from pathlib import Path

import nbformat
import papermill
import pytest

from notebooks.build import checks, source
from notebooks.build.__main__ import GLOSSARY, built, problems, read_sources
from notebooks.build.assemble import guide, notebook, set_direction
from notebooks.build.execute import run, written
from notebooks.build.problems import Problem
from notebooks.build.sheet import sheet
from retention_kit.language import LANGUAGES
from retention_kit.subjects import SUBJECTS

# One lesson with pictures, labs and numbers stands for the others, which take minutes.
RUN_EVERY_TIME = {"01_retention_rate"}


def write(
    folder: Path, english: str, persian: str | None, *, of: str | None = None, otherwise: tuple[str, ...] = ()
) -> Path:
    """A source of one prose block and the two code cells a lesson cannot do without."""
    path = folder / "01_retention_rate.md"
    parts = [f'+++ {{"lang": "en", "key": "words"}}\n\n{english}\n']
    if persian is not None:
        about = {"lang": "fa", "key": "words", "of": of or source.fingerprint(english), "otherwise": otherwise}
        parts.append(f"+++ {json.dumps(about)}\n\n{persian}\n")
    parts.append("```{code-cell}\n:key: parameters\n:tags: [parameters]\n\n```\n")
    parts.append("```{code-cell}\n:key: sum\n\n1 + 1\n```\n")
    path.write_text("\n".join(parts), "utf-8")
    return path


def found(folder: Path, english: str, persian: str | None, **how: object) -> list[Problem]:
    return list(checks.source_problems(source.read(write(folder, english, persian, **how)), GLOSSARY))


def only(problems_found: list[Problem], wrong: str) -> bool:
    return len(problems_found) == 1 and wrong in problems_found[0].wrong and problems_found[0].remedy != ""


def test_a_good_source_has_no_problem(tmp_path):
    assert found(tmp_path, "# Keep\n\nA customer stays.", "# نگه داشتن\n\nمشتری می‌ماند.") == []


def test_a_missing_translation_is_found(tmp_path):
    assert only(found(tmp_path, "Hello.", None), "has no fa text")


def test_a_stale_translation_is_found(tmp_path):
    assert only(found(tmp_path, "Hello.", "سلام.", of="00000000"), "older en text")


def test_new_line_breaks_do_not_make_a_translation_stale(tmp_path):
    assert found(tmp_path, "Hello\nyou.", "سلام.", of=source.fingerprint("Hello you.")) == []


def test_stamping_a_key_makes_its_translation_current(tmp_path):
    path = write(tmp_path, "Hello.", "سلام.", of="00000000")
    assert source.stamp(path, ["other"]) == 0
    assert source.stamp(path, ["words"]) == 1
    assert list(checks.source_problems(source.read(path), GLOSSARY)) == []


def test_a_key_that_stands_twice_is_refused(tmp_path):
    path = write(tmp_path, "Hello.", "سلام.")
    path.write_text(path.read_text("utf-8") + "\n```{code-cell}\n:key: sum\n\n2\n```\n", "utf-8")
    with pytest.raises(SystemExit, match="the key sum stands twice"):
        source.read(path)


@pytest.mark.parametrize(
    ("english", "persian", "part"),
    [
        ("# One", "## یک", "headings"),
        ("So $S = 5$.", "پس $S = 6$.", "formulas"),
        ("Press `Enter`.", "این را بزنید.", "code spans"),
        ("- one\n- two", "- یک", "bullets"),
        ("1. one\n2. two", "1. یک", "numbered items"),
        ("| a |\n|---|\n| b |", "| الف |\n|---|", "rows of tables"),
        ("[here](one.md)", "[اینجا](two.md)", "links"),
        ("<details>\n\nx\n\n</details>", "ایکس", "HTML tags"),
        ("```\na --out x\n```", "```\na --out y\n```", "code blocks"),
    ],
)
def test_a_different_structure_is_found(tmp_path, english, persian, part):
    assert only(found(tmp_path, english, persian), f"differ in their {part}")


def test_a_command_may_ask_for_the_readers_own_language(tmp_path):
    assert found(tmp_path, "```\na --language en\n```", "```\na --language fa\n```") == []


@pytest.mark.parametrize(
    ("persian", "wrong"),
    [
        ("علي", "an Arabic letter"),
        ("كار", "an Arabic letter"),
        ("یک, دو", "Latin punctuation"),
        ("چرا?", "Latin punctuation"),
        ("یک; دو", "Latin punctuation"),
        ("یک\u200f دو", "bidi control"),
        ("سال 1400", "a digit that is not Persian"),
        ("سال ١٤٠٠", "a digit that is not Persian"),
        ("ما می رویم", "a verb with a space"),
        ("ما نمی رویم", "a verb with a space"),
        ("کتاب ها", "a plural with a space"),
    ],
)
def test_persian_that_is_not_written_as_persian_is_found(tmp_path, persian, wrong):
    assert only(found(tmp_path, "Hello.", persian), wrong)


def test_code_formulas_and_links_are_not_persian_prose(tmp_path):
    both = "`a, b; 1` $f(1, 2)$ [x](http://127.0.0.1/?a=1)"
    assert found(tmp_path, both, both.replace("x", "اینجا")) == []


@pytest.mark.parametrize("persian", ["نرخ ریزش مشتری", "نرخِ ریزشِ مشتریان", "CCR"])
def test_a_term_of_the_glossary_may_take_endings_or_stand_as_its_symbol(tmp_path, persian):
    assert found(tmp_path, "CCR", persian) == []


def test_a_term_rendered_otherwise_is_found_once_and_not_by_its_parts(tmp_path):
    assert only(found(tmp_path, "the customer churn rate", "نرخ رفتن مشتری"), '"customer churn rate"')


def test_the_translator_may_say_that_a_word_is_meant_in_another_sense(tmp_path):
    assert only(found(tmp_path, "in order to", "برای"), '"order"')
    assert found(tmp_path, "in order to", "برای", otherwise=("order",)) == []


def test_a_built_notebook_that_was_edited_or_never_built_is_found(tmp_path):
    lesson = source.read(write(tmp_path, "Hello.", "سلام."))
    paths = {language: tmp_path / f"{language}.ipynb" for language in LANGUAGES}
    assert [problem.wrong for problem in checks.built_problems(lesson, paths)] == ["was never built"] * 2
    for language, path in paths.items():
        path.write_text(written(notebook(lesson, language)), "utf-8")
    assert list(checks.built_problems(lesson, paths)) == []

    edited = nbformat.read(paths["fa"], as_version=4)
    edited.cells[-1].source = "1 + 2"
    paths["fa"].write_text(written(edited), "utf-8")
    wrongs = [(problem.key, problem.wrong) for problem in checks.built_problems(lesson, paths)]
    assert wrongs == [("sum", "differs from the source"), ("sum", "runs other code than its twin")]


def test_cells_in_another_order_are_found(tmp_path):
    lesson = source.read(write(tmp_path, "Hello.", "سلام."))
    paths = {language: tmp_path / f"{language}.ipynb" for language in LANGUAGES}
    for language, path in paths.items():
        made = notebook(lesson, language)
        made.cells.reverse()
        path.write_text(written(made), "utf-8")
    assert {problem.wrong for problem in checks.built_problems(lesson, paths)} == {
        "has its cells in another order"
    }


def test_right_to_left_blocks_end_before_a_code_fence():
    assert set_direction("سلام\n\n```\ncode\n```\n\nخدانگهدار", "fa") == (
        '<div dir="rtl" lang="fa">\n\nسلام\n\n</div>\n\n```\ncode\n```\n\n'
        '<div dir="rtl" lang="fa">\n\nخدانگهدار\n\n</div>'
    )


def test_code_that_ends_in_a_bracket_is_held_left_to_right_and_other_code_left_alone():
    assert '<span dir="ltr">`f()`</span> و `x`' in set_direction("`f()` و `x`", "fa")


def test_notes_go_into_the_guide_and_fields_onto_the_sheet_and_neither_into_the_lesson(tmp_path):
    path = write(tmp_path, "Hello.", "سلام.")
    for role, english, persian in (
        ("facilitator", "Ask.", "بپرسید."),
        ("sheet", "| A | $b$ |\n|---|---|", "| الف | $b$ |\n|---|---|"),
    ):
        for language, words in (("en", english), ("fa", persian)):
            about = {"lang": language, "key": f"{role}_01", "role": role, "of": source.fingerprint(english)}
            path.write_text(f"{path.read_text('utf-8')}\n+++ {json.dumps(about)}\n\n{words}\n", "utf-8")
    lesson = source.read(path)
    assert list(checks.source_problems(lesson, GLOSSARY)) == []
    assert "بپرسید." in guide([lesson], "fa")
    page = sheet([lesson], "fa")
    assert "الف" in page
    assert "<math" in page
    assert 'dir="rtl"' in page
    cells = "".join(cell.source for cell in notebook(lesson, "fa").cells)
    assert "سلام" in cells
    assert "بپرسید" not in cells
    assert "الف" not in cells


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_needs_no_other_file_and_holds_every_lesson_that_asks_something(language):
    sources = read_sources()
    page = sheet(sources, language)
    asked = sum(len(lesson.of_role("sheet")) for lesson in sources)
    assert page.count("<h2") == asked > 3
    assert not re.search(r'(?:src|href)="(?!#)|https?:|@import', re.sub(r'xmlns="[^"]*"', "", page))


def test_a_page_that_was_edited_or_never_built_is_found(tmp_path):
    path = tmp_path / "facilitator.fa.md"
    assert [problem.wrong for problem in checks.page_problems(path, "built")] == ["differs from the sources"]
    path.write_text("built", "utf-8")
    assert list(checks.page_problems(path, "built")) == []


def test_the_real_lessons_have_no_problem():
    assert list(problems(read_sources())) == []


def test_two_builds_of_the_same_source_are_equal():
    for lesson in read_sources():
        for language in LANGUAGES:
            assert written(notebook(lesson, language)) == written(notebook(lesson, language))


@pytest.mark.skipif(sys.platform != "linux", reason="pictures are stored as drawn on Linux")
@pytest.mark.parametrize(
    "lesson",
    [
        pytest.param(lesson, marks=() if lesson.path.stem in RUN_EVERY_TIME else pytest.mark.slow)
        for lesson in read_sources()
    ],
    ids=lambda lesson: lesson.path.stem,
)
def test_running_a_lesson_again_gives_the_stored_bytes(lesson, tmp_path):
    for language, path in built(lesson).items():
        again = notebook(lesson, language)
        run(again, tmp_path)
        assert written(again) == path.read_text("utf-8")


def test_papermill_finds_exactly_the_parameters_of_the_subject():
    for lesson in read_sources():
        subject = SUBJECTS[lesson.path.stem.partition("_")[2]]
        for path in built(lesson).values():
            assert list(papermill.inspect_notebook(str(path))) == [rule.name for rule in subject.parameters]


def test_a_lesson_has_at_most_25_cells_and_speaks_its_language():
    for lesson in read_sources():
        for language, path in built(lesson).items():
            stored = nbformat.read(path, as_version=4)
            assert len(stored.cells) <= 25
            assert stored.metadata.language == language
            assert f'language = "{language}"' in next(
                cell.source for cell in stored.cells if "parameters" in cell.metadata.get("tags", [])
            )
