"""The lessons under papermill alone, as schedulers run them, with notebooks behind two of its back ends."""

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
    """What papermill needs of a place for notebooks, plain HTTP or S3: GET, HEAD and PUT."""

    # A client of S3 asks before it sends, and waits for the answer that only this version gives.
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.answer(STORED[self.path])

    def do_HEAD(self) -> None:
        self.answer(STORED[self.path])

    def do_PUT(self) -> None:
        STORED[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(b"")

    def answer(self, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(params=["http", "s3"])
def folder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the folder `lessons` in a store on loopback, which is empty."""
    STORED.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Store) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        if request.param == "s3":
            pytest.importorskip("boto3")
            monkeypatch.setenv("AWS_ENDPOINT_URL", address)
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", "anybody")
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "anything")
        yield f"{address}/lessons" if request.param == "http" else "s3://lessons"
        server.shutdown()


def papermill(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "papermill", *words]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_a_lesson_is_read_from_a_store_run_on_own_data_and_written_back(folder: str, tmp_path: Path) -> None:
    orders = write_orders(tmp_path / "orders.csv")
    STORED["/lessons/lesson.ipynb"] = lesson_path(find("retention_rate"), "fa").read_bytes()
    done = papermill(f"{folder}/lesson.ipynb", f"{folder}/out.ipynb", "-p", "data", str(orders))
    assert done.returncode == 0, done.stderr
    lesson, ran = (json.loads(STORED[f"/lessons/{name}.ipynb"])["cells"] for name in ("lesson", "out"))
    outputs = [output for cell in ran if cell["cell_type"] == "code" for output in cell["outputs"]]
    results = [output["data"][RESULT_MIME] for output in outputs if RESULT_MIME in output.get("data", {})]
    assert results[0]["headline"]["start"] == 3
    prose, as_it_arrived = (
        [cell["source"] for cell in cells if cell["cell_type"] == "markdown"] for cells in (lesson, ran)
    )
    assert as_it_arrived == prose


def test_a_misspelt_parameter_stops_the_notebook(tmp_path: Path) -> None:
    lesson = str(lesson_path(find("retention_rate"), "en"))
    done = papermill(lesson, str(tmp_path / "out.ipynb"), "-p", "calender", "jalali")
    assert done.returncode == 1
    assert 'Did you mean "calendar"' in done.stderr
