"""What a session costs: the median of sampled sessions by harness, number of turns and model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from msgspec import Struct
from msgspec.structs import asdict

from orwatch.domain.columns import Columns, columns_of

TURN_RANGES: Final = ("1-turn", "2-9-turns", "10-49-turns", "50-plus-turns")
"""The ranges of turns, shortest first."""


class SessionCell(Struct, frozen=True, array_like=True):
    """A cell. app, app_name: the harness (`claude-code`). turns: one of `TURN_RANGES`. median: USD per session."""

    app: str
    app_name: str
    turns: str
    permaslug: str
    median: Decimal


class SessionCosts(Struct, frozen=True, tag="session-cost"):
    """A snapshot: sessions of the `days` up to `window_end`, which is its identity. as_of: when it was answered.

    cells: by harness, turns, the dearest first. Windows that end a week apart overlap.
    """

    window_end: date
    days: int
    as_of: datetime
    cells: tuple[SessionCell, ...]

    @staticmethod
    def columns() -> Columns:
        """Those of its rows."""
        return {"window_end": date, "window_days": int, **columns_of(SessionCell)}

    def rows(self) -> Iterator[Mapping[str, object]]:
        """A cell a row."""
        head = {"window_end": self.window_end, "window_days": self.days}
        return ({**head, **asdict(cell)} for cell in self.cells)
