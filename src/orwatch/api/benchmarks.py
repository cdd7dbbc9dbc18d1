"""Scores of models, by the source that found them. Needs a key; the export of OpenRouter's own runs needs none."""

from __future__ import annotations

from itertools import chain
from typing import Any, Final

import msgspec
from msgspec import Struct

from orwatch.api import decode, exports
from orwatch.api.client import Answer, Client
from orwatch.api.decode import count, measure, need, text
from orwatch.domain.scores import AnalysisScores, OwnScores, Score, Scores
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


class _Leaderboard(msgspec.Struct):
    rows: list[msgspec.Raw]
    methodology: Any = None


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
    found = decode.items(data, lambda row: _scores(row, kind))
    every = chain.from_iterable(found)
    scores = decode.by_key(lambda score: (score.model, score.name, score.benchmark), every)
    citation = meta.get("citation")
    said = text(citation) if isinstance(citation, str) else None
    return ScoresAnswer(kind(as_of, said, len(data), tuple(scores.values())), len(data) - len(found))


def _scores(row: decode.Fields, kind: type[Scores]) -> list[Score]:
    """The figures of a row. UnreadableError where it has none, and where it is of another source."""
    if row.get("source") != kind.source():
        raise decode.UnreadableError
    model = need(text(row.get("model_permaslug")))
    name = text(row.get("display_name"), 120) or model
    if kind is OwnScores:
        # Search rows tell a primary score in place of the accuracy.
        accuracy = row.get("accuracy") if row.get("accuracy") is not None else row.get("primary_score")
        cost, tasks = row.get("avg_cost_per_task"), row.get("total_tasks")
        return [_own(model, name, row.get("benchmark_type"), accuracy, row.get("accuracy_stddev"), cost, tasks)]
    pricing = decode.table(row.get("pricing"))
    prices = decode.decimal(pricing.get("prompt")), decode.decimal(pricing.get("completion"))
    # Image models come at "0"/"0", which means unknown; a variant that is free says so in its name.
    prompt, completion = (
        prices if any(prices) and all(price is None or price >= 0 for price in prices) else (None, None)
    )
    figures: list[tuple[str, float | None, float | None]]
    if kind is AnalysisScores:
        figures = [(index, measure(row.get(f"{index}_index"), 100), None) for index in INDICES]
    else:
        category, arena = need(text(row.get("category"), 40)), row.get("arena")
        where = text(arena, 20) if isinstance(arena, str) else "models"
        won = measure(row.get("win_rate"), 100)
        benchmark = category if where == "models" else f"{where}/{category}"
        figures = [(benchmark, measure(row.get("elo"), _HIGHEST_ELO), None if won is None else won / 100)]
    found = [
        Score(model, name, benchmark, value, win_rate=rate, prompt=prompt, completion=completion)
        for benchmark, value, rate in figures
        if value is not None
    ]
    if not found:
        raise decode.UnreadableError
    return found


def _own(model: str, name: str, benchmark: Any, accuracy: Any, deviation: Any, cost: Any, tasks: Any) -> Score:
    return Score(
        model,
        name,
        need(text(benchmark, 60)),
        need(measure(accuracy, 1)),
        deviation=measure(deviation, 1),
        cost=decode.cost(cost),
        tasks=count(tasks),
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
    found = decode.items(export.rows, _line)
    scores = decode.by_key(lambda score: (score.model, score.benchmark), (score for score, auto in found if auto))
    method = text(export.methodology, 2000) if isinstance(export.methodology, str) else None
    rows, lost = len(export.rows), len(export.rows) - len(found)
    own = OwnScores(manifest.retrieved_at, manifest.attribution, rows, tuple(scores.values()), "export", method)
    return ScoresAnswer(own, lost)


def _line(row: decode.Fields) -> tuple[Score, bool]:
    """A row of the export, and whether it is of no single host."""
    model, costs = need(text(row.get("model_permaslug"))), ("avg_cost_per_task_usd", "total_questions")
    name = text(row.get("model_name"), 120) or model
    told = row.get("benchmark"), row.get("accuracy"), row.get("accuracy_std_dev"), *map(row.get, costs)
    return _own(model, name, *told), row.get("provider_name") in (None, AUTO_ROUTED)
