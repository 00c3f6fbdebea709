"""Measure and raise customer retention, in Persian and English, on your own data.

    import retention_kit as rk

    log = rk.read("orders.csv", "orders", calendar="jalali")
    result = rk.metrics.retention_rate(log, every="month")
    rk.say(result, "fa")

Everything is imported when it is first used, so that `import retention_kit` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from retention_kit import (
        calendars,
        datasets,
        engine,
        figures,
        formulas,
        intake,
        language,
        lessons,
        metrics,
        reports,
    )
    from retention_kit.datasets import load
    from retention_kit.errors import RetentionError
    from retention_kit.intake import read
    from retention_kit.language import say
    from retention_kit.tables import Log, Receipt, Result
    from retention_kit.widgets import Lab

_HOMES = {
    "read": "intake",
    "load": "datasets",
    "say": "language",
    "Lab": "widgets",
    "Log": "tables",
    "Receipt": "tables",
    "Result": "tables",
    "RetentionError": "errors",
}
_ROOMS = (
    "calendars",
    "datasets",
    "engine",
    "figures",
    "formulas",
    "intake",
    "language",
    "lessons",
    "metrics",
    "reports",
)

__version__ = "0.1.0"
__all__ = [
    "Lab",
    "Log",
    "Receipt",
    "Result",
    "RetentionError",
    "calendars",
    "datasets",
    "engine",
    "figures",
    "formulas",
    "intake",
    "language",
    "lessons",
    "load",
    "metrics",
    "read",
    "reports",
    "say",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"retention_kit.{_HOMES[name]}"), name)
    if name in _ROOMS:
        return import_module(f"retention_kit.{name}")
    raise AttributeError(f"module 'retention_kit' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
