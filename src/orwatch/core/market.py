"""The records of one revision of the cache: rankings, leaders, the catalogue and its prices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from orwatch import archive
from orwatch.config.schema import Settings
from orwatch.domain.apps import AppRecord, AppWeek
from orwatch.domain.catalogue import Catalogue, CatalogueHistory, CatalogueModel
from orwatch.domain.filters import Facts
from orwatch.domain.hosts import Host, HostLists, with_discounts
from orwatch.domain.leads import Kind, Leadership, Subject
from orwatch.domain.overview import ModelRow, model_rows
from orwatch.domain.periods import FIRST_YEAR, LAST_YEAR, Grain, Period
from orwatch.domain.prices import RECENT, recent_changes
from orwatch.domain.query import At, Between, Query
from orwatch.domain.rankings import Lens, Rankings
from orwatch.domain.records import NAMED_ROWS, Basis, Listing, Origin, Record, days_needed
from orwatch.domain.vendors import Attribution
from orwatch.errors import CacheError, KeyMissingError, NoDataError, UsageError
from orwatch.present.formats import noun
from orwatch.store.cache import Cache

MadeT = TypeVar("MadeT")

WHOLE = Lens()
"""Every named row."""

DEFAULTS = Settings()

SEVERAL = 6
"""Models that an ambiguous part of a name is answered with."""


class Prices(Struct, frozen=True):
    """A catalogue at its prices.

    until: the midnight (UTC) before which they were seen; None: the newest. present: entries by id, in that order, with the
    discount that their hosts tell. hosts: of models by id, as seen by then; hosts_at: the day of the newest of them. moved: recent
    change of the input price by id. span: whole days that this change can look back: up to 21, less where the cache had not watched
    as long. seen_at: when the catalogue was seen; None where none was. since: when the cache first saw any.
    """

    until: datetime | None
    present: Mapping[str, CatalogueModel]
    hosts: Mapping[str, tuple[Host, ...]]
    hosts_at: date | None
    moved: Mapping[str, Decimal]
    span: int
    seen_at: datetime | None
    since: datetime | None


class Market:
    """The records of a cache at one revision, through an attribution of vendors to countries.

    It never changes: after a write to the cache, `renewed` gives another one. Records are read and rankings made when they are
    first asked for, and kept; threads may share them. more: what a key would add to the record, in a sentence; empty where none
    would. settings: those of estimates and of groups of hosts.
    """

    def __init__(
        self,
        cache: Cache,
        attribution: Attribution,
        source: str = "openrouter",
        more: str = "",
        settings: Settings = DEFAULTS,
    ) -> None:
        self.cache = cache
        self.source = source
        self.more = more
        self.settings = settings
        self.attribution = attribution
        self.revision = cache.revision()
        self._made: dict[tuple[object, ...], Any] = {}

    def _once(self, key: tuple[object, ...], make: Callable[[], MadeT]) -> MadeT:
        """What was made under a key, or is made now and kept."""
        if key not in self._made:
            self._made[key] = make()
        made: MadeT = self._made[key]
        return made

    def renewed(self) -> Market:
        """This market; where the cache has changed since, a new one of the cache as it is. Raises CacheError."""
        if self.cache.revision() == self.revision:
            return self
        return Market(self.cache, self.attribution, self.source, self.more, self.settings)

    def outdated(self) -> bool:
        """Whether the cache has changed since, perhaps by another process; not where it cannot tell."""
        try:
            return self.cache.revision() != self.revision
        except CacheError:
            return False  # the poll says why

    @cached_property
    def now(self) -> datetime:
        """The newest `as_of` of the cache. NoDataError on an empty one."""
        newest = self.cache.rankings.newest_as_of()
        if newest is None:
            raise NoDataError(
                "The cache is empty, and no archive lies under it (source.archive): run `orwatch poll`, or try `orwatch demo`."
            )
        return newest

    def record(self, grain: Grain, lens: Lens = WHOLE, back: int = 1) -> Record:
        """The record of a grain, with the listings that suit a lens. Days are read only as far back as they are needed.

        back: how many periods before the running one lies that which its days are held against.
        """
        own, days, full = self._once((grain, back), lambda: self._read(grain, back))
        named = NAMED_ROWS if full else lens.named_rows
        return self._once((grain, named, back), lambda: Record.build(grain, self.now, own, days, named))

    def _read(self, grain: Grain, back: int) -> tuple[Sequence[Listing], Sequence[Listing], bool]:
        """The listings of a grain, those of the days that it needs, and whether all of the first have all rows."""
        table = self.cache.rankings
        own, covered = () if grain is Grain.DAY else table.read(grain), table.coverage(Grain.DAY)
        days = table.read(Grain.DAY, since=days_needed(own, covered[0], back)) if covered else ()
        return own, days, all(listing.names(NAMED_ROWS) for listing in own)

    def fetched_periods(self, grain: Grain) -> tuple[Period, ...]:
        """The complete periods of a grain whose figures were asked for, oldest first: what the archive shows is history.

        Days, of which there are many, come without reading what they hold.
        """
        if grain is Grain.DAY:
            return self.cache.rankings.fetched_days()
        record = self.record(grain)
        return tuple(
            period for period in record.complete_periods if record.listings[period].origin is not Origin.ARCHIVE
        )

    def rankings(self, grain: Grain, lens: Lens, back: int | None = None) -> Rankings:
        """The rankings of a grain through a lens. back: how many periods before lies what changes are on, if not the one before."""
        return self._once((grain, lens, back), lambda: Rankings(self.record(grain, lens, back or 1), lens, back))

    def leadership(self, grain: Grain, lens: Lens, subject: Subject) -> Leadership:
        """Who led, of a subject, through a lens."""
        rankings, country_of = self.rankings(grain, lens), self.attribution.country
        return self._once((rankings, subject), lambda: Leadership(rankings, subject, country_of))

    def leads(self, query: Query, kind: Kind = Kind.VERSUS, basis: Basis | None = None) -> Leadership:
        """Who led, as a query asks, on its basis or another one."""
        lens = replace(query.lens, basis=basis) if basis else query.lens
        return self.leadership(query.grain, lens, query.subject(kind))

    def model_rows(self, rankings: Rankings, period: Period) -> tuple[ModelRow, ...]:
        """The models table of a period, every row of the basis."""
        lead = self.leadership(rankings.record.grain, rankings.lens, Subject(Kind.MODEL)).lead(period)
        return model_rows(rankings, period, lead, lambda row: self.facts(row.permaslug, free=row.free))

    def lacking(self, what: str) -> NoDataError | KeyMissingError:
        """Why nothing of a dataset that needs a key is in the cache, and what would bring it."""
        if self.source == "demo":
            return NoDataError(f"The demo has no {what}: they come from OpenRouter, with a key.")
        if self.more:
            return KeyMissingError(
                f"The cache holds no {what}: they need an OpenRouter key; set one (`orwatch key set`) and run `orwatch poll`."
            )
        return NoDataError(f"The cache holds no {what} yet: run `orwatch poll`.")

    def apps(self) -> AppRecord:
        """All weeks of public apps. NoDataError or KeyMissingError where there is none, saying what would bring them."""
        weeks = self.cache.snapshots.read(AppWeek)
        if not any(week.apps for week in weeks):
            raise self.lacking("apps")
        return AppRecord(weeks, self.record(Grain.WEEK).totals, self.now)

    def resolve(self, grain: Grain, at: At) -> Period:
        """The period that is asked for. NoDataError, naming what there is, where the record has none."""
        record = self.record(grain)
        if not record.listings:
            raise NoDataError(f"The cache holds no {noun(grain)} figures yet: run `orwatch poll`.")
        if at == "newest":
            return record.newest_complete() or next(reversed(list(record.listings)))
        if at == "now":
            if grain.trailing:
                raise NoDataError(
                    "No trailing week is in progress: it has complete days; leave --at out for the newest."
                )
            if record.running is None:
                raise NoDataError(
                    f"The cache holds no figures of the {noun(grain)} in progress; leave --at out for the newest."
                )
            return record.running
        if isinstance(at, Between):
            return self._added_up(record, at)
        known = FIRST_YEAR <= at.year <= LAST_YEAR
        period = Period.of(grain, at) if known else None
        if period is None or period not in record.listings:
            more = f" {self.more}" if at < record.first_day and self.more else ""
            gaps = ", with gaps" if record.first_day <= at <= record.last_day else ""
            raise NoDataError(
                f"The cache holds no figures of the {noun(grain)} {'to' if grain.trailing else 'of'}"
                f" {period.day if period else at}: it has {record.first_day} to {record.last_day}{gaps}.{more}"
            )
        return period

    def _added_up(self, record: Record, at: Between) -> Period:
        """The whole periods between two days.

        UsageError where no period is so short, NoDataError where none of them is over, or the record has none.
        """
        grain, today, known = record.grain, self.now.astimezone(UTC).date(), record.complete_periods
        name = noun(grain)
        if not known:
            raise NoDataError(f"The cache holds no whole {name} yet: run `orwatch poll`.")
        first, last = known[0].start, known[-1].end
        for option, day in (("--from", at.since), ("--until", at.until)):
            if day is not None and day > today:
                raise NoDataError(f"{option} {day} lies ahead: the newest whole {name} of the record ends on {last}.")
        begin = next(iter(record.listings)).start
        if at.since is not None and at.since < begin:
            raise NoDataError(
                f"--from {at.since} lies before the {name} figures of the record: it has {begin} to {last}."
            )
        since, until = at.since or first, at.until or last
        span = None
        if since <= until:
            span = Period.between(grain, since, min(until, today - timedelta(days=1)))
            if span is None:
                raise UsageError(
                    f"No whole {name} that is over lies between {since} and {until}; --period gives another length."
                )
        if span is None or not any(part in known for part in span.parts()):
            where = f"from {since} on" if at.until is None else f"up to {until}" if at.since is None else None
            raise NoDataError(
                f"The cache holds no whole {name} {where or f'between {since} and {until}'}: it has {first} to {last}."
            )
        return span

    @cached_property
    def _listed(self) -> tuple[tuple[CatalogueModel, ...], tuple[CatalogueModel, ...]]:
        """The entries of the newest catalogue, and those that have left it."""
        kept = self.cache.catalogue
        return kept.models(present=True), kept.models(present=False)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The catalogue as last seen, entries that have left it among them (their names stay of use)."""
        listed, left = self._listed
        return Catalogue((*listed, *left), archive.names)

    @cached_property
    def history(self) -> CatalogueHistory:
        """What was seen of models, prices and listings."""
        kept = self.cache.catalogue
        prices, discounts = kept.prices(changed=True), kept.discounts()
        return CatalogueHistory(self.catalogue.by_id, prices, kept.sightings(), kept.seen_at(), discounts)

    def prices(self, until: datetime | None = None) -> Prices:
        """The newest prices, or those seen before a midnight (UTC)."""
        return self._once((until,), lambda: self._read_prices(until))

    def _read_prices(self, until: datetime | None) -> Prices:
        cache = self.cache
        if until is None:
            models, seen = self._listed[0], cache.catalogue.seen_at()
        else:
            models, seen = cache.catalogue.models_at(until)
        now = seen or until
        changes, oldest = cache.catalogue.prices(until=until, changed=True), cache.catalogue.priced_since()
        if oldest is None or (until is not None and oldest >= until):
            oldest = now
        hosts, hosts_at = self._read_hosts(until)
        present = {model.id: model for model in models}
        for id_, offers in hosts.items():
            if id_ in present:
                pricing = with_discounts(present[id_].pricing, offers)
                present[id_] = replace(present[id_], pricing=pricing)
        return Prices(
            until=until,
            present=present,
            hosts=hosts,
            hosts_at=hosts_at,
            moved=recent_changes(changes, now) if now else {},
            span=min(RECENT, max(now - oldest, timedelta())).days if now and oldest else 0,
            seen_at=seen,
            since=cache.catalogue.first_seen(),
        )

    def _read_hosts(self, until: datetime | None) -> tuple[Mapping[str, tuple[Host, ...]], date | None]:
        """The hosts of models by id, and the day of the newest lists: as last seen, or as on the last day before a midnight."""
        table = self.cache.hosts
        hosts, seen = table.read_all(until), table.newest(until)
        day = seen and seen.date()
        if until is not None:  # the table has the newest list of a model alone
            lists = self.cache.snapshots.newest(HostLists, (until - timedelta(days=1)).date().isoformat())
            if lists is not None:
                hosts, day = {**lists.hosts, **hosts}, max(lists.day, day or lists.day)
        return hosts, day

    def offer(self, permaslug: str, until: datetime | None = None) -> CatalogueModel | None:
        """The entry of a permaslug or id at the newest prices, or those seen before a midnight (UTC); None where it had none."""
        entry = self.catalogue.entry(permaslug)
        return None if entry is None else self.prices(until).present.get(entry.id)

    def hosts_of(self, permaslug: str, until: datetime | None = None) -> tuple[Host, ...]:
        """The hosts of a permaslug or id, as last seen, or before a midnight (UTC)."""
        entry = self.catalogue.entry(permaslug)
        return () if entry is None else self.prices(until).hosts.get(entry.id, ())

    def prices_until(self, at: At, period: Period) -> datetime | None:
        """Until when prices count where a period is on screen: to its end for one that was asked for by date and is over.

        None: the newest prices, for the newest period, the one in progress, and one that has not ended.
        """
        return period.ends_at if isinstance(at, date) and period.ends_at <= self.now else None

    def facts(self, permaslug: str, *, free: bool) -> Facts:
        """What filters can ask of a model."""
        country, entry = self.attribution.country(permaslug), self.catalogue.kin(permaslug)
        name = entry.short_name if entry else self.catalogue.name(permaslug)
        return Facts(permaslug, name, country, free, entry.open_weights if entry else None)


def one_model(text: str, tiers: Iterable[Sequence[str]]) -> str | None:
    """The one that fits a text, in the first tier in which any does; None where none does. Raises UsageError for several."""
    fits = next(filter(None, tiers), ()) if text.strip() else ()
    if len(fits) > 1:
        more = f" and {len(fits) - SEVERAL} more" if len(fits) > SEVERAL else ""
        raise UsageError(f"{text!r} fits several models: {', '.join(fits[:SEVERAL])}{more}; give one of them.")
    return fits[0] if fits else None
