"""Programs in a pseudo-terminal: when they paint, what a key costs, what they use."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

SIZE = (36, 120)
"""Rows and columns."""
QUIET = 0.05
"""Seconds without output after which a program has drawn what it had to: three frames of the screen."""
SYNC_ASKED, SYNC_ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
FRAME_ENDS = b"\x1b[?2026l"
"""A terminal that draws whole frames says so; Textual then marks where they begin and end."""


class Terminal:
    """A program in a pseudo-terminal of 120×36. Times are in seconds, from `began`: just before the program is started."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        self.command = list(command)
        self.written = bytearray()  # grows in place: bytes would be copied with every read, the more the longer it runs
        self.began = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.execvpe(self.command[0], self.command, dict(env))
            finally:
                os._exit(127)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))

    def read(self, wait: float) -> bytes:
        """What comes within `wait` seconds; empty where nothing does."""
        ready, _, _ = select.select([self.fd], [], [], max(0.0, wait))
        if not ready:
            return b""
        try:
            found = os.read(self.fd, 1 << 16)
        except OSError:
            raise EOFError(f"{self.command} has ended: {bytes(self.written[-2000:])!r}") from None
        if SYNC_ASKED in found:
            os.write(self.fd, SYNC_ANSWER)
        self.written += found
        return found

    def painted(self, marks: Sequence[str], limit: float = 60.0) -> float:
        """Seconds from the start to the end of the first frame that leaves all marks on the screen."""
        wanted = [mark.encode() for mark in marks]
        while time.perf_counter() - self.began < limit:
            self.read(1.0)
            begun, end, _ = self.written.rpartition(FRAME_ENDS)
            if end and all(mark in begun for mark in wanted):
                return time.perf_counter() - self.began
        raise TimeoutError(f"{self.command} did not paint {marks}: {bytes(self.written[-2000:])!r}")

    def settle(self, seconds: float) -> bytes:
        """Reads for a while."""
        out, end = b"", time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            out += self.read(left)
        return out

    def key(self, keys: str, limit: float = 2.0) -> float:
        """Seconds from a key to the end of the output that it causes."""
        while self.read(0.0):
            pass
        began = time.perf_counter()
        os.write(self.fd, keys.encode())
        last = None
        while True:
            now = time.perf_counter()
            if last is not None and now - last >= QUIET:
                return last - began
            if now - began > limit:
                raise TimeoutError(f"{self.command} drew nothing after {keys!r}")
            if self.read(QUIET - (now - last) if last is not None else limit):
                last = time.perf_counter()

    @property
    def cpu_ns(self) -> int:
        """Nanoseconds of processor time of all threads so far."""
        tasks = Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks)

    @property
    def peak(self) -> float:
        """MiB of memory at most so far."""
        text = Path(f"/proc/{self.pid}/status").read_text()
        return int(next(line for line in text.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024

    def close(self) -> None:
        """Ends the program."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
