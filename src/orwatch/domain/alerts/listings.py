"""Alerts about what is listed: `new-model` and `expiring`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Annotated

from orwatch.domain.alerts.alert import Alert, Severity, Value, day_alert
from orwatch.domain.alerts.rule import ListedRule, Observed, Scope
from orwatch.domain.names import variant_of, vendor_of
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import NAMED_ROWS
from orwatch.domain.setting import setting
from orwatch.domain.vendors import is_cloaked


class NewModel(ListedRule, frozen=True):
    """A model is listed for the first time after the cache's first catalogue, or a cloaked one is ranked for the first time.

    What has just been listed is not ranked yet: all are told, as notes.
    """

    scope: Scope = "all"

    def find(self, observed: Observed) -> Iterator[Alert]:
        """Those of the catalogue, then the cloaked ones, which no catalogue lists: variants, aliases and routers are no new models.

        A first day after a gap, or after a day that names fewer rows than it should, is none.
        """
        catalogue = observed.catalogue
        told: set[str] = set()
        for id_ in sorted(catalogue.sightings, key=lambda id_: (variant_of(id_) != "", id_)):
            model, vendor = catalogue.models.get(id_), vendor_of(id_)
            if model is None or id_.startswith("~") or (model.pricing.prompt or 0) < 0 or is_cloaked(vendor):
                continue
            slug, begins = model.canonical_slug, catalogue.begins
            first = catalogue.models_begin[slug]
            if begins is None or first <= begins or slug in told:
                continue
            told.add(slug)
            values: dict[str, Value] = {
                "model": slug,
                "vendor": vendor,
                "country": observed.country_of(vendor),
                "cloaked": False,
            }
            yield day_alert("new-model", Severity.NOTE, id_, first, values)
        for seen in observed.cloaked:
            period = Period(Grain.DAY, seen.day)
            if seen.named_before < NAMED_ROWS or not period.settled_by(seen.as_of):
                continue
            values = {
                "model": seen.permaslug,
                "vendor": vendor_of(seen.permaslug),
                "country": None,
                "cloaked": True,
                "tokens": seen.tokens,
            }
            yield Alert("new-model", Severity.NOTE, "model", seen.permaslug, period, values)


class Expiring(ListedRule, frozen=True):
    """The announced end of a model is, or has come, within so many days. Another end than before is another alert."""

    days: Annotated[int, setting("How long before a model is taken off.", "days", ge=1, le=366)] = 14

    def find(self, observed: Observed) -> Iterator[Alert]:
        notice = timedelta(days=self.days)
        for id_, model in observed.catalogue.models.items():
            end, seen = model.expires, observed.catalogue.sightings.get(id_)
            if end is None or seen is None or id_.startswith("~") or end < seen.first_seen.date():
                continue
            if observed.today is None or end - notice > observed.today:
                continue
            known = max(datetime.combine(end - notice, time(), UTC), seen.first_seen)
            values: dict[str, Value] = {
                "model": observed.catalogue.permaslug(id_),
                "expires": end.isoformat(),
                "days": (end - known.date()).days,
            }
            day, mark = Period(Grain.DAY, end), str(self.days)
            yield Alert("expiring", Severity.NOTE, "model", id_, day, values, mark, known_at=known)
