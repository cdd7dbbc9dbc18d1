"""What a habit costs with each model, and with a mix of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from msgspec.structs import replace

from orwatch.core.market import Market
from orwatch.core.views.prices import price_list
from orwatch.core.views.value import check_sessions, session_costs
from orwatch.domain.catalogue import CatalogueModel, per_million
from orwatch.domain.habit import SESSIONS, Habit, SessionHabit, cost_of_sessions, cost_of_tokens, dear_share, mixed
from orwatch.domain.names import near, short_name, variant_of
from orwatch.domain.prices import PriceList, costs_nothing, ratio
from orwatch.domain.query import Query
from orwatch.domain.value import HabitList, HabitRow, Mix, MixRow, SessionWindow, blend
from orwatch.errors import UsageError

SHOWN = 6
"""Models that an ambiguous part of a name is answered with."""


def habit_costs(market: Market, query: Query, habit: Habit, models: Sequence[str] = ()) -> HabitList:
    """What a habit costs with each model, or with some. models: ids, permaslugs, or parts of names that fit one alone.

    Raises UsageError for a model or harness that nobody knows, KeyMissingError or NoDataError where no sessions are kept.
    """
    listed = price_list(market, query)
    until = listed.until
    chosen = [find_offer(market, until, text) for text in models]
    if isinstance(habit, SessionHabit):
        # The usual harness gives way to one that is known; any other was asked for.
        check_sessions(market, until, None if habit.harness == SESSIONS.harness else habit.harness)
    costs = _Costs(market, listed, habit)
    if isinstance(habit, SessionHabit) and costs.window is not None:
        habit = replace(habit, harness=costs.window.harness)
    rows = [costs.row(entry) for entry in chosen or [row.entry for row in listed.rows]]
    if not chosen:
        rows.sort(key=lambda row: row.monthly is None)
    base = costs.base
    return HabitList(
        habit=habit,
        rows=tuple(rows),
        sessions=costs.window,
        base=slug_of(base) if base else None,
        base_name=market.catalogue.name(slug_of(base)) if base else None,
        until=until,
        prices_seen=listed.seen_at,
    )


def slug_of(entry: CatalogueModel) -> str:
    """The permaslug of an entry, with its variant."""
    variant = variant_of(entry.id)
    return f"{entry.canonical_slug}:{variant}" if variant else entry.canonical_slug


class _Costs:
    """What a habit costs. base: the entry that costs are set against. window: of its sessions, None where it is one of tokens."""

    def __init__(self, market: Market, listed: PriceList, habit: Habit) -> None:
        self._market = market
        self._habit = habit
        self._sessions: Mapping[str, Decimal] = {}
        self.window: SessionWindow | None = None
        if isinstance(habit, SessionHabit):
            self._sessions, self.window = session_costs(market, listed.until, habit.harness, habit.turns)
        self.base = market.prices(listed.until).present.get(listed.baseline) if listed.baseline else None
        self._base_cost = self._cost(self.base)[1] if self.base else None

    def _cost(self, entry: CatalogueModel) -> tuple[Decimal | None, Decimal | None]:
        """USD of one session or call, and of all days."""
        habit = self._habit
        if isinstance(habit, SessionHabit):
            median = self._sessions.get(slug_of(entry))
            return median, cost_of_sessions(habit, median)
        cost = cost_of_tokens(habit, entry.pricing)
        return None if cost is None else cost / (habit.calls * habit.days), cost

    def row(self, entry: CatalogueModel) -> HabitRow:
        """Of one model."""
        slug = slug_of(entry)
        each, monthly = self._cost(entry)
        facts = self._market.facts(slug, free=costs_nothing(entry))
        against = ratio(monthly, self._base_cost)
        return HabitRow(entry, slug, self._market.catalogue.name(slug), facts.country, facts, each, monthly, against)


def find_offer(market: Market, until: datetime | None, text: str) -> CatalogueModel:
    """The entry that an id, a permaslug, a name, or a part of one that fits one alone stands for, at the prices that count.

    Raises UsageError where none or more than one fits. Variants are meant where they are named.
    """
    present = market.prices(until).present
    entry = market.catalogue.entry(text.strip())
    if entry is not None and entry.id in present:
        return present[entry.id]
    wanted = text.strip().casefold()
    plain = {id_: one for id_, one in present.items() if ":" not in id_ and not id_.startswith("~")}
    names = {id_: short_name(one.name) for id_, one in plain.items()}
    for fits in (
        [id_ for id_ in plain if id_.casefold() == wanted or id_.partition("/")[2].casefold() == wanted],
        [id_ for id_, name in names.items() if name.casefold() == wanted],
        [id_ for id_ in plain if id_.casefold().endswith(f"-{wanted}")],
        [id_ for id_, name in names.items() if wanted in id_.casefold() or wanted in name.casefold()],
    ):
        if len(fits) == 1 and wanted:
            return present[fits[0]]
        if fits and wanted:
            more = f" and {len(fits) - SHOWN} more" if len(fits) > SHOWN else ""
            raise UsageError(f"{text!r} fits several models: {', '.join(fits[:SHOWN])}{more}; give one of them.")
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
        known = costs.rows[n] if costs is not None else _bare_row(market, entry)
        pricing = entry.pricing
        rows.append(
            MixRow(
                known,
                share,
                per_million(pricing.prompt),
                per_million(pricing.completion),
                blend(pricing, share_in),
                known.monthly,
                None,
            )
        )
    rows.sort(key=lambda row: (row.blend is None, -(row.blend or 0)))
    by_habit = all(row.monthly is not None for row in rows)
    whole = [mixed((row.share, getattr(row, name)) for row in rows) for name in ("input", "output", "blend", "monthly")]
    bill = whole[3] if by_habit else whole[2]
    told = []
    for row in rows:
        own = row.monthly if by_habit else row.blend
        part = row.share * own / bill if own is not None and bill else None
        told.append(MixRow(row.cost, row.share, row.input, row.output, row.blend, row.monthly, part))
    given, out, blended, monthly = whole
    total = MixRow(None, Decimal(1), given, out, blended, monthly, Decimal(1) if bill else None)
    allowed = dear_share(told[0].monthly, told[-1].monthly, budget) if budget is not None and len(told) == 2 else None
    return Mix(tuple(told), total, costs, listed.until, listed.seen_at, budget, allowed, by_habit)


def _bare_row(market: Market, entry: CatalogueModel) -> HabitRow:
    """A model of which no habit tells."""
    slug = slug_of(entry)
    facts = market.facts(slug, free=costs_nothing(entry))
    return HabitRow(entry, slug, market.catalogue.name(slug), facts.country, facts, None, None, None)
