"""`Y` and the briefing on screen: what the cursor is on as a sentence to print, and what their keys copy and write."""

from __future__ import annotations

import asyncio
from pathlib import Path

from orwatch.config import Config, Settings
from orwatch.config.schema import ExportSettings
from orwatch.core.refresh import refresh
from orwatch.core.source import DemoOptions, open_source
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from tui_support import THURSDAY, demo, running

CHART = Query(lens=Lens(Basis.CHART))
CITATION = "Source: OpenRouter (openrouter.ai/rankings), as of 2026-08-22T02:01:37Z, replayed. Aggregated by orwatch."


async def test_the_quote_of_a_model_has_its_sentence_its_figures_its_source_and_its_command() -> None:
    async with running(await demo(), CHART, size=(120, 36)) as tui:
        await tui.press("Y")
        await tui.until(lambda: "repeat" in tui.text)
        text = " ".join(tui.text.split())
        assert "Hy3 (free) · 13–19 Jul 2026 · wording 1 of 3" in text
        assert "In the week of 13 to 19 July 2026, Hy3 (free) of tencent handled 11.52 trillion" in text
        assert "11,516,528,897,206" in text
        assert "chart, the nine largest models · free in · week complete" in text
        assert "orwatch quote tencent/hy3-20260706:free --at 2026-07-13 --basis chart" in text
        await tui.press("escape")
        assert "repeat" not in tui.text


async def test_the_quote_in_countries_is_the_head_to_head_or_the_country_under_the_cursor() -> None:
    async with running(await demo(), size=(120, 36)) as tui:
        await tui.press("2", "Y")
        await tui.until(lambda: "CN against US" in tui.text)
        assert "models of Chinese companies handled" in " ".join(tui.text.split())
        await tui.press("escape", "G", "Y")
        await tui.until(lambda: "repeat" in tui.text)
        assert "CN against US" not in tui.text


async def test_the_quote_of_a_price_and_of_an_alert() -> None:
    async with running(await demo(), CHART, size=(120, 36)) as tui:
        await tui.press("3", "j", "Y")
        await tui.until(lambda: "repeat" in tui.text)
        assert "a million tokens of MiMo-V2.5 cost $0.14 as input" in " ".join(tui.text.split())
        await tui.press("escape", "4", "Y")
        await tui.until(lambda: "It is not confirmed." in tui.text)
        assert "MiMo-V2.5 is on course to pass Hy3 (free) on chart" in " ".join(tui.text.split())


async def test_the_keys_of_a_quote_copy_all_of_it_its_sentence_its_command_and_its_markdown() -> None:
    async with running(await demo(), CHART, toasts=True, size=(120, 36)) as tui:
        await tui.press("2", "Y")
        await tui.until(lambda: "repeat" in tui.text)
        await tui.press("y")
        whole = tui.app.clipboard
        assert "In the week of 13 to 19 July 2026" in whole
        assert "basis      chart" in whole
        assert CITATION in " ".join(whole.split())
        await tui.press("s")
        sentence = tui.app.clipboard
        assert sentence.startswith("In the week of 13 to 19 July 2026, models of Chinese companies")
        assert sentence.endswith(CITATION)
        await tui.press("c")
        assert tui.app.clipboard == "orwatch quote CN:US --at 2026-07-13 --basis chart --demo"
        await tui.press("m")
        assert tui.app.clipboard.startswith("> In the week of 13 to 19 July 2026")
        assert "Copied" in tui.text


async def test_y_again_offers_another_wording_which_is_what_is_copied() -> None:
    async with running(await demo(), CHART, size=(120, 36)) as tui:
        await tui.press("2", "Y")
        assert "together: 62.77" in tui.text
        await tui.press("Y")
        assert "wording 2 of 3" in tui.text
        assert "together:" not in tui.text
        await tui.press("Y", "s")
        assert tui.app.clipboard == (
            "Chinese models lead US ones 4.9 to 1 on OpenRouter in the week of 13 to 19 July 2026: 36.42 trillion tokens to 7.39"
            f" trillion, counting the nine largest models. {CITATION}"
        )
        await tui.press("Y", "i")
        assert "What this number is" in tui.text


async def test_the_other_wording_of_a_model_begins_with_its_place() -> None:
    async with running(await demo(), CHART, size=(120, 36)) as tui:
        await tui.press("Y", "Y", "Y", "s")
        assert tui.app.clipboard.startswith(
            "Hy3 (free) of tencent is first of all models for the second week in a row on OpenRouter in the week of 13 to 19 July"
            " 2026, with 11.52 trillion tokens, 18.3 % of all."
        )


async def test_y_on_countries_copies_lead_ratio_streak_and_changes_in_the_digits_of_the_screen() -> None:
    async with running(await demo(), size=(160, 45)) as tui:
        await tui.press("2")
        screen = tui.text
        await tui.press("y")
        first, *rows, _ = tui.app.clipboard.splitlines()
        assert first == "CN leads US 2.1 : 1, at least 4 weeks; chart 4.9 : 1 · top10 4.3 : 1"
        assert rows[0] == "China: 39.57T tokens, 63.0 % of all, +24.2 % on the week before"
        for figure in ("2.1 : 1", "39.57", "63.0", "+24.2"):
            assert figure in screen


async def test_y_on_the_evidence_of_an_alert_copies_the_evidence() -> None:
    async with running(await demo(), CHART, size=(80, 24), toasts=True) as tui:
        await tui.press("4", "enter")
        await tui.until(lambda: "What moved it" in tui.text)
        await tui.press("y")
        copied = tui.app.clipboard
        assert "MiMo-V2.5 is on course to pass Hy3 (free)" in copied
        assert "compared   the first 3 days of both weeks" in copied
        assert "moved      " in copied
        assert "flips      " in copied
        assert "| " not in copied, "no table of all alerts"
        (note,) = tui.app.toasts.shown
        assert note.message.startswith("MiMo-V2.5 is on course to pass Hy3 (free)")
        assert len(note.message) < 240, "a notice says what was copied, it does not cover the screen with it"


async def test_the_briefing_is_in_the_palette_and_its_keys_copy_it() -> None:
    async with running(await demo(), CHART, size=(120, 36)) as tui:
        await tui.press(":", *"brief", "enter")
        await tui.until(lambda: "OpenRouter, 13–19 July 2026 (week 29)" in tui.text)
        await tui.press("y")
        assert tui.app.clipboard.startswith("OpenRouter, 13–19 July 2026 (week 29)")
        assert "orwatch brief --at 2026-07-13 --basis chart --demo" in tui.app.clipboard
        await tui.press("m")
        assert tui.app.clipboard.startswith("# OpenRouter, 13–19 July 2026 (week 29)")
        await tui.press("G")
        await tui.until(lambda: "Aggregated by orwatch." in tui.text)


async def _export(tmp_path: Path) -> None:
    settings = Settings(export=ExportSettings(folder=tmp_path))
    with open_source(Config(settings), demo=DemoOptions(at=THURSDAY, speed=0.0, replay=True)) as source:
        await refresh(source, force=True)
        async with running(source, CHART, size=(120, 36)) as tui:
            await tui.press(":", *"brief", "enter")
            await tui.until(lambda: "week 29" in tui.text)
            await tui.press("e")


def test_the_briefing_is_written_as_one_html_file(tmp_path: Path) -> None:
    asyncio.run(_export(tmp_path))
    (path,) = tmp_path.iterdir()
    assert path.name == "orwatch-brief-2026-07-13-week-chart.html"
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")


async def test_where_no_home_folder_is_known_a_file_is_not_written_and_a_sentence_says_why() -> None:
    async with running(await demo(), CHART, size=(120, 36), toasts=True) as tui:
        tui.app.source.settings = Settings(export=ExportSettings(folder=Path("~nobody-of-that-name/briefs")))
        await tui.press("e", ":", *"brief", "enter", "e")
        told = [str(note.message) for note in tui.app.toasts.shown]
        why = "~nobody-of-that-name/briefs is in a home folder that is not known; set HOME, or give the whole path."
        assert told == [why, why]


async def test_the_keys_of_a_page_stay_in_sight_at_every_size() -> None:
    async with running(await demo(), CHART) as tui:
        for keys, words in (((":", *"brief", "enter"), "export HTML"), (("escape", "Y"), "Markdown")):
            await tui.press(*keys)
            for size in ((80, 24), (100, 30), (160, 45)):
                await tui.resize(*size)
                await tui.until(lambda words=words: words in tui.text)  # type: ignore[misc]


async def test_the_quote_of_a_detail_is_of_what_it_shows_and_of_the_history_the_head_to_head() -> None:
    async with running(await demo(), CHART, size=(120, 36)) as tui:
        await tui.press("enter", "enter", "Y")
        await tui.until(lambda: "tencent · 13–19 Jul 2026 · wording 1 of" in tui.text)
        await tui.press("escape", "escape", "escape", "5", "Y")
        await tui.until(lambda: "CN against US · 13–19 Jul 2026 · wording 1 of 3" in tui.text)
