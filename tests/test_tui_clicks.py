"""Clicks on header, footer, banner and tabs: a key does its action, a part of the header opens what it names."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from textual.geometry import Offset

from orwatch.domain.leads import Kind
from orwatch.domain.periods import Grain
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.present.colours import LIGHT, NONE, TERMINAL, Palette
from orwatch.tui.actions import Keymap
from orwatch.tui.dialogs.help import HelpScreen
from orwatch.tui.dialogs.menu import Menu
from tui_support import Tui, WiredSource, demo, handmade, running, week

WIDE = (160, 45)


async def click(tui: Tui, line: int, text: str) -> None:
    """A click on a text of a line of the screen, counted from the end where negative."""
    lines = tui.lines()
    x = lines[line].index(text)
    await tui.pilot.click(offset=Offset(x, line % len(lines)))
    await tui.settle()


@pytest.mark.parametrize("size", [(100, 31), (120, 36), WIDE])
async def test_a_click_on_a_key_in_the_footer_does_its_action(size: tuple[int, int]) -> None:
    async with running(await demo(), size=size) as tui:
        await click(tui, -1, "p period")
        assert tui.snapshot.period.grain is Grain.MONTH
        await click(tui, -1, "basis")
        assert tui.snapshot.lens.basis is not Query().lens.basis
        await click(tui, -1, "? help")
        assert tui.app.screen is not tui.app.dashboard


async def test_each_of_two_keys_that_are_offered_together_does_its_own() -> None:
    async with running(await demo(), size=WIDE) as tui:
        await tui.press("2")
        start = tui.snapshot.period.start
        await click(tui, -1, "[ ]")
        assert tui.snapshot.period.start < start
        await click(tui, -1, "] ")
        assert tui.snapshot.period.start == start


async def test_a_filter_that_is_typed_is_kept_or_cleared_by_a_click() -> None:
    async with running(await demo(), size=WIDE) as tui:
        await tui.press("slash", *"qwen")
        await click(tui, -1, "Enter keep")
        assert not tui.app.dashboard.view.typing
        assert len(tui.shown()) == 2
        await click(tui, -1, "clear filter")
        assert len(tui.shown()) == 50
        await tui.press("slash", *"qwen")
        await click(tui, -1, "Esc clear")
        assert tui.app.dashboard.view.typed == ""


@pytest.mark.parametrize("palette", [NONE, TERMINAL, LIGHT], ids=lambda palette: palette.name)
async def test_clicks_work_in_every_palette_at_a_small_size_and_with_rebound_keys(palette: Palette) -> None:
    keymap = Keymap({"help": ["F1"]})
    async with running(await demo(), size=(80, 24), palette=palette, keymap=keymap) as tui:
        await click(tui, 0, "top50")
        assert isinstance(tui.app.screen, Menu)
        await tui.press("escape")
        await click(tui, -1, "F1 help")
        assert isinstance(tui.app.screen, HelpScreen)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("13–19 Jul", ("month", "top50", True, False)),
        ("13–19 Jul", ("day", "top50", True, False)),
        ("top50", ("week", "chart", True, False)),
        ("free in", ("week", "top50", False, False)),
        ("free in", ("week", "top50", True, True)),
    ],
)
async def test_period_basis_and_free_of_the_header_open_what_they_name(
    part: str, expected: tuple[str, str, bool, bool]
) -> None:
    async with running(await demo(), size=WIDE) as tui:
        await click(tui, 0, part)
        assert isinstance(tui.app.screen, Menu)
        choice = next(
            n for n, first in enumerate(item.value[0] for item in tui.app.screen.items)
            if (first.grain, first.lens.basis, first.lens.free, first.lens.merged)
            == (Grain(expected[0]), Basis(expected[1]), expected[2], expected[3])
        )  # fmt: skip
        await tui.press(*["home"], *["down"] * choice, "enter")
        lens = tui.snapshot.lens
        assert (tui.snapshot.period.grain, lens.basis, lens.free, lens.merged) == expected


async def test_the_arrows_beside_the_period_step_and_the_leader_opens_the_head_to_head() -> None:
    async with running(await demo(), size=(200, 60)) as tui:
        await click(tui, 0, "‹")
        assert tui.snapshot.period.start == date(2026, 7, 6)
        await click(tui, 0, "›")
        assert tui.snapshot.period.start == date(2026, 7, 13)
        await click(tui, 0, "CN leads US")
        assert tui.app.dashboard.board.zoomed
        assert tui.app.dashboard.board.pane == "countries"


async def test_the_line_of_the_running_period_goes_there() -> None:
    with WiredSource(date(2026, 8, 1)) as source:
        async with running(source, size=WIDE, offline=False) as tui:
            await tui.until(lambda: tui.app.dashboard.view.now is not None)
            await click(tui, 1, "day")
            assert tui.snapshot.in_progress


async def test_a_click_on_a_tab_opens_it() -> None:
    async with running(await demo(), size=(80, 24)) as tui:
        await click(tui, 1, "Prices")
        assert tui.app.dashboard.board.pane == "prices"


async def test_what_names_nothing_does_nothing() -> None:
    async with running(await demo(), size=WIDE) as tui:
        before = tui.text
        await click(tui, 0, "62.8T")
        await click(tui, -2, "openrouter.ai")
        assert tui.text == before


async def test_a_click_on_what_stands_under_a_table_moves_no_cursor() -> None:
    async with running(await demo(), size=(120, 36)) as tui:
        pane = tui.table("models")
        assert len(pane.rows) > pane.size.height
        before = tui.cursor()
        await tui.click("models", 10, pane.size.height - 1)
        assert "other" in tui.pane_lines("models")[-1]
        assert tui.cursor() == before


async def test_a_click_on_a_country_below_small_ones_that_are_one_row_moves_the_cursor_to_it() -> None:
    vendors = ("deepseek", "openai", "mistralai", "cohere", "upstage", "ai21", "nobody", "qwen", "google")
    tokens = {f"{vendor}/model": 300 // (n + 1) for n, vendor in enumerate(vendors)}
    with handmade([week(date(2026, 6, 15), datetime(2026, 6, 22, 2, tzinfo=UTC), tokens | {"other": 60})]) as source:
        async with running(source, Query(lens=Lens(Basis.CHART)), size=(120, 36)) as tui:
            await tui.press("2")
            for text, cursor in (("??", "??"), ("+4 FR", "FR"), ("other", "FR"), ("US United", "US")):
                at = next(
                    n for n, line in enumerate(tui.pane_lines("countries")) if line[1:].startswith((text, f"   {text}"))
                )
                await tui.click("countries", 3, at)
                assert tui.pane("countries").target() == (Kind.COUNTRY, cursor)
