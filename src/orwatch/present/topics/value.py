"""Quality beside price: a model in sentences to print and to hear, its scores, blends and costs explained."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from orwatch.domain.catalogue import Pricing, per_million
from orwatch.domain.habit import SessionHabit, short_amount
from orwatch.domain.overview import Snapshot
from orwatch.domain.value import HabitList, HabitRow, ScoreKey, ValueList, ValueRow, blend
from orwatch.present import formats
from orwatch.present.benchmarks import OUTSIDE, benchmark_words, source_name
from orwatch.present.explain import Explanation, WhatIf, Worked, explanation
from orwatch.present.quote import Quotation
from orwatch.present.report import View
from orwatch.present.sentences import Sentence
from orwatch.present.tables import habit as habits
from orwatch.present.tables import value as table
from orwatch.present.topics.topic import Topic

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
    return Quotation(
        subject=subject,
        sentences=tuple(told),
        basis=basis,
        source=source,
        command=_command(f"quote {what}", snap, found),
    )


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
    told = None if row is None else WORKED[term](found, row)
    if row is None or told is None:
        return None
    day = found.sources[0].as_of if term in ("score", "step", "correct") else found.prices_seen
    if term == "session" and found.sessions is not None:
        day = found.sessions.as_of
    return explanation(
        term, row.name, None if day is None else day.date(), told,
        basis=f"none: by {benchmark_words(found.key)} of {source_name(found.key.source)}",
        heads=("", "$ / M" if told.alternatives else ""), known=OUTSIDE,
        source=" ".join(table.citations(View(snap.source, snap.lens), found)),
        command=_command(f"explain {term}", snap, found),
    )  # fmt: skip


def _score(found: ValueList, row: ValueRow) -> Worked:
    left_out = ("other scores of the model: sources are never averaged",)
    stated = [f"{source_name(found.key.source)} states it"]
    return Worked(table.score_text(found.key, row.score), f"{row.score}", inputs=stated, left_out=left_out)


def _blend(found: ValueList, row: ValueRow) -> Worked | None:
    if row.blend is None:
        return None
    figure, exactly = f"${formats.price(row.blend)}", f"${row.blend:f}"
    left_out = ("cached input, batch prices, writing to a cache; discounts are in the price",)
    if row.own_price or row.pricing is None:
        stated = [f"{source_name(found.key.source)} states it: the catalogue has none"]
        return Worked(figure, exactly, inputs=stated, left_out=left_out)
    share = Decimal(str(found.input))
    others = [
        WhatIf("", f"{formats.part(other)} % input", "", f"${formats.price(blend(row.pricing, other))}")
        for other in SHARES
        if other != share
    ]
    inputs = [f"the catalogue's price, {formats.part(share)} % input (setting value.input)"]
    return Worked(figure, exactly, blend_numbers(row.pricing, share), inputs, left_out, others)


def _accuracy(found: ValueList, row: ValueRow) -> Worked | None:
    if row.accuracy is None:
        return None
    figure = f"{formats.percent(row.accuracy)} %"
    return Worked(figure, f"{row.accuracy:f}", inputs=[f"{_task(found)}, run by OpenRouter"])


def _correct(found: ValueList, row: ValueRow) -> Worked | None:
    cost = row.cost_per_correct
    if cost is None:
        return None
    inputs = [f"{_task(found)}: cost of a task, fraction of right answers"]
    return Worked(f"${formats.price(cost)}", f"${cost:.6f}", f"${row.cost_per_task:f} ÷ {row.accuracy}", inputs)


def _task(found: ValueList) -> str:
    return benchmark_words(ScoreKey("openrouter", found.task or ""))


def _session(found: ValueList, row: ValueRow) -> Worked | None:
    cost, window = row.session_cost, found.sessions
    if cost is None or window is None:
        return None
    cell = f"{window.harness_name}, {habits.turn_words(window.turns)}"
    inputs = [f"{cell}: the median of {window.days} days to {formats.day(window.window_end, year=True)}"]
    left_out = ["how many sessions there were, and how far they spread: it is not published"]
    return Worked(f"${cost:.4f}", f"${cost:f}", "", inputs, left_out)


def _step(found: ValueList, row: ValueRow) -> Worked | None:
    where = row.placing
    if where is None:
        return None
    other = next((one for one in found.rows if one.permaslug == (where.beaten_by or where.over)), None)
    text = "".join(piece for piece, _ in table.step_words(row, found.key, 40))
    if other is None:
        return Worked(text, inputs=["no model with a price is cheaper and has the score"])
    score, theirs = (table.score_text(found.key, one.score) for one in (row, other))
    price, its = (f"${formats.price(one.blend)}" for one in (row, other))
    if where.beaten_by is not None:
        numbers = f"{theirs} against {score}; {its} against {price}"
        return Worked(f"beaten by {other.name}", "", numbers, ["the cheapest of those that are as good"])
    inputs = [f"the next cheaper best: {other.name}"]
    return Worked(text, "", f"{score} − {theirs}; {price} ÷ {its}", inputs, ["free models stand apart"])


WORKED: Final[Mapping[str, Callable[[ValueList, ValueRow], Worked | None]]] = {
    "score": _score,
    "blend": _blend,
    "accuracy": _accuracy,
    "correct": _correct,
    "session": _session,
    "step": _step,
}
"""The figures of a model by term; None where it lacks one."""


COSTS: Final = ("monthly", "each")
"""Figures of a habit."""


def habit_explained(snap: Snapshot, found: HabitList, row: HabitRow, term: str) -> Explanation | None:
    """What a habit costs with a model, of all its days or of one call or session; None where that is unknown."""
    habit, sessions, value = found.habit, found.sessions, row.monthly if term == "monthly" else row.each
    if value is None or row.each is None:
        return None
    by_session = isinstance(habit, SessionHabit)
    count, inputs = (
        (habit.sessions, []) if isinstance(habit, SessionHabit) else (habit.calls, [prices_words(row.entry.pricing)])
    )
    if by_session and sessions is not None:
        end = formats.day(sessions.window_end, year=True)
        inputs.append(f"${row.each:f} a session: the median of {formats.plural(sessions.days, 'day')} to {end}")
    day = sessions.as_of if sessions is not None else found.prices_seen
    told = Worked(
        f"${formats.usd(value)}",
        f"${value:,.6f}",
        f"{habit.days} × {short_amount(count)} × ${row.each:.4f}" if term == "monthly" else "",
        [habits.words(habit, sessions), *inputs],
        ("what your own work has of cached input and output",),
    )
    return explanation(
        term, row.name, None if day is None else day.date(), told,
        head="$ a session" if term == "each" and by_session else "",
        basis="none: a habit is what you say it is (value.habit)",
        known="An estimate: medians do not add up to a mean, and list prices move.",
        source=" ".join(habits.sources(snap.source, found.prices_seen, sessions)),
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
    terms=tuple(WORKED),
    explain=explained,
)
