"""What a habit costs with each model, and with a mix of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from msgspec.structs import replace

from orwatch.core.market import Market, one_model
from orwatch.core.views.prices import price_list
from orwatch.core.views.value import check_sessions, session_costs
from orwatch.domain.catalogue import CatalogueModel, per_million
from orwatch.domain.habit import SESSIONS, Habit, SessionHabit, cost, dear_share, mixed
from orwatch.domain.names import near, short_name
from orwatch.domain.prices import costs_nothing, ratio
from orwatch.domain.query import Query
from orwatch.domain.value import HabitList, HabitRow, Mix, MixRow, blend
from orwatch.errors import UsageError


def habit_costs(market: Market, query: Query, habit: Habit, models: Sequence[str] = ()) -> HabitList:
    """What a habit costs with each model, or with some. models: ids, permaslugs, or parts of names that fit one alone.

    Raises UsageError for a model or harness that nobody knows, KeyMissingError or NoDataError where no sessions are kept.
    """
    listed = price_list(market, query)
    until = listed.until
    chosen = [find_offer(market, until, text) for text in models]
    sessions: Mapping[str, Decimal] = {}
    window = None
    if isinstance(habit, SessionHabit):
        # The usual harness gives way to one that is known; any other was asked for.
        check_sessions(market, until, None if habit.harness == SESSIONS.harness else habit.harness)
        sessions, window = session_costs(market, until, habit.harness, habit.turns)
        if window is not None:
            habit = replace(habit, harness=window.harness)
    base = listed.base
    base_cost = cost(habit, base.pricing, sessions.get(base.permaslug))[1] if base else None
    rows = []
    for entry in chosen or [row.entry for row in listed.rows]:
        each, monthly = cost(habit, entry.pricing, sessions.get(entry.permaslug))
        rows.append(_row(market, entry, each, monthly, ratio(monthly, base_cost)))
    if not chosen:
        rows.sort(key=lambda row: row.monthly is None)
    return HabitList(
        habit=habit,
        rows=tuple(rows),
        sessions=window,
        base=base.permaslug if base else None,
        base_name=base.short_name if base else None,
        until=until,
        prices_seen=listed.seen_at,
    )


def _row(
    market: Market,
    entry: CatalogueModel,
    each: Decimal | None = None,
    monthly: Decimal | None = None,
    against: Decimal | None = None,
) -> HabitRow:
    slug = entry.permaslug
    facts = market.facts(slug, free=costs_nothing(entry))
    return HabitRow(entry, slug, market.catalogue.name(slug), facts.country, facts, each, monthly, against)


def find_offer(market: Market, until: datetime | None, text: str) -> CatalogueModel:
    """The entry that an id, a permaslug, a name, or a part of one that fits one alone stands for, at the prices that count.

    Raises UsageError where none or more than one fits. Variants are meant where they are named.
    """
    if (entry := market.offer(text.strip(), until)) is not None:
        return entry
    present = market.prices(until).present
    wanted = text.strip().casefold()
    plain = {id_: one for id_, one in present.items() if ":" not in id_ and not id_.startswith("~")}
    names = {id_: short_name(one.name) for id_, one in plain.items()}
    tiers = (
        [id_ for id_ in plain if id_.casefold() == wanted or id_.partition("/")[2].casefold() == wanted],
        [id_ for id_, name in names.items() if name.casefold() == wanted],
        [id_ for id_ in plain if id_.casefold().endswith(f"-{wanted}")],
        [id_ for id_, name in names.items() if wanted in id_.casefold() or wanted in name.casefold()],
    )
    if (found := one_model(text, tiers)) is not None:
        return present[found]
    raise UsageError(
        f"{text!r} is no model of the catalogue; {near(wanted, (*plain, *names.values()), '`orwatch prices` lists them')}."
    )


def mix(
    market: Market,
    query: Query,
    habit: Habit | None,
    parts: Sequence[tuple[str, Decimal]],
    *,
    input_share: float,
    budget: Decimal | None = None,
) -> Mix:
    """Models mixed. parts: models as `find_offer` takes them with their shares (0 to 1, which sum to 1); the dearer is told first.

    habit: None: what a month costs is left out. budget: USD; it needs two models.
    """
    listed = price_list(market, query)
    entries = [find_offer(market, listed.until, text) for text, _ in parts]
    costs = habit_costs(market, query, habit, [entry.id for entry in entries]) if habit is not None else None
    share_in = Decimal(str(input_share))
    rows = []
    for n, ((_, share), entry) in enumerate(zip(parts, entries, strict=True)):
        known = costs.rows[n] if costs is not None else _row(market, entry)
        given, out = per_million(entry.pricing.prompt), per_million(entry.pricing.completion)
        rows.append(MixRow(known, share, given, out, blend(entry.pricing, share_in), known.monthly, None))
    rows.sort(key=lambda row: (row.blend is None, -(row.blend or 0)))
    by_habit = all(row.monthly is not None for row in rows)
    given, out, blended, monthly = (
        mixed((row.share, getattr(row, name)) for row in rows) for name in ("input", "output", "blend", "monthly")
    )
    bill = monthly if by_habit else blended
    told = []
    for row in rows:
        own = row.monthly if by_habit else row.blend
        told.append(replace(row, share_of_bill=row.share * own / bill if own is not None and bill else None))
    whole = MixRow(None, Decimal(1), given, out, blended, monthly, Decimal(1) if bill else None)
    allowed = dear_share(told[0].monthly, told[-1].monthly, budget) if budget is not None and len(told) == 2 else None
    return Mix(tuple(told), whole, costs, listed.until, listed.seen_at, budget, allowed, by_habit)
