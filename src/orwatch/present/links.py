"""Addresses as links of a terminal (OSC 8). What is shown of one is where it leads to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

ADDRESS: Final = re.compile(
    r"(?<![\w./@:-])(?:https://)?(?:www\.)?(?:openrouter|artificialanalysis|designarena)\.ai(?:/[\w./-]*\w)?(?![\w-])",
    re.ASCII,
)
"""An address of a source as citations have it, with or without its scheme. No other becomes a link: names are foreign text."""

WITHOUT: Final = ("", "dumb", "linux")
"""Terminals, by TERM, that show the sequence or do nothing with it."""


def wanted(setting: str, env: Mapping[str, str]) -> bool:
    """Whether a terminal is given links. setting: auto, on or off; FORCE_HYPERLINK goes before it: 0 for none, else on."""
    forced = env.get("FORCE_HYPERLINK")
    if forced:
        return forced != "0"
    return setting == "on" or (setting == "auto" and env.get("TERM", "") not in WITHOUT)


def target(address: str) -> str:
    """Where an address leads to."""
    return address if "://" in address else f"https://{address}"


def linked(text: str) -> str:
    """Text with its addresses as links."""
    return ADDRESS.sub(lambda found: f"\x1b]8;;{target(found[0])}\x1b\\{found[0]}\x1b]8;;\x1b\\", text)
