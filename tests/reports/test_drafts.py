"""Nothing half-written ever stands under a final name."""

import errno
import json
import subprocess
import sys
from pathlib import Path

import pytest

from retention_kit import RetentionError
from retention_kit.reports.drafts import draft_of
from retention_kit.reports.outcome import MARK
from tests.reports.companies import write_orders

# What a run may write in these tests, the numbers first.
NAMES = ("results.json", "page.html", "refused.csv")


def test_files_come_under_their_names_when_all_are_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with draft_of(out, NAMES) as draft:
        (draft / "notebooks").mkdir()
        (draft / "notebooks" / "a.ipynb").write_text("whole")
        (draft / "page.html").write_text("whole")
        assert not (out / "page.html").exists()
    assert sorted(str(path.relative_to(out)) for path in out.rglob("*")) == [
        "notebooks",
        "notebooks/a.ipynb",
        "page.html",
    ]


def test_a_second_run_takes_away_what_only_the_first_wrote_and_leaves_what_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    for names in (("page.html", "refused.csv"), ("page.html",)):
        with draft_of(tmp_path, NAMES) as draft:
            (draft / "results.json").write_text(json.dumps(MARK))
            for name in names:
                (draft / name).write_text(" ".join(names))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.txt", "page.html", "results.json"]
    assert (tmp_path / "page.html").read_text() == "page.html"


@pytest.mark.parametrize("theirs", [None, "numbers of another program", "[]", '{"schema": 1}'])
def test_a_file_of_the_readers_own_is_never_overwritten_nor_taken_away(theirs: str | None, tmp_path: Path) -> None:
    """Neither where their results.json is not ours, nor in a folder without one."""
    held = {"refused.csv": "mine"} if theirs is None else {"results.json": theirs, "refused.csv": "mine"}
    for name, content in held.items():
        (tmp_path / name).write_text(content)
    with pytest.raises(RetentionError) as raised, draft_of(tmp_path, NAMES):
        pytest.fail("a run was begun")
    assert (raised.value.code, raised.value.facts["path"]) == ("not_ours", next(iter(held)))
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == held


def fail_in(folder: Path) -> None:
    with draft_of(folder, NAMES) as draft:
        (draft / "page.html").write_text("half")
        raise ZeroDivisionError


def test_a_run_that_fails_changes_nothing_and_leaves_no_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    before = {"page.html": "before", "results.json": json.dumps(MARK)}
    for name, content in before.items():
        (tmp_path / "old" / name).write_text(content)
    for folder in ("old", "new"):
        with pytest.raises(ZeroDivisionError):
            fail_in(tmp_path / folder)
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    assert {path.name: path.read_text() for path in (tmp_path / "old").iterdir()} == before


def test_two_runs_do_not_write_into_one_folder_at_once(tmp_path: Path) -> None:
    with draft_of(tmp_path, NAMES) as draft:
        (draft / "page.html").write_text("the first")
        with pytest.raises(RetentionError) as raised, draft_of(tmp_path, NAMES):
            pass
        assert raised.value.code == "folder_in_use"
    assert (tmp_path / "page.html").read_text() == "the first"


@pytest.mark.parametrize("moved", [(), ("page.html",)])
def test_what_a_killed_run_left_is_in_nobodys_way(moved: tuple[str, ...], tmp_path: Path) -> None:
    """Killed while it wrote, or while it moved what it had written."""
    code = (
        "import os, signal, sys; from pathlib import Path; from retention_kit.reports.drafts import draft_of\n"
        "with draft_of(Path(sys.argv[1]), ('results.json', 'page.html')) as draft:\n"
        "    (draft / 'page.html').write_text('half'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert not (tmp_path / "page.html").exists()
    for name in moved:
        (tmp_path / ".unfinished" / name).replace(tmp_path / name)
    with draft_of(tmp_path, NAMES) as draft:
        (draft / "other.html").write_text("whole")
    assert [path.name for path in tmp_path.iterdir()] == ["other.html"]


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "disk_full"), (errno.EDQUOT, "disk_full"), (errno.EACCES, "cannot_write")]
)
def test_a_system_that_will_not_write_is_told_in_a_sentence(number: int, code: str, tmp_path: Path) -> None:
    with pytest.raises(RetentionError) as raised, draft_of(tmp_path, NAMES):
        raise OSError(number, "as the system says it")
    assert raised.value.code == code
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="limits of this kind are not for Windows")
def test_a_report_on_a_full_disk_ends_in_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    """No file may grow past 40,000 bytes: the page cannot be written."""
    orders = write_orders(tmp_path / "orders.csv")
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000));"
        "from retention_kit.cli import run_command; sys.exit(run_command(sys.argv[1:]))"
    )
    words = ["run", "retention_rate", "--data", str(orders), "--out", str(tmp_path / "out"), "--language", "fa"]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 2
    assert "جا نیست" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()
