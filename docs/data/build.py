"""`python -m docs.data.build`: simulate the shipped companies into `datasets/`, and write the pages of all sets.

`--check` finds what is not current and writes nothing. A Parquet file's bytes change with DuckDB's version, so
what a rebuild must give again is the content; `datasets/checksums.toml` has the SHA-256 of both.
"""

import argparse
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

from docs.data import files, pages

DATASETS = Path(__file__).parents[2] / "datasets"
CHECKSUMS = DATASETS / "checksums.toml"
PAGES = Path(__file__).parent


def stale(folder: Path) -> Iterator[str]:
    """The files and pages that a rebuild into this empty folder would change."""
    written = tomllib.loads(CHECKSUMS.read_text("utf-8"))
    files.rebuild(folder)
    for name, made in files.checksums(folder).items():
        if written.get(name, {}).get("content") != made["content"]:
            yield name
    for name, kept in files.checksums(DATASETS).items():
        if written.get(name) != kept:
            yield name
    for name, page in pages.pages().items():
        path = PAGES / name
        if not path.is_file() or path.read_text("utf-8") != page:
            yield f"docs/data/{name}"


def main() -> None:
    """Parse the command and do it."""
    parser = argparse.ArgumentParser(prog="python -m docs.data.build", description=__doc__)
    parser.add_argument("--check", action="store_true", help="find what is not current; write nothing")
    if parser.parse_args().check:
        with tempfile.TemporaryDirectory() as folder:
            found = sorted(set(stale(Path(folder))))
        raise SystemExit(f"not current: {', '.join(found)}; run python -m docs.data.build" if found else 0)
    files.rebuild(DATASETS)
    CHECKSUMS.write_text(files.registry(files.checksums(DATASETS)), "utf-8")
    for name, page in pages.pages().items():
        (PAGES / name).write_text(page, "utf-8")
    pages.draw(PAGES / "images")


if __name__ == "__main__":
    main()
