"""The metrics: each asks the engine one heavy question and finishes the small answer with formulas."""

from retention_kit.metrics.churn import churn
from retention_kit.metrics.cohorts import cohorts
from retention_kit.metrics.contacts import to_contact
from retention_kit.metrics.lifecycle import lifecycle
from retention_kit.metrics.loyalty import loyalty
from retention_kit.metrics.members import members
from retention_kit.metrics.omnichannel import omnichannel
from retention_kit.metrics.retention_rate import retention_rate
from retention_kit.metrics.revenue_churn import revenue_churn
from retention_kit.metrics.stickiness import stickiness
from retention_kit.metrics.survival import survival
from retention_kit.metrics.trials import trials

__all__ = [
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
    "to_contact",
    "trials",
]
