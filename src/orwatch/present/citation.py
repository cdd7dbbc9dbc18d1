"""The citation that goes along wherever figures leave the screen."""

from __future__ import annotations

from datetime import datetime

from orwatch.archive import AS_OF
from orwatch.present.formats import moment

LICENCE = "Licensed under CC BY 4.0."
AGGREGATED = "Aggregated by orwatch."


def citation(source: str, as_of: datetime) -> str:
    """The line that names source and time; in the demo the time of the recorded figures that it replays."""
    named, replayed = "Source: OpenRouter (openrouter.ai/rankings)", source == "demo"
    return f"{named}, as of {moment(AS_OF)}, replayed." if replayed else f"{named}, as of {moment(as_of)}."


def export_citation(source: str, as_of: datetime, *, computed: bool) -> str:
    """The citation with licence, and a word where orwatch computed the figures (composed weeks, country sums)."""
    parts = [citation(source, as_of), LICENCE]
    if computed:
        parts.append(AGGREGATED)
    return " ".join(parts)
