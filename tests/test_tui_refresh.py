"""What a refresh may do to the screen, and what it may not; alerts that fire; failure, recovery, the first paint.

Three weeks of twenty models, in thousand millions of tokens; the week of 15 June changes hands, the running one on top.
"""

from __future__ import annotations

import asyncio
import re
import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from rich.style import Style

from orwatch.config import Settings
from orwatch.config.schema import ViewSettings
from orwatch.core.refresh import refresh
from orwatch.core.source import Source
from orwatch.domain.alerts.alert import Standing
from orwatch.domain.alerts.repeats import told_once
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.errors import CacheError
from orwatch.notify.channel import Message
from orwatch.present.colours import DARK, LIGHT
from orwatch.tui.actions import Keymap
from orwatch.tui.view_state import Look
from tui_support import THURSDAY, Clock, Tui, Wire, WiredSource, fresh_demo, handmade, model, running, week

FIRST, SECOND, THIRD = date(2026, 6, 8), date(2026, 6, 15), date(2026, 6, 22)
AFTER_SECOND = datetime(2026, 6, 22, 2, tzinfo=UTC)
IN_THIRD = datetime(2026, 6, 25, 2, tzinfo=UTC)
US_LEADS = {"anthropic/opus": 300, "deepseek/v4": 200, "openai/gpt": 90, "qwen/max": 80}
CN_LEADS = {"anthropic/opus": 250, "deepseek/v4": 480, "openai/gpt": 90, "qwen/max": 80}
CHART = Query(lens=Lens(Basis.CHART))


def table(step: int) -> dict[str, int]:
    """Thirty models; figures grow with each step, and every odd one brings a newcomer above them all."""
    rows = {f"qwen/m{n:02}": 3000 - 50 * n + step for n in range(15)}
    rows |= {f"google/m{n:02}": 2990 - 50 * n + 3 * step for n in range(15)}
    return rows | ({"deepseek/newcomer": 9000 + step} if step % 2 else {})


async def poll(tui: Tui, monday: date, as_of: datetime, rows: dict[str, int]) -> None:
    """Puts a week into the cache, as a poll does, and shows it."""
    tui.app.source.cache.rankings.put([week(monday, as_of, rows)])
    await tui.renew()


def two_weeks() -> Source:
    """US leads in the week of 8 June; nothing is known yet of the one after it."""
    before = FIRST - timedelta(days=7)
    listings = [week(before, AFTER_SECOND, US_LEADS), week(FIRST, datetime(2026, 6, 15, 2, tzinfo=UTC), US_LEADS)]
    models = [model("anthropic/opus", "Anthropic: Claude Opus"), model("deepseek/v4", "DeepSeek: V4")]
    return handmade(listings, models, settings=Settings(view=ViewSettings(basis=Basis.CHART)))


# A refresh moves nothing


async def test_a_hundred_refreshes_move_neither_cursor_nor_scroll_nor_sort_nor_filter() -> None:
    source = handmade([week(SECOND, AFTER_SECOND, table(0))])
    with source:
        async with running(source, size=(80, 14)) as tui:
            dashboard, pane = tui.app.dashboard, tui.table("models")
            await tui.press("slash", *"qwen", "enter", "s")
            while pane.sort != "name":
                await tui.press("s")
            await tui.press("S", *["j"] * 12)
            held = tui.cursor()
            before = (pane.sort, pane.reversed, pane.top, dashboard.view.filter, dashboard.board.pane)
            assert (before[:2], pane.top > 0, held) == (("name", True), True, "qwen/m02")
            seen = set()
            for step in range(1, 101):
                source.cache.rankings.put([week(SECOND, AFTER_SECOND + timedelta(seconds=step), table(step))])
                await tui.app.live.renew()
                seen.add(tui.snapshot.total)
                assert (pane.sort, pane.reversed, pane.top, dashboard.view.filter, dashboard.board.pane) == before
                assert (tui.cursor(), tui.cursor_visible()) == (held, True)
            assert len(seen) == 100, "every refresh brought other figures"


async def test_the_cursor_stays_on_its_model_when_a_row_comes_above_it() -> None:
    source = handmade([week(SECOND, AFTER_SECOND, table(0))])
    with source:
        async with running(source, size=(80, 24)) as tui:
            await tui.press("j", "j")
            held, top = tui.cursor(), tui.table("models").top
            await poll(tui, SECOND, AFTER_SECOND + timedelta(seconds=1), table(1))
            assert tui.shown()[0] == "deepseek/newcomer"
            assert (tui.cursor(), tui.table("models").cursor, tui.table("models").top) == (held, 3, top)
            assert tui.pane_lines("models")[4].startswith("▌")


async def test_figures_change_on_screen() -> None:
    source = handmade([week(SECOND, AFTER_SECOND, {"deepseek/v4": 4000, "openai/gpt": 2000})])
    with source:
        async with running(source) as tui:
            assert "6.00T" in tui.header
            assert "4.00" in tui.pane_lines("models")[2]
            await poll(tui, SECOND, AFTER_SECOND + timedelta(hours=1), {"deepseek/v4": 5000, "openai/gpt": 2000})
            assert "7.00T" in tui.header
            assert "5.00" in tui.pane_lines("models")[2]
            assert "71.4" in "".join(tui.pane_lines("countries"))


async def test_a_refresh_leaves_the_help_and_a_picker_open() -> None:
    source = handmade([week(SECOND, AFTER_SECOND, table(0))])
    with source:
        async with running(source) as tui:
            for key in ("question_mark", "v"):
                await tui.press(key)
                above = tui.app.screen
                await poll(tui, SECOND, tui.snapshot.as_of + timedelta(seconds=1), table(2))
                assert tui.app.screen is above
                await tui.press("escape")


async def test_a_refresh_while_an_older_period_is_on_screen_stays_there() -> None:
    source = two_weeks()
    with source:
        async with running(source) as tui:
            await tui.press("[")
            assert "1–7 Jun" in tui.header
            await poll(tui, SECOND, AFTER_SECOND, CN_LEADS)
            assert "1–7 Jun" in tui.header
            assert tui.app.dashboard.view.unread == frozenset()


# Alerts that fire


async def test_a_flip_fills_the_second_row_under_the_header_until_it_is_acknowledged() -> None:
    source = two_weeks()
    with source:
        async with running(source, CHART, attends=True) as tui:
            assert tui.lines()[2].strip() == ""
            body = tui.lines()[3:5]
            await poll(tui, SECOND, AFTER_SECOND, CN_LEADS)
            assert "◆ LEAD FLIP  CN passes US, 560B to 340B" in tui.lines()[2]
            assert "a acknowledge" in tui.lines()[2]
            assert [line[:12] for line in tui.lines()[3:5]] == [line[:12] for line in body], "nothing moves"
            new = sum(len(row.alerts) for row in tui.table("alerts").rows if row.unread)
            assert new >= 2
            assert f"4  Alerts {new} new" in tui.text.replace(" 4 Alerts", " 4  Alerts")
            await poll(tui, SECOND, AFTER_SECOND + timedelta(hours=1), CN_LEADS | {"openai/gpt": 91})
            assert "LEAD FLIP" in tui.lines()[2], "it stays"
            await tui.press("a")
            await tui.until(lambda: tui.lines()[2].strip() == "")
            await tui.press("A")
            await tui.until(lambda: tui.app.dashboard.view.unread == frozenset())
            await poll(tui, SECOND, AFTER_SECOND + timedelta(hours=2), CN_LEADS | {"openai/gpt": 92})
            assert "LEAD FLIP" not in tui.text, "an alert fires once"


@pytest.mark.parametrize(("keys", "hint"), [(["B"], ["B acknowledge"]), ([], [])])
async def test_the_flip_offers_the_key_that_acknowledges(keys: list[str], hint: list[str]) -> None:
    source = two_weeks()
    with source:
        async with running(source, CHART, attends=True, keymap=Keymap({"acknowledge": keys})) as tui:
            await poll(tui, SECOND, AFTER_SECOND, CN_LEADS)
            assert re.findall(r"\S* acknowledge", tui.lines()[2]) == hint


async def test_the_row_of_a_flip_takes_another_theme() -> None:
    source = two_weeks()
    with source:
        async with running(source, CHART, attends=True, palette=LIGHT) as tui:
            await poll(tui, SECOND, AFTER_SECOND, CN_LEADS)
            light = row_styles(tui)
        async with running(source, CHART, attends=True, palette=DARK) as tui:
            dark = row_styles(tui)
            assert "LEAD FLIP" in tui.lines()[2]
            assert dark != light
            await tui.press("t", "down", "enter")
            assert row_styles(tui) == light


def row_styles(tui: Tui) -> list[Style | None]:
    """The styles of the row of a flip."""
    return [segment.style for segment in tui.app.screen._compositor.render_strips()[2]]


async def test_the_line_of_the_running_period_stands_above_a_flip_which_covers_it_where_there_is_no_row_for_both() -> (
    None
):
    source = two_weeks()
    with source:
        async with running(source, CHART, attends=True) as tui:
            await poll(tui, SECOND, AFTER_SECOND, CN_LEADS)
            line = "now    22–28 Jun ~ day 0 of 7    no figures before its first day ends"
            assert (tui.lines()[1].strip(), "LEAD FLIP" in tui.lines()[2]) == (line, True)
            await tui.resize(120, 35)
            assert ("LEAD FLIP" in tui.lines()[1], line in tui.text) == (True, False)
            await tui.press("a")
            await tui.until(lambda: tui.lines()[1].strip() == line)


async def test_it_tells_the_running_period_whatever_period_is_on_screen() -> None:
    with WiredSource(date(2026, 8, 1)) as source:
        await refresh(source, force=True)
        async with running(source, size=(120, 36)) as tui:
            line = tui.lines()[1].strip()
            assert line.startswith("27 Jul–2 Aug ~ day 5 of 7  42.5T ▼ 1.7% ~  CN 2.0 : 1  ≈ 56–58T")
            for keys in (["[", "["], ["]", "]"], ["]"]):
                await tui.press(*keys)
                assert tui.lines()[1].strip() == line
            assert "27 Jul–2 Aug" in tui.header, "the key that goes on from the newest complete week goes there"
            assert "42.5T ~ ▼ 1.7%" in tui.header
            await tui.press("x")
            assert tui.lines()[1].strip() != line, "without free variants the lead is another"
            await tui.resize(80, 24)
            assert tui.footer.startswith("27 Jul–2 Aug ~ 5 of 7  42.5T")


async def test_a_flip_fills_the_headers_leader_where_there_is_no_row_for_it() -> None:
    source = two_weeks()
    with source:
        async with running(source, CHART, size=(80, 24), attends=True) as tui:
            await poll(tui, SECOND, AFTER_SECOND, CN_LEADS)
            assert "◆ CN passes US" in tui.header
            await tui.press("a")
            await tui.until(lambda: "◆" not in tui.header)
            assert "CN leads US 1.6 : 1" in tui.header


async def test_a_key_while_the_figures_are_read_loses_no_alert(monkeypatch: pytest.MonkeyPatch) -> None:
    source = two_weeks()
    with source:
        async with running(source, CHART, attends=True) as tui:
            whole, asked, pressed = tui.app.reader.look_whole, list[Query](), threading.Event()

            def slow(query: Query) -> Look:
                asked.append(query)
                pressed.wait(10)
                return whole(query)

            monkeypatch.setattr(tui.app.reader, "look_whole", slow)
            source.cache.rankings.put([week(SECOND, AFTER_SECOND, CN_LEADS)])
            renewal = asyncio.ensure_future(tui.app.live.renew())
            await tui.until(lambda: bool(asked))
            tui.app.dashboard.handlers["basis"]()
            pressed.set()
            await renewal
            await tui.settle()
            assert [query.lens.basis for query in asked][:2] == [Basis.CHART, Basis.TOP10]
            assert (tui.snapshot.lens.basis, "15–21 Jun" in tui.header) == (Basis.TOP10, True)
            assert tui.app.dashboard.view.unread


async def test_a_cache_that_a_clock_line_cannot_read_is_read_again_with_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def busy() -> bool:
        raise CacheError("The cache is busy.")

    source = two_weeks()
    with source:
        async with running(source, CHART) as tui:
            shown = tui.shown()
            with monkeypatch.context() as patch:
                patch.setattr(tui.app.reader, "moved", busy)
                tui.app.live.tick()
            await tui.settle()
            assert "! The cache is busy." in tui.text
            assert tui.shown() == shown
            tui.app.live.tick()
            await tui.until(lambda: tui.app.dashboard.view.problem is None)


@pytest.mark.parametrize("how", ["given back", "run out"])
async def test_what_came_while_another_process_polled_is_judged_once_when_that_is_over(how: str) -> None:
    clock = Clock(datetime(2026, 6, 22, 2, tzinfo=UTC))
    source = two_weeks()
    source.machine = clock
    with source:
        async with running(source, CHART, attends=True) as tui:
            source.cache.leases.acquire("poll", "other", clock(), 130)
            await poll(tui, SECOND, AFTER_SECOND, CN_LEADS)
            assert "15–21 Jun" in tui.header, "figures are shown at once"
            tui.app.live.tick()
            await tui.settle()
            assert tui.app.dashboard.view.unread == frozenset()
            if how == "given back":
                source.cache.leases.release("poll", "other")
            else:
                clock.pass_time(seconds=131)
            tui.app.live.tick()
            await tui.until(lambda: tui.app.dashboard.view.unread != frozenset())
            assert "◆ LEAD FLIP  CN passes US" in tui.lines()[2]
            known = source.cache.alerts.known(clock())
            flips = [one for one in known.values() if one.alert.rule == "lead-flip" and one.alert.subject == "CN:US"]
            assert len([one for one in flips if one.number is not None]) == 1
            tui.app.live.tick()
            await tui.settle()
            assert source.cache.alerts.known(clock()) == known, "nothing is judged twice"


async def test_what_is_remembered_is_shown_though_the_figures_cannot_be_read_and_these_are_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = two_weeks()
    with source:
        async with running(source, CHART, attends=True) as tui:
            await poll(tui, SECOND, AFTER_SECOND, CN_LEADS)
            assert tui.app.dashboard.view.unread
            whole, asked = tui.app.reader.look_whole, []

            def busy(query: Query) -> Look:
                asked.append(query)
                if len(asked) == 1:
                    raise CacheError("The cache is busy.")
                return whole(query)

            monkeypatch.setattr(tui.app.reader, "look_whole", busy)
            source.cache.alerts.acknowledge(None, source.machine())  # as another process does
            tui.app.live.tick()
            await tui.until(lambda: tui.app.dashboard.view.problem == "The cache is busy.")
            assert tui.app.dashboard.view.unread == frozenset()
            tui.app.live.tick()
            await tui.until(lambda: tui.app.dashboard.view.problem is None)
            assert len(asked) == 2


async def test_a_fault_of_the_rules_is_told_and_they_are_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    source = two_weeks()
    with source:
        async with running(source, CHART, attends=True) as tui:
            source.cache.leases.acquire("poll", "other", source.machine(), 130)
            await poll(tui, SECOND, AFTER_SECOND, CN_LEADS)
            source.cache.leases.release("poll", "other")
            service = tui.app.live.alerts
            look, tried = service.look, []

            def faulty() -> Any:
                tried.append(True)
                if len(tried) == 1:
                    raise KeyError("rule")
                return look()

            monkeypatch.setattr(service, "look", faulty)
            tui.app.live.tick()
            await tui.until(lambda: "Unexpected KeyError" in (tui.app.dashboard.view.problem or ""))
            tui.app.live.tick()
            await tui.until(lambda: tui.app.dashboard.view.unread != frozenset())


async def test_the_toast_of_a_burst_names_the_flip_first_or_else_three_and_counts_the_rest() -> None:
    source = two_weeks()
    with source:
        async with running(source, CHART, toasts=True) as tui:
            lines = ("◆ CN passes US on chart: 1.00T to 0.50T; US had led 2 weeks", "• and", "· more")
            whom = ("CN passes US", "Claude Opus", "all tokens", "DeepSeek V4", "Hy3")
            await tui.app.tell_alert(Message("CN passes US, and 4 more alerts", lines, "major", (), "", subjects=whom))
            await tui.settle()
            at = next(n for n, line in enumerate(tui.lines()) if "CN passes US, and 4 more alerts" in line)
            assert tui.lines()[at + 1].rstrip().endswith("◆ CN passes US on chart: 1.00T to 0.50T")
            assert "4 opens   a acknowledges" in tui.lines()[at + 2]
            long = "◆ DeepSeek V4 Flash passes MiMo-V2.5 on top50: 7.22T to 6.30T, week of 27 July; MiMo-V2.5 had led 1 week"
            title = "DeepSeek V4 Flash passes MiMo-V2.5 as first model, and 24 more alerts"
            await tui.app.tell_alert(Message(title, (long, *lines), "major", (), "", subjects=whom))
            await tui.settle()
            at = next(n for n, line in enumerate(tui.lines()) if ", and 24 more alerts" in line)
            assert "DeepSeek V4 Flash passes MiMo-V2.5" in tui.lines()[at]
            assert tui.lines()[at + 1].rstrip().endswith("◆ 7.22T to 6.30T, week of 27 July")
            others = ("• Claude Opus surges", "• All tokens grow", "· more")
            await tui.app.tell_alert(Message("4 alerts", others, "notable", (), "", subjects=whom[1:]))
            await tui.settle()
            at = next(n for n, line in enumerate(tui.lines()) if "4 alerts" in line)
            assert tui.lines()[at + 1].rstrip().endswith("• Claude Opus, all tokens, DeepSeek V4 and 1 more")
            assert "4 opens   a acknowledges" in tui.lines()[at + 2]
            await tui.app.tell_alert(Message("CN passes US", lines[:1], "major", (), "", subjects=whom[:1]))
            await tui.settle()
            assert "◆ CN passes US on chart: 1.00T to 0.50T " in tui.text
            await tui.resize(80, 24)
            await tui.app.tell_alert(Message("5 alerts", others, "notable", (), "", subjects=whom[1:]))
            await tui.settle()
            assert "• Claude Opus, all tokens and 2 more" in tui.text, "on one line in small terminals too"


async def test_what_the_cache_holds_at_the_start_is_no_news() -> None:
    source = two_weeks()
    with source:
        source.cache.rankings.put([week(SECOND, AFTER_SECOND, CN_LEADS)])
        async with running(source, CHART, attends=True) as tui:
            assert any(alert.rule == "lead-flip" for alert in tui.alerts)
            await poll(tui, SECOND, AFTER_SECOND + timedelta(hours=1), CN_LEADS)
            assert tui.app.dashboard.view.unread == frozenset()
            assert tui.lines()[2].strip() == ""


async def test_a_flip_on_course_is_drawn_apart_and_never_as_confirmed() -> None:
    source = two_weeks()
    with source:
        source.cache.rankings.put([week(SECOND, AFTER_SECOND, US_LEADS)])
        async with running(source, CHART, attends=True) as tui:
            await poll(tui, THIRD, IN_THIRD, CN_LEADS)
            course = [alert for alert in tui.alerts if alert.state is Standing.ON_COURSE]
            assert course
            told = told_once(course)
            assert {alert.rule for alert in told} == {"lead-flip", "share-crosses"}
            listed = [row for row in tui.table("alerts").rows if row.on_course]
            assert [[alert.rule for alert in row.alerts] for row in listed] == [
                ["lead-flip"], ["lead-flip", "lead-flip"], ["share-crosses"],
            ]  # fmt: skip
            rows = tui.pane_lines("alerts")[1 : 1 + len(listed)]
            assert all(row.lstrip().startswith("◇") and " ~ " in row for row in rows)
            assert not any("◆" in row for row in rows)
            assert tui.app.dashboard.view.unread.isdisjoint(alert.id for alert in course)
            assert "LEAD FLIP" not in tui.text
            assert "15–21 Jun" in tui.header
            await tui.press("}")
            assert "~ day 3 of 7" in tui.header
            assert "CN leads US 1.6 : 1  ~ on course" in tui.header
            assert "LEAD FLIP" not in tui.text
            await poll(tui, THIRD, IN_THIRD + timedelta(days=4), CN_LEADS)
            await tui.press("}")
            assert "◇" not in "".join(tui.pane_lines("alerts"))


# Failure and recovery


async def test_a_failure_keeps_the_rows_and_says_cause_and_next_try() -> None:
    with WiredSource() as source:
        await refresh(source, force=True)
        source.clock.pass_time(minutes=2)
        async with running(source, offline=False, size=(160, 45)) as tui:
            rows = tui.shown()
            source.wire.broken = "Connection refused"
            await tui.press("r")
            await tui.until(lambda: tui.app.live.problem is not None)
            await tui.settle()
            assert tui.shown() == rows
            assert "Hy3 free" in tui.text
            assert "! offline 2 min" in tui.header
            assert "! demo.orwatch.invalid cannot be reached" in tui.lines()[-2]
            assert tui.lines()[-1].strip().startswith("! why  r try again now  P pause  / filter")
            tui.app.live.tick()
            await tui.settle()
            assert re.search(r"next try in 0:\d\d", tui.lines()[-2])
            source.wire.broken = None
            source.clock.pass_time(minutes=2)
            await tui.press("r")
            await tui.until(lambda: tui.app.dashboard.view.problem is None)
            await tui.settle()
            assert "!" not in tui.header
            assert "next try" not in tui.text
            assert "next" in tui.lines()[-2]


async def test_a_failure_is_said_in_small_terminals_too() -> None:
    with WiredSource() as source:
        await refresh(source, force=True)
        source.clock.pass_time(hours=2)
        source.wire.broken = "Connection refused"
        async with running(source, offline=False, size=(80, 24)) as tui:
            await tui.until(lambda: tui.app.live.problem is not None)
            await tui.settle()
            assert "Hy3 free" in tui.text
            assert tui.footer.startswith("! demo.orwatch.invalid")
            assert "2 h old" in tui.lines()[1]
            await tui.resize(40, 12)
            assert tui.footer.startswith("!")
            assert "Hy3 free" in tui.text


async def test_a_failure_on_an_empty_cache_says_why_instead_of_rows() -> None:
    with WiredSource() as source:
        source.wire.broken = "Connection refused"
        async with running(source, offline=False) as tui:
            await tui.until(lambda: tui.app.live.problem is not None)
            await tui.settle()
            assert "! demo.orwatch.invalid" in "".join(tui.pane_lines("models"))


# The first paint


async def test_the_first_paint_shows_the_cache_before_any_request() -> None:
    with WiredSource() as source:
        await refresh(source, force=True)
        done = len(source.wire.answered)
        source.clock.pass_time(hours=2)
        source.wire.hold()
        async with running(source, offline=False) as tui:
            assert "13–19 Jul 2026 week ✓" in tui.header
            assert "Hy3 free" in tui.text
            await tui.press("j", "p", "?")
            assert tui.app.screen is not tui.app.dashboard, "keys work while a request is under way"
            assert len(source.wire.answered) == done
            await tui.until(lambda: len(source.wire.asked) > done)
            source.wire.let_go()
            await tui.until(lambda: len(source.wire.answered) > done)


async def test_a_first_start_says_what_is_asked_and_fills_itself() -> None:
    with WiredSource() as source:
        source.wire.hold()
        async with running(source, offline=False) as tui:
            assert tui.header == "orwatch   the market of AI models"
            assert "Asking OpenRouter for the whole record since 2025" in tui.text
            await tui.press("j", "v", "c", "p", "]", "}", "b", "z", "z", "4", "s", "a")
            assert tui.app.screen is tui.app.dashboard
            source.wire.let_go()
            await tui.until(lambda: tui.app.dashboard.view.snapshot is not None)
            await tui.settle()
            assert "Asking" not in tui.text
            assert tui.app.dashboard.view.unread == frozenset(), "a first fill is history"


async def test_the_demo_says_that_it_is_one() -> None:
    source = await fresh_demo(THURSDAY)
    with source:
        async with running(source) as tui:
            assert "demo · top50" in tui.header
            assert "Source: OpenRouter (openrouter.ai/rankings), as of 2026-08-22T02:01:37Z, replayed" in tui.text


async def test_what_another_process_puts_into_the_cache_is_shown() -> None:
    source = two_weeks()
    with source:
        async with running(source) as tui:
            source.cache.rankings.put([week(SECOND, AFTER_SECOND, CN_LEADS)])
            tui.app.live.tick()
            await tui.until(lambda: "15–21 Jun" in tui.header)


async def test_the_wire_counts_what_goes_over_it() -> None:
    wire = Wire(httpx.MockTransport(lambda request: httpx.Response(200, content=b"{}")))
    async with httpx.AsyncClient(transport=wire) as client:
        await client.get("https://demo.orwatch.invalid/api/v1/models")
    assert (wire.asked, wire.answered) == (["/api/v1/models"], ["/api/v1/models"])
