"""Prices on the screen: the base, what stands beside the name, two models side by side; in the figures of the command."""

from __future__ import annotations

from msgspec.structs import replace

from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.present.report import View
from orwatch.present.table import plain
from orwatch.present.tables.prices import report
from orwatch.present.writers.grid import grid
from tui_support import THURSDAY, Tui, demo, fresh_demo, running

TOP50 = Query()


def ratios(tui: Tui) -> list[str]:
    """The column of ratios of the pane, of the rows in view, blanks left out."""
    pane = tui.table("prices")
    at = next(p for p in pane.placed(pane.size.width) if p.column.key == "ratio")
    return [line[at.at : at.end].strip() for line in tui.pane_lines("prices")[2:8]]


async def test_the_cursors_row_becomes_the_base_and_again_gives_the_first_one_back() -> None:
    async with running(await fresh_demo(THURSDAY), TOP50, size=(120, 40), toasts=True) as tui:
        await tui.press("3")
        before = tui.pane_lines("prices")
        assert ratios(tui) == ["—", "base", "0.70", "2.1", "6.8", "—"]
        await tui.press("j", "j", "=")
        assert tui.pane_lines("prices")[0].lstrip().startswith("3  Prices base DeepSeek V4 Flash ─")
        assert ratios(tui) == ["—", "1.4", "base", "3.1", "9.8", "—"]
        await tui.press("]", "[")
        assert "base DeepSeek V4 Flash" in tui.pane_lines("prices")[0], "it holds until it is changed"
        await tui.press("j", "=")
        assert "Prices base MiniMax M3 ─" in tui.pane_lines("prices")[0]
        await tui.press("=")
        assert [line[1:] for line in tui.pane_lines("prices")[2:5]] == [line[1:] for line in before[2:5]]
        assert "base" not in tui.pane_lines("prices")[0].partition("─")[0]


async def test_the_base_of_the_settings_is_the_one_that_comes_back() -> None:
    async with running(
        await fresh_demo(THURSDAY), replace(TOP50, baseline="minimax/minimax-m3"), size=(120, 40)
    ) as tui:
        source = tui.app.source
        source.settings = replace(
            source.settings, prices=replace(source.settings.prices, baseline="minimax/minimax-m3")
        )
        await tui.press("3", "j", "=")
        assert "Prices base MiMo-V2.5 ─" in tui.pane_lines("prices")[0]
        await tui.press("=")
        assert "Prices base MiniMax M3 ─" in tui.pane_lines("prices")[0]


async def test_what_is_free_is_no_base_and_the_sentence_says_so() -> None:
    async with running(await fresh_demo(THURSDAY), TOP50, size=(120, 40), toasts=True) as tui:
        await tui.press("3", "=")
        assert "has no price above zero" in tui.text
        assert ratios(tui)[1] == "base"


async def test_the_pane_has_the_rows_and_the_ratios_of_the_command() -> None:
    for lens in (Lens(), Lens(Basis.CHART), Lens(Basis.CHART, free=False)):
        async with running(await demo(), Query(lens=lens, baseline="z-ai/glm-5.2"), size=(160, 50)) as tui:
            pane, listed = tui.table("prices"), tui.app.dashboard.view.prices
            assert listed is not None
            assert listed.seen_at is not None
            told = report(View("demo", lens), listed.seen_at, listed.rows, listed.baseline, listed.gaps)
            placed, rows = grid(told, listed.rows)
            at = next(n for n, p in enumerate(placed) if p.column.key == "ratio")
            assert ratios(tui) == [plain(row[at]).strip() for row in rows[:6]]
            free = [row.figures.free for row in pane.rows]
            assert any(free) is lens.free, "free out holds in prices too"


async def test_two_pinned_models_stand_side_by_side() -> None:
    async with running(await fresh_demo(THURSDAY), TOP50, size=(120, 40), toasts=True) as tui:
        await tui.press("3", "d")
        assert "Pin two models (Space), or one and move to another row." in tui.text
        await tui.press("j", "space", "j", "j", "d")
        await tui.until(lambda: "Side by side" in tui.text)
        text = [" ".join(line.split("│")[1].split()) for line in tui.lines() if line.count("│") == 2]
        assert "MiMo-V2.5 DeepSeek V4 Flash" in text
        for line in (
            "# 2 3",
            "Tokens T 9.32 1.7 × 5.38",
            "WoW % +56.7 +3.1",
            "In $ 0.14 1.4 × 0.098",
            "Cached $ 0.0028 0.0196 7.0 ×",
            "Ctx 1M 1M",
        ):
            assert line in text
        await tui.press("y")
        copied = tui.app.clipboard
        assert "| Tokens T | 9.32 | 1.7 × | 5.38 |  |" in copied
        assert "as of 2026-08-22T02:01:37Z, replayed" in copied
        await tui.press("escape", "1", "j", "j", "j", "space", "d")
        await tui.until(lambda: "Side by side" in tui.text)
        assert "─ MiMo-V2.5 beside MiniMax M3 ─" in tui.text, "the last two that were pinned"


async def test_a_quote_of_a_price_repeats_the_base_that_was_chosen() -> None:
    async with running(await fresh_demo(THURSDAY), TOP50, size=(80, 30)) as tui:
        await tui.press("3", "j", "j", "=", "j", "Y")
        await tui.until(lambda: "repeat" in tui.text)
        text = " ".join(tui.text.replace("▌", " ").split())
        assert "Input costs 3.1 times what it does with DeepSeek V4 Flash." in text
        assert "orwatch quote price:minimax/minimax-m3 --baseline deepseek/deepseek-v4-flash" in text
