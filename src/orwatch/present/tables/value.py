"""Quality beside price: models by one score, the best value first, then those that another beats, then those without a price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from orwatch.domain.scores import Scores
from orwatch.domain.value import ScoreKey, ValueList, ValueRow
from orwatch.present import cells, formats
from orwatch.present.benchmarks import OUTSIDE, benchmark_words, cited_as, credit, source_name
from orwatch.present.citation import LICENSED, MODELS, PAGE
from orwatch.present.report import TABLE_ROWS, Report, View, bare_meta
from orwatch.present.table import Column, Pieces, Table, fields
from orwatch.present.tables.habit import sources, turn_words

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
    """Of the best what the next cheaper one lacks and saves, of the others who beats them."""
    where = row.placing
    if where is None:
        return [("free" if row.free else "unknown", "dim")]
    if row.beaten_by is not None:
        return [(formats.middle_cut(row.beaten_by, width), "dim")]
    if where.points is None:
        return [("cheapest", "dim")]
    gained = f"+{score_text(key, where.points)}"
    return [(gained, "text"), (" for ", "dim"), (formats.multiple(where.factor), "text"), (" ×", "text")]


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
            facts=("beaten_by", "step_points", "step_factor"),
        ),
    )  # fmt: skip


VALUE: Table[ValueRow, ValueScale] = Table(
    key="value",
    title="Value",
    noun="model",
    facts=_facts,
    row_id=lambda row: row.permaslug,
    asked=lambda row: row.facts,
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
    named = ", ".join(f"{row.name} {score_text(found.key, row.score)}" for row in first[:FREE_NAMED])
    more = f" and {len(first) - FREE_NAMED} more" if len(first) > FREE_NAMED else ""
    return f"Free to call too, kept apart: {named}{more}."


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


def citations(view: View, found: ValueList, *, licensed: bool = False) -> list[str]:
    """The lines that name every source. licensed: with the licence, where the source has one."""
    out = [
        credit(source) + (f" {LICENSED}" if licensed and source.whence != "catalogue" else "")
        for source in found.sources
    ]
    return [*out, *sources(view.source, found.prices_seen, found.sessions, licensed=licensed)]


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
        scale=scale(found),
        meta=meta
        | {
            "citation": " ".join(citations(view, found)),
            "score": found.key,
            "sources": [_source_facts(source) for source in found.sources],
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
        credit=" ".join(citations(view, found, licensed=True)),
    )


def _source_facts(source: Scores) -> dict[str, Any]:
    return {
        "source": source.source(),
        "as_of": source.as_of,
        "from": source.whence,
        "citation": credit(source),
        "may_be_cut": source.may_be_cut,
    }


def sentence(view: View, row: ValueRow, found: ValueList) -> str:
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
    return f"{', '.join(parts)}. {' '.join(citations(view, found))}"
