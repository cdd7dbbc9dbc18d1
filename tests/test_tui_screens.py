"""What stands on the screen, as text and as styles: at every size, in every palette, and in every state of the market."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace
from rich.cells import cell_len
from rich.color import ColorType
from textual.geometry import Size

from orwatch import archive
from orwatch.config import Settings
from orwatch.core.refresh import refresh
from orwatch.core.source import Source
from orwatch.demo import DEMO_BASE_URL, DEMO_KEY
from orwatch.demo.clock import DemoClock
from orwatch.domain.alerts.alert import Standing
from orwatch.domain.catalogue import Pricing
from orwatch.domain.filters import make_filter
from orwatch.domain.leads import Kind
from orwatch.domain.periods import Grain, Period
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis, Listing
from orwatch.present.colours import DARK, LIGHT, NONE, TERMINAL, palette_of
from orwatch.store.cache import Cache
from orwatch.tui.actions import Keymap
from orwatch.tui.app import OrwatchApp
from orwatch.tui.panes.table_pane import TablePane
from orwatch.tui.themes import Themes
from orwatch.tui.widgets.paint import LineWidget
from tui_support import (
    BILLION,
    ORIGIN,
    Tui,
    WiredSource,
    demo,
    fresh_demo,
    handmade,
    listing,
    model,
    running,
    week,
)

SIZES = ((40, 12), (80, 24), (100, 30), (120, 36), (120, 40), (160, 45), (200, 60))
NINTH = Query(Grain.WEEK, date(2026, 2, 9), Lens(Basis.CHART))
"""The published week whose bases name different leaders."""
MONDAY = date(2026, 6, 15)
AFTER = datetime(2026, 6, 22, 2, tzinfo=UTC)


# Every size


async def test_every_size_has_period_basis_and_other() -> None:
    async with running(await demo(), NINTH) as tui:
        for width, height in SIZES:
            await tui.resize(width, height)
            lines = tui.lines()
            assert len(lines) == height
            assert {cell_len(line) for line in lines} == {width}
            assert "9–15 Feb" in tui.header
            assert "chart" in tui.header
            assert any(
                line.split()[:1] == ["other"] or line.lstrip().startswith("other,") for line in tui.pane_lines("models")
            )
            assert "?" in tui.footer


@pytest.mark.parametrize(
    "query",
    [Query(), Query(at="now"), NINTH, Query(Grain.MONTH), Query(Grain.DAY)],
    ids=["week", "running", "chart", "month", "day"],
)
async def test_every_line_of_every_pane_is_as_wide_as_the_pane(query: Query, monkeypatch: pytest.MonkeyPatch) -> None:
    app = OrwatchApp(
        await demo(), query, offline=True, themes=Themes("none" if query.grain is Grain.DAY else "dark", {})
    )
    app.first_look()
    for pane in app.dashboard.board.panes.values():
        pane.view = app.dashboard.view
        if isinstance(pane, TablePane):
            pane.select_rows()
        for width, height in (
            (38, 9),
            (47, 17),
            (58, 19),
            (66, 12),
            (78, 21),
            (98, 27),
            (118, 33),
            (158, 40),
            (198, 54),
        ):
            for alone in (False, True):
                pane.alone = pane.zoomed = alone
                monkeypatch.setattr(LineWidget, "size", Size(width, height))
                lines = pane.build(width, height)
                wide = [sum(cell_len(segment.text) for segment in line) for line in lines]
                assert wide == [width] * len(lines), (pane.key, width, height, alone)
                assert len(lines) <= height or height < 12, (pane.key, width, height, alone)


async def test_every_line_of_a_detail_is_as_wide_as_the_screen() -> None:
    app = OrwatchApp(await demo(), Query(), offline=True)
    app.first_look()
    pane = app.dashboard.board.detail
    pane.view = app.dashboard.view
    for kind, key in (
        (Kind.MODEL, "anthropic/claude-4.6-opus-20260205"),
        (Kind.COUNTRY, "FR"),
        (Kind.VENDOR, "google"),
    ):
        pane.read(pane.view, kind, key)
        for width, height in ((38, 10), (66, 18), (78, 22), (98, 27), (118, 33), (198, 54)):
            wide = [sum(cell_len(segment.text) for segment in line) for line in pane.build(width, height)]
            assert wide == [width] * len(wide), (kind, width, height)


async def test_a_detail_draws_a_flip_on_course_apart() -> None:
    async with running(await demo()) as tui:
        assert tui.alerts[0].state is Standing.ON_COURSE
        await tui.press("enter")
        (line,) = [line for line in tui.lines() if "lost to" in line and "~" in line]
        assert "◇" in line
        assert "◆" not in line


async def test_a_detail_tells_every_alert_once() -> None:
    async with running(await demo()) as tui:
        await tui.press("2", "enter")
        alerts = [line[72:].strip() for line in tui.lines() if "flip " in line]
        assert len(alerts) == len(set(alerts))


async def test_four_panes_from_100_by_30_and_tabs_below() -> None:
    async with running(await demo(), size=(100, 30)) as tui:
        assert sum(pane.widget.display for pane in tui.app.dashboard.board.panes.values()) == 4
        for width, height in ((99, 30), (100, 29), (40, 12)):
            await tui.resize(width, height)
            assert [pane.key for pane in tui.app.dashboard.board.panes.values() if pane.widget.display] == ["models"]
        await tui.resize(120, 36)
        assert sum(pane.widget.display for pane in tui.app.dashboard.board.panes.values()) == 4


async def test_the_four_panes_do_not_overlap_and_leave_a_blank_row_between() -> None:
    async with running(await demo()) as tui:
        for width, height in ((100, 30), (120, 36), (200, 60)):
            await tui.resize(width, height)
            regions = [pane.widget.region for pane in tui.app.dashboard.board.panes.values()]
            assert not any(a.overlaps(b) for n, a in enumerate(regions) for b in regions[n + 1 :])
            models, prices = tui.pane("models").widget.region, tui.pane("prices").widget.region
            assert tui.lines()[models.bottom].strip() == ""
            assert prices.y == models.bottom + 1
            assert max(region.right for region in regions) == width - 1, "in line with the header's end"
            assert 0.55 <= models.width / (width - 2) <= 0.64


async def test_the_tables_are_given_more_columns_with_more_room() -> None:
    async with running(await demo()) as tui:
        heads = {}
        for width, height in ((40, 12), (80, 24), (120, 36), (160, 45)):
            await tui.resize(width, height)
            lines = tui.pane_lines("models")
            heads[width] = next(line for line in lines if " CC " in line)
        assert heads[40].split() == ["#", "CC", "Model", "↓", "Tokens", "T", "WoW", "%"]
        assert [word in heads[80] for word in ("Δ", "of all %", "Wks", "Vendor", "8 weeks")] == [
            True,
            True,
            True,
            False,
            False,
        ]
        assert [word in heads[120] for word in ("Δ", "Wks", "Vendor", "8 weeks")] == [True, True, False, False]
        assert all(word in heads[160] for word in ("Δ", "of all %", "Wks", "Vendor", "8 weeks"))


async def test_heads_never_touch() -> None:
    touching = []
    for grain in Grain:
        app = OrwatchApp(await demo(), Query(grain), offline=True)
        app.first_look()
        for pane in app.dashboard.board.panes.values():
            if not isinstance(pane, TablePane):
                continue
            pane.alone = pane.active = True
            pane.show(app.dashboard.view)
            for width in range(38, 170, 3):
                free = 0
                for placed in pane.placed(width):
                    size = cell_len(placed.column.head)
                    at = placed.at + placed.width - size if placed.column.right else placed.at
                    if size and at < free:
                        touching.append((grain, pane.key, placed.column.head, width))
                    free = at + size + 1 if size else free
    assert touching == []


# Where readings differ


def disagreeing() -> Source:
    """A demo on 16 February with the recorded nine of the week before, and 41 rows of google of 49B each below them.

    Of the nine CN leads US 4.12T to 2.93T, and minimax moonshotai 1.44T to 1.30T; of all fifty US leads 4.94T to 4.12T, and
    google minimax 3.24T to 1.44T.
    """
    moment = datetime(2026, 2, 16, 2, tzinfo=UTC)
    source = Source(Settings(), Cache.open(None, ORIGIN), DEMO_BASE_URL, DEMO_KEY, demo_clock=DemoClock(moment, 0.0))
    for recorded in archive.weeks():
        named = [(slug, n) for slug, n in recorded.rows]
        below = [(f"google/below-{n}", 49 * BILLION) for n in range(41 if recorded.period.start == NINTH.at else 0)]
        other = ("other", recorded.other - sum(tokens for _, tokens in below))
        if recorded.period.end < moment.date():
            source.cache.rankings.put([Listing.build(recorded.period, moment, [*named, *below, other])])
    return source


async def test_bases_that_disagree_both_stand_in_the_header() -> None:
    async with running(disagreeing(), NINTH, size=(80, 24)) as tui:
        for width, height in ((80, 24), (100, 30), (200, 60)):
            await tui.resize(width, height)
            assert "chart: CN 1.4 : 1 · top50: US 1.2 : 1" in tui.header
        await tui.press("b", "b")
        assert "top50: US 1.2 : 1 · chart: CN 1.4 : 1" in tui.header, "the basis on screen comes first"


async def test_bases_that_agree_leave_room_for_the_leader() -> None:
    query = Query(lens=Lens(Basis.CHART))
    async with running(await demo(date(2026, 6, 29)), query) as tui:
        assert "CN leads US 4.8 : 1 9th week" in tui.header
        assert "CN leads US 4.8 : 1  9th week" in tui.pane_lines("countries")[1]


async def test_the_countries_pane_says_who_leads_on_the_other_basis() -> None:
    async with running(disagreeing(), NINTH) as tui:
        line = tui.pane_lines("countries")[1]
        assert line.lstrip().startswith("CN leads US 1.4 : 1  1st week")
        assert "top50 US 1.2 : 1" in line


async def test_vendors_that_disagree_stand_under_the_models() -> None:
    async with running(disagreeing(), NINTH) as tui:
        assert "first vendor  chart: minimax 1.1 : 1 · top50: google 2.2 : 1" in tui.text
        await tui.press("z")
        assert "first vendor  chart: minimax" in tui.text


async def test_vendors_that_agree_take_no_row() -> None:
    async with running(await demo(date(2026, 6, 29)), Query(lens=Lens(Basis.CHART))) as tui:
        assert not tui.snapshot.vendors_disagree
        assert "first vendor" not in tui.text


# Periods


async def test_a_running_period_is_marked_at_every_change() -> None:
    async with running(await demo(), Query(at="now"), size=(160, 45)) as tui:
        assert "20–26 Jul 2026 › week ~ day 3 of 7" in tui.header
        assert "25.8T ~ ▼ 6.9%" in tui.header
        assert "✓" not in tui.header
        assert "~ WoW %" in tui.pane_lines("models")[1]
        assert any("~ WoW %" in line for line in tui.pane_lines("countries"))
        assert "~ on course" in tui.pane_lines("countries")[1]
        assert any(line.endswith("~25.8T") for line in tui.pane_lines("countries"))
        await tui.press("{", "}")
        assert "~" not in tui.header


def days(*numbers: int) -> list[object]:
    return [listing(Period(Grain.DAY, date(2026, 6, n)), AFTER, {"openai/gpt": 100 + n, "other": 50}) for n in numbers]


async def test_a_week_added_up_from_days_is_marked_plus_d() -> None:
    with handmade(days(*range(8, 22))) as source:  # type: ignore[arg-type]
        async with running(source) as tui:
            assert "15–21 Jun 2026 › week ✓" in tui.header
            assert "+d" in tui.header
    with handmade([week(MONDAY, AFTER, {"openai/gpt": 100})]) as source:
        async with running(source) as tui:
            assert "+d" not in tui.header


async def test_a_week_that_lacks_days_is_called_partial() -> None:
    with handmade(days(*range(8, 15), 16, 17, 18, 21)) as source:  # type: ignore[arg-type]
        async with running(source, Query(at=MONDAY)) as tui:
            assert "15–21 Jun 2026 › week partial" in tui.header
            assert "✓" not in tui.header


async def test_streaks_that_the_record_cuts_are_called_at_least() -> None:
    listings = [
        week(MONDAY - timedelta(days=7 * n), AFTER, {"openai/gpt": 300 - n, "deepseek/v4": 100}) for n in range(5)
    ]
    with handmade(listings) as source:
        async with running(source, Query(lens=Lens(Basis.CHART))) as tui:
            assert "US leads CN 3.0 : 1 ≥ 5 weeks" in tui.header
            assert "≥5" in tui.pane_lines("models")[2]
            await tui.resize(160, 45)
            assert "US leads CN 3.0 : 1  at least 5 weeks" in tui.header


async def test_the_labels_of_a_period_that_has_just_begun_all_stand() -> None:
    began = datetime(2026, 7, 20, 2, tzinfo=UTC)
    rows = {f"{vendor}/m{n}": tokens for vendor, tokens in (("anthropic", 22), ("deepseek", 21)) for n in range(7)}
    with await fresh_demo(began.date()) as source:
        source.cache.rankings.put([week(began.date(), began, rows | {"other": 58})])
        async with running(source, Query(at="now", lens=Lens(Basis.TOP10)), size=(100, 30)) as tui:
            chart = tui.pane_lines("countries")[-6:]
            labels = ("~359B", "US 154.0", "CN 63.0")  # of the ten largest: seven times 22B, three times 21B
            assert [any(label in line for line in chart) for label in labels] == [True] * 3


async def test_free_stands_in_line_with_the_prices() -> None:
    unpriced = replace(model("lab/b", "Lab: B"), pricing=Pricing())
    with handmade(
        [week(MONDAY, AFTER, {"lab/a:free": 2, "lab/b": 1})], [model("lab/a:free", "Lab: A", "0"), unpriced]
    ) as source:
        async with running(source, size=(80, 24)) as tui:
            await tui.press("3")
            lines = tui.pane_lines("prices")
            free = next(line for line in lines if " free " in line)
            none = next(line for line in lines if line.count("—") >= 4)
            assert free.index("  free") + 5 == none.index("—")


# States without rows


async def test_no_match_names_the_filter_and_what_would_match() -> None:
    async with running(await demo(), filter_=make_filter("qwen zzz")) as tui:
        text = tui.pane_lines("models")
        assert "No model of this week matches qwen zzz" in "".join(text)
        assert "2 match without zzz" in "".join(text)
        assert "Esc clear the filter" in "".join(text)
        assert len(tui.shown("alerts")) == 0
        await tui.press("escape")
        assert len(tui.shown()) == 50


async def test_an_empty_cache_says_how_to_fill_it() -> None:
    with handmade() as source:
        async with running(source, size=(40, 12)) as tui:
            for width, height in SIZES[:4]:
                await tui.resize(width, height)
                words = " ".join(" ".join(tui.pane_lines("models")).split())
                assert (
                    "The cache is empty, and no archive lies under it (source.archive): run `orwatch poll`, or try `orwatch demo`."
                    in words
                )
            await tui.press(*"jkgGpbxX[]}vcsSza1234", "tab", "z", "down", "pagedown", "enter")
            assert "The cache is empty" in tui.text


async def test_the_first_period_of_an_empty_cache_is_no_crash() -> None:
    with handmade() as source:
        async with running(source) as tui:
            await tui.press("{")
            assert "The cache is empty" in tui.text


async def test_a_first_start_without_a_key_says_what_is_asked() -> None:
    with handmade() as source:
        app = OrwatchApp(source, Query())
        app.first_look()
        assert app.dashboard.view.progress is not None
        assert app.dashboard.view.progress.startswith("Asking OpenRouter for the last 30 days of rankings")


async def test_prices_without_a_catalogue_say_so() -> None:
    with handmade([week(MONDAY, AFTER, {"openai/gpt": 100})]) as source:
        async with running(source) as tui:
            assert "No prices yet: the catalogue has not been read" in "".join(tui.pane_lines("prices"))


async def test_a_listing_without_a_country_of_either_side_is_no_crash() -> None:
    rows = {"stealth/bunny": 100, "mistralai/large": 50}
    with handmade([week(MONDAY, AFTER, rows), week(MONDAY - timedelta(days=7), AFTER, rows)]) as source:
        async with running(source, Query(lens=Lens(Basis.CHART)), size=(160, 45)) as tui:
            for key in ("1", "2", "3", "4"):
                await tui.press(key, "z", "p", "p", "p", "z")
            assert "FR France" in tui.text
            assert "level" in tui.header


# Names from outside


HOSTILE = {
    "[/b]": "[/b]",
    "[red]x[/red]": "[red]x[/red]",
    "\x1b[31mred\x1b[0m\x07": "[31mred[0m",
    "通义千问模型模型模型模型模型模型": "通义千问模型",
    "\u202eevil\u2066": "evil",
    "שלום עולם": "שלום עולם",
    "e\u0301\u200bcole": "e\u0301cole",
    "two\nlines\tand a tab": "two lines and a tab",
}
"""Names as they come, and what of each stands on the screen."""


async def hostile() -> WiredSource:
    """The demo's API, its newest leaders renamed."""
    source = WiredSource()

    def rename(path: str, body: bytes) -> bytes:
        if not path.endswith("/models"):
            return body
        answer = json.loads(body)
        slugs = [slug.partition(":")[0] for slug, _ in leaders]
        for entry in answer["data"]:
            if entry["canonical_slug"] in slugs:
                entry["name"] = "V: " + list(HOSTILE)[slugs.index(entry["canonical_slug"])]
        return json.dumps(answer).encode()

    shared = await demo()
    newest = shared.cache.rankings.read(Grain.WEEK, since=date(2026, 7, 13), until=date(2026, 7, 13))[0]
    leaders = newest.rows[: len(HOSTILE)]
    source.wire.edit = rename
    await refresh(source, force=True)
    return source


async def test_hostile_names_are_drawn_as_text() -> None:
    with await hostile() as source:
        async with running(source, size=(170, 45)) as tui:
            for name, drawn in HOSTILE.items():
                assert drawn in tui.text, ascii(name)
            assert tui.snapshot.models[2].name == "[31mred[0m"
            for width, height in SIZES[:3]:
                await tui.resize(width, height)
                assert {cell_len(line) for line in tui.lines()} == {width}
                assert not any(char in tui.text for char in "\x1b\x07\x9b\u202e\u2066\u200b\t\r")
            await tui.press("slash", "[", "/", "b", "]", "enter")
            assert "/[/b]" in tui.text
            assert {row.name for row in tui.table("models").rows} == {"[/b]"}


async def test_hostile_errors_are_drawn_as_text() -> None:
    async with running(await demo()) as tui:
        tui.app.dashboard.note(problem="[/b] [red]no[/red]", age_s=1.0)
        await tui.settle()
        assert "! [/b] [red]no[/red]" in tui.text


# Palettes


async def walk(tui: Tui) -> list[set[object]]:
    """Foreground and background colours of the dashboard and of everything over it."""
    seen: list[set[object]] = []
    for keys in (
        (),
        ("2", "z"),
        ("z", "4"),
        ("v", "space"),
        ("escape", "question_mark"),
        ("escape", "1", "y"),
        ("enter",),
    ):
        await tui.press(*keys)
        styles = [segment.style for segment in tui.segments() if segment.style]
        seen.append({colour for style in styles for colour in (style.color, style.bgcolor)})
    return seen


async def test_no_color_emits_no_colour_code() -> None:
    async with running(await demo(), palette=NONE, toasts=True) as tui:
        for colours in await walk(tui):
            assert {c.type for c in colours if c is not None} <= {ColorType.DEFAULT}  # type: ignore[attr-defined]


async def test_the_terminal_palette_uses_only_the_terminals_own_colours() -> None:
    async with running(await demo(), palette=TERMINAL, toasts=True) as tui:
        for colours in await walk(tui):
            known = {c.type for c in colours if c is not None}  # type: ignore[attr-defined]
            assert known <= {ColorType.DEFAULT, ColorType.STANDARD}
        assert "yellow" in {c.name for c in colours if c is not None}  # type: ignore[attr-defined]


async def test_bright_black_is_never_text() -> None:
    async with running(await demo(), palette=TERMINAL) as tui:
        for keys in ((), ("2", "z"), ("z", "v")):
            await tui.press(*keys)
            for segment in tui.segments():
                if segment.style and segment.style.color and segment.style.color.name == "bright_black":
                    assert not any(char.isalnum() for char in segment.text), segment.text


async def test_without_colour_countries_are_told_apart() -> None:
    async with running(await demo(), palette=NONE) as tui:
        strip = tui.pane_lines("countries")[3].strip()
        assert strip.startswith("███")
        assert "█▒" in strip
        assert strip.endswith("·")
        await tui.press("2", "z")
        assert "▒" in tui.text
        assert "█" in tui.text


def test_the_palette_is_chosen_from_setting_and_terminal() -> None:
    full = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    cases: list[tuple[str, dict[str, str], str]] = [
        ("auto", full, "dark"),
        ("auto", full | {"NO_COLOR": ""}, "dark"),
        ("light", full | {"NO_COLOR": "1"}, "none"),
        ("dark", {"TERM": "dumb"}, "none"),
        ("light", full, "light"),
        ("auto", full | {"COLORFGBG": "0;15"}, "light"),
        ("auto", full | {"COLORFGBG": "15;0"}, "dark"),
        ("auto", {"TERM": "linux"}, "terminal"),
        ("auto", {"TERM": "vt100"}, "terminal"),
        ("auto", {"TERM": "tmux-256color"}, "dark"),
        ("auto", {"TERM": "screen.xterm-256color"}, "dark"),
        ("auto", {"TERM": "xterm-kitty"}, "dark"),
        ("auto", {"TERM": "xterm-16color"}, "terminal"),
        ("auto", {"TERM": "screen"}, "terminal"),
        ("auto", {"TERM": "tmux"}, "terminal"),
        ("auto", {"TERM": "screen", "COLORTERM": "truecolor"}, "dark"),
    ]
    assert [palette_of(setting, env).name for setting, env, _ in cases] == [name for _, _, name in cases]


async def test_only_one_accent_marks_the_focus() -> None:
    for palette in (DARK, LIGHT):
        async with running(await demo(), palette=palette) as tui:
            caps = [
                s.text for s in tui.segments() if s.style and s.style.bgcolor and s.style.bgcolor.name == palette.accent
            ]
            assert caps == [" 1 "]
            await tui.press("4")
            caps = [
                s.text for s in tui.segments() if s.style and s.style.bgcolor and s.style.bgcolor.name == palette.accent
            ]
            assert caps == [" 4 "]


@pytest.mark.parametrize(
    ("width", "said"),
    [
        (40, "9–15 Feb ✓  CN 1.4·top50 US 1.2  chart"),
        (60, "9–15 Feb ✓  13.0T  CN 1.4·top50 US 1.2        demo · chart"),
        (120, "chart: CN 1.4 : 1 · top50: US 1.2 : 1"),
    ],
)
async def test_both_bases_stand_in_the_header_of_every_width_where_they_disagree(width: int, said: str) -> None:
    async with running(disagreeing(), Query(lens=Lens(Basis.CHART)), size=(width, 12)) as tui:
        assert said in tui.header


async def test_then_is_told_from_now() -> None:
    async with running(await demo(), size=(200, 45)) as tui:
        assert "then" not in tui.header
        await tui.press("[", "[", "[")
        assert "‹ 22–28 Jun 2026 › week ✓ complete +d then, 3 weeks back" in tui.header
        await tui.resize(40, 12)
        assert "22–28 Jun ✓ +d then" in tui.header
        await tui.press("}", "}")
        assert "then" not in tui.header, "the period in progress is now"


async def test_an_empty_table_names_the_keys_as_they_are_bound() -> None:
    async with running(await demo(), keymap=Keymap({"filter": ["f"], "close": []})) as tui:
        await tui.press("f", *"nosuchmodel")
        line = next(line for line in tui.pane_lines("models") if "change it" in line)
        assert line.split() == ["f", "change", "it"]


async def test_alerts_that_are_judged_later_come_into_the_list() -> None:
    async with running(await demo()) as tui:
        board = tui.app.dashboard.board
        view = board.panes["alerts"].view
        assert view.alerts
        board.panes["alerts"].show(replace(view, alerts=()))
        few = len(tui.table("alerts").rows)
        board.panes["alerts"].show(view)
        assert len(tui.table("alerts").rows) > few


async def test_a_vendor_that_is_too_long_shows_that_it_is_cut() -> None:
    now = datetime(2026, 6, 22, 2, tzinfo=UTC)
    source = handmade([week(date(2026, 6, 15), now, {"inclusionai/ling": 300, "other": 60})], now=now)
    async with running(source, size=(160, 45)) as tui:
        assert " inclusion… " in tui.text


async def test_a_side_without_tokens_gives_no_ratio() -> None:
    now = datetime(2026, 6, 22, 2, tzinfo=UTC)
    rows = {"openai/gpt": 300, **{f"mistralai/m{n}": 9 - n for n in range(8)}}
    source, asked = handmade([week(date(2026, 6, 15), now, rows)], now=now), Query(lens=Lens(Basis.CHART))
    async with running(source, asked, size=(160, 45)) as tui:
        assert "US leads CN — " in tui.lines()[0]
        assert "0.0 : 1" not in tui.text
