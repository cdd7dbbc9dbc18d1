"""The archive under the record: a cache has a past from its first start on, and whatever is newer wins."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import core_world
from cli_market import Cli
from core_world import World
from orwatch import archive
from orwatch.config import Config, Settings
from orwatch.config.schema import SourceSettings
from orwatch.core.alerting import AlertService
from orwatch.core.market import Market
from orwatch.core.source import lay, open_source
from orwatch.domain.periods import Grain, Period
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis, Listing, Origin
from orwatch.domain.vendors import Attribution
from orwatch.store.cache import Cache
from tui_support import running

ORIGIN = "https://openrouter.ai"
LAST_WEEK = Period(Grain.WEEK, date(2026, 8, 10))
LAST_DAY = Period(Grain.DAY, date(2026, 8, 21))
LATER = archive.AS_OF + timedelta(hours=1)
EARLIER = archive.AS_OF - timedelta(hours=1)
CITED = "Source: OpenRouter (openrouter.ai/rankings), as of 2026-08-22T02:01:37Z."


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """A first start: no key, no network, nothing in the cache."""
    cli = Cli(tmp_path, monkeypatch, capsys, filled=False)
    monkeypatch.delenv("ORWATCH_ARCHIVE")
    return cli


@pytest.fixture
def cache() -> Iterator[Cache]:
    with Cache.open(None, ORIGIN) as cache:
        yield cache


def rows(count: int, period: Period = LAST_WEEK, as_of: datetime = LATER, origin: Origin = Origin.API) -> Listing:
    """So many models of a thousand tokens and more each, and one of `other`."""
    return Listing.build(period, as_of, [*((f"lab/{n:02}", 1000 + n) for n in range(count)), ("other", 1)], origin)


def held(cache: Cache, period: Period) -> Listing:
    (found,) = cache.rankings.read(period.grain, period.start, period.start)
    return found


# What is shipped


def test_it_takes_less_than_80_kb_of_the_wheel() -> None:
    files = [file.read_bytes() for file in Path(archive.__file__).parent.iterdir() if file.is_file()]
    assert len(files) == 5
    assert sum(len(zlib.compress(file)) for file in files) < 80_000


def test_it_has_every_week_of_a_year_and_every_day_of_a_summer() -> None:
    weeks, days = archive.weeks(), archive.days()
    assert [week.period.start for week in weeks] == [date(2025, 7, 14) + timedelta(weeks=n) for n in range(57)]
    assert [day.period.start for day in days] == [date(2026, 6, 21) + timedelta(days=n) for n in range(62)]
    assert ({len(week.rows) for week in weeks}, {len(day.rows) for day in days}) == ({9}, {50})
    assert {listing.origin for listing in (*weeks, *days)} == {Origin.ARCHIVE}


# The first start


def test_the_first_start_knows_every_flip_of_a_year(cli: Cli) -> None:
    meta, found = cli.json("versus", "CN", "US", "--period", "week", "--basis", "chart", "--offline")
    assert (found[0]["start"], meta["leader"], meta["streak"], meta["streak_is_floor"]) == (
        "2026-08-10",
        "CN",
        16,
        False,
    )
    assert meta["since"] == "2026-04-27"
    assert [(flip["start"], flip["to"]) for flip in meta["flips"]] == [
        ("2026-02-09", "CN"),
        ("2026-02-23", "US"),
        ("2026-03-02", "CN"),
        ("2026-04-13", "US"),
        ("2026-04-27", "CN"),
    ]
    assert len(found) == 57


def test_a_week_of_the_summer_has_fifty_rows_composed_from_days(cli: Cli) -> None:
    meta, found = cli.json("top", "--period", "week", "--at", "2026-08-12", "--offline")
    assert (len(found), meta["composed"], meta["basis"]) == (50, True, "top50")
    assert meta["period"]["origin"] == "archive"
    assert meta["citation"] == CITED
    assert found[0]["permaslug"] == "deepseek/deepseek-v4-flash-20260731"


@pytest.mark.parametrize(("week", "known"), [("2026-06-22", True), ("2026-06-15", False)])
def test_weeks_are_known_on_top50_from_22_june_on(cli: Cli, week: str, known: bool) -> None:
    meta, _ = cli.json("share", "--at", week, "--offline")
    assert (meta["composed"], meta["leader"] is not None) == (known, known)


@pytest.mark.parametrize(
    "argv",
    [
        ("top",),
        ("top", "--period", "day"),
        ("top", "--period", "month"),
        ("top", "--at", "now"),
        ("share",),
        ("versus", "openai", "deepseek"),
        ("history", "xiaomi/mimo-v2.5-20260422"),
        ("vendors",),
        ("alerts",),
        ("alerts", "backtest"),
        ("status",),
        ("export",),
    ],
)
def test_every_command_answers_at_the_first_start(cli: Cli, argv: tuple[str, ...]) -> None:
    code, out, err = cli(*argv, "--offline", "--format", "json")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert answer["rows"]
    assert answer["meta"]["as_of"] == "2026-08-22T02:01:37Z"


def test_that_nothing_newer_is_known_is_told_of_the_newest_period_alone(cli: Cli) -> None:
    told = {at: cli.json("top", "--at", at, "--offline")[0]["warnings"] for at in ("now", "2026-08-12", "2026-07-01")}
    for at, grain in (("now", "week"), ("2026-08-12", "week")):
        assert told[at][-1] == (
            f"This {grain} is of the archive that orwatch ships, taken on 22 Aug 2026: nothing newer is known;"
            " `orwatch poll` asks."
        )
    assert told["2026-07-01"] == []


def test_status_and_doctor_tell_what_is_of_the_archive(cli: Cli) -> None:
    _, (row,) = cli.json("status", "--offline")
    assert row["origin"] == {"api": 0, "export": 0, "archive": 119}
    assert row["periods"] == {"day": 62, "week": 57, "month": 0}
    _, found = cli.json("doctor", "--offline")
    (cache,) = [row for row in found if row["check"] == "cache"]
    assert cache["detail"].endswith("figures of 2026-08-22T02:01:37Z, the archive alone")


def test_export_tells_the_origin_of_every_row(cli: Cli) -> None:
    code, out, _ = cli("export", "--offline", "--format", "jsonl")
    assert code == 0
    assert {json.loads(line)["origin"] for line in out.splitlines()} == {"archive"}


def test_another_origin_never_shows_it(cli: Cli) -> None:
    assert cli("--base-url", "http://127.0.0.1:1/api/v1", "top")[:2] == (1, "")
    assert cli("--base-url", "http://127.0.0.1:1/api/v1", "top", "--offline")[:2] == (3, "")


def test_a_source_that_cannot_be_reached_is_told_and_the_archive_shown(cli: Cli) -> None:
    cli.config.write_text('[source]\narchive = "on"\nbase_url = "http://127.0.0.1:1/api/v1"\n')
    code, out, err = cli("top", "--limit", "1", "--format", "csv")
    assert (code, len(out.splitlines())) == (0, 2)
    assert err.splitlines()[0] == "orwatch: The cache has the archive alone: asking 127.0.0.1:1 once."
    assert "Not everything came" in err
    code, out, err = cli("top", "--format", "json")
    assert (code, err) == (0, ""), "it is not asked again before the next try is due"
    assert json.loads(out)["meta"]["warnings"][-1].startswith("The last poll failed: ")


async def test_the_dashboard_of_the_first_start_shows_a_year(tmp_path: Path) -> None:
    settings = Settings(source=SourceSettings(cache=tmp_path / "cache.sqlite3"))
    with open_source(Config(settings)) as source:
        async with running(source, toasts=True, attends=True, size=(160, 45)) as tui:
            assert tui.header.startswith("orwatch    ‹ 10–16 Aug 2026 › week ✓ complete +d    75.3T")
            assert "archive, as of 22 Aug" in tui.pane_lines("models")[0]
            assert len(tui.shown()) == 50
            assert "as of 2026-08-22T02:01:37Z" in tui.text
            await tui.press("b")
            assert "CN leads US 3.6 : 1 16th week" in " ".join(tui.header.split())
            await tui.press("2", "z")
            assert "Five flips in 52 weeks" in tui.text
            await tui.press("z", "1", "enter")
            assert "2 weeks of 2 are of the archive that" in tui.text
            known = source.cache.alerts.known(source.machine()).values()
            assert (len(known) > 100, [one.alert.id for one in known if one.news]) == (True, [])
            assert tui.app.dashboard.view.unread == frozenset()


# Whose record it lies under


@pytest.mark.parametrize(
    ("setting", "base_url", "laid"),
    [
        ("auto", "https://openrouter.ai/api/v1", True),
        ("auto", "HTTPS://OpenRouter.ai:443/api/v1/", True),
        ("auto", "http://127.0.0.1:1/api/v1", False),
        ("auto", "https://openrouter.ai.example/api/v1", False),
        ("on", "http://127.0.0.1:1/api/v1", True),
        ("off", "https://openrouter.ai/api/v1", False),
    ],
)
def test_the_origin_and_the_setting_decide(tmp_path: Path, setting: str, base_url: str, laid: bool) -> None:
    source = SourceSettings(base_url, tmp_path / "cache.sqlite3", setting)  # type: ignore[arg-type]
    with open_source(Config(Settings(source=source))) as opened:
        assert (opened.cache.rankings.newest_as_of() is not None) is laid


def test_taking_it_away_leaves_what_was_asked_for(cache: Cache) -> None:
    cache.rankings.put([rows(50)])
    lay(cache)
    lay(cache, wanted=False)
    assert cache.rankings.read(Grain.DAY) == ()
    assert cache.rankings.read(Grain.WEEK) == (rows(50),)
    lay(cache)
    assert len(cache.rankings.read(Grain.DAY)) == 62


def test_other_settings_take_it_away_again_and_bring_it_back(cli: Cli) -> None:
    for setting, code in (("auto", 0), ("off", 3), ("on", 0)):
        cli.config.write_text(f'[source]\narchive = "{setting}"\n')
        assert cli("top", "--offline")[0] == code


# Newer wins


@pytest.mark.parametrize(
    ("own", "kept"),
    [
        (rows(9), True),  # newer
        (rows(9, as_of=EARLIER), False),
        (rows(50, as_of=EARLIER), True),  # older, and fuller
        (rows(50, as_of=datetime(2026, 8, 14, 12, tzinfo=UTC)), False),  # taken while the week ran
        (rows(50, LAST_DAY), True),
        (rows(50, LAST_DAY, EARLIER), False),
        (rows(50, LAST_DAY, origin=Origin.EXPORT), True),
    ],
)
def test_what_is_newer_or_fuller_is_kept(cache: Cache, own: Listing, kept: bool) -> None:
    cache.rankings.put([own])
    lay(cache)
    found = held(cache, own.period)
    assert (found == own, found.origin is Origin.ARCHIVE) == (kept, not kept)


def test_what_comes_later_takes_the_place_of_the_archive_and_says_so(cache: Cache) -> None:
    lay(cache)
    newer = rows(50, LAST_DAY, origin=Origin.EXPORT)
    cache.rankings.put([newer])
    assert held(cache, LAST_DAY) == newer
    assert cache.rankings.origins() == {Origin.ARCHIVE: 118, Origin.EXPORT: 1}


@pytest.mark.parametrize(("as_of", "count", "newer"), [(LATER, 7, True), (LATER, 6, False), (EARLIER, 7, False)])
@pytest.mark.parametrize("basis", [Basis.CHART, Basis.TOP50])
def test_newer_days_outrank_the_archives_own_week_on_every_basis(
    cache: Cache, basis: Basis, as_of: datetime, count: int, newer: bool
) -> None:
    lay(cache)
    days = [Period(Grain.DAY, LAST_WEEK.start + timedelta(days=n)) for n in range(count)]
    cache.rankings.put(rows(50, day, as_of) for day in days)
    found = Market(cache, Attribution({})).rankings(Grain.WEEK, Lens(basis)).at(LAST_WEEK)
    assert found is not None
    assert (found.listing.origin is Origin.API) is newer
    assert (found.slugs[0] == "lab/49") is newer
    assert found.fills_basis


def test_it_is_laid_once(cache: Cache) -> None:
    lay(cache)
    revision = cache.revision()
    lay(cache)
    assert cache.revision() == revision


def test_many_processes_lay_it_at_once(tmp_path: Path) -> None:
    def begin(_: int) -> int:
        with open_source(Config(Settings(source=SourceSettings(cache=tmp_path / "cache.sqlite3")))) as source:
            assert source.cache.rankings.origins() == {Origin.ARCHIVE: 119}
            return source.cache.revision()

    with ThreadPoolExecutor(6) as threads:
        assert set(threads.map(begin, range(6))) == {1}


# History, never news


def archived(now: datetime) -> World:
    """A world without a key, whose exports begin as the true ones do, with the archive under its record."""
    world = World(key=None, now=now)
    world.server.oldest_export = date(2026, 9, 19)
    world.source.archived = True
    world.source.lay_archive()
    return world


def judged(world: World) -> tuple[int, int]:
    """The alerts that were news, and those that are history, after a look."""
    AlertService(world.source).look()
    known = world.cache.alerts.known(world.machine()).values()
    return sum(one.news for one in known), sum(not one.news for one in known)


async def test_the_archive_is_history_and_so_is_the_record_that_first_comes_over_it() -> None:
    world = archived(datetime(2026, 10, 1, 12, tzinfo=UTC))
    for n in range(7, 14):
        world.server.days[date(2026, 9, n)] = {"lab/b": 9000, "lab/a": 10, "other": 100}
    news, history = judged(world)
    assert (news, history > 100) == (0, True)
    await world.refresh()
    assert {found.origin for found in world.cache.rankings.read(Grain.DAY, date(2026, 8, 20))} == {Origin.EXPORT}
    before = judged(world)
    assert before[0] == 0
    assert before[1] > history

    # The next day and week are news again.
    for n in range(1, 6):
        world.server.days[date(2026, 10, n)] = {"lab/b": 9000, "lab/a": 10, "other": 100}
    world.later(days=4)
    await world.refresh()
    news, _ = judged(world)
    assert news > 0


async def test_an_old_archive_is_no_stale_source() -> None:
    """The catalogue comes, the rankings do not: how old the source's figures are is not known."""
    world = archived(datetime(2026, 10, 1, 12, tzinfo=UTC))
    world.server.hook = core_world.fails_at("exports")
    for _ in range(3):
        assert (await world.refresh()).error is not None
        judged(world)
        assert "stale" not in {one.alert.rule for one in world.cache.alerts.known(world.machine()).values()}
        world.later(hours=1)


def test_an_archive_laid_under_a_record_that_was_judged_is_history() -> None:
    world = World(now=datetime(2026, 11, 2, 12, tzinfo=UTC))
    weeks = [Period(Grain.WEEK, date(2026, 10, 5) + timedelta(weeks=n)) for n in range(4)]
    world.cache.rankings.put(rows(50, week, world.machine.now) for week in weeks)
    judged(world)
    lay(world.cache)
    news, history = judged(world)
    assert (news, history > 100) == (0, True)


def test_a_newer_archive_than_the_record_is_history() -> None:
    world = World()
    world.cache.rankings.put(
        rows(50, Period(Grain.WEEK, date(2026, 5, 18) + timedelta(weeks=n)), core_world.NOON) for n in range(3)
    )
    judged(world)
    lay(world.cache)
    assert judged(world)[0] == 0


async def test_a_flip_between_the_archive_and_the_record_is_judged_over_both() -> None:
    """The week of 17 August: three days of the archive, four of the exports."""
    world = archived(datetime(2026, 9, 20, 12, tzinfo=UTC))
    await world.refresh()
    record = world.source.market().record(Grain.WEEK)
    week = record.complete(Period(Grain.WEEK, date(2026, 8, 17)))
    assert week is not None
    assert (week.composed, week.origin) == (True, Origin.ARCHIVE)
    assert record.complete_periods[0].start == date(2025, 7, 14)
    gaps = [p for p in record.complete_periods if p.previous() not in record.listings]
    assert [period.start for period in gaps] == [date(2025, 7, 14)]
