"""A process of its own for each company: nothing is seen of another, and whatever happens ends in one sentence."""

import multiprocessing
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from retention_kit import RetentionError
from retention_kit.reports.processes import in_own_process

WORK = "tests.reports.work"


def test_what_one_run_has_seen_no_other_sees() -> None:
    told: list[float] = []
    assert in_own_process(f"{WORK}.remember", "Mina", progress=told.append) == ["Mina"]
    assert in_own_process(f"{WORK}.remember", "Reza") == ["Reza"]
    assert told == [0.5]


@pytest.mark.parametrize(("work", "code"), [("end_hard", "run_killed"), ("divide_by_nothing", "unforeseen")])
def test_a_process_that_ends_badly_ends_in_a_sentence_and_no_traceback(
    work: str, code: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(RetentionError) as raised:
        in_own_process(f"{WORK}.{work}")
    assert raised.value.code == code
    assert "Traceback" not in capfd.readouterr().err


def test_a_process_whose_starter_is_killed_ends_without_a_word() -> None:
    code = (
        "import os, signal; from retention_kit.reports.processes import in_own_process;"
        f"in_own_process('{WORK}.tell_without_end', progress=lambda _: os.kill(os.getpid(), signal.SIGKILL))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL
    assert ended.stderr == ""


def test_a_script_is_not_run_again_by_the_process_it_starts(tmp_path: Path) -> None:
    """Also where it starts it from nothing, as Windows does."""
    script = tmp_path / "script.py"
    script.write_text(
        "import multiprocessing, sys\n"
        "from retention_kit.reports import processes\n"
        "if sys.argv[1] == 'spawn': multiprocessing.get_all_start_methods = lambda: ['spawn']\n"
        f"print(processes.in_own_process('{WORK}.remember', 'Mina'))\n"
    )
    for way in ("forkserver", "spawn"):
        ran = subprocess.run([sys.executable, str(script), way], capture_output=True, text=True, check=False)
        assert (ran.stdout, ran.stderr) == ("['Mina']\n", ""), way


def test_a_worker_of_a_pool_which_may_start_no_process_does_the_work_itself() -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        with pytest.raises(RetentionError, match="ZeroDivisionError"):
            pool.apply(in_own_process, (f"{WORK}.divide_by_nothing",))
        assert pool.apply(in_own_process, (f"{WORK}.remember", "Reza")) == ["Reza"]


CELLS = [
    "try:\n    seen\nexcept NameError:\n    seen = 'nothing before'\nseen",
    "print('said')\nimport sys\nprint('complained', file=sys.stderr)",
    "from IPython.display import display\ndisplay({'text/html': '<b>x</b>', 'text/plain': ''}, raw=True)",
    "seen += ', never shown';",
    "1 / 0",
    "'after the error'",
]


def outputs(notebook: nbformat.NotebookNode) -> list[list[dict[str, object]]]:
    """Outputs without what two machines never agree on: the frames of a traceback."""
    return [
        [{name: value for name, value in output.items() if name != "traceback"} for output in cell.outputs]
        for cell in notebook.cells
    ]


def test_cells_run_here_give_what_a_kernel_gives_and_every_notebook_begins_with_no_names() -> None:
    first, second = in_own_process(f"{WORK}.run_cells", CELLS)
    kernel = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        NotebookClient(kernel, kernel_name="python3").execute()
    assert outputs(first) == outputs(second) == outputs(kernel)
    assert [cell.execution_count for cell in first.cells] == [1, 2, 3, 4, 5, None]


def test_looking_at_what_was_given_imports_nothing_that_only_a_run_needs(tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text("customer,time,amount\nc1,2024-01-02,3\n", "utf-8")
    code = (
        "import sys, retention_kit.cli.commands; from pathlib import Path;"
        "from retention_kit.reports.company import company_of;"
        "company_of({'orders': sys.argv[1]}, Path());"
        "heavy = {'papermill', 'nbconvert', 'matplotlib', 'IPython', 'xlsxwriter', 'pandas'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    loaded = subprocess.run([sys.executable, "-c", code, str(orders)], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
