"""Leaders, flips and head to heads: of models, vendors, countries, or any two of them.

Leader: the one with the most tokens on the basis. Neither `other` nor *unattributed* can lead a split by country. Equal totals:
the earlier leader stays; in the first period of the record there is then none. Flip: two neighbouring complete periods with
different leaders.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from enum import StrEnum
from functools import cached_property

from msgspec import Struct

from orwatch.domain.names import vendor_of
from orwatch.domain.periods import UNCOUNTED, Period, Streak
from orwatch.domain.rankings import KeyOf, Ranking, Rankings
from orwatch.domain.records import Record

CountryOf = KeyOf
"""Maps a permaslug, or a vendor (author slug) alone, to an ISO 3166-1 alpha-2 code, or None where it is unattributed."""


class Kind(StrEnum):
    """What a lead is about."""

    MODEL = "model"
    VENDOR = "vendor"
    COUNTRY = "country"
    VERSUS = "versus"


class Subject(Struct, frozen=True):
    """Whose lead: all models, vendors or countries, or the two sides of a head to head."""

    kind: Kind
    sides: tuple[str, str] | None = None

    @classmethod
    def versus(cls, a: str, b: str) -> Subject:
        """Two countries (both of two capitals) or two vendors."""
        return cls(Kind.VERSUS, (a, b))

    @property
    def id(self) -> str:
        """`CN:US` for a head to head, else the kind."""
        return ":".join(self.sides) if self.sides else self.kind.value

    @property
    def by_country(self) -> bool:
        """Whether its contenders are countries."""
        return self.kind is Kind.COUNTRY or (self.sides is not None and is_country_pair(*self.sides))

    def key_of(self, country_of: CountryOf) -> KeyOf:
        """What gives the contender that a row belongs to."""
        return str if self.kind is Kind.MODEL else country_of if self.by_country else vendor_of


def is_country_pair(a: str, b: str) -> bool:
    """Whether the two sides of a head to head are country codes (two capitals) and not vendors."""
    return all(len(side) == 2 and side.isalpha() and side.isupper() for side in (a, b))


def tally(ranking: Ranking, subject: Subject, country_of: CountryOf) -> dict[str, int]:
    """Tokens on the basis by contender. Unattributed rows contend in no split by country."""
    held = ranking.by_key(subject.key_of(country_of))
    if subject.sides is not None:
        return {side: held.get(side, 0) for side in subject.sides}
    return {name: n for name, n in held.items() if name is not None}


def leader_of(tokens: dict[str, int], earlier: str | None) -> str | None:
    """The largest; of equals the earlier leader, if it is one of them; None where nobody has tokens."""
    best = max(tokens.values(), default=0)
    first = [name for name, n in tokens.items() if n == best > 0]
    if len(first) == 1:
        return first[0]
    return earlier if earlier in first else None


class Flip(Struct, frozen=True):
    """The leader changed between two neighbouring complete periods.

    tokens: of both, in the later one; None where the old leader is not on the basis any more and its tokens are not known there.
    """

    period: Period
    before: str
    after: str
    tokens: dict[str, int | None]

    @property
    def start(self) -> date:
        return self.period.start


class Lead(Struct, frozen=True):
    """Who leads at a period. streak: complete periods in a row. since: the first known of them."""

    leader: str | None
    streak: Streak
    since: date | None


NOBODY = Lead(None, Streak(0), None)


class Leadership:
    """The leaders of a subject over a record: who led each complete period, streaks, flips, and what is on course."""

    def __init__(self, rankings: Rankings, subject: Subject, country_of: CountryOf) -> None:
        self.rankings = rankings
        self.subject = subject
        self._country_of = country_of
        self._leaders: dict[Period, str | None] = {}
        self._leads: dict[Period, Lead] = {}

    @property
    def record(self) -> Record:
        return self.rankings.record

    def tokens(self, period: Period) -> dict[str, int] | None:
        """Tokens by contender in any period, running ones too; None where the split on the basis is unknown."""
        return self.tally(self.rankings.at(period))

    def tally(self, ranking: Ranking | None) -> dict[str, int] | None:
        """The same of a ranking of any days."""
        return tally(ranking, self.subject, self._country_of) if ranking and self._is_split(ranking) else None

    def _is_split(self, ranking: Ranking) -> bool:
        """Whether it is known how it splits: models are known as far as they are named."""
        return ranking.fills_basis or self.subject.kind is Kind.MODEL

    @cached_property
    def leaders(self) -> dict[Period, str | None]:
        """The leader of each complete period, oldest first; periods whose split is unknown are not in it."""
        return {period: self.leader(period) for period in self.record.complete_periods if self._is_known(period)}

    def leader(self, period: Period) -> str | None:
        """The leader of a complete period; None where there is none, or the split is unknown. Looks back only for equal totals."""
        if period not in self._leaders:
            self._leaders[period] = self._found(period) if self._is_known(period) else None
        return self._leaders[period]

    def _found(self, period: Period) -> str | None:
        """The leader of a complete period whose split is known."""
        tied: list[dict[str, int]] = []
        earlier: str | None = None
        complete = self.record.complete_periods
        for then in reversed(complete[: bisect_right(complete, period)]):
            tokens = self.tokens(then)
            if tokens is None:
                continue
            earlier = self._leaders.get(then) or leader_of(tokens, None)
            if earlier is not None:
                break
            tied.append(tokens)
        leader = earlier
        for tokens in reversed(tied):
            leader = leader_of(tokens, earlier)
            earlier = leader or earlier
        return leader

    def _is_known(self, period: Period) -> bool:
        ranking = self.rankings.complete(period)
        return ranking is not None and self._is_split(ranking)

    def _sides(self, ranking: Ranking | None, tokens: dict[str, int], *names: str) -> dict[str, int | None]:
        """Tokens of the sides of a flip; a model outside the basis is looked for among all named rows."""
        if self.subject.kind is Kind.MODEL and ranking is not None:
            tokens = ranking.named
        return {name: tokens.get(name) for name in names}

    @cached_property
    def flips(self) -> tuple[Flip, ...]:
        """Every confirmed flip, oldest first."""
        found = map(self.flip, self.record.complete_periods)
        return tuple(flip for flip in found if flip is not None)

    def flip(self, period: Period) -> Flip | None:
        """The confirmed flip of a period, if there is one; periods that overlap have none, nor have several added up."""
        if not period.has_streaks:
            return None
        leader, before = self.leader(period), self.leader(period.previous())
        if leader is None or before is None or leader == before:
            return None
        sides = self._sides(self.rankings.at(period), self.tokens(period) or {}, leader, before)
        return Flip(period, before, leader, sides)

    def flips_until(self, period: Period) -> tuple[Flip, ...]:
        """Flips up to and including a period, oldest first."""
        return tuple(flip for flip in self.flips if flip.period <= period)

    def lead(self, period: Period) -> Lead:
        """The lead as of the last complete period at or before `period`. Without a known leader its streak is 0 and no floor.

        Of several periods added up: who has most in all of them; neither they nor trailing ones have streaks.
        """
        if period.count > 1:
            return Lead(leader_of(self.tokens(period) or {}, None), UNCOUNTED, None)
        at = self.record.newest_complete(period)
        leader = None if at is None else self.leader(at)
        if at is None or leader is None:
            return NOBODY
        if period.grain.trailing:
            return Lead(leader, UNCOUNTED, None)
        run: list[Period] = []
        while at not in self._leads and self.leader(at) == leader:
            run.append(at)
            at = at.previous()
        lead = self._leads.get(at, NOBODY)
        if lead.leader != leader:  # another led before, or it is not known who: after a gap its length is a floor
            lead = Lead(leader, Streak(0, not self._is_known(at)), run[-1].start)
        for then in reversed(run):
            lead = self._leads[then] = Lead(leader, Streak(lead.streak.length + 1, lead.streak.is_floor), lead.since)
        return lead

    def known(self, period: Period) -> bool:
        """Whether it is known who led, or that nobody did, in the last complete period at or before `period`."""
        at = self.record.newest_complete(period)
        return at is not None and self._is_known(at)

    @cached_property
    def leads(self) -> dict[Period, Lead]:
        """The lead at each complete period that has a leader, oldest first."""
        return {period: self.lead(period) for period, leader in self.leaders.items() if leader is not None}

    @cached_property
    def so_far(self) -> dict[str, int] | None:
        """Tokens by contender over the complete days of the running period, the same days for all of them."""
        return self.tally(self.rankings.so_far)

    def on_course(self) -> Flip | None:
        """The flip that the complete days of the running period point to, if they do: never a confirmed one."""
        running, tokens = self.record.running, self.so_far
        before = self.leader(running.previous()) if running is not None else None
        if running is None or before is None or not tokens:
            return None
        after = leader_of(tokens, before)
        if after is None or after == before:
            return None
        return Flip(running, before, after, self._sides(self.rankings.so_far, tokens, after, before))
