"""What `y` copies: the row under the cursor as a sentence with its basis, and the citation."""

from __future__ import annotations

from orwatch.core.snapshots import ModelRow, PriceRow, Snapshot
from orwatch.domain.alerts.records import Alert
from orwatch.present import formats
from orwatch.present.citation import citation
from orwatch.present.sentences import country_words, message


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


def price_sentence(row: PriceRow, snapshot: Snapshot) -> str:
    """One model's prices."""
    figures = row.figures
    prices = (
        "varies" if figures.varies else f"input {formats.price(figures.input)}, output {formats.price(figures.output)}"
    )
    if figures.discount and figures.list_input is not None:
        prices += (
            f" ({formats.percent(float(figures.discount), 0)} % off a list price of {formats.price(figures.list_input)}"
        )
        prices += f" and {formats.price(figures.list_output)})"
    seen = f", seen {formats.day(snapshot.catalogue_at.date(), year=True)}" if snapshot.catalogue_at else ""
    return cited(f"{row.name} ({figures.id}): {prices} USD per million tokens{seen}", snapshot)


def alert_sentence(alert: Alert, snapshot: Snapshot) -> str:
    """One alert."""
    return cited(message(alert, snapshot.names), snapshot)


def split_sentences(snapshot: Snapshot) -> str:
    """The split by country, a line a country."""
    lines = []
    for row in snapshot.split.rows:
        name = "other" if row.key == "other" else country_words(row.key)
        lines.append(f"{name}: {formats.tokens(row.tokens)} tokens, {formats.percent(row.share_of_all)} % of all")
    return "\n".join([*lines, cited(f"Tokens by country, {basis_words(snapshot)}", snapshot)])
