"""Lessons: what they show, how they answer, and how they fail. Most run on the café of lesson 01's prose."""

import re
from html import unescape
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
from retention_kit.lessons import LESSONS
from retention_kit.lessons import lesson as lesson_room
from retention_kit.subjects import SUBJECTS
from retention_kit.tables import RESULT_MIME

CAFE = {
    "Mina": (4, 5, 6),
    "Reza": (4, 5, 6),
    "Sara": (4, 5, 6),
    "Omid": (5,),
    "Neda": (5,),
    "Laleh": (4, 6),
    "Kian": (6,),
}


@pytest.fixture
def shown(monkeypatch):
    """The outputs a lesson displays, in their order."""
    outputs = []
    monkeypatch.setattr(lesson_room, "display", lambda data, **_: outputs.append(data))
    return outputs


@pytest.fixture
def begin(write_orders, shown):  # noqa: ARG001 what a lesson shows must not reach the terminal
    """Begins lesson 01 on the café: a dot of the table in its prose is an order on the 15th of that month."""
    path = write_orders([(name, f"2024-{month:02}-15", 5) for name, months in CAFE.items() for month in months])

    def start(**parameters):
        given = {"data": str(path), "zone": "Asia/Tehran", "observed_until": "2024-06-30", **parameters}
        return rk.lessons.begin("retention_rate", given)

    return start


def words(outputs) -> str:
    """All that the outputs say, without their tags."""
    html = " ".join(output.get("text/html", "") for output in outputs)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def test_the_cafe_of_the_prose_keeps_60_percent_by_name_and_80_by_the_textbook(begin):
    headline = rk.metrics.retention_rate(begin().log).headline
    assert (headline["start"], headline["new"], headline["returned"], headline["end"]) == (5, 1, 1, 5)
    assert (headline["rate"], headline["textbook_rate"]) == (pytest.approx(0.6), pytest.approx(0.8))


def test_beginning_shows_what_became_of_the_rows(begin, shown):
    lesson = begin()
    assert lesson.own_data
    assert lesson.parameters["every"] == "month"
    assert words(shown).startswith("Rows read: 14. Used: 14.")


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
        ({"language": "persian"}, "wrong_choice"),
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
    ("benchmark", "said"),
    [(0.7, "Below your benchmark: in June 2024 the rate was 60%"), (0.5, "At or above your benchmark")],
)
def test_the_alert_compares_with_the_founders_own_benchmark(begin, shown, benchmark, said):
    lesson = begin(benchmark=benchmark)
    lesson.show(rk.metrics.retention_rate(lesson.log))
    assert said in words(shown)


def test_a_benchmark_for_months_raises_no_alert_for_quarters(begin, shown):
    lesson = begin(benchmark=0.7)
    shown.clear()
    lesson.show(rk.metrics.retention_rate(lesson.log, every="week"))
    assert "benchmark" not in words(shown)


def test_a_guess_is_compared_with_the_counted_rate(begin, shown):
    lesson = begin()
    lesson.predict("guess").guess = 0.9
    lesson.show(rk.metrics.retention_rate(lesson.log))
    assert "You guessed 90%. Counted, it was 60%" in words(shown)


def test_what_follows_from_a_rate_is_computed_by_the_formulas(begin, shown):
    lesson = begin()
    result = rk.metrics.retention_rate(lesson.log)
    shown.clear()
    lesson.outlook(result)
    # May kept 3 of 4 and June 3 of 5; 2 came in May and 2 in June.
    rate = 6 / 9
    assert f"12 months {rate**12:.1%} {5 * rate**12 + 2 * (1 - rate**12) / (1 - rate):.0f}" in words(shown)
    assert "stays 3 months on average" in words(shown)


def test_the_lab_starts_from_the_last_complete_period_without_returning_customers(begin):
    lesson = begin()
    given = lesson.last_period(rk.metrics.retention_rate(lesson.log))
    assert given == {"at_start": 5, "new": 1, "at_end": 4}
    assert rk.Lab("retention_rate", language="en", **given).values["retention_rate"] == pytest.approx(0.6)


def test_the_traps_are_shown_on_the_readers_own_orders(begin, shown):
    lesson = begin(observed_until="2024-06-20")
    result = rk.metrics.retention_rate(lesson.log)
    shown.clear()
    lesson.traps(result)
    # The last complete period is May: 3 of 4 kept. June, taken for complete, would say 3 of 5.
    assert "taken for kept 75% 75% In May 2024 0 customers" in words(shown)
    assert "still runs 60% — June 2024 has been seen only until 20 June 2024" in words(shown)


def test_the_average_of_averages_is_not_the_average(begin, shown):
    lesson = begin()
    lesson.traps(rk.metrics.retention_rate(lesson.log))
    assert f"average of the rates {(3 / 4 + 3 / 5) / 2:.1%} {6 / 9:.1%}" in words(shown)
    assert "taken for kept 80% 60% In June 2024 1 customer came back" in words(shown)
    assert "still runs — — These data end with a complete period" in words(shown)


def test_a_log_of_one_period_says_that_there_is_no_rate_yet(begin, shown):
    lesson = begin(every="year")
    result = rk.metrics.retention_rate(lesson.log, every="year")
    for show in (lesson.show, lesson.outlook, lesson.traps, lesson.say):
        shown.clear()
        show(result)
        assert shown
    assert "no retention rate to tell" in words(shown)
    assert set(lesson.last_period(result).values()) == {0}


@pytest.mark.parametrize("answer", [80, 80.0, 0.8, "80%", "80", " 80 % ", "۸۰٪", "۸۰", "۰٫۸", "0.804"])
def test_a_right_rate_may_be_written_in_many_ways(answer):
    assert LESSONS["retention_rate"].exercises["cafe"].judge(answer) == "right"


@pytest.mark.parametrize(
    ("key", "answer", "mistake"),
    [
        ("cafe", 105, "left_new_in"),
        ("cafe", 1.05, "left_new_in"),
        ("cafe", "۲۰٪", "gave_churn"),
        ("cafe", 76, "divided_by_end"),
        ("cafe", 50, "other"),
        ("cafe", "0.8%", "other"),
        ("back_again", 70, "left_returning_in"),
        ("back_again", "90%", "left_all_in"),
        ("year", 90, "one_month"),
        ("year", 0, "nobody_left"),
        ("year", 120, "added_up"),
    ],
)
def test_a_known_mistake_is_named(key, answer, mistake):
    assert LESSONS["retention_rate"].exercises[key].judge(answer) == mistake


@pytest.mark.parametrize("answer", [..., None])
def test_no_answer_yet_is_no_mistake(answer):
    assert LESSONS["retention_rate"].exercises["cafe"].judge(answer) == "blank"


@pytest.mark.parametrize("answer", ["", "eighty", "%", [80], {}, float("nan"), float("inf"), True, object(), 1j])
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
            assert abs(one - other) > 0.011


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_exercise_and_every_question_has_its_words(begin, language):
    lesson = begin(language=language)
    for subject, kind in LESSONS.items():
        for key, exercise in kind.exercises.items():
            for said in ("name", "right", "other", *exercise.mistakes):
                assert catalogue(language)[f"lesson.{subject}.{key}.{said}"]
    assert len(lesson.quiz().setup["questions"]) == len(LESSONS["retention_rate"].quiz_answers) == 3
    for subject in SUBJECTS.values():
        assert all(f"lesson.parameter.{rule.name}" in catalogue(language) for rule in subject.parameters)


def lesson_file(language: str) -> Path:
    return built(read_sources()[0])[language]


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
