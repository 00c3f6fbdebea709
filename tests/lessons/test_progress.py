"""Progress is kept in one file, and only where the reader asks for it."""

import json

import pytest

import retention_kit as rk
from tests.lessons.spoken import words


def test_nothing_is_written_unless_asked_for(begin, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    begin().check("cafe", 80)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["orders.csv"]


def test_solved_exercises_are_kept_once_and_shown_the_next_time(begin, shown, tmp_path):
    path = tmp_path / "progress.json"
    lesson = begin()
    lesson.keep_progress(path)
    for answer in (50, 80, "۸۰٪"):
        lesson.check("cafe", answer)
    assert json.loads(path.read_text("utf-8")) == {"retention_rate": ["cafe"]}
    shown.clear()
    begin().keep_progress(str(path))
    assert words(shown).endswith("Kept in progress.json: 1 of 3 exercises of this lesson solved so far.")


def test_lessons_share_one_file(begin, tmp_path):
    path = tmp_path / "progress.json"
    for subject, key, answer in (("retention_rate", "year", 28), ("churn", "gym", 15)):
        lesson = begin(subject, **({"contract": "orders"} if subject == "churn" else {}))
        lesson.keep_progress(path)
        lesson.check(key, answer)
    assert json.loads(path.read_text("utf-8")) == {"retention_rate": ["year"], "churn": ["gym"]}


@pytest.mark.parametrize("content", ["[]", "my notes", '{"churn": 1}'])
def test_a_file_of_something_else_is_left_as_it_is(begin, tmp_path, content):
    path = tmp_path / "notes.txt"
    path.write_text(content, "utf-8")
    with pytest.raises(rk.RetentionError) as refused:
        begin().keep_progress(path)
    assert refused.value.code == "not_a_progress_file"
    assert path.read_text("utf-8") == content


def test_a_folder_that_is_not_there_is_said_in_one_sentence(begin, tmp_path):
    lesson = begin()
    lesson.keep_progress(tmp_path / "gone" / "progress.json")
    with pytest.raises(rk.RetentionError) as refused:
        lesson.check("cafe", 80)
    assert refused.value.code == "progress_not_kept"
