"""Reads the bilingual source of a lesson: prose in two languages under one key, code once."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jupytext

from retention_kit.language import LANGUAGES

WRITTEN_FIRST, TRANSLATED = LANGUAGES
_BLOCK_LINE = re.compile(r"^\+\+\+ (\{.*\})$", re.MULTILINE)


@dataclass
class Block:
    """What stands under one key: a code cell, or prose (of the lesson, or for the guide or the sheet)."""

    key: str
    role: str
    tags: list[str]
    code: str = ""
    prose: dict[str, str] = field(default_factory=dict)
    of: str = ""
    otherwise: list[str] = field(default_factory=list)


@dataclass
class Source:
    """One source file and its blocks, in the order of the lesson."""

    path: Path
    blocks: list[Block]

    def of_role(self, *roles: str) -> list[Block]:
        """The blocks of these roles: `code`, `prose`, `facilitator`, `sheet`."""
        return [block for block in self.blocks if block.role in roles]


def read(path: Path) -> Source:
    """Read a source file. A key used twice for one language is refused: the second would hide the first."""
    blocks: dict[str, Block] = {}
    for cell in jupytext.read(path, fmt="md:myst").cells:
        given: dict[str, Any] = cell.metadata
        if "key" not in given:
            raise SystemExit(f'{path}: a block has no key: "{cell.source[:50]}". Give it one.')
        role = "code" if cell.cell_type == "code" else given.get("role", "prose")
        known = blocks.get(given["key"])
        block = blocks.setdefault(given["key"], Block(given["key"], role, list(given.get("tags", []))))
        if known and (role == "code" or known.role != role or given["lang"] in known.prose):
            raise SystemExit(f"{path}: the key {given['key']} stands twice. Choose another for the second.")
        if role == "code":
            block.code = cell.source
            continue
        block.prose[given["lang"]] = cell.source
        block.of = given.get("of", block.of)
        block.otherwise += given.get("otherwise", [])
    return Source(path, list(blocks.values()))


def fingerprint(prose: str) -> str:
    """Eight letters that change when the words change, and stay when only the line breaks do."""
    return hashlib.sha256(" ".join(prose.split()).encode()).hexdigest()[:8]


def stamp(path: Path, keys: list[str]) -> int:
    """Record in the translations under `keys` (or `all`) which English they translate; how many were stamped."""
    prints = {block.key: fingerprint(block.prose.get(WRITTEN_FIRST, "")) for block in read(path).blocks}
    stamped = 0

    def renew(line: re.Match[str]) -> str:
        nonlocal stamped
        given = json.loads(line[1])
        if given.get("lang") != TRANSLATED or not {"all", given["key"]} & set(keys):
            return line[0]
        stamped += given.get("of") != prints[given["key"]]
        return "+++ " + json.dumps({**given, "of": prints[given["key"]]}, ensure_ascii=False)

    path.write_text(_BLOCK_LINE.sub(renew, path.read_text("utf-8")), "utf-8")
    return stamped
