"""Processes of orwatch that are forked from one that has loaded it: as those that an interpreter starts, in a tenth of its work.

What a test is about at the very start of a process (imports, locale, closed streams, its command line) wants an interpreter.
"""

from __future__ import annotations

import atexit
import fcntl
import gc
import json
import os
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import traceback
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, NoReturn

SOURCE = Path(__file__).parents[1] / "src"
WORD = struct.Struct("q")


class Forked:
    """A process of orwatch with these arguments, in this environment and no other, on these files.

    leads: it leads a session on the terminal that is its standard input. code: Python that runs instead, with `argv` as
    `sys.argv[1:]`.
    """

    def __init__(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        stdin: int,
        stdout: int,
        stderr: int,
        *,
        leads: bool = False,
        code: str | None = None,
    ) -> None:
        asked = {"argv": ["orwatch", *argv], "env": dict(env), "cwd": os.getcwd(), "leads": leads, "code": code}
        self._told, tells = os.pipe()
        socket.send_fds(_origin(), [json.dumps(asked).encode() + b"\n"], [stdin, stdout, stderr, tells])
        os.close(tells)
        self.argv = argv
        self.pid = self._next()
        self.returncode: int | None = None

    def _next(self) -> int:
        word: int = WORD.unpack(os.read(self._told, WORD.size))[0]
        return word

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        if self.returncode is None and select.select([self._told], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def wait(self) -> int:
        """The exit code, once it has ended."""
        if self.returncode is None:
            self.returncode = self._next()
            os.close(self._told)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Sends a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Ends it at once."""
        self.send_signal(signal.SIGKILL)


Done = subprocess.CompletedProcess[str]


def run(argv: Sequence[str], env: Mapping[str, str]) -> Done:
    """Runs it to its end, without an input."""
    return run_all([argv], env)[0]


def run_all(argvs: Sequence[Sequence[str]], env: Mapping[str, str]) -> list[Done]:
    """Runs several at once, each to its end."""
    with ExitStack() as stack:
        nothing = stack.enter_context(open(os.devnull)).fileno()
        said = [[stack.enter_context(tempfile.TemporaryFile("w+")) for _ in range(2)] for _ in argvs]
        running = [
            Forked(argv, env, nothing, out.fileno(), err.fileno()) for argv, (out, err) in zip(argvs, said, strict=True)
        ]
        codes = [process.wait() for process in running]
        for file in chain.from_iterable(said):
            file.seek(0)
        return [
            Done(process.argv, code, out.read(), err.read())
            for process, code, (out, err) in zip(running, codes, said, strict=True)
        ]


@cache
def _origin() -> socket.socket:
    """Where the process is told what to fork; it ends with this one."""
    ours, theirs = socket.socketpair()
    number = str(theirs.fileno())
    env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONPATH": str(SOURCE)}
    process = subprocess.Popen([sys.executable, __file__, number], pass_fds=[theirs.fileno()], env=env, process_group=0)
    theirs.close()
    atexit.register(process.wait)
    atexit.register(ours.close)
    return ours


# In the process that forks


def _serve(asks: socket.socket) -> None:
    """Loads orwatch, and forks it for each line that comes, until the other side is gone."""
    import orwatch.__main__
    import orwatch.cli.dashboard
    import orwatch.cli.emit
    import orwatch.cli.parser
    import orwatch.cli.session
    import orwatch.core.watch
    import orwatch.tui.app  # noqa: F401 - for what is forked

    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those between
    while True:
        line, files, _, _ = socket.recv_fds(asks, 2**20, 4)
        if not line:
            return
        while not line.endswith(b"\n"):
            line += asks.recv(2**20)
        if os.fork() == 0:
            asks.close()
            _between(json.loads(line), files)
        for file in files:
            os.close(file)


def _between(asked: dict[str, Any], files: list[int]) -> NoReturn:
    """Forks it, and tells its id and how it ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        _become(asked, files)
    *others, tells = files
    for file in others:
        os.close(file)
    os.write(tells, WORD.pack(pid))
    os.write(tells, WORD.pack(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])))
    os._exit(0)


def _become(asked: dict[str, Any], files: list[int]) -> NoReturn:
    """Runs as if it had been started so."""
    for to, file in enumerate(files[:3]):
        os.dup2(file, to)
    os.closerange(3, max(files) + 1)
    for number in (signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)  # whoever runs the tests may ignore them
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if asked["leads"]:
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # SIGQUIT leaves no core behind here
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    sys.argv = asked["argv"]
    streams = (
        ("stdin", open(0, encoding="utf-8")),  # noqa: SIM115 - open until the end, as those below
        ("stdout", open(1, "w", encoding="utf-8")),  # noqa: SIM115
        ("stderr", open(2, "w", 1, encoding="utf-8", errors="backslashreplace")),  # noqa: SIM115
    )
    for name, stream in streams:
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)  # on which Textual draws
    from orwatch.__main__ import run as run_orwatch

    try:
        run_orwatch() if asked["code"] is None else exec(asked["code"], {"__name__": "__main__"})
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as told:
        _serve(told)
