"""Blocking work beside the event loop: it may hang for ever without holding up the loop, another channel or the exit."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

from orwatch.notify.channel import DeliveryError

T = TypeVar("T")


class Thread:
    """Work of one channel, one piece at a time.

    Threads of the loop's own executor are joined at exit, which a hanging file system would hold up: these are not.
    """

    def __init__(self) -> None:
        self._working: object | None = None

    async def run(self, work: Callable[[], T], seconds: float) -> T:
        """What the work returns. Raises what it raises, and DeliveryError where it takes longer or an earlier one still hangs."""
        import asyncio  # only where something is sent: every command reads the settings of the channels

        if self._working is not None:
            raise DeliveryError("the delivery before it still hangs")
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()

        def settle(result: T | None, error: BaseException | None) -> None:
            if done.done():
                return
            if error is None:
                done.set_result(result)  # type: ignore[arg-type]
            else:
                done.set_exception(error)

        def target() -> None:
            result, failure = None, None
            try:
                result = work()
            except Exception as error:
                failure = error
            self._working = None
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(settle, result, failure)

        self._working = done
        threading.Thread(target=target, daemon=True, name="orwatch-notify").start()
        try:
            async with asyncio.timeout(seconds):
                return await done
        except TimeoutError:
            raise DeliveryError(f"it took longer than {seconds:g} s") from None
