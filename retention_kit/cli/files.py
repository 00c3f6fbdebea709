"""The commands that look at files before anything is computed: `check`, and `new`, which keeps what it learns."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from retention_kit.cli import options
from retention_kit.cli.runs import SETTINGS
from retention_kit.errors import RetentionError
from retention_kit.language import text
from retention_kit.tables import contract_names

if TYPE_CHECKING:
    from retention_kit.tables import Receipt

# What is asked for all logs together; what is left empty stays as it is without being asked.
_ASKED = ("calendar", "every", "currency")
# What is wrong with a file whose rows are something else.
_NOT_THIS_CONTRACT = ("missing_column", "ambiguous_column", "perhaps_orders")


def checker(language: str) -> Callable[..., None]:
    """The command that looks at files before anything is computed."""

    def check(files: list[str], **typed: Any) -> None:
        from retention_kit import intake

        out, show_ids, as_json = typed.pop("out"), typed.pop("show_ids"), typed.pop("json")
        chosen = typed.pop("language") or language
        typed |= {name: options.pairs(typed[name] or []) for name in ("columns", "formats")}
        log = intake.read(files, typed.pop("contract"), **typed)
        refused = out / "refused.csv"
        if log.receipt.refused:
            out.mkdir(parents=True, exist_ok=True)
            intake.write_refused(log, refused, chosen, show_ids=show_ids)
        typer.echo(_receipt_json(log.receipt) if as_json else _receipt_text(log.receipt, files, refused, chosen))

    def say(key: str) -> str:
        return text(f"cli.check.{key}", language, names=", ".join(contract_names()))

    known = options.all_parameters()
    shared = ("columns", "formats", "sheet", "calendar", "zone", "currency", "language")
    own = [
        options.argument("files", list[str], say("files")),
        options.given("contract", str, "orders", typer.Option(help=say("contract"))),
        options.given("out", Path, Path(), typer.Option(help=say("out"))),
        options.flag("show_ids", say("show_ids")),
        options.flag("json", say("json")),
    ]
    return options.with_options(check, [*(options.of_parameter(known[name], language) for name in shared), *own])


def _receipt_json(receipt: Receipt) -> str:
    return json.dumps(receipt.as_dict(), ensure_ascii=False, indent=1)


def _receipt_text(receipt: Receipt, files: list[str], refused: Path, language: str) -> str:
    """The columns, the receipt, and what to do next."""
    lines = [text("receipt.columns", language, source=receipt.source), receipt.mapping_words(language), ""]
    lines += [receipt.words(language), ""]
    if receipt.refused:
        lines.append(text("receipt.next_refused", language, refused=receipt.refused, file=refused.absolute()))
    if len(files) == 1:
        data = shlex.quote(f"{receipt.contract}={files[0]}")
        command = f"retention-kit report --data {data} --language {language}"
        lines.append(text("receipt.next", language, command=command))
    return "\n".join(lines)


def writer_of_settings(language: str) -> Callable[..., None]:
    """The command that asks for files and writes `retention.toml`."""

    def new(**_: Any) -> None:
        if SETTINGS.exists():
            raise RetentionError("exists", path=SETTINGS.name)
        typer.echo(text("cli.new.welcome", language))
        logs = _ask_for_logs(language)
        if not logs:
            typer.echo(text("cli.new.no_log", language, path=SETTINGS.name))
            return
        known = options.all_parameters()
        asked = {
            name: _ask(f"cli.new.{name}", language, str(known[name].default), known[name].check) for name in _ASKED
        }
        with SETTINGS.open("x", encoding="utf-8") as file:
            file.write(
                _as_toml({"language": language, **{name: value for name, value in asked.items() if value}}, logs)
            )
        typer.echo(text("cli.new.written", language, path=SETTINGS.name))

    return options.with_options(new, [options.of_parameter(options.all_parameters()["language"], language)])


def _ask_for_logs(language: str) -> dict[str, dict[str, Any]]:
    """File after file, until one is left empty; each with what its rows are and which columns it has."""
    logs: dict[str, dict[str, Any]] = {}
    while path := typer.prompt(text("cli.new.file", language), default="", show_default=False).strip():
        try:
            contract = _ask_for_contract(path, language)
            logs[contract] = {"data": path, **_ask_for_columns(path, contract, language)}
        except RetentionError as error:
            typer.echo(error.words(language))
    return logs


def _ask_for_contract(path: str, language: str) -> str:
    from retention_kit import intake

    found: dict[str, int] = {}
    for contract in ("orders", *contract_names()):
        try:
            found.setdefault(contract, len(intake.preview(path, contract).mapping))
        except RetentionError as error:
            if error.code not in _NOT_THIS_CONTRACT:
                raise
    likely = max(found, key=lambda contract: found[contract], default="orders")
    allowed = ", ".join(contract_names())

    def check(typed: str) -> str:
        if typed not in contract_names():
            raise RetentionError("wrong_choice", name="log", given=typed, allowed=allowed)
        return typed

    return _ask("cli.new.contract", language, likely, check, allowed=allowed)


def _ask_for_columns(path: str, contract: str, language: str) -> dict[str, Any]:
    """The columns that are not recognised by their names."""
    from retention_kit import intake

    columns: dict[str, str] = {}
    while True:
        try:
            intake.preview(path, contract, columns=columns)
        except RetentionError as error:
            if error.code not in (
                "missing_column",
                "ambiguous_column",
                "column_not_in_file",
                "column_not_in_file_near",
            ):
                raise
            typer.echo(error.words(language))
            ours = str(error.facts["ours"])
            columns[ours] = typer.prompt(text("cli.new.column", language, ours=ours)).strip()
        else:
            return {"columns": columns} if columns else {}


def _ask(key: str, language: str, usual: str, check: Callable[[str], Any], **facts: Any) -> str:
    """Ask until the answer can be used."""
    while True:
        typed = typer.prompt(text(key, language, **facts), default=usual, show_default=bool(usual)).strip()
        try:
            return str(check(typed))
        except RetentionError as error:
            typer.echo(error.words(language))


def _as_toml(parameters: Mapping[str, Any], logs: Mapping[str, Mapping[str, Any]]) -> str:
    """Settings as TOML, whose texts are written as JSON writes them."""
    lines = [f"{name} = {_quoted(value)}" for name, value in parameters.items()]
    for contract, given in logs.items():
        lines += ["", f"[{contract}]", f"data = {_quoted(given['data'])}"]
        pairs = ", ".join(
            f"{_quoted(ours)} = {_quoted(theirs)}" for ours, theirs in given.get("columns", {}).items()
        )
        lines += [f"columns = {{ {pairs} }}"] if pairs else []
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    # JSON and TOML differ in one sign only, which a path may hold.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
