"""`spend`: what a period's tokens cost."""

from __future__ import annotations

from orwatch.cli.session import Session
from orwatch.core.views.spend import spend as estimate
from orwatch.present.report import Report
from orwatch.present.tables.models import MODELS
from orwatch.present.tables.spend import SPEND, report


def spend(session: Session) -> Report:
    """What a period's tokens cost, estimated: by model, or by country."""
    countries = session.by("model", "country") == "country"
    snap = session.snapshot()
    found = estimate(session.market, session.query, today=session.given("today", False))
    if not countries:
        return report(session.view, snap, found, SPEND.ordered(session.select(found.rows, SPEND.asked)))
    kept = {row.country for row in session.select(snap.models, MODELS.asked)}
    return report(session.view, snap, found, [row for row in found.countries if row.key in kept], countries=True)
