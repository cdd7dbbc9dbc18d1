"""`export`: what the cache holds, dataset by dataset, as text or as Parquet files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import asdict

from orwatch.cli import output
from orwatch.cli.emit import render, save
from orwatch.cli.session import Session
from orwatch.domain.catalogue import ObservedPrice
from orwatch.domain.columns import Columns, columns_of
from orwatch.domain.names import is_free
from orwatch.domain.nearest import near
from orwatch.domain.periods import SOURCE_GRAINS, Grain, State
from orwatch.domain.rankings import Lens
from orwatch.domain.records import OTHER, Basis, Listing
from orwatch.domain.scores import Scores
from orwatch.domain.snapshots import RECORDS, MarketRecord
from orwatch.domain.tasks import TaskShares
from orwatch.errors import NoDataError, UsageError
from orwatch.present.citation import ATTRIBUTED, export_citation, models_citation, record_citation
from orwatch.present.report import Report, bare_meta, moment
from orwatch.present.table import fields_table
from orwatch.store.snapshots import dataset_of

Row = Mapping[str, object]

RANKINGS: Final = "rankings"
"""The dataset that is meant where none is named."""

LAST: Final = "last"
"""What --since takes for all that has changed since the last export of Parquet files."""


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
    pieces: Callable[[Session], Iterable[Taken]]


def datasets() -> dict[str, Exported]:
    """Every dataset of the export by name: the rankings, what goes with them, and what is polled beside them."""
    kinds: dict[str, list[type[MarketRecord]]] = {}
    for kind in RECORDS:
        kinds.setdefault(dataset_of(kind).partition("/")[0], []).append(kind)
    return {
        RANKINGS: Exported(columns_of(RankingRow), "start", _rankings),
        "vendors": Exported(columns_of(VendorRow), "", _vendors),
        "models": Exported(columns_of(ModelRow), "", _models),
        "prices": Exported(columns_of(ObservedPrice), "observed_at", _prices),
        **{name: _kept(some) for name, some in kinds.items()},
    }


def export(session: Session) -> Report | None:
    """A dataset, to standard output or, whole or not at all, to a file; all of them to a folder of Parquet files."""
    if session.form == "parquet":
        from orwatch.cli.parquet import export_files  # no other format writes folders

        export_files(session, datasets())
        return None
    if session.given("since") == LAST:
        raise UsageError("--since last is for --format parquet, whose files can be replaced; it takes a date here.")
    name = session.given("dataset", RANKINGS)
    if name == RANKINGS:
        return _written(session, _record(session))
    return _written(session, _rows_of(session, name, find_dataset(name, datasets())))


def find_dataset(name: str, known: Mapping[str, Exported]) -> Exported:
    """A dataset by its name. Raises UsageError, with the nearest names, where there is none."""
    if name not in known:
        raise UsageError(f"There is no dataset {name!r}; {near(name, known)}.")
    return known[name]


def _written(session: Session, report: Report) -> Report | None:
    """The report, for standard output; None where it has been written to a file."""
    target = session.given("output", "-")
    if target == "-":
        return report
    path = Path(target)
    save(path, render(report, session.form, session.limit))
    output.say(f"Written to {path}.")
    return None


def _rows_of(session: Session, name: str, dataset: Exported) -> Report:
    """What is kept of a dataset beside the rankings."""
    since, until = session.day("since"), session.day("until")
    rows: list[Row] = []
    pieces = []
    for piece in dataset.pieces(session):
        credit = {"citation": piece.citation} if session.form != "json" else {}
        found = [row for row in piece.rows if within(day_of_row(row, dataset.dated), since, until)]
        rows += [{**{key: _plain(value) for key, value in row.items()}, **credit} for row in found]
        pieces += [piece] if found else []
    if not rows:
        raise NoDataError(f"The cache holds nothing of {name} yet that was asked for: run `orwatch poll`.")
    meta = bare_meta(session.view, max(piece.as_of for piece in pieces)) | {"citation": cited(pieces)}
    return Report(fields_table("export", ""), rows, meta=meta, stamped=True)


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


def _plain(value: object) -> object:
    """A value of a record as texts have it: decimals digit for digit, dates and times as ISO 8601."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return moment(value)
    return value.isoformat() if isinstance(value, date) else value


# The rankings


class RankingRow(Struct, frozen=True):
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


def _rankings(session: Session) -> Iterator[Taken]:
    market = session.market
    for grain in SOURCE_GRAINS:
        records = [(basis.size, market.record(grain, Lens(basis))) for basis in (Basis.CHART, Basis.TOP10, Basis.TOP50)]
        found = {
            (period, one.composed): (one, record) for _, record in records for period, one in record.listings.items()
        }
        for (period, composed), (one, record) in sorted(found.items(), key=lambda item: item[0]):
            held = [(size, each.listings.get(period)) for size, each in records]
            sizes = [size if own is not None and own.composed is composed else 0 for size, own in held]
            state = record.state(period)
            head = (grain.value, period.start, period.end, state is State.COMPLETE, state is State.PARTIAL, composed)
            tail = (one.total, one.as_of, one.origin.value)
            rows = [
                RankingRow(*head, *(rank <= size for size in sizes), rank, slug, tokens, *tail)
                for rank, (slug, tokens) in enumerate(one.rows, 1)
            ]
            if one.other:
                rows.append(RankingRow(*head, *(False for _ in sizes), None, OTHER, one.other, *tail))
            citation = export_citation(market.source, one.as_of, computed=composed)
            yield Taken(f"composed {composed}", one.as_of, citation, map(asdict, rows))


def _record(session: Session) -> Report:
    """The rankings as text: a row for each model and period, as they are looked at and filtered."""
    form = session.form
    market = session.market
    session.check_filter()
    grains = [session.query.grain] if session.given("view.period") is not None else SOURCE_GRAINS
    found = [(grain, list(_listings(session, grain))) for grain in grains]
    listings = [one for _, some in found for one in some]
    if not listings:
        raise NoDataError("The cache holds no figures for what was asked; `orwatch status` says what it has.")
    newest = max(one.as_of for one in listings)
    composed = any(one.composed for one in listings)
    citation = export_citation(market.source, newest, computed=composed)
    meta = bare_meta(session.view, newest) | {"citation": citation, "composed": composed}
    # What JSON lines are to be imported by: the server, and that a period is whole (`_rows`).
    more = {
        "csv": {"citation": citation},
        "jsonl": {"citation": citation, "source_url": session.source.origin},
        "json": {},
    }
    rows = ({**row, **more[form]} for grain, some in found for row in _rows(session, grain, some, sums=form == "jsonl"))
    return Report(fields_table("export", ""), rows, meta=meta, stamped=True)


def _listings(session: Session, grain: Grain) -> Iterator[Listing]:
    since, until, at = session.day("since"), session.day("until"), session.query.at
    asked = None if at == "newest" else session.market.resolve(grain, at)
    return (
        found
        for period, found in session.market.record(grain, session.query.lens).listings.items()
        if (asked is None or period == asked)
        and (since is None or period.start >= since)
        and (until is None or period.start <= until)
    )


def _rows(session: Session, grain: Grain, listings: list[Listing], *, sums: bool) -> Iterator[Mapping[str, Any]]:
    """A row for each model and period, `other` last in its period. sums: with the sum of all rows of the period."""
    record = session.market.record(grain, session.query.lens)
    free = session.query.lens.free
    filtered = bool(session.filter)
    for found in listings:
        period = found.period
        head = {
            "grain": grain.value,
            "start": period.start.isoformat(),
            "end": period.end.isoformat(),
            "complete": record.complete(period) is not None,
            "partial": record.state(period) is State.PARTIAL,
            "composed": found.composed,
            "free": free,
            "merged": False,  # rows are as the source gave them
        }
        as_of = moment(found.as_of)
        total = {"period_tokens": found.total} if sums else {}
        for permaslug, tokens in (*found.rows, *([(OTHER, found.other)] if found.other else [])):
            if not free and is_free(permaslug):
                continue
            if filtered and not session.shows(session.market.facts(permaslug, free=is_free(permaslug))):
                continue
            yield {
                **head,
                "permaslug": permaslug,
                "tokens": tokens,
                "as_of": as_of,
                "origin": found.origin.value,
                **total,
            }


# What goes with them


class VendorRow(Struct, frozen=True):
    """An author of models, in lower case, and whose country counts: the shipped table with the user's own assignments."""

    vendor: str
    company: str | None
    country: str | None
    evidence: str
    assigned: str | None


def _vendors(session: Session) -> Iterator[Taken]:
    market = session.market
    rows = (
        VendorRow(one.slug, one.company, one.country, one.evidence, one.assigned) for one in market.attribution.known()
    )
    yield Taken("vendors", market.now, ATTRIBUTED, map(asdict, rows))


class ModelRow(Struct, frozen=True):
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


def _models(session: Session) -> Iterator[Taken]:
    catalogue = session.market.cache.catalogue
    seen, sightings = catalogue.seen_at(), catalogue.sightings()
    if seen is None:
        return
    rows = (
        ModelRow(
            *(one.id, one.canonical_slug, one.name, one.created, one.context, one.open_weights, one.expires),
            first_seen=sightings[one.id].first_seen,
            listed=sightings[one.id].present,
        )
        for one in sorted(catalogue.models(), key=lambda model: model.id)
    )
    yield Taken("models", seen, models_citation(session.source_kind, seen), map(asdict, rows))


def _prices(session: Session) -> Iterator[Taken]:
    """Prices in USD per token, each from when it was first seen: it held until the next one of the id."""
    found = session.market.cache.catalogue.prices()
    if found:
        seen = max(one.observed_at for one in found)
        yield Taken("prices", seen, models_citation(session.source_kind, seen), map(asdict, found))


# What is polled beside them


def _kept(kinds: list[type[MarketRecord]]) -> Exported:
    """A dataset of one or more types of records: their rows, and when they were taken."""
    columns = {**kinds[0].columns(), "taken_at": datetime}
    dated = next(name for name, kind in columns.items() if issubclass(kind, date))

    def pieces(session: Session) -> Iterator[Taken]:
        table = session.source.cache.snapshots
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
