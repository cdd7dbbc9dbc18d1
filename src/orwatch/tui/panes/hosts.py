"""The hosts of a model, by input price: who runs it, where from, how it is quantized, at what price and how fast."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from textual.strip import Strip

from orwatch.domain.prices import per_million
from orwatch.domain.views.hosts import HostRow
from orwatch.present import formats
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, Piece
from orwatch.tui.widgets.table import Column, draw_head, draw_row, place


def _price(value: Decimal | None) -> list[Piece]:
    if value is not None and value < 0:
        return [("varies", "dim")]
    return [(formats.aligned_price(per_million(value)), "text" if value is not None else "faint")]


def _discount(value: Decimal | None) -> list[Piece]:
    if value is None:
        return [(formats.NO_DATA, "faint")]
    return [(formats.percent(float(value), 0), "text")] if value else [(formats.NOTHING, "faint")]


def _number(value: float | None, places: int) -> list[Piece]:
    return [(f"{value:.{places}f}", "text")] if value is not None else [(formats.NO_DATA, "faint")]


def columns(ink: Ink) -> list[Column[HostRow]]:
    """The columns, and the order in which they go when space ends."""
    return [
        Column(
            "host",
            "Host",
            10,
            lambda r, w: [(formats.middle_cut(r.host.provider, w), "text")],
            right=False,
            gap=0,
            grow=True,
            most=18,
        ),
        Column("country", "CC", 2, lambda r, _: [(r.country or "??", ink.country(r.country) + "+")], right=False),
        Column(
            "quant",
            "quant",
            5,
            lambda r, w: [((r.host.quantization or formats.NO_DATA)[:w], "dim")],
            right=False,
            gap=1,
            give_up=2,
        ),
        Column("in", "↓ In ", 6, lambda r, _: _price(r.host.pricing.prompt)),
        Column("out", "Out ", 6, lambda r, _: _price(r.host.pricing.completion), gap=1),
        Column("discount", "Disc %", 6, lambda r, _: _discount(r.host.pricing.discount), gap=1, give_up=4),
        Column("latency", "p50 s", 5, lambda r, _: _number(r.host.latency_p50_s, 1), give_up=3),
        Column("speed", "tok/s", 5, lambda r, _: _number(r.host.throughput_p50, 0), give_up=1),
        Column("context", "Ctx", 4, lambda r, _: [(formats.context(r.host.context), "dim")], gap=1, give_up=0),
    ]


def hosts_lines(ink: Ink, rows: Sequence[HostRow], width: int, height: int, note: str) -> list[Strip]:
    """Heads and the rows that fit; a sentence where no host is known yet."""
    if not rows:
        return [Line(ink, width).to(1).put(note, "dim").strip()]
    placed = place(columns(ink), width, start=1)
    return [
        draw_head(ink, width, placed, None, False),
        *(draw_row(ink, width, placed, row) for row in rows[: max(0, height - 1)]),
    ]
