"""What a run leaves behind."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retention_kit import __version__

SCHEMA = 1
# What the numbers of every run begin with.
MARK = {"schema": SCHEMA, "kit": __version__}


def numbers_in(path: Path) -> dict[str, Any]:
    """The numbers of an earlier run; nothing where this is no file of a run's."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    ours = isinstance(found, dict) and found.keys() >= MARK.keys() and isinstance(found.get("made"), list)
    return found if ours else {}


def fingerprint(path: Path) -> str | None:
    """The SHA-256 of a file; None where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


@dataclass(frozen=True)
class Run:
    """What a run wrote, the sentences it found, and the lessons that stopped half-way with their causes.

    `edited` is where the workbook of an earlier run is kept that its reader has written into.
    """

    page: Path
    results_file: Path
    notebooks: tuple[Path, ...]
    workbook: Path | None
    pdf: Path | None
    edited: Path | None
    said: tuple[str, ...]
    stopped: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """Where everything is, as plain JSON values."""
        return {
            "page": str(self.page),
            "results": str(self.results_file),
            "workbook": self.workbook and str(self.workbook),
            "pdf": self.pdf and str(self.pdf),
            "edited": self.edited and str(self.edited),
            "notebooks": [str(path) for path in self.notebooks],
            "said": list(self.said),
            "stopped": dict(self.stopped),
        }
