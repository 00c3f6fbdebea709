"""The data sets that travel with the kit."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Literal, overload

import duckdb

from retention_kit.datasets.company import Company, how_to_read
from retention_kit.datasets.seasons import Span
from retention_kit.datasets.simulation import COMPANIES, simulate
from retention_kit.errors import check_choice
from retention_kit.intake import read
from retention_kit.tables import Log

if TYPE_CHECKING:
    import pandas as pd

# How the companies that are shipped were simulated, by a seed with which chance hides no truth that lessons need.
_CUSTOMERS = {"gol_box": 3_000, "kara": 6_000, "bazarche": 3_000}
_MONTHS, _SEED = 36, 1405
TABLES = ("iranian_churn", "telco")
NAMES = ("online_retail", *TABLES, *COMPANIES)
# The log that is meant where none is named.
_USUAL = {"gol_box": "subscriptions", "kara": "subscriptions"}


def shipped(*parts: str) -> Path:
    """A file or folder that travels with the kit: inside the installed package, or beside it in a checkout."""
    package = Path(str(resources.files("retention_kit")))
    inside = package.joinpath("shipped", *parts)
    return inside if inside.exists() else package.parent.joinpath(*parts)


@overload
def load(name: Literal["iranian_churn", "telco"]) -> pd.DataFrame: ...  # type: ignore[overload-overlap]
@overload
def load(name: str, contract: str | None = None, *, language: str = "en") -> Log: ...
def load(name: str, contract: str | None = None, *, language: str = "en") -> Log | pd.DataFrame:
    """A shipped data set: a log, or for the two that keep one row a customer and no dates a table.

    "online_retail": orders of a real gift shop in the United Kingdom, December 2010 to 9 December 2011.
    "gol_box", "kara", "bazarche": simulated companies with a known truth, Farvardin 1401 to Esfand 1403; money in
    toman.
    "telco": a pandas table of 7,043 customers, with `duration` (months seen to stay) and `left` (whether they
    left then) for `metrics.survival`.
    "iranian_churn": a pandas table of 3,150 customers of a telephone company, with nine months of use and `left`
    at the end of the twelfth; 300 of its rows are exact repetitions. Units: `datasets/README.md`.

    Args:
        name: of the data set.
        contract: which log of a company; if not given, subscriptions, or orders where nobody subscribes.
        language: of the names of plans, channels, events and reasons in a company's log.

    >>> load("online_retail").receipt.read
    541909
    >>> load("kara", "payments").currency
    'toman'
    """
    check_choice("name", name, NAMES)
    if name in TABLES:
        return _table(name)
    if name == "online_retail":
        check_choice("contract", contract or "orders", ("orders",))
        # The shop is in the United Kingdom, and its times and its money are its own.
        file = shipped("datasets", "online_retail.parquet")
        return read(file, "orders", zone="Europe/London", currency="GBP")
    files = {path.stem: path for path in shipped("datasets", name).glob("*.parquet")}
    asked = contract or _USUAL.get(name, "orders")
    check_choice("contract", asked, tuple(sorted(files)))
    columns = duckdb.read_parquet(str(files[asked])).columns
    return read(files[asked], asked, **how_to_read(columns, Span(_MONTHS).last_day, language))


def shipped_company(name: str) -> Company:
    """A shipped company made anew, with its truth."""
    return simulate(name, customers=_CUSTOMERS[name], months=_MONTHS, seed=_SEED)


def _table(name: str) -> pd.DataFrame:
    """One row a customer, under the names of the source, and what `metrics.survival` asks for."""
    table = duckdb.read_parquet(str(shipped("datasets", f"{name}.parquet"))).df()
    if name == "telco":
        return table.assign(duration=table["tenure"], left=table["Churn"] == "Yes")
    return table.assign(left=table["Churn"] == 1)
