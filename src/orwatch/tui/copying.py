"""What `y` copies: the row under the cursor or an open detail as a sentence with its basis, and the citation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from orwatch.domain.alerts.records import Alert
from orwatch.domain.leads import Kind
from orwatch.domain.views.overview import ModelRow, Snapshot
from orwatch.domain.views.prices import PriceList, PriceRow
from orwatch.present import formats
from orwatch.present.alerts import message
from orwatch.present.citation import citation
from orwatch.present.sentences import country_words

if TYPE_CHECKING:
    from orwatch.domain.views.detail import Detail


def basis_words(snapshot: Snapshot) -> str:
    """`week of 10–16 Aug 2026, basis top50`, with what makes the reading another than the default."""
    words = f"{snapshot.period.grain} of {formats.span(snapshot.period, year=True)}, basis {snapshot.lens.basis}"
    words += "" if snapshot.lens.free else ", without free variants"
    return (
        words
        + (", variants merged" if snapshot.lens.merged else "")
        + (", in progress" if not _whole(snapshot) else "")
    )


def _whole(snapshot: Snapshot) -> bool:
    return snapshot.state.value == "complete"


def cited(text: str, snapshot: Snapshot) -> str:
    """A sentence with the source behind it."""
    return f"{text}. {citation(snapshot.source, snapshot.as_of)}"


def model_sentence(row: ModelRow, snapshot: Snapshot) -> str:
    """One model's figures."""
    figures = row.figures
    change = (
        "" if figures.change is None else f", {formats.signed(figures.change)} % on the {snapshot.period.grain} before"
    )
    return cited(
        f"{row.name} ({figures.permaslug}): {formats.tokens(figures.tokens)} tokens, {formats.percent(figures.share)} % of all"
        f"{change}, rank {figures.rank}; {basis_words(snapshot)}",
        snapshot,
    )


def price_sentence(row: PriceRow, prices: PriceList, snapshot: Snapshot) -> str:
    """One model's prices."""
    figures = row.figures
    text = (
        "varies" if figures.varies else f"input {formats.price(figures.input)}, output {formats.price(figures.output)}"
    )
    if figures.discount and figures.list_input is not None:
        text += (
            f" ({formats.percent(float(figures.discount), 0)} % off a list price of {formats.price(figures.list_input)}"
        )
        text += f" and {formats.price(figures.list_output)})"
    seen = f", seen {formats.day(prices.seen_at.date(), year=True)}" if prices.seen_at else ""
    return cited(f"{row.name} ({figures.id}): {text} USD per million tokens{seen}", snapshot)


def detail_sentence(detail: Detail, snapshot: Snapshot) -> str:
    """The figures of an open detail: of a model with its prices, of a vendor or country with its models."""
    grain = snapshot.period.grain
    name = country_words(detail.id) if detail.kind is Kind.COUNTRY else detail.name
    parts = [f"{name} ({detail.id})" if name != detail.id else name]
    tokens = next((point.tokens for point in detail.points if point.period == snapshot.period), None)
    if tokens is not None and detail.place:
        share = tokens / snapshot.total if snapshot.total else None
        parts[0] += (
            f": {formats.tokens(tokens)} tokens, {formats.percent(share)} % of all, rank {detail.place} of {detail.of}"
        )
    else:
        parts[0] += ": not among the rows of the basis"
    if detail.lead:
        parts.append(f"leads for {formats.streak(detail.lead, grain)}")
    if detail.top_ten:
        parts.append(f"in the top 10 for {formats.streak(detail.top_ten, grain)}")
    if detail.price is not None and detail.price.varies:
        parts.append("price varies")
    elif detail.price is not None and detail.price.input is not None:
        pair = formats.price(detail.price.input), formats.price(detail.price.output)
        parts.append(f"input {pair[0]}, output {pair[1]} USD per million tokens")
    if detail.kind is not Kind.MODEL:
        parts.append(f"{len(detail.parts)} models on the basis")
    return cited("; ".join([*parts, basis_words(snapshot)]), snapshot)


def alert_sentence(alert: Alert, names: Mapping[str, str], snapshot: Snapshot) -> str:
    """One alert. names: of models, by permaslug."""
    return cited(message(alert, names), snapshot)


def split_sentences(snapshot: Snapshot) -> str:
    """The split by country, a line a country."""
    lines = []
    for row in snapshot.split.rows:
        name = "other" if row.key == "other" else country_words(row.key)
        lines.append(f"{name}: {formats.tokens(row.tokens)} tokens, {formats.percent(row.share_of_all)} % of all")
    return "\n".join([*lines, cited(f"Tokens by country, {basis_words(snapshot)}", snapshot)])
