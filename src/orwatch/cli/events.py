"""What happens while a command goes on: polls, seconds, another size of the terminal, lines typed, the wish that it end."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from enum import Enum
from typing import NamedTuple

from orwatch.core.poller import Failed, Synced, Wake, poll
from orwatch.core.source import Source

STANDING = 0.5
"""Seconds between looks at a demo's clock that stands."""


class Sign(Enum):
    """A second has passed; the terminal has another size; the program is to end."""

    TICK = "tick"
    RESIZED = "resized"
    ENDED = "ended"


class Typed(NamedTuple):
    """A line that was typed, without its end."""

    line: str


Event = Synced | Failed | Sign | Typed


@asynccontextmanager
async def events(
    source: Source,
    *,
    offline: bool,
    stdin: int | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[AsyncIterator[Event]]:
    """Everything that happens from here on, in order. offline: nobody is asked. stdin: file descriptor to read lines from.

    SIGTERM, SIGHUP and the end of the lines end it. Leaving the context stops the polling.
    """
    queue: asyncio.Queue[Event | BaseException] = asyncio.Queue()
    with _signals(queue), _lines(stdin, queue):
        tasks = [asyncio.ensure_future(_guarded(_tick(queue, sleep), queue))]
        if not offline:
            tasks.append(asyncio.ensure_future(_guarded(_poll(source, queue, sleep), queue)))
        try:
            yield _taken(queue)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _taken(queue: asyncio.Queue[Event | BaseException]) -> AsyncIterator[Event]:
    """One event after the other, to the last."""
    event: Event | BaseException | None = None
    while event is not Sign.ENDED:
        event = await queue.get()
        if isinstance(event, BaseException):
            raise event
        yield event


async def _guarded(work: Awaitable[None], queue: asyncio.Queue[Event | BaseException]) -> None:
    """What goes wrong in a task is told where the events are read."""
    try:
        await work
    except Exception as error:
        queue.put_nowait(error)


async def _tick(queue: asyncio.Queue[Event | BaseException], sleep: Callable[[float], Awaitable[None]]) -> None:
    while True:
        await sleep(1.0)
        queue.put_nowait(Sign.TICK)


async def _poll(
    source: Source, queue: asyncio.Queue[Event | BaseException], sleep: Callable[[float], Awaitable[None]]
) -> None:
    async for event in poll(source, Wake(), sleep=sleep):
        queue.put_nowait(event)
        while source.demo_clock is not None and source.demo_clock.stands:
            await sleep(STANDING)


@contextmanager
def _signals(queue: asyncio.Queue[Event | BaseException]) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    wanted = {signal.SIGTERM: Sign.ENDED, signal.SIGHUP: Sign.ENDED, signal.SIGWINCH: Sign.RESIZED}
    taken = []
    for number, sign in wanted.items():
        try:
            loop.add_signal_handler(number, queue.put_nowait, sign)
            taken.append(number)
        except (RuntimeError, ValueError):
            break  # not the main thread: somebody else's program
    try:
        yield
    finally:
        for number in taken:
            loop.remove_signal_handler(number)


@contextmanager
def _lines(stdin: int | None, queue: asyncio.Queue[Event | BaseException]) -> Iterator[None]:
    """Lines of a terminal or pipe as they come; its end ends the program. A file has nothing to wait for and is not read."""
    loop = asyncio.get_running_loop()
    held = bytearray()

    def read() -> None:
        assert stdin is not None
        try:
            found = os.read(stdin, 4096)
        except OSError:
            found = b""
        held.extend(found)
        while b"\n" in held:
            line, _, rest = held.partition(b"\n")
            held[:] = rest
            queue.put_nowait(Typed(line.decode(errors="replace").rstrip("\r")))
        if not found:
            loop.remove_reader(stdin)
            queue.put_nowait(Sign.ENDED)

    if stdin is not None:
        try:
            loop.add_reader(stdin, read)
        except OSError:
            stdin = None
    try:
        yield
    finally:
        if stdin is not None:
            loop.remove_reader(stdin)
