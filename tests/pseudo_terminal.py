"""Real processes in a pseudo-terminal: the bytes that reach it, the modes it is left in, and how fast a process ends."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from forked import Forked

PATIENCE: Final = 20.0
"""Seconds after which what is waited for will not come."""

_MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
_KITTY = re.compile(rb"\x1b\[([<>])\d*u")
_NORMALLY_ON: Final = {7, 25}
"""Modes that a terminal has on by itself: line wrap, and the cursor."""


def _forked(argv: Sequence[str], env: Mapping[str, str], terminal: int, code: str | None) -> Forked:
    return Forked(argv, env, terminal, terminal, terminal, leads=True, code=code)


def _started(argv: Sequence[str], env: Mapping[str, str], terminal: int, code: str | None) -> subprocess.Popen[bytes]:
    def lead() -> None:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # SIGQUIT leaves no core behind here
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)  # whoever runs the tests may ignore them

    return subprocess.Popen(
        [sys.executable, *(["-m", "orwatch"] if code is None else ["-c", code]), *argv],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=dict(env),
        start_new_session=True,
        preexec_fn=lead,
    )


class Terminal:
    """A program on a terminal of its own, as its session's leader. out: every byte that has reached the terminal."""

    def __init__(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        size: tuple[int, int] = (120, 36),
        *,
        code: str | None = None,
        fresh: bool = False,
    ) -> None:
        """`orwatch ARGV`. code: Python that runs instead, with `argv` as `sys.argv[1:]`. fresh: in an interpreter of its own."""
        self.fd, inner = pty.openpty()
        self.resize(*size)
        self.before = termios.tcgetattr(inner)
        self.out = bytearray()
        self.closed = False
        self._inner = inner
        self.process = (_started if fresh else _forked)(argv, env, inner, code)

    def resize(self, width: int, height: int) -> None:
        """Another size."""
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def type(self, text: str | bytes) -> None:
        """Types a text."""
        os.write(self.fd, text.encode() if isinstance(text, str) else text)

    def read(self, seconds: float = 0.0) -> bool:
        """Takes what has come; whether anything has."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return False
        try:
            found = os.read(self.fd, 65536)
        except OSError:
            return False
        self.out += found
        return bool(found)

    def until(self, *texts: str | bytes, since: int = 0) -> int:
        """Waits until all texts have reached the terminal after a place of `out`; where that ends now."""
        end = time.monotonic() + PATIENCE
        wanted = [text.encode() if isinstance(text, str) else text for text in texts]
        while not all(text in self.out[since:] for text in wanted):
            if time.monotonic() > end or (not self.read(0.05) and self.process.poll() is not None):
                raise AssertionError(f"{wanted} did not come; the end: {bytes(self.out[-2000:])!r}")
        return len(self.out)

    def while_reading(self, holds: Callable[[], bool]) -> None:
        """Waits for something else, while what reaches the terminal is taken: a program that is not read stands still."""
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, "it has not come"
            self.read(0.02)

    def still(self, seconds: float = 0.3) -> None:
        """Reads until nothing has come for a moment."""
        while self.read(seconds):
            pass

    def signal(self, number: int) -> None:
        """Sends a signal to the process."""
        self.process.send_signal(number)

    def ends(self, within: float = PATIENCE) -> tuple[int, float]:
        """Waits for the end; the exit code (negative: the signal) and the seconds it took."""
        began = time.monotonic()
        while (code := self.process.poll()) is None:
            if time.monotonic() - began > within:
                raise AssertionError(f"it has not ended within {within} s; {bytes(self.out[-500:])!r}")
            if self.closed:
                time.sleep(0.005)
            else:
                self.read(0.005)
        took = time.monotonic() - began
        while not self.closed and self.read(0.02):
            pass
        return code, took

    def hang_up(self) -> None:
        """The terminal's window is closed."""
        os.close(self._inner)
        os.close(self.fd)
        self.closed = True

    def on(self) -> set[int]:
        """The private modes that are on now."""
        modes = set(_NORMALLY_ON)
        for numbers, way in _MODE.findall(self.out):
            for number in map(int, numbers.split(b";")):
                (modes.add if way == b"h" else modes.discard)(number)
        return modes

    @property
    def restored(self) -> bool:
        """Whether the terminal is as it was: no other screen, no mouse, the cursor shown, keys as before."""
        keys = 0
        for way in _KITTY.findall(self.out):
            keys = keys + 1 if way == b">" else max(0, keys - 1)
        same: list[Any] = termios.tcgetattr(self._inner)
        return self.on() == _NORMALLY_ON and keys == 0 and same == self.before

    def close(self) -> None:
        """Ends it all."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if not self.closed:
            os.close(self._inner)
            os.close(self.fd)
            self.closed = True


@contextmanager
def terminal(
    *argv: str,
    env: Mapping[str, str],
    size: tuple[int, int] = (120, 36),
    code: str | None = None,
    fresh: bool = False,
) -> Iterator[Terminal]:
    """`orwatch ARGV` on a terminal, until the block ends; as `Terminal` has it."""
    found = Terminal(argv, env, size, code=code, fresh=fresh)
    try:
        yield found
    finally:
        found.close()


def environment(folder: Path, **more: str) -> dict[str, str]:
    """A user with nothing set: config, cache and folders below `folder`, without the archive."""
    env = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LC_ALL", "PYTHONHASHSEED")}
    return {
        **env,
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_STATE_HOME": str(folder / "state"),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(Path(__file__).parents[1] / "src"),
        "ORWATCH_CONFIG": str(folder / "config.toml"),
        "ORWATCH_CACHE": str(folder / "cache.sqlite3"),
        "ORWATCH_ARCHIVE": "off",
        **more,
    }


@contextmanager
def silent_server() -> Iterator[str]:
    """The base URL of a server that takes every request and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/api/v1"
