"""Chromium and JupyterLab for the tests and benchmarks that look at the kit as a reader does."""

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright

from retention_kit.cli.lessons import jupyter_command, jupyter_environment

NAMES = ("chromium", "chromium-browser", "google-chrome", "msedge")
CHROMIUM = next((found for found in map(shutil.which, NAMES) if found), None)
ABSENT = "not looked at in a browser: no Chromium on this machine (get it with: apt-get install chromium)"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Nothing of whoever runs the tests is read or written.
PLACES = {
    "JUPYTER_CONFIG_DIR": ".config",
    "JUPYTER_DATA_DIR": ".data",
    "JUPYTERLAB_SETTINGS_DIR": ".settings",
    "JUPYTERLAB_WORKSPACES_DIR": ".workspaces",
}
MINUTES = 180_000


def in_chromium(test: Callable[..., None]) -> Callable[..., None]:
    """A test that looks at the kit in Chromium, or says that it could not."""
    return pytest.mark.browser(pytest.mark.skipif(CHROMIUM is None, reason=ABSENT)(test))


class Visit:
    """A browser window that may reach one place only, and remembers what it tried and what went wrong."""

    def __init__(self, context: BrowserContext, allowed: str) -> None:
        self.refused: list[str] = []
        self.errors: list[str] = []
        here = (allowed, "data:", "blob:")
        context.route(lambda url: not url.startswith(here), self._refuse)
        self.page: Page = context.new_page()
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: dialog.accept())

    def _refuse(self, route: Any) -> None:
        self.refused.append(route.request.url)
        route.abort()


@contextmanager
def visit(allowed: str, width: int = 1280, height: int = 900, **options: Any) -> Iterator[Visit]:
    """A fresh window of this size; addresses that do not begin with `allowed` are refused."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        try:
            yield Visit(context, allowed)
        finally:
            context.close()
            browser.close()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def jupyter_lab(folder: Path) -> Iterator[str]:
    """JupyterLab as `retention-kit lab` starts it over `folder`, with settings of its own; its address."""
    own = {name: str(folder / place) for name, place in PLACES.items()}
    address = f"http://127.0.0.1:{_free_port()}"
    command = [*jupyter_command(folder), "--no-browser", "--allow-root", f"--port={address.rsplit(':', 1)[1]}"]
    command += ["--IdentityProvider.token=", "--ServerApp.password=", "--expose-app-in-browser"]
    with (folder / ".lab.log").open("w") as log:
        environment = {**jupyter_environment(), **own, "JUPYTER_PREFER_ENV_PATH": "1"}
        server = subprocess.Popen(
            command, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            _wait_for(address, server, folder / ".lab.log")
            yield address
        finally:
            # Its kernels belong to its group and end with it.
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)


def _wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/api/status", timeout=2).close()  # noqa: S310
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")


def write_notebook(path: Path, *cells: str) -> None:
    """A notebook of these code cells; it names its kernel, else JupyterLab asks for one."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made = [nbformat.v4.new_code_cell(cell) for cell in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": kernel}), path)


def open_notebook(page: Page, address: str, name: str) -> None:
    """Open a notebook and wait until its kernel is ready."""
    page.goto(f"{address}/lab/tree/{name}?reset")
    page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell", timeout=MINUTES)
    page.wait_for_function(
        "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
        timeout=MINUTES,
    )


def run_all(page: Page) -> None:
    """Run every cell and wait until each has run; asked of the model, as far cells are not in the page."""
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(
        """() => {
          const { sessionContext, content } = window.jupyterapp.shell.currentWidget;
          const waiting = [...content.model.cells].filter(
            (cell) => cell.type === "code" && cell.sharedModel.source.trim() && !cell.executionCount);
          return sessionContext.session.kernel.status === "idle" && waiting.length === 0;
        }""",
        timeout=MINUTES,
    )


def run_cell(page: Page, place: int) -> None:
    """Run one cell by its place, and wait for its answer."""
    page.evaluate(
        """(place) => {
          window.jupyterapp.shell.currentWidget.content.activeCellIndex = place;
          return window.jupyterapp.commands.execute("notebook:run-cell");
        }""",
        place,
    )
    page.wait_for_timeout(250)


def output_errors(page: Page) -> list[str]:
    """What went wrong in the cells: exceptions and whatever was written to stderr."""
    return page.evaluate(
        """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
          .filter((cell) => cell.type === "code")
          .flatMap((cell) => cell.sharedModel.toJSON().outputs)
          .filter((output) => output.output_type === "error" || output.name === "stderr")
          .map((output) => output.evalue ?? String(output.text))"""
    )


def show_cell(page: Page, holding: str) -> None:
    """Bring the first cell whose source holds this text into view."""
    page.evaluate(
        """async (holding) => {
          const { content } = window.jupyterapp.shell.currentWidget;
          const place = [...content.model.cells].findIndex((cell) => cell.sharedModel.source.includes(holding));
          content.activeCellIndex = place;
          await content.scrollToItem(place, "start");
        }""",
        holding,
    )
