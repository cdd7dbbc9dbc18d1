"""Scores of models, by the source that found them. Needs a key; the export of OpenRouter's own runs needs none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec
from msgspec import Struct

from orwatch.api import decode, exports
from orwatch.api.client import Answer, Client
from orwatch.domain.foreign_text import clean
from orwatch.domain.scores import AnalysisScores, ArenaScores, OwnScores, Score, Scores
from orwatch.errors import AnswerError

PATH: Final = "/benchmarks"
LEADERBOARD: Final = "benchmark-leaderboard"
"""The public export of OpenRouter's own runs."""
INDICES: Final = ("intelligence", "coding", "agentic")
AUTO_ROUTED: Final = "auto-routing"
"""The provider of the export's rows that are of no single host."""
_HIGHEST_ELO = 10_000


class ScoresAnswer(Struct, frozen=True):
    """What an answer holds. lost: rows of kinds that orwatch does not know, or that could not be read; they are left out."""

    scores: Scores
    lost: int = 0


class _ScoreRow(msgspec.Struct):
    """A row of any source."""

    model_permaslug: str
    display_name: Any = None
    source: Any = None
    benchmark_type: Any = None
    intelligence_index: Any = None
    coding_index: Any = None
    agentic_index: Any = None
    arena: Any = None
    category: Any = None
    elo: Any = None
    win_rate: Any = None
    accuracy: Any = None
    accuracy_stddev: Any = None
    primary_score: Any = None
    avg_cost_per_task: Any = None
    total_tasks: Any = None
    pricing: Any = None


class _LeaderboardRow(msgspec.Struct):
    """A row of the export."""

    model_permaslug: str
    benchmark: str
    accuracy: Any
    model_name: Any = None
    provider_name: Any = None
    accuracy_std_dev: Any = None
    avg_cost_per_task_usd: Any = None
    total_questions: Any = None


class _Leaderboard(msgspec.Struct):
    rows: list[msgspec.Raw]
    methodology: Any = None


_ROW, _LINE = decode.decoder(_ScoreRow), decode.decoder(_LeaderboardRow)
_EXPORT = decode.decoder(_Leaderboard)


async def fetch(client: Client, kind: type[Scores]) -> tuple[ScoresAnswer, Answer]:
    """All scores of one source. Raises as `Client.get` does."""
    answer = await client.get(PATH, {"source": kind.source()}, keyed=True)
    return read(answer.body, kind), answer


def read(body: bytes, kind: type[Scores]) -> ScoresAnswer:
    """The answer of `/benchmarks` for one source.

    Left out: rows of another source or of an unknown kind, without a model, and figures that are none.
    """
    data, meta, as_of = decode.figures(body, "benchmarks")
    scores: dict[tuple[str, str, str], Score] = {}
    lost = 0
    for raw in data:
        row = decode.item(raw, _ROW)
        found = [] if row is None or row.source != kind.source() else list(_scores(row, kind))
        lost += not found
        for score in found:
            scores.setdefault((score.model, score.name, score.benchmark), score)
    credit = meta.get("citation")
    citation = clean(credit) if isinstance(credit, str) else None
    return ScoresAnswer(kind(as_of, citation, len(data), tuple(scores.values())), lost)


def _scores(row: _ScoreRow, kind: type[Scores]) -> Iterator[Score]:
    """The figures of a row; none where it has none that can be read."""
    model = clean(row.model_permaslug, 200)
    if not model:
        return
    name = clean(row.display_name, 120) if isinstance(row.display_name, str) else ""
    pricing = decode.table(row.pricing)
    prices = decode.decimal(pricing.get("prompt")), decode.decimal(pricing.get("completion"))
    # Image models come at "0"/"0", which means unknown; a variant that is free says so in its name.
    prompt, completion = (
        prices if any(prices) and all(price is None or price >= 0 for price in prices) else (None, None)
    )
    if kind is AnalysisScores:
        given = (row.intelligence_index, row.coding_index, row.agentic_index)
        for benchmark, figure in zip(INDICES, given, strict=True):
            if (value := decode.measure(figure, 100)) is not None:
                yield Score(model, name or model, benchmark, value, prompt=prompt, completion=completion)
    elif kind is ArenaScores:
        elo, won = decode.measure(row.elo, _HIGHEST_ELO), decode.measure(row.win_rate, 100)
        category = clean(row.category, 40) if isinstance(row.category, str) else ""
        arena = clean(row.arena, 20) if isinstance(row.arena, str) else "models"
        if elo is not None and category:
            benchmark = category if arena == "models" else f"{arena}/{category}"
            rate = None if won is None else won / 100
            yield Score(model, name or model, benchmark, elo, win_rate=rate, prompt=prompt, completion=completion)
    elif kind is OwnScores:
        # Search rows tell a primary score in place of the accuracy.
        value = decode.measure(row.accuracy if row.accuracy is not None else row.primary_score, 1)
        benchmark = clean(row.benchmark_type, 60) if isinstance(row.benchmark_type, str) else ""
        if value is not None and benchmark:
            yield _own(model, name, benchmark, value, row.accuracy_stddev, row.avg_cost_per_task, row.total_tasks)


def _own(model: str, name: str, benchmark: str, value: float, deviation: Any, cost: Any, tasks: Any) -> Score:
    spent = decode.decimal(cost)
    return Score(
        model,
        name or model,
        benchmark,
        value,
        deviation=decode.measure(deviation, 1),
        cost=spent if spent is not None and spent >= 0 else None,
        tasks=decode.count(tasks),
    )


async def fetch_leaderboard(client: Client, etag: str | None = None) -> tuple[ScoresAnswer | None, Answer]:
    """OpenRouter's own runs from the newest public export, or None where its manifest's ETag still holds."""
    manifest, answer = await exports.latest(client, etag, dataset=LEADERBOARD)
    if manifest is None:
        return None, answer
    if manifest.json is None:
        raise AnswerError("The manifest of the benchmark leaderboard names no JSON file; update orwatch.")
    body = await exports.vouched(client, manifest.json, f"{manifest.snapshot_date}.json")
    return read_leaderboard(body, manifest), answer


def read_leaderboard(body: bytes, manifest: exports.Manifest) -> ScoresAnswer:
    """The JSON of the export. Rows of single hosts, and those that cannot be read, are left out; only the latter are lost."""
    export = decode.parse(body, _EXPORT, "benchmark leaderboard")
    lines = [decode.item(raw, _LINE) for raw in export.rows]
    scores: dict[tuple[str, str], Score] = {}
    lost = 0
    for line in lines:
        value = None if line is None else decode.measure(line.accuracy, 1)
        model, benchmark = ("", "") if line is None else (clean(line.model_permaslug, 200), clean(line.benchmark, 60))
        if line is None or value is None or not model or not benchmark:
            lost += 1
        elif line.provider_name in (None, AUTO_ROUTED):
            name = clean(line.model_name, 120) if isinstance(line.model_name, str) else ""
            costs = line.accuracy_std_dev, line.avg_cost_per_task_usd, line.total_questions
            scores.setdefault((model, benchmark), _own(model, name, benchmark, value, *costs))
    method = clean(export.methodology, 2000) if isinstance(export.methodology, str) else None
    found = tuple(scores.values())
    own = OwnScores(manifest.retrieved_at, manifest.attribution, len(lines), found, "export", method)
    return ScoresAnswer(own, lost)
