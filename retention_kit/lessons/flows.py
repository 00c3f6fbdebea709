"""How customers come and go, as labs take it from a retention rate."""

from __future__ import annotations

from retention_kit.tables import Result


def average_incoming(result: Result) -> float:
    """Customers who came in per complete period, on average: new ones, and those who returned."""
    rated = result.table[result.table["retention_rate"].notna()]
    return float((rated["new"] + rated["returned"]).mean())


def today(result: Result) -> dict[str, float]:
    """Customers at the end, and averages of those who came in and of the share kept; nothing without a rate."""
    if not result.headline["periods"]:
        return {}
    return {
        "customers": result.headline["end"],
        "new": round(average_incoming(result)),
        "retention_rate": round(result.headline["average_rate"], 3),
    }
