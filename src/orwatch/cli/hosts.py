"""`hosts`: where models could be served from, and the seats that the user gives to hosts."""

from __future__ import annotations

from orwatch.cli.session import Session
from orwatch.config import SEATS, assign, config_path, unassign
from orwatch.core.views.hosts import host_map
from orwatch.errors import UsageError
from orwatch.present.report import Report
from orwatch.present.tables import serving
from orwatch.present.tables.models import MODELS


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
