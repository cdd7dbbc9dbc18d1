"""The benchmarks that the newest catalogue repeats of its models, as JSON lists of lists."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from orwatch.domain.benchmarks import ArenaScore, Benchmarks, Index
from orwatch.domain.catalogue import CatalogueModel


def put(connection: sqlite3.Connection, models: Iterable[CatalogueModel]) -> None:
    """Store what the entries say in place of what they said; those whose benchmarks were not read (None) keep theirs."""
    read = [(model.id, model.benchmarks) for model in models if model.benchmarks is not None]
    connection.executemany("DELETE FROM benchmark WHERE model_id = ?", [(id_,) for id_, _ in read])
    connection.executemany(
        "INSERT INTO benchmark VALUES (?, ?, ?)",
        [
            (
                id_,
                json.dumps([[s.arena, s.category, s.rank, s.elo, s.win_rate] for s in found.arena]),
                json.dumps([[index.name, index.value] for index in found.indices]),
            )
            for id_, found in read
            if found
        ],
    )


def read(connection: sqlite3.Connection, model_id: str) -> Benchmarks:
    """The benchmarks of a model; empty where none are known."""
    row = connection.execute("SELECT arena, indices FROM benchmark WHERE model_id = ?", (model_id,)).fetchone()
    if row is None:
        return Benchmarks()
    arena, indices = (json.loads(text) for text in row)
    return Benchmarks(tuple(ArenaScore(*score) for score in arena), tuple(Index(*index) for index in indices))
