"""The commands that run lessons: one, the whole report, many companies."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from retention_kit.cli import options
from retention_kit.errors import RetentionError
from retention_kit.language import text
from retention_kit.subjects import Parameter, Subject, all_parameters
from retention_kit.tables import contract_names

if TYPE_CHECKING:
    from retention_kit.reports import Progress
    from retention_kit.reports.outcome import Run

# What `new` writes, and what is used where no file is named.
SETTINGS = Path("retention.toml")
_OUT = Path("retention-kit-report")
# No more companies at a time than any computer has cores.
_JOBS = Parameter("jobs", 2, least=1, most=256)
_OUT_OF_MANY = Path("retention-kit-reports")


def _shared(language: str, out: Path) -> list[Any]:
    """The options of every command that runs something."""
    folder = typer.Option(help=text("cli.run.out", language))
    return [
        options.given("out", Path, out, folder),
        options.flag("quiet", text("cli.run.quiet", language)),
        options.flag("json", text("cli.run.json", language)),
    ]


def runner(subject: Subject, language: str) -> Callable[..., int]:
    """The command that runs one lesson; its options are the lesson's parameters."""

    def run(*, out: Path, quiet: bool, json: bool, **typed: Any) -> int:
        from retention_kit import reports

        settings = _settings_of(subject, language, typed)
        given = {"language": language, **options.added(options.set_ones(typed), settings)}
        with _progress(text("cli.run.working", language), quiet) as progress:
            made = reports.run(subject.name, given, out, progress=progress)
        return _tell(made, given["language"], quiet=quiet, as_json=json)

    parameters = [options.of_parameter(parameter, language) for parameter in subject.parameters]
    return options.with_options(run, [*parameters, *_shared(language, _OUT)])


def _settings_of(subject: Subject, language: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What `retention.toml` says for one lesson, where no file was named."""
    settings = {} if typed.get("data") else _settings()
    if not settings:
        return {}
    from retention_kit.reports.company import company_of

    spoken = {"language": typed["language"]} if typed.get("language") else {}
    asked = company_of({"language": language, **settings, **spoken}, Path.cwd())
    logs = [name for name in contract_names() if name in settings]
    if not logs:  # the sample is the lesson's own, not the report's
        return {name: settings[name] for name in settings if name in {one.name for one in subject.parameters}}
    wanted = tuple(name for name in subject.contracts if name == typed.get("contract")) or subject.contracts
    task = asked.task(subject, wanted)
    if task is None:
        facts = {"needed": wanted, "given": tuple(logs), "path": SETTINGS.name}
        raise RetentionError("lesson_needs", lesson=subject.name, **facts)
    return dict(task.parameters)


def reporter(language: str) -> Callable[..., int]:
    """The command that makes the whole report."""

    def report(*, out: Path, quiet: bool, json: bool, pdf: bool, **typed: Any) -> int:
        from retention_kit import reports

        settings = {} if typed["data"] else _settings()
        logs = options.logs(typed, settings)
        given = {"language": language, **options.added(options.set_ones(typed), settings), **logs}
        with _progress(text("cli.report.working", language), quiet) as progress:
            made = reports.report(given, out, pdf=pdf, progress=progress)
        return _tell(made, given["language"], quiet=quiet, as_json=json)

    def repeated(name: str, shown: str) -> Any:
        option = typer.Option(help=text(f"cli.report.{name}", language), metavar=shown, show_default=False)
        return options.given(name, list[str] | None, None, option)

    of_logs = {"data": "LOG=FILE", "columns": "LOG.OURS=THEIRS", "formats": "LOG.OURS=FORMAT", "sheet": "LOG=NAME"}
    shared = [
        options.of_parameter(parameter, language)
        for name, parameter in all_parameters().items()
        if name not in (*of_logs, "sheets", "contract", *contract_names())
    ]
    own = [*(repeated(name, shown) for name, shown in of_logs.items()), *shared]
    pdf_option = options.flag("pdf", text("cli.report.pdf", language))
    return options.with_options(report, [*own, *_shared(language, _OUT), pdf_option])


def _settings() -> dict[str, Any]:
    from retention_kit.reports.company import read_toml

    return read_toml(SETTINGS) if SETTINGS.exists() else {}


def batch_runner(language: str) -> Callable[..., int]:
    """The command that makes the reports of many companies."""

    def batch(file: Path, *, out: Path, jobs: str, quiet: bool, json: bool, **_: Any) -> int:
        from retention_kit import reports

        at_a_time = _JOBS.check(jobs)
        with _progress(text("cli.batch.working", language), quiet) as progress:
            made = reports.batch(file, out, jobs=at_a_time, language=language, progress=progress)
        if json:
            _print_json(made.as_dict())
        elif not quiet:
            for outcome in made.outcomes:
                typer.echo(outcome.line(language))
            typer.echo(text("cli.run.page", language, path=made.page.absolute()))
        if quiet or json:
            for outcome in made.unfinished:
                typer.echo(outcome.line(language), err=True)
        return 1 if made.unfinished else 0

    about_jobs = typer.Option(help=text("cli.batch.jobs", language), metavar="NUMBER")
    jobs_option = options.given("jobs", str, str(_JOBS.default), about_jobs)
    file = options.argument("file", Path, text("cli.batch.file", language))
    return options.with_options(
        batch, [file, jobs_option, options.of_language(language), *_shared(language, _OUT_OF_MANY)]
    )


@contextmanager
def _progress(doing: str, quiet: bool) -> Iterator[Progress | None]:
    """A bar with the time that is left, on the error stream where that is a terminal."""
    if quiet:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(doing, total=1.0)
        yield lambda done: bar.update(task, completed=done)


def _tell(made: Run, language: str, *, quiet: bool, as_json: bool) -> int:
    """Say what was found and where it lies; 1 where a lesson stopped half-way."""
    if as_json:
        _print_json(made.as_dict())
    elif not quiet:
        for line in made.said:
            typer.echo(line)
        if made.edited is not None:
            typer.echo(text("report.edited", language, name=made.edited.name))
        typer.echo(text("cli.run.page", language, path=made.page.absolute()))
    for lesson, cause in made.stopped.items():
        typer.echo(text("cli.run.stopped", language, lesson=lesson, cause=cause), err=True)
    return 1 if made.stopped else 0


def _print_json(content: Mapping[str, Any]) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, indent=1))
