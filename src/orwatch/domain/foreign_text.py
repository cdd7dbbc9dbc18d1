"""Foreign text: names, messages and whatever else comes from outside. One definition of what in it is hostile.

Hostile is what steers a terminal, turns the direction of writing, or is there and cannot be seen.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import chain
from typing import Final
from unicodedata import combining

HOSTILE: Final = (
    "["
    "\x00-\x1f\x7f-\x9f"  # C0 (ESC and the ends of lines among them), DEL and C1
    "\u2028\u2029"  # separators of lines and paragraphs
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi marks, embeddings, overrides and isolates
    "\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f"  # no width
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\ud800-\udfff"  # lone surrogates cannot be written to any terminal or file
    "\ufffe\uffff"  # no characters: XML has none of them
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "]"
)
"""A class of characters for a regular expression."""

_PLAIN: Final = frozenset(
    map(
        chr,
        chain(
            range(0x20, 0x7F),
            range(0xA1, 0xAD),
            range(0xAE, 0x300),
            range(0x2010, 0x2028),
            range(0x2030, 0x205F),
            range(0x2190, 0x2300),
            range(0x2500, 0x25FD),
            map(ord, "Δ⌫✓✗"),
        ),
    )
)

LONGEST: Final = 10_000
"""Characters of a text that are read: nothing that is shown is longer."""

MOST_MARKS: Final = 4
"""Combining marks that a letter keeps; more of them would be painted over the rows around it."""

VISIBLE: Final = "�"


@cache
def _hostile() -> re.Pattern[str]:
    return re.compile(HOSTILE)  # most runs see plain signs alone and need none


def is_plain(text: str) -> bool:
    """Whether it has only signs that are seen, none of them hostile, and take one cell each: Latin, and all that orwatch draws."""
    return _PLAIN.issuperset(text)


def safe(text: str) -> str:
    """The text with every hostile character made visible as `�`."""
    return text if is_plain(text) else _hostile().sub(VISIBLE, text)


def line(text: str) -> str:
    """The text on one line: hostile characters are dropped, and white space, whatever its kind, becomes single spaces."""
    if not is_plain(text):
        text = _hostile().sub(_gap, text)
    return " ".join(text.split())


def lines(text: str) -> str:
    """The same for several lines, which stay apart."""
    return "\n".join(line(one) for one in text.splitlines())


def clean(text: str, limit: int = 200) -> str:
    """The text on one line, at most `limit` characters; what is cut ends in "…". A letter keeps four combining marks."""
    found = line(text[:LONGEST])
    if not found.isascii():
        found = _few_marks(found)
    cut = len(found) > limit or len(text) > LONGEST
    return found[: limit - 1].rstrip() + "…" if cut and found else found


def _gap(found: re.Match[str]) -> str:
    return " " if found[0].isspace() else ""


def _few_marks(text: str) -> str:
    kept, marks = [], 0
    for char in text:
        marks = marks + 1 if combining(char) else 0
        if marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)
