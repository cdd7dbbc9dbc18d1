"""The palettes: a colour for each role, on dark and light grounds, of sixteen colours, and without any.

Colour means country; one accent belongs to the user. A role with `+` is bold. Commands make SGR codes of it, the screen styles.
A theme is a palette by its name: one of these, one of Textual's, or the user's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace


class Palette(Struct, frozen=True):
    """Colours by role, as hexadecimal or as the terminal's own names; an empty one is the terminal's default.

    dark: whether its ground is dark, or the terminal's.
    """

    name: str
    dark: bool
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
ROLES: Final = tuple(role for role, *_ in _COLOURS)
DARK, LIGHT, TERMINAL, NONE = (
    Palette(name, name != "light", **{role: colours[n] for role, *colours in _COLOURS})
    for n, name in enumerate(("dark", "light", "terminal", "none"))
)
# As far apart as they go in simulated protan, deutan and tritan vision, and still readable as text.
BLIND_DARK: Final = replace(
    DARK, name="colour-blind-dark", cn="#e08a00", us="#5e7fe8", elsewhere="#f8f3a0", unattributed="#b2b6b9", other="#3a4048",
    accent="#70eee8", trouble="#ec4aa0",
)  # fmt: skip
BLIND_LIGHT: Final = replace(
    LIGHT, name="colour-blind-light", cn="#b75106", us="#16309f", elsewhere="#501348", unattributed="#707479", other="#d4d2cd",
    accent="#066462", trouble="#941d28",
)  # fmt: skip
PALETTES: Mapping[str, Palette] = {
    palette.name: palette for palette in (DARK, LIGHT, BLIND_DARK, BLIND_LIGHT, TERMINAL, NONE)
}

AUTO: Mapping[str, tuple[Palette, Palette]] = {"auto": (DARK, LIGHT), "colour-blind": (BLIND_DARK, BLIND_LIGHT)}
"""Themes that go by the terminal: on a dark ground, on a light one."""

OWN_THEMES: Final = (*AUTO, *PALETTES)

TEXTUAL_THEMES: Mapping[str, Palette] = {
    **dict.fromkeys(
        (
            "atom-one-dark", "catppuccin-frappe", "catppuccin-macchiato", "catppuccin-mocha", "dracula", "flexoki", "gruvbox",
            "monokai", "nord", "rose-pine", "rose-pine-moon", "solarized-dark", "textual-dark", "tokyo-night",
        ),
        DARK,
    ),
    **dict.fromkeys(("atom-one-light", "catppuccin-latte", "rose-pine-dawn", "solarized-light", "textual-light"), LIGHT),
}  # fmt: skip
"""Textual's themes, each with the palette whose countries it takes: commands, which do without Textual, use it as it is."""


def palette_of(
    setting: str, env: Mapping[str, str], own: Mapping[str, Palette] | None = None, *, dark: bool | None = None
) -> Palette:
    """The palette of a theme: without colour where NO_COLOR is not empty, the terminal's own where it has sixteen.

    own: the user's themes. dark: the terminal's ground as it answered, None where it did not. A name that is no theme is "auto".
    """
    if env.get("NO_COLOR") or env.get("TERM") == "dumb":
        return NONE
    found = PALETTES.get(setting) or TEXTUAL_THEMES.get(setting) or (own or {}).get(setting)
    if found is not None:
        return found
    # To sixteen colours Rich would round those of a palette, on a terminal of any other name.
    many = env.get("TERM", "").lower().rpartition("-")[2] in ("256color", "kitty")
    if not many and env.get("COLORTERM", "") not in ("truecolor", "24bit"):
        return TERMINAL
    if dark is None:
        dark = env.get("COLORFGBG", "").rpartition(";")[2] not in ("7", "15")
    return AUTO.get(setting, AUTO["auto"])[not dark]


def goes_by_the_terminal(setting: str, env: Mapping[str, str]) -> bool:
    """Whether a theme is dark or light as the terminal's ground is."""
    return setting in AUTO and not palette_of(setting, env).ansi


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


def sgr(palette: Palette, env: Mapping[str, str]) -> dict[str, str]:
    """SGR parameters by role; none where no colour may be written.

    A command does not paint the ground it writes on: text keeps the terminal's colour, and what is dim is dimmed.
    """
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
