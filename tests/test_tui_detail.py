"""The detail on screen: its blocks, its columns at every number of periods, and how it scrolls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from rich.cells import cell_len

from orwatch.core.source import Source
from orwatch.domain.catalogue import CatalogueModel, Override, Pricing
from orwatch.domain.hosts import Host
from orwatch.domain.leads import Kind
from orwatch.domain.periods import Grain
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis, Listing
from orwatch.domain.scores import ArenaScore, Benchmarks, Index
from orwatch.present.colours import LIGHT, NONE
from tui_support import Tui, demo, handmade, running, week

MONDAY = date(2026, 6, 15)
AFTER = datetime(2026, 6, 22, 2, tzinfo=UTC)
FLASH = "deepseek/v4"
NINE = {"openai/gpt": 95, **{f"mistralai/m{n}": 9 - n for n in range(7)}}
CHART = Query(lens=Lens(Basis.CHART))


def weeks(count: int) -> list[Listing]:
    """DeepSeek has 90 and one more each week: it is second for six weeks (the fifth and sixth ties aside), then first."""
    return [week(MONDAY - timedelta(weeks=n), AFTER, {FLASH: 90 + count - 1 - n, **NINE}) for n in range(count)]


def entry(price: str, *overrides: Override) -> CatalogueModel:
    scores = Benchmarks(
        (ArenaScore("models", "3d", 36, 1244.0, 0.5), ArenaScore("models", "svg", 28, 1200.0, 0.2)),
        (Index("coding", 71.8),),
    )
    given = Decimal(price) / 10**6
    pricing = Pricing(given, given * 2, None, None, overrides)
    return CatalogueModel(FLASH, FLASH, "DeepSeek: V4 Flash", context=10**6, pricing=pricing, benchmarks=scores)


@pytest.fixture
def source() -> Iterator[Source]:
    """Sixteen weeks; a price that fell; two conditional prices; a host with a discount."""
    with handmade(weeks(16), now=AFTER) as made:
        made.cache.catalogue.put_models([entry("0.2")], AFTER - timedelta(days=10))
        long = Override(Decimal("0.000002"), min_prompt_tokens=200_000)
        night = Override(Decimal(0), utc_start="0100", utc_end="0600")
        made.cache.catalogue.put_models([entry("0.1", long, night)], AFTER - timedelta(hours=1))
        host = Host("Lab", "lab", Pricing(Decimal("0.0000001"), Decimal("0.0000002"), None, Decimal("0.5")))
        made.cache.hosts.put(FLASH, [host], AFTER - timedelta(minutes=5))
        yield made


async def opened(tui: Tui, kind: Kind = Kind.MODEL, key: str = FLASH) -> list[str]:
    tui.app.dashboard.trail.open(kind, key)
    await tui.settle()
    return tui.lines()


def line_of(lines: list[str], text: str) -> str:
    return next(line for line in lines if text in line)


def prose(lines: list[str], begin: int = 0) -> str:
    """What stands from a column on, as running text."""
    return " ".join(" ".join(line[begin:] for line in lines).split())


async def test_the_blocks_of_a_model(source: Source) -> None:
    async with running(source, CHART, size=(120, 60)) as tui:
        lines = await opened(tui)
        assert "solid: in first place, 10 weeks" in line_of(lines, "Tokens by week, B")
        assert line_of(lines, " input  ").split()[-5:] == ["input", "0.10", "0.20", "−50.0", "0.20"]
        text = prose(lines, 70)
        assert "50 % off the list price, as its hosts tell" in text
        assert "from 200,000 prompt tokens: in 2.00" in text
        assert "01:00–06:00 UTC: in 0.00" in text
        assert "1 host · by input price · 5 min ago" in line_of(lines, "Hosts ─")
        assert line_of(lines, "3D ").split()[-5:] == ["3D", "36", "1244", "50.0", "·····●·····"]
        assert line_of(lines, "SVG ").split()[-1] == "◂····┊·····"
        assert "Design Arena, through OpenRouter" in line_of(lines, "Benchmarks ─")
        assert line_of(lines, "coding").split()[-1] == "71.8"
        assert "best rank 1 · to 15–21 Jun" in line_of(lines, "Streaks ─")
        assert "The newest days are restated at times" in text


async def test_the_demo_has_no_benchmarks_and_no_block_for_them() -> None:
    async with running(await demo(), size=(120, 60)) as tui:
        await tui.press("enter")
        assert "Tokens by week" in tui.text
        assert "Benchmarks" not in tui.text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (5, "18 25 1 8 15"),
        (12, "30 6 13 20 27 4 11 18 25 1 8 15"),
        (40, "Nov Dec Jan Feb"),
        (63, "57 weeks"),
        (90, "the newest 64 of 90 weeks"),
    ],
)
async def test_every_period_is_seen_until_not_even_one_cell_is_left_for_each(count: int, text: str) -> None:
    with handmade(weeks(count), now=AFTER) as source:
        async with running(source, CHART) as tui:
            assert text in " ".join(" ".join(line[:70] for line in await opened(tui)).split())


@pytest.mark.parametrize(
    ("count", "cells"), [(16, "▆▆▆ " * 16), (17, "▆▆" * 17), (32, "▆▆" * 32), (33, "▆" * 33), (90, "▆" * 64)]
)
async def test_columns_are_three_cells_and_a_gap_then_two_then_one(count: int, cells: str) -> None:
    """All weeks alike, so that the floor is one row of full columns."""
    rows = {**NINE, FLASH: 105}
    listings = [week(MONDAY - timedelta(weeks=n), AFTER, rows) for n in range(count)]
    with handmade(listings, now=AFTER) as source:
        async with running(source, CHART, palette=NONE) as tui:
            lines = await opened(tui)
            floor = next(n for n, line in enumerate(lines) if line.strip().startswith("#")) - 1
            assert lines[floor][4:68].rstrip().replace("█", "▆") == cells.rstrip()


async def test_ranks_of_two_digits_stand_over_two_rows_under_thin_columns() -> None:
    rows = {f"mistralai/m{n}": 90 - n for n in range(11)}
    listings = [week(MONDAY - timedelta(weeks=n), AFTER, {FLASH: 5 if n else 99, **rows}) for n in range(30)]
    with handmade(listings, now=AFTER) as source:
        async with running(source, CHART) as tui:
            lines = await opened(tui)
            at = next(n for n, line in enumerate(lines) if line.strip().startswith("#"))
            assert lines[at - 1][4:68].split() == ["1"] * 29
            assert lines[at][4:68].split() == ["2"] * 29 + ["1"]


@pytest.mark.parametrize("key", ["1", "2"])
async def test_the_way_to_a_pane_closes_an_open_detail(source: Source, key: str) -> None:
    async with running(source, CHART, size=(140, 40)) as tui:
        await opened(tui)
        await tui.press(key)
        assert tui.app.dashboard.board.opened is None
        for title in ("Models", "Countries", "Prices", "Alerts"):
            assert any(f"{title} ─" in line for line in tui.lines()), title


@pytest.mark.parametrize("view", ["enter", "5"])
async def test_a_click_on_what_lies_over_the_panes_leaves_it_open(source: Source, view: str) -> None:
    async with running(source, CHART, size=(140, 40)) as tui:
        await tui.press(view)
        over = tui.app.dashboard.board.over
        assert over is not None
        await tui.pilot.click(over.widget, offset=(20, 10))
        await tui.settle()
        still_open = over.widget.display
        assert still_open
        assert tui.app.dashboard.board.pane == "models"
        await tui.press("escape", "s", "z", "z", "down", "tab")
        assert not over.widget.display
        assert tui.app.dashboard.board.pane == "countries"


# Scrolling


async def test_a_long_detail_scrolls_and_says_where_it_is(source: Source) -> None:
    async with running(source, CHART, size=(80, 24)) as tui:
        detail = tui.app.dashboard.board.detail
        first = await opened(tui)
        shown = re.search(r"lines 1–(\d+) of (\d+)", first[1])
        assert shown
        room, length = map(int, shown.groups())
        detail.move(3)
        await tui.settle()
        assert f"lines 4–{room + 3} of {length}" in tui.lines()[1]
        assert tui.lines()[5:10] == first[8:13]
        await tui.renew()
        assert f"lines 4–{room + 3} of {length}" in tui.lines()[1], "a refresh does not move it"
        detail.move(1000)
        await tui.settle()
        assert f"lines {length - room + 1}–{length} of {length}" in tui.lines()[1]
        await opened(tui, Kind.VENDOR, "deepseek")
        assert detail.top == 0, "another row begins at its top"


async def test_pages_and_the_wheel_scroll_the_detail(source: Source) -> None:
    async with running(source, CHART, size=(80, 24)) as tui:
        first = await opened(tui)
        detail = tui.app.dashboard.board.detail
        await tui.press("pagedown")
        assert detail.top > 0
        assert set(tui.lines()[4:-1]) & set(first[4:-1]) - {""}, "some lines are seen on both"
        await tui.press("pageup")
        assert detail.top == 0
        await tui.wheel(detail.widget, down=True)
        assert detail.top == 3


async def test_a_detail_that_fits_has_no_position(source: Source) -> None:
    async with running(source, CHART, size=(120, 36)) as tui:
        title = (await opened(tui, Kind.COUNTRY, "CN"))[3]
        assert "lines" not in title
        assert title.rstrip().endswith("1 of 3 · chart")


@pytest.mark.parametrize(("kind", "key"), [(Kind.MODEL, FLASH), (Kind.VENDOR, "deepseek"), (Kind.COUNTRY, "??")])
async def test_it_reads_at_every_size_and_in_every_palette(source: Source, kind: Kind, key: str) -> None:
    for palette in (LIGHT, NONE):
        async with running(source, CHART, palette=palette) as tui:
            for width, height in ((40, 12), (64, 18), (80, 24), (100, 30), (120, 36), (200, 60)):
                await tui.resize(width, height)
                lines = await opened(tui, kind, key)
                assert {cell_len(line) for line in lines} == {width}
                assert any("Esc" in line for line in lines[:4])
                assert "Tokens by week" in "\n".join(lines)


async def test_a_permaslug_that_is_longer_than_the_screen_keeps_its_end() -> None:
    rows = {"nvidia/nemotron-3-ultra-550b-a55b-20260604:free": 500, **NINE}
    with handmade([week(MONDAY, AFTER, rows)], now=AFTER) as source:
        async with running(source, CHART, size=(40, 12)) as tui:
            assert line_of(await opened(tui, Kind.MODEL, next(iter(rows))), "nvidia/").strip().endswith("…:free")


# Groups


async def test_the_unattributed_are_listed_by_their_slugs() -> None:
    rows = {"stealth/space-bunny": 50, **NINE}
    with handmade([week(MONDAY, AFTER, rows)], now=AFTER) as source:
        async with running(source, CHART) as tui:
            lines = await opened(tui, Kind.COUNTRY, "??")
            assert "Esc  unattributed ─" in lines[3]
            assert line_of(lines, "stealth/space-bunny").split()[:3] == ["stealth/space-bunny", "50.00", "100.0"]
            assert "none is guessed" in prose(lines, 70)


async def test_a_vendor_names_company_country_and_who_assigned_it(source: Source) -> None:
    async with running(source, CHART) as tui:
        lines = await opened(tui, Kind.VENDOR, "deepseek")
        assert "CN DeepSeek · Hangzhou · country by the shipped table" in lines[4]
        assert line_of(lines, "V4 Flash").split()[2:] == ["105.00", "100.0", "+1.0"]


# Then


async def test_a_past_detail_has_the_prices_of_then_and_says_what_is_of_now(source: Source) -> None:
    async with running(source, Query(Grain.WEEK, date(2026, 6, 8), Lens(Basis.CHART)), size=(120, 60)) as tui:
        lines = await opened(tui)
        assert "as of 12 Jun 2026" in line_of(lines, "Price, $ per million")
        assert line_of(lines, " input  ").split()[-5:] == ["input", "0.20", "—", "—", "—"]
        assert "seen 22 Jun 2026" in line_of(lines, "Hosts ─")
        assert "are of now, not of then" in prose(lines, 70)
        await tui.press("escape", "[")
        text = prose(await opened(tui), 70)
        assert "No prices were seen then; the cache has watched them since 12 Jun 2026." in text


async def test_the_prices_pane_shows_then_and_never_today(source: Source) -> None:
    async with running(source, CHART, size=(120, 36)) as tui:
        await tui.press("3")
        assert "0.10" in line_of(tui.pane_lines("prices"), "V4 Flash")
        await tui.press("[")
        assert "as of 12 Jun" in tui.pane_lines("prices")[0]
        assert "0.20" in line_of(tui.pane_lines("prices"), "V4 Flash")
        await tui.press("[")
        sentence = "No prices were seen then; the cache has watched them since 12 Jun 2026."
        assert sentence in prose(tui.pane_lines("prices"))
        await tui.press("}")
        assert "0.10" in line_of(tui.pane_lines("prices"), "V4 Flash")


async def test_a_copied_price_has_its_list_price(source: Source) -> None:
    async with running(source, CHART) as tui:
        await tui.press("3", "y")
        assert "input 0.10, output 0.20 (50 % off a list price of 0.20 and 0.40) USD per million" in tui.app.clipboard
