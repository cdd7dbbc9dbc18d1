"""The record every figure is computed from: rows, the listing of a period, and all that is known of one grain.

"Now" is the newest `as_of` of the cache, never the machine's clock.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from msgspec import Struct

from orwatch.domain.names import without_variant
from orwatch.domain.periods import Grain, Period, State

OTHER = "other"
"""Reserved permaslug: everything outside a period's top 50. Never a model, never attributed."""

NAMED_ROWS = 50
"""The API names this many rows a period; a composed period is cut to as many."""


class Basis(StrEnum):
    """Which rows of a period are attributed to vendors and countries: the nine or ten largest, or every named row."""

    CHART = "chart"
    TOP10 = "top10"
    TOP50 = "top50"

    @property
    def size(self) -> int:
        """The number of rows the basis asks for."""
        return {"chart": 9, "top10": 10, "top50": 50}[self.value]


class Origin(StrEnum):
    """Whence a listing came: the API with a key, its public exports, or the archive that orwatch ships."""

    API = "api"
    EXPORT = "export"
    ARCHIVE = "archive"


class Listing(Struct, frozen=True, dict=True):
    """One period's record: named rows, largest first (ties by permaslug), and the tail outside them.

    slugs, tokens: of the rows, side by side, for a record has many thousands of them; prompt and completion together, the upstream
    tokenizer's own count. as_of: when the source took the figures.
    other: tokens outside the named rows. composed: added up from days. days: the days whose figures are in it, for composed
    listings; None for one asked of the API in its own grain.
    origin: whence it came; of a composed one that of its days, archive before export before api.
    """

    period: Period
    as_of: datetime
    slugs: tuple[str, ...]
    tokens: tuple[int, ...]
    other: int = 0
    composed: bool = False
    days: frozenset[date] | None = None
    origin: Origin = Origin.API

    @classmethod
    def build(
        cls, period: Period, as_of: datetime, tokens: Iterable[tuple[str, int]], origin: Origin = Origin.API
    ) -> Listing:
        """A listing from `(permaslug, tokens)` pairs as the API gives them, `other` among them."""
        pairs = list(tokens)
        slugs, counts = ranked((slug, n) for slug, n in pairs if slug != OTHER)
        return cls(period, as_of, slugs, counts, sum(n for slug, n in pairs if slug == OTHER), origin=origin)

    @property
    def rows(self) -> tuple[tuple[str, int], ...]:
        """The named rows: permaslug and tokens."""
        return tuple(zip(self.slugs, self.tokens, strict=True))

    def names(self, count: int) -> bool:
        """Whether it names as many rows; one with nothing outside its rows names all there are."""
        return len(self.slugs) >= count or self.other == 0

    @property
    def settled(self) -> bool:
        """Whether the period was over when its figures were taken."""
        return self.period.settled_by(self.as_of)

    @cached_property
    def total(self) -> int:
        """All tokens of the period, free rows and `other` included."""
        return self.other + sum(self.tokens)


class FirstDay(Struct, frozen=True):
    """The first day of the record that ranks a model.

    tokens: its own then. as_of: when the source took that day's figures. named_before: rows that the day before names, 0 where
    the record lacks it.
    """

    permaslug: str
    day: date
    tokens: int
    as_of: datetime
    named_before: int


def ranked(rows: Iterable[tuple[str, int]]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Permaslugs and tokens in the order of a ranking: tokens descending, ties by permaslug (the API's own order)."""
    ordered = sorted(rows, key=lambda row: (-row[1], row[0]))
    return tuple(slug for slug, _ in ordered), tuple(n for _, n in ordered)


def compose(period: Period, days: Mapping[date, Listing], now: datetime) -> Listing | None:
    """The period added up from its days, ranked, cut to the 50 largest with the rest in `other`.

    days: daily listings by day. Only days that are themselves complete count, and the day that is running at `now`.
    Totals add up exactly; a model's days outside the daily top 50 are missing from its own sum. None without a day.
    """
    today = now.astimezone(UTC).date()
    parts = [days[day] for day in period.days() if day in days]
    settled = frozenset(part.period.start for part in parts if part.settled)
    parts = [part for part in parts if part.period.start in settled or part.period.start == today]
    if not parts:
        return None
    tokens: dict[str, int] = {}
    for part in parts:
        for slug, n in zip(part.slugs, part.tokens, strict=True):
            tokens[slug] = tokens.get(slug, 0) + n
    slugs, counts = ranked(tokens.items())
    other = sum(part.other for part in parts) + sum(counts[NAMED_ROWS:])
    newest = max(part.as_of for part in parts)
    named = slugs[:NAMED_ROWS], counts[:NAMED_ROWS]
    return Listing(period, newest, *named, other, composed=True, days=settled, origin=origin_of(parts))


def origin_of(parts: Iterable[Listing]) -> Origin:
    """Whence several listings came: archive before export before api."""
    return max((part.origin for part in parts), key=list(Origin).index)


def _with_days(grain: Grain, days: Collection[date], now: datetime) -> set[Period]:
    """The periods that hold one of these days; of trailing ones those that end between the first and the last day that is over."""
    if not grain.trailing:
        return {Period.of(grain, day) for day in days}
    over = sorted(day for day in days if day < now.astimezone(UTC).date())
    span = (over[-1] - over[0]).days + 1 if over else 0
    return {Period.of(grain, over[0] + timedelta(days=n)) for n in range(span)}


def days_needed(own: Sequence[Listing], since: date, back: int = 1) -> date:
    """The first day that a record needs beside listings asked for in their own grain, oldest first. since: the first there is.

    Those of the period so many before the last serve to compare like with like. Before it, from the first period on that has no
    listing of the whole of it with all its rows. Where the days begin within a period, they replace no listing of the whole of it.
    """
    if not own:
        return since
    whole = {one.period for one in own if (one.names(NAMED_ROWS) or one.period.start < since) and one.settled}
    last = own[-1].period
    first, period = last.back(back), last.previous()
    while period.after > since:
        if period not in whole:
            first = min(first, period)
        period = period.previous()
    return first.start


def _is_outdated(listing: Listing, days: Mapping[date, Listing]) -> bool:
    """Whether a listing is of the archive, and the record has newer figures of each of its days."""
    return listing.origin is Origin.ARCHIVE and all(
        day in days and days[day].as_of > listing.as_of for day in listing.period.days()
    )


class Record(Struct, frozen=True, dict=True):
    """All that is known of one grain at `now`.

    listings: by period, oldest first. days: the daily listings, for comparing a running period like for like.
    """

    grain: Grain
    now: datetime
    listings: Mapping[Period, Listing]
    days: Mapping[date, Listing]

    @classmethod
    def build(
        cls,
        grain: Grain,
        now: datetime,
        own: Iterable[Listing],
        days: Iterable[Listing],
        named: int = NAMED_ROWS,
    ) -> Record:
        """Joins listings asked for in their own grain with those composed from days, where the first are lacking.

        A period that has ended but whose own listing was taken while it ran is composed from days, if these are whole or
        at least as many as that listing can hold. One whose own listing names fewer rows than `named` is composed if its
        days are whole and name as many; so is one of the archive of which every day has been asked for since.
        """
        by_day = {listing.period.start: listing for listing in days}
        if grain is Grain.DAY:
            return cls(grain, now, {Period(grain, day): by_day[day] for day in sorted(by_day)}, by_day)
        listings = {listing.period: listing for listing in own}
        for period in _with_days(grain, by_day, now):
            known = listings.get(period)
            settled = known is not None and known.settled
            if settled and known and known.names(named) and not _is_outdated(known, by_day):
                continue
            composed = compose(period, by_day, now)
            if composed is None or (settled and not composed.names(named)):
                continue
            days_in = len(composed.days or ())
            reached = 0 if known is None else (known.as_of.astimezone(UTC).date() - period.start).days
            newer = known is None or composed.as_of.date() > known.as_of.date()
            if days_in == period.length or (newer and days_in >= reached):
                listings[period] = composed
        return cls(grain, now, {period: listings[period] for period in sorted(listings)}, by_day)

    def state(self, period: Period) -> State:
        """Complete, running or partial. A period that has ended without a listing is partial, as are several of which one is."""
        if period.count > 1:
            whole = all(part in self._whole for part in period.parts())
            return State.COMPLETE if whole else State.PARTIAL
        listing, after = self.listings.get(period), period.after
        until = min(after, self.today)  # the days before it have ended
        if listing is None:
            lacking = until == after
        elif listing.days is not None:
            lacking = (until - period.start).days > len(listing.days)
        else:
            lacking = listing.as_of.astimezone(UTC).date() < until
        return State.PARTIAL if lacking else State.COMPLETE if until == after else State.RUNNING

    @cached_property
    def today(self) -> date:
        """The day (UTC) that runs at `now`."""
        return self.now.astimezone(UTC).date()

    def complete(self, period: Period) -> Listing | None:
        return self._whole.get(period)

    @cached_property
    def _whole(self) -> dict[Period, Listing]:
        return {period: listing for period, listing in self.listings.items() if self.state(period) is State.COMPLETE}

    @property
    def totals(self) -> dict[Period, int]:
        """All tokens of each complete period, oldest first."""
        return {period: listing.total for period, listing in self._whole.items()}

    @cached_property
    def complete_periods(self) -> tuple[Period, ...]:
        return tuple(self._whole)

    @cached_property
    def first(self) -> Period | None:
        """The first period of the record, complete or not."""
        return next(iter(self.listings), None)

    def names_model(self, model: str, at: datetime) -> bool:
        """Whether a model was ranked at a time: the period that holds it, or the one before, names any of its variants.

        After the end of the record its two newest periods count.
        """
        begun = [period for period in self.listings if period.start <= at.date()][-2:]
        slugs = (slug for period in begun for slug in self.listings[period].slugs)
        return without_variant(model) in map(without_variant, slugs)

    @property
    def first_day(self) -> date:
        """The first day that is in it. It has a listing."""
        period, listing = next(iter(self.listings.items()))
        return min(listing.days or {period.start})

    @property
    def last_day(self) -> date:
        """The last day that is in it, the running one too. It has a listing."""
        period = max(self.listings)
        return max(self.listings[period].days or {min(period.end, self.today)})

    def newest_complete(self, until: Period | None = None) -> Period | None:
        """The newest complete period, at or before `until`."""
        known = self.complete_periods
        end = len(known) if until is None else bisect_right(known, until)
        return known[end - 1] if end else None

    @property
    def running(self) -> Period | None:
        """The period in progress at `now`, if the record has figures of it."""
        period = Period.of(self.grain, self.today)
        return period if period in self.listings else None

    def back_from(self, period: Period) -> Iterator[Period]:
        """Periods back from the newest complete one, at or before `period`, to the first; those that are not complete too."""
        at = self.newest_complete(period)
        while at is not None and at >= self.complete_periods[0]:
            yield at
            at = at.previous()

    def days_done(self, period: Period) -> tuple[int, int]:
        """Day n of 7: how many of the period's days are complete and in the record, and how many it has.

        Of a running period asked for in its own grain those that the record has, which are those compared; where it has none of
        them, those that the listing counts.
        """
        listing = self.listings.get(period)
        if listing is None:
            return 0, period.length
        if listing.days is not None:
            return len(listing.days), period.length
        ended = (listing.as_of.astimezone(UTC).date() - period.start).days
        known = 0 if period.after <= self.today else sum(map(self._is_settled, period.days()))
        return known or max(0, min(ended, period.length)), period.length

    def so_far(self, period: Period) -> Listing | None:
        """The complete days of a running period added up; None before its first day has ended, and for a running day.

        Where the record lacks one of these days, the period's own listing as it stands: it counts all models over the same hours.
        """
        ended = [day for day in period.days() if day < self.today]
        if self.grain is Grain.DAY or self.state(period) is not State.RUNNING or not ended:
            return None
        known = {day: self.days[day] for day in ended if self._is_settled(day)}
        return compose(period, known, self.now) if len(known) == len(ended) else self.listings.get(period)

    def like_for_like(self, period: Period, before: Period | None = None) -> tuple[Listing, Listing] | None:
        """A running period's complete days, and the days of an earlier period that they are held against (`Period.like_days`).

        None where one of them is missing. The running day is never in it.
        """
        before = before or period.previous()
        pairs = self.compared_days(period, before)
        if not pairs:
            return None
        now = compose(period, {day: self.days[day] for day, _ in pairs}, self.now)
        then = compose(before, {day: self.days[day] for _, day in pairs}, self.now)
        return None if now is None or then is None else (now, then)

    def compared_days(self, period: Period, before: Period | None = None) -> list[tuple[date, date]]:
        """The days of a running period that are compared, each with the one it is held against; none where one is missing."""
        if self.grain is Grain.DAY or self.state(period) is not State.RUNNING:
            return []
        last = max((day for day in period.days() if self._is_settled(day)), default=None)
        pairs = [] if last is None else period.like_days(last, before or period.previous())
        return pairs if all(self._is_settled(day) and self._is_settled(then) for day, then in pairs) else []

    def _is_settled(self, day: date) -> bool:
        """Whether the record has a day that was over when its figures were taken."""
        listing = self.days.get(day)
        return listing is not None and listing.settled
