"""`apps`: the public apps that use models, by week."""

from __future__ import annotations

from orwatch.cli.session import Session
from orwatch.core.views.apps import apps as found_apps
from orwatch.domain.apps import AppCategory
from orwatch.domain.nearest import near
from orwatch.errors import NoDataError, UsageError
from orwatch.present.report import Report
from orwatch.present.tables.apps import APPS, report


def apps(session: Session) -> Report:
    """The apps of the week that is asked for."""
    found = found_apps(session.market, session.query)
    rows, asked = session.select(found.rows, APPS.asked), session.given("category")
    if asked is not None:
        ids = _category(session, asked)
        rows = [row for row in rows if row.figures.app_id in ids]
    return report(session.view, found, APPS.ordered(rows), category=asked)


def _category(session: Session, name: str) -> frozenset[int]:
    """The apps of a category or subcategory. UsageError for one that is not known, NoDataError where none is."""
    known = session.market.cache.snapshots.read_by(AppCategory)
    if not known:
        raise NoDataError("The cache holds no categories of apps yet: polls with a key bring six a day.")
    if name not in known:
        raise UsageError(f"{name!r} is no category of apps that the cache knows; {near(name, known)}.")
    return frozenset(known[name].app_ids)
