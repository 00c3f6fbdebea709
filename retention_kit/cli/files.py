"""The commands that look at files before anything is computed: `check`, and `new`, which keeps what it learns."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from retention_kit.cli import options
from retention_kit.cli.runs import SETTINGS
from retention_kit.errors import RetentionError, check_choice
from retention_kit.language import digits, has_text, latin, listed, text
from retention_kit.subjects import SUBJECTS, USUAL_CALENDAR, all_parameters
from retention_kit.tables import contract_names

if TYPE_CHECKING:
    from retention_kit.tables import Receipt

_REFUSED = "refused.csv"
# What belongs to one log, and what stands between its name and what is said of it.
_OF_A_LOG = {"columns": ".", "formats": ".", "sheet": "="}
# What is asked for all logs together; what is left empty stays as it is without being asked.
_ASKED = ("calendar", "every", "currency")
# What is wrong with a file whose rows are something else.
_NOT_THIS_CONTRACT = ("missing_column", "ambiguous_column", "perhaps_orders")
# What is put right by saying which column is meant.
_WHICH_COLUMN = (*_NOT_THIS_CONTRACT, "column_not_in_file", "column_not_in_file_near")
# Round a path that was copied and pasted.
_QUOTES = "\"'“”«»"


def checker(language: str) -> Callable[..., None]:
    """The command that looks at files before anything is computed."""

    def check(files: list[str], **typed: Any) -> None:
        from retention_kit import intake
        from retention_kit.reports.drafts import free_name

        out, show_ids, as_json = typed.pop("out"), typed.pop("show_ids"), typed.pop("json")
        contract, chosen = typed.pop("contract"), typed["language"] or language
        said = {name: given for name, given in typed.items() if name != "language"}
        said |= {name: options.pairs(typed[name] or []) for name in ("columns", "formats")}
        said["calendar"] = typed["calendar"] or USUAL_CALENDAR[chosen]
        log = intake.read(files, contract, **said)
        refused = free_name(out / _REFUSED)  # a file that is there may be the reader's own
        if log.receipt.refused:
            out.mkdir(parents=True, exist_ok=True)
            intake.write_refused(log, refused, chosen, show_ids=show_ids)
        if as_json:
            typer.echo(_receipt_json(log.receipt))
            return
        typer.echo(_receipt_text(log.receipt, refused, chosen))
        if len(files) == 1 and (command := _next_command(files[0], contract, typed, chosen)):
            typer.echo(text("receipt.next", chosen, command=command))

    def say(key: str) -> str:
        return text(f"cli.check.{key}", language, names=contract_names())

    known = all_parameters()
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


def _receipt_text(receipt: Receipt, refused: Path, language: str) -> str:
    """The columns, the receipt, and where the refused rows are."""
    lines = [text("receipt.columns", language, source=receipt.source), receipt.mapping_words(language), ""]
    lines += [receipt.words(language), ""]
    if receipt.refused:
        lines.append(text("receipt.next_refused", language, refused=receipt.refused, file=refused.absolute()))
        if refused.name != _REFUSED:
            lines.append(text("receipt.kept", language, file=_REFUSED))
    return "\n".join(lines)


def _next_command(file: str, contract: str, typed: Mapping[str, Any], language: str) -> str:
    """The command that makes a report of this file, read as it was here; none where no lesson is on such a log.

    Args:
        file: as it was typed.
        contract: what a row of it is.
        typed: the options by their names, None where one was left out.
        language: of the report.
    """
    if not any(contract in subject.contracts for subject in SUBJECTS.values()):
        return ""
    words = ["retention-kit", "report"]
    if not _is_in_settings(file, contract):
        words += ["--data", f"{contract}={file}"]
        typed = {**typed, "language": language}
    for name, given in typed.items():
        of_log = f"{contract}{_OF_A_LOG[name]}" if name in _OF_A_LOG else ""
        for one in given if isinstance(given, list) else [given]:
            words += [f"--{name}", f"{of_log}{one}"] if one else []
    # What one shell takes for quotation marks another does not.
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def _is_in_settings(file: str, contract: str) -> bool:
    """Whether `retention.toml` names this file for this log; what is wrong with it is told when it is used."""
    from retention_kit import intake
    from retention_kit.reports.company import read_toml

    try:
        named = options.in_settings(read_toml(SETTINGS)).get(contract, {}).get("data", "")
    except RetentionError:
        return False
    return bool(named) and intake.at_home(str(named)).absolute() == intake.at_home(file).absolute()


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
        known = all_parameters()
        usual = {name: str(known[name].default) for name in _ASKED} | {"calendar": USUAL_CALENDAR[language]}
        asked = {name: _ask(f"cli.new.{name}", language, usual[name], known[name].check) for name in _ASKED}
        with SETTINGS.open("x", encoding="utf-8") as file:
            file.write(
                _as_toml({"language": language, **{name: value for name, value in asked.items() if value}}, logs)
            )
        typer.echo(text("cli.new.written", language, path=SETTINGS.name))

    return options.with_options(new, [options.of_language(language)])


def _ask_for_logs(language: str) -> dict[str, dict[str, Any]]:
    """File after file, until one is left empty; each with what its rows are and which columns it has."""
    logs: dict[str, dict[str, Any]] = {}
    while path := _prompt("cli.new.file", language).strip(_QUOTES).strip():
        try:
            found = _ask_for_log(path, language)
        except RetentionError as error:
            typer.echo(error.words(language))
        else:
            logs |= found
            if not found:
                typer.echo(text("cli.new.left_out", language, path=path))
    return logs


def _ask_for_log(path: str, language: str) -> dict[str, dict[str, Any]]:
    """What is to be known of one file, by what its rows are; nothing where a needed answer is left empty."""
    sheet = _ask_for_sheet(path, language)
    if sheet == "":
        return {}
    contract = _ask_for_contract(path, sheet, language)
    columns = _ask_for_columns(path, contract, sheet, language)
    if columns is None:
        return {}
    given = {"data": path, "sheet": sheet, "columns": columns}
    return {contract: {name: value for name, value in given.items() if value}}


def _ask_for_sheet(path: str, language: str) -> str | None:
    """The sheet that is meant, empty where none is; None where there is no choice."""
    from retention_kit import intake

    sheets = intake.sheets_of(path)
    if len(sheets) < 2:
        return None

    def check(typed: str) -> str:
        place = latin(typed)
        if typed not in sheets and place.isdecimal() and 1 <= int(place) <= len(sheets):
            return sheets[int(place) - 1]
        return intake.sheet_named(typed, sheets, Path(path).name) if typed else ""

    shown = (
        text("cli.new.numbered", language, number=digits(str(place), language), name=name)
        for place, name in enumerate(sheets, 1)
    )
    return _ask("cli.new.sheet", language, "", check, sheets=listed(shown, language))


def _ask_for_contract(path: str, sheet: str | None, language: str) -> str:
    from retention_kit import intake

    found: dict[str, int] = {}
    for contract in ("orders", *contract_names()):
        try:
            found.setdefault(contract, len(intake.preview(path, contract, sheet=sheet).mapping))
        except RetentionError as error:
            if error.code not in _NOT_THIS_CONTRACT:
                raise
    likely = max(found, key=lambda contract: found[contract], default="orders")

    def check(typed: str) -> str:
        check_choice("log", typed, contract_names())
        return typed

    return _ask("cli.new.contract", language, likely, check, allowed=contract_names())


def _ask_for_columns(path: str, contract: str, sheet: str | None, language: str) -> dict[str, str] | None:
    """The columns that are not recognised by their names; None where one that is needed is left empty."""
    from retention_kit import intake

    columns: dict[str, str] = {}
    while True:
        try:
            intake.preview(path, contract, columns=columns, sheet=sheet)
        except RetentionError as error:
            if error.code not in _WHICH_COLUMN:
                raise
            # Here the answer is typed: how it would be written elsewhere is left unsaid.
            own = f"cli.new.{error.code}"
            typer.echo(text(own, language, **error.facts) if has_text(own, language) else error.words(language))
            ours = str(error.facts["ours"])
            if not (theirs := _prompt("cli.new.column", language, ours=ours)):
                return None
            columns[ours] = theirs
        else:
            return columns


def _prompt(key: str, language: str, **facts: Any) -> str:
    """What is typed; empty where nothing is."""
    return str(typer.prompt(text(key, language, **facts), default="", show_default=False)).strip()


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
        lines += ["", f"[{contract}]"]
        lines += [f"{name} = {_quoted(given[name])}" for name in ("data", "sheet") if name in given]
        pairs = ", ".join(
            f"{_quoted(ours)} = {_quoted(theirs)}" for ours, theirs in given.get("columns", {}).items()
        )
        lines += [f"columns = {{ {pairs} }}"] if pairs else []
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    # JSON and TOML differ in one sign only, which a path may hold.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
