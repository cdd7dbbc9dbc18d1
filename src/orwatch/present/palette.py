"""The one palette: a colour for each role, on dark and light grounds, of sixteen colours, and without any.

Colour means country; one accent belongs to the user. A role with `+` is bold. Commands make SGR codes of it, the screen styles.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct


class Palette(Struct, frozen=True):
    """Colours by role, as hexadecimal or as the terminal's own names; an empty one is the terminal's default.

    hatch: areas are told apart by characters instead of colours.
    """

    name: str
    background: str
    surface: str
    raised: str
    selected: str
    text: str
    bright: str
    dim: str
    faint: str
    rule: str
    accent: str
    cn: str
    us: str
    elsewhere: str
    unattributed: str
    other: str
    trouble: str
    dark: bool = True
    hatch: bool = False

    @property
    def ansi(self) -> bool:
        """Whether it uses the terminal's own colours."""
        return not self.background


DARK = Palette(
    name="dark",
    background="#0f1318",
    surface="#171d24",
    raised="#1a2129",
    selected="#1c2c31",
    text="#ccd4dd",
    bright="#f6f8fa",
    dim="#8793a1",
    faint="#5b6673",
    rule="#2d3641",
    accent="#57d3bd",
    cn="#ee9548",
    us="#4f91ee",
    elsewhere="#e6e0a0",
    unattributed="#a4acb5",
    other="#343e49",
    trouble="#ff6f90",
)
LIGHT = Palette(
    name="light",
    background="#fbfaf6",
    surface="#f0eee7",
    raised="#ffffff",
    selected="#dbebe6",
    text="#282a2d",
    bright="#000000",
    dim="#66645c",
    faint="#949087",
    rule="#d4d1c7",
    accent="#00766a",
    cn="#b65200",
    us="#1c5fc4",
    elsewhere="#7d2079",
    unattributed="#6b6f75",
    other="#cfccc2",
    trouble="#c0164a",
    dark=False,
)
TERMINAL = Palette(
    name="terminal",
    background="",
    surface="",
    raised="",
    selected="reverse",
    text="",
    bright="",
    dim="dim",
    faint="dim",
    rule="dim",
    accent="cyan",
    cn="yellow",
    us="bright_blue",
    elsewhere="magenta",
    unattributed="white",
    other="bright_black",
    trouble="bright_red",
)
NONE = Palette(
    name="none",
    background="",
    surface="",
    raised="",
    selected="reverse",
    text="",
    bright="",
    dim="dim",
    faint="dim",
    rule="dim",
    accent="",
    cn="",
    us="",
    elsewhere="",
    unattributed="",
    other="",
    trouble="",
    hatch=True,
)
PALETTES: Mapping[str, Palette] = {palette.name: palette for palette in (DARK, LIGHT, TERMINAL, NONE)}


def choose(setting: str, env: Mapping[str, str]) -> Palette:
    """The palette of a setting ("auto", "dark" …): without colour under NO_COLOR, the terminal's own where it has sixteen."""
    if env.get("NO_COLOR") is not None or env.get("TERM") == "dumb":
        return NONE
    if setting in PALETTES:
        return PALETTES[setting]
    term, colours = env.get("TERM", ""), env.get("COLORTERM", "")
    if colours not in ("truecolor", "24bit") and _has_sixteen(term):
        return TERMINAL
    background = env.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT if background in ("7", "15") else DARK


def _has_sixteen(term: str) -> bool:
    """Whether Rich draws on a terminal of this name with sixteen colours: those of a palette would be rounded to any of them."""
    return term.lower().rpartition("-")[2] not in ("256color", "kitty")


HATCHES = {"cn": "█", "us": "▒", "elsewhere": "░", "unattributed": "░", "other": "·"}
"""Characters of areas where there is no colour."""

_SGR: Final = {
    "dim": "2",
    "yellow": "33",
    "magenta": "35",
    "cyan": "36",
    "white": "37",
    "bright_black": "90",
    "bright_red": "91",
    "bright_blue": "94",
}


def sgr(setting: str, env: Mapping[str, str]) -> dict[str, str]:
    """SGR parameters by role for the setting of a theme; none where no escape may be written.

    A command does not paint the ground it writes on: text keeps the terminal's colour, and what is dim is dimmed.
    """
    palette = choose(setting, env)
    if palette.hatch:
        return {}
    if env.get("COLORTERM", "").lower() not in ("truecolor", "24bit"):
        palette = TERMINAL
    codes = dict.fromkeys(("dim", "faint", "rule"), "2") | {"bright": "1", "text+": "1", "strike": "2;9"}
    for role in ("accent", "cn", "us", "elsewhere", "unattributed", "other", "trouble"):
        colour = getattr(palette, role)
        code = _SGR.get(colour) or "38;2;" + ";".join(str(part) for part in bytes.fromhex(colour[1:]))
        codes |= {role: code, f"{role}+": f"1;{code}"}
    return codes
