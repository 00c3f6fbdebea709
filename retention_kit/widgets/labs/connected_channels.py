"""The lab of channels that share the customer's data, or do not: a story in numbers, every assumption a slider."""

from __future__ import annotations

from retention_kit import formulas
from retention_kit.widgets.labs.spec import Control, LabSpec, Values, share


def connected_channels(
    *, customers: float, new: float, churn_rate: float, need: float, switching: float, gives_up: float,
    gives_up_connected: float, periods: int,
) -> Values:  # fmt: skip
    """Customers over some periods, with channels that know each other and with channels that do not.

    A share `need` of the customers needs help in a period, a share `switching` of these changes the channel on the
    way. Who then has to tell the story again leaves with the chance `gives_up`; who is known, with the other.

    >>> story = {"churn_rate": 0.05, "need": 0.5, "switching": 0.4, "gives_up": 0.25, "gives_up_connected": 0.05}
    >>> found = connected_channels(customers=1000, new=50, periods=12, **story)
    >>> round(found["rate_apart"], 4), round(found["rate_connected"], 4), found["sentence"]
    (0.9025, 0.9405, 'more')
    """
    apart, connected = (
        (1 - churn_rate) * (1 - need * switching * leaving) for leaving in (gives_up, gives_up_connected)
    )
    stays_apart, stays_connected = (formulas.chance_to_stay(rate, periods) for rate in (apart, connected))
    level_apart, level_connected = (
        [formulas.customers_after(customers, rate, new, period) for period in range(periods + 1)]
        for rate in (apart, connected)
    )
    more = level_connected[-1] - level_apart[-1]
    return {
        "problem": None,
        "sentence": "more" if connected > apart else "fewer" if connected < apart else "same",
        "rate_apart": apart,
        "rate_connected": connected,
        "stays_apart": stays_apart,
        "stays_connected": stays_connected,
        "rise": stays_connected / stays_apart - 1 if stays_apart > 0 else float("nan"),
        "level_apart": level_apart,
        "level_connected": level_connected,
        "after_apart": level_apart[-1],
        "after_connected": level_connected[-1],
        "more": more,
    }


LAB = LabSpec(
    "connected_channels",
    (
        share("need", 0.3, group="story"),
        share("switching", 0.4, group="story"),
        share("gives_up", 0.25, group="story"),
        share("gives_up_connected", 0.05, group="story"),
        share("churn_rate", 0.05, group="company"),
        Control("customers", 0, 5_000, 10, 1_000, group="company"),
        Control("new", 0, 500, 5, 50, group="company"),
        Control("periods", 1, 24, 1, 12, limit=60, group="company"),
    ),
    connected_channels,
    ("rate_apart", "rate_connected", "stays_apart", "stays_connected", "rise", "after_apart", "after_connected"),
)
