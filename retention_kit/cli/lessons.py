"""The commands of a workshop: `list`, and `lab`, which opens the lessons in JupyterLab."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import typer

from retention_kit.cli import options
from retention_kit.language import digits, text
from retention_kit.subjects import SUBJECTS, Subject

_FOLDER = Path("retention-kit-lessons")
# What JupyterLab begins with, below the reader's own settings: no pop-up about news, no look for updates; the
# source of a lesson's prose stays shut; what is set in a lab is saved with the notebook.
_JUPYTER = Path(__file__).with_name("jupyter")
# Seconds after which a kernel is ended that nobody looks at and that computes nothing.
_IDLE = 1_200


def lister(language: str) -> Callable[..., None]:
    """The command that names the lessons."""

    def show(*, json: bool, **_: Any) -> None:
        lessons = sorted(SUBJECTS.values(), key=lambda subject: subject.number)
        if json:
            _print_json([_about(subject, language) for subject in lessons])
            return
        for subject in lessons:
            typer.echo(_line(subject, language))

    return options.with_options(
        show, [options.of_language(language), options.flag("json", text("cli.list.json", language))]
    )


def _about(subject: Subject, language: str) -> dict[str, Any]:
    return {
        "number": subject.number,
        "lesson": subject.name,
        "title": text(f"{subject.name}.title", language),
        "minutes": subject.minutes,
        "logs": list(subject.contracts),
    }


def _line(subject: Subject, language: str) -> str:
    return text(
        "cli.list.line",
        language,
        number=digits(f"{subject.number:02d}", language),
        lesson=subject.name,
        title=text(f"{subject.name}.title", language),
        minutes=subject.minutes,
    )


def _print_json(content: Any) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, indent=1))


def lab_opener(language: str) -> Callable[..., int]:
    """The command that copies lessons and data to a folder of the reader's own and opens JupyterLab there."""

    def lab(*, out: Path, **_: Any) -> int:
        # The lessons of both languages have the same names.
        folder = out.absolute() / language
        kept = copy_lessons(folder, language)
        if kept:
            typer.echo(text("cli.lab.kept", language, count=kept, folder=folder))
        typer.echo(text("cli.lab.opening", language, folder=folder))
        return subprocess.call(jupyter_command(folder), env=jupyter_environment())  # noqa: S603 our own interpreter

    folder = typer.Option(help=text("cli.lab.out", language))
    return options.with_options(lab, [options.of_language(language), options.given("out", Path, _FOLDER, folder)])


def jupyter_command(folder: Path) -> list[str]:
    """What starts JupyterLab: on loopback only; it makes a token of its own each time."""
    own = ["--ip=127.0.0.1", f"--ServerApp.root_dir={folder}", f"--MappingKernelManager.cull_idle_timeout={_IDLE}"]
    return [sys.executable, "-m", "jupyterlab", *own]


def jupyter_environment() -> dict[str, str]:
    """The environment of JupyterLab, our settings named first; nothing of the reader's is written."""
    places = [str(_JUPYTER), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    return {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, places))}


def copy_lessons(folder: Path, language: str) -> int:
    """Copy the lessons of one language and the data; returns how many files were there already, and stay so."""
    from retention_kit.datasets import shipped

    data = shipped("datasets")
    wanted = {path: folder / path.name for path in shipped("notebooks", language).glob("*.ipynb")}
    wanted |= {path: folder / "data" / path.relative_to(data) for path in data.rglob("*") if path.is_file()}
    kept = [target for target in wanted.values() if target.exists()]
    written = {source: target for source, target in wanted.items() if target not in kept}
    for source, target in written.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    _trust(source for source in written if source.suffix == ".ipynb")
    return len(kept)


def _trust(lessons: Iterable[Path]) -> None:
    """Sign lessons for the reader's own Jupyter: in a notebook that it does not trust, labs are dead until run.

    What is signed is the content of ours, so that a copy is trusted only while it is equal to it.
    """
    import nbformat
    from nbformat.sign import NotebookNotary

    with NotebookNotary() as notary:
        for lesson in lessons:
            notary.sign(nbformat.read(lesson, as_version=4))
