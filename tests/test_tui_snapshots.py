"""Pictures of the screen, compared line by line with those beside this file. New ones: `pytest --snapshot-update`."""

from __future__ import annotations

import re
from datetime import date

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from orwatch.core.snapshots import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.tui.themes import DARK, LIGHT, NONE, Palette
from tui_support import Tui, demo, running

CHART = Query(lens=Lens(Basis.CHART))


class Svg(SingleFileSnapshotExtension):
    """One SVG file a picture."""

    file_extension = "svg"
    _write_mode = WriteMode.TEXT


def picture(tui: Tui) -> str:
    """The screen as SVG, without what is not of the screen: fonts from the web, ids that change, clips and the window's frame."""
    svg = tui.app.export_screenshot()
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r"@font-face\s*\{[^}]*\}", "", svg)
    svg = re.sub(r"terminal-[0-9]+-?", "t", svg)
    svg = re.sub(r"<clipPath.*?</clipPath>", "", svg, flags=re.DOTALL)
    svg = re.sub(r' clip-path="[^"]*"', "", svg)
    svg = svg.replace("Fira Code, monospace", "monospace").replace("Fira Code", "monospace")
    return re.sub(r"\s*\n\s*", "\n", svg).strip() + "\n"


CASES: dict[str, tuple[Query, tuple[int, int], Palette, tuple[str, ...]]] = {
    "dashboard_dark_80x24": (Query(), (80, 24), DARK, ()),
    "dashboard_dark_120x40": (CHART, (120, 40), DARK, ()),
    "dashboard_dark_200x60": (Query(), (200, 60), DARK, ()),
    "dashboard_light_120x40": (CHART, (120, 40), LIGHT, ()),
    "dashboard_none_120x40": (CHART, (120, 40), NONE, ()),
    "countries_zoomed_dark_160x45": (CHART, (160, 45), DARK, ("2", "z")),
    "filter_dark_120x40": (Query(), (120, 40), DARK, ("slash", "q", "w", "e", "n")),
    "vendors_dark_120x40": (Query(), (120, 40), DARK, ("v", "down", "space")),
    "history_dark_120x40": (CHART, (120, 40), DARK, ("5",)),
    "history_shares_none_120x40": (CHART, (120, 40), NONE, ("5", "f", "left", "left", "left")),
    "history_versus_light_160x45": (CHART, (160, 45), LIGHT, ("5", "w", "w", "w", "f")),
    "help_light_100x30": (Query(), (100, 30), LIGHT, ("question_mark",)),
}


@pytest.mark.parametrize("name", CASES)
async def test_picture(name: str, snapshot: SnapshotAssertion) -> None:
    query, size, palette, keys = CASES[name]
    async with running(await demo(date(2026, 6, 18)), query, size=size, palette=palette) as tui:
        await tui.press(*keys)
        svg = picture(tui)
    assert re.findall(r"https?://[^\"' <)]*", svg) == ["http://www.w3.org/2000/svg"], (
        "the namespace of SVG, and no address"
    )
    assert svg == snapshot(extension_class=Svg)
