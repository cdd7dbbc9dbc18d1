"""Quality beside price: a model in sentences to print and to hear, its scores, blends and costs explained."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from orwatch.domain.catalogue import Pricing, per_million
from orwatch.domain.habit import SessionHabit, short_amount
from orwatch.domain.overview import Snapshot
from orwatch.domain.value import HabitList, HabitRow, ScoreKey, ValueList, ValueRow, blend
from orwatch.present import formats
from orwatch.present.benchmarks import OUTSIDE, benchmark_words, source_name
from orwatch.present.explain import Explanation, WhatIf
from orwatch.present.quote import Quotation
from orwatch.present.report import View
from orwatch.present.sentences import Sentence
from orwatch.present.tables import habit as habits
from orwatch.present.tables import value as table
from orwatch.present.topics.topic import Topic, explanation

TERMS: Final = ("score", "blend", "accuracy", "correct", "session", "step")
SHARES: Final = (Decimal("0.9"), Decimal("0.5"))
"""Other parts of input that a blend is told at."""


def _command(words: str, snap: Snapshot, found: ValueList) -> str:
    command = f"orwatch {words}"
    command += "" if words.startswith("explain") else f" --score {found.key.name}"
    command += f" --at {snap.period.day.isoformat()}" if found.until is not None else ""
    command += "" if snap.lens.free else " --no-free"
    return f"{command} --demo" if snap.source == "demo" else command


def quote(snap: Snapshot, found: ValueList, row: ValueRow | None) -> Quotation:
    """A model's score beside its price, and how far the best of China is behind."""
    source = " ".join(table.citations(View(snap.source, snap.lens), found))
    name, whose = benchmark_words(found.key), source_name(found.key.source)
    unit = " %" if found.key.source == "openrouter" else ""
    when = formats.day_in_full(found.sources[0].as_of.date())
    told = []
    if row is not None:
        score = f"{table.score_text(found.key, row.score)}{unit}"
        text = f"By {name} of {whose} (as of {when}), {row.name} has {score}"
        if row.blend is not None and not row.own_price:
            share = formats.percent(found.input, 0)
            text += f" and costs {formats.price(row.blend)} USD per million tokens, {share} % of them input"
        if row.best:
            text += ": no other model is as good and no dearer"
        elif row.beaten_by is not None:
            text += f": {row.beaten_by} is as good and no dearer"
        figures = {"score": row.score, "blend": None if row.blend is None else float(row.blend), "best_value": row.best}
        told.append(Sentence(f"{text}.", figures, None, source))
    gap = found.gap
    if (words := table.gap_words(found)) is not None and gap is not None:
        figures = {"cn": gap.score_a, "us": gap.score_b, "cn_place": gap.place_a, "us_place": gap.place_b}
        of = "" if row else f"By {name} of {whose} (as of {when}): "
        told.append(Sentence(f"{of}{words}", figures, None, source))
    basis = f"{name} of {whose}, {formats.plural(len(found.rows), 'model')}, {len(found.priced)} with a price"
    subject, what = f"{row.name if row else 'Value'}, {name}", f"value:{row.permaslug}" if row else "value"
    return Quotation(subject, tuple(told), None, basis, (), source, _command(f"quote {what}", snap, found))


def spoken(found: ValueList, row: ValueRow) -> str:
    """One model, without marks."""
    parts = [f"{benchmark_words(found.key)} {table.score_text(found.key, row.score)}"]
    if row.free:
        parts.append("free")
    elif row.blend is not None:
        parts.append(f"{formats.price(row.blend)} dollars per million tokens")
    parts += ["best value"] if row.best else [f"beaten by {row.beaten_by}"] if row.beaten_by else []
    if row.session_cost is not None:
        parts.append(f"{formats.price(row.session_cost)} dollars a session")
    return f"{row.name}: {', '.join(parts)}."


def explained(snap: Snapshot, found: ValueList, id_: str, term: str) -> Explanation | None:
    """A figure of a model, with what it is computed from; None where the row lacks it."""
    row = TOPIC.row(found, id_)
    if row is None or not _has(row, term):
        return None
    figure, exactly, numbers, inputs, left_out, others = _parts(found, row, term)
    day = found.sources[0].as_of if term in ("score", "step", "correct") else found.prices_seen
    if term == "session" and found.sessions is not None:
        day = found.sessions.as_of
    return explanation(
        term, row.name, None if day is None else day.date(), figure,
        exactly=exactly, numbers=numbers, inputs=inputs, left_out=left_out,
        basis=f"none: by {benchmark_words(found.key)} of {source_name(found.key.source)}",
        heads=("", "$ / M" if others else ""), alternatives=others, known=OUTSIDE,
        source=" ".join(table.citations(View(snap.source, snap.lens), found)),
        command=_command(f"explain {term}", snap, found),
    )  # fmt: skip


def _has(row: ValueRow, term: str) -> bool:
    """Whether a row has the figure of a term."""
    known = {
        "score": row.score,
        "blend": row.blend,
        "accuracy": row.accuracy,
        "correct": row.cost_per_correct,
        "session": row.session_cost,
        "step": row.placing,
    }
    return known[term] is not None


_Parts = tuple[str, str, str, tuple[str, ...], tuple[str, ...], tuple[WhatIf, ...]]


def _parts(found: ValueList, row: ValueRow, term: str) -> _Parts:
    """The figure, with all its digits, in numbers; its inputs, what is left out, what would change it."""
    match term:
        case "blend":
            return _blend(found, row)
        case "accuracy" if row.accuracy is not None:
            told = (f"{benchmark_words(ScoreKey('openrouter', found.task or ''))}, run by OpenRouter",)
            return f"{formats.percent(row.accuracy)} %", f"{row.accuracy:f}", "", told, (), ()
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


def _blend(found: ValueList, row: ValueRow) -> _Parts:
    figure, exactly = f"${formats.price(row.blend)}", f"${row.blend:f}"
    out = ("cached input, batch prices, writing to a cache; discounts are in the price",)
    if row.own_price or row.pricing is None:
        return figure, exactly, "", (f"{source_name(found.key.source)} states it: the catalogue has none",), out, ()
    share = Decimal(str(found.input))
    others = tuple(
        WhatIf("", f"{formats.part(other)} % input", "", f"${formats.price(blend(row.pricing, other))}")
        for other in SHARES
        if other != share
    )
    inputs = (f"the catalogue's price, {formats.part(share)} % input (setting value.input)",)
    return figure, exactly, blend_numbers(row.pricing, share), inputs, out, others


COSTS: Final = ("monthly", "each")
"""Figures of a habit."""


def habit_explained(snap: Snapshot, found: HabitList, row: HabitRow, term: str) -> Explanation | None:
    """What a habit costs with a model, of all its days or of one call or session; None where that is unknown."""
    habit, value = found.habit, row.monthly if term == "monthly" else row.each
    if value is None or row.each is None:
        return None
    count, inputs = (
        (habit.sessions, []) if isinstance(habit, SessionHabit) else (habit.calls, [prices_words(row.entry.pricing)])
    )
    if isinstance(habit, SessionHabit) and found.sessions is not None:
        days = formats.plural(found.sessions.days, "day")
        inputs.append(
            f"${row.each:f} a session: the median of {days} to {formats.day(found.sessions.window_end, year=True)}"
        )
    day = found.sessions.as_of if found.sessions is not None else found.prices_seen
    return explanation(
        term, row.name, None if day is None else day.date(), f"${formats.usd(value)}",
        head="$ a session" if term == "each" and isinstance(habit, SessionHabit) else "", exactly=f"${value:,.6f}",
        numbers=f"{habit.days} × {short_amount(count)} × ${row.each:.4f}" if term == "monthly" else "",
        inputs=[habits.words(habit, found.sessions), *inputs], left_out=("what your own work has of cached input and output",),
        basis="none: a habit is what you say it is (value.habit)",
        known="An estimate: medians do not add up to a mean, and list prices move.",
        source=" ".join(habits.sources(snap.source, found.prices_seen, found.sessions)),
        command=f"orwatch explain {term}{' --demo' if snap.source == 'demo' else ''}",
    )  # fmt: skip


def prices_words(pricing: Pricing) -> str:
    """`input $5.00, cached $0.50, output $25.00 a million`."""
    told = (("input", pricing.prompt), ("cached", pricing.cache_read), ("output", pricing.completion))
    known = (f"{name} ${formats.price(per_million(price))}" for name, price in told if price is not None)
    return f"{', '.join(known)} a million"


def blend_numbers(pricing: Pricing, share: Decimal) -> str:
    """`0.98 × $5.00 + 0.02 × $25.00`. share: of input."""
    given, output = (f"{per_million(price) or 0:f}" for price in (pricing.prompt, pricing.completion))
    return f"{share} × ${given} + {1 - share} × ${output}"


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


TOPIC: Topic[ValueList, ValueRow, table.ValueScale] = Topic(
    key="value",
    table=table.VALUE,
    rows=lambda found: found.rows,
    scale=table.scale,
    name=lambda row: row.name,
    sentence=lambda snap, found, row: table.sentence(View(snap.source, snap.lens), row, found),
    spoken=spoken,
    quote=quote,
    cites=lambda _, found: table.footers(found),
    report=lambda view, _, found, rows, more: (
        f"value-{found.key.name.replace('/', '-')}",
        table.report(view, found, rows, more),
    ),
    terms=TERMS,
    explain=explained,
)
