"""Figures of quality beside price, explained: scores, blends, what a right answer and a session cost, and what a step up is."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from orwatch.domain.catalogue import CatalogueModel
from orwatch.domain.prices import per_million
from orwatch.domain.views.value import ScoreKey, ValueList, ValueRow
from orwatch.present import definitions, formats, habits
from orwatch.present.benchmarks import OUTSIDE, benchmark_words, source_name
from orwatch.present.explain import Explanation, WhatIf
from orwatch.present.report import View
from orwatch.present.tables import value as table

TERMS: Final = ("score", "blend", "correct", "session", "step")
SHARES: Final = (Decimal("0.9"), Decimal("0.5"))
"""Other parts of input that a blend is told at."""


def has(row: ValueRow, term: str) -> bool:
    """Whether a row has the figure of a term."""
    known = {
        "score": row.score,
        "blend": row.blend,
        "correct": row.cost_per_correct,
        "session": row.session_cost,
        "step": row.placing,
    }
    return known[term] is not None


def explained(view: View, found: ValueList, row: ValueRow, term: str, entry: CatalogueModel | None) -> Explanation:
    """A figure of a row. entry: of the catalogue, at the prices that count."""
    figure, exactly, numbers, inputs, left_out, others = _parts(found, row, term, entry)
    told = definitions.TERMS[term].of()
    day = found.sources[0].as_of if term in ("score", "step", "correct") else found.prices_seen
    if term == "session" and found.sessions is not None:
        day = found.sessions.as_of
    return Explanation(
        told,
        row.name,
        "" if day is None else f"as of {formats.day(day.date(), year=True)}",
        [(f"{row.name} ", "text+"), (figure, "bright")],
        exactly,
        tuple(filter(None, (told.formula or told.meaning, numbers))),
        inputs,
        left_out,
        f"none: by {benchmark_words(found.key)} of {source_name(found.key.source)}",
        ("", "$ / M" if others else ""),
        others,
        OUTSIDE,
        " ".join(table.citations(view, found)),
        f"orwatch value --score {found.key.name}",
    )


_Parts = tuple[str, str, str, tuple[str, ...], tuple[str, ...], tuple[WhatIf, ...]]


def _parts(found: ValueList, row: ValueRow, term: str, entry: CatalogueModel | None) -> _Parts:
    """The figure, with all its digits, in numbers; its inputs, what is left out, what would change it."""
    match term:
        case "blend":
            return _blend(found, row, entry)
        case "correct":
            numbers = f"${row.cost_per_task:f} ÷ {row.accuracy}"
            inputs = (
                f"{benchmark_words(ScoreKey('openrouter', found.task or ''))}: cost of a task, fraction of right answers",
            )
            return f"${formats.price(row.cost_per_correct)}", f"${row.cost_per_correct:.6f}", numbers, inputs, (), ()
        case "session":
            assert found.sessions is not None
            cell = f"{found.sessions.harness_name}, {habits.turn_words(found.sessions.turns)}"
            window = f"{found.sessions.days} days to {formats.day(found.sessions.window_end, year=True)}"
            out = ("how many sessions there were, and how far they spread: it is not published",)
            return (
                f"${row.session_cost:.4f}",
                f"${row.session_cost:f}",
                "",
                (f"{cell}: the median of {window}",),
                out,
                (),
            )
        case "step":
            return _step(found, row)
    other = ("other scores of the model: sources are never averaged",)
    whence = f"{source_name(found.key.source)} states it"
    return table.score_text(found.key, row.score), f"{row.score}", "", (whence,), other, ()


def _blend(found: ValueList, row: ValueRow, entry: CatalogueModel | None) -> _Parts:
    figure, exactly = f"${formats.price(row.blend)}", f"${row.blend:f}"
    out = ("cached input, batch prices, writing to a cache; discounts are in the price",)
    given = per_million(entry.pricing.prompt) if entry else None
    output = per_million(entry.pricing.completion) if entry else None
    if row.own_price or given is None or output is None:
        return figure, exactly, "", (f"{source_name(found.key.source)} states it: the catalogue has none",), out, ()

    def at(share: Decimal) -> Decimal:
        return share * given + (1 - share) * output

    share = Decimal(str(found.input))
    numbers = f"{share} × ${given:f} + {1 - share} × ${output:f}"
    others = tuple(
        WhatIf("", f"{formats.part(other)} % input", "", f"${formats.price(at(other))}")
        for other in SHARES
        if other != share
    )
    return figure, exactly, numbers, (f"input ${given:f}, output ${output:f}, as listed",), out, others


def _step(found: ValueList, row: ValueRow) -> _Parts:
    where = row.placing
    assert where is not None
    text = "".join(piece for piece, _ in table.step_words(row, found.key, 40))
    if where.beaten_by is not None:
        by = next(other for other in found.rows if other.permaslug == where.beaten_by)
        scores = f"{table.score_text(found.key, by.score)} against {table.score_text(found.key, row.score)}"
        prices = f"${formats.price(by.blend)} against ${formats.price(row.blend)}"
        return f"beaten by {by.name}", "", f"{scores}; {prices}", ("the cheapest of those that are as good",), (), ()
    if where.over is None:
        return text, "", "", ("no model with a price is cheaper and has the score",), (), ()
    over = next(other for other in found.rows if other.permaslug == where.over)
    scores = f"{table.score_text(found.key, row.score)} − {table.score_text(found.key, over.score)}"
    prices = f"${formats.price(row.blend)} ÷ ${formats.price(over.blend)}"
    return text, "", f"{scores}; {prices}", (f"the next cheaper best: {over.name}",), ("free models stand apart",), ()
