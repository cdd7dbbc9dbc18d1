"""What the rules found in the cache as it is, kept in the cache: the next start reads it instead of judging all the past again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from orwatch import __version__
from orwatch.domain.alerts.records import Alert, Rebuilder
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
    rebuilt = Rebuilder()
    try:
        return tuple(rebuilt.alert(*fields) for fields in json.loads(note.partition("\n")[2]))
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


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
