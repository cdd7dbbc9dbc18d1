"""The alert rules: a field for each, whose type is its settings and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, Self

from msgspec import Struct
from msgspec.structs import replace

from orwatch.domain.alerts.apps import AppEntrant, AppFlip
from orwatch.domain.alerts.benchmarks import BenchmarkLeader
from orwatch.domain.alerts.crossings import RatioCrosses, ShareCrosses
from orwatch.domain.alerts.leads import LeadFlip, LeadStreak
from orwatch.domain.alerts.listings import Expiring, NewModel
from orwatch.domain.alerts.prices import Discount, Free, PriceChange, PriceCrosses
from orwatch.domain.alerts.ranks import NewEntrant, Plunge, RankJump, Surge
from orwatch.domain.alerts.rule import PeriodRule, Rule
from orwatch.domain.alerts.totals import GrowthStreak, Stale
from orwatch.domain.periods import Grain


class AlertRules(Struct, frozen=True, rename="kebab"):
    """Every rule with its settings; a rule's name is the field's with hyphens (`lead-flip`).

    also: where the user has several of one kind, those behind the first, each with the name of its kind.
    """

    lead_flip: LeadFlip = LeadFlip()
    streak: LeadStreak = LeadStreak()
    growth_streak: GrowthStreak = GrowthStreak()
    new_entrant: NewEntrant = NewEntrant()
    rank_jump: RankJump = RankJump()
    surge: Surge = Surge()
    plunge: Plunge = Plunge()
    share_crosses: ShareCrosses = ShareCrosses()
    ratio_crosses: RatioCrosses = RatioCrosses()
    price_change: PriceChange = PriceChange()
    price_crosses: PriceCrosses = PriceCrosses()
    discount: Discount = Discount()
    free: Free = Free()
    new_model: NewModel = NewModel()
    expiring: Expiring = Expiring()
    app_flip: AppFlip = AppFlip()
    app_entrant: AppEntrant = AppEntrant()
    benchmark_leader: BenchmarkLeader = BenchmarkLeader()
    stale: Stale = Stale()
    also: tuple[tuple[str, Rule], ...] = ()

    @property
    def first(self) -> dict[str, Rule]:
        """The first rule of each kind, by its name."""
        fields = zip(self.__struct_encode_fields__, self.__struct_fields__, strict=True)
        return {name: getattr(self, field) for name, field in fields if field != "also"}

    def items(self) -> Iterator[tuple[str, Rule]]:
        """Each rule with its name: the first of each kind, then the others."""
        return iter((*self.first.items(), *self.also))

    def at_grain(self, grain: Grain) -> Self:
        """The same rules, all of them about periods of this grain: what a view of days, say, shows."""
        return self._changed(lambda _, rule: replace(rule, grain=grain) if isinstance(rule, PeriodRule) else rule)

    def only(self, names: Iterable[str]) -> Self:
        """The rules of these names on, whatever the settings say, and all others off."""
        wanted = set(names)
        return self._changed(lambda name, rule: replace(rule, on=name in wanted))

    def _changed(self, change: Callable[[str, Rule], Rule]) -> Self:
        first = {name.replace("-", "_"): change(name, rule) for name, rule in self.first.items()}
        return replace(self, **first, also=tuple((name, change(name, rule)) for name, rule in self.also))


RULES: Final = tuple(AlertRules().first)
"""The names of the rules."""
