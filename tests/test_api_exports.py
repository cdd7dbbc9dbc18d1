from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import PurePosixPath

import httpx
import pytest

import standin as recorded
from orwatch.api import exports, models, providers, rankings
from orwatch.api.client import Client
from orwatch.api.exports import Manifest
from orwatch.api.rankings import RankingsAnswer
from orwatch.domain.periods import Grain
from orwatch.domain.records import Listing
from orwatch.errors import AnswerError, KeyRefusedError, NotFoundError, RateLimitError

BASE = "https://openrouter.ai/api/v1"
FOLDER = f"{BASE}/datasets/exports/rankings-daily"
DAY = timedelta(days=1)


class Archive:
    """An archive of snapshots from `oldest` to `newest`, each of up to 30 days, none before `begins`."""

    def __init__(self, oldest: str, newest: str, begins: str = "2025-01-01", absent: tuple[str, ...] = ()) -> None:
        self.oldest, self.newest = date.fromisoformat(oldest), date.fromisoformat(newest)
        self.begins = date.fromisoformat(begins)
        self.absent = {date.fromisoformat(day) for day in absent}
        self.asked: list[str] = []
        self.change: dict[str, object] = {}
        self.file: bytes | None = None

    def csv(self, snapshot: date) -> bytes:
        days = [snapshot - back * DAY for back in range(30, 0, -1)]
        rows = [f"{day},a/b,1,{day.day},1.0" for day in days if day >= self.begins]
        return "\r\n".join(["date,model_permaslug,rank,total_tokens,share_of_daily_tokens", *rows, ""]).encode()

    def manifest(self, snapshot: date) -> bytes:
        content = self.csv(snapshot)
        file = {"url": f"{FOLDER}/{snapshot}.csv", "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        body = {
            "dataset": "rankings-daily",
            "snapshot_date": f"{snapshot}",
            "retrieved_at": f"{snapshot}T01:46:15.433Z",
            "row_count": 30,
            "files": {"csv": file | self.change},
        }
        return json.dumps(body).encode()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        name = PurePosixPath(request.url.path).name
        self.asked.append(name)
        stem = name.partition(".")[0]
        snapshot = self.newest if stem == "latest" else date.fromisoformat(stem)
        if not self.oldest <= snapshot <= self.newest or snapshot in self.absent:
            return httpx.Response(404, json={"error": {"code": 404, "message": "Export not found"}})
        if name.endswith(".csv"):
            return httpx.Response(200, content=self.csv(snapshot) if self.file is None else self.file)
        return httpx.Response(200, content=self.manifest(snapshot))

    def client(self) -> Client:
        return Client(BASE, transport=httpx.MockTransport(self))

    async def walk(self, known_until: str | None = None) -> list[RankingsAnswer]:
        known = date.fromisoformat(known_until) if known_until else None
        async with self.client() as client:
            newest, _ = await exports.latest(client)
            assert newest is not None
            return [found async for found in exports.walk_back(client, newest, known)]


def span(found: RankingsAnswer) -> tuple[str, str]:
    return found.listings[0].period.start.isoformat(), found.listings[-1].period.start.isoformat()


def newest_of_each_day(snapshots: list[RankingsAnswer]) -> dict[date, Listing]:
    """What a cache keeps: for each day the newest snapshot that holds it."""
    days: dict[date, Listing] = {}
    for found in sorted(snapshots, key=lambda rankings: rankings.as_of):
        days |= {listing.period.start: listing for listing in found.listings}
    return days


# One snapshot


async def test_the_newest_manifest_and_its_etag() -> None:
    async with Archive("2026-09-19", "2026-11-22").client() as client:
        newest, answer = await exports.latest(client)
    assert newest is not None
    assert (newest.snapshot_date, answer.status) == (date(2026, 11, 22), 200)


async def test_a_manifest_that_has_not_changed_is_none() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(304))
    async with Client(BASE, transport=transport) as client:
        newest, answer = await exports.latest(client, '"x"')
    assert newest is None
    assert answer.not_modified


async def test_a_day_without_a_snapshot_is_not_found() -> None:
    async with Archive("2026-09-19", "2026-11-22").client() as client:
        with pytest.raises(NotFoundError):
            await exports.dated(client, date(2026, 9, 18))


async def test_a_manifest_of_another_day_is_refused() -> None:
    archive = Archive("2026-09-19", "2026-11-22")
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=archive.manifest(date(2026, 11, 1))))
    async with Client(BASE, transport=transport) as client:
        with pytest.raises(AnswerError, match="2026-10-01"):
            await exports.dated(client, date(2026, 10, 1))


async def test_a_snapshot_is_the_dated_file_as_of_its_retrieval() -> None:
    archive = Archive("2026-09-19", "2026-11-22")
    async with archive.client() as client:
        newest, _ = await exports.latest(client)
        assert newest is not None
        found = await exports.snapshot(client, newest)
    assert found.as_of == datetime(2026, 11, 22, 1, 46, 15, tzinfo=UTC)
    assert span(found) == ("2026-10-23", "2026-11-21")
    assert archive.asked == ["latest.manifest.json", "2026-11-22.csv"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"url": "https://cdn.example/2026-11-22.csv"}, "another server"),
        ({"url": "http://openrouter.ai/2026-11-22.csv"}, "another server"),
        ({"url": "https://[bad/2026-11-22.csv"}, "another server"),
        ({"url": f"{FOLDER}/latest.csv"}, "another day"),
        ({"url": f"{FOLDER}/2026-11-21.csv"}, "another day"),
        ({"sha256": "0" * 64}, "not what its manifest says"),
        ({"bytes": 5}, "not what its manifest says"),
    ],
)
async def test_a_file_that_does_not_match_its_manifest_is_refused(change: dict[str, object], words: str) -> None:
    archive = Archive("2026-09-19", "2026-11-22")
    archive.change = change
    with pytest.raises(AnswerError, match=words):
        await archive.walk()


async def test_a_file_altered_on_the_way_is_refused() -> None:
    archive = Archive("2026-09-19", "2026-11-22")
    archive.file = archive.csv(date(2026, 11, 22)).replace(b"a/b", b"a/c")
    with pytest.raises(AnswerError, match="not what its manifest says"):
        await archive.walk()


# Walking back


async def test_an_empty_cache_is_filled_to_the_oldest_snapshot_by_halving() -> None:
    archive = Archive("2026-09-19", "2026-11-22")
    found = await archive.walk()
    assert [span(snapshot) for snapshot in found] == [
        ("2026-10-23", "2026-11-21"),
        ("2026-09-26", "2026-10-25"),
        ("2026-08-30", "2026-09-28"),
        ("2026-08-20", "2026-09-18"),
    ]
    assert len(newest_of_each_day(found)) == (date(2026, 11, 21) - date(2026, 8, 20)).days + 1
    assert len(archive.asked) <= 14


@pytest.mark.parametrize("oldest", [f"2026-10-{day:02}" for day in range(1, 28)])
async def test_whatever_the_oldest_snapshot_is_a_record_of_some_sixty_days_takes_twelve_requests(oldest: str) -> None:
    archive = Archive(oldest, "2026-11-22")
    found = await archive.walk()
    first = date.fromisoformat(oldest) - 30 * DAY
    assert min(newest_of_each_day(found)) == first
    assert len(archive.asked) <= 12


async def test_the_only_snapshot_is_found_to_be_the_oldest() -> None:
    archive = Archive("2026-11-22", "2026-11-22")
    assert [span(found) for found in await archive.walk()] == [("2026-10-23", "2026-11-21")]


async def test_nothing_older_is_asked_for_where_the_record_begins_inside_a_snapshot() -> None:
    archive = Archive("2026-06-22", "2026-08-22", begins="2026-06-21")
    found = await archive.walk()
    assert span(found[-1]) == ("2026-06-21", "2026-06-28")
    assert archive.asked == [
        *("latest.manifest.json", "2026-08-22.csv"),
        *("2026-07-26.manifest.json", "2026-07-26.csv"),
        *("2026-06-29.manifest.json", "2026-06-29.csv"),
    ]


@pytest.mark.parametrize(
    ("known_until", "snapshots"),
    [("2026-11-20", 1), ("2026-10-25", 1), ("2026-10-24", 2), ("2026-09-28", 2), ("2026-09-27", 3)],
)
async def test_a_cache_is_caught_up_to_the_two_days_that_may_be_restated(known_until: str, snapshots: int) -> None:
    archive = Archive("2026-09-19", "2026-11-22")
    found = await archive.walk(known_until)
    assert len(found) == snapshots
    assert len(archive.asked) == 2 * snapshots
    assert min(newest_of_each_day(found)) <= date.fromisoformat(known_until) - 2 * DAY


async def test_a_snapshot_that_was_never_published_is_walked_around() -> None:
    archive = Archive("2026-09-19", "2026-11-22", absent=("2026-10-26",))
    found = await archive.walk("2026-10-10")
    assert span(found[-1]) == ("2026-09-27", "2026-10-26")


async def test_an_archive_without_end_is_left_where_the_dataset_begins() -> None:
    archive = Archive("2020-01-01", "2025-03-31", begins="2020-01-01")
    found = await archive.walk()
    assert span(found[-1])[0] <= "2025-01-01"
    assert len(found) == 4


async def test_an_empty_snapshot_ends_the_walk() -> None:
    archive = Archive("2026-09-19", "2026-11-22", begins="2027-01-01")
    assert [found.listings for found in await archive.walk()] == [()]


# On the recorded data


async def walked(url: str) -> tuple[list[RankingsAnswer], int]:
    async with Client(url) as client:
        newest, _ = await exports.latest(client)
        assert isinstance(newest, Manifest)
        found = [snapshot async for snapshot in exports.walk_back(client, newest, None)]
        return found, client.requests_made


@pytest.mark.recorded
async def test_the_recorded_exports_are_walked_back_in_six_requests(standin: str) -> None:
    found, requests = await walked(standin)
    days = newest_of_each_day(found)
    assert requests == 6
    assert (min(days), max(days), len(days)) == (date(2026, 6, 21), date(2026, 8, 21), 62)
    assert sum(snapshot.lost for snapshot in found) == 0
    week = [listing.total for day, listing in days.items() if date(2026, 8, 10) <= day <= date(2026, 8, 16)]
    assert round(sum(week) / 1e12, 3) == 75.341


@pytest.mark.recorded
async def test_unchanged_manifests_cost_no_body(standin: str) -> None:
    async with Client(standin) as client:
        _, first = await exports.latest(client)
        received = client.bytes_received
        newest, second = await exports.latest(client, first.etag)
        assert newest is None
        assert second.etag == first.etag
        assert second.date is not None
        assert (second.date.date(), client.bytes_received) == (date(2026, 8, 22), received)


@pytest.mark.recorded
@pytest.mark.parametrize(
    ("week", "total", "first"),
    [
        ("2026-02-09", 13.015, "minimax/minimax-m2.5"),
        ("2026-06-01", 36.126, "deepseek/deepseek-v4-flash"),
        ("2026-08-10", 75.341, "deepseek/deepseek-v4-flash-20260731"),
    ],
)
async def test_recorded_weeks(standin: str, week: str, total: float, first: str) -> None:
    start = date.fromisoformat(week)
    async with Client(standin, recorded.KEY) as client:
        found, _ = await rankings.fetch(client, Grain.WEEK, start, start + 6 * DAY)
    (listing,) = found.listings
    assert found.lost == 0
    assert round(listing.total / 1e12, 3) == total
    assert listing.slugs[0].startswith(first)


@pytest.mark.recorded
async def test_recorded_days_come_with_the_running_one(standin: str) -> None:
    async with Client(standin, recorded.KEY) as client:
        found, answer = await rankings.fetch(client, Grain.DAY, date(2026, 8, 20), date(2026, 8, 22))
    assert [(x.period.start.day, x.period.settled_by(found.as_of)) for x in found.listings] == [(20, True), (21, True)]
    assert answer.date is not None


@pytest.mark.recorded
async def test_the_recorded_catalogue_and_providers_are_read_whole(standin: str) -> None:
    async with Client(standin) as client:
        listed, answer = await models.fetch(client)
        hosts, _ = await providers.fetch(client)
        unchanged, _ = await models.fetch(client, answer.etag)
    assert listed is not None
    assert hosts is not None
    assert unchanged is None
    assert (len(listed), len(hosts)) == (400, 80)
    assert sum(bool(model.pricing.overrides) for model in listed) == 57
    assert sum(model.expires is not None for model in listed) == 5


@pytest.mark.recorded
async def test_recorded_refusals(standin: str) -> None:
    async with Client(standin, "wrong") as client:
        with pytest.raises(KeyRefusedError, match="User not found"):
            await rankings.fetch(client, Grain.DAY, date(2026, 8, 1), date(2026, 8, 2))
    async with Client(standin, recorded.KEY) as client:
        with pytest.raises(AnswerError, match="366 days") as caught:
            await rankings.fetch(client, Grain.DAY, date(2025, 1, 1), date(2026, 8, 2))
        assert caught.value.status == 400
        with pytest.raises(NotFoundError):
            await exports.dated(client, date(2026, 6, 21))


@pytest.mark.recorded
async def test_a_spent_budget_is_told() -> None:
    reason = recorded.absent()
    if reason is not None:
        pytest.skip(reason)
    with recorded.serve(per_minute=1) as url:
        async with Client(url, recorded.KEY) as client:
            await rankings.fetch(client, Grain.DAY, date(2026, 8, 1), date(2026, 8, 2))
            with pytest.raises(RateLimitError, match="Rate limit exceeded"):
                await rankings.fetch(client, Grain.DAY, date(2026, 8, 1), date(2026, 8, 2))
