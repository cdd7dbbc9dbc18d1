"""What the cursor is on, in a finished sentence. It is loaded with the first dialog: no frame needs it."""

from __future__ import annotations

from msgspec.structs import replace

from orwatch.core.market import Market
from orwatch.core.views.overview import snapshot
from orwatch.core.views.quote import alert_quote, group_quote, model_quote, pair_quote, price_quote
from orwatch.domain.alerts.alert import Alert
from orwatch.domain.explain import PRICED, Figure
from orwatch.domain.leads import Kind
from orwatch.domain.overview import Snapshot
from orwatch.domain.query import Query
from orwatch.domain.records import OTHER
from orwatch.present import quote as words
from orwatch.present.quote import Quotation
from orwatch.tui.panes.pane import Pane


def quotation(pane: Pane, shown: Snapshot) -> Quotation:
    """The quote of what the cursor of a pane is on; of the head to head where that is nothing, or one of its sides.

    Raises NoDataError where the cache has no figures of it.
    """
    own = pane.quotation()
    if own is not None:
        return own
    market, query, about = pane.reader.market, shown.query, pane.target()
    if pane.alert is not None:
        return words.alert(alert_quote(market, query, pane.alert))
    if about is None or about[1] in query.versus:
        return words.pair(pair_quote(market, query, query.versus))
    return _of(market, query, *about, priced=pane.priced)


def quotation_of(market: Market, query: Query, figure: Figure, alert: Alert | None) -> Quotation:
    """The quote of whose figure it is: a row, a head to head, an alert, or all tokens. Raises as `quotation` does."""
    query = query if figure.at is None else replace(query, at=figure.at)
    if alert is not None:
        return words.alert(alert_quote(market, query, alert))
    if figure.kind is Kind.VERSUS:
        a, _, b = figure.id.partition(":")
        return words.pair(pair_quote(market, query, (a, b)))
    if figure.kind is None or figure.id in (OTHER, ""):
        return words.total(snapshot(market, query))
    return _of(market, query, figure.kind, figure.id, priced=figure.term in PRICED)


def _of(market: Market, query: Query, kind: Kind, key: str, *, priced: bool) -> Quotation:
    if priced:
        return words.price(price_quote(market, query, key))
    return words.ranked(
        model_quote(market, query, key) if kind is Kind.MODEL else group_quote(market, query, kind, key)
    )
