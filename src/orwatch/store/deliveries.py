"""The outbox: who may send which alerts to a channel, and what came of it.

A claim looks and takes in one write transaction, so that of several processes on a cache one sends.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import datetime
from itertools import takewhile
from math import ceil
from typing import Final

from msgspec import Struct

from orwatch.domain.alerts.alert import Severity
from orwatch.domain.alerts.memory import HELD, Fate
from orwatch.domain.alerts.totals import BRIEF
from orwatch.store.alerts import AlertsTable, is_snoozed
from orwatch.store.database import Database, Migration
from orwatch.store.journal import ALERTS_REVISION, Journal
from orwatch.store.lease import may_run
from orwatch.store.values import epoch, moment

CREATE: Final[Migration] = (
    # One row for an alert and a channel, from the first claim on. at: when it is tried next, was sent or was given up.
    """
    CREATE TABLE delivery (
        alert_id TEXT NOT NULL,
        channel TEXT NOT NULL,
        fate TEXT NOT NULL,
        at INTEGER NOT NULL,
        tries INTEGER NOT NULL,
        claimed_by TEXT,
        claimed_at INTEGER,
        cause TEXT,
        PRIMARY KEY (channel, alert_id)
    ) STRICT, WITHOUT ROWID
    """,
    # since: the newest number when the channel was first served; what came before is not delivered to it.
    """
    CREATE TABLE channel (
        name TEXT NOT NULL PRIMARY KEY,
        since INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)

RETRIES: Final = (2, 10, 60, 300, 600)
"""Seconds before the next try after one, two, … failures; the last one from there on."""

STALE: Final = 3 * 86_400
"""Seconds after which an alert that could not be sent is not sent any more."""

COUNTED: Final = 7 * 86_400
"""Seconds for which a failure counts."""

LOOK_AGAIN: Final = 2
"""Seconds between looks at a claim of another process, which may be killed."""

SNOOZE_LOOK: Final = 60
"""Seconds between looks at what is snoozed."""

OVER: Final = "(a.acknowledged_at IS NOT NULL OR a.state = 'retracted')"
"""Whether an alert is no news any more."""

LOST: Final = "orwatch ended while it was sent; whether it arrived is not known."


class Terms(Struct, frozen=True):
    """How a channel takes alerts.

    severities: of those it takes. group_s: seconds that the first alert of a burst waits for the others. limit: alerts in
    one message. lease_s: seconds after which a claim is over. tries: after so many failures it is given up, 0: never
    before it is stale. again: an alert whose sender died is sent again. heeds: acknowledged alerts and snoozed ones are
    not sent. since: only news with a higher number; None: since the channel was first served by any process. briefs: it takes
    briefings, whatever severities it takes; others do not. ends: what was sent is sent once more when it is over (acknowledged or
    retracted), and again where it is not over after all.
    """

    channel: str
    severities: frozenset[Severity] = frozenset(Severity)
    group_s: float = 0.0
    limit: int = 100
    lease_s: float = 60.0
    tries: int = 3
    again: bool = True
    heeds: bool = True
    since: int | None = None
    briefs: bool = False
    ends: bool = False


class Claim(Struct, frozen=True):
    """What a process may send now. ids: in order. again: one of them may have been sent before. ended: all of them are over.

    next_at: when others may be due that are not yet; None where there are none.
    """

    ids: tuple[str, ...] = ()
    again: bool = False
    ended: bool = False
    next_at: datetime | None = None


class Failures(Struct, frozen=True):
    """Deliveries of the last week that have not arrived, and the cause of the newest."""

    count: int = 0
    last_error: str | None = None


class DeliveriesTable(Struct, frozen=True):
    """The outbox of a cache. Every method raises CacheError; `at` is the machine's time."""

    database: Database

    def serve(self, channel: str) -> int:
        """Note that a channel is served from now on; the number after which news are its own."""
        with self.database.write() as connection:
            newest = AlertsTable(self.database).newest()
            connection.execute("INSERT INTO channel VALUES (?, ?) ON CONFLICT DO NOTHING", (channel, newest))
            (number,) = connection.execute("SELECT since FROM channel WHERE name = ?", (channel,)).fetchone()
            return int(number)

    def claim(self, terms: Terms, holder: str, at: datetime) -> Claim:
        """Take what is due on a channel, for this holder alone, as `new_holder` names it."""
        with self.database.write() as connection:
            after = self.serve(terms.channel) if terms.since is None else terms.since
            return _claim(connection, terms, after, holder, epoch(at), AlertsTable(self.database).snoozes(at))

    def settle(
        self,
        terms: Terms,
        holder: str,
        ids: Collection[str],
        at: datetime,
        cause: str | None = None,
        *,
        ended: bool = False,
    ) -> datetime | None:
        """Note what came of a claim: sent, or why not (cause), and when it is tried next; None where it is not.

        ended: as the claim has it. What another has claimed meanwhile is left alone.
        """
        now = epoch(at)
        retry: datetime | None = None
        with self.database.write() as connection:
            for id_ in ids:
                row = connection.execute(
                    """
                    SELECT tries FROM delivery
                    WHERE channel = ? AND alert_id = ? AND fate = 'claimed' AND claimed_by = ?
                    """,
                    (terms.channel, id_, holder),
                ).fetchone()
                if row is None:
                    continue
                tries, due_at = row[0] + (cause is not None), now
                if cause is None:
                    fate = Fate.ENDED if ended else Fate.SENT
                elif terms.tries and tries >= terms.tries:
                    fate = Fate.FAILED
                else:
                    fate, due_at = Fate.PENDING, now + RETRIES[min(tries, len(RETRIES)) - 1]
                    retry = moment(due_at)
                _put(connection, terms.channel, id_, fate, due_at, tries=tries, cause=cause)
            Journal(self.database).bump(ALERTS_REVISION)
        return retry

    def failures(self, at: datetime) -> Failures:
        """Deliveries of the last week that have not arrived: given up, or failing still."""
        query = """
            SELECT channel, cause FROM delivery WHERE cause IS NOT NULL AND claimed_at >= ?
            ORDER BY claimed_at DESC, channel
        """
        found = self.database.select("{}: {}".format, query, (epoch(at) - COUNTED,))
        return Failures(len(found), found[0] if found else None)


def _claim(
    connection: sqlite3.Connection, terms: Terms, after: int, holder: str, now: int, snoozes: Collection[str]
) -> Claim:
    """after: only news of a higher number. snoozes: their subjects."""
    rows = connection.execute(
        f"""
        SELECT a.id, a.rule, a.subject_kind, a.subject, a.severity, a.news_at, {OVER}, d.fate, d.at, d.claimed_by, d.claimed_at
        FROM alert AS a LEFT JOIN delivery AS d ON d.channel = :channel AND d.alert_id = a.id
        WHERE a.number > :after AND (
            (a.state = 'confirmed' AND a.news_at >= :oldest AND (d.fate IS NULL OR d.fate IN ('pending', 'claimed')))
            OR (:ends AND a.news_at >= :held AND d.fate IN (iif({OVER}, 'sent', 'ended'), 'pending', 'claimed'))
        )
        ORDER BY a.number
        """,  # noqa: S608 - the parts are of this module
        {
            "channel": terms.channel,
            "after": after,
            "oldest": now - STALE,
            "held": now - int(HELD.total_seconds()),
            "ends": terms.ends,
        },
    ).fetchall()
    due: list[tuple[str, tuple[bool, bool]]] = []
    later: list[int] = []
    again = ripe = False
    for id_, rule, kind, subject, severity, news_at, over, fate, due_at, by, claimed_at in rows:
        takes = terms.briefs if rule == BRIEF else Severity(severity) in terms.severities
        ends = bool(over and terms.ends and fate is not None)
        if not takes or (over and terms.heeds and not ends):
            continue
        if fate == Fate.CLAIMED:
            if abs(now - claimed_at) < terms.lease_s and (by == holder or may_run(by)):
                later.append(now + LOOK_AGAIN)
                continue
            if not terms.again:
                _put(connection, terms.channel, id_, Fate.FAILED, now, cause=LOST)
                continue
        elif fate == Fate.PENDING and now < due_at <= now + STALE:
            later.append(due_at)
            continue
        if terms.heeds and not ends and is_snoozed(snoozes, rule, kind, subject):
            later.append(now + SNOOZE_LOOK)
            continue
        again |= fate is not None
        if fate is None and 0 <= now - news_at < terms.group_s:
            later.append(news_at + ceil(terms.group_s))
        else:
            ripe = True
        due.append((id_, (rule == BRIEF, ends)))
    # A briefing is a message of its own, and so is what is over.
    brief, ended = due[0][1] if ripe else (False, False)
    alike = [id_ for id_, _ in takewhile(lambda one: one[1] == (brief, ended), due)]
    taken = alike[: 1 if brief else terms.limit] if ripe else []
    for id_ in taken:
        connection.execute(
            """
            INSERT INTO delivery VALUES (?, ?, 'claimed', ?, 0, ?, ?, NULL)
            ON CONFLICT DO UPDATE SET fate = 'claimed', claimed_by = excluded.claimed_by, claimed_at = excluded.claimed_at,
                tries = iif(fate IN ('sent', 'ended'), 0, tries)
            """,
            (id_, terms.channel, now, holder, now),
        )
    if taken and len(taken) < len(due):
        later.append(now)
    return Claim(tuple(taken), again, ended, moment(min(later)) if later else None)


def _put(
    connection: sqlite3.Connection,
    channel: str,
    id_: str,
    fate: Fate,
    at: int,
    *,
    tries: int | None = None,
    cause: str | None = None,
) -> None:
    connection.execute(
        """
        UPDATE delivery SET fate = ?, at = ?, tries = coalesce(?, tries), cause = ?, claimed_by = NULL
        WHERE channel = ? AND alert_id = ?
        """,
        (fate, at, tries, cause, channel, id_),
    )
