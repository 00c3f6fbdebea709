"""report.pdf: the page as Chromium, or a browser of its family, prints it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from retention_kit.errors import RetentionError

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge", "microsoft-edge")
# Neither a window nor a network: no name is looked up.
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
)
_SECONDS = 120


def browser() -> str:
    """The browser that prints.

    Raises:
        RetentionError: none is on this machine.
    """
    found = next((path for path in map(shutil.which, _NAMES) if path), None)
    if found is None:
        raise RetentionError("no_chromium", names=_NAMES[:3])
    return found


def print_page(page: Path, target: Path) -> None:
    """Print a page to PDF, on A4 as its style says."""
    # Chromium keeps its sandbox except for root, for whom it has none.
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as profile:
        command = [browser(), *_FLAGS, *sandbox, f"--user-data-dir={profile}", f"--print-to-pdf={target}"]
        done = subprocess.run(  # noqa: S603 a browser by its own name, and our files
            [*command, page.absolute().as_uri()], capture_output=True, timeout=_SECONDS, check=False
        )
    if done.returncode or not target.exists():
        raise RetentionError("not_printed", page=page.name)
