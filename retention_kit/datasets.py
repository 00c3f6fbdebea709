"""The data sets that travel with the kit."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

from retention_kit.errors import check_choice
from retention_kit.intake import read
from retention_kit.tables import Log

# name: file, contract, how it is read. The shop is in the United Kingdom, and its times are its own.
_SHIPPED: dict[str, tuple[str, str, dict[str, Any]]] = {
    "online_retail": ("online_retail.parquet", "orders", {"zone": "Europe/London"}),
}


def shipped(*parts: str) -> Path:
    """A file or folder that travels with the kit: inside the installed package, or beside it in a checkout."""
    package = Path(str(resources.files("retention_kit")))
    inside = package.joinpath("shipped", *parts)
    return inside if inside.exists() else package.parent.joinpath(*parts)


def load(name: str) -> Log:
    """A shipped data set as a log.

    "online_retail": orders of a real gift shop in the United Kingdom, December 2010 to 9 December 2011.

    >>> load("online_retail").receipt.read
    541909
    """
    check_choice("name", name, tuple(_SHIPPED))
    file, contract, how = _SHIPPED[name]
    return read(shipped("datasets", file), contract, **how)
