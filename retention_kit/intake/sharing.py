"""What leaves the engine for somebody's eyes: refused rows as a file, ids that look personal replaced."""

from __future__ import annotations

import csv
import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Any, TextIO

from retention_kit.engine import quoted
from retention_kit.errors import RetentionError
from retention_kit.intake.checks import PERSONAL
from retention_kit.language import parse_number, text
from retention_kit.tables import Log, contract

_ROWS_AT_ONCE = 10_000
# A spreadsheet takes a cell that begins so for a formula.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def write_refused(log: Log, path: str | Path, language: str, *, show_ids: bool = False) -> int:
    """Write the refused rows of a log as CSV: file, line, reason, and what was written; returns how many.

    Args:
        log: as `read` gave it from files; the rows of a table in another engine stay there.
        path: the file to write.
        language: of the headings and reasons.
        show_ids: keep e-mail addresses and telephone numbers as they are; else each is replaced by one word of its
            own, the same within this file and another in the next.
    """
    key = None if show_ids else secrets.token_bytes(16)
    if log.refused_table is None:
        raise RetentionError("refused_elsewhere", path=log.receipt.source)
    rules = contract(log.contract)
    texts = [rules.column(mapped.ours).kind == "text" for mapped in log.receipt.mapping]
    headings = [text(f"receipt.refused.{name}", language) for name in ("file", "line", "reason")]
    engine: Any = log.engine
    with engine.session() as session, _opened(Path(path)) as file:
        rows = session.execute(f"select * from {quoted(log.refused_table)} order by file, line")
        writer = csv.writer(file)
        writer.writerow([*headings, *(_cell(mapped.theirs, None) for mapped in log.receipt.mapping)])
        while block := rows.fetchmany(_ROWS_AT_ONCE):
            for name, line, reason, *written in block:
                why = text(f"receipt.reasons.{reason}", language)
                # In a row that slipped a person may stand in any column, and a line with the wrong number of
                # fields stands whole in one cell; a date or a number of an order is nobody's telephone.
                anywhere = reason == "wrong_fields"
                masked = [
                    anywhere or mine or _has_letters(cell) for cell, mine in zip(written, texts, strict=True)
                ]
                cells = [_cell(cell, key if hide else None) for cell, hide in zip(written, masked, strict=True)]
                writer.writerow([_cell(name, None), line, why, *cells])
    return log.receipt.refused


def _opened(path: Path) -> TextIO:
    try:
        return path.open("w", newline="", encoding="utf-8-sig")
    except OSError as error:
        cause = error.strerror or str(error)
        raise RetentionError("cannot_write", folder=str(path.parent), cause=cause) from error


def _cell(value: Any, key: bytes | None) -> str:
    """A value as a spreadsheet may hold it: never a formula, and no person where a key is given."""
    shown = "" if value is None else str(value)
    if key is not None:
        shown = PERSONAL.sub(lambda found: pseudonym(found[0], key), shown)
    return "'" + shown if shown.startswith(_FORMULA_SIGNS) and not _is_number(shown) else shown


def _has_letters(cell: Any) -> bool:
    return any(map(str.isalpha, str(cell)))


def _is_number(shown: str) -> bool:
    try:
        parse_number(shown)
    except ValueError:
        return False
    return True


def pseudonym(value: str, key: bytes) -> str:
    """A word that stands for a value: the same for the same key, of no use without it.

    >>> pseudonym("ana@example.org", b"key") == pseudonym("ana@example.org", b"key")
    True
    """
    return "id-" + hmac.new(key, value.encode(), hashlib.sha256).hexdigest()[:12]
