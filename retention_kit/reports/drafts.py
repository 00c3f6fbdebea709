"""How files come under their names: written in a folder of their own first, moved when all of them are whole."""

from __future__ import annotations

import errno
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from retention_kit.errors import RetentionError
from retention_kit.reports.outcome import numbers_in

_DRAFT = ".unfinished"
_LOCK = ".lock"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG)


@contextmanager
def draft_of(folder: Path, may_write: Sequence[str]) -> Iterator[Path]:
    """A place to write in; when the block ends well, all that is in it moves to `folder`, under the same names.

    Args:
        folder: made where it is not there.
        may_write: every name that such a run may write, its numbers first. What an earlier run wrote under these
            names and this one did not is removed, so that no file of the one stands among those of the other.

    Raises:
        RetentionError: another run is writing into the folder, or it holds a file of the reader's own under such a
            name; or it cannot be written, or the disk is full.
    """
    draft = folder / _DRAFT
    with _plain_errors(folder), _alone_in(folder):
        _leave_what_is_the_readers(folder, may_write)
        shutil.rmtree(draft, ignore_errors=True)  # of a run that was killed
        draft.mkdir()
        try:
            yield draft
            _publish(draft, folder, may_write)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def forget_draft(folder: Path) -> None:
    """Remove what a run that was killed left of itself."""
    shutil.rmtree(folder / _DRAFT, ignore_errors=True)
    (folder / _LOCK).unlink(missing_ok=True)
    _remove_empty(folder)


def _remove_empty(folder: Path) -> None:
    with suppress(OSError):  # it is not empty
        folder.rmdir()


def _leave_what_is_the_readers(folder: Path, may_write: Sequence[str]) -> None:
    """Refuse files under our names in a folder that neither an earlier run wrote into nor one that was killed."""
    if numbers_in(folder / may_write[0]) or (folder / _DRAFT).exists():
        return
    for name in may_write:
        if (folder / name).exists():
            raise RetentionError("not_ours", path=name, folder=str(folder))


def _publish(draft: Path, folder: Path, may_write: Sequence[str]) -> None:
    written = {path.relative_to(draft).as_posix() for path in draft.rglob("*") if path.is_file()}
    for name in sorted(written):
        (folder / name).parent.mkdir(exist_ok=True)
        (draft / name).replace(folder / name)
    for name in set(may_write) - written:
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
    was_there, locked = folder.exists(), False
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with (folder / _LOCK).open("w") as file:
            locked = _lock(file)
            if not locked:
                raise RetentionError("folder_in_use", folder=str(folder))
            yield
    finally:
        if locked:
            (folder / _LOCK).unlink(missing_ok=True)
        if locked and not was_there:
            _remove_empty(folder)


def _lock(file: IO[str]) -> bool:
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
