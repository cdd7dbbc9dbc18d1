"""The history view's keys in the running dashboard."""

from __future__ import annotations

from datetime import date

from orwatch.domain.leads import Kind
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.tui.panes.history import HistoryPane
from tui_support import demo, running

CHART = Query(lens=Lens(Basis.CHART))


async def test_w_f_and_l_change_what_is_drawn() -> None:
    async with running(await demo(), CHART) as tui:
        await tui.press("5", "w")
        assert "History vendors · lines" in tui.text
        await tui.press("w", "w", "f")
        assert "History CN : US · shares" in tui.text
        await tui.press("f", "f", "l")
        assert "log scale" in tui.text
        history = tui.app.dashboard.board.view
        assert isinstance(history, HistoryPane)
        assert (history.subject, history.log_scale) == (Kind.VERSUS, True)


async def test_arrows_move_the_cursor_and_enter_opens_its_period_everywhere() -> None:
    async with running(await demo(), CHART) as tui:
        newest = tui.snapshot.period
        await tui.press("5", "left", "h", "[", "right")
        assert tui.snapshot.period == newest, "the cursor only reads"
        await tui.press("enter")
        assert tui.snapshot.period == newest.previous().previous()
        assert "29 Jun–5 Jul" in tui.header
        await tui.press("}", "}")
        assert tui.snapshot.period >= newest


async def test_a_filter_is_typed_in_the_view() -> None:
    async with running(await demo(), CHART) as tui:
        await tui.press("5", "slash", *"zzz", "enter")
        assert "/zzz" in tui.text
        assert "The filter hides all" in tui.text
        await tui.press("escape")
        assert "History models · lines" in tui.text


async def test_a_pane_key_leaves_the_view_for_the_pane() -> None:
    async with running(await demo(date(2026, 6, 18)), CHART, size=(80, 24)) as tui:
        await tui.press("5")
        assert "History" in tui.text
        await tui.press("1")
        assert tui.app.dashboard.board.pane == "models"
        assert "History" not in tui.lines()[2]
