"""Prices on the screen: the base, what stands beside the name, two models side by side; in the figures of the command."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from cli_market import AS_OF, ORIGIN, Cli
from orwatch.config import Settings
from orwatch.core.source import Source
from orwatch.domain.catalogue import Pricing
from orwatch.domain.hosts import Host
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.present.report import View
from orwatch.present.table import plain
from orwatch.present.tables.prices import report
from orwatch.present.writers.text import grid
from orwatch.store.cache import Cache
from tui_support import THURSDAY, Tui, demo, fresh_demo, handmade, model, running, week

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


def half_off(price: str, *, others: str = "0.000004") -> list[Host]:
    """A host that asks a price at half of its list price, and a dearer one."""
    asked = Pricing(Decimal(price), Decimal(price) * 5, discount=Decimal("0.5"))
    return [Host("Cheap", "cheap", asked), Host("Dear", "dear", Pricing(Decimal(others), Decimal(others) * 5))]


async def test_discounts_of_ranked_models_are_known_without_opening_a_detail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The hosts are polled: what they tell stands in the pane and in the command alike."""
    cli = Cli(tmp_path, monkeypatch, capsys)
    with Cache.open(cli.cache, ORIGIN) as cache:
        cache.hosts.put("openai/gpt", half_off("0.000003"), AS_OF)
        cache.hosts.put("anthropic/opus", half_off("0.0000049"), AS_OF)  # nobody asks the listed price
    rows = {row["id"]: row for row in cli.json("prices", "--basis", "chart")[1]}
    gpt, opus = rows["openai/gpt"], rows["anthropic/opus"]
    assert (gpt["discount"], gpt["list_input"], gpt["list_output"]) == (0.5, "6", "30")
    assert (opus["discount"], opus["list_input"]) == (None, None)
    table = cli("prices", "--basis", "chart")[1].splitlines()
    assert next(line for line in table if " GPT " in line).split()[4:8] == ["15.00", "—", "50", "15.0"]
    assert next(line for line in table if "GPT free" in line).split()[4:6] == ["free", "free"]
    source = Source(Settings(), Cache.open(cli.cache, ORIGIN), f"{ORIGIN}/api/v1", None, machine=lambda: AS_OF)
    async with running(source, Query(lens=Lens(Basis.CHART)), size=(160, 45)) as tui:
        lines = tui.pane_lines("prices")
        assert next(line for line in lines if " GPT  " in line).split()[2:7] == ["3.00", "15.00", "—", "50", "15.0"]
        assert next(line for line in lines if "GPT free" in line).split()[3:5] == ["free", "free"]
        assert tui.app.dashboard.board.opened is None
    source.close()


async def test_a_sort_that_no_head_shows_is_named_beside_the_pane() -> None:
    async with running(await demo(), size=(160, 45)) as tui:
        await tui.press("3", "s", "s", "s", "s", "S")
        assert tui.pane_lines("prices")[0].startswith(" 3  Prices ─")
        assert "↑ Ctx" in tui.pane_lines("prices")[1]
        await tui.resize(42, 20)
        assert "Ctx" not in tui.pane_lines("prices")[0], "no room for the column"
        assert "3  Prices ↑ Ctx" in tui.text
        await tui.press("s")
        assert "3  Prices ↑" not in tui.text
        assert "3  Prices ↓" not in tui.text


async def test_a_column_of_changes_without_any_takes_no_place() -> None:
    """Seven days of unchanged prices: Cached and Ctx stand where the changes would."""
    models = [model("openai/gpt", "GPT"), model("qwen/max", "Max")]
    with handmade([week(date(2026, 6, 15), AS_OF, {"openai/gpt": 2, "qwen/max": 1})], models, now=AS_OF) as source:
        source.cache.catalogue.put_models(models, AS_OF + timedelta(days=7))
        async with running(source, size=(120, 36)) as tui:
            listed = tui.app.dashboard.view.prices
            assert listed is not None
            assert (listed.span, listed.moved) == (7, False)
            heads = tui.pane_lines("prices")[1].split()
            assert heads[:8] == ["CC", "Model", "In", "Out", "Cached", "×", "base", "Ctx"]
        source.cache.catalogue.put_models(
            [model("openai/gpt", "GPT", "0.000002"), models[1]], AS_OF + timedelta(days=8)
        )
        async with running(source, size=(160, 45)) as tui:
            assert "1 wk %" in tui.pane_lines("prices")[1]


async def test_the_medians_name_the_dearer_country_of_each_price() -> None:
    """Input of CN is dearer, output of US: 2.00 to 1.00, and 9.00 to 4.50."""
    prices = {"openai/gpt": ("0.000001", "0.000009"), "qwen/max": ("0.000002", "0.0000045")}
    models = [
        replace(model(id_, id_), pricing=Pricing(Decimal(given), Decimal(out))) for id_, (given, out) in prices.items()
    ]
    with handmade([week(date(2026, 6, 15), AS_OF, {"openai/gpt": 2, "qwen/max": 1})], models, now=AS_OF) as source:
        async with running(source, size=(160, 45)) as tui:
            assert any(line.endswith("CN dearer 2.0 × in, US 2.0 × out") for line in tui.pane_lines("prices"))
