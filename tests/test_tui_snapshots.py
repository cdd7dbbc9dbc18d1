"""Pictures of the screen, compared cell by cell with those beside this file. New ones: `pytest --snapshot-update`.

A picture is text: the screen as it reads, then for each line which styles its cells have, then what the styles are.
"""

from __future__ import annotations

from datetime import date
from itertools import groupby
from string import ascii_letters, digits

import pytest
from rich.cells import cell_len
from rich.style import Style
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.location import PyTestLocation
from syrupy.types import SnapshotIndex

from orwatch.core.refresh import refresh
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.present.colours import DARK, LIGHT, NONE, TERMINAL, Palette
from tui_support import Tui, WiredSource, demo, running, strips

CHART = Query(lens=Lens(Basis.CHART))
SIZES = ((40, 12), (80, 24), (120, 40), (200, 60))
NAMES = ascii_letters + digits + "".join(map(chr, range(0xC0, 0x250)))


class Screen(SingleFileSnapshotExtension):
    """One text file a picture; those of one run are called by their names."""

    file_extension = "txt"
    _write_mode = WriteMode.TEXT

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        name = super().get_snapshot_name(test_location=test_location, index=index)
        return f"test_picture[{index}]" if isinstance(index, str) else name


def picture(tui: Tui) -> str:
    """The screen: its text, its styles line by line as runs of letters, and a line for each letter."""
    styles: dict[str, str] = {}
    text, runs = [], []
    for strip in strips(tui.app):
        segments = list(strip)
        text.append("".join(segment.text for segment in segments).rstrip())
        cells = [(style_name(s.style), cell_len(s.text)) for s in segments if s.text]
        line = ""
        for name, group in groupby(cells, key=lambda cell: cell[0]):
            letter = styles.setdefault(name, NAMES[len(styles)])
            line += f"{letter}{sum(size for _, size in group)} "
        runs.append(line.strip())
    legend = [f"{letter} {name}" for name, letter in styles.items()]
    return "\n".join([*text, "", *runs, "", *legend]) + "\n"


async def still(tui: Tui) -> str:
    """The picture once nothing moves any more: an overlay takes its size a frame after it opens."""
    shown = picture(tui)
    for _ in range(20):
        await tui.settle()
        before, shown = shown, picture(tui)
        if shown == before:
            break
    return shown


def style_name(style: Style | None) -> str:
    """A style in words, what makes no difference to a cell left out."""
    return str(style) if style else "none"


TOUR: dict[str, tuple[str, ...]] = {
    "dashboard": (),
    "countries": ("2",),
    "prices": ("3",),
    "detail": ("1", "enter"),
    "history": ("escape", "5"),
    "help": ("1", "question_mark"),
}
"""Screens of one run, each by the keys from the one before."""

CASES: dict[str, tuple[Query, tuple[int, int], Palette, tuple[str, ...]]] = {
    **{
        f"alerts_{palette.name}_{size[0]}x{size[1]}": (
            Query(lens=Lens(Basis.CHART), at=date(2026, 4, 27)),
            size,
            palette,
            ("4", "z"),
        )
        for size in SIZES
        for palette in (DARK, LIGHT, NONE)
    },
    "dashboard_terminal_80x24": (CHART, (80, 24), TERMINAL, ()),
    "countries_zoomed_dark_160x45": (CHART, (160, 45), DARK, ("2", "z")),
    "countries_zoomed_none_120x36": (CHART, (120, 36), NONE, ("2", "z")),
    "filter_dark_120x40": (Query(), (120, 40), DARK, ("slash", "q", "w", "e", "n")),
    "badges_dark_100x30": (Query(), (100, 30), DARK, ("c", *"china", "enter", "x", "slash", *"in<abc")),
    "vendors_dark_120x40": (Query(), (120, 40), DARK, ("v", "down", "space")),
    "palette_dark_80x24": (Query(), (80, 24), DARK, (":", "p", "o", "l")),
    "export_dark_80x24": (Query(), (80, 24), DARK, ("e",)),
    "snooze_light_80x24": (CHART, (80, 24), LIGHT, ("4", "n")),
    "history_shares_none_120x40": (CHART, (120, 40), NONE, ("5", "w", "w", "f")),
    "history_versus_light_160x45": (CHART, (160, 45), LIGHT, ("5", "w", "w", "w")),
    "quote_dark_120x36": (Query(), (120, 36), DARK, ("2", "Y")),
    "quote_none_80x24": (CHART, (80, 24), NONE, ("Y",)),
    "brief_light_120x36": (CHART, (120, 36), LIGHT, (":", *"brief", "enter")),
    "explain_dark_80x24": (Query(), (80, 24), DARK, ("2", "i")),
    "explain_dark_120x36": (Query(), (120, 36), DARK, ("2", "i")),
    "explain_light_160x45": (Query(), (160, 45), LIGHT, ("s", "i")),
    "explain_none_120x36": (CHART, (120, 36), NONE, ("3", "j", "i")),
    "pair_dark_120x36": (Query(), (120, 36), DARK, ("3", "j", "space", "j", "j", "d")),
    "pair_none_40x12": (Query(), (40, 12), NONE, ("3", "j", "space", "j", "j", "d")),
    "base_light_120x40": (Query(), (120, 40), LIGHT, ("3", "j", "j", "=")),
    "unknown_dark_120x40": (Query(at=date(2026, 2, 13)), (120, 40), DARK, ("2",)),
    "then_dark_160x45": (Query(), (160, 45), DARK, ("[", "[", "[")),
}


NOW = {
    f"now_{palette.name}_{size[0]}x{size[1]}": (size, palette)
    for size, palette in (((40, 12), DARK), ((80, 24), DARK), ((100, 30), NONE), ((120, 36), LIGHT), ((160, 45), DARK))
}


@pytest.mark.parametrize("name", NOW)
async def test_picture_of_a_running_week(name: str, snapshot: SnapshotAssertion) -> None:
    """The demo has its caption where others have the line of the period in progress."""
    size, palette = NOW[name]
    with WiredSource(date(2026, 8, 1)) as source:
        await refresh(source, force=True)
        async with running(source, size=size, palette=palette) as tui:
            shown = await still(tui)
    assert shown == snapshot(extension_class=Screen)


@pytest.mark.filterwarnings("ignore:\\nCan not relate snapshot")  # they are called by their names, not by the test's
@pytest.mark.parametrize("palette", [DARK, LIGHT, NONE], ids=lambda palette: palette.name)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_pictures_of_one_run(size: tuple[int, int], palette: Palette, snapshot: SnapshotAssertion) -> None:
    async with running(await demo(), CHART, size=size, palette=palette) as tui:
        for name, keys in TOUR.items():
            await tui.press(*keys)
            called = f"{name}_{palette.name}_{size[0]}x{size[1]}"
            assert await still(tui) == snapshot(extension_class=Screen, name=called)


@pytest.mark.parametrize("name", CASES)
async def test_picture(name: str, snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/user")  # a dialog names the folder that it writes to
    query, size, palette, keys = CASES[name]
    async with running(await demo(), query, size=size, palette=palette) as tui:
        await tui.press(*keys)
        shown = await still(tui)
    assert shown == snapshot(extension_class=Screen)
