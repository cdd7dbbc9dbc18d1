"""What the screen shows is what the commands print, of the same record."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from cli_market import Cli
from orwatch.config import Settings
from orwatch.domain.periods import Grain, Period
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.present.colours import DARK, LIGHT
from tui_support import demo, fresh_demo, handmade, listing, running, week

DEMO_WEEK = ("--demo", "--at", "2026-07-13")
FEBRUARY = date(2026, 2, 13)
TWO_OF_ONE_NAME = ("deepseek/deepseek-v4-flash-20260423", "deepseek/deepseek-v4-flash-20260731")
AS_OF = datetime(2026, 7, 6, 2, tzinfo=UTC)
DAY = {
    "deepseek/v4": 120, "qwen/max": 70, "z-ai/glm": 50, "openai/gpt": 90, "google/flash": 50, "mistralai/a": 9, "mistralai/b": 8,
    "mistralai/c": 7, "mistralai/d": 6,
}  # fmt: skip


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
    quoted = " ".join(cli("quote", "CA", *DEMO_WEEK)[1].split())
    assert "They are back among the fifty largest models: the week before did not have one of them." in quoted
    assert "CA Canada 85,392,383,936 back 0.1" in quoted


async def test_who_is_new_is_so_in_the_detail_of_its_vendor_too(cli: Cli) -> None:
    out = cli("quote", "Hy3", "--demo", "--at", "2026-07-23")[1]
    assert "It is new: no earlier week of the record has it." in " ".join(out.split())
    async with running(await fresh_demo(date(2026, 7, 28)), size=(160, 45)) as tui:
        await tui.press("/", *"tencent", "enter", "enter", "enter")
        assert [line.split()[-1] for line in tui.lines() if "Hy3 " in line and "3.94" in line] == ["new"], tui.text


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
        await tui.press("enter")
        lines = [line.split() for line in tui.lines()]
        assert next(line for line in lines if "claude" in " ".join(line).lower())[-2] == "—", "its share of what?"
        assert not any("Vendors" in line for line in lines), "of some of their models"


async def test_a_split_that_is_not_known_has_no_figures_zoomed() -> None:
    async with running(await fresh_demo(FEBRUARY), Query(), size=(160, 45)) as tui:
        await tui.press("2", "z")
        assert "not known: 9 models are named" in tui.text
        assert "The nine named" in tui.text
        assert not any(line.rstrip().endswith("46.7      —") for line in tui.lines()), "outside of what?"


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


TOUR: tuple[tuple[str, ...], ...] = (
    (),
    ("2", "z"),
    ("z", "3", "z"),
    ("z", "4", "z"),
    ("z", "1", "enter"),
    ("escape", "2", "enter"),
    ("escape", "5"),
    ("w", "w", "f"),
    ("w", "f"),
    ("1", "/", "q", "w", "enter"),
    ("/", "q", "q", "enter"),
)
"""Through panes and views: zoomed, opened, with a filter, with one that hides all."""


@pytest.mark.parametrize(("size", "stops"), [((160, 45), len(TOUR)), ((80, 24), 2)])
async def test_another_theme_repaints_every_cell(size: tuple[int, int], stops: int) -> None:
    """A screen that was switched to light looks in every cell as one that began in light."""
    began = []
    async with running(await demo(), size=size, palette=LIGHT) as tui:
        for keys in TOUR[:stops]:
            await tui.press(*keys)
            began.append(tui.segments())
    async with running(await demo(), size=size, palette=DARK) as tui:
        for keys, light in zip(TOUR[:stops], began, strict=True):
            await tui.press(*keys)
            dark = tui.segments()
            await tui.press("t", "down", "enter")
            assert [one for one, other in zip(tui.segments(), light, strict=True) if one != other] == [], keys
            await tui.press("t", "up", "enter")
            assert [one for one, other in zip(tui.segments(), dark, strict=True) if one != other] == [], keys


async def test_a_week_without_most_of_its_days_is_drawn_as_partial() -> None:
    """Without a key the record begins on Sunday, 21 June: of the week of 15 June it has one day."""
    days = [
        listing(Period(Grain.DAY, date(2026, 6, 21) + timedelta(days=n)), AS_OF, {**DAY, "other": 5}) for n in range(15)
    ]
    source = handmade(days, now=AS_OF)
    with source:
        async with running(source, Query(lens=Lens(Basis.CHART)), size=(160, 45)) as tui:
            await tui.press("2")
            text = "\n".join(tui.pane_lines("countries"))
            assert "Tokens by week, 3 weeks" in text
            assert "* partial: days are lacking" in text
            stars = [line.index("*") for line in tui.pane_lines("countries") if "*" in line and "partial" not in line]
            months = next(line for line in tui.pane_lines("countries") if line.split()[:1] == ["Jun"])
            assert stars == [months.index("Jun")], "over its column, the oldest"
            await tui.press("z")
            assert next(line for line in tui.lines() if line.startswith(" lead")).split()[1].startswith("*·")
            assert any(line.rstrip().endswith("15 Jun* CN     0.24 : 0.14  1.7 : 1") for line in tui.lines()), tui.text
            await tui.press("z", "5", "w", "w")
            assert any("15 Jun" in line and line.rstrip().endswith("partial") for line in tui.lines())


async def test_a_record_of_weeks_alone_says_so_where_another_period_is_asked_for() -> None:
    async with running(await fresh_demo(FEBRUARY), Query(lens=Lens(Basis.CHART)), size=(120, 36), toasts=True) as tui:
        before = tui.header
        await tui.press("p")
        assert "The record has weeks alone." in tui.text
        assert tui.header == before
    async with running(await demo(), Query(at=date(2026, 4, 20)), size=(120, 36)) as tui:
        grains = []
        for _ in range(3):
            await tui.press("p")
            grains.append(tui.snapshot.period.grain)
        assert grains == [Grain.MONTH, Grain.DAY, Grain.TRAILING]


async def test_models_of_a_record_without_a_catalogue_have_names_of_their_own() -> None:
    async with running(await fresh_demo(FEBRUARY), Query(lens=Lens(Basis.CHART)), size=(120, 36)) as tui:
        assert tui.app.dashboard.view.prices is not None
        assert tui.app.dashboard.view.prices.rows == ()
        assert "1 ▲6   CN Kimi K2.5 " in tui.text
        names = {tui.app.reader.market.catalogue.name(slug) for slug in TWO_OF_ONE_NAME}
        assert names == {"DeepSeek V4 Flash", "DeepSeek V4 Flash 0731"}


async def test_a_country_whose_name_has_no_room_is_told_by_its_code() -> None:
    rows = {"falcon/a": 50, **{slug: n for slug, n in DAY.items() if slug != "mistralai/d"}, "other": 5}
    monday = date(2026, 6, 29)
    with handmade([week(monday, AS_OF, rows)], now=AS_OF, settings=Settings(vendors={"falcon": "AE"})) as source:
        async with running(source, Query(lens=Lens(Basis.CHART)), size=(220, 60)) as tui:
            assert any(line.split()[:4] == ["AE", "United", "Arab", "Emirates"] for line in tui.pane_lines("countries"))
            await tui.resize(44, 20)
            await tui.press("2")
            told = next(line for line in tui.lines() if " AE " in line)
            assert told.strip("▌ ").split()[:2] == ["AE", "50.00"]
            await tui.press("c")
            await tui.until(lambda: any("Countr" in line for line in tui.lines()))
            assert not any("…" in line and "AE" in line for line in tui.lines()), tui.text


async def test_the_last_flip_under_the_alerts_is_of_the_period_on_screen() -> None:
    async with running(await demo(), Query(at=FEBRUARY, lens=Lens(Basis.CHART)), size=(160, 45)) as tui:
        title, flip = tui.pane_lines("alerts")[-2:]
        assert "last CN : US flip, held 1 week ─" in title
        assert flip.split()[:7] == ["◆", "16", "Feb", "flip", "CN", "passes", "US"]
        assert flip.endswith("1.4 : 1")


@pytest.mark.parametrize("typed", ["us", "deepseek", "!cn"])
async def test_a_filter_leaves_the_same_alerts_on_screen_and_in_the_command(cli: Cli, typed: str) -> None:
    code, out, _ = cli(
        "alerts", "--demo", "--at", "2026-02-09", "--basis", "chart", "--filter", typed, "--format", "json"
    )
    told = {row["id"] for row in json.loads(out)["rows"]}
    assert code == 0
    query = Query(at=date(2026, 2, 9), lens=Lens(Basis.CHART))
    async with running(await demo(), query, size=(160, 45)) as tui:

        def shown() -> set[str]:
            return {alert.id for row in tui.table("alerts").rows for alert in row.alerts}

        every = shown()
        await tui.press("slash", *typed, "enter")
        kept = shown()
    assert kept
    assert kept == every & told, "the screen tells once what two rules see"
    assert any("|CN:US|" in id_ for id_ in kept) == (typed != "deepseek"), "whoever of the two leads"
