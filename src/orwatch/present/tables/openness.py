"""A period's tokens by whether the weights of the model are published, `other` always last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orwatch.domain.overview import OpennessRow, Snapshot
from orwatch.domain.records import OTHER
from orwatch.present import cells, formats
from orwatch.present.report import Report, View, credit, headline, meta_of
from orwatch.present.table import Column, Pieces, Table

WORDS = {"open": "open weights", "closed": "closed", None: "not in the catalogue", OTHER: "other"}


def _facts(row: OpennessRow) -> Mapping[str, Any]:
    return {
        "weights": row.key,
        "tokens": row.tokens,
        "share_of_all": row.share_of_all,
        "share_of_known": row.share_of_known,
        "models": row.models,
    }


_C = Column[OpennessRow]


def _name(row: OpennessRow, width: int) -> Pieces:
    return [(formats.middle_cut(WORDS[row.key], width), "text" if row.key in ("open", "closed") else "dim")]


OPENNESS: Table[OpennessRow, tuple[int, str]] = Table(
    key="openness",
    title="Open weights",
    noun="row",
    facts=_facts,
    row_id=lambda row: str(row.key),
    scale=(1, ""),
    columns=lambda unit: (
        _C("weights", "Weights", 20, _name, right=False, gap=0),
        _C("tokens", cells.tokens_head(unit[1]), 8, lambda row, _: [(formats.tokens_in(row.tokens, unit[0]), "text")]),
        _C("share", cells.SHARE_HEAD, 8, lambda row, _: cells.percent(row.share_of_all), facts=("share_of_all",)),
        _C("share_of_known", "of known %", 10, lambda row, _: cells.percent(row.share_of_known)),
        _C("models", "Models", 6, lambda row, _: cells.known(row.models)),
    ),
)
"""Its scale is the unit of the tokens."""


def report(view: View, snap: Snapshot, rows: Sequence[OpennessRow]) -> Report:
    """The split by open weights."""
    return Report(
        OPENNESS,
        rows,
        scale=formats.unit_of([row.tokens for row in rows]),
        meta=meta_of(view, snap),
        title=headline(OPENNESS.title, snap),
        sums={"tokens": ""},
        credit=credit(view, snap, computed=True),
    )
