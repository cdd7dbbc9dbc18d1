"""A quote as text of 80 columns, as Markdown, and as a report for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from orwatch.domain.foreign_text import safe
from orwatch.present.quote import Quotation
from orwatch.present.report import Report
from orwatch.present.sentences import joined
from orwatch.present.table import fields, fields_table
from orwatch.present.writers.briefing import listed, origin, piped, ruled, wrapped
from orwatch.present.writers.markdown import escaped


def text(quote: Quotation) -> str:
    """The sentence, its figures under a rule, and the facts that go along with it."""
    lines = wrapped(joined(quote.sentences))
    if quote.figures is not None:
        lines += ["", *ruled("Figures", quote.figures)]
    return "\n".join(map(safe, [*lines, "", *listed(facts(quote))]))


def facts(quote: Quotation) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What stands below a quote: each with its label."""
    yield from ((label, (told,)) for label, told in quote.rests_on)
    yield "basis", (quote.basis,)
    if quote.disagrees:
        yield "disagrees", quote.disagrees
    yield "source", (quote.source,)
    yield "repeat", (quote.command,)


def markdown(quote: Quotation) -> str:
    """The sentence as a quotation, its figures as a table, and the facts as a list."""
    parts = [f"> {escaped(joined(quote.sentences))}"]
    parts += ["\n".join(piped(quote.figures))] if quote.figures is not None else []
    told = [(label, " ".join(lines)) for label, lines in facts(quote) if label not in ("source", "repeat")]
    parts.append("\n".join(f"- {label.capitalize()}: {escaped(line)}" for label, line in told))
    return "\n\n".join([*parts, *origin(quote.command, quote.source)])


def report(quote: Quotation, meta: Mapping[str, Any]) -> Report:
    """The quote for programs: one row that holds its sentences. meta: facts about the period."""
    row = fields(quote, "subject", "sentences", "basis", "disagrees", "command")
    return Report(fields_table("quote", "Quote", *row), [row], meta=meta)
