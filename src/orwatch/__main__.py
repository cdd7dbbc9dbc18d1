"""The program: `python -m orwatch` and `orwatch`. The only owner of exit codes, and of errors as sentences."""

from __future__ import annotations

import _thread
import contextlib
import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NoReturn
from weakref import ref

from orwatch.cli import output
from orwatch.cli.parser import Told, parse
from orwatch.errors import DEBUG, DamagedCacheError, Ended, OrwatchError, ended_by, unexpected

if TYPE_CHECKING:
    from types import FrameType

    from orwatch.present.report import Report

SOON = 0.005
"""Seconds after which a signal that came where nothing can be raised is sent again."""

INSIST = 1.0
"""The same for one whose exception is gone and the program is not: it was lost in some other callback."""

PATIENCE = 10
"""How many times that a program may take to close what is open."""


def run() -> NoReturn:
    """The process: runs the command line and ends with its exit code, at once.

    Nothing is waited for after that: a thread may hang in a name that is looked up or in a file system, and taking the
    interpreter down costs 200 ms after the dashboard. Everything that must be closed is, before `main` returns.
    """
    for name in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(name) is not signal.SIG_IGN:  # as under nohup
            signal.signal(name, _end)
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # the terminal or the reader has gone
            stream.flush()
    os._exit(code)


def _end(number: int, frame: FrameType | None) -> None:
    """A signal ends a command as Ctrl+C does: what is open is closed, and the cache is free for the next process."""
    # A thread not by `threading`, whose lock the code that was interrupted may hold.
    if not _can_raise(frame):
        _thread.start_new_thread(_again, (number, SOON))
        return
    ended = Ended(128 + number)
    _thread.start_new_thread(_insist, (number, ref(ended)))
    try:
        raise ended
    finally:
        del ended  # it is gone when nobody handles it any more, this frame included


def _can_raise(frame: FrameType | None) -> bool:
    """Whether what is raised now arrives: Python prints and forgets it in `__del__` and in the locks of its imports."""
    if frame is not None and frame.f_code.co_filename.startswith("<frozen importlib"):
        return False
    while frame is not None:
        if frame.f_code.co_name in ("__del__", "__set_name__"):
            return False
        frame = frame.f_back
    return True


def _again(number: int, seconds: float) -> None:
    time.sleep(seconds)
    os.kill(os.getpid(), number)


def _insist(number: int, raised: Callable[[], Ended | None]) -> None:
    for _ in range(PATIENCE):
        time.sleep(INSIST)
        if raised() is None:
            break
    os.kill(os.getpid(), number)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line (`sys.argv` unless one is given) and return its exit code."""
    _open_closed_streams()
    # What a start allocates, it keeps: the collector would look through it again and again, 15 ms before the first paint.
    gc.disable()
    try:
        return _run(sys.argv[1:] if argv is None else argv)
    except BaseException as error:
        return _code(error)
    finally:
        if argv is None:
            gc.freeze()  # the process ends: what it holds need not be looked through either
        gc.enable()


def _code(error: BaseException) -> int:
    """Says what ended a run, unless a signal did; the exit code."""
    ended = ended_by(error)
    if ended is not None:
        return ended
    if isinstance(error, OrwatchError):
        output.say(str(error))
        return error.exit_code
    if isinstance(error, BrokenPipeError):
        output.abandon()  # the reader has gone, as `head` does
        return 0
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 1
    if os.environ.get(DEBUG) == "1":
        import traceback

        for line in "".join(traceback.format_exception(error)).splitlines():
            output.say(line)  # which lets no key through
    output.say(unexpected(error))
    return 1


def _open_closed_streams() -> None:
    """A caller may have closed a standard stream (`>&-`): what would be written there goes nowhere, what is read is empty."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - open until the end


def _run(argv: Sequence[str]) -> int:
    try:
        command, options = parse(argv)
    except Told as told:
        output.line(str(told))
        return 0
    from orwatch.cli.session import Session

    with Session(command, options, os.environ) as session:
        form, limit = session.form, session.limit
        if session.given("watch"):
            from orwatch.cli.live import live

            return live(session)
        result: Report | str | int | None
        try:
            result = command.function(session)
        except DamagedCacheError:
            if not session.mend():
                raise
            result = command.function(session)
        if result is None:
            return 0
        if isinstance(result, int):
            return result
        if isinstance(result, str):
            output.line(result)
            return 0
        output.emit(result, form, limit, session.settings.theme)
        return result.code


if __name__ == "__main__":
    run()
