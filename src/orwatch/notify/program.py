"""Programs that are run for a message: without a shell, apart from the terminal, and never for longer than they may."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from orwatch.domain.foreign_text import line
from orwatch.notify.channel import DeliveryError, cut
from orwatch.notify.thread import Thread

if TYPE_CHECKING:
    import subprocess

SECRETS: Final = ("OPENROUTER_API_KEY",)
"""Variables that no program is given."""

CAUSE: Final = 160
"""Characters of a program's own complaint that are kept."""


async def carry_out(
    thread: Thread, argv: Sequence[str], seconds: float, facts: Mapping[str, str] | None = None
) -> None:
    """Run a program in a thread of its channel. Where the delivery is cancelled, as when orwatch quits, the program is ended."""
    running: list[subprocess.Popen[bytes]] = []
    try:
        await thread.run(lambda: run(argv, seconds, facts, running), seconds + 5)
    finally:
        for process in running:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program, and what it has started."""
    if process.returncode is None:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)


def run(
    argv: Sequence[str],
    seconds: float,
    facts: Mapping[str, str] | None = None,
    running: list[subprocess.Popen[bytes]] | None = None,
) -> None:
    """Run a program to its end. facts: more environment. Raises DeliveryError where it is missing, fails or takes too long.

    Blocking; to be called in a thread. It has no standard input, and what it prints is dropped but for a complaint. running:
    gets the process, for whoever wants to end it.
    """
    import subprocess  # only where something is sent: every command reads the settings of the channels

    env = {name: value for name, value in os.environ.items() if name not in SECRETS} | dict(facts or {})
    name = os.path.basename(argv[0])
    import tempfile  # compression and random numbers come with it, which reading settings needs not

    with tempfile.TemporaryFile() as complaint:
        try:
            process = subprocess.Popen(  # noqa: S603 - the user's own program, or the desktop's; no shell
                list(argv),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaint,
                env=env,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            cause = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
            raise DeliveryError(f"{name} cannot be run: {cause}") from None
        if running is not None:
            running.append(process)
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            _end(process)
            process.wait()
            raise DeliveryError(f"{name} took longer than {seconds:g} s and was ended") from None
        if code:
            complaint.seek(0)
            words = cut(line(complaint.read(4096).decode("utf-8", "replace").strip()), CAUSE)
            ended = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
            raise DeliveryError(f"{name} {ended}{': ' if words else ''}{words}")
