"""The command `retention-kit`: reads what was typed, calls the kit, prints what it found.

Commands and their options are made from `subjects`, in the language of the reader. What cannot be done ends with
one sentence and exit code 2, never with a traceback.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from retention_kit.errors import RetentionError
from retention_kit.language import LANGUAGES, text
from retention_kit.subjects import SUBJECTS, Parameter, Subject

if TYPE_CHECKING:
    from retention_kit.reports import Run

_UsageError: type[Any] = typer.BadParameter.__bases__[0]
_SAMPLE_REPORT = "retention-kit-report"


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run_command(sys.argv[1:]))


def run_command(arguments: list[str]) -> int:
    """Carry out one command line; returns 0, or 2 where the reader has something to put right."""
    language = _language(arguments)
    try:
        code = build(language)(arguments, standalone_mode=False)
    except RetentionError as error:
        return _refuse(error.words(language), language)
    except _UsageError as error:
        return _refuse(_usage(error, language), language)
    except (KeyboardInterrupt, typer.Abort):
        return _refuse(text("cli.stopped", language), language, code=130)
    return code if isinstance(code, int) else 0


def build(language: str) -> typer.Typer:
    """The commands with their help in one language."""
    app = typer.Typer(
        help=text("cli.help", language), no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )
    run = typer.Typer(help=text("cli.run.help", language), no_args_is_help=True)
    for subject in SUBJECTS.values():
        run.command(subject.name, help=text(f"{subject.name}.title", language))(_runner(subject, language))
    app.add_typer(run, name="run")
    app.command("report", help=text("cli.report.help", language))(_runner(SUBJECTS["retention_rate"], language))
    return app


def _language(arguments: list[str]) -> str:
    """The language asked for, before anything else is read: `--language`, else the one of the system."""
    for place, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        chosen = value or (arguments[place + 1] if place + 1 < len(arguments) else "")
        if name == "--language" and chosen in LANGUAGES:
            return chosen
    return "fa" if os.environ.get("LANG", "").startswith("fa") else "en"


def _runner(subject: Subject, language: str) -> Callable[..., None]:
    """A command whose options are the parameters of a subject."""

    def run(**given: Any) -> None:
        out = given.pop("out")
        named = {_name: value for _name, value in given.items() if value is not None}
        if "columns" in named:
            named["columns"] = _pairs(named["columns"])
        _show(_with_progress(subject, {"language": language, **named}, out, language), language)

    options = [_option(parameter, language) for parameter in subject.parameters]
    folder = Annotated[Path, typer.Option(help=text("cli.run.out", language))]
    out = inspect.Parameter("out", inspect.Parameter.KEYWORD_ONLY, annotation=folder, default=Path(_SAMPLE_REPORT))
    run.__signature__ = inspect.Signature([*options, out])  # type: ignore[attr-defined]
    run.__annotations__ = {option.name: option.annotation for option in (*options, out)}
    return run


def _option(parameter: Parameter, language: str) -> inspect.Parameter:
    """An option left out stays None: the subject fills in its own default."""
    kind: Any = list[str] if isinstance(parameter.default, Mapping) else str
    shown = "|".join(parameter.choices) or {dict: "OURS=THEIRS", float: "NUMBER"}.get(
        type(parameter.default), "TEXT"
    )
    option = typer.Option(
        help=text(f"lesson.parameter.{parameter.name}", language), metavar=shown, show_default=False
    )
    return inspect.Parameter(
        parameter.name, inspect.Parameter.KEYWORD_ONLY, annotation=Annotated[kind | None, option], default=None
    )


def _pairs(given: list[str]) -> dict[str, str]:
    for pair in given:
        if "=" not in pair:
            raise RetentionError("wrong_pair", given=pair)
    return {ours.strip(): theirs.strip() for ours, theirs in (pair.split("=", 1) for pair in given)}


def _with_progress(subject: Subject, given: Mapping[str, Any], out: Path, language: str) -> Run:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    from retention_kit import reports

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(text("cli.run.working", language), total=None)
        return reports.run(
            subject.name, given, out, progress=lambda done, total: bar.update(task, completed=done, total=total)
        )


def _show(run: Run, language: str) -> None:
    for line in run.headlines(language):
        typer.echo(line)
    typer.echo(text("cli.run.page", language, path=run.page.absolute()))


def _refuse(sentence: str, language: str, code: int = 2) -> int:
    typer.echo(sentence, err=True)
    if code == 2:
        typer.echo(text("cli.see_help", language), err=True)
    return code


def _usage(error: Any, language: str) -> str:
    """What is wrong with the words of a command line, in the reader's language."""
    option = getattr(error, "option_name", None)
    if option is None:
        return text("cli.usage", language, detail=error.format_message())
    known = [f"--{name.replace('_', '-')}" for name in (*_all_parameters(), "out", "help")]
    near = get_close_matches(option, known, n=1, cutoff=0.4)
    if near:
        return text("cli.unknown_option_near", language, name=option, near=near[0])
    return text("cli.unknown_option", language, name=option)


def _all_parameters() -> list[str]:
    return list(dict.fromkeys(parameter.name for subject in SUBJECTS.values() for parameter in subject.parameters))


if __name__ == "__main__":
    main()
