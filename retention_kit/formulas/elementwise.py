"""How a formula meets its numbers: element by element, the same kind out, missing where it is not defined."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

Numbers = TypeVar("Numbers", "float", "NDArray[np.float64]", "pd.Series[float]")


def each(compute: Callable[..., Any], *given: Any) -> Any:
    """`compute` on the given numbers element by element, in the kind that was given.

    One way for all kinds: numbers become arrays, and the answer takes the kind of the first Series, else array,
    else becomes a float again.
    """
    import numpy as np

    with np.errstate(all="ignore"):
        found = compute(*(as_floats(value) for value in given))
    for value in given:
        if hasattr(value, "index") and hasattr(value, "dtype"):
            return type(value)(found, index=value.index)
    return found if found.ndim else float(found)


def only(defined: Any, value: Any) -> Any:
    """The value where it is defined, missing elsewhere."""
    import numpy as np

    return np.where(defined, value, np.nan)


def is_share(value: Any) -> Any:
    """Whether a number lies between 0 and 1."""
    return (value >= 0) & (value <= 1)


def as_floats(value: Any) -> NDArray[np.float64]:
    """The numbers as an array, missing ones as nan."""
    import numpy as np

    if hasattr(value, "to_numpy"):  # a Series may hold pandas' own missing value
        return np.asarray(value.to_numpy(dtype="float64", na_value=np.nan))
    return np.asarray(np.nan if value is None else value, dtype="float64")
