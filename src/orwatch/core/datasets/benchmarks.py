"""Scores of models by source, twice a day with a key; without one what the catalogue and a public export tell, daily."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from orwatch.api import benchmarks
from orwatch.api.benchmarks import LEADERBOARD, ScoresAnswer
from orwatch.core.datasets.dataset import Dataset, DatasetRefresh
from orwatch.domain.scores import SOURCES, AnalysisScores, ArenaScores, Benchmarks, Score, Scores
from orwatch.errors import AnswerError


async def _fetch(refresh: DatasetRefresh) -> None:
    """Each source by itself: one that cannot be read stops no other."""
    failure = None
    for kind in SOURCES:
        try:
            found, answer = await benchmarks.fetch(refresh.client, kind)
            refresh.answered(answer, found.scores.as_of)
            await _keep(refresh, found)
        except AnswerError as error:
            failure = failure or error
    refresh.note_asked()
    if failure is not None:
        raise failure


async def _fetch_keyless(refresh: DatasetRefresh) -> None:
    """OpenRouter's own runs from the export, by its ETag; of the others what the catalogue in the cache repeats."""
    listed = refresh.cache.catalogue.all_benchmarks()
    seen = refresh.cache.catalogue.seen_at()
    for kind in (AnalysisScores, ArenaScores) if seen is not None else ():
        scores = tuple(score for id_, (name, known) in listed.items() for score in _listed(kind, id_, name, known))
        if scores and seen is not None:
            await _keep(refresh, ScoresAnswer(kind(seen, None, len(listed), scores, "catalogue")))
    found, answer = await benchmarks.fetch_leaderboard(refresh.client, refresh.cache.journal.etag(LEADERBOARD))
    refresh.answered(answer, None if found is None else found.scores.as_of)
    if found is None:
        refresh.not_modified += 1
    else:
        await _keep(refresh, found)
        refresh.cache.journal.put_etag(LEADERBOARD, answer.etag, refresh.now)
    refresh.note_asked()


async def _keep(refresh: DatasetRefresh, found: ScoresAnswer) -> None:
    taken = found.scores
    if taken.scores:
        await refresh.put_snapshot(taken, taken.as_of.date().isoformat(), taken.as_of, len(taken.scores))
    refresh.note_lost(found.lost)


def _listed(kind: type[Scores], permaslug: str, name: str, known: Benchmarks) -> list[Score]:
    if kind is AnalysisScores:
        return [Score(permaslug, name, index.name, index.value) for index in known.indices]
    arena = [score for score in known.arena if score.elo is not None]
    return [
        Score(
            permaslug,
            name,
            score.category if score.arena == "models" else f"{score.arena}/{score.category}",
            score.elo or 0.0,
            win_rate=score.win_rate,
        )
        for score in arena
    ]


BENCHMARKS: Final = Dataset("benchmarks", True, timedelta(hours=12), _fetch, share=6)
KEYLESS: Final = Dataset("benchmark-leaderboard", False, timedelta(days=1), _fetch_keyless, share=0)
