"""Which caveats hold for a row, judged from the record, the catalogue and the vendors' table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from orwatch.core.market import Market
from orwatch.domain.catalogue import CatalogueModel, ObservedPrice
from orwatch.domain.detail import Caveat, CaveatKind, renamed
from orwatch.domain.leads import Kind
from orwatch.domain.names import is_free, vendor_of
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import State
from orwatch.domain.prices import rotation
from orwatch.domain.records import Basis, Origin
from orwatch.domain.series import Point
from orwatch.domain.vendors import UNATTRIBUTED, is_cloaked

RESTATED = timedelta(days=3)
"""How long the newest days of the record are restated."""
ANNOUNCED = timedelta(days=5 * 366)
"""An end further away than this is a placeholder of the catalogue."""


def model_caveats(
    market: Market,
    snapshot: Snapshot,
    permaslug: str,
    points: Sequence[Point],
    listed: CatalogueModel | None,
    observed: Sequence[ObservedPrice],
) -> tuple[Caveat, ...]:
    """What to know of a model. listed: its own entry, at its price; observed: its prices, both as of the period on screen."""
    return (
        *_vendor(market, vendor_of(permaslug.lstrip("~"))),
        *_entry(market, snapshot, permaslug, listed),
        *_lens(snapshot, permaslug),
        *_record(market, snapshot, points, CaveatKind.ABSENT),
        *_price(snapshot, listed, observed),
    )


def group_caveats(
    market: Market, snapshot: Snapshot, kind: Kind, key: str, points: Sequence[Point]
) -> tuple[Caveat, ...]:
    """What to know of a vendor or a country."""
    out = list(_vendor(market, key)) if kind is Kind.VENDOR else []
    if key == UNATTRIBUTED:
        out.append(Caveat(CaveatKind.UNATTRIBUTED))
    if snapshot.lens.basis is not Basis.TOP50:
        out.append(Caveat(CaveatKind.OUTSIDE_BASIS))
    return (*out, *_record(market, snapshot, points, CaveatKind.SPLIT_UNKNOWN))


def _vendor(market: Market, slug: str) -> Iterator[Caveat]:
    vendor = market.attribution.vendor(slug)
    if is_cloaked(slug):
        yield Caveat(CaveatKind.CLOAKED)
    elif vendor.country is None:
        yield Caveat(CaveatKind.COUNTRY_UNKNOWN, text=vendor.company or vendor.slug)
    elif vendor.assigned == "user":
        yield Caveat(CaveatKind.COUNTRY_ASSIGNED, text=vendor.country)


def _entry(market: Market, snapshot: Snapshot, permaslug: str, listed: CatalogueModel | None) -> Iterator[Caveat]:
    """What it is called, and until when."""
    known = market.catalogue.kin(permaslug)
    own = market.catalogue.entry(permaslug)
    if known is None:
        yield Caveat(CaveatKind.SLUG_NAMED)
    elif own is None:
        yield Caveat(CaveatKind.VARIANT_UNLISTED, text=known.id)
    elif snapshot.prices_until is None and own.id not in market.prices().present:
        yield Caveat(CaveatKind.LEFT_CATALOGUE)
    rankings = market.rankings(snapshot.query.grain, snapshot.lens)
    rename = renamed(rankings, permaslug, snapshot.period)
    if rename is not None:
        after = rename.after == permaslug
        kind, other = (CaveatKind.RENAMED_FROM, rename.before) if after else (CaveatKind.RENAMED_TO, rename.after)
        yield Caveat(kind, day=rename.period.start, text=other)
    if own is not None and own.expires is not None and own.expires <= snapshot.now.date() + ANNOUNCED:
        yield Caveat(CaveatKind.EXPIRES, day=own.expires)
    if snapshot.prices_until is not None and known is not None:
        yield Caveat(CaveatKind.FACTS_OF_NOW)


def _lens(snapshot: Snapshot, permaslug: str) -> Iterator[Caveat]:
    if is_free(permaslug):
        yield Caveat(CaveatKind.FREE_COUNTED if snapshot.lens.free else CaveatKind.FREE_OUT)
    if snapshot.lens.merged:
        yield Caveat(CaveatKind.MERGED)


def _record(market: Market, snapshot: Snapshot, points: Sequence[Point], unknown: CaveatKind) -> Iterator[Caveat]:
    """How its figures came about. unknown: what a period means that the record has and that has no figure of it."""
    record = market.record(snapshot.query.grain, snapshot.query.lens)
    if snapshot.state is State.RUNNING:
        yield Caveat(CaveatKind.RUNNING, *snapshot.days)
    elif snapshot.period.end >= snapshot.now.date() - RESTATED:
        yield Caveat(CaveatKind.RESTATED)
    there = [point for point in points if point.period in record.listings]
    counts = (
        (CaveatKind.COMPOSED, sum(record.listings[point.period].composed for point in there)),
        (CaveatKind.ARCHIVED, sum(record.listings[point.period].origin is Origin.ARCHIVE for point in there)),
        (CaveatKind.PARTIAL, sum(point.state is State.PARTIAL for point in there)),
        (CaveatKind.GAPS, len(points) - len(there)),
        (unknown, sum(point.tokens is None for point in there)),
    )
    for kind, count in counts:
        if count:
            yield Caveat(kind, count, len(points))


def _price(snapshot: Snapshot, listed: CatalogueModel | None, observed: Sequence[ObservedPrice]) -> Iterator[Caveat]:
    if listed is None:
        return
    if any(price is not None and price < 0 for price in (listed.pricing.prompt, listed.pricing.completion)):
        yield Caveat(CaveatKind.PRICE_VARIES)
    elif (moved := rotation(observed)) is not None:
        yield Caveat(CaveatKind.PRICE_ROTATES, moved.moves, moved.days, moved.last)
