"""The clipboard of the terminal, by OSC 52, through tmux and screen too.

tmux with `set-clipboard on` takes the plain sequence itself; with `allow-passthrough on` it hands a wrapped one to the
terminal: both are written. screen knows neither and passes short device control strings on.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping

LONGEST = 74_994
"""Bytes of text: in base64 they fill the 100,000 that terminals take; beyond that some drop all of it."""

SCREEN_CHUNK = 76
"""Bytes that screen passes on in one string; its own limit is 768 with what stands around them."""

ESC, BEL, END = "\x1b", "\x07", "\x1b\\"


def fits(text: str) -> bool:
    """Whether terminals take as much."""
    return len(text.encode()) <= LONGEST


def passed_on(text: str, env: Mapping[str, str]) -> str:
    """What hands the clipboard on to the terminal around tmux or screen, beside the plain sequence that Textual writes."""
    plain = f"{ESC}]52;c;{base64.b64encode(text.encode()).decode()}{BEL}"
    if env.get("TMUX"):
        inner = plain.replace(ESC, ESC + ESC)
        return f"{ESC}Ptmux;{inner}{END}"
    if env.get("STY"):
        chunks = (plain[at : at + SCREEN_CHUNK] for at in range(0, len(plain), SCREEN_CHUNK))
        return "".join(f"{ESC}P{chunk}{END}" for chunk in chunks)
    return ""
