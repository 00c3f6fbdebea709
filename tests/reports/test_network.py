"""A run needs no network: it is made with none there."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reports.companies import write_orders

# A network of its own that has no way out, nor even a loopback that is up.
CUT = ["unshare", "--map-root-user", "--net"]
CAN_CUT = shutil.which("unshare") is not None and subprocess.run([*CUT, "true"], check=False).returncode == 0


@pytest.mark.skipif(not CAN_CUT, reason="the network cannot be cut on this machine")
def test_a_report_is_made_with_the_network_cut(tmp_path: Path) -> None:
    orders = write_orders(tmp_path / "orders.csv")
    out = tmp_path / "out"
    report = ["-m", "retention_kit.cli", "report", "--data", str(orders), "--out", str(out), "--quiet"]
    done = subprocess.run([*CUT, sys.executable, *report], capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (out / "report.html").exists()
    assert (out / "report.xlsx").exists()
