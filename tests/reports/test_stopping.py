"""Ctrl+C, as a terminal sends it: to the command and to every process it has started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.reports.companies import write_orders

if sys.platform != "linux":
    pytest.skip("the processes are looked at as Linux shows them", allow_module_level=True)

REPORT = [sys.executable, "-m", "retention_kit.cli", "report", "--language", "fa"]
SENTENCE = "اجرا متوقف شد. هیچ پروندهٔ نیمه‌کاره‌ای به جا نمانده است."


def loads(process: "subprocess.Popen[str]", out: Path) -> bool:  # noqa: ARG001 both moments are asked alike
    """The process that others are forked from has begun to load the engine."""
    children = psutil.Process(process.pid).children()
    servers = [child for child in children if "forkserver" in " ".join(child.cmdline())]
    return any("duckdb" in part.path for server in servers for part in server.memory_maps())


def writes(process: "subprocess.Popen[str]", out: Path) -> bool:  # noqa: ARG001 the same
    return any((out / ".unfinished").rglob("*.ipynb"))


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def alive(group: int) -> list[psutil.Process]:
    """The processes of a group, but for those that have ended and that nobody has asked for."""
    return [
        process
        for process in psutil.process_iter(["status"])
        if process.info["status"] != psutil.STATUS_ZOMBIE and _group(process.pid) == group
    ]


def _group(process: int) -> int | None:
    try:
        return os.getpgid(process)
    except ProcessLookupError:
        return None


@pytest.mark.parametrize("moment", [loads, writes])
def test_a_report_that_is_stopped_says_so_and_leaves_neither_files_nor_processes(
    moment: Callable[["subprocess.Popen[str]", Path], bool], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    report = [*REPORT, "--data", str(write_orders(tmp_path / "orders.csv")), "--out", str(out)]
    process = subprocess.Popen(
        report, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", start_new_session=True
    )
    wait_until(lambda: moment(process, out))
    os.killpg(process.pid, signal.SIGINT)
    said, complained = process.communicate(timeout=60)
    assert (process.returncode, said, complained) == (130, "", f"{SENTENCE}\n")
    assert not out.exists()
    wait_until(lambda: not alive(process.pid))
    again = subprocess.run([*report, "--quiet"], capture_output=True, encoding="utf-8", check=False)
    assert (again.returncode, again.stderr) == (0, "")
    assert sorted(path.name for path in out.iterdir()) == [
        "notebooks",
        "receipt.txt",
        "report.html",
        "report.xlsx",
        "results.json",
    ]
