"""What the rules found in the cache as it is, kept in the cache: the next start reads it instead of judging all the past again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from orwatch import __version__
from orwatch.domain.alerts.records import Alert, Severity, Standing
from orwatch.domain.records import Basis, Grain, Period
from orwatch.store.cache import Cache

NOTE = "judged"
"""The name under which it is kept; of one view, the last."""

RULES_SINCE = 1
"""To be raised where a rule comes to find something else in the same record within one version of orwatch."""


def question(revision: int | None, *parts: object) -> str:
    """All that a judgement depends on, in words: the state of the cache, the rules, the view, the user's own countries."""
    return repr((RULES_SINCE, __version__, revision, *parts)).replace("\n", " ")


def recall(cache: Cache, asked: str) -> tuple[Alert, ...] | None:
    """What was found when exactly this was asked last; None where something else was, or nothing, or it cannot be read."""
    note = cache.journal.get(NOTE)
    if note is None or not note.startswith(f"{asked}\n"):
        return None
    try:
        return tuple(_alert(*fields) for fields in json.loads(note.partition("\n")[2]))
    except (ValueError, KeyError, TypeError):
        return None  # damaged: it is judged again


def keep(cache: Cache, asked: str, found: Sequence[Alert]) -> None:
    """Keeps what was found. Raises CacheError."""
    cache.journal.set(NOTE, f"{asked}\n{json.dumps(list(map(_fields, found)), separators=(',', ':'))}")


def _fields(alert: Alert) -> list[object]:
    return [
        alert.rule,
        alert.severity,
        alert.subject_kind,
        alert.subject,
        alert.basis,
        alert.period.grain,
        alert.period.start.isoformat(),
        alert.state,
        dict(alert.values),
        alert.threshold,
        alert.direction,
        _seconds(alert.at),
        _seconds(alert.known_at),
    ]


def _alert(*fields: Any) -> Alert:
    rule, severity, kind, subject, basis, grain, start, state, values, threshold, direction, at, known_at = fields
    return Alert(
        rule,
        Severity(severity),
        kind,
        subject,
        None if basis is None else Basis(basis),
        Period(Grain(grain), date.fromisoformat(start)),
        Standing(state),
        values,
        threshold,
        direction,
        None if at is None else datetime.fromtimestamp(at, UTC),
        None if known_at is None else datetime.fromtimestamp(known_at, UTC),
    )


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
