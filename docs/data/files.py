"""The files of the shipped data sets: written from the simulation, and known by their checksums."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pandas as pd

from retention_kit.datasets import COMPANIES, shipped_company
from retention_kit.datasets.writing import jalali

Sums = dict[str, dict[str, str | int]]
_FIRST_LINES = 20


def rebuild(folder: Path) -> None:
    """Simulate the shipped companies: a Parquet file a contract, and its first lines as CSV."""
    for name in COMPANIES:
        (folder / name).mkdir(parents=True, exist_ok=True)
        for contract, table in shipped_company(name).tables.items():
            path = folder / name / f"{contract}.parquet"
            write(table, path)
            first_lines(table).to_csv(path.with_suffix(".csv"), index=False, lineterminator="\n")


def write(table: pd.DataFrame, path: Path) -> None:
    """Write a table as Parquet, names as text, rows in their order."""
    with duckdb.connect(":memory:", config={"threads": 1}) as session:
        session.register("given", table)
        described = session.execute("describe select * from given").fetchall()
        names = [row[0] for row in described if row[1].startswith("ENUM")]
        texts = ", ".join(f'"{name}"::varchar as "{name}"' for name in names)
        given = session.sql(f"select * replace ({texts}) from given")  # noqa: S608 our own columns
        given.write_parquet(str(path), compression="zstd", row_group_size=200_000)


def first_lines(table: pd.DataFrame) -> pd.DataFrame:
    """The first rows as people keep them: moments in the Jalali calendar."""
    shown = table.head(_FIRST_LINES).copy()
    for name in shown:
        if shown[name].dtype.kind == "M":
            shown[name] = jalali(shown[name])
    return shown


def checksums(folder: Path) -> Sums:
    """Of each Parquet file its rows, and the SHA-256 of its content and of its bytes."""
    return {
        path.relative_to(folder).as_posix(): {
            "rows": rows_of(path),
            "content": content_sum(path),
            "bytes": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(folder.rglob("*.parquet"))
    }


def rows_of(path: Path) -> int:
    """How many rows a Parquet file has."""
    return int(duckdb.read_parquet(str(path)).count("*").fetchall()[0][0])


def content_sum(path: Path) -> str:
    """The SHA-256 of the rows of a Parquet file as text, whatever wrote it."""
    found = duckdb.read_parquet(str(path))
    digest = hashlib.sha256(repr(found.columns).encode())
    for row in found.fetchall():
        digest.update(repr(tuple(map(str, row))).encode())
    return digest.hexdigest()


def registry(sums: Mapping[str, Mapping[str, str | int]]) -> str:
    """The registry as it is stored."""
    lines = ["# Written by `python -m docs.data.build`: rows, and the SHA-256 of each file's content and bytes."]
    for name, row in sums.items():
        lines += ["", f'["{name}"]', f"rows = {row['rows']}"]
        lines += [f'content = "{row["content"]}"', f'bytes = "{row["bytes"]}"']
    return "\n".join(lines) + "\n"
