"""`apps` and `tasks`: who uses models, and what for."""

from __future__ import annotations

from orwatch.cli.session import Session
from orwatch.core.views import apps as views
from orwatch.core.views.tasks import tasks as shares
from orwatch.domain.names import near
from orwatch.errors import NoDataError, UsageError
from orwatch.present.report import Report
from orwatch.present.tables import apps as app_tables
from orwatch.present.tables import tasks as task_tables


def apps(session: Session) -> Report:
    """The public apps of the week that is asked for."""
    found, trending = views.apps(session.market, session.query), session.given("trending", False)
    rows, asked = session.select(found.rows, app_tables.APPS.asked), session.given("category")
    if asked is not None:
        known = views.categories(session.market)
        if asked not in known:
            raise UsageError(f"{asked!r} is no category of apps that the cache knows; {near(asked, known)}.")
        rows = [row for row in rows if row.app_id in known[asked]]
    ordered = app_tables.APPS.ordered(rows, "gain" if trending else None)
    return app_tables.report(session.view, found, ordered, category=asked, trending=trending)


def tasks(session: Session) -> Report:
    """The shares of tasks; with --period week those of programming, week by week."""
    found = shares(session.market, session.query)
    if session.given("view.period") is None:
        rows = session.select([*found.macros, *found.tasks], task_tables.TASKS.asked)
        return task_tables.report(session.view, found, rows)
    if not found.programming:
        raise NoDataError("The cache holds no week of programming yet: run `orwatch poll` with a key.")
    return task_tables.programming_report(session.view, found)
