"""What a lesson calls: it begins with `begin`, and all else hangs on the lesson that returns."""

from typing import Any

from retention_kit.errors import RetentionError
from retention_kit.lessons.churn import ChurnLesson
from retention_kit.lessons.failures import check_parameters_ran, injected_names, say_errors_plainly
from retention_kit.lessons.lesson import Lesson, StoppedLesson
from retention_kit.lessons.loyalty import LoyaltyLesson
from retention_kit.lessons.omnichannel import OmnichannelLesson
from retention_kit.lessons.retention_rate import RetentionRateLesson
from retention_kit.lessons.revenue_churn import RevenueChurnLesson
from retention_kit.lessons.start import StartLesson
from retention_kit.subjects import find

__all__ = ["LESSONS", "Lesson", "begin"]

LESSONS: dict[str, type[Lesson]] = {
    "start": StartLesson,
    "retention_rate": RetentionRateLesson,
    "churn": ChurnLesson,
    "revenue_churn": RevenueChurnLesson,
    "omnichannel": OmnichannelLesson,
    "loyalty": LoyaltyLesson,
}


def begin(subject: str, namespace: dict[str, Any]) -> Lesson:
    """Check the parameters of a lesson, load its log and show what was read.

    Args:
        subject: the name of the lesson, such as "retention_rate".
        namespace: the notebook's `globals()`, where its parameters cell has put them. The lesson of before is gone
            from it: where this one cannot begin, `lesson` answers with the reason.

    Raises:
        RetentionError: a wrong or misspelt parameter, or a file that cannot be read. In a notebook the reader sees
            one sentence in the chosen language, and the run stops there.
    """
    say_errors_plainly(namespace.get("language"))
    # Whoever interrupts a long reading is left with this.
    namespace["lesson"] = StoppedLesson(RetentionError("not_begun"))
    try:
        return _begun(subject, namespace)
    except RetentionError as error:
        namespace["lesson"] = StoppedLesson(error)
        raise


def _begun(subject: str, namespace: dict[str, Any]) -> Lesson:
    check_parameters_ran(namespace)
    rules = find(subject)
    given = {rule.name: namespace[rule.name] for rule in rules.parameters if rule.name in namespace}
    # Names that were injected but that nobody knows are misspelt: papermill itself would go on with the defaults.
    lesson = LESSONS[subject](rules, rules.check({**dict.fromkeys(injected_names()), **given}))
    lesson.show_receipt()
    return lesson
