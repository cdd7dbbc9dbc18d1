"""`prices`, `value`, `hosts`, `habit`, `mix` and `spend`: what models cost, what they are worth, and where they are served from."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from orwatch.cli.session import Session
from orwatch.config import SEATS, assign, config_path, unassign
from orwatch.core.views import spend as estimates
from orwatch.core.views.habit import habit_costs
from orwatch.core.views.habit import mix as mixed
from orwatch.core.views.hosts import host_map
from orwatch.core.views.prices import base_of, price_list
from orwatch.core.views.value import check_sessions, value_list
from orwatch.domain.habit import PARTS, Habit, HabitError, SessionHabit, amount, percent, read_habit
from orwatch.errors import KeyMissingError, NoDataError, UsageError
from orwatch.present.formats import part
from orwatch.present.report import Report
from orwatch.present.tables import habit as habit_tables
from orwatch.present.tables import hosts as host_tables
from orwatch.present.tables import prices as price_tables
from orwatch.present.tables import spend as spend_tables
from orwatch.present.tables import value as value_tables
from orwatch.present.tables.models import MODELS

PERIODS = 52
"""Periods that `spend --by period` looks back, at most."""


def prices(session: Session) -> Report:
    """What a million tokens costs: ranked models first, in the order of the period, then the rest of the catalogue."""
    columns = session.columns(price_tables.PRICES)
    market, query = session.market, session.query
    session.check_prices()
    found = price_list(market, query)
    assert found.seen_at is not None
    session.check_filter()
    if query.baseline is not None:
        base_of(market, query.baseline)
    shown = price_tables.PRICES.ordered(session.select(found.rows, price_tables.PRICES.asked))
    then, gap = found.until is not None, found.gaps
    return price_tables.report(session.view, found.seen_at, shown, found.baseline, gap, then=then, columns=columns)


def value(session: Session) -> Report:
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
        rows = session.select(found.hosts, host_tables.SERVERS.asked)
        return host_tables.report(session.view, snap, found, host_tables.SERVERS, rows)
    if by == "seat":
        return host_tables.report(session.view, snap, found, host_tables.SEATS, found.seats)
    if by == "model":
        kept = session.select(found.models, host_tables.STAYING.asked)
        return host_tables.report(session.view, snap, found, host_tables.STAYING, kept, filtered=bool(session.filter))
    shown = {row.country for row in session.select(snap.models, MODELS.asked)}
    shown |= set() if session.filter else {"all", "other"}
    made = [row for row in found.made if row.key in shown]
    return host_tables.report(session.view, snap, found, host_tables.MADE, made, filtered=bool(session.filter))


def hosts_assign(session: Session) -> str:
    path = config_path(session.env)
    host, seat = assign(path, SEATS, " ".join(session.given("host")), session.given("country_code"))
    return f"{host} has its seat in {seat} from now on; written to {path}."


def hosts_unassign(session: Session) -> str:
    path, host = config_path(session.env), " ".join(session.given("host"))
    if not unassign(path, SEATS, host):
        raise UsageError(f"{host!r} has no seat of your own in {path}.")
    return f"{host} has the seat that it states again; written to {path}."


def spend(session: Session) -> Report:
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


def habit(session: Session) -> Report:
    asked = asked_habit(session)
    session.check_prices()
    check_harness(session)
    found = habit_costs(session.market, session.query, asked, session.given("models", []))
    session.check_filter()
    return habit_tables.report(session.view, found, session.select(found.rows, habit_tables.HABIT.asked))


def mix(session: Session) -> Report:
    parts, sum_ = _parts(session.given("parts")), session.given("budget")
    try:
        budget = None if sum_ is None else amount(sum_.removeprefix("$"))
    except ValueError:
        raise UsageError(f"--budget is {sum_!r}; it takes USD for the days of the habit, such as 100.") from None
    if budget is not None and len(parts) != 2:
        raise UsageError(
            f"--budget shares between two models; here {'is one' if len(parts) == 1 else f'are {len(parts)}'}."
        )
    asked: Habit | None = asked_habit(session)
    session.check_prices()
    check_harness(session)
    market, query, share = session.market, session.query, session.settings.value.input
    try:
        found = mixed(market, query, asked, parts, input_share=share, budget=budget)
    except (KeyMissingError, NoDataError):
        if budget is not None or any(session.given(name) is not None for name in PARTS):
            raise
        # Prices are mixed all the same.
        found = mixed(market, query, None, parts, input_share=share)
    return habit_tables.mix_report(session.view, found)


def asked_habit(session: Session) -> Habit:
    """The habit of the options, the rest of it from the settings."""
    usual = habit_tables.usual(session.settings.value.habit)
    given = {name: str(text) for name in PARTS if (text := session.given(name)) is not None}
    try:
        return read_habit(given, usual)
    except HabitError as error:
        raise habit_tables.wrong(error, "--") from None


def check_harness(session: Session) -> None:
    """Raises where sessions of the harness that the options name are not known."""
    if (harness := session.given("harness")) is not None:
        check_sessions(session.market, price_list(session.market, session.query).until, harness)


def _parts(texts: Sequence[str]) -> list[tuple[str, Decimal]]:
    """Models with their shares: `ID:20`; of one that has none, what the others leave. Raises UsageError."""
    out: list[tuple[str, Decimal | None]] = []
    for text in texts:
        name, colon, share = text.rpartition(":")
        if not colon or not (share[:1].isdigit() or share.startswith("-")):
            out.append((text, None))
            continue
        try:
            out.append((name, percent(share)))
        except ValueError:
            raise UsageError(f"{text!r}: {share!r} is no percentage; give 0 to 100, as in {name}:20.") from None
    given = sum((share for _, share in out if share is not None), Decimal(0))
    open_ = [name for name, share in out if share is None]
    if given > 1 or (given < 1 and not open_):
        raise UsageError(f"The shares of a mix are {part(given)} % together; they sum to 100.")
    if len(open_) > 1:
        raise UsageError(
            f"{' and '.join(map(repr, open_))} have no share; one of a mix may take what is left, as in {open_[0]}:20."
        )
    return [(name, 1 - given if share is None else share) for name, share in out]
