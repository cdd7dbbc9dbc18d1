"""What the cursor is on, in a finished sentence. It is loaded with the first dialog: no frame needs it."""

from __future__ import annotations

from orwatch.core.views.quote import alert_quote, group_quote, model_quote, pair_quote, price_quote
from orwatch.domain.leads import Kind
from orwatch.domain.views.overview import Snapshot
from orwatch.present import quote as words
from orwatch.present.quote import Quotation
from orwatch.tui.panes.pane import Pane


def quotation(pane: Pane, snapshot: Snapshot) -> Quotation:
    """The quote of what the cursor of a pane is on; of the head to head where that is nothing, or one of its sides.

    Raises NoDataError where the cache has no figures of it.
    """
    own = pane.quotation()
    if own is not None:
        return own
    market, query, about = pane.reader.market, snapshot.query, pane.target()
    if pane.alert is not None:
        return words.alert(alert_quote(market, query, pane.alert))
    if about is None or about[1] in query.versus:
        return words.pair(pair_quote(market, query, query.versus))
    kind, key = about
    if pane.priced:
        return words.price(price_quote(market, query, key))
    return words.ranked(
        model_quote(market, query, key) if kind is Kind.MODEL else group_quote(market, query, kind, key)
    )
