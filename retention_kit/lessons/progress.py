"""Which exercises a reader has solved, in a file of their own: kept only if they ask for it, and sent nowhere."""

from __future__ import annotations

import json
from pathlib import Path

from retention_kit.errors import RetentionError


class Progress:
    """The solved exercises of one lesson, beside those of other lessons in the same file."""

    def __init__(self, path: Path, subject: str) -> None:
        self.path = path
        self.subject = subject
        self._read()

    def solved(self) -> list[str]:
        """The exercises of this lesson that are solved, in the order in which they were."""
        return self._read().get(self.subject, [])

    def add(self, exercise: str) -> None:
        """Write an exercise down as solved."""
        kept = self._read()
        if exercise in kept.get(self.subject, []):
            return
        kept.setdefault(self.subject, []).append(exercise)
        try:
            self.path.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
        except OSError as error:
            raise RetentionError("progress_not_kept", path=self.path.name) from error

    def _read(self) -> dict[str, list[str]]:
        """What the file holds; a file of anything else is left as it is."""
        if not self.path.exists():
            return {}
        try:
            kept = json.loads(self.path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise RetentionError("not_a_progress_file", path=self.path.name) from error
        if not isinstance(kept, dict) or not all(isinstance(solved, list) for solved in kept.values()):
            raise RetentionError("not_a_progress_file", path=self.path.name)
        return kept
