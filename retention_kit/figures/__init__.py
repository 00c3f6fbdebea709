"""Figures: a result and a language in, a matplotlib figure out. No metric is computed here.

matplotlib shapes and orders Persian itself. Time runs left to right in both languages; the value axis, titles
and legends stand on the side where the language begins.
"""

from retention_kit.figures.cohorts import cohorts
from retention_kit.figures.described import alternative
from retention_kit.figures.flows import lifecycle, revenue_churn
from retention_kit.figures.lives import stickiness, survival
from retention_kit.figures.loyalty import loyalty, members
from retention_kit.figures.omnichannel import omnichannel
from retention_kit.figures.rates import churn, retention_rate
from retention_kit.figures.trials import trials

__all__ = [
    "alternative",
    "churn",
    "cohorts",
    "lifecycle",
    "loyalty",
    "members",
    "omnichannel",
    "retention_rate",
    "revenue_churn",
    "stickiness",
    "survival",
    "trials",
]
