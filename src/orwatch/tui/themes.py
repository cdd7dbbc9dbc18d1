"""Palettes as data, and the ink made of them: one style a role. Colour means country; one accent belongs to the user."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct
from rich.color import Color
from rich.color_triplet import ColorTriplet
from rich.style import Style
from textual.theme import Theme


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


def textual_theme(palette: Palette) -> Theme:
    """The palette as a Textual theme, for the parts Textual draws itself."""
    if palette.ansi:
        return Theme(
            name=f"orwatch-{palette.name}",
            primary="ansi_default",
            accent=f"ansi_{palette.accent or 'default'}",
            foreground="ansi_default",
            background="ansi_default",
            surface="ansi_default",
            panel="ansi_default",
            boost="ansi_default",
            ansi=True,
            variables={"ansi-background": "ansi_default", "ansi-foreground": "ansi_default", **inks(palette)},
        )
    return Theme(
        name=f"orwatch-{palette.name}",
        primary=palette.accent,
        accent=palette.accent,
        foreground=palette.text,
        background=palette.background,
        surface=palette.surface,
        panel=palette.raised,
        boost=palette.raised,
        error=palette.trouble,
        dark=palette.dark,
        variables=inks(palette),
    )


def inks(palette: Palette) -> dict[str, str]:
    """The roles of a palette as variables of the style sheet and of styled text: `$ink-cn`, `$ink-dim`.

    What is dim on a terminal's own colours is so by an attribute, which only styled text can take.
    """
    ansi = {"": "ansi_default", "dim": "ansi_default dim"}
    ground = "ansi_black" if palette.ansi else palette.background
    accent = f"ansi_{palette.accent}" if palette.ansi else palette.accent
    return {
        f"ink-{role}": (ansi.get(value) or f"ansi_{value}") if palette.ansi else value
        for role in Ink.ROLES
        for value in (getattr(palette, role),)
    } | {
        "ink-cap": "reverse bold" if palette.hatch else f"{ground} on {accent} bold",
        "hint": palette.dim if not palette.ansi else "ansi_default",
        "cursor-background": "ansi_default" if palette.ansi else palette.selected,
        "cursor-style": "reverse" if palette.ansi else "none",
    }


def country_role(code: str | None) -> str:
    """The role of a country: CN and US have their own, all others share one, None is unattributed."""
    if code is None:
        return "unattributed"
    return {"CN": "cn", "US": "us", "other": "other"}.get(code, "elsewhere")


def _blend(colour: str, ground: str, amount: float) -> str:
    """`colour` with `amount` of `ground` in it."""
    one, two = Color.parse(colour).get_truecolor(), Color.parse(ground).get_truecolor()
    mixed = (round(a + (b - a) * amount) for a, b in zip(one, two, strict=True))
    return ColorTriplet(*mixed).hex


class Ink:
    """Styles by role, for one palette. Areas take the country's colour with a tenth of the background in it, faded ones half."""

    ROLES = (
        "text",
        "bright",
        "dim",
        "faint",
        "rule",
        "accent",
        "cn",
        "us",
        "elsewhere",
        "unattributed",
        "other",
        "trouble",
    )

    def __init__(self, palette: Palette) -> None:
        self.palette = palette
        self.hatch = palette.hatch
        self._styles: dict[str, Style] = {}
        for role in self.ROLES:
            self._styles[role] = self._plain(getattr(palette, role))
        self._styles["bright"] += Style(bold=True)
        for role in ("cn", "us", "elsewhere", "unattributed", "accent", "trouble"):
            self._styles[f"{role}+"] = self._styles[role] + Style(bold=True)
        for role in ("cn", "us", "elsewhere", "unattributed", "other"):
            # A terminal's own colours cannot be mixed: there the line is dim.
            faded = Style(dim=True) if palette.ansi else Style(color=self.area(role, faded=True))
            self._styles[f"{role}-"] = self._styles[role] + faded
        self._styles["text+"] = self._styles["text"] + Style(bold=True)
        self._styles["cap"] = self._cap(palette.accent)
        self._styles["lit"] = (
            self._styles["bright"] if palette.hatch else self._styles["accent+"] + Style(underline=True)
        )
        self._styles["strike"] = self._styles["dim"] + Style(strike=True)
        if palette.ansi and palette.selected == "reverse":
            self.selected = Style(reverse=True)
        else:
            self.selected = Style(bgcolor=palette.selected)

    def _plain(self, value: str) -> Style:
        if value == "dim":
            return Style(dim=True)
        return Style(color=value) if value else Style()

    def _cap(self, colour: str) -> Style:
        if self.palette.hatch:
            return Style(reverse=True, bold=True)
        if self.palette.ansi:
            return Style(color="black", bgcolor=colour, bold=True)
        return Style(color=self.palette.background, bgcolor=colour, bold=True)

    def __getitem__(self, role: str) -> Style:
        return self._styles[role]

    def country(self, code: str | None) -> str:
        """The role of a country."""
        return country_role(code)

    @lru_cache(maxsize=64)  # noqa: B019 - there is one ink a palette, and it lives as long as the program
    def area(self, role: str, *, faded: bool = False) -> str:
        """The colour of an area: a hexadecimal, a terminal colour, or empty."""
        colour: str = getattr(self.palette, role)
        if not colour or self.palette.ansi:
            return colour
        if role == "other":
            return colour
        return _blend(colour, self.palette.background, 0.5 if faded else 0.1)

    def fill(self, role: str) -> Style:
        """A filled bar of a role, with text that can be read on it."""
        if self.palette.hatch:
            return Style(reverse=True, bold=True)
        colour = getattr(self.palette, role)
        ground = self.palette.background or ("white" if role == "other" else "black")
        return Style(color=ground, bgcolor=colour, bold=True)


HATCHES = {"cn": "█", "us": "▒", "elsewhere": "░", "unattributed": "░", "other": "·"}
"""Characters of areas where there is no colour."""
