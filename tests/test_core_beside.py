"""What stands beside the rankings: asked for in its own share of the budget, and no trouble of it touches the rankings."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import httpx
import pytest

import standin as recorded
from core_world import BASE_URL, KEY, RANKINGS, World, needs_key, problem
from orwatch.api.origin import origin_of
from orwatch.config import Config, Settings
from orwatch.core.datasets.apps import APPS, WEEK
from orwatch.core.datasets.dataset import Dataset, DatasetRefresh
from orwatch.core.datasets.hosts import HOSTS, ranked_ids
from orwatch.core.datasets.registry import DATASETS
from orwatch.core.datasets.session_cost import SESSION_COST
from orwatch.core.refresh import RefreshReport, refresh
from orwatch.core.source import DemoOptions, Source, open_source
from orwatch.domain.apps import AppWeek
from orwatch.domain.habit import SessionCosts
from orwatch.domain.hosts import HostLists
from orwatch.domain.scores import SOURCES, AnalysisScores, OwnScores
from orwatch.domain.tasks import ProgrammingWeek, TaskShares
from orwatch.store.cache import Cache

HOURLY = timedelta(hours=1)


async def keyed(refresh: DatasetRefresh) -> None:
    """Asks one thing that needs the key, and notes when."""
    answer = await refresh.client.get("/shelf", keyed=True)
    refresh.answered(answer)
    refresh.note_asked()


def shelf(world: World, status: int = 200) -> Dataset:
    """A dataset with two requests a day, whose path is answered so."""
    answer = httpx.Response(200, json=[]) if status == 200 else problem(status, "no")
    world.server.hook = lambda request: (
        httpx.Response(answer.status_code, content=answer.content) if request.url.path.endswith("/shelf") else None
    )
    return Dataset("shelf", True, HOURLY, keyed, share=2)


async def test_of_a_server_that_is_a_year_ahead_for_one_poll_nothing_is_kept_that_would_outlast_it() -> None:
    world, year = World(), timedelta(days=365)

    def times() -> list[datetime]:
        cache = world.cache
        held = [kept.as_of for kept in cache.snapshots.held().values()]
        hosts = [cache.hosts.seen_at(id_) for id_ in ("lab/a", "lab/b")]
        return [moment for moment in (cache.catalogue.seen_at(), *hosts, *held) if moment is not None]

    await refresh(world.source)
    assert len(times()) > 5
    world.later(days=1)
    world.server.now += year
    world.server.prices["lab/a"] = "0.000009"
    await refresh(world.source, force=True)
    assert max(times()) <= world.machine.now
    world.server.now -= year
    world.server.prices["lab/a"] = "0.000003"
    world.later(hours=2)
    assert (await refresh(world.source, force=True)).error is None
    assert max(times()) == world.machine.now
    (price,) = [model.pricing.prompt for model in world.cache.catalogue.models() if model.id == "lab/a"]
    assert str(price) == "0.000003"


async def polled(world: World, *datasets: Dataset, source: Source | None = None) -> RefreshReport:
    world.server.asked.clear()
    return await refresh(source or world.source, datasets=datasets)


async def test_a_share_of_the_budget_is_kept_over_processes_and_is_whole_again_the_next_day() -> None:
    world = World()
    dataset = shelf(world)
    asked = []
    for _ in range(5):
        report = await polled(world, dataset, source=world.open())
        assert report.error is None
        asked.append(len(world.server.asked))
        world.later(hours=1)
    assert asked == [1, 1, 0, 0, 0]
    world.later(hours=8)
    await polled(world, dataset)
    assert len(world.server.asked) == 1


@pytest.mark.parametrize("status", [401, 404, 500])
async def test_what_fails_beside_the_rankings_is_told_and_the_poll_has_succeeded(status: int) -> None:
    world = World()
    dataset = shelf(world, status)
    report = await polled(world, dataset, *DATASETS[:1])
    assert report.error is None
    assert world.source.coordination.failures == 0
    first, second = report.datasets
    assert first.error is not None
    assert f"HTTP {status}" in first.error
    assert (second.dataset, second.error) == ("models", None)


async def test_what_failed_is_left_alone_for_an_hour() -> None:
    world = World()
    dataset = shelf(world, 500)
    await polled(world, dataset)
    world.later(minutes=59)
    await polled(world, dataset)
    assert world.server.asked == []
    dataset = shelf(world)
    world.later(minutes=1)
    (report,) = (await polled(world, dataset)).datasets
    assert report.error is None


async def test_a_refused_catalogue_stops_no_rankings() -> None:
    world = World()
    world.server.hook = lambda request: problem(401, "no") if request.url.path.endswith("/models") else None
    report = await world.refresh()
    assert report.error is not None
    assert "refuses the key" in str(report.error)
    assert world.figures()["2026-06-09"] == {"lab/a": 1000, "lab/b": 500, "other": 100}


async def test_hosts_of_the_ranked_models_come_daily_by_their_etag() -> None:
    world = World()
    await world.refresh()
    paths = ["/models/lab/a/endpoints", "/models/lab/b/endpoints"]
    (first,) = (await polled(world, HOSTS)).datasets
    assert [path for path, *_ in world.server.asked] == paths
    assert (first.requests, first.rows_new, first.not_modified) == (2, 2, 0)
    world.later(hours=11)
    assert (await polled(world, HOSTS)).datasets == ()
    world.later(hours=1)
    (again,) = (await polled(world, HOSTS)).datasets
    assert (again.requests, again.rows_new, again.rows_restated, again.not_modified) == (2, 0, 0, 2)
    assert world.cache.hosts.seen_at("lab/a") == world.server.now
    lists = world.cache.snapshots.read(HostLists)
    assert [(str(found.day), [*found.hosts]) for found in lists] == [
        ("2026-06-10", ["lab/a", "lab/b"]),
        ("2026-06-11", ["lab/a", "lab/b"]),
    ]


async def test_one_model_whose_hosts_cannot_be_had_stops_no_other() -> None:
    world = World()
    await world.refresh()
    world.server.hook = lambda request: problem(404, "no") if "lab/a/" in request.url.path else None
    (report,) = (await polled(world, HOSTS)).datasets
    assert report.error is not None
    assert "lab/a" in report.error
    assert [host.provider for host in world.cache.hosts.read("lab/b")] == ["Lab"]


async def test_the_demo_asks_for_nothing_beside_the_rankings() -> None:

    with open_source(Config(), demo=DemoOptions()) as source:
        report = await refresh(source)
    assert report.error is None
    assert not {done.dataset for done in report.datasets} & {dataset.name for dataset in DATASETS if dataset.beside}


async def test_all_of_it_for_a_day_stays_under_400_keyed_requests_and_a_second_process_adds_none() -> None:
    world = World(now=datetime(2026, 6, 10, 0, 1, tzinfo=UTC))
    first = await refresh(world.source)
    assert first.error is None
    assert not [done for done in first.datasets if done.error]
    assert len(world.server.asked) <= 40
    for n in range(287):
        world.later(minutes=5)
        await refresh(world.open() if n % 2 else world.source)
        asked = len(world.server.asked)
        await refresh(world.open())
        assert len(world.server.asked) == asked
    needing = Counter(path for path, *_ in world.server.asked if needs_key(BASE_URL + path))
    assert needing.total() < 400
    assert needing.total() - needing[RANKINGS] + 2 <= 48
    assert needing["/datasets/app-rankings"] >= 25
    assert world.source.coordination.keyed_requests_today() == needing.total()


async def test_weeks_of_apps_back_to_2025_come_within_days_the_newest_first() -> None:
    world = World()
    await world.refresh()
    days = 0
    starts: list[str] = []
    while len(starts) < 75 and days < 14:
        for _ in range(8):
            world.later(hours=3)
            await polled(world, *APPS)
        days += 1
        starts = sorted(world.cache.snapshots.taken(AppWeek), reverse=True)
        assert all(date.fromisoformat(a) - date.fromisoformat(b) == WEEK for a, b in pairwise(starts))
    assert (days, starts[-1]) == (6, "2025-01-06")
    world.later(hours=24)
    await polled(world, *APPS[2:])
    assert world.server.asked == []


async def test_a_running_day_that_is_refused_costs_one_request_a_day() -> None:
    world = World()
    world.server.hook = lambda request: (
        problem(400, "no") if request.url.params.get("end_date") == str(world.server.now.date()) else None
    )
    ends = []
    for _ in range(2):
        await polled(world, *APPS[:1])
        ends.append([query["end_date"] for _, query, _ in world.server.asked])
        world.later(hours=3)
    assert ends == [["2026-06-07", "2026-06-10", "2026-06-09"], ["2026-06-09"]]
    last, running = world.cache.snapshots.read(AppWeek)
    assert (str(last.end), str(running.end)) == ("2026-06-07", "2026-06-09")


async def test_the_cost_of_sessions_is_asked_for_whole_when_a_window_is_new_and_over_pages() -> None:
    world = World()
    cells = {"1-turn": [f"lab/{n}" for n in range(501)]}

    def hook(request: httpx.Request) -> httpx.Response | None:
        query = request.url.params
        if not request.url.path.endswith("/session-cost"):
            return None
        first, most = int(query["offset"]), int(query["limit"])
        row = {"app_slug": "cli", "turn_range": query.get("turn_range", "1-turn"), "median_session_cost_usd": 1}
        found = cells.get(query.get("turn_range", ""), ["lab/a"])[first : first + most]
        sunday = world.server.now.date() - timedelta(days=world.server.now.weekday() + 1)
        meta = {"as_of": world.server.now.isoformat(), "window_end_date": str(sunday)}
        return httpx.Response(200, json={"data": [row | {"model_permaslug": slug} for slug in found], "meta": meta})

    world.server.hook = hook
    asked = []
    for _ in range(3):
        await polled(world, SESSION_COST)
        asked.append(len(world.server.asked))
        world.later(days=3)
    assert asked == [6, 1, 6]
    kept = world.cache.snapshots.read(SessionCosts)
    assert [str(costs.window_end) for costs in kept] == ["2026-06-07", "2026-06-14"]
    assert {len(costs.cells) for costs in kept} == {501 + 3}


def test_the_shares_of_a_day_are_48() -> None:
    assert sum(dataset.share or 0 for dataset in DATASETS) <= 48


@pytest.mark.recorded
@pytest.mark.parametrize("key", [KEY, None])
async def test_recorded_a_first_start_asks_40_times_at_most_and_the_next_poll_has_the_rest(
    standin: str, key: str | None
) -> None:
    with Source(Settings(), Cache.open(None, origin_of(standin)), standin, key and recorded.KEY) as source:
        first = await refresh(source)
        assert first.error is None
        assert sum(done.requests for done in first.datasets) <= 40
        await refresh(source, force=True)
        ids = ranked_ids(source.cache)
        assert len(ids) > 40
        assert all(source.cache.hosts.seen_at(id_) for id_ in ids)


@pytest.mark.recorded
async def test_recorded_what_is_kept_with_a_key(standin: str) -> None:
    with Source(Settings(), Cache.open(None, origin_of(standin)), standin, recorded.KEY) as source:
        await refresh(source)
        kept = source.cache.snapshots
        tasks, costs = kept.newest(TaskShares), kept.newest(SessionCosts)
        assert tasks is not None
        assert {macro.key: macro.token_share for macro in tasks.macros}["code"] == 0.373
        assert costs is not None
        assert (len(costs.cells), str(costs.window_end)) == (242, "2026-08-16")
        (week,) = kept.read(AppWeek, "2026-08-10", "2026-08-10")
        assert [(app.name, app.tokens) for app in week.apps[:2]] == [
            ("Hermes Agent", 9_872_891_846_532),
            ("Claude Code", 2_807_140_432_662),
        ]
        programming = {str(found.start): found.total for found in kept.read(ProgrammingWeek)}
        assert (len(programming), round(programming["2026-02-09"] / 1e12, 2)) == (40, 6.13)
        assert [kept.newest(kind) is not None for kind in SOURCES] == [True] * 3


@pytest.mark.recorded
async def test_recorded_what_is_kept_without_a_key(standin: str) -> None:
    with Source(Settings(), Cache.open(None, origin_of(standin)), standin, None) as source:
        first = await refresh(source)
        assert not [done for done in first.datasets if done.error]
        indices, own = source.cache.snapshots.newest(AnalysisScores), source.cache.snapshots.newest(OwnScores)
        assert indices is not None
        assert indices.whence == "catalogue"
        assert own is not None
        assert own.whence == "export"
        found = {score.model: score for score in own.scores if score.benchmark == "gpqa_diamond"}
        opus = found["anthropic/claude-opus-5-20260723"]
        assert (round(opus.value, 3), round(float(opus.cost or 0), 4)) == (0.865, 0.1246)
        assert source.cache.snapshots.newest(HostLists) is not None
