"""The recorded figures beside the checkout, read from their files: no server, no cache. `day` and `week` rows as listings."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest

from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Listing, Record

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
FACTS = DATA.parent / "facts"
NOW = datetime(2026, 8, 22, 2, 1, 37, tzinfo=UTC)
"""The `as_of` of the daily file: 21 August is complete, the week of 17 August in progress."""

FILES = {Grain.DAY: "rankings-daily.json", Grain.WEEK: "weekly-chart.json"}


@cache
def listings(grain: Grain) -> tuple[Listing, ...]:
    """Daily: 62 days of 50 rows and `other`. Weekly: from July 2025 on, nine rows and `other`. Skips where they are absent."""
    path = DATA / FILES[grain]
    if not path.exists():
        pytest.skip(f"no recorded data: {path} is absent")
    tokens: dict[date, list[tuple[str, int]]] = {}
    for row in json.loads(path.read_text(encoding="utf-8"))["data"]:
        tokens.setdefault(date.fromisoformat(row["date"]), []).append(
            (row["model_permaslug"], int(row["total_tokens"]))
        )
    return tuple(Listing.build(Period(grain, start), NOW, rows) for start, rows in sorted(tokens.items()))


@cache
def chart_weeks() -> Record:
    """Weeks as the chart names them: nine models and `other`."""
    return Record.build(Grain.WEEK, NOW, listings(Grain.WEEK), ())


@cache
def composed_weeks() -> Record:
    """Weeks from 22 June 2026 on, added up from days (and the Sunday before them)."""
    return Record.build(Grain.WEEK, NOW, (), listings(Grain.DAY))


@cache
def days() -> Record:
    """21 June to 21 August 2026."""
    return Record.build(Grain.DAY, NOW, (), listings(Grain.DAY))
