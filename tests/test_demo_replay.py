"""The demo as it is played: nothing that fires is lost or doubled, however fast its clock runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic

import pytest

from orwatch.config import Settings
from orwatch.config.schema import ViewSettings
from orwatch.core import replay
from orwatch.core.alerting import AlertService
from orwatch.core.source import WEEK, Source, demo_source
from orwatch.core.watch import Ended, Fired, watch
from orwatch.demo import record
from orwatch.demo.clock import DemoClock
from orwatch.domain.alerts.alert import Alert
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from tui_support import running

WINTER = datetime(2026, 2, 2, 2, tzinfo=UTC)
MAY = datetime(2026, 5, 5, tzinfo=UTC)
SPEEDS = (1, 12, 100)
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
            known = source.cache.alerts.known(source.machine(), after=0)
    assert flips([one.alert for one in known]) == FLIPS
