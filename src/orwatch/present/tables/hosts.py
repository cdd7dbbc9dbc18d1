"""The hosts of a model, by input price: who runs it, where from, how it is quantized, at what price and how fast."""

from __future__ import annotations

from decimal import Decimal

from orwatch.domain.catalogue import per_million
from orwatch.domain.hosts import HostRow
from orwatch.present import cells, formats
from orwatch.present.table import Column, Pieces, Table


def _price(value: Decimal | None) -> Pieces:
    if value is not None and value < 0:
        return [("varies", "dim")]
    return [(formats.aligned_price(per_million(value)), "text" if value is not None else "faint")]


def _number(value: float | None, places: int) -> Pieces:
    return [(f"{value:.{places}f}", "text")] if value is not None else cells.NO_DATA


def _host(row: HostRow, width: int) -> Pieces:
    return [(formats.middle_cut(row.host.provider, width), "text")]


def _quantization(row: HostRow, _: int) -> Pieces:
    return [(row.host.quantization or formats.NO_DATA, "dim")]


_C = Column[HostRow]

HOSTS: Table[HostRow, None] = Table(
    key="hosts",
    title="Hosts",
    noun="host",
    scale=None,
    columns=lambda _: (
        _C("host", "Host", 10, _host, right=False, gap=0, grow=True, most=18),
        _C("country", "CC", 2, lambda row, _: cells.code(row.country), right=False),
        _C("quant", "quant", 5, _quantization, right=False, gap=1, give_up=2),
        _C("in", "↓ In ", 6, lambda row, _: _price(row.host.pricing.prompt)),
        _C("out", "Out ", 6, lambda row, _: _price(row.host.pricing.completion), gap=1),
        _C("discount", "Disc %", 6, lambda row, _: cells.discount(row.host.pricing.discount), gap=1, give_up=4),
        _C("latency", "p50 s", 5, lambda row, _: _number(row.host.latency_p50_s, 1), give_up=3),
        _C("speed", "tok/s", 5, lambda row, _: _number(row.host.throughput_p50, 0), give_up=1),
        _C("context", "Ctx", 4, lambda row, _: [(formats.context(row.host.context), "dim")], gap=1, give_up=0),
    ),
)
