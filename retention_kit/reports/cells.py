"""A papermill engine that runs the cells in this very process, in a shell of their own.

A kernel is another Python process that begins from nothing each time, and most of a small run is that beginning.
Here the process is already warm (see `processes`), and each notebook gets a fresh shell with fresh names.
"""

from __future__ import annotations

import logging
import tempfile
from base64 import encodebytes
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import Any

import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from papermill.engines import Engine, papermill_engines
from papermill.translators import PythonTranslator, papermill_translators
from traitlets import List, Type
from traitlets.config import Config

ENGINE = "retention-kit"

# Called with the cells that are done and the cells there are.
CellsDone = Callable[[int, int], None]


class _Publisher(DisplayPublisher):  # type: ignore[misc]
    """Keeps what a cell displays."""

    def publish(self, data: Any, metadata: Any = None, **_: Any) -> None:
        self.shell.shown.append(
            nbformat.v4.new_output("display_data", data=_as_text(data), metadata=metadata or {})
        )


class _Hook(DisplayHook):  # type: ignore[misc]
    """Keeps the value of a cell's last line."""

    def write_output_prompt(self) -> None:
        """Nothing: the notebook numbers its outputs."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        self.shell.shown.append(
            nbformat.v4.new_output(
                "execute_result",
                data=_as_text(format_dict),
                metadata=md_dict or {},
                execution_count=self.prompt_count,
            )
        )


def _as_text(data: Mapping[str, Any]) -> dict[str, Any]:
    """Pictures as a notebook holds them."""
    return {
        kind: encodebytes(content).decode() if isinstance(content, bytes) else content
        for kind, content in data.items()
    }


class _Shell(InteractiveShell):  # type: ignore[misc]
    """A shell whose outputs become those of a notebook's cells."""

    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)
    shown = List()

    def _showtraceback(self, etype: type[BaseException], evalue: Any, stb: list[str]) -> None:
        self.shown.append(
            nbformat.v4.new_output("error", ename=etype.__name__, evalue=str(evalue), traceback=list(stb))
        )

    def run(self, cell: Any) -> bool:
        """Run a cell and give it its outputs; whether it ran to its end."""
        self.shown = []
        said, complained = StringIO(), StringIO()
        with redirect_stdout(said), redirect_stderr(complained):
            done = self.run_cell(cell.source, store_history=True)
        streams = (("stdout", said), ("stderr", complained))
        texts = [
            nbformat.v4.new_output("stream", name=name, text=stream.getvalue())
            for name, stream in streams
            if stream.getvalue()
        ]
        cell.execution_count = self.execution_count - 1
        cell.outputs = [*texts, *self.shown]
        if isinstance(done.error_in_exec, SystemExit):  # IPython keeps it: a run that is to end would go on
            raise done.error_in_exec
        return bool(done.success)


def _fresh_shell(folder: str) -> _Shell:
    """The shell that `get_ipython()` then finds; it keeps its few files in a folder that goes away."""
    InteractiveShell.clear_instance()
    _Shell.clear_instance()
    config = Config()
    config.HistoryManager.enabled = False
    shell: _Shell = _Shell.instance(config=config, ipython_dir=folder, colors="nocolor")
    return shell


class Warm(Engine):  # type: ignore[misc]
    """Runs a notebook here and stops at the first cell that fails, as papermill's own engine does."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,  # noqa: ARG003 papermill gives it; here is no kernel
        *,
        progress: CellsDone | None = None,
        **_: Any,
    ) -> Any:
        """Run the cells, telling papermill of each."""
        cells = nb_man.nb.cells
        with tempfile.TemporaryDirectory() as folder:
            shell = _fresh_shell(folder)
            for place, cell in enumerate(cells):
                nb_man.cell_start(cell, place)
                done = cell.cell_type != "code" or shell.run(cell)
                if not done:
                    nb_man.cell_exception(cell, place)
                nb_man.cell_complete(cell, place)
                if not done:
                    break
                if progress is not None:
                    progress(place + 1, len(cells))
        return nb_man.nb


class _Readable(PythonTranslator):  # type: ignore[misc]
    """Writes Persian parameters as they are read, not as code points."""

    @classmethod
    def translate_str(cls, val: str) -> str:
        return repr(str(val))


logging.getLogger("papermill").setLevel(logging.ERROR)
papermill_engines.register(ENGINE, Warm)
papermill_translators.register("python", _Readable)
