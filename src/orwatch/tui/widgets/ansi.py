"""Rows as they are written to a terminal: of a style only what differs from the one before it.

A terminal takes 4 KB at a time from a program, and a key waits for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

ON = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "21", "51", "52", "53")
"""The codes of Rich's attributes, in the order of its bits."""
OFF = ("22", "22", "23", "24", "25", "25", "27", "28", "29", "24", "54", "54", "55")
"""The code that ends each; some end two."""
BRIGHTNESS, REVERSE = 0b11, 1 << 6
SEEN_ON_BLANKS = 0b1_1111_0111_1000
"""Underline, blinking, reverse, strike, frames and lines over: a blank shows them, and the colour with them. Bold and dim it shows
where they are reversed, for its ground is the colour then; italic never."""

KEPT_PENS = 1024
"""Styles whose codes are kept."""


class Pen:
    """A style as a terminal sets it, and how it is reached from others."""

    __slots__ = ("after", "attributes", "blank", "colour", "ground", "style")

    def __init__(self, style: Style, system: ColorSystem) -> None:
        self.style = style  # kept, so that no other can take its place in memory
        self.attributes = style._attributes & style._set_attributes
        colour, ground = style._color, style._bgcolor
        self.colour = "39" if colour is None else ";".join(colour.downgrade(system).get_ansi_codes())
        self.ground = "49" if ground is None else ";".join(ground.downgrade(system).get_ansi_codes(foreground=False))
        seen = self.attributes & (SEEN_ON_BLANKS | BRIGHTNESS if self.attributes & REVERSE else SEEN_ON_BLANKS)
        self.blank = (self.ground, seen, self.colour if seen else "")
        self.after: dict[Pen, str] = {}

    def reached(self, before: Pen) -> str:
        """The sequence that makes this of another."""
        known = self.after.get(before)
        if known is None:
            known = self.after[before] = self._reached(before)
        return known

    def _reached(self, before: Pen) -> str:
        ended = list(dict.fromkeys(OFF[bit] for bit in _bits(before.attributes & ~self.attributes)))
        begun = [ON[bit] for bit in _bits(self.attributes) if not before.attributes & 1 << bit or OFF[bit] in ended]
        codes = [*ended, *begun]
        if self.colour != before.colour:
            codes.append(self.colour)
        if self.ground != before.ground:
            codes.append(self.ground)
        return f"\x1b[{';'.join(codes)}m" if codes else ""


def _bits(attributes: int) -> Iterable[int]:
    return (bit for bit in range(attributes.bit_length()) if attributes & 1 << bit)


_pens: dict[tuple[int, ColorSystem], Pen] = {}


def _pen(style: Style, system: ColorSystem) -> Pen:
    known = _pens.get((id(style), system))
    if known is None:
        if len(_pens) >= KEPT_PENS:
            _pens.clear()
        known = _pens[id(style), system] = Pen(style, system)
    return known


_NONE = Style()


def written(segments: Iterable[Segment], system: ColorSystem) -> str:
    """The segments for a terminal that is in no style, and is left in none."""
    bare = now = _pen(_NONE, system)
    out: list[str] = []
    last: Style | None = None
    for text, style, _ in segments:
        if style is not last:
            pen = _pen(style or _NONE, system)
            if pen is not now and not (pen.blank == now.blank and text.isspace()):
                out.append(pen.reached(now))
                now, last = pen, style
        out.append(text)
    if now is not bare:
        out.append("\x1b[0m")
    return "".join(out)


class Row(Strip):
    """A strip that is written so."""

    __slots__ = ()

    def render(self, console: Console) -> str:
        """The row for a terminal."""
        if self._render_cache is None:
            self._render_cache = written(self._segments, console._color_system or ColorSystem.TRUECOLOR)
        return self._render_cache
