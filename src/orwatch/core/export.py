"""What the cache holds as rows: every dataset of `orwatch export`, declared once for all formats."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import asdict

from orwatch.core.market import Market
from orwatch.domain.catalogue import ObservedPrice
from orwatch.domain.columns import Columns, columns_of
from orwatch.domain.periods import SOURCE_GRAINS, State
from orwatch.domain.rankings import Lens
from orwatch.domain.records import OTHER, Basis, Listing
from orwatch.domain.scores import Scores
from orwatch.domain.snapshots import RECORDS, MarketRecord
from orwatch.domain.tasks import TaskShares
from orwatch.present.citation import ATTRIBUTED, export_citation, models_citation, record_citation
from orwatch.store.snapshots import dataset_of

Row = Mapping[str, object]

RANKINGS: Final = "rankings"
"""The dataset that is meant where none is named."""


class Taken(Struct, frozen=True):
    """What was taken at one time. kind: of pieces of one kind the newest is cited. rows: by the columns of the dataset."""

    kind: str
    as_of: datetime
    citation: str
    rows: Iterable[Row]


class Exported(Struct, frozen=True):
    """A dataset of the export.

    columns: of its rows. dated: the column that says what a row is of, by which rows are bounded and files parted by month; empty:
    rows are of no time. pieces: all that is kept of it.
    """

    columns: Columns
    dated: str
    pieces: Callable[[Market], Iterable[Taken]]


def datasets() -> dict[str, Exported]:
    """Every dataset of the export by name: the rankings, what goes with them, and what is polled beside them."""
    kinds: dict[str, list[type[MarketRecord]]] = {}
    for kind in RECORDS:
        kinds.setdefault(dataset_of(kind).partition("/")[0], []).append(kind)
    return {
        RANKINGS: Exported(columns_of(RankingEntry), "start", _rankings),
        "vendors": Exported(columns_of(VendorEntry), "", _vendors),
        "models": Exported(columns_of(ModelEntry), "", _models),
        "prices": Exported(columns_of(ObservedPrice), "observed_at", _prices),
        **{name: _kept(some) for name, some in kinds.items()},
    }


def day_of_row(row: Row, dated: str) -> date | None:
    """The day that a row is of; None where it is of no time."""
    found = row.get(dated)
    return found.date() if isinstance(found, datetime) else found if isinstance(found, date) else None


def within(day: date | None, since: date | None, until: date | None) -> bool:
    """Whether a day is between two, both included; what is of no time always is."""
    return day is None or ((since is None or day >= since) and (until is None or day <= until))


def cited(pieces: Iterable[Taken]) -> str:
    """How several pieces are cited together: of each kind the newest."""
    return " ".join({piece.kind: piece.citation for piece in sorted(pieces, key=lambda piece: piece.as_of)}.values())


# The rankings


class RankingEntry(Struct, frozen=True):
    """A row of a period's listing. chart, top10, top50: whether it is on the basis. rank: None of `other`.

    period_tokens: of all rows of the listing. A period of which bases read different listings (its own names nine models, its days
    fifty) has the rows of both, told apart by `composed`; each basis reads one of them.
    """

    grain: str
    start: date
    end: date
    complete: bool
    partial: bool
    composed: bool
    chart: bool
    top10: bool
    top50: bool
    rank: int | None
    permaslug: str
    tokens: int
    period_tokens: int
    as_of: datetime
    origin: str


def _rankings(market: Market) -> Iterator[Taken]:
    for grain in SOURCE_GRAINS:
        records = {basis: market.record(grain, Lens(basis)) for basis in Basis}
        found = {
            (period, one.composed): (one, record)
            for record in records.values()
            for period, one in record.listings.items()
        }
        for (period, composed), (one, record) in sorted(found.items(), key=lambda item: item[0]):
            read = {basis: each.listings.get(period) for basis, each in records.items()}
            by = {basis for basis, own in read.items() if own is not None and own.composed is composed}
            citation = export_citation(market.source, one.as_of, computed=composed)
            rows = _listing_rows(one, record.state(period), by)
            yield Taken(f"composed {composed}", one.as_of, citation, map(asdict, rows))


def _listing_rows(one: Listing, state: State, by: Collection[Basis]) -> Iterator[RankingEntry]:
    """The rows of a listing, `other` last. by: the bases that read it."""
    period, places = one.period, range(1, len(one.rows) + 1)
    named = zip(places, one.slugs, one.tokens, strict=True)
    for rank, permaslug, tokens in (*named, *([(None, OTHER, one.other)] if one.other else [])):
        on = {basis for basis in by if rank is not None and rank <= basis.size}
        yield RankingEntry(
            grain=period.grain.value,
            start=period.start,
            end=period.end,
            complete=state is State.COMPLETE,
            partial=state is State.PARTIAL,
            composed=one.composed,
            chart=Basis.CHART in on,
            top10=Basis.TOP10 in on,
            top50=Basis.TOP50 in on,
            rank=rank,
            permaslug=permaslug,
            tokens=tokens,
            period_tokens=one.total,
            as_of=one.as_of,
            origin=one.origin.value,
        )


# What goes with them


class VendorEntry(Struct, frozen=True):
    """An author of models, in lower case, and whose country counts: the shipped table with the user's own assignments."""

    vendor: str
    company: str | None
    country: str | None
    evidence: str
    assigned: str | None


def _vendors(market: Market) -> Iterator[Taken]:
    rows = (
        VendorEntry(one.slug, one.company, one.country, one.evidence, one.assigned)
        for one in market.attribution.known()
    )
    yield Taken("vendors", market.now, ATTRIBUTED, map(asdict, rows))


class ModelEntry(Struct, frozen=True):
    """An entry of the catalogue. listed: in the newest one."""

    id: str
    canonical_slug: str
    name: str
    created: datetime | None
    context: int | None
    open_weights: bool
    expires: date | None
    first_seen: datetime
    listed: bool


def _models(market: Market) -> Iterator[Taken]:
    catalogue = market.cache.catalogue
    seen, sightings = catalogue.seen_at(), catalogue.sightings()
    if seen is None:
        return
    rows = (
        ModelEntry(
            *(one.id, one.canonical_slug, one.name, one.created, one.context, one.open_weights, one.expires),
            first_seen=sightings[one.id].first_seen,
            listed=sightings[one.id].present,
        )
        for one in sorted(catalogue.models(), key=lambda model: model.id)
    )
    yield Taken("models", seen, models_citation(market.source, seen), map(asdict, rows))


def _prices(market: Market) -> Iterator[Taken]:
    """Prices in USD per token, each from when it was first seen: it held until the next one of the id."""
    found = market.cache.catalogue.prices()
    if found:
        seen = max(one.observed_at for one in found)
        yield Taken("prices", seen, models_citation(market.source, seen), map(asdict, found))


# What is polled beside them


def _kept(kinds: list[type[MarketRecord]]) -> Exported:
    """A dataset of one or more types of records: their rows, and when they were taken."""
    columns = {**kinds[0].columns(), "taken_at": datetime}
    dated = next(name for name, kind in columns.items() if issubclass(kind, date))

    def pieces(market: Market) -> Iterator[Taken]:
        table = market.cache.snapshots
        for kind in kinds:
            name, times = dataset_of(kind), table.taken(kind)
            for of, record in table.read_by(kind).items():
                as_of = (
                    record.as_of if isinstance(record, TaskShares) else times[of]
                )  # shares are cited by their last day
                own = record.citation if isinstance(record, Scores) else None
                rows = [{**row, "taken_at": times[of]} for row in record.rows()]
                yield Taken(name, times[of], record_citation(name, as_of, own), rows)

    return Exported(columns, dated, pieces)
