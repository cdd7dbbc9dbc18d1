"""What happens while a command goes on: polls, seconds, another size of the terminal, lines typed, the wish that it end."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import Enum
from functools import partial
from typing import NamedTuple

from orwatch.core.poller import Failed, Synced, Wake, poll
from orwatch.core.source import Source


class Sign(Enum):
    """A second has passed; the terminal has another size; the program is to end."""

    TICK = "tick"
    RESIZED = "resized"
    ENDED = "ended"


class TypedLine(NamedTuple):
    """A line that was typed, without its end."""

    line: str


Event = Synced | Failed | Sign | TypedLine
Put = Callable[[Event], None]

SIGNALS = {signal.SIGTERM: Sign.ENDED, signal.SIGHUP: Sign.ENDED, signal.SIGWINCH: Sign.RESIZED}


@asynccontextmanager
async def events(source: Source, *, offline: bool, stdin: int | None = None) -> AsyncIterator[AsyncIterator[Event]]:
    """Everything that happens from here on, in order. offline: nobody is asked. stdin: file descriptor to read lines from.

    SIGTERM, SIGHUP (unless it is ignored, as under nohup) and the end of the lines end it. Leaving the context stops the polling.
    """
    queue: asyncio.Queue[Event] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    taken = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    for number in taken:
        loop.add_signal_handler(number, queue.put_nowait, SIGNALS[number])
    if stdin is not None:
        loop.add_reader(stdin, partial(_read, stdin, queue.put_nowait, bytearray()))
    tasks = [asyncio.ensure_future(_tick(queue.put_nowait))]
    if not offline:
        tasks.append(asyncio.ensure_future(_poll(source, queue.put_nowait)))
    try:
        yield _taken(queue, tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for number in taken:
            loop.remove_signal_handler(number)
        if stdin is not None:
            loop.remove_reader(stdin)


async def _taken(queue: asyncio.Queue[Event], tasks: list[asyncio.Task[None]]) -> AsyncIterator[Event]:
    """One event after the other, to the last. Raises what ended one of the tasks."""
    while True:
        event = await queue.get()
        for task in tasks:
            if task.done():
                task.result()
        if event is Sign.ENDED:
            return
        yield event


async def _tick(put: Put) -> None:
    while True:
        await asyncio.sleep(1.0)
        put(Sign.TICK)


async def _poll(source: Source, put: Put) -> None:
    async for event in poll(source, Wake()):
        put(event)
        if source.at_rest:
            return  # nothing comes any more


def _read(stdin: int, put: Put, held: bytearray) -> None:
    """Reads what a terminal has; the end of its lines ends the program. held: of a line that has no end yet."""
    try:
        found = os.read(stdin, 4096)
    except OSError:
        found = b""
    *lines, held[:] = (held + found).split(b"\n")
    for line in lines:
        put(TypedLine(line.decode(errors="replace").rstrip("\r")))
    if not found:
        asyncio.get_running_loop().remove_reader(stdin)
        put(Sign.ENDED)
