"""The alerts of the dashboard: judged after each poll, remembered in the cache, delivered to the channels."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta
from typing import Final

from orwatch.core.alerting import Alerting, judge_of
from orwatch.core.channels import sink, sinks
from orwatch.core.delivery import Sink, Undelivered, deliver, starting_now
from orwatch.core.market import Market
from orwatch.core.source import Source
from orwatch.domain.alerts.memory import KnownAlert
from orwatch.domain.alerts.records import Alert
from orwatch.errors import CacheError, UsageError
from orwatch.notify.message import Message

NOT_IN_A_REPLAY: Final = frozenset({"webhook", "command", "desktop"})
"""Channels that a replay of the past does not ring."""


class ToastChannel:
    """The channel of the screen itself."""

    name = "toast"

    def __init__(self, show: Callable[[Message], None]) -> None:
        self._show = show

    async def send(self, message: Message) -> None:
        """Shows a message in the corner."""
        self._show(message)


class AlertFeed:
    """Judges and delivers once it is started; until then it only reads what others have judged.

    market: what is to be judged now; it gives None where nothing is.
    """

    def __init__(self, source: Source, market: Callable[[], Market | None]) -> None:
        self.source = source
        self._market = market
        self._alerting: Alerting | None = None
        self._sinks: tuple[Sink, ...] = ()
        self._revision: int | None = None

    @property
    def judged(self) -> bool:
        """Whether it has judged what the cache holds: from then on, what comes is news."""
        return self._alerting is not None and self._alerting.judged

    @property
    def waiting(self) -> bool:
        """Whether there is something to judge that the last look had to leave, because another process polled."""
        return self._alerting is not None and self._alerting.waiting

    def start(
        self, env: Mapping[str, str], show: Callable[[Message], None], write: Callable[[str], None]
    ) -> str | None:
        """Gets the rules and the channels ready; a sentence where a channel cannot be served. Raises CacheError.

        show: shows a toast. write: puts the bytes of bell and notices on the terminal. For a thread.
        """
        notify = self.source.settings.notify
        found, problem = [sink(notify, ToastChannel(show))], None
        try:
            found += sinks(notify, env, write)
        except UsageError as error:
            problem = f"{error} Only toasts are shown."
        if self.source.demo_clock is not None:
            found = [one for one in found if one.channel.name not in NOT_IN_A_REPLAY]
        self._sinks = starting_now(self.source, found)
        self._alerting = Alerting(self.source, judge_of(self.source.settings), self._market)
        return problem

    def look(self) -> dict[str, KnownAlert] | None:
        """Judges what has changed; what is remembered then, as `remembered` has it. Raises CacheError. For a thread."""
        if self._alerting is not None:
            self._alerting.look()
        return self.remembered()

    def remembered(self) -> dict[str, KnownAlert] | None:
        """What is remembered, by id; None where that is as it was when it was last asked for. Raises CacheError."""
        alerts = self.source.cache.alerts
        revision = alerts.revision()
        if revision == self._revision:
            return None
        self._revision = revision
        return {known.alert.id: known for known in alerts.known(self.source.machine())}

    def moved(self) -> bool:
        """Whether another process has changed what is remembered since it was read."""
        try:
            return self._revision is not None and self.source.cache.alerts.revision() != self._revision
        except CacheError:  # the poll says why
            return False

    def acknowledge(self, *ids: str) -> None:
        """Marks alerts as read; without ids, all. Raises CacheError."""
        self.source.cache.alerts.acknowledge(ids or None, self.source.machine())

    def snooze(self, alert: Alert | None, length: timedelta) -> str:
        """Holds deliveries about an alert's subject, of everything where none is given; the subject, in words."""
        subject = "" if alert is None else f"{alert.subject_kind}:{alert.subject}"
        now = self.source.machine()
        self.source.cache.alerts.snooze(subject, now + length, now)
        return alert.subject if alert is not None else "everything"

    async def failures(self) -> AsyncIterator[Undelivered]:
        """Delivers for ever; yields what did not arrive."""
        async for event in deliver(self.source, self._sinks):
            if isinstance(event, Undelivered):
                yield event
