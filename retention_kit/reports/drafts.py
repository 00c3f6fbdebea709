"""How files come under their names: written in a folder of their own first, moved when all of them are whole."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, count
from pathlib import Path
from typing import IO

from retention_kit.errors import RetentionError
from retention_kit.reports.outcome import fingerprint, numbers_in

_DRAFT = ".unfinished"
_LOCK = ".lock"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_CLOSED = (
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOTDIR,
    errno.EISDIR,
    errno.EEXIST,
    errno.ENAMETOOLONG,
    errno.ELOOP,
)


@contextmanager
def draft_of(folder: Path, may_write: Sequence[str]) -> Iterator[Path]:
    """A place to write in; when the block ends well, all that is in it moves to `folder`, under the same names.

    Args:
        folder: made where it is not there.
        may_write: every name that such a run may write, its numbers first, which say what it has `made`. What an
            earlier run made and this one did not is removed, so that no file of the one stands among the other's.

    Raises:
        RetentionError: another run is writing into the folder, or it holds a file of the reader's own under such a
            name, or one that is open in another program; or it cannot be written, or the disk is full.
    """
    draft = folder / _DRAFT
    with _plain_errors(folder), _alone_in(folder):
        before = _made_before(folder, may_write)
        _refuse_what_is_held(folder, may_write)
        shutil.rmtree(draft, ignore_errors=True)  # of a run that was killed
        draft.mkdir()
        try:
            yield draft
            _refuse_what_is_held(folder, may_write)
            _publish(draft, folder, may_write[0], before)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def keep_edited(folder: Path, draft: Path, name: str, written: str | None) -> Path | None:
    """Put beside what a draft holds the file of an earlier run that its reader has changed, under another name.

    Args:
        folder: where the file stands and the draft will move.
        draft: see `draft_of`.
        name: of the file.
        written: its fingerprint when it was written; None where nothing tells it.

    Returns:
        The copy in the draft; None where the file is as it was written, or is not there.
    """
    if fingerprint(folder / name) in (None, written):
        return None
    kept = free_name((folder / name).with_stem(f"{Path(name).stem}-edited"))
    return Path(shutil.copy2(folder / name, draft / kept.name))


def free_name(path: Path) -> Path:
    """The path, or the first of name-2, name-3 and so on that is not there."""
    further = (path.with_stem(f"{path.stem}-{place}") for place in count(2))
    return next(free for free in chain([path], further) if not free.exists())


def forget_draft(folder: Path) -> None:
    """Remove what a run that was killed left of itself; nothing where another is at work by now."""
    if not folder.is_dir():
        return
    with suppress(RetentionError, OSError), _alone_in(folder):
        shutil.rmtree(folder / _DRAFT, ignore_errors=True)
    _remove_empty(folder)


def _remove_empty(folder: Path) -> None:
    with suppress(OSError):  # it is not empty
        folder.rmdir()


def _made_before(folder: Path, may_write: Sequence[str]) -> set[str]:
    """The files of an earlier run; whatever else stands under a name of ours is the reader's own, and refused."""
    numbers = numbers_in(folder / may_write[0])
    made = {may_write[0], *numbers["made"]} if numbers else set()
    for name in may_write:
        if (folder / name).exists() and name not in made:
            raise RetentionError("not_ours", path=name, folder=str(folder))
    return made & set(may_write)


def _refuse_what_is_held(folder: Path, may_write: Sequence[str]) -> None:
    """Refuse as a whole what could be replaced in part only: a spreadsheet program may hold a file open."""
    for path in (folder / name for name in may_write):
        try:
            if path.exists():
                path.open("r+b").close()
        except OSError as error:
            raise RetentionError("file_in_use", path=path.name) from error


def files_in(draft: Path) -> list[str]:
    """The names of all that is written in a draft."""
    return sorted(path.relative_to(draft).as_posix() for path in draft.rglob("*") if path.is_file())


def _publish(draft: Path, folder: Path, numbers: str, before: set[str]) -> None:
    """Move the files; the numbers first: they say which files are ours, should the run be killed on the way."""
    written = files_in(draft)
    for name in sorted(written, key=lambda name: (name != numbers, name)):
        (folder / name).parent.mkdir(exist_ok=True)
        (draft / name).replace(folder / name)
    for name in before - set(written):
        (folder / name).unlink(missing_ok=True)
        if (folder / name).parent != folder:
            _remove_empty((folder / name).parent)


@contextmanager
def _plain_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        code = "disk_full" if error.errno in _FULL else "cannot_write"
        if error.errno not in (*_FULL, *_CLOSED):
            raise
        raise RetentionError(code, folder=str(folder), cause=error.strerror) from error


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """No two runs write into one folder at once; the system itself lifts the lock of a run that was killed."""
    was_there, lock, locked = folder.exists(), folder / _LOCK, False
    folder.mkdir(parents=True, exist_ok=True)
    try:
        # Neither emptied nor followed: what stands there may be the reader's own.
        with os.fdopen(os.open(lock, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)), "r+b") as file:
            if os.fstat(file.fileno()).st_size:
                raise RetentionError("not_ours", path=_LOCK, folder=str(folder))
            locked = _lock(file) and _is_still(file, lock)
            if not locked:
                raise RetentionError("folder_in_use", folder=str(folder))
            yield
            with suppress(PermissionError):  # Windows removes no open file
                lock.unlink()
                locked = False
    finally:
        if locked:
            lock.unlink(missing_ok=True)
        if not was_there:
            _remove_empty(folder)


def _is_still(file: IO[bytes], path: Path) -> bool:
    """Whether an open file is the one of this name: another run may have removed it before it was locked."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _lock(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
