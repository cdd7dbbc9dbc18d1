"""What the cache holds as rows: every dataset of `orwatch export`, declared once for all formats."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import NoneType
from typing import Final, TypeVar, get_args, get_type_hints

from msgspec import Struct
from msgspec.structs import asdict

from orwatch.core.market import Market
from orwatch.domain.apps import App, AppCategory, AppWeek
from orwatch.domain.catalogue import ObservedPrice
from orwatch.domain.habit import SessionCell, SessionCosts
from orwatch.domain.hosts import HostLists
from orwatch.domain.periods import SOURCE_GRAINS, State
from orwatch.domain.rankings import Lens
from orwatch.domain.records import OTHER, Basis, Listing
from orwatch.domain.scores import SOURCES, Score, Scores
from orwatch.domain.tasks import Macro, ProgrammingWeek, Task, TaskModel, TaskShares
from orwatch.present.citation import ATTRIBUTED, export_citation, models_citation, record_citation
from orwatch.store.snapshots import dataset_of

Row = Mapping[str, object]
Columns = dict[str, type]
"""`str`, `int`, `float`, `bool`, `date`, `datetime` or `Decimal` by the name of a column, in order; any may be None."""

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
    return {
        RANKINGS: Exported(_columns(RankingEntry), "start", _rankings),
        "vendors": Exported(_VENDORS, "", _vendors),
        "models": Exported({**_MODELS, "first_seen": datetime, "listed": bool}, "", _models),
        "prices": Exported(_columns(ObservedPrice), "observed_at", _prices),
        "apps": _kept({"start": date, "end": date, **_columns(App)}, _apps, AppWeek),
        "app-categories": _kept({"category": str, "start": date, "rank": int, "app_id": int}, _categories, AppCategory),
        "tasks": _kept({"as_of": date, "macro": str, "tag": str, "permaslug": str, **_SHARES}, _tasks, TaskShares),
        "session-cost": _kept(
            {"window_end": date, "window_days": int, **_columns(SessionCell)}, _sessions, SessionCosts
        ),
        "benchmarks": _kept({"source": str, "whence": str, **_columns(Score)}, _scores, *SOURCES),
        "programming": _kept(
            {"start": date, "permaslug": str, "tokens": int, "sampled": bool}, _programming, ProgrammingWeek
        ),
        "hosts": _kept(
            {"day": date, "id": str, "provider": str, "tag": str, **_PRICES, "quantization": str, "context": int},
            _hosts,
            HostLists,
        ),
    }


def _columns(kind: type[Struct]) -> Columns:
    """The columns that the fields of a record make."""
    hints = get_type_hints(kind)
    fields = {name: hints[name] for name in kind.__struct_fields__}
    return {
        name: next((each for each in get_args(hint) if each is not NoneType), hint) for name, hint in fields.items()
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
            rows = listing_rows(one, record.state(period), by)
            yield Taken(f"composed {composed}", one.as_of, citation, map(asdict, rows))


def listing_rows(one: Listing, state: State, by: Collection[Basis] = ()) -> Iterator[RankingEntry]:
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


_VENDORS: Final[Columns] = dict.fromkeys(("vendor", "company", "country", "evidence", "assigned"), str)


def _vendors(market: Market) -> Iterator[Taken]:
    """Authors of models, in lower case, and whose country counts: the shipped table with the user's own assignments."""
    known = ((one.slug, one.company, one.country, one.evidence, one.assigned) for one in market.attribution.known())
    yield Taken("vendors", market.now, ATTRIBUTED, (dict(zip(_VENDORS, one, strict=True)) for one in known))


_MODELS: Final[Columns] = {
    "id": str,
    "canonical_slug": str,
    "name": str,
    "created": datetime,
    "context": int,
    "open_weights": bool,
    "expires": date,
}


def _models(market: Market) -> Iterator[Taken]:
    """The entries of the catalogue. listed: in the newest one."""
    catalogue = market.cache.catalogue
    seen, sightings = catalogue.seen_at(), catalogue.sightings()
    if seen is None:
        return
    rows = (
        {name: getattr(one, name) for name in _MODELS}
        | {"first_seen": sightings[one.id].first_seen, "listed": sightings[one.id].present}
        for one in sorted(catalogue.models(), key=lambda model: model.id)
    )
    yield Taken("models", seen, models_citation(market.source, seen), rows)


def _prices(market: Market) -> Iterator[Taken]:
    """Prices in USD per token, each from when it was first seen: it held until the next one of the id."""
    found = market.cache.catalogue.prices()
    if found:
        seen = max(one.observed_at for one in found)
        yield Taken("prices", seen, models_citation(market.source, seen), map(asdict, found))


# What is polled beside them

_SHARES: Final[Columns] = {"request_share": float, "token_share": float}
_PRICES: Final[Columns] = dict.fromkeys(("prompt", "completion", "cache_read", "discount"), Decimal)
"""USD per token, and a fraction."""

_RecordT = TypeVar("_RecordT", bound=Struct)


def _kept(columns: Columns, rows: Callable[[_RecordT], Iterable[Row]], *kinds: type[_RecordT]) -> Exported:
    """A dataset of one or more types of records: their rows, and when they were taken."""
    columns = {**columns, "taken_at": datetime}
    dated = next(name for name, kind in columns.items() if issubclass(kind, date))

    def pieces(market: Market) -> Iterator[Taken]:
        table = market.cache.snapshots
        for kind in kinds:
            name, times = dataset_of(kind), table.taken(kind)
            for of, record in table.read_by(kind).items():
                # Shares are cited by their last day.
                as_of = record.as_of if isinstance(record, TaskShares) else times[of]
                own = record.citation if isinstance(record, Scores) else None
                found = [{**row, "taken_at": times[of]} for row in rows(record)]
                yield Taken(name, times[of], record_citation(name, as_of, own), found)

    return Exported(columns, dated, pieces)


def _apps(week: AppWeek) -> Iterator[Row]:
    return ({"start": week.start, "end": week.end, **asdict(app)} for app in week.apps)


def _categories(found: AppCategory) -> Iterator[Row]:
    """An app a row, in its place of the category."""
    places = enumerate(found.app_ids, 1)
    return ({"category": found.name, "start": found.start, "rank": rank, "app_id": id_} for rank, id_ in places)


def _tasks(found: TaskShares) -> Iterator[Row]:
    """A row for each macro category, each task, and each model named in it, with its shares of the task."""

    def row(macro: str, tag: str | None, permaslug: str | None, of: Macro | Task | TaskModel) -> Row:
        shares = {name: getattr(of, name) for name in _SHARES}
        return {"as_of": found.as_of, "macro": macro, "tag": tag, "permaslug": permaslug, **shares}

    yield from (row(macro.key, None, None, macro) for macro in found.macros)
    for task in found.tasks:
        yield row(task.macro, task.tag, None, task)
        yield from (row(task.macro, task.tag, model.permaslug, model) for model in task.models)


def _sessions(found: SessionCosts) -> Iterator[Row]:
    return ({"window_end": found.window_end, "window_days": found.days, **asdict(cell)} for cell in found.cells)


def _scores(found: Scores) -> Iterator[Row]:
    return ({"source": found.source(), "whence": found.whence, **asdict(score)} for score in found.scores)


def _programming(week: ProgrammingWeek) -> Iterator[Row]:
    """A model a row, `other` last."""
    pairs = [*zip(week.slugs, week.tokens, strict=True), (OTHER, week.other)]
    return ({"start": week.start, "permaslug": slug, "tokens": tokens, "sampled": True} for slug, tokens in pairs)


def _hosts(found: HostLists) -> Iterator[Row]:
    for id_, hosts in found.hosts.items():
        for host in hosts:
            prices = {name: getattr(host.pricing, name) for name in _PRICES}
            own = {"provider": host.provider, "tag": host.tag}
            rest = {"quantization": host.quantization, "context": host.context}
            yield {"day": found.day, "id": id_, **own, **prices, **rest}
