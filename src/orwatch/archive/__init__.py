"""The recorded rankings that the package ships: weeks from July 2025 on, the days of summer 2026, and the prices seen then.

README.md beside this file tells their origin and licence.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from msgspec import Struct

from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Listing, Origin

AS_OF = datetime(2026, 8, 22, 2, 1, 37, tzinfo=UTC)
"""When the figures were taken."""


class PriceSeen(Struct, frozen=True):
    """A catalogue entry on the day its price was first seen or had changed. Prices: USD per million tokens."""

    seen_on: date
    id: str
    permaslug: str
    name: str
    input: Decimal
    output: Decimal
    cached_input: Decimal | None
    context: int
    open_weights: bool


def weeks() -> tuple[Listing, ...]:
    """The nine largest models of each week and `other` for all the rest, 2025-07-14 to 2026-08-10, oldest first."""
    return tuple(_listings("weeks.csv", Grain.WEEK))


def days() -> tuple[Listing, ...]:
    """The fifty largest models of each day and `other`, 2026-06-21 to 2026-08-21, oldest first."""
    return tuple(_listings("days.csv", Grain.DAY))


def prices() -> tuple[PriceSeen, ...]:
    """Catalogue prices of the ranked models, 2026-07-17 to 2026-08-07, oldest first."""
    return tuple(
        PriceSeen(
            seen_on=date.fromisoformat(row["seen_on"]),
            id=row["id"],
            permaslug=row["permaslug"],
            name=row["name"],
            input=Decimal(row["input_usd_per_million"]),
            output=Decimal(row["output_usd_per_million"]),
            cached_input=Decimal(cached) if (cached := row["cached_input_usd_per_million"]) else None,
            context=int(row["context"]),
            open_weights=row["open_weights"] == "yes",
        )
        for row in _rows("prices.csv")
    )


def names() -> dict[str, str]:
    """Names of models by permaslug without variant, as the catalogue had them last: for where none has been read."""
    return {row.permaslug: row.name for row in prices() if ":" not in row.id}


def _listings(name: str, grain: Grain) -> Iterator[Listing]:
    for day, rows in groupby(_rows(name), key=itemgetter("date")):
        tokens = [(row["permaslug"], int(row["tokens"])) for row in rows]
        yield Listing.build(Period(grain, date.fromisoformat(day)), AS_OF, tokens, Origin.ARCHIVE)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
