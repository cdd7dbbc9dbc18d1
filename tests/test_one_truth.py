"""What the screen shows is what the commands print, of the same record."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from cli_market import Cli
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from tui_support import demo, fresh_demo, running

DEMO_WEEK = ("--demo", "--at", "2026-07-13")
FEBRUARY = date(2026, 2, 13)


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(tmp_path, monkeypatch, capsys, filled=False)


async def test_new_and_back_stand_in_the_history_as_in_share(cli: Cli) -> None:
    code, out, _ = cli("share", *DEMO_WEEK, "--format", "json")
    assert code == 0
    assert {row["country"]: row["status"] for row in json.loads(out)["rows"] if row["status"]} == {"CA": "back"}
    async with running(await demo(), size=(140, 40)) as tui:
        assert any(line.split()[:2] == ["CA", "Canada"] and "back" in line for line in tui.pane_lines("countries"))
        await tui.press("5", "w", "w")
        assert any("CA" in line and line.rstrip().endswith("back") for line in tui.lines()), tui.text


async def test_the_history_names_the_larger_side_of_a_ratio() -> None:
    async with running(await demo(), Query(at=date(2026, 2, 16), lens=Lens(Basis.CHART)), size=(140, 40)) as tui:
        await tui.press("5", "w", "w", "w")
        assert "CN : US  CN 1.6 : 1" in tui.text
        await tui.press("[")
        assert "CN : US  CN 1.4 : 1" in tui.text
        await tui.press("[")
        assert "CN : US  US 1.3 : 1" in tui.text


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_a_split_that_is_not_known_is_not_drawn_either(size: tuple[int, int]) -> None:
    """The week of 2 February has nine rows: on top50 no country has a figure, on the strip and in the table."""
    async with running(await fresh_demo(FEBRUARY), Query(), size=size) as tui:
        assert not tui.snapshot.split.known
        await tui.press("2")
        text = "\n".join(tui.pane_lines("countries"))
        assert "all tokens: 9 models are named" in text
        assert "%" not in text.partition("Country")[0].partition("named")[2]
        rows = [line.strip("▌ ").split() for line in text.partition("Country")[2].splitlines()[1:4]]
        assert [row[0] for row in rows] == ["US", "CN", "other"]
        assert {cell for row in rows for cell in row[1:]} <= {"United", "States", "China", "—"}


async def test_what_stands_outside_nine_rows_is_called_so_and_a_bar_that_is_cut_is_broken(cli: Cli) -> None:
    async with running(await fresh_demo(FEBRUARY), Query(), size=(160, 45)) as tui:
        other = next(line for line in tui.pane_lines("models") if "other" in line)
        assert "other, outside the 9 named" in other
        assert "━╱╱━ " in other, "4.58T beside a first model of 1.16T"
    async with running(await demo(), Query(), size=(160, 45)) as tui:
        other = next(line for line in tui.pane_lines("models") if "other, outside the top 50" in line)
        assert "━" in other
        assert "╱" not in other, "3.79T beside a first model of 11.52T"
    quoted = cli("quote", "total", "--demo", "--at", "2026-02-13", "--basis", "top50")[1]
    assert "outside the named   " in quoted
