"""A cache read into records, kept until it changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from orwatch.core.snapshots import At, PriceRow, Query, Snapshot
from orwatch.domain.countries import country_name
from orwatch.domain.filters import Facts
from orwatch.domain.leads import Leadership, Subject
from orwatch.domain.names import Catalogue, Listed, variant_of
from orwatch.domain.periods import Record, days_needed
from orwatch.domain.rankings import Lens, Rankings
from orwatch.domain.records import Grain, Period
from orwatch.domain.vendors import Attribution
from orwatch.errors import CacheError, NoDataError
from orwatch.store.cache import Cache

if TYPE_CHECKING:
    from orwatch.core.pricebook import Prices
    from orwatch.core.races import Race
    from orwatch.domain.alerts.records import Alert
    from orwatch.domain.alerts.registry import AlertRules
    from orwatch.domain.catalogue import CatalogueModel

KEPT_PRICES = 32
"""Past days whose prices are kept of one state of the cache."""


class Market:
    """A cache read into records, kept until the cache changes; rankings and leaderships are made once each.

    rules, favourites: of the user, for the alerts that snapshots show. course, course_now: ids of the alerts that were on course
    before the cache last changed, and that are now, by view.
    """

    def __init__(
        self,
        cache: Cache,
        attribution: Attribution,
        source: str = "openrouter",
        *,
        rules: AlertRules | None = None,
        favourites: tuple[str, ...] = (),
    ) -> None:
        self.cache = cache
        self.source = source
        self.attribution = attribution
        if rules is not None:
            self.rules = rules
        self.favourites = favourites
        self.course: dict[tuple[Grain, Lens], frozenset[str]] = {}
        self.course_now: dict[tuple[Grain, Lens], frozenset[str]] = {}
        self._revision: int | None = None
        self._forget()

    def _forget(self) -> None:
        self._still: Market | None = None
        self.unkept: dict[str, tuple[Alert, ...]] = {}
        self.course |= self.course_now
        self._records: dict[Grain, Record] = {}
        self._rankings: dict[tuple[Grain, Lens], Rankings] = {}
        self._leads: dict[tuple[Grain, Lens, Subject], Leadership] = {}
        self._catalogue: Catalogue[CatalogueModel] | None = None
        self._names: Catalogue[Listed] | None = None
        self._prices: dict[datetime | None, Prices] = {}
        self.judged: dict[object, tuple[Alert, ...]] = {}
        self._facts: dict[tuple[str, bool], Facts] = {}
        self.snapshots: dict[Query, Snapshot] = {}
        self.races: dict[tuple[Grain, Lens, Subject, Period, int], Race] = {}

    @cached_property
    def rules(self) -> AlertRules:
        """The settings of the alert rules: the defaults, where the user has none."""
        from orwatch.domain.alerts.registry import AlertRules

        return AlertRules()

    def refresh(self) -> bool:
        """Forgets what it has read if the cache has changed since; whether it had."""
        revision = self.cache.revision()
        if revision == self._revision:
            return False
        self._revision = revision
        self._forget()
        return True

    @property
    def revision(self) -> int | None:
        """The revision of the cache that was read; None where nothing was."""
        return self._revision

    @property
    def assigned(self) -> list[tuple[str, str | None]]:
        """The user's own countries."""
        return [(vendor.slug, vendor.country) for vendor in self.attribution.known() if vendor.assigned == "user"]

    def keep_judged(self) -> None:
        """Keeps in the cache what the rules found last, for the next start. Raises CacheError."""
        from orwatch.core.judged import keep

        while self.unkept:
            try:
                asked, found = self.unkept.popitem()
            except KeyError:  # a thread that judges has just put something else in its place
                return
            if self.cache.revision() == self._revision:
                keep(self.cache, asked, found)

    def revision_moved(self) -> bool:
        """Whether the cache has changed since it was last read, perhaps by another process; not where it cannot tell."""
        try:
            return self.cache.revision() != self._revision
        except CacheError:
            return False  # the poll says why

    def as_it_is(self) -> Market:
        """The same market in its present state: what it has read stays, when this one forgets it."""
        if self._still is None:
            self._still = still = Market.__new__(Market)  # as `copy` does, which takes 0.7 ms to import
            still.__dict__.update(self.__dict__)
            still.snapshots = {}  # they hold it: held by it they would live until the collector comes
        return self._still

    def attribute(self, attribution: Attribution) -> None:
        """Takes another attribution of vendors to countries."""
        self.attribution = attribution
        self._forget()

    @property
    def now(self) -> datetime:
        """The newest `as_of` of the cache. NoDataError on an empty one."""
        newest = self.cache.rankings.newest_as_of()
        if newest is None:
            raise NoDataError("The cache is empty: run `orwatch poll`, or try `orwatch demo`.")
        return newest

    def record(self, grain: Grain) -> Record:
        """The record of a grain. Days are read only as far back as they are needed."""
        known = self._records.get(grain)
        if known is None:
            own = () if grain is Grain.DAY else self.cache.rankings.read(grain)
            days = self.cache.rankings.read(Grain.DAY, since=days_needed(own))
            known = self._records[grain] = Record.build(grain, self.now, own, days)
        return known

    def complete_periods(self, grain: Grain) -> tuple[Period, ...]:
        """The complete periods of a grain, oldest first; for days, of which there are many, without reading what they hold."""
        return self.cache.rankings.settled_days() if grain is Grain.DAY else self.record(grain).complete_periods

    def rankings(self, grain: Grain, lens: Lens) -> Rankings:
        """The rankings of a grain through a lens."""
        key = (grain, lens)
        if key not in self._rankings:
            self._rankings[key] = Rankings(self.record(grain), lens)
        return self._rankings[key]

    def leadership(self, grain: Grain, lens: Lens, subject: Subject) -> Leadership:
        """Who led, of a subject, through a lens."""
        key = (grain, lens, subject)
        if key not in self._leads:
            self._leads[key] = Leadership(self.rankings(grain, lens), subject, self.attribution.country)
        return self._leads[key]

    @property
    def catalogue(self) -> Catalogue[CatalogueModel]:
        """The catalogue as last seen, entries that have left it among them (their names stay of use)."""
        if self._catalogue is None:
            self._catalogue = Catalogue(self.cache.catalogue.models())
        return self._catalogue

    @property
    def names(self) -> Catalogue[CatalogueModel] | Catalogue[Listed]:
        """The same, for what its models are called: without prices, unless these have been read."""
        if self._catalogue is not None:
            return self._catalogue
        if self._names is None:
            self._names = Catalogue(self.cache.catalogue.names())
        return self._names

    @property
    def prices(self) -> Prices:
        """The newest prices."""
        return self.prices_at(None)

    def prices_at(self, until: datetime | None) -> Prices:
        """The newest prices, or those seen before a midnight (UTC)."""
        if until not in self._prices:
            from orwatch.core.pricebook import read_prices

            if len(self._prices) >= KEPT_PRICES:
                self._prices.clear()
            self._prices[until] = read_prices(self.cache, self.catalogue, until)
        return self._prices[until]

    def prices_until(self, at: At, period: Period) -> datetime | None:
        """Until when prices count where a period is on screen: to its end for one that was asked for by date and is over.

        None: the newest prices, for the newest period, the one in progress, and one that has not ended.
        """
        end = datetime.combine(period.end + timedelta(days=1), time(), UTC)
        return end if isinstance(at, date) and end <= self.now else None

    def price_row(self, id_: str, baseline: str | None, until: datetime | None = None) -> PriceRow:
        """The price of one entry of a catalogue. baseline: an id; None: no ratios."""
        from orwatch.domain.prices import price_figures

        book = self.prices_at(until)
        entry = book.present[id_]
        base = book.present[baseline] if baseline else None
        figures = price_figures(entry, base, book.moved.get(id_))
        facts = self.facts(id_, free=figures.free)
        variant = variant_of(id_)
        name = self.catalogue.name(f"{entry.canonical_slug}:{variant}" if variant else entry.canonical_slug)
        return PriceRow(figures, name, facts.country, None, facts)

    def resolve(self, grain: Grain, at: At) -> Period:
        """The period that is asked for. NoDataError, naming what there is, where the record has none."""
        record = self.record(grain)
        if not record.listings:
            raise NoDataError(f"The cache holds no {grain} figures yet: run `orwatch poll`.")
        if at == "newest":
            return record.newest_complete() or next(reversed(list(record.listings)))
        if at == "now":
            if record.running is None:
                raise NoDataError(
                    f"The cache holds no figures of the {grain} in progress; leave --at out for the newest."
                )
            return record.running
        assert isinstance(at, date)
        period = Period.of(grain, at)
        if period not in record.listings:
            first, last = next(iter(record.listings)), next(reversed(list(record.listings)))
            raise NoDataError(
                f"The cache holds no figures of the {grain} of {period.start}: it has {first.start} to {last.end}."
            )
        return period

    def facts(self, permaslug: str, *, free: bool) -> Facts:
        """What filters can ask of a model."""
        known = self._facts.get((permaslug, free))
        if known is None:
            country = self.attribution.country(permaslug.lstrip("~").partition("/")[0])
            names = self.names
            entry = names.kin(permaslug)
            known = self._facts[permaslug, free] = Facts(
                permaslug=permaslug,
                name=names.name(permaslug),
                country=country,
                country_name=country_name(country) if country else "unattributed",
                free=free,
                open_weights=entry.open_weights if entry else None,
            )
        return known
