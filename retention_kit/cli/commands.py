"""The commands and their help in the language of the reader, and how every one of them ends.

What cannot be done ends with one sentence and an exit code, never with a traceback.
"""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Callable
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from retention_kit.cli import options
from retention_kit.cli.files import checker, writer_of_settings
from retention_kit.cli.lessons import lab_opener, lister
from retention_kit.cli.runs import SETTINGS, batch_runner, reporter, runner
from retention_kit.errors import RetentionError, nearest
from retention_kit.language import LANGUAGES, text
from retention_kit.subjects import SUBJECTS, find

# The class of all that typer finds wrong with the words of a command; it has no public name.
_UsageError: type[Any] = typer.BadParameter.__bases__[0]
_LANGUAGE_IN_SETTINGS = re.compile(r"""^\s*language\s*=\s*["'](\w+)["']""", re.MULTILINE)
_STOPPED = 130
_COMMANDS = {
    "report": reporter,
    "check": checker,
    "new": writer_of_settings,
    "batch": batch_runner,
    "list": lister,
    "lab": lab_opener,
}


def carry_out(arguments: list[str]) -> int:
    """Carry out one command line; see `cli.run_command`."""
    language = _language(arguments)
    try:
        _check_language(arguments)
        code = build(language)(arguments, standalone_mode=False)
    except RetentionError as error:
        # Who asks for farsi reads Persian, whatever the language of the system.
        language = error.facts["near"] if error.code == "unknown_language_near" else language
        return _refuse(error.words(language), language)
    except _UsageError as error:
        return _refuse(_usage(error, arguments, language), language)
    except OSError as error:
        facts = {"folder": error.filename, "cause": error.strerror or str(error)}
        return _refuse(text("error.cannot_write", language, **facts), language)
    except (KeyboardInterrupt, typer.Abort):
        code = _STOPPED
    if code == _STOPPED:  # also what typer makes of a stop at the keyboard, without a word
        return _refuse(text("cli.stopped", language), language, code=_STOPPED)
    return code if isinstance(code, int) else 0


class _Group(TyperGroup):
    """Commands by their names; where nothing is typed, their help."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, args or ["--help"])


class _Commands(_Group):
    """All commands; a name that is none of them is refused with the one that was meant, perhaps a lesson."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name = args[0]
        if name in self.commands:
            return super().resolve_command(ctx, args)
        near = nearest(name, (*self.commands, *SUBJECTS), cutoff=0.4)
        if near is None:
            raise RetentionError("unknown_command", name=name, allowed=tuple(self.commands))
        raise RetentionError("unknown_command_near", name=name, near=f"run {near}" if near in SUBJECTS else near)


class _Lessons(_Group):
    """The lessons as commands of `run`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        find(args[0])
        return super().resolve_command(ctx, args)


class _Command(TyperCommand):
    """A command; words that no argument takes are refused by what they are."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        ctx.allow_extra_args = True
        if rest := super().parse_args(ctx, args):
            raise RetentionError("extra_words", words=tuple(rest), command=ctx.info_name)
        return rest


def build(language: str) -> typer.Typer:
    """The commands with their help in one language."""
    app = typer.Typer(
        cls=_Commands, help=text("cli.help", language), add_completion=False, pretty_exceptions_enable=False
    )
    run = typer.Typer(cls=_Lessons, help=text("cli.run.help", language))
    for group in (app, run):
        group.callback()(_speaker(language))
    for subject in SUBJECTS.values():
        about = text(f"{subject.name}.title", language)
        run.command(subject.name, cls=_Command, help=about)(runner(subject, language))
    app.add_typer(run, name="run")
    for name, command in _COMMANDS.items():
        app.command(name, cls=_Command, help=text(f"cli.{name}.help", language))(command(language))
    return app


def _speaker(language: str) -> Callable[..., None]:
    """`--language` before a command, which is then what was said to the command."""

    def speak(context: typer.Context, **typed: Any) -> None:
        group: Any = context.command
        context.default_map = dict.fromkeys(group.commands, typed)

    context = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    return options.with_options(speak, [context, options.of_language(language)])


def _asked_language(arguments: list[str]) -> str:
    """What stands behind `--language`; nothing where it is not typed."""
    words = pairwise([*arguments, ""])
    for argument, following in reversed(list(words)):  # of two, the last goes before
        name, equals, value = argument.partition("=")
        if name == "--language":
            return value if equals else following
    return ""


def _check_language(arguments: list[str]) -> None:
    asked = _asked_language(arguments)
    if asked in ("", *LANGUAGES):
        return
    near = nearest(asked, LANGUAGES, cutoff=0.7)
    if near:
        raise RetentionError("unknown_language_near", name=asked, near=near)
    raise RetentionError("unknown_language", name=asked)


def _language(arguments: list[str]) -> str:
    """The language asked for: `--language`, else that of the settings, else the one of the system."""
    if (asked := _asked_language(arguments)) in LANGUAGES:
        return asked
    for file in (*(Path(argument) for argument in arguments if argument.endswith(".toml")), SETTINGS):
        if (chosen := _written_language(file)) in LANGUAGES:
            return chosen
    return "fa" if os.environ.get("LANG", "").startswith("fa") else "en"


def _written_language(file: Path) -> str:
    """The language that a file of settings names, also where the file cannot be read whole: that is told in it."""
    try:
        written = file.read_text("utf-8-sig")
    except (OSError, ValueError):
        return ""
    named = _LANGUAGE_IN_SETTINGS.search(written.split("\n[")[0])
    return named[1] if named else ""


def _refuse(sentence: str, language: str, code: int = 2) -> int:
    typer.echo(sentence, err=True)
    if code == 2:
        typer.echo(text("cli.see_help", language), err=True)
    return code


def _usage(error: Any, arguments: list[str], language: str) -> str:
    """What is wrong with the words of a command line, in the reader's language."""
    context, option = error.ctx, getattr(error, "option_name", "")
    kind = type(error).__name__
    if kind == "MissingParameter":
        return text(f"cli.{context.info_name}.missing", language)
    if kind == "BadOptionUsage":  # the last word is an option that needs a value, or a flag has one
        told = "option_without_value" if arguments[-1] == option else "flag_with_value"
        return text(f"cli.{told}", language, name=option)
    if kind != "NoSuchOption":
        return text("cli.missing_command", language, allowed=tuple(context.command.commands))
    known = [name for parameter in context.command.params for name in parameter.opts]
    near = get_close_matches(option, known, n=1, cutoff=0.4)
    if near:
        return text("cli.unknown_option_near", language, name=option, near=near[0])
    return text("cli.unknown_option", language, name=option)
