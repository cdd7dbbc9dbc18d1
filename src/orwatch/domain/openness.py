"""How a period's tokens split by whether the weights of the model are published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from orwatch.domain.records import OTHER
from orwatch.domain.views.overview import ModelRow, Snapshot

OPEN: Final = "open"
CLOSED: Final = "closed"


class OpennessRow(Struct, frozen=True):
    """key: `open`, `closed`; None: models that are in no catalogue; `other`: all outside the basis.

    share_of_all: a fraction of all tokens; share_of_known: of open and closed together, None for the others. models: rows of the
    basis in it, None for `other`.
    """

    key: str | None
    tokens: int
    share_of_all: float
    share_of_known: float | None
    models: int | None


def openness(snap: Snapshot) -> tuple[OpennessRow, ...]:
    """The split of a period on its basis; rows sum to the total."""
    parts = {key: [row for row in snap.models if weights(row) == key] for key in (OPEN, CLOSED, None)}
    tokens = {key: sum(row.figures.tokens for row in rows) for key, rows in parts.items()}
    known, total = tokens[OPEN] + tokens[CLOSED], snap.total or 1
    rows = [
        OpennessRow(key, n, n / total, n / known if known and key is not None else None, len(parts[key]))
        for key, n in tokens.items()
        if parts[key] or key is not None
    ]
    return (*rows, OpennessRow(OTHER, snap.outside, snap.outside_share, None, None))


def weights(row: ModelRow) -> str | None:
    """Whether the weights of a model are published: `open`, `closed`, None where no catalogue says."""
    return None if row.open_weights is None else OPEN if row.open_weights else CLOSED


def open_share(rows: Sequence[ModelRow]) -> float | None:
    """The part of the tokens of some models that is of open weights; None where it is known of none of them."""
    tokens = {key: sum(row.figures.tokens for row in rows if weights(row) == key) for key in (OPEN, CLOSED)}
    known = tokens[OPEN] + tokens[CLOSED]
    return tokens[OPEN] / known if known else None
