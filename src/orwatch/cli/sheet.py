"""Lines that are drawn again in their place, on the terminal as it is: no other screen, and nobody else's lines are touched."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Callable, Sequence

from orwatch.present.formats import cell_width

_SGR = re.compile(r"\x1b\[[0-9;]*m")
_INKED = re.compile(r"(\x1b\[[0-9;]*m)([^\x1b]*)\x1b\[0m")


class Sheet:
    """The lines that were drawn last, and how to draw others over them.

    write: to the terminal. size: its columns and rows, now. reflows: it breaks lines anew where it is made narrower.
    """

    def __init__(
        self, write: Callable[[str], None], size: Callable[[], tuple[int, int]], *, reflows: bool = True
    ) -> None:
        self._write = write
        self._size = size
        self._reflows = reflows
        self._drawn: list[int] = []

    @property
    def width(self) -> int:
        """Columns of the terminal."""
        return max(1, self._size()[0])

    @property
    def room(self) -> int:
        """Rows for lines: one less than the terminal has, for the cursor stands below them."""
        return max(1, self._size()[1] - 1)

    def draw(self, lines: Sequence[str]) -> None:
        """Draws lines over those before; what the terminal has no room for is left out, the last line never."""
        lines = list(lines)
        if len(lines) > self.room:
            lines = [*lines[: self.room - 1], lines[-1]]
        self._write(self._back(len(self._drawn)) + "".join(f"{line}\n" for line in lines))
        self._drawn = [cell_width(_SGR.sub("", line)) for line in lines]

    def draw_last(self, line: str) -> None:
        """Draws the last line alone anew."""
        self._write(f"{self._back(1)}{line}\n")
        self._drawn[-1:] = [cell_width(_SGR.sub("", line))]

    def drop_last(self) -> None:
        """Takes the last line away; the others stay."""
        if self._drawn:
            self._write(self._back(1))
            self._drawn.pop()

    def _back(self, count: int) -> str:
        """To the beginning of the last `count` lines, and everything from there on cleared."""
        width = self.width
        gone = self._drawn[len(self._drawn) - count :]
        rows = sum(max(1, math.ceil(size / width)) if self._reflows else 1 for size in gone)
        return (f"\x1b[{rows}A" if rows else "") + "\r\x1b[J"


def folded(line: str, width: int) -> list[str]:
    """A line broken at its words into lines of a width; one in a single ink keeps it."""
    plain = _SGR.sub("", line)
    if cell_width(plain) <= width:
        return [line]
    parts = textwrap.wrap(plain, width) or [""]
    inked = _INKED.fullmatch(line)
    return [f"{inked[1]}{part}\x1b[0m" for part in parts] if inked else parts
