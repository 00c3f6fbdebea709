"""Where several lessons ask for one file, it is read once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import ParamSpec

from retention_kit.tables import Log

_P = ParamSpec("_P")
_kept: ContextVar[dict[str, Log] | None] = ContextVar("kept", default=None)


@contextmanager
def reading_once() -> Iterator[None]:
    """Until the block ends, a file that is asked for again in the same way is not read again."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def once_where_asked(read: Callable[_P, Log]) -> Callable[_P, Log]:
    """A reader that, within `reading_once`, gives the log it gave before; tables in memory are always read."""

    @wraps(read)
    def read_or_recall(*given: _P.args, **how: _P.kwargs) -> Log:
        kept = _kept.get()
        if kept is None or not isinstance(given[0], str | Path):
            return read(*given, **how)
        asked = json.dumps(
            [given, {name: value for name, value in how.items() if value}], default=str, sort_keys=True
        )
        if asked not in kept:
            kept[asked] = read(*given, **how)
        return kept[asked]

    return read_or_recall
