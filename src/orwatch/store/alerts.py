"""The memory of alerts: what was found, what was news, what no longer holds, and who has read it."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, Final

from msgspec import Struct

from orwatch.domain.alerts.memory import (
    Delivery,
    Fate,
    Judgement,
    KnownAlert,
    Mark,
    Watermark,
    is_news,
    mark_of,
)
from orwatch.domain.alerts.records import Alert, Rebuilder, Standing
from orwatch.domain.records import Grain, Period
from orwatch.store.figures import Figures
from orwatch.store.times import epoch, moment

CATALOGUE: Final = "catalogue"
FORGOTTEN: Final = 14 * 86_400
"""Seconds after which a scope that has not judged since, while another has, counts as new."""

EVERYTHING: Final = ""
"""The subject of a snooze that holds every alert."""

SNOOZED: Final = """
EXISTS (SELECT 1 FROM snooze WHERE until > :at
        AND snooze.subject IN ('', 'rule:' || a.rule, a.subject_kind || ':' || a.subject))
"""


class Recorded(Struct, frozen=True):
    """What a judgement changed. news: ids that fired just now, in order; retracted: ids that no longer hold.

    history: how many were recorded without having fired just now. changed: whether anything was.
    """

    news: tuple[str, ...] = ()
    retracted: tuple[str, ...] = ()
    history: int = 0
    changed: bool = False


def record(connection: sqlite3.Connection, found: Judgement, at: datetime) -> Recorded:
    """Keep what a judgement found. at: by the machine's clock."""
    before = _watermark(connection, found.scope)
    held = {
        id_: (state, scope, figures, number)
        for id_, state, scope, figures, number in connection.execute(
            "SELECT id, state, scope, figures, number FROM alert"
        )
    }
    news: list[str] = []
    history, changed = 0, False
    (top,) = connection.execute("SELECT coalesce(max(number), 0) FROM alert").fetchone()
    alerts = {alert.id: alert for alert in found.alerts}.values()
    for alert in sorted(alerts, key=lambda alert: (alert.fired_at, alert.id)):
        known = held.get(alert.id)
        figures = json.dumps(dict(alert.values), separators=(",", ":"))
        if known is not None and known[:3] == (alert.state.value, found.scope, figures):
            continue
        changed = True
        number = None if known is None else known[3]
        fresh = alert.state is Standing.CONFIRMED and (known is None or known[0] == Standing.ON_COURSE)
        fired = fresh and is_news(alert, found, before)
        if fired:
            number = top = top + 1
            news.append(alert.id)
        history += fresh and not fired
        _keep(connection, alert, figures, found.scope, number, at, news=fired)
    retracted = _retract(connection, found, at)
    lapsed = _drop_lapsed(connection, found)
    _mark(connection, found, before, at)
    return Recorded(tuple(news), retracted, history, changed or bool(retracted) or lapsed)


def _keep(
    connection: sqlite3.Connection,
    alert: Alert,
    figures: str,
    scope: str,
    number: int | None,
    at: datetime,
    *,
    news: bool,
) -> None:
    now = epoch(at)
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
        (
            alert.id,
            alert.rule,
            alert.severity.value,
            alert.subject_kind,
            alert.subject,
            None if alert.basis is None else alert.basis.value,
            alert.period.grain.value,
            alert.period.start.isoformat(),
            alert.state.value,
            alert.threshold,
            alert.direction,
            figures,
            epoch(alert.fired_at),
            None if alert.at is None else epoch(alert.at),
            None if alert.known_at is None else epoch(alert.known_at),
            scope,
            now,
            number,
            now if news else None,
        ),
    )


def _missing(connection: sqlite3.Connection, found: Judgement, state: Standing) -> list[str]:
    """Ids of this scope, in this state and about periods, that the judgement does not have any more."""
    ids = {alert.id for alert in found.alerts}
    return [
        id_
        for (id_,) in connection.execute(
            """
            SELECT id FROM alert WHERE scope = ? AND state = ? AND observed_at IS NULL AND known_at IS NULL
            ORDER BY fired_at, id
            """,
            (found.scope, state.value),
        )
        if id_ not in ids
    ]


def _retract(connection: sqlite3.Connection, found: Judgement, at: datetime) -> tuple[str, ...]:
    gone = _missing(connection, found, Standing.CONFIRMED)
    connection.executemany(
        "UPDATE alert SET state = 'retracted', retracted_at = ? WHERE id = ?", [(epoch(at), id_) for id_ in gone]
    )
    return tuple(gone)


def _drop_lapsed(connection: sqlite3.Connection, found: Judgement) -> bool:
    """A flip that is not on course any more never fired: nothing is left of it."""
    gone = _missing(connection, found, Standing.ON_COURSE)
    connection.executemany("DELETE FROM alert WHERE id = ?", [(id_,) for id_ in gone])
    return bool(gone)


def _watermark(connection: sqlite3.Connection, scope: str) -> Watermark | None:
    """How far this scope has judged, or else how far any has; None before the first judgement of the file."""
    rows = connection.execute("SELECT scope, clock, until, periods FROM judged ORDER BY at").fetchall()
    own = any(row[0] == scope for row in rows)
    marks: dict[Grain, Mark] = {}
    catalogue_at: datetime | None = None
    for of, clock, until, periods in rows:
        if own and of != scope:
            continue
        if clock == CATALOGUE:
            seen = moment(int(until))
            catalogue_at = seen if catalogue_at is None else max(seen, catalogue_at)
            continue
        mark = Mark(Period(Grain(clock), date.fromisoformat(until)), periods)
        known = marks.get(mark.until.grain)
        if known is None or mark.until >= known.until:
            marks[mark.until.grain] = mark
    return Watermark(marks, catalogue_at, own) if rows else None


def _mark(connection: sqlite3.Connection, found: Judgement, before: Watermark | None, at: datetime) -> None:
    """Note how far this scope has judged by now; never back, for a period that was complete has been judged."""
    now = epoch(at)
    rows: list[tuple[str, str, str, int, int]] = []
    for grain, complete in found.complete.items():
        mark, old = mark_of(complete), before.marks.get(grain) if before else None
        if mark is None or (old is not None and mark.until < old.until):
            mark = old
        if mark is not None:
            rows.append((found.scope, grain.value, mark.until.start.isoformat(), mark.periods, now))
    if found.catalogue_at is not None:
        rows.append((found.scope, CATALOGUE, str(epoch(found.catalogue_at)), 0, now))
    connection.executemany(
        """
        INSERT INTO judged VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET until = excluded.until, periods = excluded.periods, at = excluded.at
        """,
        rows,
    )
    connection.execute("DELETE FROM judged WHERE at < ?", (now - FORGOTTEN,))


def read(
    connection: sqlite3.Connection, at: datetime, after: int | None = None, ids: Collection[str] | None = None
) -> tuple[KnownAlert, ...]:
    """Alerts by the time they fired, newest first. after: only news of a higher number, oldest first. ids: only those."""
    where, order = ("number > :after", "number") if after is not None else ("1", "fired_at DESC, id")
    if ids is not None:
        where, order = "id IN (SELECT value FROM json_each(:ids))", "number"
    rows = connection.execute(
        f"""
        SELECT id, rule, severity, subject_kind, subject, basis, grain, start, state,
               CASE WHEN json_valid(figures) THEN CASE json_type(figures) WHEN 'object' THEN figures END END, threshold, direction,
               observed_at, known_at, number, first_seen, acknowledged_at, retracted_at, {SNOOZED}
        FROM alert AS a WHERE {where} ORDER BY {order}
        """,  # noqa: S608 - the parts are of this module
        {"at": epoch(at), "after": after, "ids": json.dumps(list(ids or ()))},
    )
    deliveries = _deliveries(connection)
    rebuilt = Rebuilder()
    return tuple(
        KnownAlert(
            alert=_alert(rebuilt, *row[1:14]),
            number=row[14],
            first_seen=moment(row[15]),
            acknowledged_at=_time(row[16]),
            retracted_at=_time(row[17]),
            snoozed=bool(row[18]),
            deliveries=deliveries.get(row[0], ()),
        )
        for row in rows
    )


def _alert(rebuilt: Rebuilder, *columns: Any) -> Alert:
    rule, severity, kind, subject, basis, grain, start, state, figures, threshold, direction, at, known_at = columns
    if figures is None:
        raise ValueError("figures are no JSON object")
    values = Figures(figures)
    return rebuilt.alert(
        rule, severity, kind, subject, basis, grain, start, state, values, threshold, direction, at, known_at
    )


def on_course(connection: sqlite3.Connection) -> frozenset[str]:
    """The ids of the alerts on course."""
    rows = connection.execute("SELECT id FROM alert WHERE state = ?", (Standing.ON_COURSE.value,))
    return frozenset(id_ for (id_,) in rows)


def _deliveries(connection: sqlite3.Connection) -> dict[str, tuple[Delivery, ...]]:
    found: defaultdict[str, list[Delivery]] = defaultdict(list)
    for id_, channel, fate, at, tries, cause in connection.execute(
        "SELECT alert_id, channel, fate, at, tries, cause FROM delivery ORDER BY channel"
    ):
        found[id_].append(Delivery(channel, Fate(fate), moment(at), tries, cause))
    return {id_: tuple(of) for id_, of in found.items()}


def _time(seconds: int | None) -> datetime | None:
    return None if seconds is None else moment(seconds)


def newest(connection: sqlite3.Connection) -> int:
    """The number of the newest news, 0 without any."""
    (number,) = connection.execute("SELECT coalesce(max(number), 0) FROM alert").fetchone()
    return int(number)


def acknowledge(connection: sqlite3.Connection, ids: Iterable[str] | None, at: datetime) -> int:
    """Acknowledge alerts, None: all news; how many were not yet."""
    if ids is None:
        done = connection.execute(
            "UPDATE alert SET acknowledged_at = ? WHERE acknowledged_at IS NULL AND number IS NOT NULL", (epoch(at),)
        )
        return done.rowcount
    return sum(
        connection.execute(
            "UPDATE alert SET acknowledged_at = ? WHERE id = ? AND acknowledged_at IS NULL", (epoch(at), id_)
        ).rowcount
        for id_ in ids
    )


def snooze(connection: sqlite3.Connection, subject: str, until: datetime | None, at: datetime) -> None:
    """Hold deliveries about a subject until a time; None: no longer. What is over is forgotten."""
    connection.execute("DELETE FROM snooze WHERE until <= ? OR subject = ?", (epoch(at), subject))
    if until is not None and until > at:
        connection.execute("INSERT INTO snooze VALUES (?, ?)", (subject, epoch(until)))


def snoozes(connection: sqlite3.Connection, at: datetime) -> dict[str, datetime]:
    """Until when deliveries are held, by subject."""
    rows = connection.execute("SELECT subject, until FROM snooze WHERE until > ? ORDER BY subject", (epoch(at),))
    return {subject: moment(until) for subject, until in rows}
