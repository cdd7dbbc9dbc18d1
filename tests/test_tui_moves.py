"""Keys that move, pin, assign, pace and rebind; the palette; what is kept in the config."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import tomli_w
from textual.geometry import Size
from textual.widgets import OptionList

from orwatch.config import Config, Settings
from orwatch.config.schema import StartSettings
from orwatch.core.refresh import refresh
from orwatch.domain.filters import Filter, make_filter
from orwatch.domain.leads import Kind
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.errors import UsageError
from orwatch.present.panes import PLACES, PaneKey
from orwatch.tui.actions import Keymap, normal
from orwatch.tui.choices import Start, kept_of, recalled, start_of
from orwatch.tui.dialogs.assign import AssignDialog
from orwatch.tui.screens.board import Frame
from orwatch.tui.screens.finding import FindPalette
from tui_support import App, Tui, WiredSource, demo, fresh_demo, handmade, running, week

JUNE = date(2026, 6, 8)
JULY = datetime(2026, 7, 1, 2, tzinfo=UTC)


# Panes and rows


async def test_arrows_and_h_l_go_to_the_pane_beside() -> None:
    async with running(await demo()) as tui:
        for key, pane in (
            ("l", "countries"),
            ("l", "countries"),
            ("h", "models"),
            ("left", "models"),
            ("right", "countries"),
        ):
            await tui.press(key)
            assert tui.app.dashboard.board.pane == pane
        await tui.press("3", "right")
        assert tui.app.dashboard.board.pane == "alerts"
    async with running(await demo(), size=(80, 24)) as tui:
        await tui.press("l", "l")
        assert tui.app.dashboard.board.pane == "prices", "one pane at a time: the next"


async def test_the_cursor_of_the_countries_chooses_the_detail() -> None:
    async with running(await demo()) as tui:
        await tui.press("2", "j")
        assert next(line for line in tui.pane_lines("countries") if line.startswith("▌")).startswith(
            "▌US United States"
        )
        await tui.press("enter")
        assert opened(tui) == (Kind.COUNTRY, "US")
        await tui.press("k")
        assert opened(tui) == (Kind.COUNTRY, "CN")


async def test_enter_in_a_detail_goes_to_the_vendor_then_to_the_country_and_escape_back() -> None:
    async with running(await demo()) as tui:
        first = tui.snapshot.models[0]
        await tui.press("enter", "enter")
        assert opened(tui) == (Kind.VENDOR, first.vendor)
        await tui.press("enter")
        assert opened(tui) == (Kind.COUNTRY, first.country)
        await tui.press("escape", "escape")
        assert opened(tui) == (Kind.MODEL, first.permaslug)
        await tui.press("escape")
        assert opened(tui) is None


async def test_a_second_click_on_a_row_opens_its_detail_and_one_on_a_head_sorts() -> None:
    async with running(await demo()) as tui:
        await tui.click("models", 12, 5)
        assert opened(tui) is None
        await tui.click("models", 12, 5)
        assert opened(tui) == (Kind.MODEL, tui.shown()[3])
        await tui.press("escape")
        await tui.click("models", 12, 1)
        assert tui.table("models").sort == "name"
        names = [row.name for row in tui.snapshot.models if row.permaslug == tui.shown()[0]]
        assert names == [min((row.name for row in tui.snapshot.models), key=str.casefold)]


def opened(tui: Tui) -> tuple[Kind, str] | None:
    """What the open detail is about."""
    detail = tui.app.dashboard.board.opened
    return None if detail is None else (detail.kind, detail.id)


# Favourites


async def test_space_pins_a_row_on_top_and_lets_it_go() -> None:
    async with running(await fresh_demo(JUNE)) as tui:
        await tui.press("j", "j", "j")
        pinned = tui.cursor()
        await tui.press("space")
        assert tui.shown()[0] == pinned
        assert tui.cursor() == pinned, "the cursor stays on its row"
        assert tui.snapshot.models[3].permaslug == pinned, "its rank is what it was"
        await tui.press("down")
        assert [line for line in tui.pane_lines("models") if line.startswith("*")]
        await tui.press("s")
        assert tui.shown()[0] == pinned, "it is on top in every sort"
        await tui.press("g", "space")
        assert not any(line.startswith("*") for line in tui.pane_lines("models"))


async def test_a_favourite_is_kept_in_the_config(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    async with running(await fresh_demo(JUNE)) as tui:
        tui.app.choices.config = config
        await tui.press("space")
        assert tomllib.loads(config.read_text())["view"]["favourites"] == [tui.cursor()]
        await tui.press("space")
        assert tomllib.loads(config.read_text()) == {}


async def test_a_config_that_cannot_be_written_is_said_and_nothing_else_happens(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    async with running(await fresh_demo(JUNE), toasts=True) as tui:
        tui.app.choices.config = tmp_path / "file" / "config.toml"
        await tui.press("space")
        assert "cannot be" in tui.text
        assert tui.app.choices.favourites == (tui.cursor(),)


# Countries of vendors


async def test_capital_c_gives_a_vendor_a_country_and_every_figure_follows(tmp_path: Path) -> None:
    monday = date(2026, 6, 15)
    with handmade([week(monday, datetime_of(22), {"new-lab/one": 5, "openai/gpt": 3, "stealth/x": 1})]) as source:
        async with running(source, Query()) as tui:
            tui.app.choices.config = tmp_path / "config.toml"
            assert tui.snapshot.split.unattributed == ("new-lab/one", "stealth/x")
            await tui.press("C")
            assert isinstance(tui.app.screen, AssignDialog)
            await tui.press("enter", *"fr")
            assert "new-lab is from fr" in tui.text
            assert "FR France" in tui.text
            await tui.press("enter")
            assert {row.key: row.tokens for row in tui.snapshot.split.rows if row.key} == {
                "FR": 5 * 10**9,
                "US": 3 * 10**9,
                "other": 0,
            }
            assert tomllib.loads((tmp_path / "config.toml").read_text()) == {"vendors": {"new-lab": "FR"}}


async def test_a_cloaked_vendor_cannot_be_given_a_country() -> None:
    with handmade([week(date(2026, 6, 15), datetime_of(22), {"stealth/x": 5})]) as source:
        async with running(source) as tui:
            await tui.press("C", "enter")
            assert "who trained it is not public" in tui.text
            await tui.press(*"us", "enter")
            assert tui.snapshot.split.unattributed == ("stealth/x",)


# Pace


async def test_plus_and_minus_change_the_pace_within_the_budget() -> None:
    source = WiredSource()
    async with running(source, toasts=True) as tui:
        assert source.interval == 300
        await tui.press("-")
        assert source.interval == 600
        await tui.press("+", "+", "+", "+", "+")
        assert source.interval == 240
        # 86,400 s / 240 s a poll, and 48 requests for weeks and months, are 408 of 500; three minutes would be 528.
        assert "more would exceed the budget" in tui.text


async def test_plus_makes_the_demos_clock_run_faster() -> None:
    source = await fresh_demo(JUNE)
    assert source.demo_clock is not None
    async with running(source) as tui:
        source.demo_clock.set_speed(7 * 86_400.0 / 4)
        await tui.press("+")
        assert source.demo_clock.speed == 7 * 86_400.0 / 2
        await tui.press("-", "-")
        assert source.demo_clock.speed == 7 * 86_400.0 / 8


# The palette


async def test_the_palette_finds_an_action_by_name_and_does_it() -> None:
    async with running(await demo()) as tui:
        await tui.press(":", *"merge")
        assert named(tui)[0] == "merge variants"
        await tui.press("enter")
        assert tui.app.screen is tui.app.dashboard
        assert "merged" in tui.header


async def test_the_palette_can_be_opened_and_answered_in_one_burst() -> None:
    async with running(await demo()) as tui:
        await tui.burst("ctrl+p", *"zoom", "enter")
        await tui.until(lambda: tui.app.dashboard.board.zoomed)


async def test_the_palette_offers_what_holds_in_the_pane_and_escape_does_nothing() -> None:
    async with running(await demo(), size=(40, 12)) as tui:
        before = tui.text
        await tui.press(":")
        assert "merge variants" in named(tui)
        assert "snooze alerts" not in named(tui)
        await tui.press("escape")
        assert tui.text == before


def named(tui: Tui) -> list[str]:
    """The titles of the actions that the palette shows."""
    assert isinstance(tui.app.screen, FindPalette)
    return [str(option.prompt).strip().split("  ")[0] for option in tui.app.screen.query_one(OptionList).options]


# The start


async def test_the_view_is_kept_as_the_start(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    async with running(await demo()) as tui:
        tui.app.choices.config = config
        await tui.press("b", "3", "slash", *"!CN qwen", "enter", ":", *"save", "enter")
        kept = tomllib.loads(config.read_text())
        assert kept["view"] == {
            "period": "week", "basis": "chart", "free": True, "merge_variants": False, "theme": "dark",
        }  # fmt: skip
        assert kept["start"] == {"pane": "prices", "filter": "!CN qwen"}


async def test_ctrl_s_in_a_picker_keeps_the_choice(tmp_path: Path) -> None:
    async with running(await demo()) as tui:
        tui.app.choices.config = tmp_path / "config.toml"
        await tui.press("c", "space", "ctrl+s")
        assert tui.app.dashboard.view.filter.countries.shown == {"CN"}
        assert tomllib.loads((tmp_path / "config.toml").read_text()) == {"start": {"countries": ["CN"]}}


# Rebinding


def test_a_key_of_ones_own_takes_the_place_of_the_default() -> None:
    keymap = Keymap({"filter": ["Q", "Ctrl+F"]})
    assert keymap.find("Q", "Q", "models").id == "filter"  # type: ignore[union-attr]
    assert keymap.find("slash", "/", "models") is None
    assert keymap.notes == ("Ctrl+F is filter; page_down keeps PgDn",)
    assert keymap.find("ctrl+f", None, "models").id == "filter"  # type: ignore[union-attr]
    assert keymap.find("ctrl+f", None, "detail") is None


def test_two_actions_given_one_key_are_named() -> None:
    keymap = Keymap({"zoom": ["W"], "theme": ["W"]})
    assert keymap.notes == ("W is zoom; theme has no key",)


def test_keys_that_are_never_wanted_together_are_no_conflict() -> None:
    assert Keymap({"snooze": ["s"]}).notes == ("s is snooze; sort has no key",)
    assert Keymap({"owner": ["z"]}).notes == (), "zoom does not hold in a detail"


@pytest.mark.parametrize(
    ("rebound", "said"),
    [
        ({"filtre": ["f"]}, "'filtre' is no action; nearest: filter"),
        ({"filter": ["ff"]}, "filter is 'ff', which is no key"),
        ({"filter": ["ctrl+"]}, "which is no key"),
    ],
)
def test_a_wrong_action_or_key_is_named(rebound: dict[str, list[str]], said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        Keymap(rebound)


@pytest.mark.parametrize(
    ("written", "means"),
    [("f", "f"), ("F", "F"), ("Esc", "escape"), ("Ctrl+X", "ctrl+x"), (" ", "space"), ("PgUp", "pageup"), ("+", "+"),
     ("ctrl++", "ctrl++"), ("F5", "f5"), ("Shift+Tab", "shift+tab")],
)  # fmt: skip
def test_keys_are_read_as_people_write_them(written: str, means: str) -> None:
    assert normal("filter", written) == means


async def test_rebound_keys_stand_in_footer_help_and_palette() -> None:
    async with running(await demo(), keymap=Keymap({"filter": ["f"], "vendors": ["F5"]})) as tui:
        assert "f filter" in tui.footer
        assert "F5 vendors" in tui.footer
        await tui.press("?")
        assert re.search(r"f +filter; !x excludes", tui.text)
        await tui.press("escape", ":", *"vendors")
        assert re.search(r"pick vendors +vendors, countries +F5", tui.text)


async def test_a_table_that_a_filter_empties_offers_the_keys_that_are_in_force() -> None:
    async with running(await demo(), keymap=Keymap({"filter": ["f"], "close": ["Q"]})) as tui:
        await tui.press("f", *"nothing has this name", "enter")
        assert "Q clear the filter  f change it" in tui.text
        assert "Esc" not in tui.text
        await tui.press("5")
        assert ": Q clears it." in tui.text


async def test_conflicts_are_named_at_the_start() -> None:
    source = await demo()
    app = App(source, Query(), offline=True, keymap=Keymap({"filter": ["z"]}))
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        tui = Tui(app, pilot)
        await tui.until(lambda: "z is filter; zoom has no key" in tui.text)


def datetime_of(day: int) -> datetime:
    return datetime(2026, 6, day, 2, tzinfo=UTC)


# As it was left


def left(tui: Tui) -> dict[str, object]:
    """What is kept of the dashboard, as a file gives it back."""
    dashboard, board = tui.app.dashboard, tui.app.dashboard.board
    return tomllib.loads(
        tomli_w.dumps(kept_of(Start(dashboard.asked, dashboard.view.filter, board.pane, "light", board.sorts())))
    )


async def test_the_dashboard_opens_as_it_was_left() -> None:
    async with running(await demo()) as tui:
        await tui.press("b", "x", "s", "S", "slash", *"!CN", "enter", "3", "s", "s")
        kept, shown = left(tui), tui.shown("prices")
    start = recalled(kept, Config(), start_of(Settings(), Query(), Filter()))
    assert (start.pane, start.theme, start.query.lens) == ("prices", "light", Lens(Basis.CHART, free=False))
    async with running(await demo(), start.query, filter_=start.filter) as tui:
        tui.app.dashboard.board.begin(start.pane, start.sorts)
        tui.app.dashboard.draw()
        await tui.settle()
        assert tui.shown("prices") == shown
        assert "/!CN" in tui.text
        assert tui.table("models").reversed


def test_an_option_goes_before_what_was_left_and_what_cannot_be_read_is_passed_over() -> None:
    kept = {
        "basis": "chart",
        "period": "fortnight",
        "free": "perhaps",
        "pane": 7,
        "sorts": [1],
        "vendors": "x",
        "theme": "pink",
    }
    config = Config(came_from={"view.basis": "--basis"})
    start = start_of(config.settings, Query(), make_filter("qwen"))
    assert recalled(kept, config, start) == start


def test_the_settings_say_what_it_opens_with() -> None:
    settings = Settings(
        start=StartSettings(pane=PaneKey.ALERTS, filter="free:yes", vendors=("qwen",), countries=("CN",))
    )
    start = start_of(settings, Query(), Filter())
    assert (start.pane, start.filter) == ("alerts", make_filter("free:yes", vendors=["qwen"], countries=["CN"]))


async def test_at_the_first_period_the_screen_says_where_the_record_begins_and_what_a_key_adds() -> None:
    weeks = [week(monday, JULY, {"lab/a": 9, "lab/b": 5}) for monday in (date(2026, 6, 8), date(2026, 6, 15))]
    adds = "A key adds all of it from 2025 on, and the running day: `orwatch key set`."
    with handmade(weeks, now=JULY) as source:
        async with running(source, size=(120, 36), toasts=True) as tui:
            await tui.press("[")
            assert "The record begins" not in tui.text
            await tui.press("[")
            assert tui.snapshot.period.start == date(2026, 6, 8)
            assert [toast.message for toast in tui.app.toasts.shown] == [
                f"The record begins with 8–14 June 2026. {adds}"
            ]
            await tui.press("]", "{", "{")
            assert tui.app.toasts.shown[-1].message.endswith(adds)


async def test_where_a_key_is_set_nothing_is_said_of_one() -> None:
    with WiredSource() as source:
        await refresh(source, force=True)
        async with running(source, size=(120, 36), toasts=True) as tui:
            await tui.press("{", "{")
            assert "The record begins" in tui.text
            assert "A key adds" not in tui.text


@pytest.mark.parametrize("size", [Size(100, 30), Size(120, 36), Size(161, 50)])
@pytest.mark.parametrize("count", [2, 4, 5, 6])
def test_any_number_of_panes_has_places_that_do_not_overlap_and_reach_the_edges(size: Size, count: int) -> None:
    body = Frame.of(size, tabs=True).body
    places = Frame.of(size, tabs=True).places(count)
    assert len(places) == count
    assert all(body.contains_region(place) and place.height >= 6 for place in places)
    assert not any(one.overlaps(other) for n, one in enumerate(places) for other in places[:n])
    assert places[-1].bottom_right == body.bottom_right


async def test_the_cursor_stays_in_view_when_the_terminal_becomes_lower() -> None:
    async with running(await demo()) as tui:
        await tui.press(*"j" * 14)
        row = next(line for line in tui.lines() if line.lstrip().startswith("▌"))
        name = row.split("CN")[-1].split("US")[-1].split()[0]
        await tui.resize(120, 30)
        assert any(line.lstrip().startswith("▌") and name in line for line in tui.lines())


async def test_each_digit_goes_to_the_pane_or_view_of_its_line() -> None:
    async with running(await demo()) as tui:
        for digit, key in enumerate(PLACES, 1):
            await tui.press(str(digit))
            seen = tui.app.dashboard.board.seen
            assert seen.key == key
            assert Frame.of(tui.app.size, tabs=False).body.contains_region(seen.widget.region)
            assert f" {digit}  {key.capitalize()} " in tui.text


@pytest.mark.parametrize("width", [90, 140])
async def test_history_says_at_its_first_period_what_a_key_adds(width: int) -> None:
    weeks = [week(monday, JULY, {"lab/a": 9, "lab/b": 5}) for monday in (date(2026, 6, 8), date(2026, 6, 15))]
    with handmade(weeks, now=JULY) as source:
        async with running(source, size=(width, 36)) as tui:
            await tui.press("5")
            assert "A key adds" not in tui.text
            await tui.press("{")
            assert "A key adds all of it from 2025 on" in tui.text
