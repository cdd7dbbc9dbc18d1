"""What a reader must know before quoting a row: kinds, with the facts that each needs. The sentences are in `present`."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from msgspec import Struct


class CaveatKind(StrEnum):
    """What there is to know. Whose row it is, what it is called, how its figures came about, what its price is worth."""

    CLOAKED = "cloaked"
    UNATTRIBUTED = "unattributed"
    COUNTRY_UNKNOWN = "country-unknown"
    COUNTRY_ASSIGNED = "country-assigned"
    SLUG_NAMED = "slug-named"
    VARIANT_UNLISTED = "variant-unlisted"
    LEFT_CATALOGUE = "left-catalogue"
    RENAMED_FROM = "renamed-from"
    RENAMED_TO = "renamed-to"
    FREE_COUNTED = "free-counted"
    FREE_OUT = "free-out"
    MERGED = "merged"
    OUTSIDE_BASIS = "outside-basis"
    SPLIT_UNKNOWN = "split-unknown"
    RUNNING = "running"
    COMPOSED = "composed"
    PARTIAL = "partial"
    GAPS = "gaps"
    ABSENT = "absent"
    RESTATED = "restated"
    ARCHIVED = "archived"
    PRICE_VARIES = "price-varies"
    PRICE_ROTATES = "price-rotates"
    EXPIRES = "expires"
    FACTS_OF_NOW = "facts-of-now"


class Caveat(Struct, frozen=True):
    """One thing to know. count, of: periods, changes or days; day: a date; text: a slug, a name or a country; by kind."""

    kind: CaveatKind
    count: int = 0
    of: int = 0
    day: date | None = None
    text: str = ""
