"""The dialogs by themselves: what is typed into them, what they show, and what they are dismissed with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.color import ColorType
from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList

from orwatch.core.views.overview import snapshot
from orwatch.domain.periods import Grain
from orwatch.domain.query import Query
from orwatch.domain.vendors import Vendor
from orwatch.present.colours import DARK, LIGHT, NONE, TERMINAL, Palette
from orwatch.tui.actions import Keymap
from orwatch.tui.app import OrwatchApp
from orwatch.tui.dialogs.assign import AssignDialog, Assigned, Unplaced
from orwatch.tui.dialogs.help import HelpScreen
from orwatch.tui.dialogs.menu import Snooze, export_form, snooze_length
from orwatch.tui.dialogs.picker import Choice, Picked, Picker, country_picker, vendor_picker
from orwatch.tui.screens.finding import Find, FindPalette, found
from orwatch.tui.themes import textual_theme
from tui_support import demo, drawn, idle, strips, type_key

HOSTILE = "[red]x[/b]\x1b[2J\u202e"
VENDORS = (
    Choice("deepseek", "deepseek", "CN", "DeepSeek", 3, 6_320_000_000_000, 0.161),
    Choice("anthropic", "anthropic", "US", "Anthropic", 7, 5_110_000_000_000, 0.13),
    Choice("mistralai", "mistralai", "FR", "Mistral AI", 1, 130_000_000_000, 0.003),
    Choice("new-lab", "New-Lab", None, HOSTILE, 1, 0, 0.0),
)


class Host(App[None]):
    """An app that has nothing but dialogs."""

    CSS_PATH = OrwatchApp.CSS_PATH
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, palette: Palette = DARK) -> None:
        super().__init__(ansi_color=palette.ansi)
        self.results: list[Any] = []
        self.typed: list[str] = []
        self.register_theme(textual_theme(palette))
        self.theme = f"orwatch-{palette.name}"

    def on_key(self, event: events.Key) -> None:
        if len(self.screen_stack) == 1:
            self.typed.append(event.key)


class Desk:
    """A host with a dialog open."""

    def __init__(self, app: Host, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        for key in keys:
            type_key(self.app, key)
            await idle()
        await drawn(self.app)

    async def burst(self, *keys: str) -> None:
        for key in keys:
            type_key(self.app, key)
        await drawn(self.app)

    @property
    def text(self) -> str:
        return "\n".join("".join(segment.text for segment in strip) for strip in strips(self.app))

    @property
    def rows(self) -> list[str]:
        return [str(option.prompt).strip() for option in self.app.screen.query_one(OptionList).options]


@asynccontextmanager
async def opened(
    dialog: ModalScreen[Any], *, size: tuple[int, int] = (100, 30), palette: Palette = DARK
) -> AsyncIterator[Desk]:
    app = Host(palette)
    async with app.run_test(size=size) as pilot:
        await app.push_screen(dialog, app.results.append)
        await drawn(app)
        yield Desk(app, pilot)


def picker(*chosen: str) -> Picker:
    return Picker(("Vendor", "Vendors"), "Company", "name, company or country", VENDORS, chosen)


# The picker


async def test_a_picker_takes_several_with_what_they_carry() -> None:
    async with opened(picker()) as desk:
        assert "Vendors" in desk.text
        assert "0 of 4 chosen" in desk.text
        await desk.press("space", "down", "space")
        assert "2 of 4 chosen" in desk.text
        assert "2 vendors · 10 models · 11.4T · 29.1% of all tokens" in desk.text
        assert [row[0] for row in desk.rows] == ["✓", "✓", "·", "·"]
        await desk.press("enter")
        assert desk.app.results == [Picked(frozenset({"deepseek", "anthropic"}))]


async def test_pickers_tell_no_tokens_where_the_split_is_unknown() -> None:
    """The record names nine models of that week; top50 asks for fifty."""
    unfilled = snapshot((await demo()).market(), Query(Grain.WEEK, date(2026, 6, 1)))
    for dialog in (vendor_picker(unfilled, ()), country_picker(unfilled, ())):
        async with opened(dialog) as desk:
            await desk.press("asterisk")
            assert "their tokens are unknown" in desk.text
            assert [row.split()[-2:] for row in desk.rows] == [["—", "—"]] * len(desk.rows)


@pytest.mark.parametrize(
    ("keys", "picked"),
    [
        (("enter",), Picked(frozenset({"mistralai"}))),
        (("ctrl+s",), Picked(frozenset({"mistralai"}), save=True)),
        (("delete",), Picked(frozenset())),
        (("exclamation_mark", "enter"), Picked(frozenset({"deepseek", "anthropic", "new-lab"}))),
        (
            ("asterisk", "ctrl+s"),
            Picked(frozenset({"deepseek", "anthropic", "mistralai", "new-lab"}), save=True),
        ),
        (("down", "space", "enter"), Picked(frozenset({"mistralai", "new-lab"}))),
        # what was marked stays beside what is searched for
        ((*"anth", "enter"), Picked(frozenset({"mistralai", "anthropic"}))),
        # without its mark nothing is marked, and Enter takes the row under the cursor
        (("space", "up", "enter"), Picked(frozenset({"anthropic"}))),
        (("space", "escape"), None),
        ((*"anth", "escape", "escape"), None),
    ],
)
async def test_a_picker_begins_with_what_is_chosen_and_ends_with_what_is(
    keys: tuple[str, ...], picked: Picked | None
) -> None:
    async with opened(picker("mistralai")) as desk:
        await desk.press(*keys)
        assert desk.app.results == [picked]


async def test_typing_searches_at_once_and_enter_takes_the_row() -> None:
    async with opened(picker()) as desk:
        await desk.press(*"mis")
        assert [row.split()[1] for row in desk.rows] == ["mistralai"]
        await desk.press("enter")
        assert desk.app.results == [Picked(frozenset({"mistralai"}))]


async def test_every_letter_is_text_in_a_picker() -> None:
    letters = "abcdefghijklmnopqrstuvwxyzABCGNQW"
    for dialog in (picker(), AssignDialog(LABS, None)):
        async with opened(dialog) as desk:
            await desk.press(*letters)
            assert desk.app.screen.query(Input).first().value == letters
            assert desk.app.results == []


async def test_several_are_marked_by_searching_for_one_after_the_other() -> None:
    async with opened(picker()) as desk:
        await desk.press(*"deep", "space", *"mis", "space")
        assert "2 of 4 chosen" in desk.text
        assert any("▌" in line and "mistralai" in line for line in desk.text.split("\n"))
        await desk.press(*"anth", "enter")
        assert desk.app.results == [Picked(frozenset({"deepseek", "mistralai", "anthropic"}))]


async def test_a_picker_finds_by_name_company_and_country() -> None:
    async with opened(picker()) as desk:
        for typed, name in (("eeps", "deepseek"), ("mistral ai", "mistralai"), ("us", "anthropic"), ("??", "New-Lab")):
            desk.app.screen.query_one(Input).value = typed
            await desk.press()
            assert [row.split()[1] for row in desk.rows] == [name]
            await desk.press("escape")
            assert len(desk.rows) == 4


async def test_all_that_were_found_are_marked_and_those_marked_before_stay() -> None:
    async with opened(picker("deepseek")) as desk:
        await desk.press(*"an", "asterisk", "enter")
        assert desk.app.results == [Picked(frozenset({"deepseek", "anthropic"}))]


async def test_a_picker_says_that_nothing_matches_and_names_the_nearest() -> None:
    async with opened(picker()) as desk:
        await desk.press(*"antropic")
        assert "Nothing matches; nearest: anthropic" in desk.text
        assert desk.rows == []
        await desk.press("space", "enter")
        assert desk.app.results == []
        await desk.press("escape", "escape")
        assert desk.app.results == [None]


async def test_a_picker_can_be_answered_in_one_burst() -> None:
    async with opened(picker()) as desk:
        await desk.burst(*"mis", "enter", "x")
        assert desk.app.results == [Picked(frozenset({"mistralai"}))]
        assert desk.app.typed == ["x"], "what is typed after it closed belongs to the screen below"


@pytest.mark.parametrize("keys", [("enter", "enter"), ("escape", "q"), ("ctrl+s", "enter", "escape")])
async def test_a_dialog_is_dismissed_once(keys: tuple[str, ...]) -> None:
    async with opened(picker()) as desk:
        await desk.burst(*keys)
        assert len(desk.app.results) == 1
        assert len(desk.app.screen_stack) == 1


@pytest.mark.parametrize("size", [(40, 12), (60, 14), (80, 24), (200, 60)])
async def test_a_picker_is_whole_at_every_size(size: tuple[int, int]) -> None:
    async with opened(picker(), size=size) as desk:
        lines = desk.text.split("\n")
        edges = [n for n, line in enumerate(lines) if line.strip().startswith(("╭", "╰"))]
        assert len(edges) == 2
        assert edges[1] - edges[0] == min(len(VENDORS) + 6, size[1] - 3)
        assert "of 4 chosen" in lines[edges[1]]
        assert "Enter take" in lines[edges[1] - 1]
        await desk.press("pagedown", "pagedown")
        assert any("▌" in line and "New-Lab" in line for line in desk.text.split("\n"))


async def test_a_click_chooses() -> None:
    async with opened(picker()) as desk:
        await desk.pilot.click(OptionList, offset=(5, 2))
        await desk.press("enter")
        assert desk.app.results == [Picked(frozenset({"mistralai"}))]


# Countries of vendors


LABS = (
    Unplaced.of(Vendor("new-lab", None, None, "", None), 5_000_000_000),
    Unplaced.of(Vendor("stealth", None, None, "", None), 3_000_000_000),
    Unplaced.of(Vendor("my-lab", None, "DE", "", "user"), 1_000_000_000),
)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("fr", "FR"), ("France", "FR"), ("south k", "KR"), (" us ", "US"), ("germ", "DE")],
)
async def test_a_country_is_given_by_code_or_by_name(typed: str, code: str) -> None:
    async with opened(AssignDialog(LABS, None)) as desk:
        await desk.press("enter")
        for char in typed:
            await desk.press("space" if char == " " else char)
        assert f"new-lab is from {typed.rstrip()}" in desk.text
        await desk.press("enter")
        assert desk.app.results == [Assigned("new-lab", code)]


async def test_a_country_can_be_typed_in_a_burst() -> None:
    async with opened(AssignDialog(LABS, None)) as desk:
        await desk.burst("enter", *"south", "space", *"k")
        await desk.press("enter")
        assert desk.app.results == [Assigned("new-lab", "KR")]


async def test_what_is_no_country_names_the_nearest_and_is_not_taken() -> None:
    async with opened(AssignDialog(LABS, None)) as desk:
        await desk.press("enter", *"uk", "enter")
        assert "nearest: GB (United Kingdom)" in desk.text
        assert desk.app.results == []
        await desk.press("backspace", "backspace", *"gb", "enter")
        assert desk.app.results == [Assigned("new-lab", "GB")]


async def test_escape_goes_back_to_the_vendors_then_out() -> None:
    async with opened(AssignDialog(LABS, None)) as desk:
        await desk.press("enter", *"fr", "escape")
        assert "is from" not in desk.text
        await desk.press("escape")
        assert desk.app.results == [None]


async def test_a_cloaked_vendor_is_asked_for_no_country() -> None:
    async with opened(AssignDialog(LABS, "stealth")) as desk:
        assert "who trained it is not public" in desk.text
        await desk.press("enter", *"us", "enter")
        assert "is from" not in desk.text
        assert desk.app.results == []


async def test_a_vendor_is_searched_for_and_then_its_country() -> None:
    async with opened(AssignDialog(LABS, None)) as desk:
        await desk.burst(*"my-", "enter", *"fr", "enter")
        assert desk.app.results == [Assigned("my-lab", "FR")]


async def test_it_begins_with_the_vendor_in_focus() -> None:
    async with opened(AssignDialog(LABS, "my-lab")) as desk:
        await desk.burst("enter", *"at", "enter")
        assert desk.app.results == [Assigned("my-lab", "AT")]


async def test_without_vendors_there_is_nothing_to_assign() -> None:
    async with opened(AssignDialog((), None)) as desk:
        assert "Every vendor of this period has a country." in desk.text
        await desk.press("enter", "escape")
        assert desk.app.results == [None]


# One of a few


@pytest.mark.parametrize(
    ("keys", "form"),
    [
        (("j",), "json"),
        (("s",), "svg"),
        (("enter",), "csv"),
        (("down", "enter"), "json"),
        (("up", "enter"), "svg"),
        (("escape",), None),
    ],
)
async def test_the_form_of_an_export_is_chosen(keys: tuple[str, ...], form: str | None) -> None:
    async with opened(export_form("Models", Path("/tmp/folder"))) as desk:
        assert "Export Models" in desk.text
        assert "into /tmp/folder" in desk.text
        await desk.press(*keys)
        assert desk.app.results == [form]


async def test_what_is_snoozed_and_for_how_long() -> None:
    hour, day = timedelta(hours=1), timedelta(days=1)
    for subject, downs, chosen in (
        ("DeepSeek", 0, Snooze(True, hour)),
        ("DeepSeek", 3, Snooze(False, day)),
        (None, 1, Snooze(False, day)),
    ):
        async with opened(snooze_length(subject)) as desk:
            await desk.press(*["j"] * downs, "enter")
            assert desk.app.results == [chosen]


async def test_the_key_that_opens_the_snooze_moves_on_in_it() -> None:
    async with opened(snooze_length("DeepSeek")) as desk:
        await desk.press("n", "n", "enter")
        assert desk.app.results == [Snooze(False, timedelta(hours=1))]


# The palette


def palette() -> FindPalette:
    """A palette of a few things, that gives back what was chosen."""
    finds = [
        Find("poll more often", lambda: None, "poll more, less often", "+"),
        Find("poll less often", lambda: None, "", "-"),
        Find("merge variants", lambda: None, "", "X"),
        Find("Hy3 Preview", lambda: None, "model tencent/hy3-preview"),
        Find("Hy3", lambda: None, "model tencent/hy3", "#1", ("tencent/hy3",)),
        Find(HOSTILE, lambda: None, HOSTILE),
    ]
    return FindPalette(lambda typed: found(finds, typed) if typed else finds)


def chosen_of(desk: Desk) -> list[str | None]:
    """The titles of what was chosen."""
    return [find and find.title for find in desk.app.results]


async def test_the_palette_gives_what_was_found() -> None:
    async with opened(palette()) as desk:
        await desk.press(*"poll", "down", "enter")
        assert chosen_of(desk) == ["poll less often"]
        assert len(desk.app.screen_stack) == 1


async def test_the_palette_gives_what_was_typed_in_a_burst_and_once() -> None:
    async with opened(palette()) as desk:
        await desk.burst(*"merge", "space", *"var", "enter", "enter")
        assert chosen_of(desk) == ["merge variants"]


async def test_the_palette_says_that_nothing_matches_and_does_nothing() -> None:
    async with opened(palette()) as desk:
        await desk.press(*"qqq", "enter")
        assert "No matches found" in desk.text
        assert "▌" not in desk.text
        await desk.press("escape")
        assert chosen_of(desk) == [None]
        assert len(desk.app.screen_stack) == 1


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("hy3", ["Hy3", "Hy3 Preview"]),
        ("TENCENT/hy3", ["Hy3", "Hy3 Preview"]),
        ("often poll", ["poll more often", "poll less often"]),
        ("variants", ["merge variants"]),
        ("tencent", ["Hy3", "Hy3 Preview"]),
        ("merge varianst", ["merge variants"]),
    ],
)
async def test_an_exact_name_comes_first_then_beginnings_then_words(typed: str, titles: list[str]) -> None:
    async with opened(palette()) as desk:
        await desk.press(*("space" if char == " " else char for char in typed))
        assert [row.split("  ")[0] for row in desk.rows] == titles


async def test_the_palette_shows_keys_at_the_end_of_the_line() -> None:
    async with opened(palette()) as desk:
        await desk.press(*"often")
        assert [row.split()[-1] for row in desk.rows] == ["+", "-"]


# Help

HEADS = (("WoW %", "change"), ("Wks", "top_ten"))


@pytest.mark.parametrize("size", [(40, 12), (70, 24), (80, 24)])
async def test_the_help_scrolls_to_its_last_line_and_closes(size: tuple[int, int]) -> None:
    async with opened(HelpScreen("1 Models", "models", Keymap(), Grain.WEEK, HEADS), size=size) as desk:
        assert "Help for 1 Models" in desk.text
        await desk.press("G")
        assert "among the ten largest." in " ".join(desk.text.split())
        await desk.press("g")
        assert "In this pane" in desk.text
        await desk.press("enter")
        assert desk.app.results == [None]


@pytest.mark.parametrize(("width", "beside"), [(120, "Everywhere"), (80, "Everywhere"), (60, "")])
async def test_the_help_stands_in_as_many_columns_as_fit(width: int, beside: str) -> None:
    async with opened(HelpScreen("1 Models", "models", Keymap(), Grain.WEEK, HEADS), size=(width, 40)) as desk:
        (heads,) = [line for line in desk.text.split("\n") if "In this pane" in line]
        assert heads.split("In this pane")[1].strip().startswith(beside)
        assert ("Marks" in heads) == (width >= 100)


async def test_the_help_speaks_of_the_grain() -> None:
    async with opened(HelpScreen("1 Models", "models", Keymap(), Grain.MONTH, HEADS), size=(120, 40)) as desk:
        assert "rank, against last month" in desk.text
        assert "two complete months in a row" in desk.text
        assert "Complete months in a row, to the newest, among the ten largest." in desk.text


# Palettes and foreign text

EVERY: dict[str, Callable[[], ModalScreen[Any]]] = {
    "picker": lambda: picker("deepseek"),
    "assign": lambda: AssignDialog(LABS, None),
    "export": lambda: export_form(HOSTILE, Path("/tmp") / HOSTILE.replace("/", "")),
    "snooze": lambda: snooze_length(HOSTILE),
    "palette": lambda: palette(),
    "help": lambda: HelpScreen("1 Models", "models", Keymap(), Grain.WEEK, HEADS),
}


@pytest.mark.parametrize("colours", [NONE, TERMINAL, DARK, LIGHT], ids=lambda each: each.name)
async def test_a_dialog_uses_the_colours_of_the_palette_alone(colours: Palette) -> None:
    app = Host(colours)
    async with app.run_test(size=(100, 30)):
        for make in EVERY.values():
            await app.push_screen(make())
            await drawn(app)
            used = set()
            for strip in strips(app):
                for text, style, _ in strip:
                    if style is not None and text.strip():
                        used |= {colour for colour in (style.color, style.bgcolor) if colour is not None}
            kinds = {colour.type for colour in used}
            if colours is NONE:
                assert kinds <= {ColorType.DEFAULT}
            elif colours is TERMINAL:
                assert kinds <= {ColorType.DEFAULT, ColorType.STANDARD}
            else:
                own = {getattr(colours, role) for role in colours.__struct_fields__}
                assert {colour.name for colour in used} <= own
            await app.pop_screen()


@pytest.mark.parametrize("name", ["picker", "export", "snooze"])
async def test_foreign_text_is_neither_markup_nor_a_control_sequence(name: str) -> None:
    async with opened(EVERY[name]()) as desk:
        assert "[red]x[/b]" in desk.text
        assert not {"\x1b", "\u202e"} & set(desk.text)


@pytest.mark.parametrize("colours", [NONE, TERMINAL], ids=lambda each: each.name)
@pytest.mark.parametrize("name", ["picker", "palette"])
async def test_without_colours_of_its_own_the_cursors_row_is_reversed(name: str, colours: Palette) -> None:
    async with opened(EVERY[name](), palette=colours) as desk:
        await desk.press("down")
        reversed_ = ["".join(text for text, style, _ in strip if style and style.reverse) for strip in strips(desk.app)]
        (row,) = [text for text in reversed_ if text.startswith("▌")]
        assert len(row) > 40
