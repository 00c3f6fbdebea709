"""The house rules that machines can keep."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def run(*command: str) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).with_name(command[0])
    start = [str(tool), *command[1:]] if tool.is_file() else [sys.executable, "-m", *command]
    return subprocess.run(start, cwd=ROOT, capture_output=True, text=True, check=False)


def ours() -> list[Path]:
    """The files git keeps, or would."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
        ("lint-imports",),
        ("notebooks.build", "--check"),
        ("docs.build", "--check"),
        ("docs.data.build", "--check"),
    ],
    ids=" ".join,
)
def test_the_checkers_find_nothing(command: tuple[str, ...]) -> None:
    found = run(*command)
    assert found.returncode == 0, found.stdout + found.stderr


def test_no_text_names_a_package_registry_or_a_path_of_a_machine() -> None:
    forbidden = re.compile(
        "|".join(
            [
                "pypi" + r"\.org",
                "python" + "hosted",
                "registry" + r"\.npmjs",
                "/" + "work/",
                "/" + "tmp/",
                "/" + "root/",
            ]
        )
    )
    found = []
    for path in ours():
        if path.suffix in {
            ".py",
            ".md",
            ".toml",
            ".js",
            ".json",
            ".css",
            ".j2",
            ".yaml",
            ".yml",
            ".sql",
            ".ipynb",
            ".txt",
            "",
        }:
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                if forbidden.search(line):
                    found.append(f"{path.relative_to(ROOT)}:{number}")
    assert not found


def test_no_module_is_longer_than_600_lines() -> None:
    long = {
        path.name: lines
        for path in ours()
        if path.suffix in {".py", ".js"} and (lines := len(path.read_text("utf-8").splitlines())) > 600
    }
    assert not long


def test_importing_the_kit_imports_no_heavy_library() -> None:
    code = (
        "import sys, retention_kit, retention_kit.formulas, retention_kit.calendars, retention_kit.language;"
        "heavy = {'numpy', 'pandas', 'duckdb', 'matplotlib', 'ipywidgets', 'rich'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


def declared() -> dict[str, list[str]]:
    """What pyproject.toml asks for, at run time and by group."""
    written = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    lists = {"run time": written["project"]["dependencies"], **written["dependency-groups"]}
    return {name: [re.split(r"[\[<>=]", one)[0] for one in wanted] for name, wanted in lists.items()}


def test_every_dependency_earns_its_place_in_a_line_and_no_line_is_left_over() -> None:
    rows = re.findall(
        r"^\| ([^|]+) \|[^|]+\|[^|]+\|$", (ROOT / "docs" / "dependencies.md").read_text("utf-8"), re.M
    )
    named = {re.sub(r" \(.*\)", "", name).strip() for row in rows for name in row.split(",")} - {"package", "---"}
    assert named == {name for names in declared().values() for name in names}


def test_the_package_imports_only_what_it_asks_for() -> None:
    # Other engines hand their own objects over; nothing of theirs is imported.
    modules = {name.lower().replace("-", "_") for name in declared()["run time"]} | {"retention_kit"}
    imported = {
        name.partition(".")[0].lower()
        for path in (ROOT / "retention_kit").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported - set(sys.stdlib_module_names) - modules == set()
