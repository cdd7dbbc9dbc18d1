"""Views 6 Apps and 7 Tasks: their figures at three sizes, what a row opens, and what is said where there is nothing.

The weeks of `cli_market`; its last has 900 thousand million tokens.
"""

from __future__ import annotations

from datetime import date

import pytest

from cli_market import AS_OF, BILLION, WEEKS
from market_support import app_week, put_apps, put_tasks, task_shares
from orwatch.core.source import Source
from orwatch.domain.apps import AppCategory
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.domain.tasks import ProgrammingWeek
from orwatch.present.panes import PLACES
from orwatch.tui.panes.apps import AppsPane
from orwatch.tui.panes.tasks import TasksPane
from tui_support import Tui, handmade, running, week

QUERY = Query(lens=Lens(Basis.CHART))
APPS, TASKS = (str(PLACES.index(key) + 1) for key in ("apps", "tasks"))
SIZES = [(80, 24), (120, 36), (160, 45)]


def source(*, filled: bool = True) -> Source:
    """Three weeks of apps, in the last of which `claw` has passed `agents`; two snapshots of tasks; a week of programming."""
    made = handmade([week(day, AS_OF, rows) for day, rows in WEEKS.items()])
    if filled:
        tokens = ({"agents": 90, "claw": 30}, {"agents": 80, "claw": 60}, {"agents": 70, "claw": 90, "ide": 2})
        put_apps(made.cache, *(app_week(day, AS_OF, found) for day, found in zip(WEEKS, tokens, strict=True)))
        put_tasks(made.cache, task_shares(date(2026, 6, 10), 0.35), task_shares(date(2026, 6, 20), 0.4))
        used = ProgrammingWeek(date(2026, 6, 15), AS_OF, ("a/b",), (300 * BILLION,), 60 * BILLION)
        made.cache.snapshots.put(used, "2026-06-15", AS_OF)
    return made


def row(tui: Tui, name: str) -> str:
    """The first line that holds a name."""
    return next(line for line in tui.text.splitlines() if name in line)


async def test_i_explains_a_number_of_each_with_what_it_is_computed_from() -> None:
    async with running(source(), QUERY, size=(120, 36)) as tui:
        await tui.press(APPS)
        await tui.press("i")
        assert "claw Tokens 90.00B   exactly 90,000,000,000" in tui.text
        assert "openrouter.ai/apps), as of" in tui.text
        await tui.press("down")
        await tui.until(lambda: "90,000,000,000 ÷ 900,000,000,000" in tui.text)  # share of all
        await tui.press("down")
        await tui.until(lambda: "(90,000,000,000 − 60,000,000,000) ÷ 60,000,000,000" in tui.text)
        await tui.press("escape", TASKS)
        await tui.press("j", "i")
        assert "OpenRouter states 0.400" in tui.text
        await tui.press("down")
        await tui.until(lambda: "40.0 − 35.0" in tui.text)


@pytest.mark.parametrize("size", SIZES)
async def test_apps_of_the_week(size: tuple[int, int]) -> None:
    async with running(source(), QUERY, size=size) as tui:
        await tui.press(APPS)
        assert isinstance(tui.app.dashboard.board.view, AppsPane)
        first = row(tui, "claw")
        for cell in ("▲1", "90.00", "+50.0"):
            assert cell in first
        assert "738.00" in row(tui, "all else")
        assert "openrouter.ai/apps, as of" in tui.text or "(openrouter.ai/apps), as of 2026-06-22T02:00:00Z" in tui.text
        if size[0] >= 100:
            assert " 10.0 " in first, "of all tokens"
            assert "claw passes agents" in tui.text
            assert "claw leads 1 week" in tui.text
            assert "Place by week" in tui.text


async def test_a_vendor_that_was_picked_hides_no_app_and_a_word_does() -> None:
    async with running(source(), QUERY) as tui:
        await tui.press("v", *"deepseek", "enter", APPS)
        assert "claw" in tui.text
        assert "agents" in tui.text
        assert "Apps deepseek" not in tui.text
        await tui.press("slash", *"claw", "enter")
        view = tui.app.dashboard.board.view
        assert isinstance(view, AppsPane)
        assert [found.name for found in view.rows] == ["claw"]
        assert "Apps /claw" in tui.text


async def test_w_orders_apps_by_their_gain_and_g_leaves_those_of_a_category() -> None:
    made = source()
    put_apps(made.cache, app_week(date(2026, 5, 25), AS_OF, {"agents": 100, "claw": 10}))
    made.cache.snapshots.put(AppCategory("cli-agent", date(2026, 6, 15), AS_OF, (6,)), "cli-agent", AS_OF)
    async with running(made, QUERY, size=(120, 36)) as tui:
        await tui.press(APPS, "w")
        assert "Apps trending" in tui.text
        assert "+56.67" in row(tui, "claw"), "90 less the mean of 60, 30 and 10"
        assert "−20.00" in row(tui, "agents")
        await tui.press("w", "g", "down", "enter")
        view = tui.app.dashboard.board.view
        assert isinstance(view, AppsPane)
        assert [(found.rank, found.name) for found in view.rows] == [(2, "agents")]
        assert "Apps cli-agent" in tui.text


async def test_enter_lists_the_weeks_of_an_app_and_the_places_of_all_again() -> None:
    async with running(source(), QUERY) as tui:
        await tui.press(APPS, "j", "enter")
        assert "id 6" in row(tui, "rank and tokens by week")
        assert "70.00" in row(tui, "15–21 Jun   ")
        await tui.press("enter")
        assert "Place by week" in tui.text


async def test_the_week_on_screen_is_that_of_the_period() -> None:
    async with running(source(), QUERY) as tui:
        await tui.press(APPS, "[")
        await tui.until(lambda: "week 8–14 Jun" in tui.text)
        assert "80.00" in row(tui, "agents")


@pytest.mark.parametrize("size", SIZES)
async def test_tasks_with_tokens_and_requests_apart(size: tuple[int, int]) -> None:
    async with running(source(), QUERY, size=size) as tui:
        await tui.press(TASKS)
        assert isinstance(tui.app.dashboard.board.view, TasksPane)
        for cell in ("40.0", "10.0"):
            assert cell in row(tui, "Code ")
        for cell in ("40.0", "+5.0", "10.0"):
            assert cell in row(tui, "Debugging")
        if size[0] >= 100:
            assert "Source: OpenRouter (openrouter.ai/rankings), as of 2026-06-20" in tui.text
            assert "CN deepseek" in row(tui, "Debugging") or "CN v4" in row(tui, "Debugging")
            assert "CN 50 US 20" in tui.text
            assert "by another classifier" in tui.text
            assert "40.0" in tui.text.partition("Programming")[2]


async def test_enter_lists_the_models_of_a_task() -> None:
    async with running(source(), QUERY) as tui:
        await tui.press(TASKS, "w")
        assert tui.app.dashboard.board.seen.order() == "requests"
        await tui.press("w", "j", "enter")
        named = tui.text.partition("tokens, requests %")[2]
        assert "50.0" in next(line for line in named.splitlines() if "CN v4" in line)
        assert "20.0" in next(line for line in named.splitlines() if "US opus" in line)
        assert "Whose models" not in tui.text
        await tui.press("enter")
        assert "Whose models" in tui.text


@pytest.mark.parametrize(("key", "told"), [(APPS, "rank and tokens by week"), (TASKS, "of its tokens, requests %")])
async def test_enter_reads_a_row_on_a_small_terminal_too(key: str, told: str) -> None:
    async with running(source(), QUERY, size=(80, 24)) as tui:
        await tui.press(key, "j", "enter")
        assert told in tui.text
        await tui.press("enter")
        assert told not in tui.text


async def test_a_filter_leaves_apps_and_tasks_by_name() -> None:
    async with running(source(), QUERY) as tui:
        await tui.press(APPS, "/", *"agents", "enter")
        view = tui.app.dashboard.board.view
        assert isinstance(view, AppsPane)
        assert [(line.rank, line.name) for line in view.rows] == [(2, "agents")]


async def test_what_is_not_there_has_no_quote() -> None:
    async with running(source(filled=False), QUERY, toasts=True) as tui:
        await tui.press(APPS, "Y")
        assert "No quote" in tui.text
        assert "orwatch quote" not in tui.text


@pytest.mark.parametrize(("key", "noun"), [(APPS, "apps"), (TASKS, "tasks")])
async def test_without_a_record_a_view_says_what_would_bring_one(key: str, noun: str) -> None:
    async with running(source(filled=False), QUERY) as tui:
        await tui.press(key)
        words = f"The cache holds no {noun}: they need an OpenRouter key; set one (`orwatch key set`)"
        assert words in " ".join(tui.text.split())


async def test_the_quote_of_an_app_has_its_week_and_both_sources() -> None:
    async with running(source(), QUERY) as tui:
        await tui.press(APPS, "Y")
        await tui.until(lambda: "orwatch quote app:4" in tui.text)
        assert "claw used 90.00 billion tokens through" in tui.text
        assert "at least 10.0 % of all (+50.0 % on the week before): the most of the" in tui.text
        assert "It has led them for one week." in tui.text
        assert "openrouter.ai/apps" in tui.text
        assert "orwatch quote app:4 --at 2026-06-15" in tui.text


async def test_the_quote_of_a_task_tells_tokens_and_requests_apart() -> None:
    async with running(source(), QUERY) as tui:
        await tui.press(TASKS, "j", "Y")
        await tui.until(lambda: "orwatch quote task:" in tui.text)
        told = " ".join(tui.text.replace("│", " ").split())
        assert "Debugging was 40.0 % of the classified tokens on" in told
        assert "10.0 % of the requests. Its share of tokens changed by +5.0" in told
        assert "orwatch quote task:" in told


async def test_an_app_that_becomes_first_stands_among_the_alerts() -> None:
    async with running(source(), QUERY, attends=True) as tui:
        await tui.press("4")
        await tui.until(lambda: "claw passes agents" in tui.text)
        assert "1.3 : 1" in row(tui, "claw passes agents")
