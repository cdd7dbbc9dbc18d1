"""Estimated spend on the screen: `m` turns models, countries and the header, `w` takes the prices of now.

The market of `cli_market`, whose prices were seen on 22 June: of its last week anthropic/opus costs 205,920 to 770,000 USD.
"""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from orwatch.core.source import Source
from orwatch.domain.filters import make_filter
from test_tui_hosts import QUERY, source
from tui_support import running


@pytest.fixture
def market() -> Source:
    return source()


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)])
async def test_m_turns_to_spend_and_back(market: Source, size: tuple[int, int]) -> None:
    async with running(market, QUERY, size=size) as tui:
        tokens = tui.text
        await tui.press("m")
        lines = tui.pane_lines("models")
        opus = next(line for line in lines if "Claude Opus" in line)
        assert opus.split()[0].strip("▌") in ("1", "")
        assert "770" in opus
        assert "other, no price known" in "\n".join(lines)
        assert "65.6 %" in "\n".join(lines), "coverage: 590 of 900"
        assert "≈ $" in tui.header
        await tui.press("m")
        assert tui.text == tokens


async def test_countries_tell_both_ends(market: Source) -> None:
    async with running(market, QUERY, size=(160, 45)) as tui:
        await tui.press("m", "2")
        text = "\n".join(tui.pane_lines("countries"))
        assert "spend, low ≈ $" in text
        assert "spend, high ≈ $" in text
        assert "token costs" in text


async def test_countries_have_a_cursor_that_is_copied_quoted_explained_and_opened(market: Source) -> None:
    async with running(market, QUERY, size=(120, 36)) as tui:
        await tui.press("m", "2", "j", "y")
        assert tui.app.clipboard.startswith("China: ≈ $")
        await tui.press("Y")
        assert "models of Chinese companies cost" in " ".join(tui.text.replace("│", " ").replace("▌", " ").split())
        await tui.press("escape", "i")
        assert "China of spend 9.3–10.8 %" in tui.text
        assert "2 models with a price: " in tui.text
        await tui.press("escape", "enter")
        assert "4 models on the basis" in tui.text


async def test_prices_that_were_seen_later_are_marked(market: Source) -> None:
    async with running(market, replace(QUERY, at=date(2026, 6, 8)), size=(120, 36)) as tui:
        await tui.press("m")
        assert "no prices seen then" in "\n".join(tui.pane_lines("models"))
        assert "≈ — spent" in tui.header
        await tui.press("w")
        assert "at prices of 22 Jun" in "\n".join(tui.pane_lines("models"))
        assert "≈ $0.9–1.1M spent" in tui.header


async def test_cursor_filter_sort_and_copy(market: Source) -> None:
    async with running(market, QUERY, size=(120, 36)) as tui:
        await tui.press("j", "m")
        await tui.press("slash", *"qwen", "enter")
        assert tui.shown("models") == ["qwen/max"]
        await tui.press("y")
        assert "Qwen Max (qwen/max): ≈ $" in tui.app.clipboard
        assert tui.app.clipboard.endswith("Source: OpenRouter (openrouter.ai/models), seen 2026-06-22T02:00:00Z.")
        await tui.press("escape", "s")
        assert tui.table("models").sort != "spend"


async def test_time_travel_and_enter_work_as_on_tokens(market: Source) -> None:
    async with running(market, QUERY, size=(120, 36)) as tui:
        await tui.press("m", "[")
        assert "8–14 Jun" in tui.header
        await tui.press("]", "enter")
        assert "Claude Opus" in tui.text
        await tui.press("escape", "z")
        assert "estimated spend" in "\n".join(tui.pane_lines("models"))


async def test_w_says_where_it_holds(market: Source) -> None:
    async with running(market, QUERY, size=(120, 36), toasts=True) as tui:
        await tui.press("w")
        assert "m shows what the tokens cost" in tui.text


async def test_history_tells_what_each_period_cost(market: Source) -> None:
    async with running(market, QUERY, size=(120, 36)) as tui:
        await tui.press("5", "m")
        assert "History ≈ estimated spend" in tui.text
        assert "65.6 % of 900B covered, at prices of" in tui.text
        assert "what earlier periods cost is unknown" in tui.text
        await tui.press("left")
        assert "What it cost is unknown" in tui.text
        await tui.press("w")
        assert "at prices of now" in tui.text
        line = next(line for line in tui.lines() if "8–14 Jun 2026" in line)
        assert "$877K to $1.12M" in line
        await tui.resize(80, 24)
        assert next(line for line in tui.lines() if "8–14 Jun" in line and "0.88" in line)
        await tui.press("m")
        assert "estimated spend" not in tui.text


async def test_a_filter_of_vendors_hides_no_host(market: Source) -> None:
    chosen = make_filter("", vendors=["deepseek"])
    async with running(market, QUERY, size=(120, 36), filter_=chosen) as tui:
        await tui.press("9")
        assert "Prairie" in tui.text


async def test_countries_zoomed_tell_open_weights(market: Source) -> None:
    async with running(market, QUERY, size=(160, 45)) as tui:
        await tui.press("2", "z")
        line = next(line for line in tui.lines() if "open weights %" in line)
        assert line.split("open weights %")[1].split()[0] == "51", "300 of 590 whose weights are known"


async def test_zoomed_models_have_the_estimate_beside_them(market: Source) -> None:
    async with running(market, QUERY, size=(120, 36)) as tui:
        await tui.press("m", "z")
        assert "98 % input, 80 % of it cached" in tui.text
        assert "spend, low ≈ $" in tui.text
        assert "Claude Opus" in tui.text
