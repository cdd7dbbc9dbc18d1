"""The citation that goes along wherever figures leave the screen."""

from __future__ import annotations

from datetime import datetime

from orwatch.present.formats import moment

LICENCE = "Licensed under CC BY 4.0."
AGGREGATED = "Aggregated by orwatch."
DEMO = "Reconstructed from published figures about openrouter.ai/rankings."


def citation(source: str, as_of: datetime) -> str:
    """The line that names source and time: of OpenRouter's rankings, or of the demo's reconstruction."""
    return DEMO if source == "demo" else f"Source: OpenRouter (openrouter.ai/rankings), as of {moment(as_of)}."


def export_citation(source: str, as_of: datetime, *, computed: bool) -> str:
    """The citation with licence, and a word where orwatch computed the figures (composed weeks, country sums)."""
    parts = [citation(source, as_of), LICENCE]
    if computed:
        parts.append(AGGREGATED)
    return " ".join(parts)
