"""Runs a notebook and keeps of its outputs only what two runs give alike."""

import os
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from retention_kit.widgets.twin import STATIC


def run(notebook: nbformat.NotebookNode, folder: Path) -> None:
    """Execute in place. What no two runs agree on is not kept: timings, widgets' state, versions."""
    about = notebook.metadata.copy()
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute(env={**os.environ, STATIC: "1"})
    notebook.metadata = about


def written(notebook: nbformat.NotebookNode) -> str:
    """The notebook as the text of its file."""
    return nbformat.writes(notebook, indent=1, ensure_ascii=False) + "\n"
