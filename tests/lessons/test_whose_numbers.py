"""A lesson never speaks of somebody else's numbers: it names its data, and says nothing without."""

from typing import Any

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

import retention_kit as rk
from retention_kit.language import LANGUAGES
from retention_kit.lessons import failures
from retention_kit.subjects import SUBJECTS
from tests.lessons.spoken import words

BEGIN = 'import retention_kit as rk\nlesson = rk.lessons.begin("churn", globals())'


def errors_of(*cells: str) -> list[list[str]]:
    """What the errors of each cell say, where a reader runs one after another whatever happens."""
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, kernel_name="python3", allow_errors=True).execute()
    return [[output.evalue for output in cell.outputs if output.output_type == "error"] for cell in notebook.cells]


def in_both(code: str) -> str:
    return "\n".join(rk.RetentionError(code).words(language) for language in LANGUAGES)


def test_a_parameters_cell_that_is_no_python_begins_no_lesson_until_it_is_put_right() -> None:
    wrong = 'language = "fa"\ndata = "C:\\Users\\ali\\subs.csv"'
    good = 'language = "fa"\ndata = ""'
    first, begun, again, _, right, _, later = errors_of(wrong, BEGIN, BEGIN, good, BEGIN, wrong, BEGIN)
    assert "unicodeescape" in first[0]
    assert begun == again == [in_both("parameters_not_run")]
    assert right == []
    # By now the language of before is known.
    assert later == [rk.RetentionError("parameters_not_run").words("fa")]


def test_after_a_failed_beginning_all_that_is_asked_of_the_lesson_is_answered_with_the_reason() -> None:
    sample = 'language = "en"\ndata = ""'
    gone = 'data = "gone.csv"'
    reason = [rk.RetentionError("no_file", path="gone.csv").words("en")]
    result = "result = rk.metrics.churn(lesson.log)"
    asked = (result, "lesson.say(result)", "lesson.check('gym', 15)", "lesson.parameters")
    found = errors_of(sample, BEGIN, result, gone, BEGIN, *asked)
    assert found == [[], [], [], [], reason, *[reason] * len(asked)]


def test_a_lesson_whose_reading_was_interrupted_has_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: dict[str, Any]) -> None:
        raise KeyboardInterrupt

    namespace: dict[str, Any] = {"lesson": "that of before"}
    monkeypatch.setattr("retention_kit.lessons.check_parameters_ran", interrupted)
    with pytest.raises(KeyboardInterrupt):
        rk.lessons.begin("churn", namespace)
    with pytest.raises(rk.RetentionError) as stopped:
        namespace["lesson"].quiz()
    assert stopped.value.code == "not_begun"


@pytest.mark.parametrize("language", ["FA", "فارسی", None, ["fa"]])
def test_who_names_no_known_language_is_answered_in_both(monkeypatch, language) -> None:
    shown = []

    class Shell:
        def set_custom_exc(self, _, show) -> None:
            self.show = show

        def _showtraceback(self, _, sentence: str, traceback: list[str]) -> None:
            shown.append((sentence, traceback))

    shell = Shell()
    monkeypatch.setattr(failures, "get_ipython", lambda: shell)
    failures.say_errors_plainly(language)
    error = rk.RetentionError("not_begun")
    shell.show(shell, type(error), error, None)
    english, persian = (error.words(one) for one in LANGUAGES)
    assert shown == [(f"{english}\n{persian}", [english, f"\u2067{persian}\u2069"])]


def test_the_first_words_are_the_name_of_the_readers_file(begin, shown) -> None:
    begin()
    assert words(shown).startswith("orders.csv: your own data. Rows read: 14.")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=lambda subject: subject.name)
def test_without_own_data_the_first_words_name_the_sample_company(shown, subject, language) -> None:
    rk.lessons.begin(subject.name, {"language": language})
    assert words(shown).startswith(rk.language.text(f"lesson.sample.{subject.sample}", language))


def test_what_is_set_for_own_data_is_named_where_the_sample_company_does_not_use_it(shown) -> None:
    rk.lessons.begin("churn", {"language": "en", "zone": "Tehran", "contract": "orders", "every": "quarter"})
    assert "does not use what you have set here: zone, contract." in words(shown)
    shown.clear()
    rk.lessons.begin("omnichannel", {"language": "en", "touchpoints": "calls.csv"})
    assert "does not use what you have set here: touchpoints." in words(shown)


def test_an_interval_that_is_not_known_is_not_said(subscribe, shown) -> None:
    lesson = subscribe("start", [{"customer": "Mina", "start": "2024-04-01", "end": "", "amount": 100}])
    kept, leaked = rk.metrics.retention_rate(lesson.log), rk.metrics.revenue_churn(lesson.log)
    shown.clear()
    lesson.meeting(kept, leaked)
    said = words(shown)
    assert "we kept 100% of our customers (95% interval 20.7% to 100%)" in said
    assert said.endswith("0% of our recurring revenue leaked away.")
