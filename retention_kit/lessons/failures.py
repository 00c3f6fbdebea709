"""How a lesson fails: one sentence in the reader's language, and a run that counts as failed."""

import ast
from types import TracebackType
from typing import Any

from IPython.core.getipython import get_ipython

from retention_kit.errors import RetentionError
from retention_kit.language import LANGUAGES, direction

# An error is shown in a left-to-right box; isolated, a right-to-left sentence keeps its order in it.
_ISOLATED = {"rtl": "\u2067{}\u2069", "ltr": "{}"}


def say_errors_plainly(language: Any) -> None:
    """From here on a RetentionError in this notebook shows its sentence and no traceback.

    The cell still fails, for Run All and papermill alike.
    """
    shell = get_ipython()
    if shell is None:
        return
    chosen = language if language in LANGUAGES else LANGUAGES[0]

    def show(
        shell: Any,
        kind: type[RetentionError],
        error: RetentionError,
        trace: TracebackType | None,  # noqa: ARG001 IPython gives it; a founder has no use for it
        tb_offset: int | None = None,  # noqa: ARG001 the same
    ) -> list[str]:
        sentence = error.words(chosen)
        shown = [_ISOLATED[direction(chosen)].format(sentence)]
        # IPython leaves the showing to the handler; this is the one way that reaches the notebook as an error.
        shell._showtraceback(kind, sentence, shown)
        return shown

    shell.set_custom_exc((RetentionError,), show)


def injected_names() -> set[str]:
    """The names papermill has set in this notebook, in the cell it puts after the parameters cell."""
    shell = get_ipython()
    cells: list[str] = [] if shell is None else shell.user_ns.get("In", [])
    injected = [cell for cell in cells if cell.startswith("# Parameters")]
    assignments = [line for cell in injected for line in ast.parse(cell).body if isinstance(line, ast.Assign)]
    return {target.id for line in assignments for target in line.targets if isinstance(target, ast.Name)}
