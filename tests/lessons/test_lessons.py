"""What all lessons do: begin, show, ask, judge answers, and fail with one sentence."""

import re
from itertools import combinations
from pathlib import Path

import nbformat
import papermill
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

import retention_kit as rk
from notebooks.build.__main__ import built, read_sources
from retention_kit.language import LANGUAGES, catalogue
from retention_kit.language import words as listed
from retention_kit.lessons import LESSONS, Lesson
from retention_kit.subjects import SUBJECTS, Subject
from retention_kit.tables import RESULT_MIME
from tests.lessons.spoken import words


def test_beginning_shows_what_became_of_the_rows(begin, shown):
    lesson = begin()
    assert lesson.own_data
    assert lesson.parameters["every"] == "month"
    assert "Rows read: 14. Accepted: 14." in words(shown)


def test_without_data_of_its_own_a_lesson_has_the_sample_company(shown):
    lesson = rk.lessons.begin("retention_rate", {"language": "fa", "unrelated": 1})
    assert not lesson.own_data
    assert lesson.log.receipt.read == 541_909
    assert "۵۴۱٬۹۰۹" in words(shown)


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"data": "no.csv"}, "no_file"),
        ({"every": "mnth"}, "wrong_choice_near"),
        ({"benchmark": 40}, "out_of_range"),
        ({"language": "persian"}, "wrong_choice_near"),
    ],
)
def test_a_wrong_parameter_stops_the_lesson(begin, parameters, code):
    with pytest.raises(rk.RetentionError) as stopped:
        begin(**parameters)
    assert stopped.value.code == code


def test_showing_a_result_gives_a_picture_with_words_a_table_and_the_notes(begin, shown):
    lesson = begin(language="fa")
    result = rk.metrics.retention_rate(lesson.log)
    shown.clear()
    lesson.show(result)
    picture, table, *said = shown
    assert picture["image/png"].startswith(b"\x89PNG")
    assert "۶۰٪" in picture["text/plain"]
    assert table[RESULT_MIME] == result.as_dict()
    assert 'dir="rtl"' in table["text/html"]
    assert table["text/html"].count('<th scope="row"') == 3
    assert "ژوئن ۲۰۲۴" in table["text/html"]
    assert all(note.words("fa") in words(said) for note in result.notes)


def test_a_long_result_shows_its_last_rows_and_says_so(begin, shown):
    lesson = begin()
    lesson.show(rk.metrics.retention_rate(lesson.log, every="day"))
    assert "The last 13 of 77 periods" in words(shown)


@pytest.mark.parametrize(
    "answer",
    [
        *(80, 80.0, 0.8, "80%", "80", " 80 % ", "۸۰٪", "۸۰", "۰٫۸", "0.804", "0/8", "۸۰/۰"),
        *("80 درصد", "۸۰ درصد", "80درصد", "80 percent", "80 per cent.", "96/120", "۹۶ / ۱۲۰"),
    ],
)
def test_a_right_rate_may_be_written_in_many_ways(answer):
    assert LESSONS["retention_rate"].exercises["cafe"].judge(answer) == "right"


@pytest.mark.parametrize("answer", [470, "470 میلیون", "۴۷۰ ميليون تومان", "470 million", "470 Million tomans"])
def test_a_right_number_may_carry_its_unit(answer):
    assert LESSONS["revenue_churn"].exercises["closing"].judge(answer) == "right"
    assert LESSONS["loyalty"].exercises["box"].judge("54 امتیاز") == "right"


@pytest.mark.parametrize("answer", [470_000_000, "۴۷۰٬۰۰۰٬۰۰۰", "470,000,000 tomans"])
def test_millions_written_in_full_are_right_and_told_so(subscribe, shown, answer):
    lesson = subscribe("revenue_churn", [{"customer": "Mina", "start": "2024-04-01", "amount": 100}])
    shown.clear()
    lesson.check("closing", answer)
    assert "Right" in words(shown)
    assert words(shown).endswith("the question asks in millions, so 470 is enough.")


def test_millions_are_taken_off_only_where_they_are_asked_for():
    assert LESSONS["loyalty"].exercises["box"].judge(54_000_000) == "other"


@pytest.mark.parametrize(
    ("subject", "key", "answer", "mistake"),
    [
        ("retention_rate", "cafe", 105, "left_new_in"),
        ("retention_rate", "cafe", 1.05, "left_new_in"),
        ("retention_rate", "cafe", "۲۰٪", "gave_churn"),
        ("retention_rate", "cafe", 76, "divided_by_end"),
        ("retention_rate", "cafe", 50, "other"),
        ("retention_rate", "cafe", "0.8%", "other"),
        ("retention_rate", "back_again", 70, "left_returning_in"),
        ("retention_rate", "back_again", "90%", "left_all_in"),
        ("retention_rate", "year", 90, "one_month"),
        ("retention_rate", "year", 0, "nobody_left"),
        ("retention_rate", "year", 120, "added_up"),
        ("start", "bakery", 90, "left_new_in"),
        ("start", "money", "۷٫۵٪", "churn_only"),
        ("churn", "gym", "۲۵٪", "gave_new"),
        ("churn", "accident", 58, "silence_is_choice"),
        ("churn", "year", "48 %", "times_twelve"),
        ("revenue_churn", "closing", "۵۰۰", "forgot_contraction"),
        ("revenue_churn", "closing", 47, "other"),
        ("revenue_churn", "net", 1.175, "left_new_in"),
        ("revenue_churn", "net", "۱۱۷٫۵٪", "left_new_in"),
    ],
)
def test_a_known_mistake_is_named(subject, key, answer, mistake):
    assert LESSONS[subject].exercises[key].judge(answer) == mistake


@pytest.mark.parametrize("answer", [..., None])
def test_no_answer_yet_is_no_mistake(answer):
    assert LESSONS["retention_rate"].exercises["cafe"].judge(answer) == "blank"


def test_a_check_without_an_answer_asks_for_one(begin, shown):
    begin().check("cafe")
    assert words(shown).endswith("Put your answer in place of the three dots, then run the cell again.")


@pytest.mark.parametrize(
    ("key", "said"),
    [("caffe", 'Did you mean "cafe"?'), (80, "The exercises are cafe, back_again, year."), (["x"], "cafe")],
)
def test_an_exercise_that_is_not_there_is_answered_with_those_that_are(begin, key, said):
    with pytest.raises(rk.RetentionError) as refused:
        begin().check(key, 80)
    assert said in refused.value.words("en")


@pytest.mark.parametrize(
    "answer", ["", "eighty", "80 apples", 10**400, "%", [80], {}, float("nan"), float("inf"), True, object(), 1j]
)
def test_garbage_is_answered_and_never_raises(begin, shown, answer):
    lesson = begin()
    lesson.check("cafe", answer)
    assert "I cannot read a number in that answer" in words(shown)


def test_the_third_different_miss_offers_the_hint(begin, shown):
    lesson = begin()
    for answer in (10, 10, 10, 20, ...):
        lesson.check("cafe", answer)
    assert "Open the hint" not in words(shown)
    lesson.check("cafe", 30)
    assert "Open the hint" in words(shown)
    shown.clear()
    lesson.check("cafe", 80)
    assert words(shown).startswith("1. The café: Right, 80%")


@pytest.mark.parametrize("subject", LESSONS)
def test_no_two_answers_of_an_exercise_can_be_confused(subject):
    for exercise in LESSONS[subject].exercises.values():
        for one, other in combinations([exercise.right, *exercise.mistakes.values()], 2):
            middle = (one + other) / 2
            assert not (exercise.near(one, middle) and exercise.near(other, middle))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("subject", LESSONS)
def test_every_exercise_and_every_question_has_its_words(subject, language):
    kind = LESSONS[subject]
    for key, exercise in kind.exercises.items():
        for said in ("name", "right", "other", *exercise.mistakes):
            assert catalogue(language)[f"lesson.{subject}.{key}.{said}"]
    for number, right in enumerate(kind.quiz_answers, 1):
        options, feedback = (
            listed(f"lesson.{subject}.quiz.{number}.{part}", language) for part in ("options", "feedback")
        )
        assert right < len(options) == len(feedback)
    assert len(kind.quiz_answers) == 3
    assert all(f"lesson.parameter.{rule.name}" in catalogue(language) for rule in SUBJECTS[subject].parameters)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("source", read_sources(), ids=lambda source: source.path.stem)
def test_the_solutions_of_the_prose_pass_their_checks(source, language):
    exercises = LESSONS[source.path.stem.partition("_")[2]].exercises.values()
    prose = next(block.prose[language] for block in source.blocks if block.key == "your_turn")
    # A solution begins with a formula, and the formula ends with the answer.
    told = re.findall(r"<summary>(?:Solution|پاسخ)</summary>\s*\$[^$]*= ([^$=]*)\$", prose)
    judged = [one.judge(answer.replace("\\", "")) for one, answer in zip(exercises, told, strict=True)]
    assert judged == ["right"] * len(exercises)


@pytest.mark.parametrize("source", read_sources(), ids=lambda source: source.path.stem)
def test_a_lesson_asks_for_all_of_its_exercises_in_their_order(source):
    kind = LESSONS[source.path.stem.partition("_")[2]]
    code = next(block.code for block in source.blocks if block.key == "exercises")
    assert re.findall(r'lesson\.check\("(\w+)", \.\.\.\)', code) == list(kind.exercises)


def test_a_lesson_that_needs_no_log_reads_none(shown):
    lesson = Lesson(Subject("start", 0, 5, ()), {"language": "en"})
    lesson.show_receipt()
    assert shown == []


def test_what_the_data_lack_is_said_in_one_line_and_the_lesson_goes_on(begin, shown):
    lesson = begin("churn", contract="orders")
    shown.clear()
    assert lesson.has("orders")
    assert lesson.has("amount")
    assert shown == []
    assert not lesson.has("subscriptions")
    assert not lesson.has("colour")
    assert words(shown).startswith("Orders do not tell when a customer left for good")
    assert 'There is no column "colour" in these data' in words(shown)


def lesson_file(language: str) -> Path:
    (source,) = (source for source in read_sources() if source.path.stem == SUBJECTS["retention_rate"].lesson)
    return built(source)[language]


def test_a_misspelt_parameter_under_plain_papermill_stops_with_one_sentence(tmp_path):
    out = tmp_path / "out.ipynb"
    with pytest.raises(papermill.PapermillExecutionError):
        papermill.execute_notebook(
            str(lesson_file("fa")), str(out), {"calender": "jalali"}, progress_bar=False, store_widget_state=False
        )
    (error,) = errors(nbformat.read(out, as_version=4))
    sentence = rk.RetentionError("unknown_parameter_near", name="calender", near="calendar").words("fa")
    assert (error.ename, error.evalue) == ("RetentionError", sentence)
    assert error.traceback == [f"\u2067{sentence}\u2069"]


def test_a_missing_file_fails_the_run_with_no_traceback():
    stored = nbformat.read(lesson_file("en"), as_version=4)
    stored.cells = [cell for cell in stored.cells if cell.id in ("parameters", "begin", "trend")]
    stored.cells[0].source += '\ndata = "gone.csv"'
    with pytest.raises(CellExecutionError):
        NotebookClient(stored, kernel_name="python3").execute()
    (error,) = errors(stored)
    assert error.traceback == [rk.RetentionError("no_file", path="gone.csv").words("en")]


def errors(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The error outputs of a notebook, without the banner papermill adds."""
    return [
        output for cell in notebook.cells for output in cell.get("outputs", []) if output.output_type == "error"
    ]
