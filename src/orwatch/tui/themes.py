"""The palette as Textual's theme and as Rich's styles: one style a role."""

from __future__ import annotations

from rich.color import Color
from rich.color_triplet import ColorTriplet
from rich.style import Style
from textual.theme import Theme

from orwatch.present.cells import country_role
from orwatch.present.colours import Palette


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
        for role in ROLES
        for value in (getattr(palette, role),)
    } | {
        "ink-bright": "ansi_default bold" if palette.ansi else f"{palette.bright} bold",
        "ink-cap": "reverse bold" if palette.hatch else f"{ground} on {accent} bold",
        "hint": palette.dim if not palette.ansi else "ansi_default",
        "cursor-background": "ansi_default" if palette.ansi else palette.selected,
        "cursor-style": "reverse" if palette.ansi else "none",
    }


def _blend(colour: str, ground: str, amount: float) -> str:
    """`colour` with `amount` of `ground` in it."""
    one, two = Color.parse(colour).get_truecolor(), Color.parse(ground).get_truecolor()
    mixed = (round(a + (b - a) * amount) for a, b in zip(one, two, strict=True))
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
        return Style(color=value) if value else Style.null()

    def _cap(self, colour: str) -> Style:
        if self.palette.hatch:
            return Style(reverse=True, bold=True)
        if self.palette.ansi:
            return Style(color="black", bgcolor=colour, bold=True)
        return Style(color=self.palette.background, bgcolor=colour, bold=True)

    def __getitem__(self, role: str) -> Style:
        """The style of a role; with `@` and a target behind it, one that says what a click does (see `Bar`)."""
        if "@" in role and role not in self._styles:
            plain, _, target = role.partition("@")
            self._styles[role] = self._styles[plain] + Style(meta={"target": target})
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
