"""What a founder brings, as something the engine can read: each file or table becomes a relation of SQL.

Encoding, delimiter and header are found here, in the first megabyte; the rows are read by the engine. The
column names of a text file never enter a query: the engine knows them as c0, c1, … in the order of the header.
"""

from __future__ import annotations

import codecs
import csv
import glob
import gzip
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from difflib import get_close_matches
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import duckdb

from retention_kit.engine import frame_of, quoted
from retention_kit.errors import RetentionError
from retention_kit.tables import fold

if TYPE_CHECKING:
    import pandas as pd
    from python_calamine import CalamineSheet, CalamineWorkbook

_SAMPLE = 1 << 20
_MOST_HEADERS = 5_000
_DELIMITERS = ",;\t|؛"
# What a compressed file may grow to: more than this is made to harm, or is no table.
_LARGEST_INSIDE = 4 << 30
_MOST_TIMES_LARGER = 250
_TEXT_ENDINGS = (".csv", ".tsv", ".txt")
_WORKBOOKS = ("xlsx", "xlsm", "xls", "ods")
ENDINGS = (*_TEXT_ENDINGS, *(f".{ending}" for ending in _WORKBOOKS), ".parquet", ".jsonl", ".ndjson")
# Round a path that was copied and pasted.
_QUOTES = "\"'“”«»"
_MOST_NAMED = 5


@dataclass(frozen=True)
class Part:
    """One file or table: the SQL that reads it, and what its columns are called and hold.

    `fields[i]` is the expression of the column named `headers[i]`. A text file has a delimiter; while it is read,
    lines may be refused that have the wrong number of fields. `first_line` is where the rows begin. A sheet knows
    the `other_sheets` of its workbook.
    """

    name: str
    relation: str
    parameters: tuple[Any, ...]
    headers: tuple[str, ...]
    fields: tuple[str, ...]
    types: tuple[str, ...]
    path: Path | None = None
    delimiter: str = ""
    first_line: int = 2
    other_sheets: tuple[str, ...] = ()

    @property
    def begins_with_title(self) -> bool:
        """Whether most columns have no name: a title then stands where the names should."""
        nameless = sum(header == _nameless(place) for place, header in enumerate(self.headers, 1))
        return nameless > len(self.headers) / 2

    def reader(self, *, strict: bool = True, keep_refused: bool = False) -> str:
        """The relation with a text file's last options.

        Args:
            strict: refuse lines that break the rules of quoting; not strict, mixed ends of lines pass too.
            keep_refused: remember the lines that are refused, or only pass over them.
        """
        if not self.delimiter:
            return self.relation
        refused = "store_rejects" if keep_refused else "ignore_errors"
        return self.relation.replace("<options>", f"strict_mode = {str(strict).lower()}, {refused} = true")


def open_parts(source: Any, session: duckdb.DuckDBPyConnection, folder: Path, sheet: str | None) -> list[Part]:
    """The parts of a source: a path, a pattern, a list of paths, or a table of pandas, polars or Arrow.

    Args:
        source: what was given.
        session: the engine's connection, which keeps tables that were handed over.
        folder: where rewritten copies may lie while they are read.
        sheet: the sheet of a workbook; the first if none is named.
    """
    if isinstance(source, str | Path):
        return [_open_file(path, session, folder, sheet) for path in files_of(source)]
    if isinstance(source, Sequence) and all(isinstance(one, str | Path) for one in source):
        paths = [path for one in source for path in files_of(one)]
        if not paths:
            raise RetentionError("no_files")
        return [_open_file(path, session, folder, sheet) for path in paths]
    return [_frame_part(_as_pandas(source), session, "table")]


def at_home(path: str | Path) -> Path:
    """A path as it was meant: ~ is the reader's own folder, and what a paste has put round a path is gone.

    Of somebody who has no folder here ~ stays as it was written.

    >>> str(at_home('"orders.csv" '))
    'orders.csv'
    """
    meant = Path(_unwrapped(path) if isinstance(path, str) else path)
    with suppress(RuntimeError):
        return meant.expanduser()
    return meant


def _unwrapped(written: str) -> str:
    """What was written, without blanks and a pair of quotation marks round it."""
    plain = written.strip()
    in_quotes = len(plain) > 1 and plain[0] in _QUOTES and plain[-1] in _QUOTES
    return plain[1:-1].strip() if in_quotes else plain


def files_of(source: str | Path) -> list[Path]:
    """The files a path or pattern names; a file whose very name holds a pattern's signs is meant itself."""
    folder = False
    try:
        path = at_home(source)
        if path.is_file():
            return [path]
        folder = path.is_dir()
        matched = sorted(glob.glob(str(path))) if glob.has_magic(str(path)) else []  # noqa: PTH207 absolute patterns too
    except (OSError, ValueError):
        matched = []
    if folder:
        raise RetentionError("is_a_folder", path=str(source))
    files = [Path(found) for found in matched if Path(found).is_file()]
    if not files:
        raise _not_found(source)
    return files


def _not_found(source: str | Path) -> RetentionError:
    r"""Why there is no such file: Python or TOML has read "\t" as a tab, or the name is another one."""
    if any(unicodedata.category(letter) == "Cc" for letter in str(source).strip()):
        return RetentionError("path_of_signs", path=repr(str(source))[1:-1])
    there = _data_beside(at_home(source))
    if there:
        return RetentionError("no_file_among", path=str(source), there=there)
    return RetentionError("no_file", path=str(source))


def _data_beside(path: Path) -> tuple[str, ...]:
    """The files with data in the folder of a path, those spelt most like it first."""
    with suppress(OSError, ValueError):
        names = [beside.name for beside in path.parent.iterdir() if _holds_data(beside)]
        return tuple(get_close_matches(path.name, names, n=_MOST_NAMED, cutoff=0))
    return ()


def _holds_data(path: Path) -> bool:
    # Excel keeps a "~$…" beside each workbook that is open.
    return f".{_ending(path)}" in ENDINGS and not path.name.startswith((".", "~$")) and path.is_file()


def _open_file(path: Path, session: duckdb.DuckDBPyConnection, folder: Path, sheet: str | None) -> Part:
    ending = _ending(path)
    if sheet is not None and ending not in _WORKBOOKS:
        raise RetentionError("no_sheets", path=path.name, sheet=sheet)
    try:
        if path.stat().st_size == 0:
            raise RetentionError("empty_file", path=path.name)
        if f".{ending}" in _TEXT_ENDINGS:
            return _delimited_part(path, folder)
        if ending in ("jsonl", "ndjson"):
            return _json_part(path)
        if ending == "parquet":
            return _parquet_part(path, session)
        if ending in _WORKBOOKS:
            return _sheet_part(path, sheet, session)
    except (OSError, EOFError, duckdb.Error) as error:
        raise RetentionError("unreadable_file", path=path.name) from error
    raise RetentionError("unknown_file_kind", path=path.name, allowed=ENDINGS)


def _ending(path: Path) -> str:
    return path.name.lower().removesuffix(".gz").rpartition(".")[2]


def _open_bytes(path: Path) -> IO[bytes]:
    return gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb")  # type: ignore[return-value]


def _beginning(path: Path) -> bytes:
    """The first megabyte, after a compressed file has shown that it is no bomb."""
    if path.suffix.lower() == ".gz":
        _refuse_bomb(path)
    with _open_bytes(path) as file:
        return file.read(_SAMPLE)


def _refuse_bomb(path: Path) -> None:
    """Refuse a gzip file whose insides are far larger than any table would be."""
    packed = path.stat().st_size
    grown = 0
    with gzip.open(path) as file:
        while block := file.read(_SAMPLE):
            grown += len(block)
            if grown > _LARGEST_INSIDE or (grown > 64 * _SAMPLE and grown > _MOST_TIMES_LARGER * packed):
                raise RetentionError("too_large_inside", path=path.name)


# Bytes that stand in no text.
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13})


def encoding_of(sample: bytes) -> str | None:
    """The encoding of a text by its first bytes, or none where they are no text.

    >>> encoding_of("مشتری".encode()), encoding_of("مشتري".encode("cp1256")), encoding_of(bytes(9))
    ('utf-8', 'cp1256', None)
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if sample.startswith(mark):
            return encoding
    zeros = sample.count(0)
    if zeros:
        # Latin text in UTF-16 without its mark has a zero in every other byte.
        half = len(sample) // 2
        even, odd = sample[0::2].count(0), sample[1::2].count(0)
        return "utf-16-le" if odd > 0.3 * half > even else "utf-16-be" if even > 0.3 * half > odd else None
    if len(sample) - len(sample.translate(None, _CONTROLS)) > 0.02 * len(sample):
        return None
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return "cp1256"
    return "utf-8"


def _delimited_part(path: Path, folder: Path) -> Part:
    sample = _beginning(path)
    encoding = encoding_of(sample)
    if encoding is None:
        raise RetentionError("not_text", path=path.name)
    readable = path if encoding == "utf-8" else _transcoded(path, encoding, folder)
    text = sample.decode(encoding, errors="replace").lstrip("\ufeff")
    if not text.strip():
        raise RetentionError("empty_file", path=path.name)
    delimiter, headers = _header(text)
    if len(headers) > _MOST_HEADERS:
        raise RetentionError("too_many_columns", path=path.name, count=len(headers), most=_MOST_HEADERS)
    return _delimited(path.name, readable, delimiter, headers, skip=_blank_before_header(text))


def _blank_before_header(text: str) -> int:
    """How many blank lines stand before the header."""
    before = text[: len(text) - len(text.lstrip("\r\n"))]
    return len(before.splitlines())


def reread_as_windows_1256(part: Part, folder: Path) -> Part:
    """The same text file, after a byte past its first megabyte has shown that it is not UTF-8."""
    if part.path is None:
        return part
    copy = _transcoded(part.path, "cp1256", folder)
    return replace(part, path=copy, parameters=(_literal(copy),))


_BLANK_LINE = re.compile(rb"(?:\A|\n)\r?\n|\r\r")


def blank_lines(part: Part) -> list[int]:
    """The numbers of a text file's blank lines, counted from 1, for the engine does not count them as rows."""
    if part.path is None:
        return []
    with _open_bytes(part.path) as file:
        end = b""
        while (block := file.read(_SAMPLE)) and not _BLANK_LINE.search(end + block):
            end = block[-2:]
        if not block:
            return []
    previous = csv.field_size_limit(2 * _SAMPLE)
    try:
        with TextIOWrapper(_open_bytes(part.path), "utf-8", "replace", newline="") as text:
            lines = enumerate(csv.reader(text, delimiter=part.delimiter), 1)
            return [number for number, fields in lines if not fields]
    except csv.Error:
        return []
    finally:
        csv.field_size_limit(previous)


def _delimited(name: str, path: Path, delimiter: str, headers: tuple[str, ...], *, skip: int) -> Part:
    """A UTF-8 text file whose delimiter and header are known."""
    fields = tuple(f"c{place}" for place in range(len(headers)))
    columns = ", ".join(f"'{field}': 'VARCHAR'" for field in fields)
    relation = (
        f"read_csv(?, auto_detect = false, header = true, skip = {skip}, delim = '{delimiter}', quote = '\"',"
        f" escape = '\"', columns = {{{columns}}}, <options>)"
    )
    texts = ("VARCHAR",) * len(headers)
    return Part(name, relation, (_literal(path),), headers, fields, texts, path, delimiter)


def _literal(path: Path) -> str:
    """The path as DuckDB takes it, with the signs of its patterns made plain."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))


def _transcoded(path: Path, encoding: str, folder: Path) -> Path:
    """A copy of the text in UTF-8, written piece by piece; what cannot be read becomes the replacement sign."""
    copy = folder / f"{len(list(folder.iterdir()))}.csv"
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    with _open_bytes(path) as given, copy.open("w", encoding="utf-8", newline="") as written:
        while block := given.read(_SAMPLE):
            written.write(decoder.decode(block))
        written.write(decoder.decode(b"", final=True))
    return copy


def _header(text: str) -> tuple[str, tuple[str, ...]]:
    """The delimiter, which is the one that stands most often in the first line, and the names in that line."""
    first = next(iter(text.lstrip("\r\n").splitlines()), "")
    unquoted = "".join(piece for place, piece in enumerate(first.split('"')) if place % 2 == 0)
    delimiter = max(_DELIMITERS, key=unquoted.count)
    previous = csv.field_size_limit(_SAMPLE)
    try:
        names = next(csv.reader(StringIO(text.lstrip("\r\n")), delimiter=delimiter))
    except csv.Error:
        names = first.split(delimiter)
    finally:
        csv.field_size_limit(previous)
    return delimiter, tuple(_named(names))


def _named(names: Iterable[Any]) -> Iterator[str]:
    """Every column with a name of its own: an empty one, and a second one of a name, are called by their place."""
    seen: set[str] = set()
    for place, given in enumerate(names, 1):
        name = str(given).strip() if given is not None and str(given).strip() else _nameless(place)
        yield (name := name if name not in seen else f"{name} ({place})")
        seen.add(name)


def _nameless(place: int) -> str:
    return f"column {place}"


def _json_part(path: Path) -> Part:
    """JSON lines: an object a line. A line that is none becomes a row of nothing, and is refused as such."""
    headers: dict[str, None] = {}
    for line in _beginning(path).decode("utf-8", errors="replace").splitlines():
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            headers.update(dict.fromkeys(found))
    if not headers:
        raise RetentionError("unreadable_file", path=path.name)
    names = tuple(headers)
    places = ", ".join(f"json ->> ? as c{place}" for place in range(len(names)))
    pointers = tuple("/" + name.replace("~", "~0").replace("/", "~1") for name in names)
    fields = tuple(f"c{place}" for place in range(len(names)))
    relation = f"(select {places} from read_ndjson_objects(?, ignore_errors = true))"
    texts = ("VARCHAR",) * len(names)
    return Part(path.name, relation, (*pointers, _literal(path)), names, fields, texts, first_line=1)


def _parquet_part(path: Path, session: duckdb.DuckDBPyConnection) -> Part:
    described = session.execute("describe select * from read_parquet(?)", [_literal(path)]).fetchall()
    headers, types = (tuple(row[place] for row in described) for place in (0, 1))
    return Part(path.name, "read_parquet(?)", (_literal(path),), headers, tuple(map(quoted, headers)), types)


def sheets_of(source: str | Path) -> tuple[str, ...]:
    """The names of the sheets of a workbook; none where the source is something else."""
    path = files_of(source)[0]
    if _ending(path) not in _WORKBOOKS:
        return ()
    with _workbook(path) as workbook:
        return tuple(workbook.sheet_names)


def sheet_named(asked: str, sheets: Sequence[str], path: str) -> str:
    """The sheet of this name; one spelt with another half-space, blank or letter of the same sound serves too.

    Args:
        asked: the name, as somebody wrote it.
        sheets: the names that there are.
        path: the workbook's, for the error that there is no such sheet.
    """
    alike = [name for name in sheets if name == asked] or [name for name in sheets if fold(name) == fold(asked)]
    if len(alike) != 1:
        raise RetentionError("no_sheet", path=path, sheet=asked, there=tuple(sheets))
    return alike[0]


@contextmanager
def _workbook(path: Path) -> Iterator[CalamineWorkbook]:
    """A workbook, after it has shown that it is no bomb; whatever is wrong with it ends in one error."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                inside = sum(member.file_size for member in packed.infolist())
            if inside > _LARGEST_INSIDE or (
                inside > 64 * _SAMPLE and inside > _MOST_TIMES_LARGER * path.stat().st_size
            ):
                raise RetentionError("too_large_inside", path=path.name)
        with CalamineWorkbook.from_path(str(path)) as workbook:
            yield workbook
    except (CalamineError, OSError, zipfile.BadZipFile) as error:
        raise RetentionError("unreadable_file", path=path.name) from error


def _sheet_part(path: Path, sheet: str | None, session: duckdb.DuckDBPyConnection) -> Part:
    """One sheet of a workbook, the first if none is named."""
    with _workbook(path) as workbook:
        names = workbook.sheet_names
        chosen = names[0] if sheet is None else sheet_named(sheet, names, path.name)
        frame = _sheet(workbook.get_sheet_by_name(chosen), path)
    others = tuple(name for name in names if name != chosen)
    return replace(_frame_part(frame, session, path.name), other_sheets=others)


def _sheet(sheet: CalamineSheet, path: Path) -> pd.DataFrame:
    """A sheet as text, dates as ISO."""
    rows = sheet.to_python()
    if not rows or not any(str(cell).strip() for cell in rows[0]):
        raise RetentionError("empty_file", path=path.name)
    headers = list(_named(rows[0]))
    columns = {name: [_cell(row[place]) for row in rows[1:]] for place, name in enumerate(headers)}
    return frame_of(columns).astype("string")


def _cell(value: Any) -> str | None:
    """A cell as text: whole numbers without a point, dates as ISO, an empty cell as nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _as_pandas(table: Any) -> pd.DataFrame:
    """A frame of pandas, polars or Arrow as one of pandas."""
    import pandas as pd

    if isinstance(table, pd.DataFrame):
        return table
    if hasattr(table, "to_dict") and hasattr(table, "get_column"):  # polars, which needs no Arrow for this
        return pd.DataFrame(table.to_dict(as_series=False))
    if hasattr(table, "to_pandas"):
        return pd.DataFrame(table.to_pandas())
    raise RetentionError("unknown_table", kind=type(table).__name__)


def _frame_part(frame: pd.DataFrame, session: duckdb.DuckDBPyConnection, name: str) -> Part:
    """A frame handed to the engine; columns of mixed things are read as text."""
    if frame.columns.empty:
        raise RetentionError("empty_file", path=name)
    headers = tuple(_named(frame.columns))
    fields = tuple(f"c{place}" for place in range(len(headers)))
    plain = frame.set_axis(list(fields), axis=1).reset_index(drop=True)
    mixed = [field for field in fields if plain[field].dtype == object or plain[field].dtype == "category"]
    plain = plain.astype(dict.fromkeys(mixed, "string"))
    try:
        session.register("rk_given", plain)
        described = session.execute("describe select * from rk_given").fetchall()
    except duckdb.Error as error:
        raise RetentionError("unreadable_table") from error
    return Part(name, "rk_given", (), headers, fields, tuple(row[1] for row in described))
