"""The user's own themes: a TOML file each, in the folder `themes` beside the config file. Its name is the theme's.

It gives the roles of a palette colours, `accent = "#57d3bd"`. What it leaves out it has from its `base`, one of orwatch's own;
without one from that which suits its background.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from orwatch.config.files import read_document
from orwatch.domain.names import near
from orwatch.errors import OrwatchError, UsageError
from orwatch.present.colours import DARK, LIGHT, NONE, OWN_THEMES, PALETTES, ROLES, TEXTUAL_THEMES, Palette

SETTING: Final = "view.theme"

FOLDER: Final = "themes"

BASES: Final = {name: palette for name, palette in PALETTES.items() if not palette.ansi}
"""What a theme may be based on: those whose colours are not the terminal's."""

HALF: Final = 0.5
"""The brightness from which a ground is light."""


def own_themes(config: Path) -> tuple[dict[str, Palette], list[str]]:
    """The user's themes by name, and of each file that cannot be used, in a sentence, which and why.

    config: the config file.
    """
    folder = config.parent / FOLDER
    found: dict[str, Palette] = {}
    faults: list[str] = []
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(".toml"))
    except (FileNotFoundError, NotADirectoryError):
        return found, faults
    except OSError as error:
        return found, [f"{folder} cannot be read: {error.strerror}."]
    for name in names:
        try:
            theme = read_theme(folder / name)
        except OrwatchError as error:
            faults.append(str(error))
        else:
            found[theme.name] = theme
    return found, faults


def read_theme(path: Path) -> Palette:
    """A theme of the user's. Raises UsageError where the file is none, naming it and the reason."""
    name = path.stem.casefold()
    if name in OWN_THEMES or name in TEXTUAL_THEMES:
        raise UsageError(f"{path}: {name} is a theme that is there already; give the file another name.")
    colours = read_document(path)
    base = colours.pop("base", None)
    if base is not None and (not isinstance(base, str) or base not in BASES):
        raise UsageError(f"{path}: base is {base!r}; it takes {', '.join(BASES)}.")
    for role, colour in colours.items():
        if role not in ROLES:
            raise UsageError(f"{path}: {role!r} is no colour of a theme; {near(role, ('base', *ROLES))}.")
        if not isinstance(colour, str) or not re.fullmatch("#[0-9a-fA-F]{6}", colour):
            raise UsageError(f"{path}: {role} is {colour!r}; it takes a colour such as {DARK.accent}.")
    ground = colours.get("background")
    dark = _is_dark(ground) if ground else BASES[base or "dark"].dark
    under = BASES[base] if base else DARK if dark else LIGHT
    return replace(under, name=name, dark=dark, **{role: colour.lower() for role, colour in colours.items()})


def _is_dark(ground: str) -> bool:
    red, green, blue = bytes.fromhex(ground[1:])
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255 < HALF


def check_theme(name: str, config: Path | None) -> None:
    """Raises UsageError for the name of no theme, with the nearest ones, and for one of the user's that cannot be used."""
    if name in OWN_THEMES or name in TEXTUAL_THEMES:
        return
    own = own_themes(config)[0] if config is not None else {}
    if name in own:
        return
    if config is not None and (file := config.parent / FOLDER / f"{name}.toml").exists():
        read_theme(file)
    known = [
        one for one in (*OWN_THEMES, *own, *TEXTUAL_THEMES) if one != NONE.name
    ]  # "nearest: none" says something else
    raise UsageError(f"{name!r} is no theme; {near(name, known)}; `t` in the dashboard shows them.")
