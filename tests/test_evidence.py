"""The evidence of an alert: two periods side by side, what moved the lead, every flip; and how it stands on the screen."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

import recorded
from orwatch.config import Settings
from orwatch.config.schema import ViewSettings
from orwatch.core.market import Market
from orwatch.core.views.evidence import evidence
from orwatch.domain.alerts.alert import Alert, Standing
from orwatch.domain.detail import Evidence
from orwatch.domain.periods import Grain, Period
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.domain.vendors import Attribution
from orwatch.present.colours import NONE
from orwatch.store.cache import Cache
from orwatch.tui.panes.evidence import evidence_lines
from orwatch.tui.themes import Ink
from tui_support import demo, handmade, listing, running, week
from views_support import alerts_of

CHART = Lens(Basis.CHART)


def the_flip(market: Market, monday: str) -> tuple[Query, Alert]:
    """CN against US in a week on basis chart."""
    query = Query(at=date.fromisoformat(monday), lens=CHART)
    found = [a for a in alerts_of(market, query) if a.rule == "lead-flip" and a.subject == "CN:US"]
    return query, next(a for a in found if a.period.start.isoformat() == monday)


@pytest.mark.recorded
def test_the_flip_of_27_april_rests_on_the_figures_of_both_weeks() -> None:
    cache = Cache.open(None, "https://openrouter.ai")
    cache.rankings.put(recorded.listings(Grain.WEEK))
    market = Market(cache, Attribution())
    query, flip = the_flip(market, "2026-04-27")
    found = evidence(market, query, flip)
    assert found is not None

    def told(sides: str) -> list[tuple[str, str, str]]:
        return [
            (side.key, f"{(side.tokens or 0) / 1e12:.2f}", f"{(side.change or 0) * 100:+.1f}")
            for side in getattr(found, sides)
        ]

    assert told("sides_before") == [("US", "4.97", "+1.3"), ("CN", "4.36", "-1.6")]
    assert told("sides_now") == [("CN", "7.93", "+81.7"), ("US", "3.25", "-34.7")]
    assert [(m.permaslug.partition("/")[2], f"{m.tokens / 1e12:+.2f}", m.entered, m.left) for m in found.moves[:4]] == [
        ("hy3-preview-20260421:free", "+3.03", True, False),
        ("grok-4.1-fast", "-0.75", False, True),
        ("deepseek-v4-flash-20260423", "+0.70", True, False),
        ("claude-4.6-opus-20260205", "-0.68", False, True),
    ]
    assert [
        (t.number, t.period.start.isoformat(), t.leader, f"{t.ratio:.1f}", t.held, t.stands) for t in found.flips
    ] == [
        (5, "2026-04-27", "CN", "2.4", 1, True),
        (4, "2026-04-13", "US", "1.1", 2, False),
        (3, "2026-03-02", "CN", "1.2", 6, False),
        (2, "2026-02-23", "US", "1.3", 1, False),
        (1, "2026-02-09", "CN", "1.4", 2, False),
    ]


def two_flips() -> tuple[Market, Evidence]:
    """Three weeks: US leads, CN by a newcomer, US again. Thousand millions of tokens."""
    weeks = {
        date(2026, 6, 1): {"anthropic/a": 300, "deepseek/b": 200},
        date(2026, 6, 8): {"anthropic/a": 250, "deepseek/b": 180, "qwen/c": 120},
        date(2026, 6, 15): {"anthropic/a": 400, "deepseek/b": 180},
    }
    source = handmade(
        [week(monday, datetime(2026, 6, 22, 2, tzinfo=UTC), rows) for monday, rows in weeks.items()],
        settings=Settings(view=ViewSettings(basis=Basis.CHART)),
    )
    market = source.market()
    query, flip = the_flip(market, "2026-06-15")
    found = evidence(market, query, flip)
    assert found is not None
    return market, found


def test_what_moved_is_what_came_what_went_and_what_grew() -> None:
    _, found = two_flips()
    assert [(m.permaslug, m.tokens // 10**9, m.entered, m.left) for m in found.moves] == [
        ("anthropic/a", 150, False, False),
        ("qwen/c", -120, False, True),
        ("deepseek/b", 0, False, False),
    ]
    assert [(t.leader, t.held, t.stands) for t in found.flips] == [("US", 1, True), ("CN", 1, False)]


def test_an_alert_of_no_period_has_no_evidence_of_periods() -> None:
    market, found = two_flips()
    priced = replace(found.alert, basis=None, at=datetime(2026, 6, 20, tzinfo=UTC))
    assert evidence(market, Query(lens=CHART), priced) is None


def test_a_period_in_progress_is_held_against_the_same_days_of_the_one_before() -> None:
    """Two weeks of days, Thursday morning of the second: three days of each count. Thousand millions of tokens."""
    now = datetime(2026, 6, 18, 2, tzinfo=UTC)
    days = [
        listing(Period(Grain.DAY, date(2026, 6, day)), now, {"anthropic/a": 30 if day < 15 else 10, "deepseek/b": 20})
        for day in (*range(8, 15), 15, 16, 17)
    ]
    market = handmade(days, now=now).market()
    query = Query(at="now", lens=CHART)
    course = next(a for a in alerts_of(market, query) if a.subject == "CN:US" and a.state is Standing.ON_COURSE)
    found = evidence(market, query, course)
    assert found is not None
    assert found.days == 3
    assert [(s.key, (s.tokens or 0) // 10**9, s.change) for s in found.sides_before] == [
        ("US", 90, None),
        ("CN", 60, None),
    ]
    assert [(s.key, (s.tokens or 0) // 10**9) for s in found.sides_now] == [("CN", 60), ("US", 30)]
    assert [round(s.change or 0, 3) for s in found.sides_now] == [0.0, -0.667]
    assert [(m.permaslug, m.tokens // 10**9) for m in found.moves] == [("anthropic/a", -60), ("deepseek/b", 0)]


# On the screen


def test_the_bar_of_the_smallest_side_still_shows() -> None:
    _, found = two_flips()
    first, second = found.sides_now
    small = replace(found, sides_now=(first, replace(second, tokens=1)))
    rows = [strip.text for strip in evidence_lines(Ink(NONE), found.alert, small, None, {}, 60)]
    assert [row for row in rows if f" {second.key} " in row and "╸" in row and "━" not in row]


async def test_enter_opens_the_evidence_beside_the_list_and_then_its_week() -> None:
    async with running(await demo(date(2026, 5, 21)), Query(lens=CHART)) as tui:
        await tui.press("4", "enter")
        assert tui.app.dashboard.board.zoomed
        flip = next(
            n
            for n, row in enumerate(tui.table("alerts").rows)
            if (row.alert.subject, row.alert.rule) == ("CN:US", "lead-flip")
        )
        for _ in range(flip):
            await tui.press("j")
        assert "What moved it" in tui.text
        assert "Flips of CN : US" in tui.text
        await tui.press("enter")
        assert "27 Apr–3 May" in tui.header
        assert not tui.app.dashboard.board.zoomed


async def test_in_a_small_terminal_the_evidence_takes_the_place_of_the_list() -> None:
    async with running(await demo(date(2026, 5, 21)), Query(lens=CHART), size=(60, 20)) as tui:
        await tui.press("4")
        before = tui.text
        await tui.press("enter")
        assert "Lead flip" in tui.text or "confirmed" in tui.text or "on course" in tui.text
        await tui.press("escape")
        assert tui.text == before


async def test_beside_the_list_at_100x30_no_figure_runs_into_what_stands_before_it() -> None:
    async with running(await demo(), Query(lens=Lens(Basis.CHART)), size=(100, 30)) as tui:
        await tui.press("4", "z")
        text = tui.text
        assert re.search(r"13–19 Jul ~ 3 days +T +WoW %", text)
        assert re.search(r"6 Jul  →Hy3 +2nd week", text), "there is no room for the ratio beside a name"
        await tui.press("j")
        assert re.search(r"27 Apr  →CN +2\.4 : 1 +12th week", tui.text)


async def test_unread_alerts_stand_apart_on_top_and_the_cursor_keeps_to_its_row() -> None:
    source = handmade(
        [week(date(2026, 6, 8), datetime(2026, 6, 15, 2, tzinfo=UTC), {"anthropic/a": 300, "deepseek/b": 200})]
    )
    with source:
        async with running(source, attends=True, size=(100, 24)) as tui:
            listing = week(
                date(2026, 6, 15), datetime(2026, 6, 22, 2, tzinfo=UTC), {"anthropic/a": 200, "deepseek/b": 400}
            )
            source.cache.rankings.put([listing])
            await tui.renew()
            await tui.press("4")
            unread = len(tui.shown("alerts"))
            assert unread >= 2
            await tui.press("a")

            def rules() -> list[int]:
                return [n for n, line in enumerate(tui.pane_lines("alerts")) if line.lstrip().startswith("read ──")]

            await tui.until(lambda: rules() == [unread])  # one head, the unread that are left, the rule
            await tui.press("G")
            assert tui.cursor("alerts") == tui.shown("alerts")[-1]
            assert tui.cursor_visible("alerts")
            await tui.click("alerts", 20, 1)
            assert tui.cursor("alerts") == tui.shown("alerts")[0]
