"""What is typed, as Textual can read it: it ends at the first byte that is no UTF-8."""

from __future__ import annotations

import codecs
import contextlib
import errno
import os
import re
import select
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Final

from orwatch.tui.ground import Ground

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
