"""The metrics: each asks the engine one heavy question and finishes the small answer with formulas."""

from retention_kit.metrics.cohorts import cohorts
from retention_kit.metrics.retention_rate import retention_rate

__all__ = ["cohorts", "retention_rate"]
