"""How long to wait after a failure: growing, capped, and never the same for all."""

from __future__ import annotations

from typing import Final

from orwatch.errors import OrwatchError, SourceError

FIRST_RETRY: Final = 15.0
LAST_RETRY: Final = 600.0
LONGEST_WAIT: Final = 3600.0
JITTER: Final = 0.25
"""The part of a pause that chance takes off it: machines that failed together do not come back together."""
LATER: Final = 0.1
"""The part of the wait a server asked for that chance adds to it."""


def backoff(failures: int, error: OrwatchError | None, chance: float = 0.0) -> float:
    """Seconds to the next try: what the server asked for, else doubling from a quarter of a minute to ten minutes.

    failures: in a row, from 1. chance: from 0 to 1; up to a quarter is taken off a pause of orwatch's own, and up to a
    tenth added to what the server asked for. At most an hour: where the day's budget is used up, what needs no key is
    still asked for.
    """
    if isinstance(error, SourceError) and error.retry_after is not None:
        return min(max(error.retry_after, 1.0) * (1 + LATER * chance), LONGEST_WAIT)
    return min(FIRST_RETRY * float(1 << min(max(failures - 1, 0), 10)), LAST_RETRY) * (1 - JITTER * chance)
