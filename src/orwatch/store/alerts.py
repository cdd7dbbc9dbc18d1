"""The memory of alerts: what was found, what was news, what no longer holds, and who has read it."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from sys import intern
from typing import Final

import msgspec
from msgspec import Struct

from orwatch.domain.alerts.alert import Alert, Severity, Standing, Value
from orwatch.domain.alerts.memory import (
    APPS,
    Delivery,
    Fate,
    Findings,
    KnownAlert,
    Mark,
    Watermark,
    is_news,
    is_of_the_record,
    mark_of,
)
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Basis
from orwatch.store.database import Database, Migration
from orwatch.store.journal import ALERTS_REVISION, Journal
from orwatch.store.values import day_of, epoch, json_text, maybe_epoch, maybe_moment, moment

CREATE: Final[Migration] = (
    # number: the order of news; NULL for history and for what is on course. scope: of the judgement that last found it.
    # figures: a JSON object. observed_at, known_at: of what belongs to no period. first_seen, news_at, acknowledged_at,
    # retracted_at: by the machine's clock.
    """
    CREATE TABLE alert (
        id TEXT NOT NULL PRIMARY KEY,
        rule TEXT NOT NULL,
        severity TEXT NOT NULL,
        subject_kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        basis TEXT,
        grain TEXT NOT NULL,
        start TEXT NOT NULL,
        state TEXT NOT NULL,
        threshold TEXT NOT NULL,
        direction TEXT NOT NULL,
        figures TEXT NOT NULL,
        fired_at INTEGER NOT NULL,
        observed_at INTEGER,
        known_at INTEGER,
        scope TEXT NOT NULL,
        first_seen INTEGER NOT NULL,
        number INTEGER,
        news_at INTEGER,
        acknowledged_at INTEGER,
        retracted_at INTEGER
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE UNIQUE INDEX alert_number ON alert (number) WHERE number IS NOT NULL",
    # How far each scope has judged: a grain's newest complete period and how many there are up to it; for the clock
    # `catalogue` when prices were last seen. at: by the machine's clock.
    """
    CREATE TABLE judged (
        scope TEXT NOT NULL,
        clock TEXT NOT NULL,
        until TEXT NOT NULL,
        periods INTEGER NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (scope, clock)
    ) STRICT, WITHOUT ROWID
    """,
    # subject: as `kind:id`; empty: everything.
    """
    CREATE TABLE snooze (
        subject TEXT NOT NULL PRIMARY KEY,
        until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)

CATALOGUE: Final = "catalogue"
FORGOTTEN: Final = 14 * 86_400
"""Seconds after which a scope that has not judged since, while another has, counts as new."""

JUDGED: Final = "judged"
"""The note of what was judged last: scope, revision of the cache, and how many alerts were found."""

EVERYTHING: Final = ""
"""The subject of a snooze that holds every alert."""

SEVERITIES: Final = {severity.value: severity for severity in Severity}
GRAINS: Final = {grain.value: grain for grain in Grain}
BASES: Final[dict[str | None, Basis | None]] = {None: None} | {basis.value: basis for basis in Basis}
STATES: Final = {state.value: state for state in Standing}
"""What stands in the columns."""

_figures = msgspec.json.Decoder(dict[str, Value]).decode


def is_snoozed(snoozes: Collection[str], rule: str, kind: str, subject: str) -> bool:
    """Whether the deliveries of an alert are held. snoozes: the subjects of those that hold now."""
    return bool(snoozes) and any(name in snoozes for name in (EVERYTHING, f"rule:{rule}", f"{kind}:{subject}"))


class Recorded(Struct, frozen=True):
    """What a judgement changed. news: ids that fired just now, in order; retracted: ids that no longer hold.

    history: how many were recorded without having fired just now. changed: whether anything was.
    """

    news: tuple[str, ...] = ()
    retracted: tuple[str, ...] = ()
    history: int = 0
    changed: bool = False


class AlertsTable(Struct, frozen=True):
    """The alerts of a cache and who has read them. Every method raises CacheError; `at` is the machine's time."""

    database: Database

    def record(self, found: Findings, at: datetime) -> Recorded | None:
        """Keep what the rules found; None where the cache has changed since, and the judgement is out of date."""
        with self.database.write() as connection:
            if Journal(self.database).count() != found.revision:
                return None
            recorded = _record(connection, found, self.judged(found.scope), self.newest(), at)
            if recorded.changed:
                Journal(self.database).bump(ALERTS_REVISION)
            Journal(self.database).set(
                JUDGED, f"{found.scope} {found.revision} {sum(map(is_of_the_record, found.alerts))}"
            )
            return recorded

    def found(self, scope: str, revision: int) -> int | None:
        """How many alerts a scope found in the cache at a revision (see `is_of_the_record`).

        None where it was not the last to judge, or has judged another revision.
        """
        judged = (Journal(self.database).get(JUDGED) or "").split()
        return int(judged[2]) if judged[:2] == [scope, str(revision)] else None

    def judged(self, scope: str) -> Watermark | None:
        """How far a scope has judged, or else how far any has; None before the first judgement of the file."""
        with self.database.read() as connection:
            rows = connection.execute("SELECT scope, clock, until, periods FROM judged ORDER BY at").fetchall()
            own = [row for row in rows if row[0] == scope]
            marks: dict[str, Mark] = {}
            for _, clock, until, periods in own or rows:
                if clock != CATALOGUE:
                    mark = Mark(Period(Grain.WEEK if clock == APPS else Grain(clock), day_of(until)), periods)
                    marks[clock] = max(mark, marks.get(clock, mark), key=lambda one: one.until)
            seen = [moment(int(until)) for _, clock, until, _ in own or rows if clock == CATALOGUE]
            return Watermark(marks, max(seen, default=None), bool(own)) if rows else None

    def known(
        self, at: datetime, *, after: int | None = None, ids: Collection[str] | None = None
    ) -> dict[str, KnownAlert]:
        """Every alert by id, in order of the time it fired, newest first.

        after: only news of a higher number, oldest first. ids: only those.
        """
        where, order = ("number > :after", "number") if after is not None else ("1", "fired_at DESC, id")
        if ids is not None:
            where, order = "id IN (SELECT value FROM json_each(:ids))", "number"
        query = f"""
            SELECT id, number, first_seen, acknowledged_at, retracted_at, scope, rule, subject_kind, subject,
                   severity, basis, grain, start, state, figures, threshold, direction, observed_at, known_at
            FROM alert WHERE {where} ORDER BY {order}
        """  # noqa: S608 - the parts are of this module
        with self.database.read() as connection:
            deliveries, snoozes = _deliveries(connection), self.snoozes(at)
            rows = connection.execute(query, {"after": after, "ids": json_text(list(ids or ()))})
            return {
                id_: KnownAlert(
                    alert=_alert(rule, kind, subject, *columns),
                    number=number,
                    first_seen=moment(first_seen),
                    acknowledged_at=maybe_moment(acknowledged_at),
                    retracted_at=maybe_moment(retracted_at),
                    snoozed=is_snoozed(snoozes, rule, kind, subject),
                    deliveries=deliveries.get(id_, ()),
                    scope=intern(scope),
                )
                for id_, number, first_seen, acknowledged_at, retracted_at, scope, rule, kind, subject, *columns in rows
            }

    def on_course(self) -> frozenset[str]:
        """The ids of the alerts that were on course when it was judged last."""
        return frozenset(self.database.select(str, "SELECT id FROM alert WHERE state = ?", (Standing.ON_COURSE,)))

    def newest(self) -> int:
        """The number of the newest news, 0 without any."""
        return self.database.find(int, "SELECT coalesce(max(number), 0) FROM alert") or 0

    def revision(self) -> int:
        """A number that grows whenever an alert, its acknowledgement, a snooze or a delivery changes."""
        return Journal(self.database).count(ALERTS_REVISION)

    def acknowledge(self, ids: Iterable[str] | None, at: datetime | None) -> int:
        """Acknowledge alerts, None: all news; how many were not yet. at: None: make them unread again; how many were read."""
        with self.database.write() as connection:
            done = connection.execute(
                """
                UPDATE alert SET acknowledged_at = :now WHERE (acknowledged_at IS NULL) = (:now IS NOT NULL) AND
                    CASE WHEN :ids IS NULL THEN number IS NOT NULL ELSE id IN (SELECT value FROM json_each(:ids)) END
                """,
                {"now": maybe_epoch(at), "ids": None if ids is None else json_text(list(ids))},
            ).rowcount
            if done:
                Journal(self.database).bump(ALERTS_REVISION)
            return done

    def snooze(self, subject: str, until: datetime | None, at: datetime) -> None:
        """Hold deliveries about `kind:id`, `rule:name` or EVERYTHING until a time; None: no longer."""
        with self.database.write() as connection:
            connection.execute("DELETE FROM snooze WHERE until <= ? OR subject = ?", (epoch(at), subject))
            if until is not None and until > at:
                connection.execute("INSERT INTO snooze VALUES (?, ?)", (subject, epoch(until)))
            Journal(self.database).bump(ALERTS_REVISION)

    def snoozes(self, at: datetime) -> dict[str, datetime]:
        """Until when deliveries are held, by subject."""
        query = "SELECT subject, until FROM snooze WHERE until > ? ORDER BY subject"
        return dict(self.database.select(lambda subject, until: (subject, moment(until)), query, (epoch(at),)))


def _record(
    connection: sqlite3.Connection, found: Findings, before: Watermark | None, top: int, at: datetime
) -> Recorded:
    """before: how far it was judged. top: the number of the newest news so far."""
    news: list[str] = []
    history, changed = 0, False
    alerts = {alert.id: alert for alert in found.alerts}.values()
    for alert in sorted(alerts, key=lambda alert: (alert.fired_at, alert.id)):
        query = "SELECT state, scope, figures, number FROM alert WHERE id = ?"
        known = connection.execute(query, (alert.id,)).fetchone()
        figures = json_text(dict(alert.values))
        if known is not None and known[:3] == (alert.state, found.scope, figures):
            continue
        changed = True
        number = None if known is None else known[3]
        fresh = alert.state is Standing.CONFIRMED and (known is None or known[0] == Standing.ON_COURSE)
        fired = fresh and is_news(alert, found, before)
        if fired:
            number = top = top + 1
            news.append(alert.id)
        history += fresh and not fired
        _keep(connection, alert, figures, found.scope, number, epoch(at), news=fired)
    retracted = _missing(connection, found, Standing.CONFIRMED)
    connection.executemany(
        "UPDATE alert SET state = 'retracted', retracted_at = ? WHERE id = ?", [(epoch(at), id_) for id_ in retracted]
    )
    # A flip that is not on course any more never fired: nothing is left of it.
    lapsed = _missing(connection, found, Standing.ON_COURSE)
    connection.executemany("DELETE FROM alert WHERE id = ?", [(id_,) for id_ in lapsed])
    _mark(connection, found, before, at)
    return Recorded(tuple(news), tuple(retracted), history, changed or bool(retracted or lapsed))


def _keep(
    connection: sqlite3.Connection, alert: Alert, figures: str, scope: str, number: int | None, now: int, *, news: bool
) -> None:
    """now: seconds, by the machine's clock."""
    texts = (alert.id, alert.rule, alert.severity, alert.subject_kind, alert.subject, alert.basis)
    period = (alert.period.grain, alert.period.start.isoformat())
    told = (alert.state, alert.threshold, alert.direction, figures)
    times = (epoch(alert.fired_at), maybe_epoch(alert.at), maybe_epoch(alert.known_at))
    connection.execute(
        """
        INSERT INTO alert (id, rule, severity, subject_kind, subject, basis, grain, start, state, threshold, direction, figures,
                           fired_at, observed_at, known_at, scope, first_seen, number, news_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET
            severity = excluded.severity, state = excluded.state, figures = excluded.figures, fired_at = excluded.fired_at,
            scope = excluded.scope, number = excluded.number, news_at = coalesce(excluded.news_at, news_at),
            retracted_at = NULL
        """,
        (*texts, *period, *told, *times, scope, now, number, now if news else None),
    )


def _missing(connection: sqlite3.Connection, found: Findings, state: Standing) -> list[str]:
    """Ids of this scope, in this state and about periods, that the judgement does not have any more."""
    ids = {alert.id for alert in found.alerts}
    rows = connection.execute(
        """
        SELECT id FROM alert WHERE scope = ? AND state = ? AND observed_at IS NULL AND known_at IS NULL
        ORDER BY fired_at, id
        """,
        (found.scope, state),
    )
    return [id_ for (id_,) in rows if id_ not in ids]


def _mark(connection: sqlite3.Connection, found: Findings, before: Watermark | None, at: datetime) -> None:
    """Note how far this scope has judged by now; never back, for a period that was complete has been judged."""
    now = epoch(at)
    rows: list[tuple[str, str, str, int, int]] = []
    for clock, fetched in found.fetched.items():
        mark, old = mark_of(fetched), before.marks.get(clock) if before else None
        if mark is None or (old is not None and mark.until < old.until):
            mark = old
        if mark is not None:
            rows.append((found.scope, clock, mark.until.start.isoformat(), mark.periods, now))
    if found.catalogue_at is not None:
        rows.append((found.scope, CATALOGUE, str(epoch(found.catalogue_at)), 0, now))
    connection.executemany("INSERT OR REPLACE INTO judged VALUES (?, ?, ?, ?, ?)", rows)
    connection.execute("DELETE FROM judged WHERE at < ?", (now - FORGOTTEN,))


def _alert(
    rule: str, kind: str, subject: str, severity: str, basis: str | None, grain: str, start: str, state: str, figures: str,
    threshold: str, direction: str, observed_at: int | None, known_at: int | None,
) -> Alert:  # fmt: skip
    """An alert from its columns. Raises ValueError and KeyError for one that is damaged."""
    # Many alerts are of one rule, and about one subject: one string each.
    return Alert(
        intern(rule),
        SEVERITIES[severity],
        intern(kind),
        intern(subject),
        Period(GRAINS[grain], day_of(start)),
        _figures(figures),  # which keeps each name once
        intern(threshold),
        intern(direction),
        BASES[basis],
        STATES[state],
        maybe_moment(observed_at),
        maybe_moment(known_at),
    )


def _deliveries(connection: sqlite3.Connection) -> dict[str, tuple[Delivery, ...]]:
    found: defaultdict[str, list[Delivery]] = defaultdict(list)
    for id_, channel, fate, at, tries, cause in connection.execute(
        "SELECT alert_id, channel, fate, at, tries, cause FROM delivery ORDER BY channel"
    ):
        found[id_].append(Delivery(channel, Fate(fate), moment(at), tries, cause))
    return {id_: tuple(of) for id_, of in found.items()}
