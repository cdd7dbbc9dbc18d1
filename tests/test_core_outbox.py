"""Delivery: channels apart from each other and from the poller, once for all processes, grouped, held, retried."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from functools import partial
from pathlib import Path
from typing import Any, Literal, cast

import pytest
from msgspec.structs import replace

from alerts_support import LAST, flip, judged, mark, weeks
from core_world import NOON, World
from orwatch.config import Settings
from orwatch.core.alerting import AlertService
from orwatch.core.messages import compose
from orwatch.core.outbox import (
    Outcome,
    Sent,
    Sink,
    Undelivered,
    deliver,
    deliver_once,
    open_sinks,
    sink,
    starting_now,
)
from orwatch.core.poller import Synced
from orwatch.core.watch import watch
from orwatch.domain.alerts.alert import Alert, Severity
from orwatch.domain.alerts.memory import Fate
from orwatch.errors import UsageError
from orwatch.notify.bell import BellSettings
from orwatch.notify.channel import DeliveryError, Message, Quiet
from orwatch.notify.command import CommandSettings
from orwatch.notify.desktop import DesktopSettings
from orwatch.notify.file import AlertFile, FileSettings
from orwatch.notify.osc import OscSettings
from orwatch.notify.posting import post
from orwatch.notify.registry import CHANNELS, NotifySettings
from orwatch.notify.webhook import WebhookSettings
from orwatch.store.alerts import EVERYTHING

PROMPT = NotifySettings(group=0, bell=BellSettings(on=True), desktop=DesktopSettings(on=True))
NIGHT = Quiet(clock(22), clock(7))
LUNCH = Quiet(clock(12), clock(13, 30))


class Box:
    """A channel that keeps what it gets, and fails as often as it is told."""

    def __init__(self, name: str = "webhook", fails: int = 0) -> None:
        self.name = name
        self.fails = fails
        self.got: list[Message] = []

    async def send(self, message: Message) -> None:
        if self.fails:
            self.fails -= 1
            raise DeliveryError("it is closed")
        self.got.append(message)

    @property
    def ids(self) -> list[list[str]]:
        return [[facts["id"] for facts in message.alerts] for message in self.got]


class Night:
    """Sleeps take no time, and the machine's clock moves by them."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def __call__(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.world.machine.now += timedelta(seconds=seconds)


class Soon:
    """Sleeps that take a twentieth of their time, while the machine's clock goes on by itself."""

    async def __call__(self, seconds: float) -> None:
        await asyncio.sleep(seconds / 20)


@pytest.fixture
async def world() -> World:
    """A polled cache in which nothing has fired."""
    world = World()
    await world.refresh()
    world.cache.alerts.record(judged(world.cache, [], weeks(LAST.previous(), 8)), world.machine())
    return world


def fire(world: World, *alerts: Alert) -> None:
    world.cache.alerts.record(judged(world.cache, alerts), world.machine())


async def take(events: AsyncIterator[Outcome], count: int) -> list[Outcome]:
    out: list[Outcome] = []
    async with aclosing(cast(Any, events)) as running:
        async for event in running:
            out.append(event)
            if len(out) == count:
                break
    return out


def made(world: World, *channels: Box, notify: NotifySettings = PROMPT) -> tuple[Sink, ...]:
    return starting_now(world.source, [sink(notify, box.name, box.send) for box in channels])


async def test_each_channel_gets_each_alert_once_whoever_asks(world: World) -> None:
    one, two = Box("webhook"), Box("webhook")
    first, second = made(world, one), made(world, two)
    fire(world, flip(), mark())
    soon = Soon()
    await asyncio.gather(deliver_once(world.source, first, sleep=soon), deliver_once(world.source, second, sleep=soon))
    assert sorted(one.ids + two.ids) == [[flip().id, mark().id]]
    assert await deliver_once(world.source, second) == []


async def test_a_message_says_what_fired_with_its_source(world: World) -> None:
    fire(world, flip(), mark())
    message = compose(world.source, [flip().id, mark().id])
    assert message.title == "CN passes US, and 1 more alert"
    assert message.lines[0].startswith("◆ CN passes US on chart: 3.00T to 2.00T, week of 1 June")
    assert message.severity == "major"
    assert message.citation == "Source: OpenRouter (openrouter.ai/rankings), as of 2026-06-10T12:00:00Z."
    assert [facts["source"] for facts in message.alerts] == ["openrouter", "openrouter"]
    assert compose(world.source, [flip().id]).title == "CN passes US"


async def test_a_flip_that_two_rules_see_is_one_line_with_both_alerts_facts(world: World) -> None:
    first = replace(flip(), subject_kind="country", subject="CN")
    fire(world, first, flip())
    message = compose(world.source, [first.id, flip().id])
    assert message.title == "CN passes US"
    (line,) = message.lines
    assert line.startswith("◆ CN passes US and leads the countries on chart")
    assert {facts["id"] for facts in message.alerts} == {first.id, flip().id}


async def test_what_fires_while_it_runs_is_sent(world: World) -> None:
    box = Box()
    events = deliver(world.source, made(world, box), sleep=Night(world))

    async def later() -> None:
        fire(world, flip())

    found, _ = await asyncio.gather(take(events, 1), later())
    assert found == [Sent("webhook", (flip().id,))]


async def test_a_failure_is_told_with_its_cause_and_tried_again(world: World) -> None:
    box = Box(fails=1)
    ready = made(world, box)
    fire(world, flip())
    failed, sent = await take(deliver(world.source, ready, sleep=Night(world)), 2)
    assert isinstance(failed, Undelivered)
    assert (failed.channel, failed.ids, failed.cause) == ("webhook", (flip().id,), "it is closed")
    assert failed.retry_at is not None
    assert sent == Sent("webhook", (flip().id,))
    assert box.got[0].again


async def test_after_three_failures_it_is_given_up_and_counted(world: World) -> None:
    ready = made(world, Box(fails=9))
    fire(world, flip())
    events = await take(deliver(world.source, ready, sleep=Night(world)), 3)
    assert [event.retry_at is None for event in events if isinstance(event, Undelivered)] == [False, False, True]
    failures = world.cache.deliveries.failures(world.machine())
    assert (failures.count, failures.last_error) == (1, "webhook: it is closed")


@pytest.mark.parametrize(("shape", "ends"), [("alertmanager", ["2026-06-10T12:00:00Z"]), ("json", [])])
async def test_alertmanager_alone_is_told_that_an_alert_is_acknowledged(
    shape: Literal["alertmanager", "json"], ends: list[str], world: World
) -> None:
    box = Box()
    ready = made(world, box, notify=NotifySettings(group=0, webhook=WebhookSettings(shape=shape)))
    fire(world, flip(), mark())
    await deliver_once(world.source, ready)
    world.cache.alerts.acknowledge([flip().id], world.machine())
    await deliver_once(world.source, ready)
    assert box.ids[0] == [flip().id, mark().id]
    told = [facts for message in box.got for facts in message.alerts if "ended_at" in facts]
    assert [(facts["id"], facts["ended_at"]) for facts in told] == [(flip().id, end) for end in ends]


async def test_a_channel_that_breaks_in_an_unexpected_way_ends_nothing(world: World) -> None:
    class Broken(Box):
        async def send(self, message: Message) -> None:
            raise ZeroDivisionError

    other = Box("desktop")
    ready = made(world, Broken(), other)
    fire(world, flip())
    events = await deliver_once(world.source, ready, sleep=Night(world))
    assert Sent("desktop", (flip().id,)) in events
    assert {event.cause for event in events if isinstance(event, Undelivered)} == {"unexpected ZeroDivisionError"}
    assert len(other.got) == 1


@contextmanager
def hanging_server() -> Iterator[str]:
    """A loopback server that takes requests and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        held: list[socket.socket] = []

        def hold() -> None:
            while True:
                try:
                    held.append(listening.accept()[0])
                except OSError:
                    return

        threading.Thread(target=hold, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/hook"
        for taken in held:
            taken.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
async def test_polls_and_other_channels_go_on_beside_a_hanging_webhook_a_broken_bell_and_a_full_disk(
    world: World,
) -> None:
    class Deaf(Box):
        async def send(self, message: Message) -> None:
            raise DeliveryError("the terminal cannot be written: Input/output error")

    good = Box("desktop")
    with hanging_server() as url:
        hanging = sink(PROMPT, "webhook", partial(post, url, "json", seconds=20))
        full = sink(PROMPT, "file", AlertFile(Path("/dev/full")).append)
        ready = (*starting_now(world.source, [hanging, full]), *made(world, Deaf("bell"), good))
        fire(world, flip())
        polls, failed, sent = 0, dict[str, str](), set[str]()
        service = AlertService(world.source)
        service.sinks = ready
        async with aclosing(cast(Any, watch(service, sleep=Night(world)))) as events:
            async for event in events:
                if isinstance(event, Undelivered):
                    failed[event.channel] = event.cause
                elif isinstance(event, Sent):
                    sent.add(event.channel)
                polls += isinstance(event, Synced)
                if polls >= 5 and len(failed) == 2 and sent:
                    break
            begun = time.monotonic()
        assert time.monotonic() - begun < 0.3, "quitting does not wait for the webhook"
    assert failed == {
        "bell": "the terminal cannot be written: Input/output error",
        "file": "/dev/full cannot be written: No space left on device",
    }
    assert sent == {"desktop"}
    assert good.ids == [[flip().id]]


async def test_a_hanging_webhook_fails_after_its_time(world: World) -> None:
    with hanging_server() as url:
        ready = starting_now(world.source, [sink(PROMPT, "webhook", partial(post, url, "json", seconds=0.1))])
        fire(world, flip())
        (event,) = await take(deliver(world.source, ready, sleep=Night(world)), 1)
    assert isinstance(event, Undelivered)
    assert event.cause == f"{url.removesuffix('/hook')}/… did not answer within 0.1 s"


async def test_a_burst_is_one_message_but_a_line_each_in_the_file(world: World, tmp_path: Path) -> None:
    box, path = Box(), tmp_path / "alerts.jsonl"
    file = sink(NotifySettings(), "file", AlertFile(path).append)
    ready = (*made(world, box, notify=NotifySettings()), *starting_now(world.source, [file]))
    fire(world, flip(), mark(length=4), mark(length=8))
    events = await take(deliver(world.source, ready, sleep=Night(world)), 4)
    assert [len(event.ids) for event in events if event.channel == "webhook"] == [3]
    assert len(box.got) == 1
    assert [json.loads(line)["rule"] for line in path.read_text().splitlines()] == ["lead-flip", "streak", "streak"]


async def test_quiet_hours_hold_everything_but_the_file_until_they_end(world: World) -> None:
    local = [datetime(2026, 6, 10, 23, tzinfo=UTC)]
    notify = replace(PROMPT, quiet=NIGHT)
    box, file = Box("webhook"), Box("file")
    ready = made(world, box, file, notify=notify)
    fire(world, flip(), mark())
    events = deliver(world.source, ready, local=lambda: local[0], sleep=Night(world))
    async with aclosing(cast(Any, events)) as running:
        assert [(await anext(running)).channel for _ in range(2)] == ["file", "file"]
        assert box.got == []
        local[0] = datetime(2026, 6, 11, 7, tzinfo=UTC)
        assert (await anext(running)) == Sent("webhook", (flip().id, mark().id))


@pytest.mark.parametrize(
    ("hours", "at", "quiet"),
    [
        (NIGHT, "12:00:00", False),
        (NIGHT, "21:59:59", False),
        (NIGHT, "22:00:00", True),
        (NIGHT, "23:59:59", True),
        (NIGHT, "00:00:00", True),
        (NIGHT, "06:59:59", True),
        (NIGHT, "07:00:00", False),
        (LUNCH, "11:59:59", False),
        (LUNCH, "12:00:00", True),
        (LUNCH, "13:29:59", True),
        (LUNCH, "13:30:00", False),
        (LUNCH, "23:00:00", False),
    ],
)
def test_quiet_hours_begin_with_their_start_and_end_before_their_end(hours: Quiet, at: str, quiet: bool) -> None:
    assert hours.holds(datetime.fromisoformat(f"2026-06-10T{at}")) is quiet


@pytest.mark.parametrize(
    ("name", "pauses"),
    [
        ("webhook", [2, 10]),  # given up after three
        ("desktop", [2, 10]),
        ("bell", []),
        ("file", [2, 10, 60, 300, 600, 600]),  # never given up while it is fresh
    ],
)
async def test_the_pauses_between_the_tries_of_a_delivery(world: World, name: str, pauses: list[float]) -> None:
    async def sleep(seconds: float) -> None:
        await asyncio.sleep(0.001)  # the clock stands, but for what is set below

    box = Box(name, fails=99)
    ready = made(world, box)
    fire(world, flip())
    told: list[float] = []
    async with aclosing(cast(Any, deliver(world.source, ready, sleep=sleep))) as events:
        while len(told) < len(pauses):
            failed = await anext(events)
            told.append((failed.retry_at - world.machine()).total_seconds())
            world.machine.now = failed.retry_at - timedelta(seconds=1)
            tries = box.fails
            await asyncio.sleep(0.02)
            assert box.fails == tries, "too early"
            world.machine.now = failed.retry_at
        assert told == pauses
        assert ((await anext(events)).retry_at is None) == (name != "file")


def lock(world: World, *, locked: bool) -> None:
    """Makes the cache refuse writes, as a disk does that was mounted read-only, or takes them again."""
    world.cache.database.connection.execute(f"PRAGMA query_only = {locked}")


async def test_a_cache_that_fails_is_told_and_looked_at_again_after_five_seconds(world: World) -> None:
    async def sleep(seconds: float) -> None:
        await asyncio.sleep(0.001)  # the clock stands, but for what is set below

    box = Box()
    ready = made(world, box)
    fire(world, flip())
    lock(world, locked=True)
    async with aclosing(cast(Any, deliver(world.source, ready, sleep=sleep))) as events:
        failed = await anext(events)
        assert (failed.channel, failed.ids, failed.retry_at) == ("webhook", (), None)
        assert "is read-only" in failed.cause
        await asyncio.sleep(0.05)  # the first look at what others did wakes it once more
        lock(world, locked=False)
        world.machine.now += timedelta(seconds=4.9)
        await asyncio.sleep(0.05)
        assert box.got == [], "too early"
        world.machine.now += timedelta(seconds=0.1)
        while isinstance(event := await anext(events), Undelivered):
            assert event.ids == ()
    assert event == Sent("webhook", (flip().id,))


async def test_what_came_of_a_delivery_is_noted_when_the_cache_can_be_written_again(world: World) -> None:
    class Locking(Box):
        async def send(self, message: Message) -> None:
            await super().send(message)
            lock(world, locked=True)

    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if seconds == 5:
            lock(world, locked=False)
        await asyncio.sleep(0.001)

    box = Locking()
    ready = made(world, box)
    fire(world, flip())
    told = await take(deliver(world.source, ready, sleep=sleep), 2)
    assert [event.ids for event in told] == [(), (flip().id,)]
    assert isinstance(told[1], Sent)
    assert 5 in slept
    assert len(box.got) == 1
    (known,) = world.cache.alerts.known(world.machine()).values()
    assert [delivery.fate for delivery in known.deliveries] == [Fate.SENT]


async def test_snoozed_alerts_come_when_the_snooze_is_over(world: World) -> None:
    box = Box()
    ready = made(world, box)
    AlertService(world.source).snooze(EVERYTHING, NOON + timedelta(hours=1))
    fire(world, flip())
    assert await deliver_once(world.source, ready) == []
    world.machine.now += timedelta(hours=1, seconds=1)
    assert await deliver_once(world.source, ready) == [Sent("webhook", (flip().id,))]


async def test_a_bell_rings_for_what_fires_while_it_is_there(world: World) -> None:
    fire(world, mark())
    bell = Box("bell")
    ready = made(world, bell)
    assert await deliver_once(world.source, ready) == []
    fire(world, mark(), flip())
    assert await deliver_once(world.source, ready) == [Sent("bell", (flip().id,))]


async def test_what_was_not_sent_before_the_end_is_sent_by_the_next_process(world: World) -> None:
    gate = asyncio.Event()
    begun = asyncio.Event()

    class Slow(Box):
        async def send(self, message: Message) -> None:
            begun.set()
            await gate.wait()

    ready = made(world, Slow())
    fire(world, flip())
    task = asyncio.create_task(take(deliver(world.source, ready, sleep=Night(world)), 1))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    world.machine.now += timedelta(seconds=61)
    box = Box()
    assert await deliver_once(world.source, made(world, box)) == [Sent("webhook", (flip().id,))]
    assert box.got[0].again


def names(found: Sequence[Sink]) -> list[str]:
    return [one.terms.channel for one in found]


def test_which_channels_the_settings_name(tmp_path: Path) -> None:
    every = NotifySettings(
        bell=BellSettings(on=True),
        osc=OscSettings(on=True),
        desktop=DesktopSettings(on=True),
        webhook=WebhookSettings(url="https://example.org/x"),
        command=CommandSettings(argv=("true",)),
        file=FileSettings(path=tmp_path / "x"),
    )
    kitty = {"TERM": "xterm-kitty"}

    def write(text: str) -> None:
        raise AssertionError

    assert open_sinks(NotifySettings(), kitty, write) == []
    abroad = ["desktop", "webhook", "command", "file"]
    assert names(open_sinks(every, kitty, write)) == ["bell", "osc", *abroad]
    assert names(open_sinks(every, {"TERM": "xterm"}, write)) == ["bell", *abroad]
    told = replace(every, osc=OscSettings(on=True, protocol="9"))
    assert "osc" in names(open_sinks(told, {"TERM": "xterm"}, write))
    assert names(open_sinks(every, kitty, None)) == abroad
    assert names(open_sinks(every, kitty, write, demo=True)) == ["bell", "osc"]
    with pytest.raises(UsageError, match=r"^notify\.webhook\.url: plain HTTP goes to this machine only"):
        open_sinks(replace(every, webhook=WebhookSettings(url="http://example.org/SECRET")), kitty, None)


def test_how_each_channel_takes_alerts() -> None:
    found = {name: sink(PROMPT, name, Box().send).terms for name in CHANNELS}
    assert {name for name, terms in found.items() if terms.again} == {"webhook", "command", "file"}
    assert {name: terms.tries for name, terms in found.items()} == {
        "toast": 1, "bell": 1, "osc": 1, "desktop": 3, "webhook": 3, "command": 3, "file": 0,
    }  # fmt: skip
    assert {name for name, terms in found.items() if terms.since is not None} == {"toast", "bell", "osc"}
    assert {name for name, terms in found.items() if not terms.heeds or terms.limit == 1} == {"file"}
    assert found["file"].severities == frozenset(Severity)
    assert found["webhook"].severities == {Severity.MAJOR, Severity.NOTABLE}
    assert sink(NotifySettings(), "bell", Box().send).terms.severities == frozenset()


def test_settings_hold_by_default() -> None:
    assert Settings().notify == NotifySettings()
