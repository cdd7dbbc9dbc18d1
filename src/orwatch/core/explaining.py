"""A figure in words, whichever family it is of: for `i` and for `orwatch explain`."""

from __future__ import annotations

from msgspec.structs import replace

from orwatch.config import Settings
from orwatch.core.judge import judge_view
from orwatch.core.market import Market
from orwatch.core.views.explain import explained, explained_gap, explained_outlook, explained_price
from orwatch.core.views.overview import snapshot
from orwatch.core.views.prices import price_list
from orwatch.core.views.quote import alert_quote
from orwatch.domain.alerts.alert import Alert
from orwatch.domain.alerts.registry import RULES
from orwatch.domain.leads import Kind
from orwatch.domain.query import Query
from orwatch.domain.views.explain import Figure
from orwatch.present import explain as words
from orwatch.present.definitions import ALERTS, PRICE, Term, find
from orwatch.present.explain import Explanation

OF_A_COUNTRY = ("attributed", "models", "leads")
OF_ALL = ("total", "grew", "shrank")
OF_A_MODEL = ("tokens", "share", "rank", "moved", "change", "top_ten")
"""Terms whose example is a country, all tokens, the first model."""
PRICED = ("in", "out", "cached", "discount", "base", "price_change", "context", "range")


def explanation(market: Market, query: Query, figure: Figure, alert: Alert | None = None) -> Explanation:
    """A figure explained. alert: of a figure that is an alert's. NoDataError where the cache holds nothing for it."""
    if figure.at is not None:
        query = replace(query, at="now" if figure.at == "now" else figure.at)
    if alert is not None:
        return words.alert(alert_quote(market, query, alert))
    if figure.term == "heading":
        return words.outlook(explained_outlook(market, query, figure))
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
    figure = None
    if key in OF_ALL:
        figure = Figure(key)
    elif key == "lead":
        figure = Figure(key, Kind.VERSUS, ":".join(query.versus))
    elif key == "first_vendor":
        figure = Figure(key, Kind.VENDOR)
    elif key in OF_A_COUNTRY:
        figure = Figure(key, Kind.COUNTRY, next((row.key for row in snap.split.rows if row.key), ""))
    elif key in OF_A_MODEL:
        rows = [row.figures for row in snap.models if key != "change" or row.figures.change is not None] or [
            row.figures for row in snap.models
        ]
        figure = Figure(key, Kind.MODEL, rows[0].permaslug) if rows else None
    elif key == "heading":
        figure = Figure(key)
    elif key == "median":
        figure = Figure(key, None, "input")
    elif key in PRICED and term.section == PRICE:
        figure = _priced(market, query, key)
    return None if figure is None else explanation(market, query, figure)


def _priced(market: Market, query: Query, key: str) -> Figure | None:
    """The first ranked model that has such a figure; of the ratio one beside the base."""
    snap = snapshot(market, query)
    listed = price_list(market, query, [row.figures.permaslug for row in snap.models], snap.prices_until)
    names = {
        "in": "input",
        "out": "output",
        "cached": "cached_input",
        "base": "input_ratio",
        "price_change": "change",
        "range": "input",
    }
    rows = [
        row
        for row in listed.rows
        if getattr(row.figures, names.get(key, key)) and (key != "base" or row.id != listed.baseline)
    ]
    rows = rows or [*listed.rows[:1]]
    return Figure(key, Kind.MODEL, rows[0].id) if rows else None
