"""The settings of the alert rules, with their defaults. Shares, changes and bands are fractions: 0.5 is 50 %."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Self

from msgspec import Struct
from msgspec.structs import replace

from orwatch.domain.records import Basis, Grain

LENGTHS: Final = (4, 8, 13, 26, 52)
"""Lengths of a streak, in periods, that are told: of weeks a month, two, a quarter, half a year and a year."""


class Rule(Struct, frozen=True):
    """What every rule has.

    on: whether it fires. favourites_only: for favourites alone. only: subjects it is for, all where empty. muted: subjects
    it is not for. A subject is a permaslug, vendor, country, head to head (`CN:US`) or one of the kinds model, vendor, country,
    versus and total.
    """

    on: bool = True
    favourites_only: bool = False
    only: tuple[str, ...] = ()
    muted: tuple[str, ...] = ()


class PeriodRule(Rule, frozen=True):
    """A rule about periods. grain: their length; None: that of the view."""

    grain: Grain | None = Grain.WEEK


class BasisRule(PeriodRule, frozen=True):
    """A rule about the rows of a basis. basis: None: that of the view."""

    basis: Basis | None = None


class LeadFlip(BasisRule, frozen=True):
    """A lead changes hands. band: fraction of the old leader's tokens by which the new one must be ahead to come on course."""

    band: float = 0.02


class LeadStreak(BasisRule, frozen=True):
    """A lead reaches a length or ends. marks: lengths, in periods.

    ended: the shortest lead of a head to head whose end is told; of models, vendors and countries one that reached the first
    mark, since the flip tells the others.
    """

    marks: tuple[int, ...] = LENGTHS
    ended: int = 2


class GrowthStreak(PeriodRule, frozen=True):
    """The total grew in so many periods in a row, or stopped after it had reached the first mark."""

    marks: tuple[int, ...] = LENGTHS


class NewEntrant(BasisRule, frozen=True):
    """A model enters the largest. top: how many these are; never more than the basis has rows."""

    top: int = 10


class RankJump(BasisRule, frozen=True):
    """A model moves by so many places, up or down."""

    on: bool = False
    places: int = 5


class Move(BasisRule, frozen=True):
    """A model's tokens change by so large a fraction. share: of all tokens, in the larger of the two periods."""

    change: float = 0.5
    share: float = 0.005


class ShareCrosses(BasisRule, frozen=True):
    """A country's share of attributed tokens crosses a mark. band: how far past it the running period must be."""

    marks: tuple[float, ...] = (0.25, 0.5, 0.75)
    band: float = 0.01


class RatioCrosses(BasisRule, frozen=True):
    """The ratio of a head to head crosses a mark. band: fraction of the mark by which the running period must be past it."""

    marks: tuple[float, ...] = (2.0, 3.0, 5.0)
    band: float = 0.02


class PriceChange(Rule, frozen=True):
    """A price differs from the last one told. change: fraction. hours: how long the new price must have stood."""

    change: float = 0.07
    hours: float = 24.0


class Discount(Rule, frozen=True):
    """A discount begins, ends or changes. points: by how large a fraction of the list price. hours: it must have stood."""

    points: float = 0.05
    hours: float = 24.0


class Free(Rule, frozen=True):
    """A model starts or ends being free. hours: how long that must have stood."""

    hours: float = 24.0


class NewModel(Rule, frozen=True):
    """A model is listed for the first time, or a cloaked one is ranked for the first time."""


class Expiring(Rule, frozen=True):
    """A model is about to be taken off. days: how long before."""

    days: int = 14


class Stale(Rule, frozen=True):
    """No fresh data. hours: since a poll last succeeded. source_hours: since the newest figures of a source that answers."""

    hours: float = 6.0
    source_hours: float = 48.0


class AlertRules(Struct, frozen=True):
    """Every rule with its settings; a rule's name is the field's with hyphens (`lead-flip`)."""

    lead_flip: LeadFlip = LeadFlip()
    streak: LeadStreak = LeadStreak()
    growth_streak: GrowthStreak = GrowthStreak()
    new_entrant: NewEntrant = NewEntrant()
    rank_jump: RankJump = RankJump()
    surge: Move = Move()
    plunge: Move = Move()
    share_crosses: ShareCrosses = ShareCrosses()
    ratio_crosses: RatioCrosses = RatioCrosses()
    price_change: PriceChange = PriceChange()
    discount: Discount = Discount()
    free: Free = Free()
    new_model: NewModel = NewModel()
    expiring: Expiring = Expiring()
    stale: Stale = Stale()

    def named(self, name: str) -> Rule:
        """The settings of a rule by its name."""
        rule: Rule = getattr(self, name.replace("-", "_"))
        return rule

    def at_grain(self, grain: Grain) -> Self:
        """The same rules, all of them about periods of this grain: what a view of days, say, shows."""
        moved: dict[str, Any] = {}
        for field in self.__struct_fields__:
            rule = getattr(self, field)
            if isinstance(rule, PeriodRule):
                moved[field] = replace(rule, grain=grain)
        return replace(self, **moved)

    def only(self, names: Iterable[str]) -> Self:
        """These rules on, whatever the settings say, and all others off."""
        wanted = set(names)
        switched: dict[str, Any] = {
            field: replace(getattr(self, field), on=rule_name(field) in wanted) for field in self.__struct_fields__
        }
        return replace(self, **switched)


def rule_name(field: str) -> str:
    """`lead-flip` for the field `lead_flip`."""
    return field.replace("_", "-")


RULES: Final = tuple(rule_name(f) for f in AlertRules.__struct_fields__)
"""The names of the rules."""
