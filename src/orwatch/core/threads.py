"""An event loop whose blocking work never holds up the end of the program."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Threads(ThreadPoolExecutor):
    """A thread of its own for each piece of work, left behind at the end.

    The usual executor is waited for when its loop closes: a name that is looked up while the network is away would hold up Ctrl+C
    for many seconds. What is left behind can do no harm: the cache is closed by then, and each write to it is one transaction.
    """

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Begins the work at once."""
        future: Future[T] = Future()

        def work() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:  # to be raised where the result is waited for
                future.set_exception(error)
            else:
                future.set_result(result)

        threading.Thread(target=work, daemon=True, name="orwatch-work").start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Waits for nothing."""


def leave_behind(loop: asyncio.AbstractEventLoop) -> None:
    """From now on the loop leaves blocking work behind when it closes."""
    loop.set_default_executor(Threads())


def run(work: Coroutine[Any, Any, T]) -> T:
    """As `asyncio.run`, on a loop that waits for no thread."""
    with asyncio.Runner() as runner:
        leave_behind(runner.get_loop())
        return runner.run(work)
