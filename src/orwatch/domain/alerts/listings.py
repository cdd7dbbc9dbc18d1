"""Alerts about what is listed: `new-model` and `expiring`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from msgspec import Struct

from orwatch.domain.alerts.book import Book
from orwatch.domain.alerts.records import Alert, Severity, Standing, Value, day_alert
from orwatch.domain.alerts.rules import Expiring
from orwatch.domain.leads import CountryOf
from orwatch.domain.names import variant_of
from orwatch.domain.periods import NAMED_ROWS
from orwatch.domain.records import Grain, Period
from orwatch.domain.vendors import is_cloaked


def new_alerts(book: Book, country_of: CountryOf) -> list[Alert]:
    """Every model that was listed after the cache's first catalogue, by time. Variants, aliases and routers are no new models.

    Nor is a cloaked one here: it is new on the first day that ranks it.
    """
    alerts: dict[str, Alert] = {}
    for id_ in sorted(book.sightings, key=lambda id_: (variant_of(id_) != "", id_)):
        model = book.models.get(id_)
        if model is None or id_.startswith("~") or (model.pricing.prompt or 0) < 0:
            continue
        if book.begins is None or book.models_begin[model.canonical_slug] <= book.begins:
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
        alert = day_alert("new-model", Severity.NOTE, id_, book.models_begin[model.canonical_slug], values)
        alerts.setdefault(model.canonical_slug, alert)
    return sorted(alerts.values(), key=lambda alert: (alert.dated, alert.id))


class FirstDay(Struct, frozen=True):
    """The first day of the record that ranks a model. tokens: its own then. as_of: when the source took that day's figures.
    named_before: rows that the day before names, 0 where the record lacks it.
    """

    permaslug: str
    day: date
    tokens: int
    as_of: datetime
    named_before: int


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


def expiring_alerts(book: Book, rule: Expiring, today: date) -> list[Alert]:
    """Every model whose announced end is, or has come, within the rule's days of `today`, by that end.

    Another end than before is another alert.
    """
    alerts = []
    for id_, model in book.models.items():
        end, seen = model.expires, book.sightings.get(id_)
        if end is None or seen is None or id_.startswith("~") or end - timedelta(days=rule.days) > today:
            continue
        if end < seen.first_seen.date():
            continue
        known = max(datetime.combine(end - timedelta(days=rule.days), time(), UTC), seen.first_seen)
        values: dict[str, Value] = {
            "model": book.permaslug(id_),
            "expires": end.isoformat(),
            "days": (end - known.date()).days,
        }
        day, state = Period(Grain.DAY, end), Standing.CONFIRMED
        alerts.append(
            Alert("expiring", Severity.NOTE, "model", id_, None, day, state, values, str(rule.days), known_at=known)
        )
    return sorted(alerts, key=lambda alert: (alert.period, alert.id))
