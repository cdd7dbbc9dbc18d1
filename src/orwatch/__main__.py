"""The program: `python -m orwatch` and `orwatch`. The only owner of exit codes, and of errors as sentences."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import closing
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

from orwatch import __version__
from orwatch.cli import output
from orwatch.cli.command import DASHBOARD
from orwatch.errors import DEBUG, INTERRUPTED, DamagedCacheError, OrwatchError, unexpected

if TYPE_CHECKING:
    from orwatch.present.report import Report


AGAIN = 0.01
"""Seconds after which an end that was lost is tried again."""


def run() -> NoReturn:
    """The process: runs the command line and ends with its exit code, at once.

    SIGTERM and SIGHUP end it as Ctrl+C does: what is open is closed, and the cache is free for the next process. The interpreter is
    not torn down: after the dashboard that takes long, and the user waits for the prompt. Whatever is written is flushed as it is
    written: a reader that has stalled must not hold the end up.
    """
    gc.set_threshold(200_000)  # a start makes many records and no garbage: they would be searched for it many times
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, _end)
    sys.unraisablehook = _lost
    os._exit(main())


def _end(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def _lost(what: sys.UnraisableHookArgs) -> None:
    """What is raised in a callback of the interpreter, where nobody can catch it: an end is tried again, the rest is not told."""
    if isinstance(what.exc_value, SystemExit):
        again, code = signal.SIGALRM, what.exc_value.code
        try:
            signal.signal(again, lambda *_: sys.exit(code))
            signal.setitimer(signal.ITIMER_REAL, AGAIN)
        except SystemExit:  # the time was over here already, where nobody can catch it either
            _lost(what)
    elif os.environ.get(DEBUG) == "1":
        sys.__unraisablehook__(what)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line (`sys.argv` unless one is given) and return its exit code."""
    output.open_streams()
    output.begin()
    _ignore_relative_folders()
    try:
        return _run(sys.argv[1:] if argv is None else argv)
    except OrwatchError as error:
        output.warn(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    except BrokenPipeError:
        output.abandon(sys.stdout)  # the reader has gone, as `head` does
        return 0
    except Exception as error:
        import traceback  # the tokenizer comes with it, which no command needs that goes well

        for line in "".join(traceback.format_exception(error)).splitlines():
            (output.warn if os.environ.get(DEBUG) == "1" else output.note)(line)
        output.warn(unexpected(error))
        return 1


def _ignore_relative_folders() -> None:
    """Folders of XDG variables must be absolute, and others are to be ignored, as the XDG base directory specification has it."""
    for name in [name for name in os.environ if name.startswith("XDG_") and name.endswith(("_HOME", "_DIR"))]:
        if not os.path.isabs(os.environ[name]):
            del os.environ[name]


def _run(argv: Sequence[str]) -> int:
    command, options = DASHBOARD, dict[str, Any]()
    if argv:
        # argparse and all commands: memory that the dashboard alone does without.
        from orwatch.cli.parser import parse

        command, options = parse(argv)
    if "version" in options:
        output.line(f"orwatch {__version__}")
        return 0
    if command.bare:
        output.line(command.function(options))
        return 0
    heard = None
    if "verbose" in options or "log_file" in options:
        from orwatch.cli import log  # logging, which no other run needs

        heard = log.begin(options.get("log_file"), os.environ, command.title)
    output.begin(quiet="quiet" in options, colour=options.get("color", "auto"), heard=heard)
    if options.get("format") == "line":
        from orwatch.cli import status_line  # which no other command needs

        kept = status_line.read(command.name, options, os.environ)
        if kept is not None:
            output.line(kept)
            return 0
    # A help text needs neither settings nor records: what loads them is imported only here.
    from orwatch.cli.session import Session

    with closing(Session(command, options, os.environ)) as session:
        form, limit, _ = session.form, session.limit, session.filter
        if session.given("watch"):
            from orwatch.cli.live import live  # Rich, which only this needs

            return live(session)
        result: Report | str | int | None
        try:
            result = command.function(session)
        except DamagedCacheError:
            if not session.mend():
                raise
            result = command.function(session)
        if result is None or isinstance(result, int):
            return result or 0
        if isinstance(result, str):
            output.write(session.told([result, "\n"]))
            return 0
        from orwatch.cli.emit import render  # the writers of all formats, which the dashboard does without

        output.write(session.told(render(result, form, limit, session.codes)))
        return result.code


if __name__ == "__main__":
    run()
