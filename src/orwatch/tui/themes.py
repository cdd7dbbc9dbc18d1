"""Themes: which there are, the palette of each, and that palette as Textual's theme and as Rich's styles, one a role."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec.structs import replace
from rich.color import Color
from rich.color_triplet import ColorTriplet
from rich.style import Style
from textual.theme import BUILTIN_THEMES, Theme

from orwatch.config import check_theme, own_themes
from orwatch.errors import OrwatchError
from orwatch.present.cells import country_role
from orwatch.present.colours import OWN_THEMES, TEXTUAL_THEMES, Palette, goes_by_the_terminal, palette_of

QUIET: Final = {"dim": (0.36, 3.6), "faint": (0.62, 2.6)}
"""How much of the ground text has in it that is less than text, and the contrast that it keeps."""


class Themes:
    """The themes that there are, and the one that is worn.

    worn: its name; `auto` where there is none of the one that is given. env: of the process. config: the user's config file, None
    for none. dark: the terminal's ground as it answered, None where it has not. faults: the user's themes that cannot be used, a
    sentence each.
    """

    def __init__(
        self, worn: str, env: Mapping[str, str], config: Path | None = None, *, dark: bool | None = None
    ) -> None:
        self.worn = worn
        self.dark = dark
        self.faults: list[str] = []
        self._env = env
        self._config = config
        self._own: Mapping[str, Palette] = {}
        self.read()
        try:
            check_theme(worn, config)
        except OrwatchError as error:
            self.worn = OWN_THEMES[0]
            if str(error) not in self.faults:
                self.faults.append(str(error))

    def read(self) -> None:
        """Reads the user's own anew."""
        if self._config is not None:
            self._own, self.faults = own_themes(self._config)

    @property
    def groups(self) -> Mapping[str, tuple[str, ...]]:
        """The names by whose they are: the user's first."""
        textual = tuple(name for name in TEXTUAL_THEMES if name in BUILTIN_THEMES)
        return {"yours": tuple(self._own), "orwatch": OWN_THEMES, "Textual": textual}

    @property
    def colourless(self) -> bool:
        """Whether the environment wants no colour, whatever the theme."""
        return palette_of(OWN_THEMES[0], self._env).hatch

    @property
    def follows(self) -> bool:
        """Whether the one that is worn is dark or light as the terminal is."""
        return goes_by_the_terminal(self.worn, self._env)

    def palette(self, name: str | None = None) -> Palette:
        """The palette of a theme, of the worn one unless a name is given."""
        name = self.worn if name is None else name
        palette = palette_of(name, self._env, self._own, dark=self.dark)
        if name in TEXTUAL_THEMES and name in BUILTIN_THEMES and not palette.hatch:
            return palette_from(BUILTIN_THEMES[name], palette)
        return palette


def palette_from(theme: Theme, base: Palette) -> Palette:
    """The ground, the text and the accent of a theme of Textual's. Countries and trouble keep their colours of `base`."""
    colours = theme.to_color_system().generate()
    ground, text = colours["background"], colours["foreground"]
    accents = [colours[name] for name in ("accent", "primary", "secondary", "success")]
    taken = [getattr(base, role) for role in ("cn", "us", "elsewhere", "unattributed", "trouble")]
    legible = [colour for colour in accents if contrast(colour, ground) >= QUIET["dim"][1]] or accents
    return replace(
        base,
        name=theme.name,
        background=ground,
        surface=colours["surface"],
        raised=colours["panel"],
        text=text,
        bright=_blend(text, "#ffffff" if base.dark else "#000000", 0.6),
        dim=_quieter(text, ground, "dim"),
        faint=_quieter(text, ground, "faint"),
        rule=_blend(text, ground, 0.8),
        other=_blend(text, ground, 0.75),
        selected=_blend(colours["primary"], ground, 0.8),
        accent=max(legible, key=lambda colour: min(_apart(colour, other) for other in taken)),
    )


def _quieter(text: str, ground: str, role: str) -> str:
    """Text with as much of the ground in it as leaves it legible."""
    most, least = QUIET[role]
    amounts = (most * part / 10 for part in range(10, 0, -1))
    blends = (_blend(text, ground, amount) for amount in amounts)
    return next((colour for colour in blends if contrast(colour, ground) >= least), text)


def _triplet(colour: str) -> ColorTriplet:
    return Color.parse(colour.lower()).get_truecolor()


def _apart(one: str, two: str) -> int:
    """How far two colours are apart, squared."""
    return sum((a - b) ** 2 for a, b in zip(_triplet(one), _triplet(two), strict=True))


def contrast(one: str, two: str) -> float:
    """The contrast of two colours, 1 to 21, as WCAG 2 has it."""
    low, high = sorted(map(_luminance, (one, two)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    linear = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _triplet(colour).normalized
    )
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def textual_theme(palette: Palette) -> Theme:
    """The palette as a Textual theme, for the parts Textual draws itself."""
    ansi = palette.ansi

    def plain(colour: str) -> str:
        return "ansi_default" if ansi else colour

    return Theme(
        name=f"orwatch-{palette.name}",
        primary=plain(palette.accent),
        accent=f"ansi_{palette.accent or 'default'}" if ansi else palette.accent,
        foreground=plain(palette.text),
        background=plain(palette.background),
        surface=plain(palette.surface),
        panel=plain(palette.raised),
        boost=plain(palette.raised),
        error=None if ansi else palette.trouble,
        dark=palette.dark,
        ansi=ansi,
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
        for role in ROLES
        for value in (getattr(palette, role),)
    } | {
        **(dict.fromkeys(("ansi-background", "ansi-foreground"), "ansi_default") if palette.ansi else {}),
        "ink-bright": "ansi_default bold" if palette.ansi else f"{palette.bright} bold",
        "ink-accent": "ansi_default bold" if palette.hatch else accent,
        "ink-cap": "reverse bold" if palette.hatch else f"{ground} on {accent} bold",
        "hint": palette.dim if not palette.ansi else "ansi_default",
        "cursor-background": "ansi_default" if palette.ansi else palette.selected,
        "cursor-style": "reverse" if palette.ansi else "none",
    }


def _blend(colour: str, ground: str, amount: float) -> str:
    """`colour` with `amount` of `ground` in it."""
    mixed = (round(a + (b - a) * amount) for a, b in zip(_triplet(colour), _triplet(ground), strict=True))
    return ColorTriplet(*mixed).hex


ROLES = (
    "text", "bright", "dim", "faint", "rule", "accent", "cn", "us", "elsewhere", "unattributed", "other", "trouble",
)  # fmt: skip


class Ink:
    """Styles by role, for one palette. Areas take the country's colour with a tenth of the background in it, faded ones half."""

    def __init__(self, palette: Palette) -> None:
        self.palette = palette
        self.hatch = palette.hatch
        self._areas: dict[tuple[str, bool], str] = {}
        self._styles = {role: self._plain(getattr(palette, role)) for role in ROLES}
        for role in ("bright", "accent") if palette.hatch else ("bright",):
            self._styles[role] += Style(bold=True)
        for role in ("cn", "us", "elsewhere", "unattributed", "accent", "trouble"):
            self._styles[f"{role}+"] = self._styles[role] + Style(bold=True)
        for role in ("cn", "us", "elsewhere", "unattributed", "other"):
            # A terminal's own colours cannot be mixed: there the line is dim.
            faded = Style(dim=True) if palette.ansi else Style(color=self.area(role, faded=True))
            self._styles[f"{role}-"] = self._styles[role] + faded
        self._styles["text+"] = self._styles["text"] + Style(bold=True)
        self._styles["cap"] = self.fill("accent")
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
        return Style(color=value) if value else Style.null()

    def __getitem__(self, role: str) -> Style:
        """The style of a role; with `@` and an address behind it a link, with a target what a click does (see `Bar`)."""
        if "@" in role and role not in self._styles:
            plain, _, target = role.partition("@")
            more = Style(link=target) if "://" in target else Style(meta={"target": target})
            self._styles[role] = self._styles[plain] + more
        return self._styles[role]

    def country(self, code: str | None) -> str:
        """The role of a country."""
        return country_role(code)

    def area(self, role: str, *, faded: bool = False) -> str:
        """The colour of an area: a hexadecimal, a terminal colour, or empty. A chart asks for it in every cell."""
        if (role, faded) not in self._areas:
            colour: str = getattr(self.palette, role)
            if colour and not self.palette.ansi and role != "other":
                colour = _blend(colour, self.palette.background, 0.5 if faded else 0.1)
            self._areas[role, faded] = colour
        return self._areas[role, faded]

    def fill(self, role: str) -> Style:
        """A filled bar of a role, with text that can be read on it."""
        if self.palette.hatch:
            return Style(reverse=True, bold=True)
        colour = getattr(self.palette, role)
        ground = self.palette.background or ("white" if role == "other" else "black")
        return Style(color=ground, bgcolor=colour, bold=True)
