"""The ledger of alerts of a cache: remembered, acknowledged, snoozed, and sent once, whichever process is first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from orwatch.domain.alerts.memory import Judgement, KnownAlert
from orwatch.store import alerts, deliveries, journal
from orwatch.store.alerts import EVERYTHING, Recorded
from orwatch.store.database import Database
from orwatch.store.deliveries import Claim, Failures, Terms

__all__ = ["EVERYTHING", "Claim", "Failures", "Ledger", "Recorded", "Terms"]


class Ledger:
    """The alerts of one cache. Every method raises CacheError; times (`at`) are the machine's, with a zone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, found: Judgement, at: datetime) -> Recorded | None:
        """Keep what the rules found; None where the cache has changed since, and the judgement is out of date."""
        with self._database.write() as connection:
            if journal.count(connection, journal.REVISION, self._database.generation) != found.revision:
                return None
            recorded = alerts.record(connection, found, at)
            if recorded.changed:
                journal.bump(connection, journal.ALERTS_REVISION)
            return recorded

    def known(
        self, at: datetime, *, after: int | None = None, ids: Collection[str] | None = None
    ) -> tuple[KnownAlert, ...]:
        """Every alert, by the time it fired, newest first. after: only news of a higher number, oldest first. ids: only those."""
        with self._database.read() as connection:
            return alerts.read(connection, at, after, ids)

    def on_course(self) -> frozenset[str]:
        """The ids of the alerts that were on course when it was judged last."""
        with self._database.read() as connection:
            return alerts.on_course(connection)

    def newest(self) -> int:
        """The number of the newest news, 0 without any."""
        with self._database.read() as connection:
            return alerts.newest(connection)

    def revision(self) -> int:
        """A number that grows whenever an alert, its acknowledgement, a snooze or a delivery changes."""
        with self._database.read() as connection:
            return journal.count(connection, journal.ALERTS_REVISION, self._database.generation)

    def acknowledge(self, ids: Iterable[str] | None, at: datetime) -> int:
        """Acknowledge alerts, None: all news; how many were not yet."""
        with self._database.write() as connection:
            done = alerts.acknowledge(connection, ids, at)
            if done:
                journal.bump(connection, journal.ALERTS_REVISION)
            return done

    def snooze(self, subject: str, until: datetime | None, at: datetime) -> None:
        """Hold deliveries about `kind:id`, `rule:name` or EVERYTHING until a time; None: no longer."""
        with self._database.write() as connection:
            alerts.snooze(connection, subject, until, at)
            journal.bump(connection, journal.ALERTS_REVISION)

    def snoozes(self, at: datetime) -> dict[str, datetime]:
        """Until when deliveries are held, by subject."""
        with self._database.read() as connection:
            return alerts.snoozes(connection, at)

    def serve(self, channel: str) -> int:
        """Note that a channel is served from now on; the number after which news are its own."""
        with self._database.write() as connection:
            return deliveries.since(connection, channel)

    def claim(self, terms: Terms, holder: str, at: datetime, alive: Callable[[str], bool]) -> Claim:
        """Take what is due on a channel, for this holder alone."""
        with self._database.write() as connection:
            return deliveries.claim(connection, terms, holder, at, alive)

    def settle(
        self,
        terms: Terms,
        holder: str,
        ids: Collection[str],
        at: datetime,
        cause: str | None = None,
        retry_in: Callable[[int], float] = float,
    ) -> datetime | None:
        """Note what came of a claim; when it is tried next, None where it is not."""
        with self._database.write() as connection:
            retry = deliveries.settle(connection, terms, holder, ids, at, cause, retry_in)
            journal.bump(connection, journal.ALERTS_REVISION)
            return retry

    def failures(self, at: datetime) -> Failures:
        """Deliveries of the last week that have not arrived."""
        with self._database.read() as connection:
            return deliveries.failures(connection, at)
