"""The demo as it is played: nothing that fires is lost or doubled, however fast its clock runs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic

import pytest

from cli_market import Cli
from orwatch.config import Config, Settings
from orwatch.config.schema import ViewSettings
from orwatch.core import replay
from orwatch.core.alerting import AlertService
from orwatch.core.refresh import refresh
from orwatch.core.source import WEEK, DemoOptions, Source, demo_source, open_source
from orwatch.core.watch import Ended, Fired, watch
from orwatch.demo import DEMO_END, record
from orwatch.demo.clock import DemoClock
from orwatch.domain.alerts.alert import Alert
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.present.colours import DARK, LIGHT, NONE, Palette
from pseudo_terminal import environment, terminal
from tui_support import running


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(tmp_path, monkeypatch, capsys, filled=False)


WINTER = datetime(2026, 2, 2, 2, tzinfo=UTC)
MAY = datetime(2026, 5, 5, tzinfo=UTC)
SPEEDS = (1, 100)
"""Weeks a second."""

FLIPS = [("2026-02-09", "CN"), ("2026-02-23", "US"), ("2026-03-02", "CN"), ("2026-04-13", "US"), ("2026-04-27", "CN")]
"""Every flip of CN and US on the chart, from the recorded weeks."""


def spring(speed: float, real: Callable[[], float]) -> Source:
    """A demo on the chart from February to May 2026. speed: weeks a second."""
    clock = DemoClock(WINTER, speed * WEEK, MAY, real, record.changes())
    clock.wait()
    settings = Settings(view=ViewSettings(basis=Basis.CHART))
    source = demo_source(settings, clock)
    replay.begin(source)
    return source


def flips(alerts: list[Alert]) -> list[tuple[str, object]]:
    """First day and new leader of the flips of the head to head."""
    found = [one for one in alerts if one.rule == "lead-flip" and one.subject_kind == "versus"]
    return [(one.period.start.isoformat(), one.values["to"]) for one in found]


@pytest.mark.parametrize("speed", SPEEDS)
async def test_watch_tells_each_flip_of_the_spring_once_at_any_speed(speed: int) -> None:
    passed = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal passed
        passed += seconds
        await asyncio.sleep(0)

    told = []
    with spring(speed, lambda: passed) as source:
        service = AlertService(source)
        service.serve({}, None)
        async for happening in watch(service, sleep=sleep):
            if isinstance(happening, Fired):
                told.append(happening.known.alert)
            elif isinstance(happening, Ended):
                break
    assert flips(told) == FLIPS
    assert len({one.id for one in told}) == len(told)


@pytest.mark.parametrize("speed", SPEEDS)
async def test_the_dashboard_has_each_flip_of_the_spring_as_news_at_any_speed(speed: int) -> None:
    hurry = 12 / min(speed, 12)  # a real second is as many of the clock's: the slowest would take a quarter of a minute
    with spring(speed, lambda: monotonic() * hurry) as source:
        async with running(source, Query(lens=Lens(Basis.CHART)), offline=False) as tui:
            tui.app.live.stop_s = 0.0
            leases = source.cache.leases
            await tui.until(lambda: source.at_rest and not leases.held("poll", source.machine()))
            await tui.renew()
            known = source.cache.alerts.known(source.machine(), after=0).values()
    assert flips([one.alert for one in known]) == FLIPS


# What it leaves behind


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with what is in it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


CONFIG = """
[view]
favourites = ["openai"]
[notify.file]
path = "{home}/alerts.jsonl"
[notify]
group = 0
"""


def test_the_demo_writes_nothing_to_the_users_folders(tmp_path: Path) -> None:
    env = environment(tmp_path)
    del env["ORWATCH_CACHE"], env["ORWATCH_ARCHIVE"]
    (tmp_path / "config.toml").write_text(CONFIG.format(home=tmp_path))
    before = tree(tmp_path)
    with terminal("demo", "--speed", "1w/s", "--vendor", "!mistralai", env=env) as it:
        it.until("replay")
        it.type(" ")  # a favourite
        it.until("as first model")
        it.type("P")  # what is typed next finds a screen that stands
        it.still(0.3)
        for keys in ("a", "t", "\x1b", "+", "b"):
            it.type(keys)
            it.still(0.2)
        it.type(":")
        it.until("ction, model, vendor")  # the first letter is under the cursor
        it.type("save this view")
        it.still(0.3)
        it.type("\r")
        it.until("Not kept")
        it.type("q")
        assert it.ends()[0] == 0
    assert tree(tmp_path) == before


def test_neither_do_commands_on_it_and_watch_tells_its_flips_and_its_end(cli: Cli) -> None:
    before = tree(cli.folder)
    for command in ("top", "alerts", "prices"):
        code, _, err = cli(command, "--demo")
        assert code == 0, err
    code, out, err = cli("watch", "--demo", "--speed", "100w/s")
    assert code == 0
    assert "the demo's record ends here" in err
    assert tree(cli.folder) == before
    flips = [row["id"].split("|") for row in map(json.loads, out.splitlines()) if row["rule"] == "lead-flip"]
    assert [(leader.partition("/")[0], start) for _, kind, *_, leader, start in flips if kind == "model"] == [
        ("xiaomi", "2026-07-20"), ("deepseek", "2026-07-27"), ("deepseek", "2026-08-03"),
    ]  # fmt: skip


# Where it begins


@pytest.mark.parametrize(("at", "basis"), [(None, "top50"), ("2026-07-08", "top50"), ("2026-02-13", "chart")])
def test_the_demo_and_commands_on_it_have_the_same_basis(cli: Cli, at: str | None, basis: str) -> None:
    where = () if at is None else ("--at", at)
    meta, _ = cli.json("top", "--demo", *where)
    assert meta["basis"] == basis
    with terminal("demo", "--speed", "0", *where, env=environment(cli.folder), size=(80, 24)) as it:
        it.until(basis)
    asked, _ = cli.json("top", "--demo", *where, "--basis", "top10")
    assert asked["basis"] == "top10"


async def test_the_next_flip_comes_within_ten_seconds_of_the_start() -> None:
    with open_source(Config(), demo=DemoOptions(replay=True)) as source:
        clock = source.demo_clock
        assert clock is not None
        flip = datetime(2026, 7, 27, tzinfo=UTC)
        assert (flip - clock.start).total_seconds() / clock.speed < 8


async def test_before_the_first_recorded_prices_the_pane_says_so_in_a_line() -> None:
    with open_source(Config(), demo=DemoOptions(at=date(2026, 2, 13), speed=0.0, replay=True)) as source:
        replay.begin(source)
        async with running(source) as tui:
            said = [line for line in tui.pane_lines("prices")[1:] if line.strip()]
    assert [line.strip() for line in said] == ["Prices unknown then: recorded from 17 Jul 2026 on."]


# The first frame


SIZES = ((80, 24), (100, 30), (120, 36), (160, 45), (200, 60))


@pytest.mark.parametrize("palette", [DARK, LIGHT, NONE], ids=lambda palette: palette.name)
async def test_the_first_frame_is_full_at_every_size(palette: Palette) -> None:
    with open_source(Config(), demo=DemoOptions(speed=0.0, replay=True)) as source:
        replay.begin(source)
        async with running(source, palette=palette) as tui:
            for width, height in SIZES:
                await tui.resize(width, height)
                for key in ("1", "2", "3", "4") if width < 100 else ("1",):
                    await tui.press(key)
                    text = tui.text
                    flip = ("" if height < 30 else "◆ LEAD FLIP  ") + "tencent passes deepseek"
                    assert flip in text
                    assert "replay the recorded summer of 2026 · clock 20 Jul 02:00Z" in text
                    assert "? help" in text
                if width >= 100:
                    assert "DeepSeek V4 Pro" in "".join(tui.pane_lines("models"))
                    assert sum("—" in line for line in tui.pane_lines("prices")[2:]) <= 4, "free models have no ratio"
                    assert "flip" in "".join(tui.pane_lines("alerts"))
                    chart = tui.pane_lines("countries")[-1].split()
                    assert {"Mar", "May", "Jul"} <= {*chart}, "half a year of history at the least"
                if width >= 160:
                    assert "52 weeks" in text or (palette is NONE and "49 weeks" in text)


async def test_the_caption_tells_the_last_flip_and_how_to_replay_at_the_end() -> None:
    with open_source(Config(), demo=DemoOptions(at=date(2026, 7, 20), speed=0.0, replay=True)) as source:
        replay.begin(source)
        async with running(source, size=(80, 24), attends=True) as tui:
            assert source.demo_clock is not None
            source.demo_clock.run()
            source.demo_clock.skip(DEMO_END)
            await refresh(source, force=True)
            await tui.renew()
            for width, height in ((80, 24), (100, 30), (160, 45)):
                await tui.resize(width, height)
                (line,) = (line for line in tui.lines() if "r replay" in line)
                first = "" if width == 80 else " as first model"
                assert f"10 Aug: DeepSeek V4 Flash 0731 passes DeepSeek V4 Flash{first}" in line
