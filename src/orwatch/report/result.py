"""What a command gives: the same facts for programs and for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct

TABLE_ROWS = 20
"""Rows of the long tables (`top`, `prices`) unless `--limit` says otherwise."""

Row = Mapping[str, Any]
"""One row's facts by field name: whole tokens, fractions, None for unknown."""


class Cell(Struct, frozen=True):
    """A value as text. ink: its role (`CN`, `US`, `elsewhere`, `unattributed`, `dim`, `bold`, `accent`, `trouble`), or nothing."""

    text: str
    ink: str = ""


class Column(Struct, frozen=True):
    """A column of a table. cell: a row's text. right: figures are set right. give_up: order in which a narrow terminal drops
    columns, lowest first; 0: never. cut: names may be cut in the middle. key: what a user chooses it by; fields: of a row, that
    it stands for in CSV."""

    head: str
    cell: Callable[[Row], Cell]
    right: bool = False
    give_up: int = 0
    cut: bool = False
    key: str = ""
    fields: tuple[str, ...] = ()


class Result(Struct, frozen=True):
    """What a command gives.

    meta: facts about the rows. rows: all of them, filtered. columns: how people see them. title, notes: above and below the
    table. tail: rows below the others that no limit cuts (`other`). lines: what people see in place of the rows.
    first: rows of a table unless told otherwise, None for all. credit: the citation as files carry it, with the licence.
    stamped: a row already says all that CSV would add to it. code: exit code. fields: those of a row in CSV, in order; none: all.
    """

    meta: Mapping[str, Any]
    rows: Iterable[Row]
    columns: tuple[Column, ...] = ()
    title: str = ""
    notes: tuple[str, ...] = ()
    tail: tuple[Row, ...] = ()
    lines: tuple[Row, ...] = ()
    first: int | None = None
    credit: str | None = None
    stamped: bool = False
    code: int = 0
    fields: tuple[str, ...] = ()


class Text(Struct, frozen=True):
    """Plain lines instead of rows: a path, a template."""

    text: str
