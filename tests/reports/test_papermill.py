"""The lessons under papermill alone, as schedulers run them, with notebooks behind one of its back ends."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from retention_kit.reports.executed import lesson_path
from retention_kit.subjects import find
from retention_kit.tables import RESULT_MIME
from tests.reports.companies import write_orders

STORED: dict[str, bytes] = {}


class Store(BaseHTTPRequestHandler):
    """What papermill needs of a place for notebooks: GET and PUT."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(STORED[self.path])

    def do_PUT(self) -> None:
        STORED[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def store() -> Iterator[str]:
    """The address of a store on loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Store) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def papermill(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "papermill", *words]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_a_lesson_is_read_from_a_store_run_on_own_data_and_written_back(store: str, tmp_path: Path) -> None:
    orders = write_orders(tmp_path / "orders.csv")
    STORED["/lesson.ipynb"] = lesson_path(find("retention_rate"), "fa").read_bytes()
    done = papermill(f"{store}/lesson.ipynb", f"{store}/out.ipynb", "-p", "data", str(orders))
    assert done.returncode == 0, done.stderr
    cells = json.loads(STORED["/out.ipynb"])["cells"]
    outputs = [output for cell in cells if cell["cell_type"] == "code" for output in cell["outputs"]]
    results = [output["data"][RESULT_MIME] for output in outputs if RESULT_MIME in output.get("data", {})]
    assert results[0]["headline"]["start"] == 3


def test_a_misspelt_parameter_stops_the_notebook(tmp_path: Path) -> None:
    lesson = str(lesson_path(find("retention_rate"), "en"))
    done = papermill(lesson, str(tmp_path / "out.ipynb"), "-p", "calender", "jalali")
    assert done.returncode == 1
    assert 'Did you mean "calendar"' in done.stderr
