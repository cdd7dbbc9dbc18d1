"""Synthetic caches: seeded, the recorded models first, filled through the store's own interface."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from orwatch import archive
from orwatch.domain.catalogue import CatalogueModel, Pricing
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import OTHER, Listing
from orwatch.store.cache import Cache

LAST_DAY = date(2026, 6, 30)
"""The newest whole day; the day after it runs."""
AS_OF = datetime.combine(LAST_DAY + timedelta(days=1), time(2), UTC)
NAMED = 50
STARTED = ("lab", "forge", "north", "delta", "atlas", "ember", "orbit", "quill")


def catalogue(count: int) -> list[CatalogueModel]:
    """`count` models with prices: the recorded ones, then made up ones of forty vendors."""
    known = {m.permaslug: (m.permaslug, m.name, m.open_weights, m.context) for m in archive.prices()}
    made = [
        (f"{STARTED[n % 8]}-{n % 40}/model-{n}", f"{STARTED[n % 8].title()} Model {n}", n % 3 == 0, 128_000)
        for n in range(count)
    ]
    dice = random.Random(count)
    out = []
    for slug, name, weights, context in [*known.values(), *made][:count]:
        given = Decimal(dice.randrange(3, 900)) / Decimal(100_000_000)
        pricing = Pricing(given, given * dice.randrange(2, 6), given / 4)
        out.append(CatalogueModel(slug, slug, name, weights, AS_OF - timedelta(days=400), context, pricing))
    return out


def days(years: int, slugs: list[str]) -> Iterator[tuple[date, dict[str, int]]]:
    """Tokens by model for each day of some years: random walks, of which the fifty largest of a day are named."""
    dice = random.Random(years)
    pool = slugs[: 3 * NAMED]
    level = {slug: dice.lognormvariate(24, 1.5) for slug in pool}
    first = LAST_DAY - timedelta(days=365 * years)
    for n in range(365 * years + 1):
        for slug in pool:
            level[slug] *= dice.lognormvariate(0.001, 0.08)
        ranked = sorted(pool, key=lambda slug: -level[slug])
        named = {slug: int(level[slug]) for slug in ranked[:NAMED]}
        yield first + timedelta(days=n), named | {OTHER: sum(int(level[slug]) for slug in ranked[NAMED:]) + 10**9}


def fill(cache: Cache, years: int, models: int) -> None:
    """Years of days, weeks and months, the running ones among them, and a catalogue."""
    listed = catalogue(models)
    sums: dict[Period, dict[str, int]] = {}
    for day, tokens in days(years, [model.canonical_slug for model in listed]):
        for grain in (Grain.DAY, Grain.WEEK, Grain.MONTH):  # those that the source gives
            total = sums.setdefault(Period.of(grain, day), {})
            for slug, n in tokens.items():
                total[slug] = total.get(slug, 0) + n
    listings = []
    for period, total in sums.items():
        named = sorted(((slug, n) for slug, n in total.items() if slug != OTHER), key=lambda row: (-row[1], row[0]))
        rest = total[OTHER] + sum(n for _, n in named[NAMED:])
        listings.append(Listing.build(period, AS_OF, [*named[:NAMED], (OTHER, rest)]))
    cache.rankings.put(listings)
    cache.catalogue.put_models(listed, AS_OF - timedelta(days=30))
    cache.catalogue.put_models([cheaper(model, n) for n, model in enumerate(listed)], AS_OF)


def cheaper(model: CatalogueModel, n: int) -> CatalogueModel:
    """Every ninth model with another price, so that there are changes to show."""
    price = model.pricing
    if n % 9 or price.prompt is None:
        return model
    pricing = Pricing(price.prompt / 2, price.completion, price.cache_read)
    return CatalogueModel(
        model.id, model.canonical_slug, model.name, model.open_weights, model.created, model.context, pricing
    )


def make(path: Path, origin: str, years: int, models: int) -> Path:
    """A cache file of that size, made where it is missing. It has just been polled, so no poll is due."""
    if not path.exists():
        with Cache.open(path, origin) as cache:
            fill(cache, years, models)
    with Cache.open(path, origin) as cache:
        now = str(datetime.now(UTC).timestamp())
        cache.journal.set("last_try", now)
        cache.journal.set("last_success", now)
    return path
