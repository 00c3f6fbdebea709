"""What a check found: where it is, what is wrong, and what to do."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One finding of `--check`."""

    path: Path
    key: str
    wrong: str
    remedy: str

    def __str__(self) -> str:
        return f"{os.path.relpath(self.path)} [{self.key}] {self.wrong} -> {self.remedy}"
