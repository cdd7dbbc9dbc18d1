"""A figure in words, whichever family it is of: for `i` and for `orwatch explain`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from orwatch.config import Settings
from orwatch.core.judge import judge_view
from orwatch.core.market import Market
from orwatch.core.topics import TOPICS
from orwatch.core.views.explain import explained, explained_gap, explained_price
from orwatch.core.views.habit import habit_costs
from orwatch.core.views.overview import now, skewed, snapshot
from orwatch.core.views.prices import price_list
from orwatch.core.views.quote import alert_quote
from orwatch.domain.alerts.alert import Alert
from orwatch.domain.alerts.registry import RULES
from orwatch.domain.explain import PRICED, Figure
from orwatch.domain.leads import Kind
from orwatch.domain.overview import Snapshot
from orwatch.domain.query import Query
from orwatch.present import explain as words
from orwatch.present.definitions import ALERTS, Term, find
from orwatch.present.explain import Explanation
from orwatch.present.tables import habit as habits
from orwatch.present.tables.spend import SKEWED
from orwatch.present.tables.spend import skewed as words_of_skew

EXAMPLES: Final[Mapping[str, Kind | None]] = {
    **dict.fromkeys(("tokens", "share", "rank", "moved", "change", "top_ten"), Kind.MODEL),
    **dict.fromkeys(("attributed", "models", "leads"), Kind.COUNTRY),
    **dict.fromkeys(PRICED, Kind.MODEL),
    "first_vendor": Kind.VENDOR,
    "lead": Kind.VERSUS,
    **dict.fromkeys(("total", "grew", "shrank", "heading", "median")),
}
"""What the example of a term is a figure of; None: of all tokens."""

PRICES: Final = {
    "in": "input",
    "out": "output",
    "cached": "cached_input",
    "base": "input_ratio",
    "price_change": "change",
}
"""What figures of prices are called in their records, where not by the key of their definition."""


def explanation(
    market: Market, query: Query, figure: Figure, alert: Alert | None = None, credit: str = ""
) -> Explanation:
    """A figure explained. alert: of a figure that is an alert's. credit: the citation of one that is explained by its definition.

    NoDataError where the cache holds nothing for it.
    """
    if figure.at is not None:
        query = replace(query, at=figure.at)
    if alert is not None:
        return words.alert(alert_quote(market, query, alert))
    if figure.said is not None:
        return words.defined(figure, snapshot(market, query), credit)
    if figure.term == "heading":
        running = now(market, query)
        snap = snapshot(market, replace(query, grain=running.period.grain, at="now"))
        return words.outlook(snap, running.outlook)
    if figure.term == "median":
        return words.median(explained_gap(market, query, figure))
    if figure.term in PRICED:
        return words.priced(explained_price(market, query, figure))
    return words.ranked(explained(market, query, figure))


def example(market: Market, query: Query, settings: Settings, term: Term) -> Explanation | None:
    """A figure of the record that a term is explained by; None where it stands under no figure, or the record has none.

    NoDataError where the cache holds nothing for the query.
    """
    key, snap = term.key, snapshot(market, query)
    if term.section == ALERTS or key == "flip":
        found = judge_view(market, settings.alerts, query)
        mine = [one for one in found if key == "value" or (one.rule in RULES and find(one.rule).key == key)]
        return explanation(market, query, Figure("value"), mine[0]) if mine else None
    if key in EXAMPLES:
        figure = _example(market, query, snap, key)
        return None if figure is None else explanation(market, query, figure)
    if key in SKEWED:
        skew = skewed(market, snap)
        return None if skew is None else words_of_skew(snap, skew, key)
    if key in habits.COSTS:
        listed = habit_costs(market, query, habits.usual(settings.value.habit))
        return next(
            (told for row in listed.rows if (told := habits.explained(snap, listed, row, key)) is not None), None
        )
    return next(_of_topics(market, query, snap, key), None)


def _of_topics(market: Market, query: Query, snap: Snapshot, key: str) -> Iterator[Explanation]:
    """The figures of a term in what stands beside the rankings, row by row."""
    for reader in TOPICS.values():
        topic = reader.topic
        if key in topic.terms:
            found = reader.find(market, query, {})
            ids = [
                *(id_ for id_, term in topic.below(found) if term == key),
                *map(topic.table.row_id, topic.rows(found)),
            ]
            yield from (told for id_ in ids if (told := topic.explain(snap, found, id_, key)) is not None)


def _example(market: Market, query: Query, snap: Snapshot, key: str) -> Figure | None:
    kind = EXAMPLES[key]
    if key in PRICED:
        listed = price_list(market, query)
        have = [row for row in listed.rows if key != "base" or row.id != listed.baseline]
        rows = [row for row in have if getattr(row.figures, PRICES.get(key, key), row.figures.input)] or have
        return Figure(key, kind, rows[0].id) if rows else None
    match kind:
        case Kind.MODEL:
            known = [row for row in snap.models if key != "change" or row.change is not None] or snap.models
            return Figure(key, kind, known[0].permaslug) if known else None
        case Kind.COUNTRY:
            return Figure(key, kind, next((row.key for row in snap.split.rows if row.key), ""))
        case Kind.VERSUS:
            return Figure(key, kind, ":".join(query.versus))
    return Figure(key, kind, "input" if key == "median" else "")
