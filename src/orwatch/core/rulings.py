"""Each alert rule applied to a market."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct
from msgspec.structs import replace

from orwatch.core.market import Market
from orwatch.domain.alerts import crossings, growth, leads, listings, moves, prices, ranks
from orwatch.domain.alerts.records import Alert
from orwatch.domain.alerts.rules import AlertRules, BasisRule, PeriodRule
from orwatch.domain.leads import Kind, Leadership, Subject
from orwatch.domain.rankings import Lens, Rankings
from orwatch.domain.records import Grain
from orwatch.domain.vendors import NEVER_ATTRIBUTED


class Judging(Struct, frozen=True):
    """The rules at work on a market: every alert that each of them finds."""

    market: Market
    rules: AlertRules
    lens: Lens
    grain: Grain
    versus: tuple[str, str]

    def alerts(self, course: Collection[str]) -> Iterator[Alert]:
        """All of them, rule by rule."""
        if self.market.cache.newest_as_of() is not None:
            yield from self._of_leads(course)
            yield from self._of_ranks()
        yield from self._of_catalogue()

    def _rankings(self, rule: PeriodRule) -> Rankings:
        return self.market.rankings(rule.grain or self.grain, self._lens(rule))

    def _lens(self, rule: PeriodRule) -> Lens:
        basis = rule.basis if isinstance(rule, BasisRule) else None
        return replace(self.lens, basis=basis) if basis else self.lens

    def _leadership(self, rule: BasisRule, subject: Subject) -> Leadership:
        return self.market.leadership(rule.grain or self.grain, self._lens(rule), subject)

    def _of_leads(self, course: Collection[str]) -> Iterator[Alert]:
        rules, pair = self.rules, Subject.versus(*self.versus)
        for subject in (pair, *map(Subject, (Kind.MODEL, Kind.COUNTRY, Kind.VENDOR))):
            if rules.lead_flip.on:
                yield from leads.flip_alerts(self._leadership(rules.lead_flip, subject), rules.lead_flip, course)
            if rules.streak.on:
                yield from leads.streak_alerts(self._leadership(rules.streak, subject), rules.streak)
        if rules.share_crosses.on:
            countries = self._leadership(rules.share_crosses, Subject(Kind.COUNTRY))
            yield from crossings.share_alerts(countries, rules.share_crosses, course)
        if rules.ratio_crosses.on:
            yield from crossings.ratio_alerts(self._leadership(rules.ratio_crosses, pair), rules.ratio_crosses, course)

    def _of_ranks(self) -> Iterator[Alert]:
        rules = self.rules
        if rules.growth_streak.on:
            yield from growth.growth_alerts(self._rankings(rules.growth_streak).record, rules.growth_streak)
        if rules.new_entrant.on:
            yield from ranks.entrant_alerts(self._rankings(rules.new_entrant), rules.new_entrant)
        if rules.rank_jump.on:
            yield from ranks.jump_alerts(self._rankings(rules.rank_jump), rules.rank_jump)
        for rule, up in ((rules.surge, True), (rules.plunge, False)):
            if rule.on:
                yield from moves.move_alerts(self._rankings(rule), rule, up=up)

    def _of_catalogue(self) -> Iterator[Alert]:
        rules, book = self.rules, self.market.book
        if rules.price_change.on:
            yield from prices.price_alerts(book, rules.price_change)
        if rules.discount.on:
            yield from prices.discount_alerts(book, rules.discount)
        if rules.free.on:
            yield from prices.free_alerts(book, rules.free)
        if rules.new_model.on:
            yield from listings.new_alerts(book, self.market.attribution.country)
            yield from listings.cloaked_alerts(self.market.cache.first_days(NEVER_ATTRIBUTED))
        if rules.expiring.on:
            now = self.market.cache.newest_as_of() or book.seen_at
            if now is not None:
                yield from listings.expiring_alerts(book, rules.expiring, now.date())
