"""What a table of answers cannot hold: no server, no name, no trust, clocks that are wrong, and what an answer may cost."""

from __future__ import annotations

import asyncio
import socket
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import core_world
from faults.front_ends import FRONT_ENDS, FaultySource, Scene
from faults.server import FaultServer, Wire
from faults.table import bomb, endless, is_one_sentence, packed
from orwatch.config import Settings
from orwatch.core.datasets.registry import RANKED
from orwatch.core.refresh import refresh
from orwatch.errors import AnswerError, OrwatchError
from orwatch.store.cache import Cache

CERTIFICATE = str(Path(__file__).with_name("test-only-self-signed.pem"))
MEGABYTE = 2**20


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


async def told_by(base_url: str, *, key: str | None = core_world.KEY) -> str:
    """What a first poll of an address ends in."""
    with Cache.open(None, "https://openrouter.ai") as cache:
        source = FaultySource(Settings(), cache, base_url, key)
        report = await refresh(source)
        assert isinstance(report.error, OrwatchError)
        assert is_one_sentence(str(report.error))
        assert cache.rankings.newest_as_of() is None
        return str(report.error)


@pytest.mark.parametrize("front_end", FRONT_ENDS)
async def test_a_server_that_is_gone_and_comes_back(front_end: str, capsys: pytest.CaptureFixture[str]) -> None:
    with FaultServer() as server:
        scene = Scene(server)
        with scene.source:
            async with FRONT_ENDS[front_end](scene, lambda: capsys.readouterr().err) as front:
                assert (await front.poll()).reason is None
                before = scene.figures()
                server.refuse()
                for pause in (15, 30, 60):
                    scene.later(seconds=61)
                    told = await front.poll()
                    assert told.reason is not None
                    assert "refuses the connection; check the base URL and any proxy" in told.reason
                    assert 0.75 * pause - 1 <= told.retry_in <= pause
                    assert scene.figures() == before
                server.listen()
                scene.later(seconds=61)
                assert (await front.poll()).reason is None


async def test_a_name_that_nobody_knows() -> None:
    # Too long for any name server to be asked.
    assert "cannot be found; check the network and the base URL" in await told_by(f"https://{'x' * 70}.example/api/v1")


async def test_a_certificate_that_nobody_vouches_for() -> None:
    with FaultServer(certificate=CERTIFICATE) as server:
        words = await told_by(server.base_url)
        assert "is not trusted here (self-signed certificate)" in words
        assert "SSL_CERT_FILE" in words
        assert server.asked == [], "the key was not sent"


async def test_a_server_that_does_not_speak_tls(server: FaultServer) -> None:
    words = await told_by(server.base_url.replace("http:", "https:"))
    assert "No secure connection" in words
    assert server.asked == []


async def test_a_port_that_takes_connections_and_never_speaks(server: FaultServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, Cache.open(None, "https://openrouter.ai") as cache:
        base_url = f"https://127.0.0.1:{silent.getsockname()[1]}/api/v1"
        source = FaultySource(Settings(), cache, base_url, core_world.KEY)
        source.patience = 0.2
        report = await refresh(source)
        assert "did not answer within 0.2 s" in str(report.error)


# Clocks


@pytest.mark.parametrize("off", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=365), timedelta(days=-365)])
@pytest.mark.parametrize("wrong", ["machine", "server"])
async def test_a_wrong_clock_changes_no_figure_and_no_budget(server: FaultServer, wrong: str, off: timedelta) -> None:
    right = Scene(server)
    with right.source:
        assert (await refresh(right.source)).error is None
        expected = right.figures()
    server.asked.clear()
    if wrong == "server":
        server.date_is_off = off
    scene = Scene(server, machine_is_off=off if wrong == "machine" else timedelta())
    with scene.source:
        report = await refresh(scene.source, datasets=RANKED)
        if wrong == "server" and off < -timedelta(days=1):
            # Its figures would be of its own future, and of two such clocks none can be believed.
            assert isinstance(report.error, AnswerError)
            assert "in the future; nothing is kept" in str(report.error)
            assert scene.figures() == {}
        else:
            assert report.error is None
            assert scene.figures() == expected
        keyed = sum(asked.keyed for asked in server.asked)
        assert scene.source.coordination.keyed_requests_today() == keyed <= 10


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=365), timedelta(days=-365)])
async def test_a_clock_that_jumps_forgets_no_request_of_the_day(server: FaultServer, jump: timedelta) -> None:
    scene = Scene(server)
    with scene.source:
        await refresh(scene.source, datasets=RANKED)
        used = scene.source.coordination.keyed_requests_today()
        scene._off = jump
        scene.later(seconds=301)
        assert (await refresh(scene.source, force=True, datasets=RANKED)).error is None
        assert scene.source.coordination.server_now == server.world.now
        assert scene.source.coordination.keyed_requests_today() == used + 1
        scene._off = timedelta()
        scene.later(seconds=301)
        await refresh(scene.source, force=True, datasets=RANKED)
        assert used + 1 <= scene.source.coordination.keyed_requests_today() <= used + 2


@pytest.mark.parametrize("tells_time", [True, False])
@pytest.mark.parametrize("days", [2, 9, 365])
async def test_a_server_whose_whole_clock_is_ahead_for_one_poll_settles_nothing(
    server: FaultServer, days: int, tells_time: bool
) -> None:
    server.world.tells_time = tells_time
    scene = Scene(server)
    with scene.source:
        assert (await refresh(scene.source, datasets=RANKED)).error is None
        before = scene.figures()
        scene.later(seconds=3700)
        server.date_is_off = timedelta(days=days)
        server.world.as_of = server.world.now + server.date_is_off
        report = await refresh(scene.source, force=True, datasets=RANKED)
        assert "and has none of the day before; nothing is kept" in str(report.error)
        assert scene.figures() == before
        server.date_is_off, server.world.as_of = timedelta(), None
        scene.later(seconds=3700)
        assert (await refresh(scene.source, force=True, datasets=RANKED)).error is None
        assert scene.figures() == before
        assert scene.source.cache.rankings.newest_as_of() == server.world.now


# What an answer may cost


def _peak(server: FaultServer) -> tuple[float, str]:
    """Megabytes that reading an answer takes at most, and what it ends in."""

    async def get() -> str:
        with Cache.open(None, "https://openrouter.ai") as cache:
            source = FaultySource(Settings(), cache, server.base_url, core_world.KEY)
            async with source.client() as client:
                await client.get("/providers")
                tracemalloc.start()
                with pytest.raises(AnswerError) as caught:
                    await client.get("/datasets/rankings-daily", {"period": "day"} | WINDOW, keyed=True)
                return str(caught.value)

    try:
        words = asyncio.run(get())
        return tracemalloc.get_traced_memory()[1] / MEGABYTE, words
    finally:
        tracemalloc.stop()


WINDOW = {"start_date": "2026-06-09", "end_date": "2026-06-10"}


@pytest.mark.parametrize(
    ("name", "act"),
    [
        ("a gzip bomb of a quarter gigabyte", lambda: packed(bomb(256))),
        ("a body without end", lambda: endless),
    ],
)
def test_an_answer_too_long_takes_no_more_memory_than_the_cap_allows(
    server: FaultServer, name: str, act: Callable[[], Callable[[Wire, object], None]]
) -> None:
    server.fault, server.only = act(), "rankings-daily?"
    began = time.monotonic()
    peak, words = _peak(server)
    assert "over 16 MB" in words, name
    assert peak < 24, f"{name} took {peak:.0f} MB"
    assert time.monotonic() - began < 20
