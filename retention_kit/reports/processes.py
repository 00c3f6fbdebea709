"""Each company is worked on in a process of its own, forked from one that is already warm.

So no company ever sees another's names or figures, and a run that is killed takes nothing with it. Where the
system knows no fork (Windows) the process is started from nothing, and the same happens more slowly.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any

from retention_kit.errors import RetentionError

# What every run needs: the process that the others are forked from imports it, with all that hangs on it, once.
MAKING = "retention_kit.reports.making"
_PRELOADED = ["retention_kit.reports.lean", MAKING, "retention_kit.lessons", "retention_kit.reports.warm"]
_SECONDS_TO_TIDY_UP = 10
_STARTING = Lock()

# Called with the part that is done, 0 to 1.
Progress = Callable[[float], None]


@cache
def _context() -> Any:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


def warm_up() -> None:
    """Begin to start the process that others are forked from, while this one looks at what was given."""
    if _context().get_start_method() == "forkserver":
        from multiprocessing import forkserver, resource_tracker

        resource_tracker.ensure_running()  # it lifts the mask that the next lines set
        # A stop asked for at the keyboard reaches every process, and this one decides.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            forkserver.ensure_running()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def in_own_process(work: str, *given: Any, progress: Progress | None = None) -> Any:
    """What the function of this dotted name returns for `given` and a way to tell of progress, in a new process.

    A name, because this process need not import what only the other uses. A worker of somebody's pool may start no
    process, and does the work itself.

    Raises:
        RetentionError: as `work` raised it; or the process was ended from outside, or met what nobody foresaw.
    """
    if multiprocessing.current_process().daemon:
        return _done(work, given, progress or (lambda _: None))
    ours, theirs = _context().Pipe(duplex=False)
    process = _context().Process(target=_serve, args=(theirs, work, given), daemon=True)
    with _without_script():
        process.start()
    theirs.close()
    try:
        return _listen(ours, progress)
    finally:
        process.terminate()
        process.join(_SECONDS_TO_TIDY_UP)
        process.kill()
        process.join()


@contextmanager
def _without_script() -> Iterator[None]:
    """A new process would import the script that runs, and so run it again: it is shown an empty one."""
    with _STARTING:
        script, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = script


def _listen(messages: Connection, progress: Progress | None) -> Any:
    while True:
        try:
            kind, content = messages.recv()
        except EOFError:
            raise RetentionError("run_killed") from None
        if kind == "done":
            return content
        if kind == "failed":
            raise content
        if progress is not None:
            progress(content)


def _serve(messages: Connection, work: str, given: tuple[Any, ...]) -> None:
    """Work, and tell the process that waits; an error goes there and nowhere else."""
    # A stop asked for at the keyboard reaches both processes: the one that waits decides, and ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with suppress(BrokenPipeError):  # the one that waits was ended from outside: nobody is left to be told
        try:
            made = _done(work, given, lambda part: messages.send(("progress", part)))
            messages.send(("done", made))
        except RetentionError as error:
            messages.send(("failed", error))


def _done(work: str, given: tuple[Any, ...], progress: Progress) -> Any:
    """What the function of this name returns; whatever goes wrong, no founder is shown a traceback."""
    module, _, name = work.rpartition(".")
    try:
        return getattr(import_module(module), name)(*given, progress)
    except RetentionError:
        raise
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}, {last.lineno}"
        raise RetentionError("unforeseen", what=f"{type(error).__name__}: {error}", where=where) from error
