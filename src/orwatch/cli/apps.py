"""`apps`: the public apps that use models, by week."""

from __future__ import annotations

from orwatch.cli.session import Session
from orwatch.core.views.apps import apps as found_apps
from orwatch.core.views.apps import categories
from orwatch.domain.names import near
from orwatch.errors import UsageError
from orwatch.present.report import Report
from orwatch.present.tables.apps import APPS, report


def apps(session: Session) -> Report:
    """The apps of the week that is asked for."""
    found, trending = found_apps(session.market, session.query), session.given("trending", False)
    rows, asked = session.select(found.rows, APPS.asked), session.given("category")
    if asked is not None:
        known = categories(session.market)
        if asked not in known:
            raise UsageError(f"{asked!r} is no category of apps that the cache knows; {near(asked, known)}.")
        rows = [row for row in rows if row.figures.app_id in known[asked]]
    ordered = APPS.ordered(rows, "gain" if trending else None)
    return report(session.view, found, ordered, category=asked, trending=trending)
