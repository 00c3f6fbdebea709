"""How a lesson fails: one sentence in the reader's language, and a run that counts as failed."""

import ast
import re
from types import TracebackType
from typing import Any

from IPython.core.getipython import get_ipython

from retention_kit.errors import RetentionError
from retention_kit.language import LANGUAGES, direction

# An error is shown in a left-to-right box; isolated, a right-to-left sentence keeps its order in it.
_ISOLATED = {"rtl": "\u2067{}\u2069", "ltr": "{}"}
_PARAMETERS_CELL = re.compile(r"^data\s*=", re.MULTILINE)


def say_errors_plainly(language: Any) -> None:
    """From here on a RetentionError in this notebook shows its sentence and no traceback.

    The cell still fails, for Run All and papermill alike. Who has named no language of the kit reads all of them.
    """
    shell = get_ipython()
    if shell is None:
        return
    chosen = (language,) if language in LANGUAGES else LANGUAGES

    def show(
        shell: Any,
        kind: type[RetentionError],
        error: RetentionError,
        trace: TracebackType | None,  # noqa: ARG001 IPython gives it; a founder has no use for it
        tb_offset: int | None = None,  # noqa: ARG001 the same
    ) -> list[str]:
        sentences = [error.words(one) for one in chosen]
        shown = [_ISOLATED[direction(one)].format(said) for one, said in zip(chosen, sentences, strict=True)]
        # IPython leaves the showing to the handler; this is the one way that reaches the notebook as an error.
        shell._showtraceback(kind, "\n".join(sentences), shown)
        return shown

    shell.set_custom_exc((RetentionError,), show)


def check_parameters_ran(namespace: dict[str, Any]) -> None:
    """Refuse to go on where a notebook's parameters cell has not run to its end.

    Its defaults would be those of the sample company; or what stands there is of an earlier run.
    """
    shell = get_ipython()
    if shell is None or namespace is not shell.user_global_ns:
        return
    last = shell.last_execution_result
    if last is not None and not last.success and _PARAMETERS_CELL.search(last.info.raw_cell):
        # So that it is refused until the parameters cell has run, not this once only.
        namespace.pop("data", None)
    if "data" not in namespace:
        raise RetentionError("parameters_not_run")


def injected_names() -> set[str]:
    """The names papermill has set in this notebook, in the cell it puts after the parameters cell."""
    shell = get_ipython()
    cells: list[str] = [] if shell is None else shell.user_ns.get("In", [])
    injected = [cell for cell in cells if cell.startswith("# Parameters")]
    assignments = [line for cell in injected for line in ast.parse(cell).body if isinstance(line, ast.Assign)]
    return {target.id for line in assignments for target in line.targets if isinstance(target, ast.Name)}
