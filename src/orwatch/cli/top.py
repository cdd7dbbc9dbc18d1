"""`top`: the models of a period."""

from __future__ import annotations

from orwatch.cli.session import Session
from orwatch.present.report import Report
from orwatch.present.tables.models import MODELS, report


def top(session: Session) -> Report:
    columns = session.columns(MODELS)
    snap = session.snapshot()
    shown = session.select(snap.models, MODELS.asked)
    return report(session.view, snap, MODELS.ordered(shown), columns)
