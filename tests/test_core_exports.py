"""One refresh of the cache without a key: the walk back, its resumption, conditional requests, and what is not believed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

import standin as recorded
from core_world import NOON, Hook, World, fails_at
from orwatch.api.origin import origin_of
from orwatch.config import Settings
from orwatch.core.datasets.registry import RANKED
from orwatch.core.refresh import RefreshReport, refresh
from orwatch.core.source import KEYLESS_INTERVAL, Source
from orwatch.domain.periods import Grain, Period, State
from orwatch.domain.records import Origin
from orwatch.errors import AnswerError, NetworkError
from orwatch.store.cache import Cache

WHOLE = {"lab/a": 1000, "lab/b": 500, "other": 100}


async def filled() -> World:
    world = World(key=None)
    assert (await world.refresh()).error is None
    return world


def exports(world: World) -> list[str]:
    return [path for path in world.server.paths() if path.endswith((".json", ".csv"))]


async def test_an_empty_cache_is_filled_by_walking_back_in_steps_of_27_days() -> None:
    world = await filled()
    assert exports(world)[:8] == [
        "latest.manifest.json",
        "2026-06-10.csv",
        "2026-05-14.manifest.json",
        "2026-05-14.csv",
        "2026-04-17.manifest.json",
        "2026-04-17.csv",
        "2026-03-21.manifest.json",
        "2026-03-21.csv",
    ]
    assert world.cache.rankings.coverage(Grain.DAY) == (date(2026, 1, 30), date(2026, 6, 9), 131)
    assert set(map(tuple, map(dict.items, world.figures().values()))) == {tuple(WHOLE.items())}
    assert world.cache.journal.requests(NOON - timedelta(days=1), keyed=True) == ()


async def test_days_of_the_exports_are_told_from_those_of_the_keyed_record() -> None:
    world = await filled()
    assert {found.origin for found in world.cache.rankings.read(Grain.DAY)} == {Origin.EXPORT}
    world.later(hours=1)
    await world.refresh(source=world.open())
    assert {found.origin for grain in Grain for found in world.cache.rankings.read(grain)} == {Origin.API}


async def test_the_manifest_is_looked_at_every_quarter_of_an_hour() -> None:
    assert World(key=None).source.interval == KEYLESS_INTERVAL == 900


async def test_a_second_refresh_asks_with_etags_alone() -> None:
    world = await filled()
    world.later(hours=12, minutes=30)
    report = await world.refresh()
    assert world.server.paths() == ["~/models", "~latest.manifest.json"]
    assert [done.not_modified for done in report.datasets] == [1, 1]


async def test_the_next_days_snapshot_takes_two_requests() -> None:
    world = await filled()
    world.later(hours=14)
    await world.refresh()
    assert exports(world) == ["latest.manifest.json", "2026-06-11.csv"]
    assert world.cache.rankings.coverage(Grain.DAY) == (date(2026, 1, 30), date(2026, 6, 10), 132)


async def test_restated_days_of_a_new_snapshot_replace_those_of_the_old() -> None:
    world = await filled()
    world.later(days=1)
    world.server.days = {date(2026, 6, 9): {"lab/a": 1001, "other": 1}}
    report = await world.refresh()
    assert world.figures()["2026-06-09"] == {"lab/a": 1001, "other": 1}
    assert [(done.rows_new, done.rows_restated) for done in report.datasets if done.dataset == "exports"] == [(3, 3)]


async def test_of_a_day_in_several_snapshots_the_newest_one_counts() -> None:
    """The walk goes back: older snapshots come later, and hold the days of the overlap as they were then."""
    world = World(key=None)

    def hook(request: httpx.Request) -> None:
        old = request.url.path.rpartition("/")[2].partition(".")[0] == "2026-05-14"
        world.server.days = {date(2026, 5, 13): {"lab/a": 1}} if old else {}

    world.server.hook = hook
    assert (await world.refresh()).error is None
    assert world.figures()["2026-05-13"] == WHOLE


async def test_after_forty_days_without_a_poll_the_gap_is_closed() -> None:
    world = await filled()
    world.later(days=40)
    assert (await world.refresh()).error is None
    assert exports(world) == ["latest.manifest.json", "2026-07-20.csv", "2026-06-23.manifest.json", "2026-06-23.csv"]
    assert world.cache.rankings.coverage(Grain.DAY) == (date(2026, 1, 30), date(2026, 7, 19), 171)


@pytest.mark.parametrize("answered", [0, 1, 2, 3, 4, 5])
async def test_a_walk_that_was_interrupted_is_made_again(answered: int) -> None:
    world = World(key=None)
    world.server.hook = fails_at("rankings-daily/", after=answered)
    assert isinstance((await world.refresh()).error, NetworkError)
    assert world.cache.journal.etag("/datasets/exports/rankings-daily") is None
    world.server.hook = None
    world.later(minutes=1)
    assert (await world.refresh()).error is None
    assert world.figures() == (await filled()).figures()


async def test_catching_up_that_was_interrupted_is_completed() -> None:
    world = await filled()
    world.later(days=40)
    world.server.hook = fails_at("2026-06-23.csv")
    assert isinstance((await world.refresh()).error, NetworkError)
    world.server.hook = None
    world.later(minutes=20)
    assert (await world.refresh()).error is None
    assert world.cache.rankings.coverage(Grain.DAY) == (date(2026, 1, 30), date(2026, 7, 19), 171)


async def test_a_file_that_its_manifest_does_not_vouch_for_is_not_stored() -> None:
    world = World(key=None)
    csv = b"date,model_permaslug,rank,total_tokens,share_of_daily_tokens\r\n2026-06-09,lab/a,1,5,1"
    world.server.hook = fails_at("2026-06-10.csv", with_=httpx.Response(200, content=csv))
    report = await world.refresh()
    assert isinstance(report.error, AnswerError)
    assert world.figures() == {}
    assert world.cache.journal.etag("/datasets/exports/rankings-daily") is None
    assert world.source.coordination.last_success is None


async def test_a_manifest_of_the_future_is_refused() -> None:
    world = await filled()
    world.later(days=1)
    world.server.hook = _dated(world, days=900)
    report = await world.refresh()
    assert isinstance(report.error, AnswerError)
    assert world.cache.rankings.newest_as_of() == datetime(2026, 6, 10, 1, 46, 15, tzinfo=UTC)


def _dated(world: World, *, days: int) -> Hook:
    def hook(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith("latest.manifest.json"):
            return None
        now, world.server.now = world.server.now, world.server.now + timedelta(days=days)
        body = world.server.export("latest.manifest.json")
        world.server.now = now
        assert isinstance(body, bytes)
        return httpx.Response(200, content=body)

    return hook


async def test_an_older_manifest_than_the_last_changes_nothing() -> None:
    world = await filled()
    before = world.figures()
    world.later(hours=1)
    world.server.hook = _dated(world, days=-2)
    assert (await world.refresh()).error is None
    assert world.figures() == before
    world.server.hook = None
    world.later(days=1)
    assert (await world.refresh()).error is None
    assert world.cache.rankings.coverage(Grain.DAY) == (date(2026, 1, 30), date(2026, 6, 10), 132)


# On the recorded figures, over real HTTP


def recorded_source(url: str, key: str | None) -> Source:
    return Source(Settings(), Cache.open(None, origin_of(url)), url, key)


def requests_of(report: RefreshReport) -> int:
    assert report.error is None
    return sum(done.requests for done in report.datasets)


async def ranked(source: Source, *, force: bool = False) -> RefreshReport:
    return await refresh(source, force=force, datasets=RANKED)


@pytest.mark.recorded
async def test_recorded_with_a_key_the_first_poll_takes_at_most_12_requests_and_the_second_4(standin: str) -> None:
    with recorded_source(standin, recorded.KEY) as source:
        assert requests_of(await ranked(source)) <= 12
        held = {grain: source.cache.rankings.read(grain) for grain in Grain}
        now = source.cache.rankings.newest_as_of()
        assert now is not None
        assert requests_of(await ranked(source, force=True)) <= 4
        for grain in Grain:
            settled = [listing for listing in held[grain] if listing.period.settled_by(now)]
            later = source.cache.rankings.read(grain)
            assert [(a.period, a.rows, a.other) for a in settled] == [
                (b.period, b.rows, b.other) for b in later[: len(settled)]
            ]


@pytest.mark.recorded
async def test_recorded_without_a_key_the_first_poll_takes_at_most_14_requests_and_the_second_4(standin: str) -> None:
    with recorded_source(standin, None) as source:
        assert requests_of(await ranked(source)) <= 14
        again = await ranked(source, force=True)
        assert requests_of(again) <= 4
        assert sum(done.not_modified for done in again.datasets) == requests_of(again)


@pytest.mark.recorded
async def test_recorded_without_a_key_the_record_begins_in_a_partial_week(standin: str) -> None:
    with recorded_source(standin, None) as source:
        await refresh(source)
        record = source.market().record(Grain.WEEK)
        first = Period(Grain.WEEK, date(2026, 6, 15))
        assert (record.first, record.state(first), record.state(first.next())) == (first, State.PARTIAL, State.COMPLETE)
