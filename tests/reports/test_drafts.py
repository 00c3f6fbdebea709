"""Nothing half-written ever stands under a final name."""

import errno
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from retention_kit import RetentionError
from retention_kit.reports.drafts import draft_of, keep_edited
from retention_kit.reports.outcome import MARK, fingerprint
from tests.reports.companies import write_orders

# What a run may write in these tests, the numbers first.
NAMES = ("results.json", "page.html", "refused.csv")


def numbers_of(*made: str) -> str:
    """The numbers of a run that made these files."""
    return json.dumps({**MARK, "made": made})


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
            (draft / "results.json").write_text(numbers_of(*names))
            for name in names:
                (draft / name).write_text(" ".join(names))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.txt", "page.html", "results.json"]
    assert (tmp_path / "page.html").read_text() == "page.html"


@pytest.mark.parametrize(
    "theirs", [None, "numbers of another program", "[]", '{"schema": 1, "kit": "x"}', "[" * 200_000]
)
def test_a_file_of_the_readers_own_is_never_overwritten_nor_taken_away(theirs: str | None, tmp_path: Path) -> None:
    """Neither where their results.json is not ours, nor in a folder without one."""
    held = {"refused.csv": "mine"} if theirs is None else {"results.json": theirs, "refused.csv": "mine"}
    for name, content in held.items():
        (tmp_path / name).write_text(content)
    with pytest.raises(RetentionError) as raised, draft_of(tmp_path, NAMES):
        pytest.fail("a run was begun")
    assert (raised.value.code, raised.value.facts["path"]) == ("not_ours", next(iter(held)))
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == held


def test_in_the_folder_of_an_earlier_run_only_what_that_run_made_is_replaced(tmp_path: Path) -> None:
    """A page that the reader printed is the reader's, though a run may make one of the same name."""
    before = {"page.html": "ours", "refused.csv": "mine", "results.json": numbers_of("page.html")}
    for name, content in before.items():
        (tmp_path / name).write_text(content)
    with pytest.raises(RetentionError) as raised, draft_of(tmp_path, NAMES):
        pytest.fail("a run was begun")
    assert (raised.value.code, raised.value.facts["path"]) == ("not_ours", "refused.csv")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == before


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right of their own there")
def test_a_lock_of_the_readers_own_is_neither_emptied_nor_followed(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "written").mkdir()
    (tmp_path / "written" / ".lock").write_text("mine")
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / ".lock").symlink_to(tmp_path / "mine")
    for folder, code in (("written", "not_ours"), ("linked", "cannot_write")):
        with pytest.raises(RetentionError) as raised, draft_of(tmp_path / folder, NAMES):
            pytest.fail("a run was begun")
        assert raised.value.code == code
        assert (tmp_path / folder / ".lock").read_text() == "mine"


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> set[Path]:
    """Files that another program holds open: they can be read, and not written."""
    paths: set[Path] = set()
    opened = Path.open

    def open_held(path: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if path in paths and mode != "rb":
            raise PermissionError(errno.EACCES, "as the system says it")
        return opened(path, mode, *args, **kwargs)

    monkeypatch.setattr(Path, "open", open_held)
    return paths


def open_while_it_runs(folder: Path, name: str, held: set[Path]) -> None:
    with draft_of(folder, NAMES) as draft:
        (draft / "page.html").write_text("after")
        held.add(folder / name)


def test_where_a_file_of_ours_is_held_open_nothing_is_replaced_and_the_file_is_named(
    held: set[Path], tmp_path: Path
) -> None:
    """It is opened while the run goes on; the next run finds it open and does not begin."""
    before = {
        "page.html": "before",
        "refused.csv": "before",
        "results.json": numbers_of("page.html", "refused.csv"),
    }
    for name, content in before.items():
        (tmp_path / name).write_text(content)
    with pytest.raises(RetentionError) as raised:
        open_while_it_runs(tmp_path, "refused.csv", held)
    with pytest.raises(RetentionError) as again, draft_of(tmp_path, NAMES):
        pytest.fail("a run was begun")
    for error in (raised.value, again.value):
        assert (error.code, error.facts) == ("file_in_use", {"path": "refused.csv"})
    held.clear()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == before


def test_a_file_that_its_reader_has_changed_is_kept_under_a_name_that_is_free(tmp_path: Path) -> None:
    draft, sheet = tmp_path / "draft", tmp_path / "sheet.xlsx"
    draft.mkdir()
    assert keep_edited(tmp_path, draft, "sheet.xlsx", None) is None
    sheet.write_text("as written")
    written = fingerprint(sheet)
    assert keep_edited(tmp_path, draft, "sheet.xlsx", written) is None
    for notes, name in (("a", "sheet-edited.xlsx"), ("b", "sheet-edited-2.xlsx"), ("c", "sheet-edited-3.xlsx")):
        sheet.write_text(notes)
        kept = keep_edited(tmp_path, draft, "sheet.xlsx", written)
        assert kept == draft / name
        assert kept.replace(tmp_path / name).read_text() == notes


def test_where_nothing_tells_what_was_written_a_file_is_kept(tmp_path: Path) -> None:
    (tmp_path / "draft").mkdir()
    (tmp_path / "sheet.xlsx").write_text("of an earlier version of the kit")
    assert (
        keep_edited(tmp_path, tmp_path / "draft", "sheet.xlsx", None) == tmp_path / "draft" / "sheet-edited.xlsx"
    )


def fail_in(folder: Path) -> None:
    with draft_of(folder, NAMES) as draft:
        (draft / "page.html").write_text("half")
        raise ZeroDivisionError


def test_a_run_that_fails_changes_nothing_and_leaves_no_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    before = {"page.html": "before", "results.json": numbers_of("page.html")}
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


@pytest.mark.parametrize("moved", [(), ("results.json", "page.html")])
def test_what_a_killed_run_left_is_in_nobodys_way(moved: tuple[str, ...], tmp_path: Path) -> None:
    """Killed while it wrote, or while it moved what it had written."""
    code = (
        "import os, signal, sys; from pathlib import Path; from retention_kit.reports.drafts import draft_of\n"
        "with draft_of(Path(sys.argv[1]), ('results.json', 'page.html')) as draft:\n"
        "    (draft / 'results.json').write_text(sys.argv[2])\n"
        "    (draft / 'page.html').write_text('half'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), numbers_of("page.html", "refused.csv")], check=False
    )
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
