"""What must be said with the numbers of several tables, said once."""

import pandas as pd
import pytest

from retention_kit.reports.summary import notes
from retention_kit.tables import Note, Result


def found(name: str, *counts: int) -> Result:
    """A result in which so many rates rest on few customers."""
    said = tuple(Note("small_groups", {"count": count, "least": 30}) for count in counts)
    return Result(name, pd.DataFrame(), "month", "gregorian", {}, said)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([3, 3], "3 rates rest on fewer than 30 customers"),
        ([3, 5], "Up to 5 rates of a table rest on fewer than 30 customers"),
    ],
)
def test_months_of_few_customers_are_not_added_up_over_the_tables_that_show_them(
    counts: list[int], said: str
) -> None:
    results = [found(name, count) for name, count in zip(("retention_rate", "churn"), counts, strict=True)]
    (line,) = notes(results, "en")
    assert line.startswith(said)
