"""A row is written with few codes, and stands on the terminal as if every piece of it had been written with all of its own."""

from __future__ import annotations

import re
from itertools import pairwise, product

import pytest
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from orwatch.present.palette import DARK, NONE, TERMINAL, Palette
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.ansi import Row, written
from orwatch.tui.widgets.paint import Line

GROUND = Style(color="#e0e0e0", bgcolor="#101010")
SHOWN_ON_BLANKS = {"4", "7", "9"}
BRIGHTNESS = {"1", "2"}
"""Shown on blanks that are reversed, for their ground is the colour then."""
ENDS = {"22": {"1", "2"}, "23": {"3"}, "24": {"4"}, "27": {"7"}, "29": {"9"}}


def screen(text: str) -> list[tuple[str, frozenset[str], str, str]]:
    """What a terminal shows: each character with its attributes, its colour and its ground."""
    out: list[tuple[str, frozenset[str], str, str]] = []
    attributes: set[str] = set()
    colour, ground = "39", "49"
    for codes, char in re.findall(r"\x1b\[([\d;]*)m|(.)", text):
        if char:
            on_blanks = SHOWN_ON_BLANKS | BRIGHTNESS if "7" in attributes else SHOWN_ON_BLANKS
            seen = attributes if char != " " else attributes & on_blanks
            out.append((char, frozenset(seen), colour if char != " " or seen else "", ground))
            continue
        rest = codes.split(";")
        while rest:
            code = rest.pop(0)
            if code in ("38", "48"):
                count = 4 if rest[0] == "2" else 2
                whole = ";".join([code, *rest[:count]])
                del rest[:count]
                colour, ground = (whole, ground) if code == "38" else (colour, whole)
            elif code == "0":
                attributes, colour, ground = set(), "39", "49"
            elif code in ENDS:
                attributes -= ENDS[code]
            elif len(code) == 1:
                attributes.add(code)
            elif code in ("39",) or code[0] == "3" or code[0] == "9":
                colour = code
            else:
                ground = code
    assert (attributes, colour, ground) == (set(), "39", "49"), "the terminal is left in a style"
    return out


def plain(segments: list[Segment], system: ColorSystem) -> str:
    """Each piece with all of its codes."""
    codes = [(text, Strip.render_ansi(style or Style(), system)) for text, style, _ in segments]
    return "".join(f"\x1b[{ansi}m{text}\x1b[0m" if ansi else text for text, ansi in codes)


STYLES = [
    Style(),
    GROUND,
    GROUND + Style(bold=True),
    GROUND + Style(dim=True),
    GROUND + Style(bold=True, dim=True),
    GROUND + Style(color="#00ff00", underline=True, bold=True),
    GROUND + Style(reverse=True),
    Style(color="red"),
    Style(bgcolor="#303030", strike=True, italic=True),
]


@pytest.mark.parametrize("faint", [Style(dim=True), Style(bold=True)])
def test_a_reversed_blank_is_as_bright_as_its_own_style(faint: Style) -> None:
    back = Style(reverse=True)
    row = [Segment("a", back + faint), Segment("  ", back), Segment("b", back + faint)]
    assert screen(written(row, ColorSystem.STANDARD)) == screen(plain(row, ColorSystem.STANDARD))


@pytest.mark.parametrize(("one", "two"), [*product(STYLES, STYLES)])
def test_any_style_is_reached_from_any_other(one: Style, two: Style) -> None:
    segments = [
        Segment(text, style) for text, style in zip(["a", "b", "  ", "c", " ", "d"], [one, two] * 3, strict=True)
    ]
    assert screen(written(segments, ColorSystem.TRUECOLOR)) == screen(plain(segments, ColorSystem.TRUECOLOR))


@pytest.mark.parametrize("system", list(ColorSystem))
@pytest.mark.parametrize("palette", [DARK, TERMINAL, NONE], ids=lambda palette: palette.name)
def test_every_role_of_a_palette_is_written_in_every_colour_system(palette: Palette, system: ColorSystem) -> None:
    ink = Ink(palette)
    line = Line(ink, 400)
    for one, two in pairwise(ink._styles):
        line.put(one, one).put(" ").put(two, two).put("  ", one)
    for over in (None, ink.selected):
        segments = [Segment(text, GROUND + (style or Style())) for text, style, _ in line.strip(over)]
        assert screen(written(segments, system)) == screen(plain(segments, system))


def test_a_row_takes_few_codes() -> None:
    ink = Ink(DARK)
    line = Line(ink, 40).put("name", "bright").to(20).put("1.5", "bright").to(30).put("2", "dim")
    row = Row([Segment(text, GROUND + (style or Style())) for text, style, _ in line.strip()], 40)
    console = Console(color_system="truecolor", force_terminal=True)
    assert row.render(console).count("\x1b") == 3  # the bright pieces, the dim one, and the end
    assert row.text == f"{'name':<20}{'1.5':<10}{'2':<10}"
