"""View Hosts: brackets, the host under the cursor, groups of countries, seats of one's own, at three sizes.

The last week of `cli_market`: deepseek/v4 300, anthropic/opus 110, qwen/max 100, openai/gpt 80 of 900 thousand million tokens.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from cli_market import MODELS, WEEKS
from orwatch.core.source import Source
from orwatch.domain.catalogue import CatalogueModel, Pricing, Provider
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.present.panes import PLACES
from test_hosts import LISTS
from tui_support import Tui, handmade, running, week

AS_OF = datetime(2026, 6, 22, 2, tzinfo=UTC)
QUERY = Query(lens=Lens(Basis.CHART))
KEY = str(PLACES.index("hosts") + 1)


def source(*, hosts: bool = True) -> Source:
    entries = [
        CatalogueModel(
            id_, id_.partition(":")[0], name, id_.startswith("deepseek"), pricing=Pricing(Decimal(given), Decimal(out))
        )
        for id_, name, given, out, _ in MODELS
    ]
    made = handmade([week(day, AS_OF, rows) for day, rows in WEEKS.items()], entries)
    seats = {"East": "CN", "Prairie": "US", "Silent": None}
    made.cache.catalogue.put_providers([Provider(name.lower(), name, seat) for name, seat in seats.items()], AS_OF)
    for id_, listed in LISTS.items() if hosts else ():
        made.cache.hosts.put(id_, listed, AS_OF)
    return made


def words(tui: Tui) -> str:
    return tui.text


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)])
async def test_brackets_and_hosts_at_every_size(size: tuple[int, int]) -> None:
    async with running(source(), QUERY, size=size) as tui:
        await tui.press(KEY)
        text = words(tui)
        for line in ("all tokens", "China", "Prairie", "East", "Silent"):
            assert line in text
        assert "12.2" in text, "at least: anthropic/opus"
        assert "45.6" in text, "at most: with deepseek/v4"
        if size[0] >= 100:
            assert "The price of staying in the West" in text
            assert "Without a host in the West: Qwen Max (CN)." in text


async def test_w_tells_of_another_group() -> None:
    async with running(source(), QUERY, size=(120, 36)) as tui:
        await tui.press(KEY, "w", "w", "w")
        assert "The price of staying in CN" in words(tui)
        assert "44.4" in words(tui), "at most: deepseek/v4 and qwen/max"


async def test_i_explains_what_a_host_could_serve_with_its_tokens_and_the_brackets_by_group() -> None:
    async with running(source(), QUERY, size=(120, 36)) as tui:
        await tui.press(KEY, "j", "i")
        text = words(tui)
        assert "Hosts · as of 22 Jun 2026" in text
        assert "East could 44.4 %" in text
        assert "400,000,000,000 ÷ 900,000,000,000" in text
        assert "2 models: DeepSeek V4 300.00B, Qwen Max 100.00B" in text
        assert "tokens of the models it lists ÷ all tokens" in text
        assert "openrouter.ai/models), seen 2026-06-22." in text
        await tui.press("Y", "s")
        assert "could" in tui.app.clipboard
        assert "East" in tui.app.clipboard


async def test_enter_lists_the_models_of_a_host_and_y_copies_it() -> None:
    async with running(source(), QUERY, size=(120, 36)) as tui:
        await tui.press(KEY, "j", "enter")
        assert "What East lists" in words(tui)
        assert "Qwen Max" in words(tui)
        await tui.press("y")
        copied = tui.app.clipboard
        assert "East (seat: China) lists 2 ranked models and could have served 44.4 % of all tokens" in copied
        assert copied.endswith("Source: OpenRouter (openrouter.ai/models), seen 2026-06-22.")
        await tui.press("enter")
        assert "The price of staying in the West" in words(tui)


async def test_a_host_is_given_a_seat_and_it_is_undone(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    async with running(source(), QUERY, size=(120, 36)) as tui:
        tui.app.choices.config = config
        await tui.press(KEY, "j", "j", "C", "enter", *"FR", "enter")
        assert 'Silent = "FR"' in config.read_text()
        assert "FR Silent yours" in words(tui)
        # deepseek/v4 and openai/gpt now also have a host of the West, the latter no other
        assert "21.1" in words(tui)
        await tui.press("u")
        assert "Silent" not in config.read_text()
        assert "?? Silent" in words(tui)


async def test_the_filter_hides_hosts_alone() -> None:
    async with running(source(), QUERY, size=(120, 36)) as tui:
        await tui.press(KEY, "slash", *"prai", "enter")
        assert "1 of 3" in words(tui)
        assert "45.6" in words(tui)


async def test_a_record_without_hosts_says_so() -> None:
    async with running(source(hosts=False), QUERY, size=(80, 24)) as tui:
        await tui.press(KEY)
        assert "No host lists have been seen yet" in " ".join(words(tui).split())


async def test_a_quote_says_what_is_not_published() -> None:
    async with running(source(), QUERY, size=(120, 36)) as tui:
        await tui.press(KEY, "Y")
        assert "at least 12.2 % and at most 45.6 % of all" in tui.text
        assert "which host served a token is not published" in tui.text
