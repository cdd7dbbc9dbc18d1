"""What alert rules look at, made of one record."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime

from orwatch.domain.alerts.rule import Freshness, Observed
from orwatch.domain.apps import AppRecord
from orwatch.domain.catalogue import CatalogueHistory
from orwatch.domain.leads import Leadership, Subject
from orwatch.domain.periods import Grain
from orwatch.domain.rankings import Lens, Rankings
from orwatch.domain.records import Basis, Record
from orwatch.domain.scores import Scores
from orwatch.domain.vendors import Attribution

COUNTRY_OF = Attribution().country


EMPTY_AT = datetime(2026, 6, 8, tzinfo=UTC)


def observed(
    rankings: Rankings | None = None,
    *,
    on_course: Collection[str] = (),
    freshness: Freshness | None = None,
    country_of: Callable[[str], str | None] = COUNTRY_OF,
    favourites: Collection[str] = (),
    ranked: Collection[str] | None = None,
    apps: AppRecord | None = None,
    scores: Sequence[Scores] = (),
) -> Observed:
    """One record as every rule sees it, whatever its grain and basis; nothing was seen of a catalogue.

    ranked: the models that are ranked at any time, None: all.
    """
    rows = rankings or Rankings(Record.build(Grain.WEEK, EMPTY_AT, [], []), Lens(Basis.CHART))
    return Observed(
        rankings=lambda rule: rows,
        leadership=lambda rule, subject: lead(rows, subject, country_of),
        versus=("CN", "US"),
        on_course=on_course,
        catalogue=CatalogueHistory({}, (), {}, None),
        ranked=lambda model, at: ranked is None or model in ranked,
        country_of=country_of,
        favourites=favourites,
        cloaked=(),
        apps=lambda: apps,
        scores=lambda: scores,
        today=None,
        freshness=freshness,
    )


def lead(rankings: Rankings, subject: Subject, country_of: Callable[[str], str | None] = COUNTRY_OF) -> Leadership:
    """Who led, of a subject."""
    return Leadership(rankings, subject, country_of)
