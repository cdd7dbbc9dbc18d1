"""Median cost of a session by harness, turns and model, over 30 days: without a history upstream. Needs a key."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from msgspec import Struct

from orwatch.api import decode
from orwatch.api.client import Answer, Client
from orwatch.api.decode import need, text
from orwatch.domain.habit import TURN_RANGES, SessionCell

PATH: Final = "/datasets/session-cost"
MOST_ROWS: Final = 500
"""Of one answer; there can be more cells than that."""
LAST_OFFSET: Final = 5000


class SessionPage(Struct, frozen=True):
    """One answer. window_end, days: which days its sessions are of; None where nothing is published.

    rows: how many it has, those left out among them: a full page may be followed by another. lost: those left out.
    """

    window_end: date | None
    days: int
    as_of: datetime
    cells: tuple[SessionCell, ...]
    rows: int
    lost: int = 0


async def fetch(
    client: Client, turns: str | None, limit: int = MOST_ROWS, offset: int = 0
) -> tuple[SessionPage, Answer]:
    """One page of the cells of a range of turns, of all where it is None. Raises as `Client.get` does."""
    params = {"limit": str(limit), "offset": str(offset)} | ({} if turns is None else {"turn_range": turns})
    answer = await client.get(PATH, params, keyed=True)
    return read(answer.body), answer


def read(body: bytes) -> SessionPage:
    """The answer of `/datasets/session-cost`. Left out: cells of unknown turns, without a model, or at no cost that can be one."""
    data, meta, as_of = decode.figures(body, "costs of sessions")
    kept = {(cell.app, cell.turns, cell.permaslug): cell for cell in decode.items(data, _cell)}
    end, days = decode.day(meta.get("window_end_date")), decode.count(meta.get("window_days"), 366) or 30
    rows = len(data)
    return SessionPage(end, days, as_of, tuple(kept.values()), rows, rows - len(kept))


def _cell(entry: decode.Fields) -> SessionCell:
    app, model = need(text(entry.get("app_slug"), 60)), need(decode.slug(entry.get("model_permaslug")))
    turns = next((each for each in TURN_RANGES if each == entry.get("turn_range")), None)
    cost = need(decode.cost(entry.get("median_session_cost_usd")))
    return SessionCell(app, text(entry.get("app_name"), 60) or app, need(turns), model, cost)
