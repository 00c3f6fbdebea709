"""The models of the labs, on the formulas; each has a double of the same name in `static/labs/`."""

from retention_kit.widgets.labs import (
    churn,
    connected_channels,
    leaky_bucket,
    loyalty_break_even,
    omnichannel_audit,
    points,
    profit,
    retention_rate,
    retention_trend,
    revenue_movements,
    three_numbers,
)
from retention_kit.widgets.labs.spec import LabSpec

# In the order of the lessons.
_MODULES = (
    three_numbers,
    leaky_bucket,
    retention_rate,
    retention_trend,
    profit,
    churn,
    revenue_movements,
    omnichannel_audit,
    connected_channels,
    points,
    loyalty_break_even,
)

LABS: dict[str, LabSpec] = {module.LAB.name: module.LAB for module in _MODULES}
