"""Blocking work beside the event loop: it may hang for ever without holding up the loop, another channel or the exit."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from orwatch.notify.channel import DeliveryError

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")


class Thread:
    """Work of one channel, one piece at a time.

    Threads of the loop's own executor are joined at exit, which a hanging file system would hold up: these are not.
    """

    def __init__(self) -> None:
        self._working: Future[Any] | None = None

    async def run(self, work: Callable[[], T], seconds: float) -> T:
        """What the work returns. Raises what it raises, and DeliveryError where it takes longer or an earlier one still hangs."""
        import asyncio  # both only where something is sent: every command reads the settings of the channels
        from concurrent.futures import Future

        if self._working is not None and not self._working.done():
            raise DeliveryError("the delivery before it still hangs")
        future = self._working = Future[T]()
        future.set_running_or_notify_cancel()

        def target() -> None:
            try:
                future.set_result(work())
            except Exception as error:
                future.set_exception(error)

        threading.Thread(target=target, daemon=True, name="orwatch-notify").start()
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            raise DeliveryError(f"it took longer than {seconds:g} s") from None
