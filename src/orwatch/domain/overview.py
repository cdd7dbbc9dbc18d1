"""One period through one lens: its total, its models, how it splits, and who leads.

Two shares are told apart: of all tokens (named rows and `other`), and of attributed tokens (rows of the basis whose country is
known).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from orwatch.domain.filters import Facts
from orwatch.domain.leads import Lead
from orwatch.domain.names import vendor_of
from orwatch.domain.periods import UNCOUNTED, Period, State, Streak
from orwatch.domain.query import Query
from orwatch.domain.rankings import KeyOf, Lens, Ranked, Rankings, Status, change
from orwatch.domain.records import OTHER, Basis, Origin
from orwatch.domain.vendors import Vendor, is_cloaked


class Standoff(Struct, frozen=True):
    """A head to head on one basis: tokens of both sides, and whether the split is known there."""

    basis: Basis
    a: int
    b: int
    known: bool

    @property
    def ratio(self) -> float | None:
        """Tokens of a ÷ tokens of b; None where b has none or the split is unknown."""
        return self.a / self.b if self.known and self.b else None

    def order(self, sides: tuple[str, str]) -> tuple[str, str]:
        """The two sides, the one with more tokens first."""
        return sides if self.a >= self.b else (sides[1], sides[0])


class BasisLead(Struct, frozen=True):
    """A head to head on one basis, and who leads it there as of the last complete period."""

    standoff: Standoff
    lead: Lead


class FirstVendor(Struct, frozen=True):
    """The first vendor on one basis, with the lead over the second as a ratio (None where there is no second)."""

    basis: Basis
    vendor: str | None
    ratio: float | None


class VendorRow(Struct, frozen=True):
    """A vendor and what its rows on the basis carry."""

    vendor: Vendor
    tokens: int
    share: float
    models: int


class Snapshot(Struct, frozen=True):
    """One period, read through one lens.

    as_of: the source's time of this period's figures; now: the newest of the cache. origin: whence they came. total: tokens.
    total_change: fraction, like for like in a running period. days: complete days and length. compared: how many of a running
    period's days are compared. before: what changes are on. missing: of several periods added up those that the record does not
    have whole; unfilled: those with fewer rows than the basis asks for. named: rows of the period. newest: the newest complete
    period; periods: of the record. first_vendors, standoffs: one a basis. vendors: of the basis, by tokens. prices_until: the
    midnight (UTC) before which the prices of a past period were seen; None: the newest.
    """

    source: str
    query: Query
    now: datetime
    as_of: datetime
    period: Period
    state: State
    composed: bool
    origin: Origin
    days: tuple[int, int]
    compared: int
    before: Period
    missing: tuple[Period, ...]
    unfilled: tuple[Period, ...]
    total: int
    total_change: float | None
    total_grew: Streak
    total_shrank: Streak
    models: tuple[ModelRow, ...]
    named: int
    split: Split
    lead: Lead
    standoffs: tuple[Standoff, ...]
    first_vendors: tuple[FirstVendor, ...]
    vendors: tuple[VendorRow, ...]
    newest: Period
    periods: int
    prices_until: datetime | None

    @property
    def lens(self) -> Lens:
        return self.query.lens

    @property
    def other(self) -> ShareRow:
        """What stands outside the basis."""
        return self.split.rows[-1]

    @property
    def standoff(self) -> Standoff:
        return next(found for found in self.standoffs if found.basis is self.lens.basis)

    @property
    def back(self) -> int:
        """How many periods before lies what changes are on."""
        return self.query.back or self.period.count

    @property
    def is_newest(self) -> bool:
        """Whether it is the newest complete period, or one that is not complete yet."""
        return self.period >= self.newest

    @property
    def in_progress(self) -> bool:
        """Whether the period still runs, also where it lacks a day that has ended."""
        return not self.period.settled_by(self.now)

    @property
    def bases_disagree(self) -> bool:
        leading = {s.a > s.b for s in self.standoffs if s.known and s.a != s.b}
        return len(leading) > 1

    @property
    def vendors_disagree(self) -> bool:
        return len({v.vendor for v in self.first_vendors if v.vendor}) > 1


TREND_PERIODS = 8


class ModelRow(Struct, frozen=True):
    """A row of the models table.

    rank, rank_change: places among all named rows; against the period before, positive is up. status: new or back.
    tokens. share: fraction of all tokens. change: fraction, on the period before (like days for a running period).
    streak: periods in the top 10. lead_streak: periods in first place. periods: of several added up, in how many it is on the
    basis; None of one. trend: tokens of the last eight periods, oldest first,
    None where unknown. facts: what the catalogue and the vendors table say of it.
    """

    rank: int
    rank_change: int | None
    status: Status | None
    permaslug: str
    tokens: int
    share: float
    change: float | None
    streak: Streak
    lead_streak: Streak
    free: bool
    periods: int | None
    trend: tuple[int | None, ...]
    facts: Facts

    @property
    def vendor(self) -> str:
        return vendor_of(self.permaslug)

    @property
    def cloaked(self) -> bool:
        return is_cloaked(self.permaslug)

    @property
    def name(self) -> str:
        return self.facts.name

    @property
    def country(self) -> str | None:
        return self.facts.country


def model_rows(
    rankings: Rankings, period: Period, lead: Lead, facts_of: Callable[[Ranked], Facts]
) -> tuple[ModelRow, ...]:
    """The models table of a period, every row of the basis in rank order. lead: of models, at this period."""
    ranking = rankings.at(period)
    if ranking is None:
        return ()
    whole = rankings.record.state(period) is not State.PARTIAL
    previous = rankings.complete(rankings.before(period)) if whole else None
    places = previous.places if previous else {}
    statuses = rankings.model_statuses(ranking.slugs_on_basis, period)
    changes, streaks = rankings.model_changes(period), rankings.largest_streaks(ranking.slugs_on_basis, period)
    earlier = [period.back(n) for n in range(TREND_PERIODS - 1, 0, -1)] if period.count == 1 else []
    past = [then.named if then else {} for then in map(rankings.complete, earlier)]
    others = Streak(0) if period.has_streaks else UNCOUNTED
    out = []
    for row in ranking.on_basis:
        place = places.get(row.permaslug)
        out.append(
            ModelRow(
                rank=row.rank,
                rank_change=None if place is None else place - row.rank,
                status=statuses.get(row.permaslug),
                permaslug=row.permaslug,
                tokens=row.tokens,
                share=row.tokens / ranking.total if ranking.total else 0.0,
                change=changes.get(row.permaslug),
                streak=streaks[row.permaslug],
                lead_streak=lead.streak if lead.leader == row.permaslug else others,
                free=row.free,
                periods=sum(row.permaslug in part.slugs_on_basis for part in ranking.parts) or None,
                trend=(*[tokens.get(row.permaslug) for tokens in past], row.tokens),
                facts=facts_of(row),
            )
        )
    return tuple(out)


class ShareRow(Struct, frozen=True):
    """One line of a split. key: a country or vendor; None: unattributed rows of the basis; "other": all outside the basis.

    tokens. share_of_all, share_of_attributed: fractions (the latter None for the last two). change: fraction on the period before.
    models: rows of the basis in it.
    """

    key: str | None
    tokens: int
    share_of_all: float
    share_of_attributed: float | None
    change: float | None
    status: Status | None
    models: int


class Split(Struct, frozen=True):
    """A period's tokens by key: rows by tokens, then unattributed (if any), then `other`; they sum to `total`.

    known: whether the record has the rows that the basis asks for. unattributed: the permaslugs without a country.
    """

    rows: tuple[ShareRow, ...]
    total: int
    known: bool
    unattributed: tuple[str, ...]


def split(rankings: Rankings, period: Period, key_of: KeyOf) -> Split | None:
    """The split of a period on the lens's basis; None where the record has no such period."""
    ranking = rankings.at(period)
    if ranking is None:
        return None
    tokens = ranking.by_key(key_of)
    models = Counter(map(key_of, ranking.slugs_on_basis))
    total = ranking.total
    attributed = sum(n for key, n in tokens.items() if key is not None)
    statuses = rankings.group_statuses(tokens, key_of, period)
    pair = rankings.filled(period)
    now, before = (side.by_key(key_of) for side in pair) if pair else ({}, {})
    rows = [
        ShareRow(
            key,
            n,
            n / total if total else 0.0,
            n / attributed if key is not None and attributed else None,
            change(now.get(key, 0), before.get(key)),
            statuses.get(key),
            models[key],
        )
        for key, n in tokens.items()
    ]
    rows.sort(key=lambda row: (row.key is None, -row.tokens, row.key or ""))
    outside = ranking.outside
    outside_change = change(pair[0].outside, pair[1].outside) if pair else None
    left = max(0, len(ranking.slugs) - ranking.size)
    rows.append(ShareRow(OTHER, outside, outside / total if total else 0.0, None, outside_change, None, left))
    nameless = tuple(slug for slug in ranking.slugs_on_basis if key_of(slug) is None)
    return Split(tuple(rows), total, ranking.fills_basis, nameless)


OPEN: Final = "open"
CLOSED: Final = "closed"


def openness(snap: Snapshot) -> tuple[ShareRow, ...]:
    """The split of a period on its basis by `open`, `closed` and None, models that are in no catalogue; rows sum to the total.

    Attributed are those of which it is known. There are no changes.
    """
    parts = {key: [row for row in snap.models if weights(row) == key] for key in (OPEN, CLOSED, None)}
    tokens = {key: sum(row.tokens for row in rows) for key, rows in parts.items()}
    known, total = tokens[OPEN] + tokens[CLOSED], snap.total or 1
    rows = [
        ShareRow(key, n, n / total, n / known if known and key is not None else None, None, None, len(parts[key]))
        for key, n in tokens.items()
        if parts[key] or key is not None
    ]
    return (*rows, snap.other)


def weights(row: ModelRow) -> str | None:
    """Whether the weights of a model are published: `open`, `closed`, None where no catalogue says."""
    opened = row.facts.open_weights
    return None if opened is None else OPEN if opened else CLOSED


def open_share(rows: Sequence[ModelRow]) -> float | None:
    """The part of the tokens of some models that is of open weights; None where it is known of none of them."""
    tokens = {key: sum(row.tokens for row in rows if weights(row) == key) for key in (OPEN, CLOSED)}
    known = tokens[OPEN] + tokens[CLOSED]
    return tokens[OPEN] / known if known else None
