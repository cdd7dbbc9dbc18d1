"""The one palette: a colour for each role, on dark and light grounds, of sixteen colours, and without any.

Colour means country; one accent belongs to the user. A role with `+` is bold. Commands make SGR codes of it, the screen styles.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct


class Palette(Struct, frozen=True):
    """Colours by role, as hexadecimal or as the terminal's own names; an empty one is the terminal's default."""

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

    @property
    def dark(self) -> bool:
        """Whether its ground is dark, or the terminal's."""
        return self.name != "light"

    @property
    def hatch(self) -> bool:
        """Whether areas are drawn with characters instead of colours."""
        return self.name == "none"

    @property
    def ansi(self) -> bool:
        """Whether it uses the terminal's own colours."""
        return not self.background


_COLOURS: Final = (
    # role, dark, light, sixteen colours, without colour
    ("background", "#0f1318", "#fbfaf6", "", ""),
    ("surface", "#171d24", "#f0eee7", "", ""),
    ("raised", "#1a2129", "#ffffff", "", ""),
    ("selected", "#1c2c31", "#dbebe6", "reverse", "reverse"),
    ("text", "#ccd4dd", "#282a2d", "", ""),
    ("bright", "#f6f8fa", "#000000", "", ""),
    ("dim", "#8793a1", "#66645c", "dim", "dim"),
    ("faint", "#5b6673", "#949087", "dim", "dim"),
    ("rule", "#2d3641", "#d4d1c7", "dim", "dim"),
    ("accent", "#57d3bd", "#00766a", "cyan", ""),
    ("cn", "#ee9548", "#b65200", "yellow", ""),
    ("us", "#4f91ee", "#1c5fc4", "bright_blue", ""),
    ("elsewhere", "#e6e0a0", "#7d2079", "magenta", ""),
    ("unattributed", "#a4acb5", "#6b6f75", "white", ""),
    ("other", "#343e49", "#cfccc2", "bright_black", ""),
    ("trouble", "#ff6f90", "#c0164a", "bright_red", ""),
)
DARK, LIGHT, TERMINAL, NONE = (
    Palette(name, **{role: colours[n] for role, *colours in _COLOURS})
    for n, name in enumerate(("dark", "light", "terminal", "none"))
)
PALETTES: Mapping[str, Palette] = {palette.name: palette for palette in (DARK, LIGHT, TERMINAL, NONE)}


def palette_of(setting: str, env: Mapping[str, str]) -> Palette:
    """The palette of a setting ("auto", "dark" …): none where NO_COLOR is not empty, the terminal's own where it has sixteen."""
    if env.get("NO_COLOR") or env.get("TERM") == "dumb":
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
    palette = palette_of(setting, env)
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
