"""Every command is typed in a folder of the reader's own, on a computer that speaks English."""

from pathlib import Path
from typing import Any

import pytest

from retention_kit import reports


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The reader's folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "C.UTF-8")
    return tmp_path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What a run or a report was asked for; each is stopped before it starts."""
    found: list[Any] = []

    def report(given: Any, *_: object, **__: object) -> None:
        found.append(given)
        raise KeyboardInterrupt

    monkeypatch.setattr(reports, "report", report)
    monkeypatch.setattr(reports, "run", lambda _, *rest, **__: report(*rest))
    return found
