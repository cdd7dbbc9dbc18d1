"""The built-in dataset: published figures of spring 2026, and OpenRouter's API answered from them without a network."""

from __future__ import annotations

from datetime import UTC, datetime

ATTRIBUTION = "Reconstructed from published figures about openrouter.ai/rankings."
"""The citation of everything the demo shows, in place of OpenRouter's own."""

DEMO_HOST = "https://demo.orwatch.invalid"
"""The demo's origin: a name that no resolver can ever answer (RFC 2606)."""

DEMO_BASE_URL = f"{DEMO_HOST}/api/v1"
DEMO_KEY = "sk-or-demo"

DEMO_START = datetime(2026, 2, 2, tzinfo=UTC)
"""Where the demo's clock starts: the week of 26 January is complete, the week before the overtaking begins."""

DEMO_END = datetime(2026, 6, 29, 2, tzinfo=UTC)
"""Where it stops: the week of 22 June, the last one the dataset has, is complete and published."""
