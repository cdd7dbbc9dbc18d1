"""What happens inside: reading the cache anew, decoding, one whole refresh. In this process."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from msgspec.structs import replace

from benchmarks.bench import MODELS, ORIGIN, YEARS, Bench, Row, median
from benchmarks.market import AS_OF
from benchmarks.screen import GROWTH

FRAME = 16.7
"""Milliseconds of a frame."""


def _ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def reading(bench: Bench) -> Iterator[Row]:
    """The snapshot after a poll that brought nothing, and after one that brought the running week anew."""
    from orwatch.core.judge import judge_view
    from orwatch.core.market import Market
    from orwatch.core.views.overview import snapshot
    from orwatch.core.views.prices import price_list
    from orwatch.domain.alerts.registry import AlertRules
    from orwatch.domain.periods import Grain
    from orwatch.domain.query import Query
    from orwatch.domain.vendors import Attribution
    from orwatch.store.cache import Cache

    for years, models in ((YEARS, MODELS), *GROWTH):
        with Cache.open(bench.cache(years, models), ORIGIN) as cache:
            shown = [Market(cache, Attribution())]

            def look(shown: list[Market] = shown) -> None:
                market = shown[0].renewed()
                if market is not shown[0]:
                    shown[0] = market
                    snapshot(market, Query())
                    price_list(market, Query())
                    judge_view(market, AlertRules(), Query())

            newest = cache.rankings.read(Grain.WEEK)[-1]
            unchanged, new = [], []
            for turn in range(bench.times(8)):
                unchanged.append(_ms(look))
                other = newest.other + turn + int(time.time())
                cache.rankings.put([replace(newest, as_of=AS_OF + timedelta(seconds=turn), other=other)])
                new.append(_ms(look))
            size = f"{years} year{'s' * (years > 1)}, {models} models"
            if (years, models) == (YEARS, MODELS):
                yield Row("refresh, nothing new", median(unchanged), "ms", "a frame", FRAME)
            yield Row(f"refresh, new data, {size}", median(new), "ms", "a frame", FRAME)


def decoding(bench: Bench) -> Iterator[Row]:
    """Bodies to records, beside what `json.loads` alone takes."""
    from orwatch.api.models import read as read_models
    from orwatch.api.rankings import read as read_rankings
    from orwatch.demo import DEMO_END
    from orwatch.demo.server import catalogue, rankings
    from orwatch.domain.periods import Grain

    entries = catalogue(DEMO_END)["data"]
    for models in (50, MODELS, 5000):
        data = [entry | {"id": f"{entry['id']}-{n}"} for n, entry in enumerate((entries * 60)[:models])]
        body = json.dumps({"data": data}).encode()
        ours, plain = [], []
        for _ in range(bench.times(12)):
            plain.append(_ms(lambda body=body: json.loads(body)))  # type: ignore[misc]
            ours.append(_ms(lambda body=body: read_models(body)))  # type: ignore[misc]
        yield Row(f"decoding a catalogue of {models}", median(ours), "ms", "json.loads", median(plain))
    window = {"start_date": "2026-06-21", "end_date": "2026-08-21"}
    body = json.dumps(rankings(DEMO_END, window)).encode()
    ours, plain = [], []
    for _ in range(bench.times(12)):
        plain.append(_ms(lambda: json.loads(body)))
        ours.append(_ms(lambda: read_rankings(body, Grain.DAY)))
    yield Row("decoding 62 days of rankings", median(ours), "ms", "json.loads", median(plain))


def syncing(bench: Bench) -> Iterator[Row]:
    """One whole refresh, asked of the demo's API in this process: a first fill, and one that finds nothing new."""
    from orwatch.config import Config
    from orwatch.core.refresh import refresh
    from orwatch.core.source import DemoOptions, open_source

    first, again = [], []
    for _ in range(bench.times(6)):
        with open_source(Config(), demo=DemoOptions()) as source:
            first.append(_ms(lambda source=source: asyncio.run(refresh(source, force=True))))  # type: ignore[misc]
            again.append(_ms(lambda source=source: asyncio.run(refresh(source, force=True))))  # type: ignore[misc]
    yield Row("sync, first fill of the demo", median(first), "ms", "nothing new", median(again))
    yield Row("sync, nothing new", median(again), "ms", "a frame", FRAME)
