"""The detail of a row, and the way from a model to its vendor, from there to its country, and back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from orwatch.domain.leads import Kind
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.tui.live import Live
from orwatch.tui.screens.board import Board
from orwatch.tui.view_state import ViewState

if TYPE_CHECKING:
    from orwatch.domain.detail import Detail


REST: Final = 0.3
"""Seconds for which a detail is open before its hosts are asked for: those passed by on the way are not."""


class DetailTrail:
    """Opens and closes details on a board. changed: lays the dashboard out anew, since a pane was opened or closed."""

    def __init__(self, board: Board, live: Live, changed: Callable[[], None]) -> None:
        self._board = board
        self._live = live
        self._changed = changed
        self._behind: list[tuple[Kind, str]] = []
        self._view = ViewState()

    @property
    def opened(self) -> Detail | None:
        """The open detail."""
        return self._board.opened

    @property
    def model_of_a_row(self) -> bool:
        """Whether the detail of a model is open that was opened from its row."""
        return self.opened is not None and self.opened.kind is Kind.MODEL and not self._behind

    def begin(self, kind: Kind, key: str) -> None:
        """Opens a detail from the board."""
        self._behind.clear()
        self.open(kind, key)

    def open(self, kind: Kind, key: str) -> None:
        """Opens a detail; the hosts of a model are asked for now, and only now."""
        pane = self._board.detail
        pane.read(self._view, kind, key)
        pane.scroll_by(-10_000)
        detail = self.opened
        if detail is not None and kind is Kind.MODEL:
            self._find_hosts(detail.listed_as)
        self._changed()

    def _find_hosts(self, model_id: str | None) -> None:
        """Shows the hosts in the cache, and asks for those of now."""
        pane, live = self._board.detail, self._live
        if model_id is None:
            pane.tell_hosts(None, "Not listed: no host is known")
            return
        pane.tell_hosts(model_id, "No host is known while offline" if live.offline else "Asking for the hosts")
        if not live.offline:
            pane.run_worker(self._ask_hosts(model_id), group="hosts", exclusive=True, exit_on_error=False)

    async def _ask_hosts(self, model_id: str) -> None:
        """Shows the hosts when they have come, if their model is still on screen; the discount of its price depends on them."""
        await asyncio.sleep(REST)
        note = await self._live.ask_hosts(model_id)
        detail = self.opened
        if detail is not None and detail.listed_as == model_id:
            self._board.detail.read(self._view, detail.kind, detail.id)
            self._board.detail.tell_hosts(model_id, note)

    def open_owner(self) -> None:
        """From a model to its vendor, from a vendor to its country."""
        detail = self.opened
        if detail is None or detail.kind is Kind.COUNTRY:
            return
        self._behind.append((detail.kind, detail.id))
        if detail.kind is Kind.MODEL:
            self.open(Kind.VENDOR, detail.id.partition("/")[0])
        else:
            self.open(Kind.COUNTRY, detail.country or UNATTRIBUTED)

    def back(self) -> None:
        """To the detail it was opened from, else to the board."""
        if self._behind:
            self.open(*self._behind.pop())
        else:
            self.close()
            self._changed()

    def close(self) -> None:
        """Closes the detail and forgets the way to it."""
        if self.opened is not None:
            self._board.detail.detail = None
        self._behind.clear()

    def take(self, view: ViewState) -> None:
        """Takes new figures; an open detail is made anew from them."""
        self._view = view
        detail = self.opened
        if detail is not None:
            self._board.detail.read(view, detail.kind, detail.id)

    def walk(self, by: int) -> None:
        """The detail of the next vendor or country (by > 0) in the period's order, or of the previous one."""
        detail, snapshot = self.opened, self._view.snapshot
        if detail is None or snapshot is None:
            return
        keys: list[str] = []
        if detail.kind is Kind.VENDOR:
            keys = [row.vendor.slug for row in snapshot.vendors]
        elif detail.kind is Kind.COUNTRY:
            keys = [row.key or UNATTRIBUTED for row in snapshot.split.rows if row.key != "other"]
        if detail.id in keys:
            self.open(detail.kind, keys[max(0, min(len(keys) - 1, keys.index(detail.id) + by))])
