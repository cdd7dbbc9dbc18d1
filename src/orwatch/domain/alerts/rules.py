"""The settings of the alert rules. Shares, changes and bands are fractions: 0.5 is 50 %.

What a setting does and takes stands beside it. The configuration is made from that: its settings are `alerts.RULE.NAME`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Final, Self

from msgspec import Meta, Struct, field
from msgspec.structs import replace

from orwatch.domain.records import Basis, Grain
from orwatch.domain.settings import setting

LENGTHS: Final = (4, 8, 13, 26, 52)
"""Lengths of a streak, in periods, that are told: of weeks a month, two, a quarter, half a year and a year."""

FRACTION: Final = "a fraction from 0 to 1"
Fraction = Annotated[float, Meta(ge=0, le=1, extra={"accepts": FRACTION})]
Hours = Annotated[float, Meta(ge=0, extra={"accepts": "hours"})]
Lengths = Annotated[tuple[Annotated[int, Meta(ge=2, le=999)], ...], Meta(extra={"accepts": "a list of periods"})]
On = Annotated[bool, setting("Whether the rule fires.")]
Subjects = Annotated[tuple[str, ...], Meta(extra={"accepts": 'a list such as ["deepseek", "CN", "CN:US", "model"]'})]


class Rule(Struct, frozen=True):
    """What every rule has. A subject is a permaslug, vendor, country, head to head (`CN:US`) or one of the kinds model, vendor,
    country, versus and total."""

    on: On = True
    favourites_only: Annotated[bool, setting("Whether it fires for view.favourites alone.")] = False
    only: Annotated[
        Subjects,
        setting("The models, vendors, countries, head to heads or kinds of these that it fires for; empty: all."),
    ] = ()
    muted: Annotated[Subjects, setting("Those that it never fires for.")] = field(default=(), name="not")


class PeriodRule(Rule, frozen=True):
    """A rule about periods. grain: None: that of the view."""

    grain: Annotated[Grain | None, setting("The length of its periods.", unset="view")] = Grain.WEEK


class BasisRule(PeriodRule, frozen=True):
    """A rule about the rows of a basis. basis: None: that of the view."""

    basis: Annotated[Basis | None, setting("The rows that count; view: as view.basis says.", unset="view")] = None


class LeadFlip(BasisRule, frozen=True):
    """A lead changes hands."""

    band: Annotated[
        Fraction,
        setting(
            "How far ahead, of the old leader's tokens, a new one must be over the running period's complete days to come on"
            " course; it stays so until it is behind."
        ),
    ] = 0.02


class LeadStreak(BasisRule, frozen=True):
    """A lead reaches a length or ends. The end of a shorter one is told by the flip where it is no head to head."""

    marks: Annotated[Lengths, setting("The lengths of a lead that are told.")] = LENGTHS
    ended: Annotated[
        int,
        setting(
            "The shortest lead of a head to head whose end is told; of models, vendors and countries it is the first mark.",
            "periods",
            ge=1,
            le=999,
        ),
    ] = 2


class GrowthStreak(PeriodRule, frozen=True):
    """The total grew in so many periods in a row, or stopped after it had reached the first mark."""

    marks: Annotated[Lengths, setting("The lengths of a growth of all tokens that are told.")] = LENGTHS


class NewEntrant(BasisRule, frozen=True):
    """A model enters the largest."""

    top: Annotated[
        int,
        setting("How many models are the largest; at most the rows of the basis.", "a number of models", ge=1, le=50),
    ] = 10


class RankJump(BasisRule, frozen=True):
    """A model moves by so many places, up or down."""

    on: On = False
    places: Annotated[int, setting("The smallest move, up or down.", "a number of places", ge=1, le=49)] = 5


class Surge(BasisRule, frozen=True):
    """A model's tokens grow by so large a fraction."""

    change: Annotated[
        float,
        setting(
            "The smallest growth on the period before.", "a fraction from 0.01 to 20 (0.5 is 50 %)", ge=0.01, le=20
        ),
    ] = 0.5
    share: Annotated[Fraction, setting("The smallest share of all tokens, in this period.")] = 0.005


class Plunge(BasisRule, frozen=True):
    """A model's tokens shrink by so large a fraction."""

    change: Annotated[float, setting("The smallest loss on the period before.", FRACTION, ge=0.01, le=1)] = 0.5
    share: Annotated[Fraction, setting("The smallest share of all tokens, in the period before.")] = 0.005


class ShareCrosses(BasisRule, frozen=True):
    """A country's share of attributed tokens crosses a mark."""

    marks: Annotated[
        tuple[Annotated[float, Meta(ge=0.01, le=1)], ...],
        setting("Shares of attributed tokens whose crossing is told.", "a list of fractions"),
    ] = (0.25, 0.5, 0.75)
    band: Annotated[
        Fraction, setting("How far past a mark the running period's complete days must be to come on course.")
    ] = 0.01


class RatioCrosses(BasisRule, frozen=True):
    """The ratio of a head to head crosses a mark."""

    marks: Annotated[
        tuple[Annotated[float, Meta(ge=1)], ...],
        setting("Ratios of the head to head, to 1, whose crossing is told.", "a list of ratios"),
    ] = (2.0, 3.0, 5.0)
    band: Annotated[
        Fraction,
        setting("How far past a mark, of the mark, the running period's complete days must be to come on course."),
    ] = 0.02


class PriceChange(Rule, frozen=True):
    """A price differs from the last one told."""

    change: Annotated[Fraction, setting("The smallest difference from the price told last.")] = 0.07
    hours: Annotated[Hours, setting("How long a new price must have stood.")] = 24.0


class Discount(Rule, frozen=True):
    """A discount begins, ends or changes."""

    points: Annotated[Fraction, setting("The smallest change of a discount, of the list price.")] = 0.05
    hours: Annotated[Hours, setting("How long a new discount must have stood.")] = 24.0


class Free(Rule, frozen=True):
    """A model starts or ends being free."""

    hours: Annotated[Hours, setting("How long the change must have stood.")] = 24.0


class NewModel(Rule, frozen=True):
    """A model is listed for the first time, or a cloaked one is ranked for the first time."""


class Expiring(Rule, frozen=True):
    """A model is about to be taken off."""

    days: Annotated[int, setting("How long before a model is taken off.", "days", ge=1, le=366)] = 14


class Stale(Rule, frozen=True):
    """No fresh data: no poll succeeded, or a source that answers has nothing newer."""

    hours: Annotated[float, setting("How long no poll may have succeeded.", "hours", ge=0.1)] = 6.0
    source_hours: Annotated[
        float, setting("How old the newest figures of a source that answers may be.", "hours", ge=1)
    ] = 48.0


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

    def named(self, name: str) -> Rule:
        """The settings of a rule by its name."""
        rule: Rule = getattr(self, name.replace("-", "_"))
        return rule

    def at_grain(self, grain: Grain) -> Self:
        """The same rules, all of them about periods of this grain: what a view of days, say, shows."""
        moved: dict[str, Any] = {}
        for name in self.__struct_fields__:
            rule = self.named(name)
            if isinstance(rule, PeriodRule):
                moved[name] = replace(rule, grain=grain)
        return replace(self, **moved)

    def only(self, names: Iterable[str]) -> Self:
        """These rules on, whatever the settings say, and all others off."""
        wanted = set(names)
        switched: dict[str, Any] = {
            name: replace(self.named(name), on=rule in wanted)
            for name, rule in zip(self.__struct_fields__, self.__struct_encode_fields__, strict=True)
        }
        return replace(self, **switched)


RULES: Final = AlertRules.__struct_encode_fields__
"""The names of the rules."""
