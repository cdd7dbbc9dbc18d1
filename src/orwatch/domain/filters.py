"""Filters by vendor, model, name and country. They hide rows, and change no rank, share, leader, streak or total.

Words, separated by spaces, must all match; a comma within a word means "or"; a leading `!` excludes. A word matches where it is
part of the permaslug, the name or the country's name; two capitals are a country code. `vendor:`, `model:`, `name:`, `country:`,
`free:` and `open:` narrow a word to one field.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from orwatch.domain.countries import UNATTRIBUTED
from orwatch.domain.names import vendor_of

FIELDS = ("vendor", "model", "name", "country", "free", "open")
_YES = {"yes", "y", "true", "1"}

RowT = TypeVar("RowT")


class Facts(Struct, frozen=True, dict=True):
    """What a filter can ask of a row. country: ISO code or None. free, open_weights: None where unknown."""

    permaslug: str = ""
    name: str = ""
    country: str | None = None
    country_name: str = ""
    free: bool | None = None
    open_weights: bool | None = None

    @cached_property
    def text(self) -> str:
        """What a plain word is looked for in."""
        return f"{self.permaslug} {self.name} {self.country_name}".casefold()

    @property
    def vendor(self) -> str:
        """The author part of the permaslug."""
        return vendor_of(self.permaslug)


class Word(Struct, frozen=True):
    """One condition: any of its alternatives, or none of them where it excludes."""

    alternatives: tuple[tuple[str | None, str], ...]
    exclude: bool = False

    def matches(self, facts: Facts) -> bool:
        """Whether the row passes."""
        return any(_holds(name, value, facts) for name, value in self.alternatives) != self.exclude


def _is_code(value: str) -> bool:
    return len(value) == 2 and value.isalpha() and value.isupper()


def _holds(name: str | None, value: str, facts: Facts) -> bool:
    if name is None:
        if _is_code(value):
            return facts.country == value
        wanted = value.casefold()
        return wanted in facts.text or (facts.country or UNATTRIBUTED).casefold() == wanted
    wanted = value.casefold()
    if name == "vendor":
        return wanted in facts.vendor.casefold()
    if name == "model":
        return wanted in facts.permaslug.casefold()
    if name == "name":
        return wanted in facts.name.casefold()
    if name == "country":
        return wanted == (facts.country or UNATTRIBUTED).casefold() or wanted == facts.country_name.casefold()
    known = facts.free if name == "free" else facts.open_weights
    return known is not None and known == (wanted in _YES or "yes".startswith(wanted))


class Filter(Struct, frozen=True):
    """All conditions that hide rows: typed words, and the vendors and countries that were picked.

    vendors, countries: exact author slugs and ISO codes ("??": unattributed) to keep; empty: all.
    not_vendors, not_countries: to hide.
    """

    text: str = ""
    words: tuple[Word, ...] = ()
    vendors: frozenset[str] = frozenset()
    not_vendors: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    not_countries: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.words or self.vendors or self.not_vendors or self.countries or self.not_countries)

    def matches(self, facts: Facts) -> bool:
        """Whether the row is shown."""
        return all(word.matches(facts) for word in self.words) and self._picks(facts)

    def _picks(self, facts: Facts) -> bool:
        """Whether its vendor and country are among those that are shown."""
        if not (self.vendors or self.not_vendors or self.countries or self.not_countries):
            return True
        vendor, country = facts.vendor.casefold(), facts.country or UNATTRIBUTED
        return (
            (not self.vendors or vendor in self.vendors)
            and vendor not in self.not_vendors
            and (not self.countries or country in self.countries)
            and country not in self.not_countries
        )

    @property
    def needles(self) -> tuple[str, ...]:
        """The texts that a row is shown for, to be lit where they stand; what excludes, or asks for yes or no, is none."""
        return tuple(
            value
            for word in self.words
            if not word.exclude
            for scope, value in word.alternatives
            if scope not in ("free", "open")
        )

    def select(self, rows: Iterable[RowT], facts: Iterable[Facts]) -> list[RowT]:
        """The rows that are shown, in their order. facts: of each of them."""
        return [row for row, told in zip(rows, facts, strict=True) if self.matches(told)]

    def without(self, index: int) -> Filter:
        """The same filter less one typed word: to say what would match."""
        return replace(self, text="", words=self.words[:index] + self.words[index + 1 :])


def parse_words(text: str) -> tuple[Word, ...]:
    """The conditions in a typed filter. Incomplete words (`!`, `vendor:`) are passed over: it is read while it is typed."""
    out = []
    for raw in text.split():
        exclude = raw.startswith("!")
        word = raw[1:] if exclude else raw
        name, colon, value = word.partition(":")
        scope = name.casefold() if colon and name.casefold() in FIELDS else None
        values = (value if scope else word).split(",")
        alternatives = tuple((scope, part) for part in values if part)
        if alternatives:
            out.append(Word(alternatives, exclude))
    return tuple(out)


def make_filter(
    text: str = "",
    *,
    vendors: Iterable[str] = (),
    not_vendors: Iterable[str] = (),
    countries: Iterable[str] = (),
    not_countries: Iterable[str] = (),
) -> Filter:
    """A filter from typed text and picked sets; vendors are compared without case."""
    return Filter(
        text,
        parse_words(text),
        frozenset(vendor.casefold() for vendor in vendors),
        frozenset(vendor.casefold() for vendor in not_vendors),
        frozenset(countries),
        frozenset(not_countries),
    )
