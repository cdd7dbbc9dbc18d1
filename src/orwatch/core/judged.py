"""What the rules found in the cache as it is, kept in the cache: the next start reads it instead of judging all the past again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from sys import intern
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
    """What was found when exactly this was asked last; None where something else was, or nothing."""
    note = cache.get(NOTE)
    if note is None or not note.startswith(f"{asked}\n"):
        return None
    return _Reading().alerts(json.loads(note.partition("\n")[2]))


def keep(cache: Cache, asked: str, found: Sequence[Alert]) -> None:
    """Keeps what was found. Raises CacheError."""
    cache.set(NOTE, f"{asked}\n{json.dumps(list(map(_fields, found)), separators=(',', ':'))}")


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


class _Reading:
    """Alerts as `_fields` left them. Hundreds of them share a few dozen periods, times and words: each is made once."""

    def __init__(self) -> None:
        self._severities = {each.value: each for each in Severity}
        self._bases: dict[str | None, Basis | None] = {each.value: each for each in Basis} | {None: None}
        self._states = {each.value: each for each in Standing}
        self._periods: dict[tuple[str, str], Period] = {}
        self._moments: dict[float | None, datetime | None] = {None: None}

    def alerts(self, rows: list[list[Any]]) -> tuple[Alert, ...]:
        """The alerts, in their order."""
        return tuple(map(self._alert, rows))

    def _alert(self, fields: list[Any]) -> Alert:
        rule, severity, kind, subject, basis, grain, start, state, values, threshold, direction, at, known_at = fields
        return Alert(
            intern(rule),
            self._severities[severity],
            intern(kind),
            intern(subject),
            self._bases[basis],
            self._period(grain, start),
            self._states[state],
            values,
            intern(threshold),
            intern(direction),
            self._moment(at),
            self._moment(known_at),
        )

    def _period(self, grain: str, start: str) -> Period:
        known = self._periods.get((grain, start))
        if known is None:
            known = self._periods[grain, start] = Period(Grain(grain), date.fromisoformat(start))
        return known

    def _moment(self, seconds: float | None) -> datetime | None:
        if seconds not in self._moments:
            self._moments[seconds] = datetime.fromtimestamp(seconds or 0.0, UTC)
        return self._moments[seconds]
