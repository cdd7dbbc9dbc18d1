"""How a period's tokens split by country or vendor, with `other` as a row of its own.

Two shares are told apart: of all tokens (named rows and `other`), and of attributed tokens (rows of the basis whose country is
known).
"""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from orwatch.domain.periods import Period
from orwatch.domain.rankings import KeyOf, Rankings, Status, change
from orwatch.domain.records import OTHER


class ShareRow(Struct, frozen=True):
    """One line of a split. key: a country or vendor; None: unattributed rows of the basis; "other": all outside the basis.

    tokens. share_of_all, share_of_attributed: fractions (the latter None for the last two). change: fraction on the period before.
    models: rows of the basis in it.
    """

    key: str | None
    tokens: int
    share_of_all: float
    share_of_attributed: float | None
    change: float | None
    status: Status | None
    models: int


class Split(Struct, frozen=True):
    """A period's tokens by key: rows by tokens, then unattributed (if any), then `other`; they sum to `total`.

    known: whether the record has the rows that the basis asks for. unattributed: the permaslugs without a country.
    """

    rows: tuple[ShareRow, ...]
    total: int
    known: bool
    unattributed: tuple[str, ...]


def split(rankings: Rankings, period: Period, key_of: KeyOf) -> Split | None:
    """The split of a period on the lens's basis; None where the record has no such period."""
    ranking = rankings.at(period)
    if ranking is None:
        return None
    tokens = ranking.by_key(key_of)
    models = Counter(key_of(row.vendor) for row in ranking.on_basis)
    total = ranking.total
    attributed = sum(n for key, n in tokens.items() if key is not None)
    pair = rankings.compared(period)
    now_parts, before_parts = (side.by_key(key_of) for side in pair) if pair else ({}, {})
    comparable = pair is not None and all(side.fills_basis for side in pair)

    def moved(key: str | None) -> float | None:
        return change(now_parts.get(key, 0), before_parts.get(key)) if comparable else None

    rows = [
        ShareRow(
            key,
            n,
            n / total if total else 0.0,
            n / attributed if key is not None and attributed else None,
            moved(key),
            rankings.group_status(key, key_of, period),
            models[key],
        )
        for key, n in tokens.items()
    ]
    rows.sort(key=lambda row: (row.key is None, -row.tokens, row.key or ""))
    outside = ranking.outside
    outside_change = change(pair[0].outside, pair[1].outside) if pair and comparable else None
    left = max(0, len(ranking.slugs) - ranking.size)
    rows.append(ShareRow(OTHER, outside, outside / total if total else 0.0, None, outside_change, None, left))
    nameless = tuple(row.permaslug for row in ranking.on_basis if key_of(row.vendor) is None)
    return Split(tuple(rows), total, ranking.fills_basis, nameless)
