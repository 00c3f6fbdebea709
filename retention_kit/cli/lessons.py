"""The commands of a workshop: `list`, and `lab`, which opens the lessons in JupyterLab."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from retention_kit.cli import options
from retention_kit.language import digits, text
from retention_kit.subjects import SUBJECTS, Subject

_FOLDER = Path("retention-kit-lessons")


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
        kept = copy_lessons(out, language)
        if kept:
            typer.echo(text("cli.lab.kept", language, count=kept, folder=out))
        typer.echo(text("cli.lab.opening", language, folder=out.absolute()))
        # On loopback only; JupyterLab makes a token of its own each time.
        command = [sys.executable, "-m", "jupyterlab", "--ip=127.0.0.1", f"--ServerApp.root_dir={out.absolute()}"]
        return subprocess.call(command)  # noqa: S603 our own interpreter

    folder = typer.Option(help=text("cli.lab.out", language))
    return options.with_options(lab, [options.of_language(language), options.given("out", Path, _FOLDER, folder)])


def copy_lessons(folder: Path, language: str) -> int:
    """Copy the lessons of one language and the data; returns how many files were there already, and stay so."""
    from retention_kit.datasets import shipped

    data = shipped("datasets")
    wanted = {path: folder / path.name for path in shipped("notebooks", language).glob("*.ipynb")}
    wanted |= {path: folder / "data" / path.relative_to(data) for path in data.rglob("*") if path.is_file()}
    kept = [target for target in wanted.values() if target.exists()]
    for source, target in wanted.items():
        if target not in kept:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    return len(kept)
