"""`apps`, `tasks`, `value`, `hosts` and `spend`: what stands beside the rankings."""

from __future__ import annotations

from orwatch.cli.prices import asked_habit, check_harness
from orwatch.cli.session import Session
from orwatch.config import SEATS, assign, config_path, unassign
from orwatch.core.views import apps as app_views
from orwatch.core.views import spend as estimates
from orwatch.core.views.hosts import host_map
from orwatch.core.views.tasks import tasks as task_shares
from orwatch.core.views.value import value_list
from orwatch.domain.habit import SessionHabit
from orwatch.domain.names import near
from orwatch.errors import NoDataError, UsageError
from orwatch.present.report import Report
from orwatch.present.tables import apps as app_tables
from orwatch.present.tables import serving
from orwatch.present.tables import spend as spend_tables
from orwatch.present.tables import tasks as task_tables
from orwatch.present.tables import value as value_tables
from orwatch.present.tables.models import MODELS

PERIODS = 52
"""Periods that `spend --by period` looks back, at most."""


def apps(session: Session) -> Report:
    """The public apps of the week that is asked for."""
    found, trending = app_views.apps(session.market, session.query), session.given("trending", False)
    rows, asked = session.select(found.rows, app_tables.APPS.asked), session.given("category")
    if asked is not None:
        known = app_views.categories(session.market)
        if asked not in known:
            raise UsageError(f"{asked!r} is no category of apps that the cache knows; {near(asked, known)}.")
        rows = [row for row in rows if row.app_id in known[asked]]
    ordered = app_tables.APPS.ordered(rows, "gain" if trending else None)
    return app_tables.report(session.view, found, ordered, category=asked, trending=trending)


def tasks(session: Session) -> Report:
    """The shares of tasks; with --period week those of programming, week by week."""
    found = task_shares(session.market, session.query)
    if session.given("view.period") is None:
        rows = session.select([*found.macros, *found.tasks], task_tables.TASKS.asked)
        return task_tables.report(session.view, found, rows)
    if not found.programming:
        raise NoDataError("The cache holds no week of programming yet: run `orwatch poll` with a key.")
    return task_tables.programming_report(session.view, found)


def value(session: Session) -> Report:
    """Models by a score beside their prices."""
    habit = asked_habit(session)
    session.check_prices()
    market = session.market
    cell = habit if isinstance(habit, SessionHabit) else None
    found = value_list(market, session.query, session.given("score"), session.given("task"), cell)
    check_harness(session)
    session.check_filter()
    rows = session.select(found.rows, value_tables.VALUE.asked)
    return value_tables.report(session.view, found, rows, market.more)


def hosts(session: Session) -> Report:
    """Made in × could be served from; by seat, by host, or by model."""
    by = session.given("by", "country")
    snap = session.snapshot()
    found = host_map(session.market, snap)
    if by == "host":
        rows = session.select(found.hosts, serving.SERVERS.asked)
        return serving.report(session.view, snap, found, serving.SERVERS, rows)
    if by == "seat":
        return serving.report(session.view, snap, found, serving.SEATS, found.seats)
    if by == "model":
        kept = session.select(found.models, serving.STAYING.asked)
        return serving.report(session.view, snap, found, serving.STAYING, kept, filtered=bool(session.filter))
    shown = {row.country for row in session.select(snap.models, MODELS.asked)}
    every = () if session.filter else ("all", "other")
    made = [row for row in found.made if row.key in shown or row.key in every]
    return serving.report(session.view, snap, found, serving.MADE, made, filtered=bool(session.filter))


def hosts_assign(session: Session) -> str:
    """Writes a seat of the user's own to config.toml."""
    path = config_path(session.env)
    host, seat = assign(path, SEATS, " ".join(session.given("host")), session.given("country_code"))
    return f"{host} has its seat in {seat} from now on; written to {path}."


def hosts_unassign(session: Session) -> str:
    """Takes it out again."""
    path, host = config_path(session.env), " ".join(session.given("host"))
    if not unassign(path, SEATS, host):
        raise UsageError(f"{host!r} has no seat of your own in {path}.")
    return f"{host} has the seat that it states again; written to {path}."


def spend(session: Session) -> Report:
    """What a period's tokens cost, estimated: by model, by country, or period by period."""
    by = session.given("by", "model")
    snap, today = session.snapshot(), session.given("today", False)
    if by == "period":
        count = session.limit or PERIODS
        rows = estimates.spend_by_period(session.market, session.query, count, today=today)
        return spend_tables.period_report(session.view, snap, rows)
    found = estimates.spend(session.market, session.query, today=today)
    if by == "model":
        kept = spend_tables.SPEND.ordered(session.select(found.rows, spend_tables.SPEND.asked))
        return spend_tables.report(session.view, snap, found, kept)
    there = {row.country for row in session.select(snap.models, MODELS.asked)}
    countries = [row for row in found.countries if row.key in there]
    return spend_tables.report(session.view, snap, found, countries, countries=True)
