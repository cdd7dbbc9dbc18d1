"""Blocking work beside an event loop, which never holds up the end of the program."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Threads(ThreadPoolExecutor):
    """Threads that are not waited for when their loop closes.

    A name that is looked up while the network is away would hold up Ctrl+C for many seconds. What is left behind can do no harm:
    the cache is closed by then, each write to it is one transaction, and the process ends without waiting either.
    """

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Begins nothing new, and waits for nothing."""
        super().shutdown(wait=False, cancel_futures=True)


_ASIDE: Final = Threads(max_workers=1)


async def aside(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """What blocking work comes to, on the cache above all, in the one thread that does all of it, in the order it is asked for.

    The cache answers one at a time anyway, and each further thread has memory of its own.
    """
    return await asyncio.get_running_loop().run_in_executor(_ASIDE, partial(work, *given, **named))


def leave_behind(loop: asyncio.AbstractEventLoop) -> None:
    """From now on the loop leaves blocking work behind when it closes."""
    loop.set_default_executor(Threads(max_workers=32))


def run(work: Coroutine[Any, Any, T]) -> T:
    """As `asyncio.run`, on a loop that waits for no thread."""
    with asyncio.Runner() as runner:
        leave_behind(runner.get_loop())
        return runner.run(work)
