"""What stands beside the rankings: asked for in its own share of the budget, and no trouble of it touches the rankings."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

import standin as recorded
from core_world import KEY, World, problem
from orwatch.api.origin import origin_of
from orwatch.config import Settings
from orwatch.core.datasets import DATASETS
from orwatch.core.datasets.dataset import Dataset, DatasetRefresh
from orwatch.core.datasets.hosts import HOSTS, ranked_ids
from orwatch.core.refresh import RefreshReport, refresh
from orwatch.core.source import Source
from orwatch.store.cache import Cache

HOURLY = timedelta(hours=1)


async def keyed(refresh: DatasetRefresh) -> None:
    """Asks one thing that needs the key, and notes when."""
    answer = await refresh.client.get("/shelf", keyed=True)
    refresh.answered(answer)
    refresh.note_asked(refresh.dataset.name, refresh.coordination.server_now)


def shelf(world: World, status: int = 200) -> Dataset:
    """A dataset with two requests a day, whose path is answered so."""
    answer = httpx.Response(200, json=[]) if status == 200 else problem(status, "no")
    world.server.hook = lambda request: (
        httpx.Response(answer.status_code, content=answer.content) if request.url.path.endswith("/shelf") else None
    )
    return Dataset("shelf", True, HOURLY, keyed, share=2)


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
    world.later(hours=23)
    assert (await polled(world, HOSTS)).datasets == ()
    world.later(hours=1)
    (again,) = (await polled(world, HOSTS)).datasets
    assert (again.requests, again.rows_new, again.rows_restated, again.not_modified) == (2, 0, 0, 2)
    assert world.cache.hosts.seen_at("lab/a") == world.server.now


async def test_one_model_whose_hosts_cannot_be_had_stops_no_other() -> None:
    world = World()
    await world.refresh()
    world.server.hook = lambda request: problem(404, "no") if "lab/a/" in request.url.path else None
    (report,) = (await polled(world, HOSTS)).datasets
    assert report.error is not None
    assert "lab/a" in report.error
    assert [host.provider for host in world.cache.hosts.read("lab/b")] == ["Lab"]


async def test_the_demo_asks_for_nothing_beside_the_rankings() -> None:
    from orwatch.config import Config
    from orwatch.core.source import DemoOptions, open_source

    with open_source(Config(), demo=DemoOptions()) as source:
        report = await refresh(source)
    assert report.error is None
    assert not {done.dataset for done in report.datasets} & {dataset.name for dataset in DATASETS if dataset.beside}


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
