"""Customers dealt into blocks, because to draw millions of customers anew for an interval would be slow.

The lots are a table, so that every SQL text deals alike, by one plain join on the customer's number. Every 397th
customer in one block would make all blocks alike wherever the order of the customers has a rhythm, and intervals
too narrow: so it was drawn which place belongs to which block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

# So many customers or fewer are a block each.
BLOCKS = 397
# After so many customers the places begin anew; a prime, with which hardly any rhythm agrees. The texts know it.
_PLACES = 7919


def lots(blocks: int = BLOCKS) -> dict[str, NDArray[np.int64]]:
    """The table `lots`: which block a place falls into; the first places have a block each."""
    rest = np.random.default_rng(0).permutation(np.arange(_PLACES - blocks) % blocks)
    return {"place": np.arange(_PLACES), "block": np.concatenate([np.arange(blocks), rest])}


def by_block(rows: Any, counted: pd.DataFrame, values: pd.Series[Any], height: int) -> NDArray[Any]:
    """Sums of `values`, a line for each of `height` rows, a place for each block that `counted` knows."""
    found: NDArray[Any] = np.zeros((height, how_many(counted)), values.dtype.type)
    np.add.at(found, (np.asarray(rows, "int64"), counted["block"].to_numpy("int64")), values.to_numpy())
    return found


def how_many(counted: pd.DataFrame) -> int:
    """How many blocks there are among the rows of a query."""
    return int(counted["block"].max()) + 1 if len(counted) else 0
