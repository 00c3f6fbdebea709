"""The formulas: plain arithmetic on numbers, arrays or Series, the same kind out.

Rates are shares (0.85), never percent. What is not defined is missing (nan): never 0, never infinite, never an
exception for a whole column. Nothing here reads data or knows a language.
"""

from retention_kit.formulas.comparisons import rate_difference, rate_ratio, standardised_rate
from retention_kit.formulas.customers import (
    chance_to_stay,
    customer_churn_rate,
    customer_retention_rate,
    customers_after,
    expected_lifetime,
    yearly_rate,
)
from retention_kit.formulas.intervals import (
    difference_interval,
    log_log_interval,
    wilson_interval,
)
from retention_kit.formulas.loyalty import (
    break_even_uplift,
    breakage_rate,
    points_earned,
    points_liability,
    points_worth,
)
from retention_kit.formulas.omnichannel import PRACTICES, STATES, audit_score, audit_scores, next_steps
from retention_kit.formulas.revenue import (
    average_revenue_per_account,
    gross_revenue_retention,
    net_revenue_retention,
    quick_ratio,
    revenue_churn_rate,
    trial_conversion_rate,
)
from retention_kit.formulas.shares import proportion
from retention_kit.formulas.survival import lifetime_within, survival_curve
from retention_kit.formulas.value import (
    customer_acquisition_cost,
    customer_lifetime_value,
    net_promoter_interval,
    net_promoter_score,
    payback_periods,
    return_on_customer_success,
    value_to_cost,
)

__all__ = [
    "PRACTICES",
    "STATES",
    "audit_score",
    "audit_scores",
    "average_revenue_per_account",
    "break_even_uplift",
    "breakage_rate",
    "chance_to_stay",
    "customer_acquisition_cost",
    "customer_churn_rate",
    "customer_lifetime_value",
    "customer_retention_rate",
    "customers_after",
    "difference_interval",
    "expected_lifetime",
    "gross_revenue_retention",
    "lifetime_within",
    "log_log_interval",
    "net_promoter_interval",
    "net_promoter_score",
    "net_revenue_retention",
    "next_steps",
    "payback_periods",
    "points_earned",
    "points_liability",
    "points_worth",
    "proportion",
    "quick_ratio",
    "rate_difference",
    "rate_ratio",
    "return_on_customer_success",
    "revenue_churn_rate",
    "standardised_rate",
    "survival_curve",
    "trial_conversion_rate",
    "value_to_cost",
    "wilson_interval",
    "yearly_rate",
]
