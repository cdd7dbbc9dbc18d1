"""The recorded summer of 2026, replayed: OpenRouter's API answered from the archive at a clock of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime

DEMO_HOST = "https://demo.orwatch.invalid"
"""The demo's origin: a name that no resolver can ever answer (RFC 2606)."""

DEMO_BASE_URL = f"{DEMO_HOST}/api/v1"
DEMO_KEY = "sk-or-demo"

NO_CATALOGUE = '"none"'
"""The ETag of `/models` before the first recorded prices. The demo's cache begins with it: there is nothing to ask for."""

DEMO_FIRST = datetime(2025, 7, 21, 2, tzinfo=UTC)
"""The earliest start: the first recorded week is over."""

DEMO_START = datetime(2026, 7, 20, 2, tzinfo=UTC)
"""Where the clock starts unless told otherwise: the week in which tencent passes deepseek has just ended."""

DEMO_SUMMER = datetime(2026, 6, 21, tzinfo=UTC)
"""The first recorded day: before it whole weeks alone are known."""

DEMO_PRICES = date(2026, 7, 17)
"""The first day of recorded prices."""

DEMO_END = datetime(2026, 8, 22, 2, tzinfo=UTC)
"""Where it stops: the last recorded day is over."""
