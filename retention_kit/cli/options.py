"""Options of commands, made from the parameters that `subjects` declares."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from retention_kit.errors import RetentionError, check_choice, nearest
from retention_kit.language import text
from retention_kit.subjects import Parameter, all_parameters
from retention_kit.tables import contract_names


def of_parameter(parameter: Parameter, language: str) -> inspect.Parameter:
    """An option left out stays None: the subject fills in its own default."""
    kind: Any = list[str] if isinstance(parameter.default, Mapping) else str
    shown = "|".join(parameter.choices) or {dict: "OURS=THEIRS", float: "NUMBER", int: "NUMBER"}.get(
        type(parameter.default), "TEXT"
    )
    help_text = text(f"lesson.parameter.{parameter.name}", language)
    option = typer.Option(help=help_text, metavar=shown, show_default=False)
    return given(parameter.name, kind | None, None, option)


def of_language(language: str) -> inspect.Parameter:
    """`--language`, which every command has."""
    return of_parameter(all_parameters()["language"], language)


def flag(name: str, help_text: str) -> inspect.Parameter:
    """An option that is there or not."""
    return given(name, bool, False, typer.Option(f"--{name.replace('_', '-')}", help=help_text))


def given(name: str, kind: Any, default: Any, option: Any) -> inspect.Parameter:
    """One option of a command."""
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, annotation=Annotated[kind, option], default=default
    )


def argument(name: str, kind: Any, help_text: str) -> inspect.Parameter:
    """What is typed without a name."""
    return inspect.Parameter(
        name,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        annotation=Annotated[kind, typer.Argument(help=help_text, show_default=False)],
    )


def with_options(command: Callable[..., Any], options: Iterable[inspect.Parameter]) -> Callable[..., Any]:
    """A command that typer reads these options off."""
    ordered = sorted(options, key=lambda option: option.kind)
    command.__signature__ = inspect.Signature(ordered)  # type: ignore[attr-defined]
    command.__annotations__ = {option.name: option.annotation for option in ordered}
    return command


def set_ones(typed: Mapping[str, Any]) -> dict[str, Any]:
    """The options that were set, pairs as pairs."""
    named = {name: value for name, value in typed.items() if value is not None}
    return {name: pairs(value) if isinstance(value, list) else value for name, value in named.items()}


def added(typed: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings with what was typed: it goes before them, and pairs are added to theirs."""
    found = {**settings, **typed}
    for name, value in typed.items():
        if isinstance(value, dict) and name in settings:
            found[name] = {**all_parameters()[name].check(settings[name]), **value}
    return found


def pairs(typed: Iterable[str]) -> dict[str, str]:
    """`ours=theirs` by ours."""
    found: dict[str, str] = {}
    for pair in typed:
        ours, equals, theirs = pair.partition("=")
        if not equals:
            raise RetentionError("wrong_pair", given=pair)
        name, said = ours.strip(), theirs.strip()
        if found.setdefault(name, said) != said:
            raise RetentionError("two_pairs", name=name, first=found[name], second=said)
    return found


def logs(typed: dict[str, Any], settings: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What was typed of each log: `--data orders=FILE`, `--columns orders.customer=Buyer`, `--sheet orders=Sales`.

    A file that names no log holds orders; all else that names none is for the only log there is. Where no file was
    typed, the logs are those of the settings, and what was typed goes before what the settings say.
    """
    found = _files(typed.pop("data") or []) or in_settings(settings)
    for option in ("columns", "formats"):
        said: dict[str, list[str]] = {}
        for pair in typed.pop(option) or []:
            contract, rest = _named(pair, ".") or (_only(found, pair), pair)
            said.setdefault(contract, []).append(rest)
        for contract, of_log in said.items():
            found[contract] = added({option: pairs(of_log)}, found.get(contract, {}))
    for sheet in typed.pop("sheet") or []:
        contract, name = _named(sheet, "=") or (_only(found, sheet), sheet)
        found.setdefault(contract, {})["sheet"] = name
    return found


def _files(typed: Iterable[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for typed_file in typed:
        contract, path = _named(typed_file, "=") or ("orders", _unnamed(typed_file))
        if contract in found:
            raise RetentionError("two_files", log=contract, first=found[contract]["data"], second=path)
        found[contract] = {"data": path}
    return found


def _unnamed(typed_file: str) -> str:
    """A file without the name of a log; a log that is there under another name only is no part of a path."""
    log, equals, _ = typed_file.partition("=")
    if equals and nearest(log, contract_names(), cutoff=0.5) and not Path(typed_file).exists():
        check_choice("data", log, contract_names())
    return typed_file


def in_settings(settings: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The logs of the settings, each of which may be written as its file alone."""
    given = {name: value for name, value in settings.items() if name in contract_names()}
    return {name: dict(value) if isinstance(value, dict) else {"data": value} for name, value in given.items()}


def _named(typed: str, separator: str) -> tuple[str, str] | None:
    contract, found, rest = typed.partition(separator)
    return (contract, rest) if found and contract in contract_names() else None


def _only(found: Mapping[str, Any], typed: str) -> str:
    if len(found) > 1:
        raise RetentionError("which_log", given=typed, allowed=tuple(found))
    return next(iter(found), "orders")
