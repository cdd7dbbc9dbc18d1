"""The citation that goes along wherever figures leave the screen: all of its words."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from orwatch.archive import AS_OF
from orwatch.present.formats import moment, short_moment

PAGE: Final = "openrouter.ai/rankings"
URL: Final = f"https://{PAGE}"
NAMED: Final = f"OpenRouter ({PAGE})"
"""The source, as it is cited."""
SOURCE: Final = f"Source: {NAMED}"
MODELS_PAGE: Final = "openrouter.ai/models"
"""Where prices and hosts stand. They are no part of the Data API and carry no licence."""
LICENCE: Final = "CC BY 4.0"
AGGREGATED: Final = "Aggregated by orwatch."


def citation(source: str, as_of: datetime) -> str:
    """The line that names source and time; in the demo the time of the recorded figures that it replays."""
    replayed = source == "demo"
    return f"{SOURCE}, as of {moment(AS_OF)}, replayed." if replayed else f"{SOURCE}, as of {moment(as_of)}."


def models_citation(source: str, seen: datetime) -> str:
    """The line that names the source of prices and hosts, and when they were seen."""
    return f"Source: OpenRouter ({MODELS_PAGE}), seen {moment(seen)}{', replayed' if source == 'demo' else ''}."


def short_citation(source: str, as_of: datetime) -> str:
    """The same where there is little room."""
    return f"{PAGE}, replayed" if source == "demo" else f"{PAGE}, as of {short_moment(as_of)}"


def export_citation(source: str, as_of: datetime, *, computed: bool) -> str:
    """The citation with licence, and a word where orwatch computed the figures (composed weeks, country sums)."""
    parts = [citation(source, as_of), f"Licensed under {LICENCE}."]
    if computed:
        parts.append(AGGREGATED)
    return " ".join(parts)
