"""The alert rules: a field for each, whose type is its settings and what it finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, Self

from msgspec import Struct
from msgspec.structs import replace

from orwatch.domain.alerts.crossings import RatioCrosses, ShareCrosses
from orwatch.domain.alerts.freshness import Stale
from orwatch.domain.alerts.growth import GrowthStreak
from orwatch.domain.alerts.leads import LeadFlip, LeadStreak
from orwatch.domain.alerts.listings import Expiring, NewModel
from orwatch.domain.alerts.moves import Plunge, Surge
from orwatch.domain.alerts.prices import Discount, Free, PriceChange
from orwatch.domain.alerts.ranks import NewEntrant, RankJump
from orwatch.domain.alerts.rule import PeriodRule, Rule
from orwatch.domain.periods import Grain


class AlertRules(Struct, frozen=True, rename="kebab"):
    """Every rule with its settings; a rule's name is the field's with hyphens (`lead-flip`)."""

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
    discount: Discount = Discount()
    free: Free = Free()
    new_model: NewModel = NewModel()
    expiring: Expiring = Expiring()
    stale: Stale = Stale()

    def items(self) -> Iterator[tuple[str, Rule]]:
        """Each rule by its name."""
        names = zip(self.__struct_encode_fields__, self.__struct_fields__, strict=True)
        return ((name, getattr(self, field)) for name, field in names)

    def at_grain(self, grain: Grain) -> Self:
        """The same rules, all of them about periods of this grain: what a view of days, say, shows."""
        return self._changed(
            {name: replace(rule, grain=grain) for name, rule in self.items() if isinstance(rule, PeriodRule)}
        )

    def only(self, names: Iterable[str]) -> Self:
        """These rules on, whatever the settings say, and all others off."""
        wanted = set(names)
        return self._changed({name: replace(rule, on=name in wanted) for name, rule in self.items()})

    def _changed(self, rules: dict[str, Any]) -> Self:
        return replace(self, **{name.replace("-", "_"): rule for name, rule in rules.items()})


RULES: Final = AlertRules.__struct_encode_fields__
"""The names of the rules."""
