"""Figures: a result and a language in, a matplotlib figure out. No metric is computed here.

matplotlib shapes and orders Persian itself. Time runs left to right in both languages; the value axis, titles
and legends stand on the side where the language begins.
"""

from retention_kit.figures.flows import lifecycle, revenue_churn
from retention_kit.figures.lives import cohorts, stickiness, survival
from retention_kit.figures.rates import churn, retention_rate
from retention_kit.language import text
from retention_kit.tables import Result

__all__ = [
    "alternative",
    "churn",
    "cohorts",
    "lifecycle",
    "retention_rate",
    "revenue_churn",
    "stickiness",
    "survival",
]


def alternative(result: Result, language: str) -> str:
    """What the figure shows, in one or two sentences, for those who do not see it."""
    return text(f"{result.name}.figure.alt.{result.headline['sentence']}", language, **result.headline)
