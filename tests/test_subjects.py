"""Parameters are checked before anything starts."""

import pytest

from retention_kit import RetentionError
from retention_kit.subjects import SUBJECTS, find

SUBJECT = SUBJECTS["retention_rate"]


def test_what_is_not_given_has_its_default() -> None:
    assert SUBJECT.check({})["every"] == "month"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"calender": "jalali"}, 'Did you mean "calendar"'),
        ({"xyz": 1}, "The parameters are"),
        ({"every": "mnth"}, 'Did you mean "month"'),
        ({"language": "de"}, "en, fa"),
        ({"benchmark": "high"}, "not a number"),
        ({"benchmark": 85}, "between 0 and 1"),
        ({"columns": "customer"}, "of the wrong kind"),
        ({"data": 5}, "of the wrong kind"),
    ],
)
def test_a_wrong_parameter_is_refused_with_what_would_be_right(given: dict[str, object], sentence: str) -> None:
    with pytest.raises(RetentionError, match=sentence):
        SUBJECT.check(given)


def test_a_benchmark_may_be_typed_as_text() -> None:
    assert SUBJECT.check({"benchmark": "0.4"})["benchmark"] == 0.4


def test_an_unknown_lesson_names_the_nearest() -> None:
    with pytest.raises(RetentionError, match="retention_rate"):
        find("retentionrate")
