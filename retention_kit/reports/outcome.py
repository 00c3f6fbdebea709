"""What a run leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Run:
    """What a run wrote, the sentences it found, and the lessons that stopped half-way with their causes."""

    page: Path
    results_file: Path
    notebooks: tuple[Path, ...]
    workbook: Path | None
    pdf: Path | None
    said: tuple[str, ...]
    stopped: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """Where everything is, as plain JSON values."""
        return {
            "page": str(self.page),
            "results": str(self.results_file),
            "workbook": self.workbook and str(self.workbook),
            "pdf": self.pdf and str(self.pdf),
            "notebooks": [str(path) for path in self.notebooks],
            "said": list(self.said),
            "stopped": dict(self.stopped),
        }
