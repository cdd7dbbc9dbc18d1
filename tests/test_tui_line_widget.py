"""A sheet paints the rows that differ, and a screen on which nothing happens paints nothing."""

from __future__ import annotations

from typing import Any, Self

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.strip import Strip

from orwatch.present.colours import DARK
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Drawing, Line, LineWidget
from tui_support import THURSDAY, demo, running


class Words(Drawing):
    """Rows of words."""

    words = ("one", "two", "three")

    def build(self, width: int, height: int) -> list[Strip]:
        return [Line(self.ink, width).put(word).strip() for word in self.words]


class Sheet(LineWidget):
    """Shows words, and notes what it paints."""

    def __init__(self) -> None:
        self.painted: list[tuple[Region, ...]] = []
        self.words = Words(Ink(DARK), "words")
        super().__init__(self.words, "sheet")
        self.words.widget = self

    def refresh(self, *regions: Region, **more: Any) -> Self:
        if hasattr(self, "painted"):
            self.painted.append(regions)
        return super().refresh(*regions, **more)


class Wordy(App[None]):
    def compose(self) -> ComposeResult:
        yield Sheet()


async def test_only_rows_that_differ_are_painted() -> None:
    app = Wordy()
    async with app.run_test(size=(20, 3)) as pilot:
        await pilot.pause()
        sheet = app.query_one(Sheet)
        sheet.painted.clear()
        sheet.redraw()
        await pilot.pause()
        assert sheet.painted == []
        sheet.words.words = ("one", "zwei", "three")
        sheet.redraw()
        sheet.redraw()
        await pilot.pause()
        assert sheet.painted == [(Region(0, 1, 20, 1),)]


async def test_what_changes_before_a_new_size_is_told_is_painted() -> None:
    app = Wordy()
    async with app.run_test(size=(20, 3)) as pilot:
        await pilot.pause()
        sheet = app.query_one(Sheet)
        sheet.painted.clear()
        sheet.on_resize()
        await pilot.pause()
        assert sheet.painted == [], "Textual has painted it"
        sheet.words.words = ("one", "zwei", "three")
        sheet.redraw()
        sheet.on_resize()
        await pilot.pause()
        assert sheet.painted == [()]


async def test_a_sheet_that_is_cut_off_gives_the_cells_that_are_seen() -> None:
    app = Wordy()
    async with app.run_test(size=(20, 3)) as pilot:
        await pilot.pause()
        sheet = app.query_one(Sheet)
        assert [row.text for row in sheet.render_lines(Region(1, 1, 3, 2))] == ["wo ", "hre"]
        sheet.words.words = ("one", "zwei", "three")
        sheet.redraw()
        await pilot.pause()
        assert [row.text for row in sheet.render_lines(Region(0, 0, 4, 3))] == ["one ", "zwei", "thre"]


async def test_a_letter_of_a_filter_paints_what_it_changes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    painted: dict[str | None, tuple[Region, ...]] = {}

    def refresh(self: LineWidget, *regions: Region, was: Any = LineWidget.refresh, **more: Any) -> Any:
        painted[self.id] = regions
        return was(self, *regions, **more)

    async with running(await demo(THURSDAY)) as tui:
        await tui.press("slash", *"deepsee")
        monkeypatch.setattr(LineWidget, "refresh", refresh)
        await tui.press("k")
        assert painted.keys().isdisjoint({"header", "banner", "footer"})
        assert [region.y for region in painted["countries"]] == [0], "its badge"
