"""Who ranks where: dropping free rows, merging variants, rank, basis, change, new and back.

Order of steps: drop free rows (if asked), merge variants (if asked), rank, take the basis. Filters come later and only hide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Literal, TypeVar

from msgspec import Struct

from orwatch.domain.names import is_free, without_variant
from orwatch.domain.periods import UNCOUNTED, Period, State, Streak, grown
from orwatch.domain.records import NAMED_ROWS, Basis, Listing, Record, origin_of, ranked

TOP_TEN = 10

Status = Literal["new", "back"]
KeyT = TypeVar("KeyT")

KeyOf = Callable[[str], "str | None"]
"""Maps a permaslug, or a vendor alone, to what it belongs to, such as a country; None: unattributed."""


class Lens(Struct, frozen=True):
    """How a listing is read. basis: which rows are attributed. free: whether `:free` rows count. merged: variants as one."""

    basis: Basis = Basis.TOP50
    free: bool = True
    merged: bool = False

    @property
    def named_rows(self) -> int:
        """Named rows that a listing needs to fill the basis; all of them where free rows are dropped or variants merged."""
        return self.basis.size if self.free and not self.merged else NAMED_ROWS


class Ranked(Struct, frozen=True):
    """A row with its rank among all named rows. permaslug: without variant where variants are merged."""

    rank: int
    permaslug: str
    tokens: int
    free: bool


class Ranking(Struct, frozen=True):
    """A listing read through a lens. slugs, tokens: of every named row in rank order. free_models: merged rows that are free.

    parts: of several periods added up those that were; their rows are those that are on the basis in one of them.
    """

    listing: Listing
    lens: Lens
    slugs: tuple[str, ...]
    tokens: tuple[int, ...]
    free_models: frozenset[str] = frozenset()
    parts: tuple[Ranking, ...] = ()

    @property
    def size(self) -> int:
        """How many rows are on the basis, where there are as many."""
        return len(self.slugs) if self.parts else self.lens.basis.size

    @property
    def total(self) -> int:
        """All tokens, free rows and `other` included."""
        return self.listing.total

    # Rows are made when they are asked for: a record has many thousands, of which few are looked at.

    @property
    def rows(self) -> tuple[Ranked, ...]:
        """Every named row in rank order."""
        pairs = zip(self.slugs, self.tokens, strict=True)
        return tuple(Ranked(n, slug, tokens, self.is_free(slug)) for n, (slug, tokens) in enumerate(pairs, 1))

    @property
    def on_basis(self) -> tuple[Ranked, ...]:
        """The rows that count for vendors and countries."""
        return self.rows[: self.size]

    @property
    def slugs_on_basis(self) -> tuple[str, ...]:
        """Their permaslugs, in rank order."""
        return self.slugs[: self.size]

    def is_free(self, slug: str) -> bool:
        """Whether a row is free: of a merged one, all of its variants."""
        return slug in self.free_models if self.lens.merged else is_free(slug)

    def by_key(self, key_of: Callable[[str], KeyT]) -> dict[KeyT, int]:
        """Tokens of the rows of the basis by what they belong to, in the order of their first rows: by vendor, by country.

        Shares, leads and series all begin with it.
        """
        tokens: dict[KeyT, int] = {}
        for slug, n in zip(self.slugs_on_basis, self.tokens, strict=False):
            key = key_of(slug)
            tokens[key] = tokens.get(key, 0) + n
        return tokens

    @property
    def places(self) -> dict[str, int]:
        """The rank of every named row, by permaslug."""
        return {slug: place for place, slug in enumerate(self.slugs, 1)}

    @property
    def named(self) -> dict[str, int]:
        """The tokens of every named row, by permaslug."""
        return dict(zip(self.slugs, self.tokens, strict=True))

    @property
    def outside(self) -> int:
        """Tokens outside the basis: the API's `other` and the named rows that are not on it."""
        return self.total - sum(self.tokens[: self.size])

    def names(self, count: int) -> bool:
        """Whether the `count` largest rows are known, so that a model's absence from them means something."""
        return len(self.slugs) >= count or self.listing.other == 0

    @property
    def fills_basis(self) -> bool:
        """Whether the record has as many rows as the basis asks for; otherwise splits on it are unknown."""
        if self.parts:
            return all(part.fills_basis for part in self.parts)
        whole = self.lens.basis is Basis.TOP50
        return self.listing.names(NAMED_ROWS) if whole else self.names(self.lens.basis.size)


def rank(listing: Listing, lens: Lens) -> Ranking:
    """Reads a listing through a lens. A merged row is free where all of its variants are."""
    if lens.free and not lens.merged:
        return Ranking(listing, lens, listing.slugs, listing.tokens)
    rows = {slug: n for slug, n in listing.rows if lens.free or not is_free(slug)}
    if not lens.merged:
        return Ranking(listing, lens, tuple(rows), tuple(rows.values()))
    merged: Counter[str] = Counter()
    for slug, n in rows.items():
        merged[without_variant(slug)] += n
    paid = {without_variant(slug) for slug in rows if not is_free(slug)}
    slugs = sorted(merged, key=lambda model: (-merged[model], model))
    return Ranking(listing, lens, tuple(slugs), tuple(merged[slug] for slug in slugs), frozenset(merged.keys() - paid))


def added_up(period: Period, parts: Sequence[Ranking]) -> Ranking:
    """Several rankings as one: of each the rows on its basis, while all that stands outside them stays outside."""
    tokens: Counter[str] = Counter()
    for part in parts:
        tokens.update(dict(zip(part.slugs_on_basis, part.tokens, strict=False)))
    slugs, sums = ranked(tokens.items())
    listing = Listing(
        period,
        max(part.listing.as_of for part in parts),
        slugs,
        sums,
        sum(part.outside for part in parts),
        composed=any(part.listing.composed for part in parts),
        origin=origin_of(part.listing for part in parts),
    )
    paid = {slug for part in parts for slug in part.slugs if slug not in part.free_models}
    free = {slug for part in parts for slug in part.free_models} - paid
    return Ranking(listing, parts[0].lens, slugs, sums, frozenset(free), tuple(parts))


class Rankings:
    """A record read through a lens: one ranking a period, each made once.

    back: how many periods before lies what changes are on; None: the one before, of several periods as many before.
    """

    def __init__(self, record: Record, lens: Lens, back: int | None = None) -> None:
        self.record = record
        self.lens = lens
        self.back = back
        self._made: dict[Period, Ranking] = {}

    def at(self, period: Period) -> Ranking | None:
        """The ranking of a period, complete or not; of several periods their complete ones added up. None where there is none."""
        made = self._made.get(period)
        if made is None and period.count > 1:
            parts = [ranking for part in period.parts() if (ranking := self.complete(part)) is not None]
            if not parts:
                return None
            made = self._made[period] = added_up(period, parts)
        if made is None:
            listing = self.record.listings.get(period)
            if listing is None:
                return None
            made = self._made[period] = rank(listing, self.lens)
        return made

    def complete(self, period: Period) -> Ranking | None:
        """The ranking of a complete period."""
        whole = self.record.complete(period) is not None or (
            period.count > 1 and self.record.state(period) is State.COMPLETE
        )
        return self.at(period) if whole else None

    def before(self, period: Period) -> Period:
        """The period that another one is compared with."""
        return period.back(self.back or period.count)

    def compared(self, period: Period) -> tuple[Ranking, Ranking] | None:
        """The two rankings a change is computed from: this period and the one it is compared with, or the like days of both.

        None where one of them is lacking, partial, or the running day itself.
        """
        if self.record.state(period) is State.RUNNING:
            pair = self.record.like_for_like(period, self.before(period))
            return None if pair is None else (rank(pair[0], self.lens), rank(pair[1], self.lens))
        now, before = self.complete(period), self.complete(self.before(period))
        return None if now is None or before is None else (now, before)

    @cached_property
    def so_far(self) -> Ranking | None:
        """The complete days of the running period; None without one."""
        running = self.record.running
        listing = self.record.so_far(running) if running is not None else None
        return None if listing is None else rank(listing, self.lens)

    def neighbours(self) -> Iterator[tuple[Period, Ranking, Ranking]]:
        """Every complete period whose predecessor is complete too, with both rankings, oldest first."""
        for period in self.record.complete_periods:
            now, before = self.complete(period), self.complete(period.previous())
            if now is not None and before is not None:
                yield period, now, before

    def filled(self, period: Period) -> tuple[Ranking, Ranking] | None:
        """The two that changes of vendors and countries are on; None where one of them has fewer rows than the basis asks for."""
        pair = self.compared(period)
        return pair if pair is not None and all(side.fills_basis for side in pair) else None

    def total_change(self, period: Period) -> float | None:
        """The change of all tokens, of a running period like for like."""
        pair = self.compared(period)
        return change(pair[0].total, pair[1].total) if pair else None

    def model_changes(self, period: Period) -> dict[str, float]:
        """By permaslug, the change of each model on the earlier period; of a running period, of its complete days on the like days.

        A model that one of these days does not name is not in it, nor one that is on the basis in some of several periods alone:
        its absent ones are unknown, not zero.
        """
        pair = self.compared(period)
        if pair is None:
            return {}
        now, before = (side.named for side in pair)
        named = now.keys() & before.keys()
        for part in (part for side in pair for part in side.parts):
            named &= set(part.slugs_on_basis)
        for days in self.record.compared_days(period, self.before(period)):
            for day in days:
                named &= set(rank(self.record.days[day], self.lens).slugs)
        moved = ((slug, change(now[slug], before[slug])) for slug in named)
        return {slug: fraction for slug, fraction in moved if fraction is not None}

    def certain_before(self, period: Period) -> Ranking | None:
        """The ranking of the earlier period, where who is not in it is known to be `new` or `back`; None elsewhere."""
        before, whole = self.complete(self.before(period)), self.record.state(period) is not State.PARTIAL
        return before if whole and before is not None and before.fills_basis else None

    def largest_streaks(self, slugs: Iterable[str], period: Period, count: int = TOP_TEN) -> dict[str, Streak]:
        """Of each model, complete periods in a row in which it was among the `count` largest.

        To this period if it is complete, else the last one before it; trailing periods and several added up have none.
        """
        if not period.has_streaks:
            return dict.fromkeys(slugs, UNCOUNTED)
        left, length, found = set(slugs), 0, dict[str, Streak]()
        for then in self.record.back_from(period):
            ranking = self.complete(then)
            ended = left.difference(ranking.slugs[:count] if ranking else ())
            found |= dict.fromkeys(ended, Streak(length, ranking is None or not ranking.names(count)))
            left -= ended
            if not left:
                break
            length += 1
        return found | dict.fromkeys(left, Streak(length, True))

    def model_statuses(self, slugs: Iterable[str], period: Period) -> dict[str, Status]:
        """Which models of a period are `new` or `back`: those that the earlier one has not, where that is known."""
        return self._statuses(slugs, period, lambda then: {slug for part in (then, *then.parts) for slug in part.slugs})

    def group_statuses(
        self, keys: Iterable[KeyT], key_of: Callable[[str], object], period: Period
    ) -> dict[KeyT, Status]:
        """The same of what models belong to, such as a country, among the rows of the basis."""
        return self._statuses(keys, period, lambda then: map(key_of, then.slugs_on_basis))

    def _statuses(
        self, keys: Iterable[KeyT], period: Period, held: Callable[[Ranking], Iterable[object]]
    ) -> dict[KeyT, Status]:
        before = self.certain_before(period)
        absent = set(keys).difference(held(before)) if before is not None else set()
        new = self.unseen(absent, period, held)
        return {key: "new" if key in new else "back" for key in absent}

    def unseen(
        self,
        keys: Iterable[KeyT],
        period: Period,
        held: Callable[[Ranking], Iterable[object]] = lambda ranking: ranking.slugs,
    ) -> set[KeyT]:
        """Those that neither the period that this one is compared with nor any before it has: models, or what is held."""
        left, (*_, last) = set(keys), self.before(period).parts()
        for then in reversed(list(self.record.listings)):
            if left and then <= last and (ranking := self.at(then)) is not None:
                left.difference_update(held(ranking))
        return left

    def total_streak(self, period: Period, *, grew: bool) -> Streak:
        """Complete periods in a row in which the total grew (or shrank); counted as those of models are."""
        if not period.has_streaks:
            return UNCOUNTED
        listings = map(self.record.complete, self.record.back_from(period))
        return grown((None if listing is None else listing.total for listing in listings), up=grew)


def change(now: int | None, before: int | None) -> float | None:
    """`(now - before) / before` as a fraction; None where either is unknown or nothing was there before."""
    return None if now is None or not before else (now - before) / before
