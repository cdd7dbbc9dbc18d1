"""Quality beside price: the scores of a source, the prices of the catalogue, and what sessions cost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from orwatch.core.market import Market
from orwatch.core.views.prices import price_list
from orwatch.domain.catalogue import CatalogueModel
from orwatch.domain.habit import SESSIONS, SessionCosts, SessionHabit
from orwatch.domain.names import is_free, near, short_name, variant_of, without_variant
from orwatch.domain.prices import costs_nothing
from orwatch.domain.query import Query
from orwatch.domain.scores import SOURCES, AnalysisScores, ArenaScores, OwnScores, Score, Scores
from orwatch.domain.value import (
    Rated,
    ScoreKey,
    SessionWindow,
    ValueList,
    ValueRow,
    blend,
    cost_of_correct,
    placings,
    score_gap,
)
from orwatch.errors import KeyMissingError, NoDataError, OrwatchError, UsageError
from orwatch.present.benchmarks import OUTSIDE
from orwatch.store.snapshots import LAST

INDICES: Final = ("intelligence", "coding", "agentic")
BY_CALLS: Final = "Calls need none: --calls, --context, --cached, --out."
OWN: Final = OwnScores.source()


def value_list(
    market: Market, query: Query, score: str | None = None, task: str | None = None, cell: SessionHabit | None = None
) -> ValueList:
    """Models by a score, beside their prices: of now, or as both had been seen by the end of a past period.

    score: its name, or source:name. task: the benchmark of OpenRouter's runs whose tasks are priced. cell: the harness and turns of
    sessions. What is not given is as in the settings, or the first that there is. Raises
    NoDataError where no scores are kept, and UsageError for a score that there is none of.
    """
    settings = market.settings.value
    task, cell, input_share = task or settings.task, cell or SESSIONS, settings.input
    listed = price_list(market, query)
    until = listed.until
    kept = _scores(market, until)
    if not kept:
        raise _no_scores(market, until)
    choices = score_keys(kept)
    usual = score is None and all(settings.score != key.name for key in choices)
    key = choices[0] if usual else find_score(choices, score or settings.score)
    book = _Book(market, until, kept)
    own_task = key.name if key.source == OWN else task if ScoreKey(OWN, task) in choices else None
    costs, window = session_costs(market, until, cell.harness, cell.turns)
    share = Decimal(str(input_share))
    base_blend = blend(listed.base.pricing, share) if listed.base else None
    found, prices = book.by_model(key), {}
    for slug, one in found.items():
        prices[slug] = _price(book, slug, one, share)
    rated = [
        Rated(slug, found[slug].value, price)
        for slug, (price, own, free) in prices.items()
        if price is not None and price > 0 and not own and not free
    ]
    places = placings(rated)
    tasks = book.by_model(ScoreKey(OWN, own_task)) if own_task else {}
    rows = []
    for slug, one in found.items():
        price, own, free = prices[slug]
        where, ran = places.get(slug), tasks.get(slug)
        facts = market.facts(slug, free=free)
        rows.append(
            ValueRow(
                permaslug=slug,
                name=book.name(slug, one),
                country=facts.country,
                facts=facts,
                scores=book.all_scores(slug),
                score=one.value,
                pricing=entry.pricing if (entry := book.listed.get(slug)) else None,
                blend=price,
                own_price=own,
                free=free,
                placing=where,
                beaten_by=book.name(beater, found[beater]) if where and (beater := where.beaten_by) else None,
                ratio=price / base_blend if price is not None and base_blend else None,
                accuracy=ran.value if ran else None,
                cost_per_task=ran.cost if ran else None,
                cost_per_correct=cost_of_correct(ran.cost, ran.value) if ran else None,
                session_cost=costs.get(slug),
            )
        )
    rows = sorted(rows, key=lambda row: (_group(row), -row.score, row.name.casefold()))
    if not query.lens.free:
        rows = [row for row in rows if not row.free]
    shown = dict.fromkeys([key.source, *([OWN] if own_task else [])])
    return ValueList(
        rows=tuple(rows),
        key=key,
        choices=choices,
        sources=tuple(kept[name] for name in shown),
        task=own_task,
        sessions=window,
        input=input_share,
        unmatched=sum(market.catalogue.kin(slug) is None for slug in found),
        also_free=tuple(row for row in rows if not row.free and row.permaslug in book.free),
        gap=score_gap([(row.permaslug, row.country, row.score) for row in rows], "CN", "US"),
        base=listed.base.canonical_slug if listed.base else None,
        base_name=listed.base.short_name if listed.base else None,
        until=until,
        prices_seen=listed.seen_at,
    )


def _group(row: ValueRow) -> int:
    """The best, the beaten, those without a price, free ones."""
    return 3 if row.free else 2 if row.placing is None else 0 if row.best else 1


def _price(book: _Book, slug: str, score: Score, share: Decimal) -> tuple[Decimal | None, bool, bool]:
    """The blend of a model, whether it is the source's, and whether the model costs nothing."""
    entry = book.listed.get(slug)
    if entry is not None:
        return blend(entry.pricing, share), False, costs_nothing(entry)
    if slug in book.free:
        return None, False, True
    if score.prompt is None or score.completion is None:
        return None, False, False
    price = (score.prompt * share + score.completion * (1 - share)) * 10**6
    return price, True, False


class _Book:
    """Scores by the permaslug of their model, and the entries of the catalogue at the prices that count.

    listed: entries without variant by permaslug; free: the permaslugs that have one that costs nothing.
    """

    def __init__(self, market: Market, until: datetime | None, kept: Mapping[str, Scores]) -> None:
        self._market = market
        self._catalogue = market.catalogue
        present = market.prices(until).present.values()
        self.listed: dict[str, CatalogueModel] = {}
        self.free: set[str] = set()
        for entry in present:
            if not variant_of(entry.id) and not entry.id.startswith("~"):
                self.listed.setdefault(entry.canonical_slug, entry)
            if is_free(entry.id) or costs_nothing(entry):
                self.free.add(entry.canonical_slug)
        names: dict[str, list[str]] = {}
        for slug in self.listed:
            names.setdefault(self._catalogue.name(slug).casefold(), []).append(slug)
        self._by_name = {name: slugs[0] for name, slugs in names.items() if len(slugs) == 1}
        self._scores: dict[ScoreKey, dict[str, Score]] = {}
        for source, scores in kept.items():
            for one in scores.scores:
                known = self._scores.setdefault(ScoreKey(source, one.benchmark), {})
                slug = self._slug(one)
                # Of two entries of one model, which differ in how it was run, the better one is meant.
                if slug not in known or one.value > known[slug].value:
                    known[slug] = one

    def _slug(self, score: Score) -> str:
        """The permaslug of its model: by permaslug, by id, by name; as the source calls it where none is found."""
        bare = without_variant(score.model)
        entry = self._catalogue.entry(bare)
        if entry is not None:
            return entry.canonical_slug
        return self._by_name.get(short_name(score.name).casefold(), bare)

    def by_model(self, key: ScoreKey) -> Mapping[str, Score]:
        return self._scores.get(key, {})

    def all_scores(self, slug: str) -> dict[str, dict[str, float]]:
        """Every score of a model, by source and name."""
        out: dict[str, dict[str, float]] = {}
        for key, scores in self._scores.items():
            if slug in scores:
                out.setdefault(key.source, {})[key.name] = scores[slug].value
        return out

    def name(self, slug: str, score: Score) -> str:
        """As the catalogue calls it, else as the source does, without how it was run."""
        if self._catalogue.kin(slug) is not None:
            return self._catalogue.name(slug)
        told = short_name(score.name).partition(" (")[0]
        return self._catalogue.name(slug) if told in ("", slug) else told


# What is kept


def last_day(until: datetime | None) -> str:
    """The last day that snapshots may be of."""
    return LAST if until is None else (until - timedelta(days=1)).date().isoformat()


def _scores(market: Market, until: datetime | None) -> dict[str, Scores]:
    found = [(kind.source(), market.cache.snapshots.newest(kind, last_day(until))) for kind in SOURCES]
    return {name: scores for name, scores in found if scores is not None}


def score_keys(kept: Mapping[str, Scores]) -> tuple[ScoreKey, ...]:
    """The scores there are: indices first, then OpenRouter's runs, then ratings by category."""
    order = [kind.source() for kind in (AnalysisScores, OwnScores, ArenaScores)]
    keys = {ScoreKey(source, one.benchmark) for source, scores in kept.items() for one in scores.scores}

    def place(key: ScoreKey) -> tuple[int, int, str]:
        return order.index(key.source), INDICES.index(key.name) if key.name in INDICES else len(INDICES), key.name

    return tuple(sorted(keys, key=place))


def find_score(choices: tuple[ScoreKey, ...], text: str) -> ScoreKey:
    """The score of a name, or of source:name. Raises UsageError, with the nearest."""
    wanted = text.strip().casefold()
    for key in choices:
        if wanted in (key.name.casefold(), f"{key.source}:{key.name}".casefold()):
            return key
    names = [key.name for key in choices]
    if any(outside in wanted.replace("-", "") for outside in ("swebench", "lmarena", "chatbotarena")):
        raise UsageError(f"{OUTSIDE} Scores that are: {', '.join(names)}.")
    raise UsageError(f"{text!r} is no score that is kept; {near(text, names)}.")


def _no_scores(market: Market, until: datetime | None) -> OrwatchError:
    if until is not None:
        return NoDataError("No scores were seen then: they have no history but what orwatch keeps.")
    if market.source == "demo":
        return NoDataError("The demo has no scores of models: they were not recorded.")
    return NoDataError("No scores of models are kept yet: run `orwatch poll`.")


def session_costs(
    market: Market, until: datetime | None, harness: str, turns: str
) -> tuple[Mapping[str, Decimal], SessionWindow | None]:
    """USD of a session by permaslug, of one cell, and of which snapshot; none where there is no snapshot.

    Where it does not know the harness, those of its first one."""
    kept = market.cache.snapshots.newest(SessionCosts, last_day(until))
    if kept is None or not kept.cells:
        return {}, None
    if all(cell.app != harness for cell in kept.cells):
        harness = kept.cells[0].app
    cells = [cell for cell in kept.cells if cell.app == harness]
    window = SessionWindow(harness, cells[0].app_name, turns, kept.window_end, kept.days, kept.as_of)
    return {cell.permaslug: cell.median for cell in cells if cell.turns == turns}, window


def check_sessions(market: Market, until: datetime | None, harness: str | None) -> None:
    """Raises where there are no costs of sessions with a harness: KeyMissingError, NoDataError, or UsageError with the nearest.

    harness: None: any will do.
    """
    kept = market.cache.snapshots.newest(SessionCosts, last_day(until))
    if kept is None:
        if until is not None and market.cache.snapshots.taken(SessionCosts):
            raise NoDataError("No costs of sessions were seen then: they have no history but what orwatch keeps.")
        if market.source == "demo":
            raise NoDataError(f"The demo has no costs of sessions: they were not recorded. {BY_CALLS}")
        if market.more:
            raise KeyMissingError(f"What sessions cost needs an OpenRouter key: `orwatch key set`. {BY_CALLS}")
        raise NoDataError(
            "No costs of sessions are kept yet: run `orwatch poll`, or give --calls, --context, --cached and --out."
        )
    known = sorted({cell.app for cell in kept.cells})
    if harness is not None and harness not in known:
        raise UsageError(f"{harness!r} is no harness whose sessions are known; {near(harness, known)}.")
