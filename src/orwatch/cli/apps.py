"""`apps`: the public apps that use models, by week."""

from __future__ import annotations

from orwatch.cli.session import Session
from orwatch.core.views.apps import apps as found_apps
from orwatch.present.report import Report
from orwatch.present.tables.apps import APPS, report


def apps(session: Session) -> Report:
    """The apps of the week that is asked for."""
    found = found_apps(session.market, session.query)
    return report(session.view, found, APPS.ordered(session.select(found.rows, APPS.asked)))
