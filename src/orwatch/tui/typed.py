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

X10: Final = re.compile(rb"\x1b\[M.{3}", re.DOTALL)
"""A mouse report in the form of before 1006: three bytes of any value. A terminal that was set up anew by others sends it."""

TORN: Final = re.compile(rb"\x1b\[M.{0,2}\Z", re.DOTALL)
"""The beginning of one."""


class Readable:
    """Makes what a terminal sends valid UTF-8, piece by piece: old mouse reports are dropped, other bytes become `�`."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._torn = b""

    def __call__(self, data: bytes) -> bytes:
        """The next piece."""
        whole = X10.sub(b"", self._torn + data)
        torn = TORN.search(whole)
        self._torn = torn[0] if torn else b""
        return self._decoder.decode(whole[: len(whole) - len(self._torn)]).encode()


@contextlib.contextmanager
def readable(terminal: int, lost: Callable[[], None]) -> Iterator[int]:
    """Within, a pipe that gives what is typed on a terminal. lost: called once it cannot be read any more."""
    reader, writer = os.pipe()
    ended, end = os.pipe()

    def pass_on() -> None:
        piece = Readable()
        try:
            while terminal in select.select([terminal, ended], [], [])[0]:
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
