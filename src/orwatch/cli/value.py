"""`value`: quality beside price."""

from __future__ import annotations

from orwatch.cli.habit import asked_habit, check_harness
from orwatch.cli.session import Session
from orwatch.core.views.value import value_list
from orwatch.domain.habit import SessionHabit
from orwatch.present.report import Report
from orwatch.present.tables.value import VALUE, report


def value(session: Session) -> Report:
    """Models by a score beside their prices."""
    habit = asked_habit(session)
    session.check_prices()
    market = session.market
    cell = habit if isinstance(habit, SessionHabit) else None
    found = value_list(market, session.query, session.given("score"), session.given("task"), cell)
    check_harness(session)
    session.check_filter()
    rows = session.select(found.rows, VALUE.asked)
    return report(session.view, found, rows, market.more)
