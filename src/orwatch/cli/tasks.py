"""`tasks`: what models are used for, and the share of programming by week."""

from __future__ import annotations

from orwatch.cli.session import Session
from orwatch.core.views.tasks import tasks as found_tasks
from orwatch.errors import NoDataError
from orwatch.present.report import Report
from orwatch.present.tables.tasks import TASKS, programming_report, report


def tasks(session: Session) -> Report:
    """The shares of tasks; with --period week those of programming, week by week."""
    found = found_tasks(session.market, session.query)
    if session.given("view.period") is None:
        return report(session.view, found, session.select([*found.macros, *found.tasks], TASKS.asked))
    if not found.programming:
        raise NoDataError("The cache holds no week of programming yet: run `orwatch poll` with a key.")
    return programming_report(session.view, found)
