"""Parameters are checked before anything starts."""

import ast

import pytest

from retention_kit import RetentionError
from retention_kit.subjects import SUBJECTS, Parameter, Subject, all_parameters, find

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
        ({"columns": {"customer": 5}}, "of the wrong kind"),
        ({"data": 5}, "of the wrong kind"),
    ],
)
def test_a_wrong_parameter_is_refused_with_what_would_be_right(given: dict[str, object], sentence: str) -> None:
    with pytest.raises(RetentionError, match=sentence):
        SUBJECT.check(given)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("۰٫۴", 0.4), ("0٫4", 0.4), ("۴۰٪", 0.4), ("40 %", 0.4), ("۰/۴", 0.4), ("0.4", 0.4), (0.4, 0.4), (1, 1.0)],
)
def test_a_number_may_be_typed_as_persian_readers_write_it(typed: object, meant: float) -> None:
    assert SUBJECT.check({"benchmark": typed})["benchmark"] == meant


def test_a_whole_number_may_be_typed_with_persian_digits_and_groups() -> None:
    checked = SUBJECTS["loyalty"].check({"follow": "۶", "money_per_point": "۱٬۲۰۰", "running_cost": "2,500,000"})
    assert (checked["follow"], checked["money_per_point"], checked["running_cost"]) == (6, 1200.0, 2.5e6)
    with pytest.raises(RetentionError, match="not a whole number"):
        SUBJECTS["loyalty"].check({"follow": "۲٫۵"})


@pytest.mark.parametrize(
    "typed", ["0,3", "۰٬۳", "12,5", "1,23,456", "", "٪", "۰٫۴٫۱", "nan", "inf", "nan%", "بسیار"]
)
def test_what_is_no_number_or_could_be_two_is_refused(typed: str) -> None:
    with pytest.raises(RetentionError, match="not a number"):
        SUBJECTS["loyalty"].check({"money_per_point": typed})


@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=str)
@pytest.mark.parametrize("given", ["inf", "nan", "-1e300", 1e300])
def test_a_number_without_end_is_refused_wherever_a_number_is_asked_for(subject: Subject, given: object) -> None:
    for parameter in subject.parameters:
        if isinstance(parameter.default, int | float):
            with pytest.raises(RetentionError) as raised:
                parameter.check(given)
            assert raised.value.code in ("wrong_number", "out_of_range")


@pytest.mark.parametrize(
    "given",
    [
        {"columns": {"touchpoint.customer": "Who"}},
        {"formats": {"touchpoint.time": "day_first"}},
        {"sheets": {"touchpoint": "Calls"}},
    ],
)
def test_what_is_said_of_a_log_that_the_lesson_does_not_read_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(RetentionError, match='Did you mean "touchpoints"'):
        SUBJECTS["omnichannel"].check(given)


def test_a_benchmark_may_be_typed_as_text() -> None:
    assert SUBJECT.check({"benchmark": "0.4"})["benchmark"] == 0.4


def test_an_unknown_lesson_names_the_nearest() -> None:
    with pytest.raises(RetentionError, match="retention_rate"):
        find("retentionrate")


def test_days_and_periods_are_whole() -> None:
    rule = next(one for one in SUBJECTS["omnichannel"].parameters if one.name == "first_days")
    assert rule.check("30") == 30
    with pytest.raises(RetentionError, match=r"first_days = 30\.9 is not a whole number"):
        rule.check(30.9)


@pytest.mark.parametrize("parameter", all_parameters().values(), ids=lambda parameter: parameter.name)
def test_a_value_of_the_wrong_kind_is_answered_with_one_that_will_do(parameter: Parameter) -> None:
    with pytest.raises(RetentionError) as refused:
        parameter.check(["neither text nor pairs nor a number"])
    if refused.value.code == "wrong_kind":
        example = ast.literal_eval(refused.value.facts["example"])
        assert example
        assert parameter.check(example) == example
    else:
        assert refused.value.code == "wrong_number"
