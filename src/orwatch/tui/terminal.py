"""The terminal of the app: the signals that end it, what is typed and written beside the screen, and how it is restored.

What is typed is made readable for Textual, which ends at the first byte that is no UTF-8.
"""

from __future__ import annotations

import asyncio
import base64
import codecs
import contextlib
import errno
import os
import re
import select
import signal
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from threading import Thread
from typing import Any, Final, NoReturn

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from orwatch.notify.osc import through_tmux
from orwatch.tui.ground import Ground

MOST_COPIED = 74_994
"""Bytes of text: in base64 they fill the 100,000 that terminals take; beyond that some drop all of it."""

SCREEN_CHUNK = 76
"""Bytes that screen passes on in one string; its own limit is 768 with what stands around them."""

ESC, BEL, END = "\x1b", "\x07", "\x1b\\"


def clipboard_holds(text: str) -> bool:
    """Whether the clipboards of terminals take as much."""
    return len(text.encode()) <= MOST_COPIED


def clipboard_through(text: str, env: Mapping[str, str]) -> str:
    """What hands the clipboard (OSC 52) on to the terminal around tmux or screen, beside the plain sequence that Textual writes.

    tmux with `set-clipboard on` takes the plain sequence itself; with `allow-passthrough on` it hands a wrapped one to the
    terminal: both are written. screen knows neither and passes short device control strings on.
    """
    plain = f"{ESC}]52;c;{base64.b64encode(text.encode()).decode()}{BEL}"
    if env.get("TMUX"):
        return through_tmux(plain)
    if env.get("STY"):
        chunks = (plain[at : at + SCREEN_CHUNK] for at in range(0, len(plain), SCREEN_CHUNK))
        return "".join(f"{ESC}P{chunk}{END}" for chunk in chunks)
    return ""


HANG_UP = 0.1
"""Seconds that the signal of a closed terminal may come later than that it cannot be read: that is an end, and no fault."""

LAST_RESORT = 3.0
"""Seconds after a signal in which the app is to have ended."""

ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
"""Signals that end the app in good order."""

PLAIN: Final = (
    "".join(f"\x1b[?{mode}" for mode in ("2004l", "2048l", "1000l", "1003l", "1015l", "1006l", "1004l", "7h"))
    + "\x1b[<u\x1b[?1049l\x1b[?25h"
)
"""All that Textual's driver turns on, off; line wrap, the first screen and the cursor back."""

X10: Final = re.compile(rb"\x1b\[M.{3}", re.DOTALL)
"""A mouse report in the form of before 1006: three bytes of any value. A terminal that was set up anew by others sends it."""

TORN: Final = re.compile(rb"\x1b\[M.{0,2}\Z", re.DOTALL)
"""The beginning of one."""


PAUSE: Final = 0.05
"""Seconds after which the rest of a terminal's answer does not come any more: what was held for it is a key."""


class Readable:
    """Makes what a terminal sends valid UTF-8, piece by piece: old mouse reports are dropped, other bytes become `�`.

    ground: takes the terminal's answer out. held: what may be the beginning of one.
    """

    def __init__(self, ground: Ground | None = None) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._ground = ground or Ground(asks=False)
        self._torn = b""
        self.held = b""

    def __call__(self, data: bytes) -> bytes:
        """The next piece."""
        whole = X10.sub(b"", self._ground.without(self.held + self._torn + data))
        torn = TORN.search(whole)
        self._torn = torn[0] if torn else b""
        whole = whole[: len(whole) - len(self._torn)]
        size = len(whole) - self._ground.torn(whole)
        self.held = whole[size:]
        return self._decoder.decode(whole[:size]).encode()

    def let_go(self) -> bytes:
        """What was held, as keys."""
        held, self.held = self.held, b""
        return held


@contextlib.contextmanager
def readable(terminal: int, ground: Ground, lost: Callable[[], None]) -> Iterator[int]:
    """Within, a pipe that gives what is typed on a terminal. lost: called once it cannot be read any more."""
    reader, writer = os.pipe()
    ended, end = os.pipe()

    def pass_on() -> None:
        piece = Readable(ground)
        try:
            os.write(writer, piece(ground.hand_on()))
            while True:
                ready = select.select([terminal, ended], [], [], PAUSE if piece.held else None)[0]
                if ended in ready:
                    return
                if not ready:
                    os.write(writer, piece.let_go())
                    continue
                data = os.read(terminal, 4096)
                if not data:
                    raise OSError(errno.EIO, os.strerror(errno.EIO))
                os.write(writer, piece(data))
        except BrokenPipeError:
            return  # nobody reads any more
        except OSError:
            lost()

    thread = Thread(target=pass_on, name="typed", daemon=True)
    thread.start()
    try:
        yield reader
    finally:
        os.close(reader)
        os.write(end, b"\0")
        thread.join()
        for descriptor in (writer, ended, end):
            os.close(descriptor)


class Terminal:
    """The terminal as the app uses it.

    leave: ends the app in good order. lost: ends it where the terminal cannot be read any more. ground: what it was asked before.
    ended_by: the signal that ended it.
    gone: there is no terminal any more: nothing is written.
    """

    def __init__(self, leave: Callable[[], None], lost: Callable[[], None], ground: Ground) -> None:
        self._leave = leave
        self._ground = ground
        self._end_lost = lost
        self._own_driver: LinuxDriver | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.ended_by: int | None = None
        self.gone = False

    def driver_class(self) -> type[LinuxDriver]:
        """Textual's driver for a terminal, which lets this object write too, in turn with what is drawn."""
        terminal = self

        class Driver(LinuxDriver):
            def __init__(
                self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
            ) -> None:
                super().__init__(app, debug=debug, mouse=mouse, size=size)
                terminal._own_driver = self
                # Textual's handlers write, and would wait for ever where a signal comes in the middle of a write.
                for number in (signal.SIGTSTP, signal.SIGCONT):
                    asyncio.get_running_loop().add_signal_handler(number, signal.getsignal(number), number, None)  # type: ignore[arg-type]

            def write(self, data: str) -> None:
                # The thread that writes has ended where the terminal has gone: its queue would fill and block the app.
                if not terminal.gone:
                    super().write(data)

            def run_input_thread(self) -> None:
                typed_on = self.fileno
                with readable(typed_on, terminal._ground, terminal._lost) as self.fileno:
                    try:
                        super().run_input_thread()
                    finally:
                        self.fileno = typed_on

            def start_application_mode(self) -> None:
                terminal._ground.hand_over()
                super().start_application_mode()  # type: ignore[no-untyped-call]

            def stop_application_mode(self) -> None:
                # In a window that has grown, tmux would fold the wide rows, and leave some of them above the prompt.
                self.write("\x1b[2J")
                super().stop_application_mode()

            def close(self) -> None:
                if not terminal.gone:
                    super().close()

        return Driver

    def write(self, text: str) -> None:
        """Writes a whole sequence (clipboard, bell, notice) to the terminal; nowhere where none is drawn on."""
        if self._own_driver is not None and text:
            self._own_driver.write(text)
            self._own_driver.flush()

    @contextlib.contextmanager
    def answering_signals(self, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
        """Within, a signal ends the app on `loop` in good order: SIGINT, SIGTERM, SIGHUP and SIGQUIT.

        The handlers are Python's own and not those of the loop, because a loop that hangs would not call them: where the app has
        not ended some seconds later, or a second signal comes, the process ends without it and puts the terminal back. They raise
        nothing. The cache is never left half written: each write is one transaction.
        """
        self._loop = loop
        numbers = [number for number in ENDING if signal.getsignal(number) is not signal.SIG_IGN]  # as under nohup
        before = {number: signal.signal(number, self._signalled) for number in numbers}
        alarm = signal.signal(signal.SIGALRM, self._give_up)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            for number, handler in (*before.items(), (signal.SIGALRM, alarm)):
                signal.signal(number, handler)

    def _lost(self) -> None:
        """From the thread that reads."""
        time.sleep(HANG_UP)
        if self._loop is not None and self.ended_by is None:
            self._loop.call_soon_threadsafe(self._end_lost)

    def _signalled(self, number: int, _: object) -> None:
        if self.ended_by is not None:
            self._put_back()
            die_of(number)
        self.ended_by = number
        self.gone = not _is_there()
        signal.setitimer(signal.ITIMER_REAL, LAST_RESORT)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._leave)

    def _give_up(self, *_: object) -> NoReturn:
        """Ends the process: the app has not."""
        self._put_back()
        os._exit(128 + signal.SIGQUIT if self.ended_by == signal.SIGQUIT else 0)

    def _put_back(self) -> None:
        """The terminal as it was before the app drew, in one write: the driver's own way waits for its threads."""
        self._ground.hand_over()
        if self._own_driver is None or self._own_driver.attrs_before is None:
            return  # nothing was drawn
        with contextlib.suppress(OSError, ValueError, AttributeError, termios.error):
            termios.tcsetattr(sys.__stdin__.fileno(), termios.TCSANOW, self._own_driver.attrs_before)  # type: ignore[union-attr]
            drawn_on = sys.__stderr__.fileno()  # type: ignore[union-attr]
            if select.select([], [drawn_on], [], 0.2)[1]:  # a terminal that is held (Ctrl+S) would hold the end up
                os.write(drawn_on, PLAIN.encode())


def draw_on_the_terminal() -> None:
    """Has Textual draw on standard output where standard error, on which it draws, is a file (`2>log`), in the terminal's own size.

    COLUMNS and LINES that a shell or a launcher has exported are not that, and do not follow a resize.
    """
    for variable in ("COLUMNS", "LINES"):
        os.environ.pop(variable, None)
    if sys.__stderr__ is not None and not sys.__stderr__.isatty():
        sys.__stderr__ = sys.__stdout__  # type: ignore[misc]


def die_of(number: int) -> NoReturn:
    """Ends as a program does that knows nothing of the signal: its parent sees it, a core is written if the system wants one."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(128 + number)


def _is_there() -> bool:
    try:
        os.tcgetpgrp(sys.__stdin__.fileno())  # type: ignore[union-attr]
    except (OSError, ValueError, AttributeError):
        return False
    return True
