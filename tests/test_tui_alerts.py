"""The alerts pane in use: the cursor, what a key acknowledges and undoes, and the way into evidence and back.

On the recorded record: in the week of 27 April 2026 CN passes US on chart, 7.932T to 3.251T; the week is complete on 4 May.
"""

from __future__ import annotations

import sqlite3
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from alerts_support import LAST, NOON, flip, mark, weeks, with_news
from orwatch.config import Config, Settings
from orwatch.config.schema import ViewSettings
from orwatch.core.refresh import refresh
from orwatch.core.source import DemoOptions, Source, open_source
from orwatch.domain.alerts.alert import Alert, Severity, Value, day_alert
from orwatch.domain.alerts.memory import Findings
from orwatch.domain.alerts.prices import PriceCrosses
from orwatch.domain.alerts.registry import AlertRules
from orwatch.domain.periods import Grain
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.present.tables.alerts import subject_pieces, value_words
from orwatch.store.cache import Cache
from tui_support import ORIGIN, Tui, demo, fresh_demo, handmade, model, running, week

CHART = Query(lens=Lens(Basis.CHART))
BEFORE = date(2026, 5, 3)
FLIP = "lead-flip|versus|CN:US|week|chart||CN|2026-04-27"


async def in_may(at: date = BEFORE) -> Source:
    """A demo of one's own on chart, filled to a day."""
    config = Config(Settings(view=ViewSettings(basis=Basis.CHART)))
    source = open_source(config, demo=DemoOptions(at=at, speed=0.0, replay=True))
    await refresh(source, force=True)
    return source


async def go_on(tui: Tui, to: date) -> None:
    """The record of a later day comes in, as by a poll."""
    source = tui.app.source
    assert source.demo_clock is not None
    source.demo_clock.skip(datetime(to.year, to.month, to.day, 2, tzinfo=UTC))
    await refresh(source, force=True)
    await tui.renew()


def unread(tui: Tui) -> frozenset[str]:
    return tui.app.dashboard.view.unread


async def test_the_cursor_stays_on_its_alert_when_others_come_in_above_it() -> None:
    with await in_may() as source:
        async with running(source, CHART, attends=True) as tui:
            await tui.press("4")
            first = tui.cursor("alerts")
            await go_on(tui, date(2026, 5, 4))
            assert FLIP in unread(tui)
            assert tui.shown("alerts").index(first) > 0, "there are rows above it now"
            assert tui.cursor("alerts") == first
            assert tui.cursor_visible("alerts")


async def test_a_acknowledges_the_alert_that_was_under_the_cursor_and_goes_on_to_the_next() -> None:
    with await in_may() as source:
        async with running(source, CHART, attends=True) as tui:
            await go_on(tui, date(2026, 5, 4))
            await tui.press("4")
            first, second = tui.shown("alerts")[:2]
            assert {first, second} <= unread(tui)
            await go_on(tui, date(2026, 5, 11))
            assert tui.shown("alerts")[0] != first
            before = unread(tui)
            await tui.press("a")
            await tui.until(lambda: unread(tui) == before - {first})
            assert tui.cursor("alerts") == second
            await tui.press("a")
            await tui.until(lambda: unread(tui) == before - {first, second})


async def test_u_takes_back_what_a_and_capital_a_have_acknowledged() -> None:
    with await in_may() as source:
        async with running(source, CHART, attends=True, toasts=True) as tui:
            await go_on(tui, date(2026, 5, 4))
            before = unread(tui)
            assert len(before) > 2
            await tui.press("4", "a")
            await tui.until(lambda: len(unread(tui)) == len(before) - 1)
            one = before - unread(tui)
            await tui.burst("A", "u")
            await tui.until(lambda: unread(tui) == before - one)
            await tui.press("u")
            await tui.until(lambda: unread(tui) == before)
            assert "1 alert is unread again." in tui.text
            await tui.press("u")
            assert "Nothing to undo" in tui.text
            assert unread(tui) == before


async def test_u_takes_back_a_pin_and_an_assignment(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    with handmade([week(LAST.start, NOON, {"deepseek/v4": 300, "openai/gpt": 200, "new-lab/x": 100})]) as source:
        async with running(source, toasts=True) as tui:
            tui.app.choices.config = config
            await tui.press("j", "j")
            order, third = tui.shown(), tui.cursor()
            assert third == "new-lab/x"
            await tui.press("space")
            assert tui.shown()[0] == third
            split = [row.key for row in tui.snapshot.split.rows]
            await tui.press("C", "enter", *"fr", "enter")
            assert [row.key for row in tui.snapshot.split.rows] == ["CN", "US", "FR", "other"]
            assert tomllib.loads(config.read_text()) == {"view": {"favourites": [third]}, "vendors": {"new-lab": "FR"}}
            await tui.press("u")
            assert [row.key for row in tui.snapshot.split.rows] == split
            assert "new-lab has no country of yours any more." in tui.text
            await tui.press("u")
            assert tui.shown() == order
            assert tomllib.loads(config.read_text()) == {}


async def test_an_acknowledgement_that_waits_for_another_process_holds_no_key_up(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite3"
    with Cache.open(path, ORIGIN) as cache:
        with_news(cache, flip(), mark())
        source = Source(Settings(), cache, f"{ORIGIN}/api/v1", None, machine=lambda: NOON)
        cache.rankings.put([week(LAST.start, NOON, {"deepseek/v4": 300, "openai/gpt": 200})])
        async with running(source, CHART, attends=False) as tui:
            await tui.press("4")
            before = unread(tui)
            assert len(before) == 2
            other = sqlite3.connect(path, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            await tui.press("a", "1")
            assert tui.app.dashboard.board.pane == "models"
            assert unread(tui) == before
            other.execute("ROLLBACK")
            await tui.until(lambda: len(unread(tui)) == 1)


PLACES = [
    pytest.param((120, 36), ["4", "j", "j"], id="four panes"),
    pytest.param((120, 36), ["4", "G"], id="at the end of the list"),
    pytest.param((80, 24), ["4", *"jjjjjjjjjjjjjjjjjjjjjjj"], id="tabs"),
    pytest.param((120, 36), ["slash", *"claude", "enter", "4", "j"], id="filtered"),
    pytest.param((160, 45), ["b", "[", "4", "j"], id="an earlier week"),
    pytest.param((120, 36), ["p", "4", "j", "j"], id="days"),
    pytest.param((120, 36), ["4", "z", "j"], id="zoomed"),
]


@pytest.mark.parametrize(("size", "keys"), PLACES)
async def test_escape_leads_from_evidence_back_to_the_dashboard_as_it_was(
    size: tuple[int, int], keys: list[str]
) -> None:
    async with running(await demo(date(2026, 5, 21)), CHART, size=size) as tui:
        await tui.press(*keys)
        board = tui.app.dashboard.board

        def place() -> tuple[object, ...]:
            table = tui.table("alerts")
            return (
                tui.app.dashboard.asked,
                board.pane,
                board.zoomed,
                tui.cursor("alerts"),
                table.top,
                tui.table("models").top,
            )

        before, screen = place(), tui.text
        for deeper in ((), ("enter", "1", "j")):  # its period
            await tui.press("enter", "j", *deeper)
            assert place() != before
            await tui.press("escape", *["escape" for _ in deeper[:1]])
            assert place() == before
            assert tui.text == screen


async def test_escape_leads_nowhere_back_once_a_key_has_gone_elsewhere() -> None:
    async with running(await demo(date(2026, 5, 21)), CHART) as tui:
        await tui.press("4", "j", "enter", "enter")
        assert not tui.app.dashboard.board.zoomed
        await tui.press("[")
        asked = tui.app.dashboard.asked
        await tui.press("escape", "escape")
        assert tui.app.dashboard.asked == asked


# What is told in one row


def told(tui: Tui) -> list[str]:
    """The rows of the pane as they are drawn, single blanks between the words."""
    return [" ".join(line.lstrip("▌").split()) for line in tui.pane_lines("alerts")[1:]]


async def test_of_a_day_the_largest_stand_and_the_others_are_one_row() -> None:
    """The week of 20 July 2026, as the picture of it has them."""
    async with running(await demo(date(2026, 8, 1)), size=(160, 45)) as tui:
        rows = [row for row in told(tui) if row[2:].startswith("27 Jul")]
    assert rows == [
        "◆ 27 Jul flip MiMo-V2.5 passes Hy3 free +vendor 6.0 : 1",
        "• 27 Jul top 10 Hy3 new at 3",
        "• 27 Jul plunge Hy3 free −84.8%",
        "• 27 Jul moves 8 more, most Kimi K3 +226.9%",
    ]


async def test_a_row_of_several_opens_and_closes_with_enter_and_the_arrows() -> None:
    async with running(await demo(date(2026, 8, 1)), size=(160, 45)) as tui:
        await tui.press("4")
        closed = tui.shown("alerts")
        while "moves" not in told(tui)[tui.table("alerts").cursor - tui.table("alerts").top]:
            await tui.press("j")
        fold = tui.cursor("alerts")
        await tui.press("enter")
        place = tui.shown("alerts").index(fold)
        assert tui.cursor("alerts") == fold
        inner = tui.table("alerts").rows[place + 1 : place + 9]
        assert {row.within for row in inner} == {fold}
        assert {row.alert.rule for row in inner} == {"surge", "plunge", "new-entrant"}
        assert f"of {len(closed) + 8}" in tui.pane_lines("alerts")[0]
        await tui.press("j", "j", "left")
        assert (tui.shown("alerts"), tui.cursor("alerts")) == (closed, fold)
        await tui.press("right")
        assert len(tui.shown("alerts")) == len(closed) + 8
        await tui.press("enter")
        assert tui.shown("alerts") == closed
        await tui.press("right", "j", "enter")
        assert "surges by 226.9%" in tui.text, "the evidence of one of them"
        await tui.press("escape", "left", "left")
        assert tui.app.dashboard.board.pane == "prices", "elsewhere an arrow goes to the pane beside"


async def test_a_filter_shows_what_is_folded() -> None:
    async with running(await demo(date(2026, 8, 1)), size=(160, 45)) as tui:
        await tui.press("slash", *"kimi", "enter")
        assert any("Kimi K3 +226.9%" in row for row in told(tui))
        assert not any(row.fold for row in tui.table("alerts").rows)


async def test_a_on_a_row_of_several_acknowledges_all_of_them() -> None:
    with await fresh_demo(date(2026, 8, 2)) as source:
        async with running(source, attends=True, size=(160, 45)) as tui:
            await go_on(tui, date(2026, 8, 3))
            await tui.press("4")
            row = next(row for row in tui.table("alerts").rows if row.fold and row.unread)
            while tui.cursor("alerts") != row.id:
                await tui.press("j")
            before = unread(tui)
            await tui.press("a")
            await tui.until(lambda: unread(tui) == before - {alert.id for alert in row.alerts})
            await tui.press("u")
            await tui.until(lambda: unread(tui) == before)


@pytest.mark.parametrize("width", [80, 100, 120, 160, 200])
async def test_no_value_is_cut_and_a_subject_has_what_its_row_leaves(width: int) -> None:
    height = 24 if width == 80 else 36
    async with running(await demo(date(2026, 8, 1)), size=(width, height)) as tui:
        await tui.press("4")
        table, lines = tui.table("alerts"), tui.pane_lines("alerts")
        first = next(n for n, line in enumerate(lines) if "flip" in line)
        shown = [line for line in lines[first:] if line.strip(" ╌")]
        at = next(placed.at for placed in table.placed(table.size.width) if placed.column.key == "subject")
        for row, line in zip(table.rows[:8], shown, strict=False):
            value = value_words(row, short=not table.alone)
            assert line.endswith(f" {value}")
            subject = line[at : -len(value)]
            words = "".join(text for text, _ in subject_pieces(row))
            assert subject.strip() == words or "…" not in subject or len(subject) - len(subject.rstrip()) <= 2, line


def june(change: float, slug: str) -> Alert:
    """A price that changed on 8 June."""
    values: dict[str, Value] = {"model": slug, "input": "1", "input_before": "2", "input_change": change}
    return day_alert("price-change", Severity.NOTABLE, slug, NOON - timedelta(hours=10), values, "0.07", "down")


async def test_a_means_the_alert_that_was_on_screen_also_where_a_poll_has_folded_it_with_another() -> None:
    with handmade([week(LAST.start, NOON, {"deepseek/v4": 300, "openai/gpt": 200})]) as source:
        cache, one, two = source.cache, june(-0.5, "a/one"), june(-0.6, "a/two")

        def find(*alerts: Alert) -> None:
            found = Findings("rules", cache.revision(), alerts, {Grain.WEEK: weeks(LAST, 9)}, NOON - timedelta(hours=6))
            cache.alerts.record(found, NOON)

        find()
        find(one)
        async with running(source, size=(160, 45)) as tui:
            await tui.press("4")
            assert tui.shown("alerts") == [one.id]
            find(one, two)
            tui.app.live.alerts.remembered()
            tui.app.live.remember()
            tui.app.dashboard.acknowledge()  # before the screen is drawn
            await tui.until(lambda: one.id not in unread(tui))
            assert unread(tui) == {two.id}


async def test_a_row_of_several_takes_every_key() -> None:
    async with running(await demo(date(2026, 8, 1)), size=(160, 45), toasts=True) as tui:
        await tui.press("4")
        while not tui.table("alerts").rows[tui.table("alerts").cursor].fold:
            await tui.press("j")
        fold = tui.cursor("alerts")
        for key in ("Y", "y", "o", "n", "e", "i", "z", "space", "C"):
            await tui.press(key, "escape", "escape")
            assert tui.app.fault is None
            assert tui.cursor("alerts") == fold, key


async def test_a_model_that_is_pinned_has_its_prices_told_at_once_and_no_more_when_it_is_let_go() -> None:
    """The price of Qwen3 30B A3B rose by 8.3 % on 20 July 2026; it is not among those that are ranked."""
    slug, seen = "qwen/qwen3-30b-a3b", datetime(2026, 7, 17, 2, tzinfo=UTC)
    rows = week(date(2026, 7, 13), datetime(2026, 7, 23, 2, tzinfo=UTC), {"deepseek/v4": 300, "openai/gpt": 200})
    with handmade([rows], [model(slug, "Qwen3 30B A3B", "0.00000012")], now=seen) as source:
        for day in (20, 22):
            source.cache.catalogue.put_models([model(slug, "Qwen3 30B A3B", "0.00000013")], seen.replace(day=day))
        async with running(source, size=(160, 45)) as tui:

            def told_of() -> set[str]:
                return {alert.subject for alert in tui.alerts if alert.rule == "price-change"}

            assert told_of() == set()
            await tui.press("3", "G")
            assert tui.cursor("prices") == slug
            await tui.press("space")
            await tui.until(lambda: told_of() == {slug})
            await tui.press("u")
            await tui.until(lambda: told_of() == set())


async def test_an_alarm_that_cannot_fire_is_told_once_with_the_nearest_model() -> None:
    alarm = PriceCrosses(model="deepseek/v3", at_most=0.1)
    settings = Settings(alerts=AlertRules(also=(("price-crosses", alarm),)))
    rows = week(LAST.start, NOON, {"deepseek/v4": 300, "openai/gpt": 200})
    with handmade([rows], [model("deepseek/v4", "V4"), model("openai/gpt", "GPT")], settings=settings) as source:
        async with running(source, toasts=True, attends=True) as tui:
            await tui.renew()
            told = [toast.message for toast in tui.app.toasts.shown]
            assert told == [
                "The price alarm for deepseek/v3 cannot fire: the catalogue lists no such model; nearest: deepseek/v4."
            ]


async def test_a_rule_that_is_scrolled_away_leaves_no_line_empty() -> None:
    async with running(await demo(), size=(80, 24)) as tui:
        await tui.press("4")
        assert any("╌" in line for line in tui.pane_lines("alerts"))
        await tui.press("G")
        lines = tui.pane_lines("alerts")
        assert not any("╌" in line for line in lines)
        assert all(lines)
