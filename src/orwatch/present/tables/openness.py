"""A period's tokens by whether the weights of the model are published, `other` always last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orwatch.domain.overview import ShareRow, Snapshot
from orwatch.domain.records import OTHER
from orwatch.present import cells, formats
from orwatch.present.report import Report, View, of_period
from orwatch.present.table import Column, Pieces, Table, fields

WORDS = {"open": "open weights", "closed": "closed", None: "not in the catalogue", OTHER: "other"}


def _facts(row: ShareRow) -> Mapping[str, Any]:
    shares = {**fields(row, "tokens", "share_of_all"), "share_of_known": row.share_of_attributed}
    return {"weights": row.key, **shares, "models": _models(row)}


def _models(row: ShareRow) -> int | None:
    return None if row.key == OTHER else row.models


def _name(row: ShareRow, width: int) -> Pieces:
    return [(formats.middle_cut(WORDS[row.key], width), "text" if row.key in ("open", "closed") else "dim")]


OPENNESS: Table[ShareRow, formats.Unit] = Table(
    key="openness",
    title="Open weights",
    facts=_facts,
    scale=formats.ONE,
    columns=lambda unit: (
        Column("weights", "Weights", 20, _name, right=False, gap=0),
        cells.tokens_column(unit, lambda row: row.tokens),
        Column("share", cells.SHARE_HEAD, 8, lambda row, _: cells.percent(row.share_of_all), facts=("share_of_all",)),
        Column("share_of_known", "of known %", 10, lambda row, _: cells.percent(row.share_of_attributed)),
        Column("models", "Models", 6, lambda row, _: cells.known(_models(row))),
    ),
)


def report(view: View, snap: Snapshot, rows: Sequence[ShareRow]) -> Report:
    """The split by open weights."""
    return of_period(
        view, snap, OPENNESS, rows, scale=formats.unit_of([row.tokens for row in rows]), sums={"tokens": ""}
    )
