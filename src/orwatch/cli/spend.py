"""`spend`: what a period's tokens cost."""

from __future__ import annotations

from orwatch.cli.session import Session
from orwatch.core.views.spend import spend as estimate
from orwatch.core.views.spend import spend_by_period
from orwatch.present.report import Report
from orwatch.present.tables.models import MODELS
from orwatch.present.tables.spend import SPEND, period_report, report

PERIODS = 52
"""Periods that `--by period` looks back, at most."""


def spend(session: Session) -> Report:
    """What a period's tokens cost, estimated: by model, or by country."""
    by = session.given("by", "model")
    snap, today = session.snapshot(), session.given("today", False)
    if by == "period":
        count = session.limit or PERIODS
        return period_report(session.view, snap, spend_by_period(session.market, session.query, count, today=today))
    found = estimate(session.market, session.query, today=today)
    if by == "model":
        return report(session.view, snap, found, SPEND.ordered(session.select(found.rows, SPEND.asked)))
    kept = {row.country for row in session.select(snap.models, MODELS.asked)}
    return report(session.view, snap, found, [row for row in found.countries if row.key in kept], countries=True)
