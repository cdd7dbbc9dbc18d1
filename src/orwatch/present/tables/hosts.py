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
    return cells.price(per_million(value))


HOSTS: Table[HostRow, None] = Table(
    key="hosts",
    title="Hosts",
    scale=None,
    columns=lambda _: (
        Column(
            "host", "Host", 10, lambda row, width: [(formats.middle_cut(row.host.provider, width), "text")],
            right=False, gap=0, grow=True, most=18,
        ),
        cells.country_column(lambda row: row.country, gap=2),
        Column(
            "quant", "quant", 5, lambda row, _: [(row.host.quantization or formats.NO_DATA, "dim")],
            right=False, gap=1, give_up=2,
        ),
        Column("in", "↓ In ", 6, lambda row, _: _price(row.host.pricing.prompt)),
        Column("out", "Out ", 6, lambda row, _: _price(row.host.pricing.completion), gap=1),
        Column("discount", "Disc %", 6, lambda row, _: cells.discount(row.host.pricing.discount), gap=1, give_up=4),
        Column("latency", "p50 s", 5, lambda row, _: cells.number(row.host.latency_p50_s, 1), give_up=3),
        Column("speed", "tok/s", 5, lambda row, _: cells.number(row.host.throughput_p50, 0), give_up=1),
        cells.context_column(lambda row: row.host.context, gap=1, give_up=0),
    ),
)  # fmt: skip
