"""What a line of DATASETS says: when a dataset is asked for, with the key or without, by ETag, and what a failure stops."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import httpx
import pytest

from core_world import World, problem
from orwatch.api.client import Answer, Client
from orwatch.core.datasets.dataset import Dataset, whole_list
from orwatch.core.datasets.registry import DATASETS
from orwatch.core.refresh import RefreshReport, refresh
from orwatch.store.cache import Cache

DAILY = timedelta(days=1)


class Shelf:
    """A dataset of the test: a list of names at `/apps`, and what a refresh has put."""

    def __init__(self, world: World, keyed: bool | None = None) -> None:
        self.world = world
        self.names = ["cline", "kilo"]
        self.put: list[tuple[str, ...] | None] = []
        self.dataset = Dataset("apps", keyed, DAILY, whole_list("/apps", self.fetch, self.keep))
        self.with_key = keyed is True
        world.server.hook = self.answer

    def answer(self, request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith("/apps"):
            return None
        etag = f'"{len(self.names)}"'
        if request.headers.get("If-None-Match") == etag:
            return httpx.Response(304, headers={"ETag": etag})
        return httpx.Response(200, json=self.names, headers={"ETag": etag})

    async def fetch(self, client: Client, etag: str | None) -> tuple[tuple[str, ...] | None, Answer]:
        answer = await client.get("/apps", keyed=self.with_key, etag=etag)
        return None if answer.not_modified else tuple(json.loads(answer.body)), answer

    def keep(self, cache: Cache, names: tuple[str, ...] | None, seen: datetime) -> tuple[int, int]:
        self.put.append(names)
        return len(names or ()), 0

    async def refresh(self, *before: Dataset) -> RefreshReport:
        self.world.server.asked.clear()
        return await refresh(self.world.source, datasets=(*before, self.dataset))


async def test_a_list_is_asked_for_when_it_is_due_and_again_by_its_etag() -> None:
    shelf = Shelf(World())
    (first,) = (await shelf.refresh()).datasets
    assert (first.dataset, first.requests, first.rows_new, first.not_modified) == ("apps", 1, 2, 0)
    shelf.world.later(hours=23)
    assert (await shelf.refresh()).datasets == ()
    shelf.world.later(hours=1)
    (again,) = (await shelf.refresh()).datasets
    assert (again.rows_new, again.not_modified) == (0, 1)
    assert shelf.put == [("cline", "kilo"), None]


async def test_a_list_that_needs_the_key_is_counted_in_its_budget() -> None:
    world = World()
    shelf = Shelf(world, keyed=True)
    await shelf.refresh()
    assert world.source.coordination.keyed_requests_today() == 1


@pytest.mark.parametrize(("keyed", "key", "asked"), [(True, None, 0), (False, "sk-or-test", 0), (None, None, 1)])
async def test_a_dataset_is_left_alone_where_its_key_is_missing_or_needless(
    keyed: bool | None, key: str | None, asked: int
) -> None:
    world = World(key=key)
    shelf = Shelf(world, keyed)
    assert (await shelf.refresh()).error is None
    assert len(world.server.asked) == asked


@pytest.mark.parametrize(
    ("status", "goes_on"),
    [(500, True), (404, True), (401, True), (429, False)],
)
async def test_a_dataset_that_fails_stops_the_others_only_where_none_would_be_answered(
    status: int, goes_on: bool
) -> None:
    world = World()
    shelf = Shelf(world)

    def answer(request: httpx.Request) -> httpx.Response | None:
        return problem(status, "no") if request.url.path.endswith("/models") else shelf.answer(request)

    world.server.hook = answer
    report = await shelf.refresh(DATASETS[0])
    assert report.error is not None
    assert report.datasets[0].error is not None
    assert bool(shelf.put) is goes_on


def test_datasets_have_names_of_their_own() -> None:
    names = [dataset.name for dataset in DATASETS]
    assert len(set(names)) == len(names)
