"""Every key, pressed on the demo: what it does to the screen."""

from __future__ import annotations

import re
import webbrowser
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from orwatch.config import Config
from orwatch.core import replay
from orwatch.core.datasets.registry import RANKED
from orwatch.core.refresh import refresh
from orwatch.core.source import DemoOptions, open_source
from orwatch.demo import DEMO_END
from orwatch.domain.periods import Grain, Period
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.present.colours import NONE
from orwatch.present.panes import PLACES, VIEWS
from orwatch.store.lease import Leases
from orwatch.tui.actions import ACTIONS, Keymap
from orwatch.tui.dialogs.help import HelpScreen
from orwatch.tui.dialogs.menu import Menu
from orwatch.tui.dialogs.picker import Picker
from orwatch.tui.screens import dialogs
from orwatch.tui.themes import Themes
from tui_support import THURSDAY, Tui, WiredSource, demo, fresh_demo, handmade, running, week

CLOAKED = date(2026, 7, 9)
"""A date of the demo: a cloaked vendor, of no country, has a row of the newest complete week, that of 29 June."""

Test = TypeVar("Test", bound=Callable[..., Awaitable[None]])
TESTED: set[str] = set()
ELSEWHERE = (
    "= d ! Y i k j g G h l C + - : w f H D up down home end pageup ctrl+b pagedown ctrl+f left right space"
    " ctrl+p ctrl+z ctrl+l"
)
"""Keys whose tests stand in test_tui_hosts, _prices, _faults, _pages, _explain, _refresh, _moves, _history_keys, _value,
and in tests/terminal."""


VIEWED = {str(PLACES.index(view) + 1) for view in ("apps", "tasks", "value", "hosts")} | {"m"}
"""Keys of views and of spend, whose tests stand in files of their own."""


def presses(*keys: str) -> Callable[[Test], Test]:
    """Says which keys of the table of actions a test is of."""

    def mark(test: Test) -> Test:
        TESTED.update(keys)
        return test

    return mark


def test_every_key_of_the_table_is_tested() -> None:
    assert {key for action in ACTIONS for key in action.keys} == TESTED | set(ELSEWHERE.split()) | VIEWED


def test_no_key_means_two_things_in_one_place() -> None:
    assert Keymap().notes == ()


# The filter


@presses("/")
async def test_slash_filters_as_typed_and_enter_keeps() -> None:
    async with running(await demo()) as tui:
        await tui.press("slash")
        assert tui.pane_lines("models")[0].lstrip().startswith("1  Models /▏")
        assert len(tui.shown()) == 50
        await tui.press("q", "w")
        assert len(tui.shown()) == 2
        await tui.press("e", "n")
        assert tui.pane_lines("models")[0].lstrip().startswith("1  Models /qwen▏")
        assert "2 of 50" in tui.pane_lines("models")[0]
        assert all("qwen/" in key for key in tui.shown())
        assert "Enter keep" in tui.footer
        await tui.press("enter")
        assert "/qwen ─" in tui.pane_lines("models")[0]
        assert "Esc clear filter" in tui.footer
        await tui.press("z")
        assert tui.app.dashboard.board.zoomed, "after Enter keys are keys again"
        assert len(tui.shown()) == 2


async def test_a_filter_changes_no_figure() -> None:
    async with running(await demo()) as tui:
        before, ranks = tui.header, [row.rank for row in tui.snapshot.models]
        await tui.press("slash", *"qwen", "enter")
        assert tui.header == before
        assert [row.rank for row in tui.snapshot.models] == ranks
        assert tui.pane_lines("models")[2].startswith("▌38")
        assert tui.pane_lines("models")[4].lstrip().startswith("other")


async def test_a_filter_typed_in_a_burst_is_not_lost() -> None:
    async with running(await demo()) as tui:
        await tui.burst("slash", "q", "w", "e", "n")
        assert tui.app.dashboard.view.typed == "qwen"
        assert tui.app.dashboard.asked.grain is Grain.WEEK


async def test_keys_typed_into_the_filter_are_text() -> None:
    async with running(await demo()) as tui:
        before = tui.app.dashboard.asked
        await tui.press("slash", *"qpzbxvc14?")
        assert tui.app.dashboard.view.typed == "qpzbxvc14?"
        assert tui.app.dashboard.asked == before
        assert not tui.app.dashboard.board.zoomed
        assert tui.app.screen is tui.app.dashboard
        assert tui.app.return_code is None
        assert "No model of this week matches qpzbxvc14?" in tui.text


async def test_backspace_takes_a_letter_back_and_ends_an_empty_filter() -> None:
    async with running(await demo()) as tui:
        await tui.press("slash", *"qwx", "backspace")
        assert tui.app.dashboard.view.typed == "qw"
        assert len(tui.shown()) == 2
        await tui.press("backspace", "backspace")
        assert tui.app.dashboard.view.typing
        assert len(tui.shown()) == 50
        await tui.press("backspace")
        assert not tui.app.dashboard.view.typing


async def test_an_exclamation_mark_excludes() -> None:
    async with running(await demo(CLOAKED)) as tui:
        await tui.press("slash", *"!CN !US", "enter")
        assert {row.country for row in tui.snapshot.models} == {"CN", "US", "FR", "CA", None}
        assert {row.country for row in tui.snapshot.models if row.permaslug in tui.shown()} == {
            "FR",
            "CA",
            None,
        }


@presses("escape")
async def test_escape_clears_the_filter_then_leaves_the_zoom() -> None:
    async with running(await demo()) as tui:
        await tui.press("slash", *"qwen", "escape")
        assert (tui.app.dashboard.view.typed, len(tui.shown())) == ("", 50)
        await tui.press("z", "slash", *"qwen", "enter", "escape")
        assert len(tui.shown()) == 50
        assert tui.app.dashboard.board.zoomed
        await tui.press("escape")
        assert not tui.app.dashboard.board.zoomed


async def test_the_cursor_can_be_seen_after_a_filter_is_cleared() -> None:
    async with running(await demo()) as tui:
        await tui.press("G", "slash", *"qwen")
        await tui.press("escape")
        assert tui.cursor_visible()


# Pickers


def picker(tui: Tui) -> Picker:
    assert isinstance(tui.app.screen, Picker)
    return tui.app.screen


@presses("v")
async def test_v_chooses_vendors() -> None:
    async with running(await demo()) as tui:
        await tui.press("v")
        assert "0 of 16 chosen" in tui.text
        assert [row.key for row in picker(tui).rows][:2] == ["tencent", "xiaomi"]
        assert re.search(r"xiaomi +CN Xiaomi +2 +9\.92 +━+╸? +15\.8", tui.text)
        await tui.press("space", "down", "space")
        assert "2 of 16 chosen" in tui.text
        assert "2 vendors · 3 models" in tui.text
        await tui.press("enter")
        assert {key.partition("/")[0] for key in tui.shown()} == {"tencent", "xiaomi"}
        assert len(tui.shown()) == 3
        await tui.press("v")
        assert picker(tui).chosen == {"tencent", "xiaomi"}
        await tui.press("delete")
        assert len(tui.shown()) == 50


@presses("c")
async def test_c_chooses_countries_of_which_several_can_be_picked() -> None:
    async with running(await demo(CLOAKED)) as tui:
        await tui.press("c")
        assert [row.key for row in picker(tui).rows] == ["CN", "US", "FR", "CA", "??"]
        await tui.press("down", "space", "down", "space")
        assert "2 of 5 chosen" in tui.text
        await tui.press("enter")
        codes = {row.country for row in tui.snapshot.models if row.permaslug in tui.shown()}
        assert codes == {"US", "FR"}
        await tui.press("escape")
        assert len(tui.shown()) == 50


async def test_a_picker_marks_all_and_the_others() -> None:
    async with running(await demo(CLOAKED)) as tui:
        await tui.press("c", "asterisk")
        assert picker(tui).chosen == {"US", "CN", "FR", "CA", "??"}
        await tui.press("exclamation_mark")
        assert picker(tui).chosen == set()
        await tui.press("space", "exclamation_mark")
        assert picker(tui).chosen == {"US", "FR", "CA", "??"}
        await tui.press("pagedown", "space")
        assert picker(tui).chosen == {"US", "FR", "CA"}


async def test_typing_in_a_picker_finds_by_name() -> None:
    async with running(await demo()) as tui:
        await tui.press("c", *"chin")
        assert [row.key for row in picker(tui).rows] == ["CN"]
        await tui.press("backspace", "enter")
        assert tui.app.dashboard.view.filter.countries.shown == {"CN"}
        await tui.press("v", *"zzz")
        assert "Nothing matches" in tui.text
        await tui.press("escape")
        assert len(picker(tui).rows) == 16


async def test_escape_cancels_a_picker() -> None:
    async with running(await demo()) as tui:
        await tui.press("c", "space", "escape")
        assert tui.app.screen is tui.app.dashboard
        assert not tui.app.dashboard.view.filter


async def test_a_picker_scrolls_with_its_cursor() -> None:
    async with running(await demo(), size=(60, 14)) as tui:
        await tui.press("v", *["pagedown"] * 4)
        assert picker(tui).rows[picker(tui).options.highlighted or 0].key == "cohere"
        assert any("▌" in line and "cohere" in line for line in tui.lines())
        await tui.press("pageup")
        above = picker(tui).rows[picker(tui).options.highlighted or 0].key
        assert above != "cohere"
        assert any("▌" in line and above in line for line in tui.lines())


# What is shown


@presses("p")
async def test_p_goes_through_the_grains_and_keeps_the_date() -> None:
    async with running(await demo(), Query(Grain.DAY, date(2026, 7, 7))) as tui:
        assert "7 Jul 2026 day" in tui.header
        await tui.press("p")
        assert "1–7 Jul 2026 7d ✓" in tui.header
        await tui.press("p")
        assert "6–12 Jul 2026 week" in tui.header
        await tui.press("p")
        assert "Jul 2026" in tui.header
        assert (tui.snapshot.period.grain, tui.snapshot.period.start) == (Grain.MONTH, date(2026, 7, 1))
        await tui.press("p")
        assert tui.snapshot.period.grain is Grain.DAY
        assert tui.snapshot.period.start.month == 7


async def test_p_at_the_newest_period_stays_with_the_newest() -> None:
    async with running(await demo(date(2026, 8, 6))) as tui:
        await tui.press("p")
        assert "‹ Jul 2026 › ✓ complete" in tui.header
        await tui.press("p")
        assert "5 Aug 2026 day ✓" in tui.header
        await tui.press("p")
        assert "30 Jul–5 Aug 2026 › 7d ✓" in tui.header
        await tui.press("p")
        assert "27 Jul–2 Aug 2026 week ✓" in tui.header


async def test_p_keeps_a_date_whose_week_lies_in_two_months() -> None:
    async with running(await demo(), Query(Grain.DAY, date(2026, 6, 30))) as tui:
        await tui.press("p")
        assert "24–30 Jun 2026 7d" in tui.header
        await tui.press("p")
        assert "29 Jun–5 Jul" in tui.header
        await tui.press("p")
        assert "Jun 2026" in tui.header


@presses("b")
async def test_b_goes_through_the_bases() -> None:
    async with running(await demo()) as tui:
        assert "top50 · free in" in tui.header
        await tui.press("b")
        assert ("chart · free in" in tui.header, len(tui.shown())) == (True, 9)
        await tui.press("b")
        assert ("top10 · free in" in tui.header, len(tui.shown())) == (True, 10)
        await tui.press("b")
        assert ("top50 · free in" in tui.header, len(tui.shown())) == (True, 50)


@presses("x", "X")
async def test_x_leaves_free_variants_out_and_capital_x_merges_variants() -> None:
    async with running(await demo()) as tui:
        assert any(key.endswith(":free") for key in tui.shown())
        total = tui.snapshot.total
        await tui.press("x")
        assert "free out" in tui.header
        assert not any(key.endswith(":free") for key in tui.shown())
        assert tui.snapshot.total == total, "the total always keeps free rows"
        await tui.press("x")
        assert "free out" not in tui.header
        await tui.press("X")
        assert "merged" in tui.header
        assert (tui.snapshot.total, len([key for key in tui.shown() if ":" in key])) == (total, 0)
        await tui.press("X")
        assert "merged" not in tui.header


async def test_brackets_step_by_a_day_through_trailing_weeks() -> None:
    async with running(await demo(), Query(Grain.TRAILING)) as tui:
        assert tui.snapshot.period == Period(Grain.TRAILING, THURSDAY - timedelta(days=7))
        await tui.press("[")
        assert tui.snapshot.period.start == THURSDAY - timedelta(days=8)
        assert "✓ +d then" in tui.header
        await tui.press("[", "[")
        assert tui.snapshot.period.start == THURSDAY - timedelta(days=10)
        await tui.press("]")
        assert tui.snapshot.period.start == THURSDAY - timedelta(days=9)
        await tui.press("}")
        assert tui.snapshot.period == tui.snapshot.newest
        await tui.press("5")
        assert "0 flips" in tui.text
        assert "Trailing week by trailing week" in tui.text


@presses("[", "]")
async def test_brackets_step_through_the_periods() -> None:
    async with running(await demo()) as tui:
        await tui.press("[", "[")
        assert "29 Jun–5 Jul" in tui.header
        await tui.press("]")
        assert "6–12 Jul" in tui.header
        await tui.press("]", "]")
        assert "20–26 Jul" in tui.header
        assert "~ day 3 of 7" in tui.header
        await tui.press("]")
        assert "20–26 Jul" in tui.header
        assert tui.app.dashboard.asked.at == "now"
        await tui.press("[")
        assert tui.app.dashboard.asked.at == "newest"


@presses("{", "}")
async def test_braces_go_to_the_first_period_and_to_now() -> None:
    async with running(await demo()) as tui:
        await tui.press("{")
        assert "14–20 Jul 2025" in tui.header
        await tui.press("[")
        assert "14–20 Jul 2025" in tui.header
        await tui.press("}")
        assert "13–19 Jul 2026 week ✓" in tui.header
        await tui.press("}")
        assert "~ day 3 of 7" in tui.header
        await tui.press("}")
        assert "13–19 Jul 2026 week ✓" in tui.header


# Panes


@presses("1", "2", "3", "4")
async def test_digits_give_a_pane_the_cursor() -> None:
    async with running(await demo()) as tui:
        for key, pane in (("2", "countries"), ("3", "prices"), ("4", "alerts"), ("1", "models")):
            await tui.press(key)
            assert tui.app.dashboard.board.pane == pane
            assert [name for name, shown in tui.app.dashboard.board.panes.items() if shown.active] == [pane]
            assert tui.pane_lines(pane)[0].startswith(f" {key}  {pane.title()}")


async def test_digits_choose_the_tab_of_a_small_terminal() -> None:
    async with running(await demo(), size=(80, 24)) as tui:
        assert [pane.key for pane in tui.app.dashboard.board.panes.values() if pane.widget.display] == ["models"]
        await tui.press("3")
        assert [pane.key for pane in tui.app.dashboard.board.panes.values() if pane.widget.display] == ["prices"]
        assert "Cached" in tui.text


@presses("tab", "shift+tab")
async def test_tab_goes_round_the_panes() -> None:
    async with running(await demo()) as tui:
        seen = []
        for _ in range(4):
            await tui.press("tab")
            seen.append(tui.app.dashboard.board.pane)
        assert seen == ["countries", "prices", "alerts", "models"]
        await tui.press("shift+tab")
        assert tui.app.dashboard.board.pane == "alerts"
        await tui.press("shift+tab")
        assert tui.app.dashboard.board.pane == "prices"


@presses("5")
async def test_5_opens_the_view_and_5_or_escape_leaves_it() -> None:
    async with running(await demo()) as tui:
        await tui.press("5")
        assert "5  History models · lines" in tui.text
        assert "Prices" not in tui.text
        await tui.press("5")
        assert "History" not in tui.text
        await tui.press("5", "escape")
        assert "History" not in tui.text


@presses("z")
async def test_z_zooms_the_pane_and_back() -> None:
    async with running(await demo()) as tui:
        for key, pane in (("1", "models"), ("2", "countries"), ("3", "prices"), ("4", "alerts")):
            await tui.press(key)
            before = tui.text
            await tui.press("z")
            assert [shown.key for shown in tui.app.dashboard.board.panes.values() if shown.widget.display] == [pane]
            assert tui.pane(pane).widget.region.width == 118
            await tui.press("z")
            assert tui.text == before


async def test_the_footer_of_a_zoomed_pane_says_how_to_get_back() -> None:
    async with running(await demo()) as tui:
        await tui.press("z")
        for key in ("1", "2", "3", "4"):
            await tui.press(key)
            assert "z back" in tui.footer


async def test_countries_zoomed_show_every_flip() -> None:
    query = Query(lens=Lens(Basis.CHART))
    async with running(await demo(date(2026, 6, 29)), query, size=(160, 45)) as tui:
        await tui.press("2", "z")
        assert "Five flips in 50 weeks" in tui.text
        assert "◆5" in tui.text
        assert [line.split()[:3] for line in tui.lines() if "→CN" in line or "→US" in line]
        assert "On the other bases" in tui.text


@presses("s", "S")
async def test_s_sorts_by_the_next_column_and_capital_s_reverses() -> None:
    async with running(await demo()) as tui:
        by_tokens = tui.shown()
        heads = tui.pane_lines("models")[1]
        assert "↓ Tokens T" in heads
        await tui.press("s")
        assert "↓ WoW %" in tui.pane_lines("models")[1]
        changes = [row.change for row in tui.table("models").rows]
        known = [change for change in changes if change is not None]
        assert known == sorted(known, reverse=True)
        assert changes[len(known) :] == [None] * (len(changes) - len(known)), "unknown ones stand last"
        await tui.press("S")
        assert "↑ WoW %" in tui.pane_lines("models")[1]
        assert [row.change for row in tui.table("models").rows][: len(known)] == sorted(known)
        await tui.press("s", "s")
        names = [row.name.casefold() for row in tui.table("models").rows]
        assert names == sorted(names)
        await tui.press("s")
        assert tui.shown() == by_tokens
        await tui.press("S")
        assert tui.shown() == by_tokens[::-1]


async def test_other_stands_last_however_the_table_is_sorted() -> None:
    async with running(await demo()) as tui:
        place = next(n for n, line in enumerate(tui.pane_lines("models")) if "other" in line)
        for key in ("S", "s", "S", "s", "s"):
            await tui.press(key)
            assert "other" in tui.pane_lines("models")[place]


# Detail


@presses("enter")
async def test_enter_opens_the_detail_of_the_row_and_escape_closes_it() -> None:
    async with running(await demo()) as tui:
        before = tui.text
        await tui.press("j", "enter")
        assert "Esc  MiMo-V2.5 ─" in tui.lines()[3]
        assert tui.lines()[3].rstrip().endswith("2 of 50 · top50")
        assert "Esc back" in tui.footer
        await tui.press("j")
        assert "DeepSeek V4 Flash" in tui.lines()[3]
        await tui.press("up", "up", "b")
        assert "Hy3" in tui.lines()[3]
        assert tui.lines()[3].rstrip().endswith("1 of 9 · chart"), "the week's own record fills the chart"
        await tui.press("b", "b", "escape", "g")
        assert tui.text == before


async def test_enter_in_each_pane_opens_what_its_row_is_about() -> None:
    async with running(await demo()) as tui:
        await tui.press("2", "enter")
        assert "Esc  China ─" in tui.lines()[3]
        await tui.press("escape", "3", "j", "enter")
        row = tui.table("prices").rows[1]
        assert f"Esc  {row.name} ─" in tui.lines()[3]
        await tui.press("escape")
        await tui.press("1", "enter", "3")
        assert (tui.app.dashboard.board.opened, tui.app.dashboard.board.pane) == (None, "prices")


async def test_hosts_are_asked_for_when_a_detail_is_opened_and_no_poll_has_asked_before() -> None:
    with WiredSource() as source:
        await refresh(source, force=True, datasets=RANKED)
        async with running(source, offline=False) as tui:
            assert not any(path.endswith("/endpoints") for path in source.wire.asked)
            await tui.press("enter")
            await tui.until(lambda: any(path.endswith("/endpoints") for path in source.wire.answered))
            await tui.until(lambda: "Asking for the hosts" not in tui.text)
            assert len([path for path in source.wire.asked if path.endswith("/endpoints")]) == 1


async def test_of_the_models_that_a_finger_on_j_passes_only_the_last_is_asked_for_its_hosts() -> None:
    with WiredSource() as source:
        await refresh(source, force=True, datasets=RANKED)
        async with running(source, offline=False) as tui:
            await tui.press("enter")
            await tui.burst(*"jjjjjjjj")
            await tui.until(lambda: any(path.endswith("/endpoints") for path in source.wire.answered))
            await tui.until(lambda: "Asking for the hosts" not in tui.text)
            (asked,) = [path for path in source.wire.asked if path.endswith("/endpoints")]
            last = tui.app.dashboard.board.opened
            assert last is not None
            assert asked.endswith(f"/models/{last.listed_as}/endpoints")
            assert tui.shown().index(last.id) == 8


# Copying, opening


@presses("y")
async def test_y_copies_the_row_with_its_basis_and_its_source() -> None:
    source = "Source: OpenRouter (openrouter.ai/rankings), as of 2026-08-22T02:01:37Z, replayed."
    async with running(await demo(), toasts=True, size=(160, 45)) as tui:
        await tui.press("j", "y")
        assert tui.app.clipboard == (
            "MiMo-V2.5 (xiaomi/mimo-v2.5-20260422): 9.32T tokens, 14.8 % of all, "
            f"+56.7 % on the week before, rank 2; week of 13–19 Jul 2026, basis top50. {source}"
        )
        assert "Copied" in tui.text
        await tui.press("2", "y")
        lines = tui.app.clipboard.splitlines()
        assert lines[1].startswith("China: 39.57T tokens, 63.0 % of all, ")
        assert lines[-1] == f"Tokens by country, week of 13–19 Jul 2026, basis top50. {source}"
        await tui.press("4", "G", "y")
        assert tui.app.clipboard.endswith(source)
        await tui.press("3", "y")
        assert " USD per million tokens, seen 23 Jul 2026. " in tui.app.clipboard


@presses("o")
async def test_o_opens_the_page_of_the_model_and_of_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogs, "opens_a_window", lambda env: True)
    async with running(await demo()) as tui:
        await tui.press("o", "2", "o", "4", "o")
        assert tui.app.opened == ("https://openrouter.ai/tencent/hy3-20260706",)


async def test_where_no_browser_has_a_window_o_copies_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogs, "opens_a_window", lambda env: False)
    async with running(await demo(), toasts=True) as tui:
        await tui.press("o")
        assert tui.app.opened == ()
        assert tui.app.clipboard == "https://openrouter.ai/tencent/hy3-20260706"
        assert tui.app.clipboard in tui.app.toasts.shown[-1].message


@pytest.mark.parametrize(
    ("env", "found", "opens"),
    [
        ({"DISPLAY": ":0"}, webbrowser.BackgroundBrowser("firefox"), True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, webbrowser.Mozilla("firefox"), True),
        ({"DISPLAY": ":0"}, webbrowser.GenericBrowser("w3m"), False),
        (
            {"DISPLAY": ":0", "SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"},
            webbrowser.BackgroundBrowser("firefox"),
            False,
        ),
        ({}, webbrowser.BackgroundBrowser("firefox"), False),
        ({"DISPLAY": ":0"}, None, False),
    ],
)
def test_a_page_is_opened_only_beside_the_dashboard(
    monkeypatch: pytest.MonkeyPatch, env: dict[str, str], found: webbrowser.BaseBrowser | None, opens: bool
) -> None:
    def get() -> webbrowser.BaseBrowser:
        if found is None:
            raise webbrowser.Error
        return found

    monkeypatch.setattr(webbrowser, "get", get)
    monkeypatch.setattr("sys.platform", "linux")
    assert dialogs.opens_a_window(env) is opens


# Moving


async def test_arrows_and_vim_keys_move_the_cursor() -> None:
    async with running(await demo()) as tui:
        first = tui.shown()
        await tui.press("down", "j", "j", "up")
        assert tui.cursor() == first[2]
        await tui.press("k", "k", "k")
        assert tui.cursor() == first[0]
        assert tui.cursor_visible()


async def test_g_and_pages_go_to_the_ends() -> None:
    async with running(await demo()) as tui:
        rows = tui.shown()
        await tui.press("G")
        assert tui.cursor() == rows[-1]
        assert tui.cursor_visible()
        assert "37–50 of 50" in tui.pane_lines("models")[0]
        await tui.press("g")
        assert (tui.cursor(), tui.table("models").top) == (rows[0], 0)
        await tui.press("pagedown")
        assert tui.cursor() == rows[13]
        await tui.press("pagedown", "end")
        assert tui.cursor() == rows[-1]
        await tui.press("pageup")
        assert tui.cursor() == rows[-14]
        await tui.press("home")
        assert tui.cursor() == rows[0]


async def test_the_view_follows_the_cursor_only_when_it_would_leave() -> None:
    async with running(await demo()) as tui:
        table = tui.table("models")
        await tui.press(*["j"] * 13)
        assert table.top == 0
        await tui.press("j")
        assert (table.top, tui.cursor_visible()) == (1, True)
        await tui.press("k")
        assert table.top == 1


async def test_the_cursor_can_be_seen_after_the_sort_changes() -> None:
    async with running(await demo()) as tui:
        await tui.press("S")
        assert tui.cursor_visible()
        await tui.press("G", "S")
        assert tui.cursor_visible()


async def test_keys_move_in_the_focused_pane_only() -> None:
    async with running(await demo()) as tui:
        await tui.press("4", "j", "j")
        assert (tui.table("alerts").cursor, tui.table("models").cursor) == (2, 0)
        assert [tui.cursor_visible(pane) for pane in ("models", "prices", "alerts")] == [False, False, True]
        await tui.press("2", "j", "G", "pagedown")
        assert tui.table("alerts").cursor == 2


async def test_a_click_on_a_row_moves_the_cursor_there() -> None:
    async with running(await demo()) as tui:
        await tui.click("models", 10, 5)
        assert tui.table("models").cursor == 3
        assert tui.pane_lines("models")[5].startswith("▌")


async def test_a_click_on_a_pane_gives_it_the_cursor() -> None:
    async with running(await demo()) as tui:
        await tui.click("countries", 10, 5)
        assert tui.app.dashboard.board.pane == "countries"
        await tui.click("prices", 10, 3)
        assert (tui.app.dashboard.board.pane, tui.table("prices").cursor) == ("prices", 1)


async def test_a_click_on_an_alert_moves_the_cursor_there() -> None:
    async with running(await demo()) as tui:
        at = next(n for n, line in enumerate(tui.pane_lines("alerts")) if "20 Jul" in line)
        await tui.click("alerts", 10, at)
        assert tui.app.dashboard.board.pane == "alerts"
        assert tui.pane_lines("alerts")[at].startswith("▌")


async def test_the_wheel_moves_through_the_pane_under_it() -> None:
    async with running(await demo()) as tui:
        await tui.wheel(tui.pane("models").widget, down=True)
        assert tui.table("models").cursor == 3
        await tui.wheel(tui.pane("models").widget, down=False)
        assert tui.table("models").cursor == 0
        await tui.wheel(tui.pane("prices").widget, down=True)
        assert (tui.table("models").cursor, tui.table("prices").cursor) == (0, 3)


@presses("e")
async def test_e_asks_for_the_form_of_an_export() -> None:
    async with running(await demo()) as tui:
        for keys in ((), ("enter",)):
            await tui.press(*keys, "e")
            assert isinstance(tui.app.screen, Menu)
            await tui.press("escape")
            assert len(tui.app.screen_stack) == 1


# Everywhere


@presses("r")
async def test_r_asks_for_a_poll_at_once() -> None:
    with WiredSource() as source:
        await refresh(source, force=True)
        source.clock.pass_time(minutes=1)
        async with running(source, offline=False) as tui:
            before = len(source.wire.answered)
            await tui.press("j", "k")
            assert len(source.wire.asked) == before, "no poll is due"
            await tui.press("r")
            await tui.until(lambda: len(source.wire.answered) > before)
            assert any(path.endswith("/rankings-daily") for path in source.wire.answered[before:])


@presses("P")
async def test_capital_p_holds_the_clock_of_the_demo() -> None:
    with await fresh_demo(THURSDAY) as source:
        async with running(source) as tui:
            held = []
            for _ in range(2):
                await tui.press("P")
                told = [key for key in ("P go on", "P pause") if key in tui.lines()[1]]
                held.append((source.demo_clock and source.demo_clock.paused, "paused" in tui.lines()[1], *told))
            assert held == [(True, True, "P go on"), (False, False, "P pause")]


@presses("<", ">")
async def test_a_week_on_and_back_in_the_demo() -> None:
    with open_source(Config(), demo=DemoOptions(speed=0.0, replay=True)) as source:
        replay.begin(source)
        async with running(source, offline=False) as tui:
            assert source.demo_clock is not None
            await tui.until(lambda: tui.app.live.alerts.serving)
            await tui.press(">")
            await tui.until(lambda: tui.snapshot.period.start == date(2026, 7, 20))
            await tui.until(lambda: "MiMo-V2.5 passes Hy3 free, " in tui.lines()[2])
            assert "27 Jul: MiMo-V2.5 passes Hy3 free as first model" in tui.lines()[1]
            await tui.press("]", "<")
            await tui.until(lambda: tui.snapshot.period.start == date(2026, 7, 13))
            await tui.until(lambda: "tencent passes deepseek, " in tui.lines()[2])
            assert "MiMo-V2.5 passes" not in tui.text, "what came after it is forgotten"


@presses("F")
async def test_capital_f_goes_to_the_next_flip_of_the_demo() -> None:
    with open_source(Config(), demo=DemoOptions(speed=0.0, replay=True)) as source:
        replay.begin(source)
        async with running(source, offline=False) as tui:
            clock = source.demo_clock
            assert clock is not None
            await tui.until(lambda: tui.app.live.alerts.serving)
            await tui.press("F")
            await tui.until(lambda: "27 Jul: MiMo-V2.5 passes Hy3 free as first model" in tui.lines()[1])
            assert clock.now().date() <= date(2026, 7, 28), "it stands there"


async def test_r_replays_the_demo_at_its_end_once_a_poll_that_runs_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = []

    def acquire(leases: Leases, name: str, holder: str, now: datetime, ttl: float, was: Any = Leases.acquire) -> bool:
        taken: bool = was(leases, name, holder, now, ttl)
        if not taken:
            refused.append(holder)
        return taken

    with open_source(Config(), demo=DemoOptions(at=date(2026, 8, 20), speed=0.0, replay=True)) as source:
        replay.begin(source)
        async with running(source, offline=False) as tui:
            assert source.demo_clock is not None
            await tui.until(lambda: tui.app.live.alerts.serving)
            source.demo_clock.skip(DEMO_END)
            await tui.until(lambda: "the record ends here" in tui.lines()[1] and source.at_rest)
            assert "r replay" in tui.lines()[1]
            await tui.press("r")
            await tui.until(lambda: "20 Aug 02:00Z" in tui.lines()[1])
            await tui.until(lambda: source.cache.rankings.newest_as_of() == source.demo_clock.start)  # type: ignore[union-attr]


async def test_capital_p_holds_polling() -> None:
    with WiredSource() as source:
        await refresh(source, force=True)
        async with running(source, offline=False) as tui:
            held = []
            for _ in range(2):
                await tui.press("P")
                held.append((tui.app.live.wake.paused, "paused" in tui.lines()[-2]))
            assert held == [(True, True), (False, False)]


@presses("t")
async def test_t_tries_themes_on_and_escape_puts_the_old_one_back() -> None:
    async with running(await demo()) as tui:

        def grounds() -> set[str]:
            return {s.style.bgcolor.name for s in tui.segments() if s.style and s.style.bgcolor}

        text, themes = tui.text, tui.app.themes
        await tui.press("t", "down")
        assert (themes.worn, "#f0eee7" in grounds(), "#171d24" in grounds()) == ("light", True, False)
        await tui.press(*"terminal")
        assert themes.worn == "terminal"
        await tui.press("escape", "escape")
        assert (themes.worn, "#171d24" in grounds(), tui.text) == ("dark", True, text)
        await tui.press("t", *"nord", "enter")
        assert (themes.worn, "#2e3440" in {name.lower() for name in grounds()}) == ("nord", True)
        assert tui.text == text


async def test_t_keeps_the_theme_at_ctrl_s(tmp_path: Path) -> None:
    async with running(await demo()) as tui:
        tui.app.choices.config = tmp_path / "config.toml"
        await tui.press("t", *"colour-blind-light", "ctrl+s")
        assert (tmp_path / "config.toml").read_text() == '[view]\ntheme = "colour-blind-light"\n'


async def test_t_says_that_a_terminal_without_colour_keeps_none() -> None:
    async with running(await demo(), themes=Themes("dark", {"NO_COLOR": "1"}), toasts=True) as tui:
        await tui.press("t")
        assert tui.app.themes.palette() is NONE
        assert "whatever the theme" in tui.app.toasts.shown[-1].message


@presses("?")
async def test_question_mark_opens_the_help_of_the_pane_and_escape_closes_it() -> None:
    async with running(await demo()) as tui:
        before = tui.text
        await tui.press("3", "?")
        assert isinstance(tui.app.screen_stack[-1], HelpScreen)
        assert " ?  Help for 3 Prices" in tui.text
        assert "Esc closes" in tui.text
        await tui.press("escape", "1")
        assert tui.app.screen is tui.app.dashboard
        assert tui.text == before


@pytest.mark.parametrize("size", [(40, 12), (120, 40)])
async def test_the_help_names_every_key(size: tuple[int, int]) -> None:
    async with running(await demo(), size=size) as tui:
        await tui.press("?")
        seen = list(tui.lines())
        for _ in range(20):
            await tui.press(*["down"] * 6)
            if seen[-len(tui.lines()) :] == tui.lines():
                break
            seen += tui.lines()
        keys = {line.strip().split("  ")[0] for line in seen}
        words = "\n".join(seen)
        for group in ("pane", "shown", "everywhere"):
            for label, text in Keymap().help_lines(group, "models"):
                assert text in words
                assert any(label in line for line in keys | set(seen))
        assert "snooze" not in words, "what holds in another pane is not told"


@presses("a", "A", "n", "u")
async def test_a_acknowledges_one_alert_capital_a_all_and_n_snoozes() -> None:
    source = handmade(
        [
            week(
                date(2026, 6, 8),
                datetime(2026, 6, 15, 2, tzinfo=UTC),
                {"anthropic/a": 300, "deepseek/b": 200, "openai/c": 9},
            )
        ]
    )
    with source:
        async with running(source, attends=True, toasts=True) as tui:
            listing = {"anthropic/a": 200, "deepseek/b": 400, "openai/c": 9}
            source.cache.rankings.put([week(date(2026, 6, 15), datetime(2026, 6, 22, 2, tzinfo=UTC), listing)])
            await tui.renew()
            new = len(tui.app.dashboard.view.unread)
            assert new >= 3
            await tui.press("4")
            first = tui.cursor("alerts")
            assert first in tui.app.dashboard.view.unread, "the unread stand on top"
            await tui.press("a")
            view = tui.app.dashboard
            await tui.until(lambda: view.view.unread == {id_ for id_ in view.view.known if id_ != first})
            await tui.press("n", "enter")
            await tui.until(lambda: "is delivered until" in tui.text)
            assert any(known.snoozed for known in tui.app.dashboard.view.known.values())
            await tui.press("A")
            await tui.until(lambda: tui.app.dashboard.view.unread == frozenset())
            await tui.press("u")
            await tui.until(lambda: len(tui.app.dashboard.view.unread) == new - 1)
            await tui.press("A")
            await tui.until(lambda: tui.app.dashboard.view.unread == frozenset())
            assert "new" not in tui.pane_lines("alerts")[0]


@presses("q", "ctrl+c")
@pytest.mark.parametrize("key", ["q", "ctrl+c", "ctrl+q"])
async def test_q_and_ctrl_c_quit(key: str) -> None:
    async with running(await demo()) as tui:
        await tui.press(key)
    assert tui.app.return_value == 0
    assert tui.app.return_code == 0


@pytest.mark.parametrize("keys", [["v"], ["question_mark"], ["slash", "a"]])
async def test_ctrl_c_quits_from_everywhere(keys: list[str]) -> None:
    async with running(await demo()) as tui:
        await tui.press(*keys)
        await tui.press("ctrl+c")
    assert tui.app.return_value == 0


async def test_a_key_without_an_action_does_nothing() -> None:
    async with running(await demo()) as tui:
        before = tui.text
        await tui.press("w", "f5", "0", "ctrl+y", "%")
        assert tui.text == before


@pytest.mark.parametrize(
    "keys", [("v", "escape", "q"), ("v", "enter", "enter"), ("question_mark",) * 5, ("c", "escape", "escape", "escape")]
)
async def test_an_overlay_closes_once_in_a_burst(keys: tuple[str, ...]) -> None:
    async with running(await demo()) as tui:
        await tui.burst(*keys[:1])
        await tui.burst(*keys[1:])
        await tui.press("escape")
        assert tui.app.screen is tui.app.dashboard or tui.app.return_value == 0


async def test_a_key_typed_with_the_one_that_opens_an_overlay_goes_to_it() -> None:
    async with running(await demo()) as tui:
        await tui.burst("v", "space", "enter")
        await tui.press()
        assert len(tui.app.dashboard.view.filter.vendors.shown) == 1


async def test_every_action_does_something() -> None:
    async with running(await demo()) as tui:
        dashboard = tui.app.dashboard
        own = {id_ for key in VIEWS for id_ in dashboard.board.made(key).handlers()}
        assert dashboard.handlers.keys() | dashboard.dialogs.handlers.keys() | own == {action.id for action in ACTIONS}
