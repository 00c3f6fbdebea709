"""The command `retention-kit`: reads what was typed, calls the kit, prints what it found.

Commands and their options are made from `subjects`, in the language of the reader. What cannot be done ends with
one sentence and exit code 2, never with a traceback.
"""

from __future__ import annotations

import inspect
import os
import shlex
import sys
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from retention_kit.errors import RetentionError
from retention_kit.language import LANGUAGES, text
from retention_kit.subjects import SUBJECTS, Parameter, Subject
from retention_kit.tables import Receipt, contract_names

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
    app.command("check", help=text("cli.check.help", language))(_checker(language))
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
        for pairs in ("columns", "formats"):
            if pairs in named:
                named[pairs] = _pairs(named[pairs])
        _show(_with_progress(subject, {"language": language, **named}, out, language), language)

    options = [_option(parameter, language) for parameter in subject.parameters]
    folder = typer.Option(help=text("cli.run.out", language))
    return _with_options(run, [*options, _given("out", Path, Path(_SAMPLE_REPORT), folder)])


def _option(parameter: Parameter, language: str) -> inspect.Parameter:
    """An option left out stays None: the subject fills in its own default."""
    kind: Any = list[str] if isinstance(parameter.default, Mapping) else str
    shown = "|".join(parameter.choices) or {dict: "OURS=THEIRS", float: "NUMBER"}.get(
        type(parameter.default), "TEXT"
    )
    option = typer.Option(
        help=text(f"lesson.parameter.{parameter.name}", language), metavar=shown, show_default=False
    )
    return _given(parameter.name, kind | None, None, option)


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


def _checker(language: str) -> Callable[..., None]:
    """The command that looks at files before anything is computed."""

    def check(files: list[str], **given: Any) -> None:
        from retention_kit import intake

        out, show_ids, as_json = given.pop("out"), given.pop("show_ids"), given.pop("json")
        chosen = given.pop("language") or language
        given |= {name: _pairs(given[name] or []) for name in ("columns", "formats")}
        log = intake.read(files, given.pop("contract"), **given)
        refused = out / "refused.csv"
        if log.receipt.refused:
            out.mkdir(parents=True, exist_ok=True)
            intake.write_refused(log, refused, chosen, show_ids=show_ids)
        typer.echo(_receipt_json(log.receipt) if as_json else _receipt_text(log.receipt, files, refused, chosen))

    def say(key: str) -> str:
        return text(f"cli.check.{key}", language, names=", ".join(contract_names()))

    files = typer.Argument(help=say("files"), show_default=False)
    shared = ("columns", "formats", "sheet", "calendar", "zone", "currency", "language")
    known = {parameter.name: parameter for parameter in SUBJECTS["retention_rate"].parameters}
    return _with_options(
        check,
        [
            inspect.Parameter(
                "files", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Annotated[list[str], files]
            ),
            *(_option(known[name], language) for name in shared),
            _given("contract", str, "orders", typer.Option(help=say("contract"))),
            _given("out", Path, Path(), typer.Option(help=say("out"))),
            _given("show_ids", bool, False, typer.Option("--show-ids", help=say("show_ids"))),
            _given("json", bool, False, typer.Option("--json", help=say("json"))),
        ],
    )


def _given(name: str, kind: Any, default: Any, option: Any) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, annotation=Annotated[kind, option], default=default
    )


def _with_options(command: Callable[..., None], options: list[inspect.Parameter]) -> Callable[..., None]:
    """A command that typer reads these options off."""
    ordered = sorted(options, key=lambda option: option.kind)
    command.__signature__ = inspect.Signature(ordered)  # type: ignore[attr-defined]
    command.__annotations__ = {option.name: option.annotation for option in ordered}
    return command


def _receipt_json(receipt: Receipt) -> str:
    import json

    return json.dumps(receipt.as_dict(), ensure_ascii=False, indent=1)


def _receipt_text(receipt: Receipt, files: list[str], refused: Path, language: str) -> str:
    """The columns, the receipt, and what to do next."""
    lines = [text("receipt.columns", language, source=receipt.source), receipt.mapping_words(language), ""]
    lines += [receipt.words(language), ""]
    if receipt.refused:
        lines.append(text("receipt.next_refused", language, refused=receipt.refused, file=refused.absolute()))
    if len(files) == 1 and receipt.contract == "orders":
        command = f"retention-kit report --data {shlex.quote(files[0])} --language {language}"
        lines.append(text("receipt.next", language, command=command))
    return "\n".join(lines)


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
