"""Quality beside price: models by one score, the best value first, then those that another beats, then those without a price."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct

from orwatch.domain.overview import Snapshot
from orwatch.domain.value import ScoreKey, ValueList, ValueRow, blend
from orwatch.present import cells, formats, sentences
from orwatch.present.benchmarks import OUTSIDE, benchmark_words, cited_as, credit, source_name
from orwatch.present.citation import LICENSED, MODELS, PAGE
from orwatch.present.explain import Explanation, WhatIf, Worked, blend_numbers, explanation
from orwatch.present.quote import Quotation
from orwatch.present.report import TABLE_ROWS, Report, View, bare_meta
from orwatch.present.sentences import Sentence
from orwatch.present.table import Column, Pieces, Table, fields, width_of
from orwatch.present.tables.habit import sources, turn_words
from orwatch.present.topic import Topic

GROUPS: Final = ("best", "beaten", "unpriced", "free")
FREE_NAMED: Final = 3
"""Models with a free variant that are named below the table."""


class ValueScale(Struct, frozen=True):
    """What the cells are measured by. key: the score. task: the benchmark whose tasks are priced, empty where there is none.

    base: permaslug of the base. longest: cells of a name. sessions: costs of sessions are known.
    """

    key: ScoreKey = ScoreKey("artificial-analysis", "intelligence")
    task: str = "gpqa_diamond"
    base: str | None = None
    longest: int = 22
    sessions: bool = True


def scale(found: ValueList) -> ValueScale:
    """The scale of a list."""
    longest = max((formats.cell_width(row.name) for row in found.rows[:40]), default=12)
    return ValueScale(found.key, found.task or "", found.base, longest, found.sessions is not None)


def group_of(row: ValueRow) -> str:
    """One of `GROUPS`."""
    return "free" if row.free else "unpriced" if row.placing is None else "best" if row.best else "beaten"


def score_text(key: ScoreKey, value: float) -> str:
    """A score, or the points between two, as its source gives it: an index with a place, a rating without, answers in percent."""
    if key.source == "openrouter":
        return formats.percent(value)
    return f"{value:.0f}" if key.source == "design-arena" else f"{value:.1f}"


def score_head(key: ScoreKey) -> str:
    """The head of a score: `Index`, `Elo`, `GPQA %`."""
    if key.source == "openrouter":
        return f"{benchmark_words(key)} %"
    return "Elo" if key.source == "design-arena" else "Index"


def _mark(row: ValueRow, _: int) -> Pieces:
    if row.placing is None:
        return cells.NOTHING
    return [("●" if row.best else "○", cells.country_role(row.country))]


def step_words(row: ValueRow, key: ScoreKey, width: int) -> Pieces:
    """Of the best what the next cheaper one lacks and saves, in few cells shorter; of the others who beats them."""
    where = row.placing
    if where is None:
        return [("free" if row.free else "unknown", "dim")]
    if row.beaten_by is not None:
        return [(formats.middle_cut(row.beaten_by, width), "dim")]
    if where.points is None:
        return [("cheapest", "dim")]
    points, factor = score_text(key, where.points), formats.multiple(where.factor)
    ways = ((points, " ×"), (points, "×"), (f"{float(points):.0f}", "×"))
    told = [[(f"+{gained}", "text"), (" for ", "dim"), (factor, "text"), (times, "text")] for gained, times in ways]
    return next((pieces for pieces in told if width_of(pieces) <= width), told[-1])


def _facts(row: ValueRow) -> Mapping[str, Any]:
    where = row.placing
    return {
        **fields(row, "permaslug", "name", "country", "scores", "score", "blend"),
        "blend_source": None if row.blend is None else "score" if row.own_price else "catalogue",
        "free": row.free,
        "best_value": None if where is None else where.best,
        "beaten_by": None if where is None else where.beaten_by,
        "step_points": None if where is None or where.points is None else round(where.points, 6),
        "step_factor": None if where is None else where.factor,
        **fields(row, "ratio", "accuracy", "cost_per_task", "cost_per_correct", "session_cost"),
    }


def _columns(scale: ValueScale) -> tuple[Column[ValueRow], ...]:
    key, task, longest = scale.key, ScoreKey("openrouter", scale.task), min(34, scale.longest)

    def blend(row: ValueRow, _: int) -> Pieces:
        if row.blend is None:
            return [("free " if row.free else f"{formats.NO_DATA} ", "dim" if row.free else "faint")]
        return [(f"{formats.price(row.blend)}*", "dim")] if row.own_price else cells.price(row.blend)

    return (
        Column("best", "", 1, _mark, right=False, gap=0, facts=("best_value",)),
        cells.country_column(lambda row: row.country),
        cells.name_column(lambda row: row.name, min(22, longest), max(12, longest)),
        Column(
            "score", score_head(key), max(7, len(score_head(key)) + 2), lambda row, _: [(score_text(key, row.score), "text")],
            gap=1, sort="score",
        ),
        Column("blend", "$ / M ", 7, blend, gap=1, sort="blend"),
        Column(
            "ratio", "× base", 7, lambda row, _: cells.base_ratio(row.ratio, base=row.permaslug == scale.base),
            gap=1, give_up=5, term="base",
        ),
        Column(
            "accuracy", score_head(task), 7, lambda row, _: cells.percent(row.accuracy),
            gap=1, give_up=2, shown=bool(scale.task) and key.source != "openrouter",
        ),
        Column(
            "correct", "$ correct", 9, lambda row, _: cells.number(row.cost_per_correct, 4), gap=1, give_up=3,
            sort="correct", facts=("cost_per_task", "cost_per_correct"), shown=bool(scale.task),
        ),
        Column(
            "session", "$ session", 9, lambda row, _: cells.number(row.session_cost, 3), gap=1, give_up=4,
            sort="session", facts=("session_cost",), shown=scale.sessions,
        ),
        Column(
            "step", "step up", 14, lambda row, width: step_words(row, key, width), right=False, gap=2, grow=True, most=24,
            give_up=9, facts=("beaten_by", "step_points", "step_factor"),
        ),
    )  # fmt: skip


VALUE: Table[ValueRow, ValueScale] = Table(
    key="value",
    title="Value",
    noun="model",
    facts=_facts,
    row_id=lambda row: row.permaslug,
    asked=lambda row: (row.facts,),
    sorts={
        "name": lambda row: row.name.casefold(),
        "score": lambda row: -row.score,
        "blend": lambda row: row.blend,
        "correct": lambda row: row.cost_per_correct,
        "session": lambda row: row.session_cost,
    },
    default_sort="score",
    columns=_columns,
    scale=ValueScale(),
)


def heading(found: ValueList) -> list[str]:
    """What stands at the right end of the title: the score, how many models, the days of scores and prices."""
    priced = len(found.priced)
    days = [f"scores {formats.day(found.sources[0].as_of.date())}"]
    if found.prices_seen is not None:
        days.append(f"prices {formats.day(found.prices_seen.date())}")
    return [
        benchmark_words(found.key),
        f"{formats.plural(len(found.rows), 'model')}, {priced} with a price",
        ", ".join(days),
    ]


def gap_words(found: ValueList) -> str | None:
    """`Best CN is 5th: Kimi K3 59.7 against US 63.1, 3.4 points`; None where one of them has no model."""
    gap = found.gap
    if gap is None:
        return None
    names = {row.permaslug: row.name for row in found.rows}
    ahead = gap.score_a >= gap.score_b
    side, other = ("US", "CN") if ahead else ("CN", "US")
    slug, place, low, high = (
        (gap.b, gap.place_b, gap.score_b, gap.score_a) if ahead else (gap.a, gap.place_a, gap.score_a, gap.score_b)
    )
    low_text, high_text, points = (score_text(found.key, value) for value in (low, high, high - low))
    return f"Best {side} is {formats.ordinal(place)}: {names[slug]} {low_text} against {other} {high_text}, {points} points."


def free_words(found: ValueList) -> str | None:
    """Which of the models are free to call as well; None where none is."""
    if not found.also_free:
        return None
    first = sorted(found.also_free, key=lambda row: -row.score)
    named = sentences.counted((f"{row.name} {score_text(found.key, row.score)}" for row in first), FREE_NAMED)
    return f"Free to call too, kept apart: {named}."


def notes(found: ValueList) -> list[str]:
    """What is to be known of the figures, a sentence each."""
    share = formats.percent(found.input, 0)
    out = [f"$ / M: USD per million tokens, {share} % input, nothing cached, at the prices of the catalogue."]
    if any(row.own_price for row in found.rows):
        out.append(
            f"* price as {source_name(found.key.source)} states it: the catalogue has none, so the model is not ranked."
        )
    if (gap := gap_words(found)) is not None:
        out.append(gap)
    if (free := free_words(found)) is not None:
        out.append(free)
    if found.sessions is not None:
        name, turns = found.sessions.harness_name, turn_words(found.sessions.turns)
        out.append(
            f"$ session: median with {name}, {turns}, 30 days to {formats.day(found.sessions.window_end, year=True)}."
        )
    out.append(OUTSIDE)
    return out


def warnings(found: ValueList, more: str) -> list[str]:
    """What is missing. more: what a key would add, empty where there is one."""
    out = [
        f"{source_name(source.source())} gave a round number of rows: there may be more of them."
        for source in found.sources
        if source.may_be_cut and source.whence == "api"
    ]
    if found.sessions is None:
        key = " a key adds them (`orwatch key set`)." if more else " run `orwatch poll`."
        out.append(f"No costs of sessions are kept:{key}")
    if found.task is None:
        out.append("No runs of OpenRouter's own are kept, so what a right answer costs is unknown: run `orwatch poll`.")
    if found.unmatched:
        out.append(f"{formats.plural(found.unmatched, 'model')} of the source are not in the catalogue.")
    return out


def citations(source: str, found: ValueList, *, licensed: bool = False) -> list[str]:
    """The lines that name every source. licensed: with the licence, where the source has one."""
    out = [
        credit(scores) + (f" {LICENSED}" if licensed and scores.whence != "catalogue" else "")
        for scores in found.sources
    ]
    return [*out, *sources(source, found.prices_seen, found.sessions, licensed=licensed)]


def footers(found: ValueList) -> tuple[str, str, str]:
    """The sources in a line, at length, short, and shortest."""
    names = ", ".join(cited_as(source.source()).removesuffix(" (openrouter.ai)") for source in found.sources)
    scores = f"scores {formats.day(found.sources[0].as_of.date())}"
    seen = "" if found.prices_seen is None else formats.day(found.prices_seen.date())
    first = cited_as(found.key.source).partition("(")[2].rstrip(")")
    prices = (f". Prices: {MODELS}, {seen}", f", prices {seen}") if seen else ("", "")
    short = f"{first} via OpenRouter, {scores}{prices[1]}"
    return f"Source: {names} via OpenRouter ({PAGE}){prices[0]}", short, f"{first} via OpenRouter{prices[1]}"


def report(
    view: View, found: ValueList, rows: Sequence[ValueRow], more: str = "", columns: Sequence[str] = ()
) -> Report:
    """Quality beside price. rows: those to show, in order. more: what a key would add. columns: by name, those chosen."""
    as_of = found.sources[0].as_of
    sessions, gap = found.sessions, found.gap
    meta = bare_meta(view, as_of)
    return Report(
        VALUE,
        tuple(rows),
        name=f"value-{found.key.name}",
        scale=scale(found),
        meta=meta
        | {
            "citation": " ".join(citations(view.source, found)),
            "score": found.key,
            "sources": [
                {
                    "source": source.source(),
                    "as_of": source.as_of,
                    "from": source.whence,
                    "citation": credit(source),
                    "may_be_cut": source.may_be_cut,
                }
                for source in found.sources
            ],
            "task": found.task,
            "session": None if sessions is None else fields(sessions, "harness", "turns", "window_end"),
            "input_share": found.input,
            "models": len(found.rows),
            "priced": len(found.priced),
            "unmatched": found.unmatched,
            "gap": None
            if gap is None
            else {"cn": gap.a, "us": gap.b, "cn_score": gap.score_a, "us_score": gap.score_b}
            | {"cn_place": gap.place_a, "us_place": gap.place_b},
            "baseline": found.base,
            "prices_seen": found.prices_seen,
            "warnings": [*meta["warnings"], *warnings(found, more)],
        },
        title=f"Value · {' · '.join(heading(found))} · base {found.base_name or 'none'}",
        notes=tuple(notes(found)),
        columns=tuple(columns),
        first=TABLE_ROWS,
        credit=" ".join(citations(view.source, found, licensed=True)),
    )


def sentence(snap: Snapshot, found: ValueList, row: ValueRow) -> str:
    """One model's score and price, with every source."""
    score = f"{score_text(found.key, row.score)}{' %' if found.key.source == 'openrouter' else ''}"
    of = f"{benchmark_words(found.key)} of {source_name(found.key.source)}"
    parts = [f"{row.name} ({row.permaslug}): {of} {score}"]
    if row.blend is not None and not row.own_price:
        parts.append(f"{formats.price(row.blend)} USD per million tokens ({formats.percent(found.input, 0)} % input)")
    if row.placing is not None:
        beaten = "" if row.beaten_by is None else f"beaten by {row.beaten_by}"
        parts.append(beaten or "best value: no other is as good and no dearer")
    if row.session_cost is not None and found.sessions is not None:
        parts.append(f"{row.session_cost:.4f} USD a session of {found.sessions.harness_name}")
    return f"{', '.join(parts)}. {' '.join(citations(snap.source, found))}"


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
    source = " ".join(citations(snap.source, found))
    name, whose = benchmark_words(found.key), source_name(found.key.source)
    unit = " %" if found.key.source == "openrouter" else ""
    when = formats.day_in_full(found.sources[0].as_of.date())
    told = []
    if row is not None:
        score = f"{score_text(found.key, row.score)}{unit}"
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
    if (words := gap_words(found)) is not None and gap is not None:
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
    parts = [f"{benchmark_words(found.key)} {score_text(found.key, row.score)}"]
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
        source=" ".join(citations(snap.source, found)),
        command=_command(f"explain {term}", snap, found),
    )  # fmt: skip


def _score(found: ValueList, row: ValueRow) -> Worked:
    left_out = ("other scores of the model: sources are never averaged",)
    stated = [f"{source_name(found.key.source)} states it"]
    return Worked(score_text(found.key, row.score), f"{row.score}", inputs=stated, left_out=left_out)


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
    cell = f"{window.harness_name}, {turn_words(window.turns)}"
    inputs = [f"{cell}: the median of {window.days} days to {formats.day(window.window_end, year=True)}"]
    left_out = ["how many sessions there were, and how far they spread: it is not published"]
    return Worked(f"${cost:.4f}", f"${cost:f}", "", inputs, left_out)


def _step(found: ValueList, row: ValueRow) -> Worked | None:
    where = row.placing
    if where is None:
        return None
    other = next((one for one in found.rows if one.permaslug == (where.beaten_by or where.over)), None)
    text = "".join(piece for piece, _ in step_words(row, found.key, 40))
    if other is None:
        return Worked(text, inputs=["no model with a price is cheaper and has the score"])
    score, theirs = (score_text(found.key, one.score) for one in (row, other))
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


TOPIC: Topic[ValueList, ValueRow, ValueScale] = Topic(
    key="value",
    table=VALUE,
    rows=lambda found: found.rows,
    scale=scale,
    name=lambda row: row.name,
    sentence=sentence,
    spoken=spoken,
    quote=quote,
    cites=lambda _, found: footers(found),
    report=lambda view, _, found, rows, more: report(view, found, rows, more),
    terms=tuple(WORKED),
    explain=explained,
)
