"""The alerts of the dashboard: judged after each poll, remembered in the cache, delivered apart from the polls."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta

from orwatch.core.alerting import AlertService, subject_of
from orwatch.core.market import Market
from orwatch.core.outbox import Undelivered
from orwatch.core.source import Source
from orwatch.domain.alerts.memory import KnownAlert
from orwatch.domain.alerts.records import Alert
from orwatch.notify.channel import Message
from orwatch.store.alerts import EVERYTHING


class Desk:
    """What the screen does with alerts. Until it serves, it only reads what others have judged.

    market: the one that the screen reads, up to now; None where it is not to be judged.
    """

    def __init__(self, source: Source, market: Callable[[], Market | None]) -> None:
        self.service = AlertService(source, market=market)
        self._serving = False

    @property
    def judged(self) -> bool:
        """Whether it has judged what the cache holds: from then on, what comes is news."""
        return self.service.judged

    @property
    def waiting(self) -> bool:
        """Whether there is something to judge that the last look had to leave: somebody polled."""
        return self.service.waiting

    def serve(
        self, env: Mapping[str, str], tell: Callable[[Message], None], write: Callable[[str], None]
    ) -> str | None:
        """Begins to judge, and gets the channels ready; a sentence where one of them cannot be served. Raises CacheError."""
        problem = self.service.serve(env, write, tell)
        self._serving = True
        return problem

    def look(self) -> dict[str, KnownAlert] | None:
        """Judges what has changed; what is remembered then, by id, None where that is as it was. Raises CacheError."""
        if self._serving:
            self.service.look()
        return self.remembered()

    def remembered(self) -> dict[str, KnownAlert] | None:
        """What is remembered, by id; None where that is as it was when it was last asked for. Raises CacheError."""
        return self.service.remembered()

    def moved(self) -> bool:
        """Whether another process has changed what is remembered since it was read."""
        return self.service.moved()

    def acknowledge(self, *ids: str) -> None:
        """Marks alerts as read; without ids, all. Raises CacheError."""
        self.service.acknowledge(*ids)

    def snooze(self, alert: Alert | None, length: timedelta) -> str:
        """Holds deliveries about an alert's subject, of everything where none is given; the subject, in words."""
        until = self.service.source.machine() + length
        self.service.snooze(EVERYTHING if alert is None else subject_of(alert), until)
        return alert.subject if alert is not None else "everything"

    def failures(self) -> AsyncIterator[Undelivered]:
        """Delivers for ever; what did not arrive."""
        return self.service.failures()
