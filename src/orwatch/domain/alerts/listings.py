"""Alerts about what is listed: `new-model` and `expiring`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from msgspec import Meta

from orwatch.domain.alerts.catalogue_history import CatalogueHistory, FirstDay
from orwatch.domain.alerts.records import Alert, Severity, Standing, Value, day_alert
from orwatch.domain.alerts.rule import Observed, Rule
from orwatch.domain.leads import CountryOf
from orwatch.domain.names import variant_of
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import NAMED_ROWS
from orwatch.domain.vendors import is_cloaked


class NewModel(Rule, frozen=True):
    """`new-model`: a model is listed for the first time, or a cloaked one is ranked for the first time."""

    def find(self, observed: Observed) -> Iterable[Alert]:
        """Every new model."""
        yield from new_alerts(observed.catalogue, observed.country_of)
        yield from cloaked_alerts(observed.cloaked_first_days())


class Expiring(Rule, frozen=True):
    """`expiring`: a model is about to be taken off."""

    days: Annotated[
        int,
        Meta(description="How long before a model is taken off.", ge=1, le=366, extra={"accepts": "days"}),
    ] = 14

    def find(self, observed: Observed) -> Iterable[Alert]:
        """Every model whose end is near."""
        return [] if observed.today is None else expiring_alerts(observed.catalogue, self, observed.today)


def new_alerts(catalogue: CatalogueHistory, country_of: CountryOf) -> list[Alert]:
    """Every model that was listed after the cache's first catalogue, by time. Variants, aliases and routers are no new models.

    Nor is a cloaked one here: it is new on the first day that ranks it.
    """
    alerts: dict[str, Alert] = {}
    for id_ in sorted(catalogue.sightings, key=lambda id_: (variant_of(id_) != "", id_)):
        model = catalogue.models.get(id_)
        if model is None or id_.startswith("~") or (model.pricing.prompt or 0) < 0:
            continue
        if catalogue.begins is None or catalogue.models_begin[model.canonical_slug] <= catalogue.begins:
            continue
        vendor = id_.partition("/")[0]
        if is_cloaked(vendor):
            continue  # told by `cloaked_alerts`, once
        values: dict[str, Value] = {
            "model": model.canonical_slug,
            "vendor": vendor,
            "country": country_of(vendor),
            "cloaked": False,
        }
        alert = day_alert("new-model", Severity.NOTE, id_, catalogue.models_begin[model.canonical_slug], values)
        alerts.setdefault(model.canonical_slug, alert)
    return sorted(alerts.values(), key=lambda alert: (alert.dated, alert.id))


def cloaked_alerts(firsts: Iterable[FirstDay]) -> list[Alert]:
    """Every cloaked model on the first complete day that ranks it, oldest first: no catalogue lists these.

    A first day after a gap, or after a day that names fewer rows than it should, is none.
    """
    alerts = []
    for first in firsts:
        period = Period(Grain.DAY, first.day)
        if not is_cloaked(first.permaslug) or first.named_before < NAMED_ROWS or not period.settled_by(first.as_of):
            continue
        values: dict[str, Value] = {
            "model": first.permaslug,
            "vendor": first.permaslug.partition("/")[0],
            "country": None,
            "cloaked": True,
            "tokens": first.tokens,
        }
        state = Standing.CONFIRMED
        alerts.append(Alert("new-model", Severity.NOTE, "model", first.permaslug, None, period, state, values))
    return sorted(alerts, key=lambda alert: (alert.period, alert.id))


def expiring_alerts(catalogue: CatalogueHistory, rule: Expiring, today: date) -> list[Alert]:
    """Every model whose announced end is, or has come, within the rule's days of `today`, by that end.

    Another end than before is another alert.
    """
    alerts = []
    for id_, model in catalogue.models.items():
        end, seen = model.expires, catalogue.sightings.get(id_)
        if end is None or seen is None or id_.startswith("~") or end - timedelta(days=rule.days) > today:
            continue
        if end < seen.first_seen.date():
            continue
        known = max(datetime.combine(end - timedelta(days=rule.days), time(), UTC), seen.first_seen)
        values: dict[str, Value] = {
            "model": catalogue.permaslug(id_),
            "expires": end.isoformat(),
            "days": (end - known.date()).days,
        }
        day, state = Period(Grain.DAY, end), Standing.CONFIRMED
        alerts.append(
            Alert("expiring", Severity.NOTE, "model", id_, None, day, state, values, str(rule.days), known_at=known)
        )
    return sorted(alerts, key=lambda alert: (alert.period, alert.id))
