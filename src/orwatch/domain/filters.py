"""Filters by vendor, model, name, country, price and context. They hide rows, and change no rank, share, leader, streak or total.

Words, separated by spaces, must all match; a comma means "or"; a leading `!` excludes. A word matches where it is part of the
permaslug, the name or the country's name; two capitals are a country code. `vendor:`, `model:`, `name:`, `country:`, `free:` and
`open:` narrow a word to one field. `in`, `out` (USD per million tokens) and `ctx` (tokens) are compared with a number: `in<1`,
`ctx>=200k`. What is unknown never matches.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Container, Iterable, Sequence
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from orwatch.domain.catalogue import MILLION, CatalogueModel, sold_as
from orwatch.domain.names import nearest, slug_name, vendor_of
from orwatch.domain.vendors import UNATTRIBUTED, country_name

FIELDS = ("vendor", "model", "name", "country", "free", "open")
FIGURES = ("in", "out", "ctx")
"""What is compared with a number."""
COMPARISONS = {
    "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt, "=": operator.eq,
}  # fmt: skip
UNITS = {"": 1, "k": 1000, "m": 1_000_000}
YES, NO = ("yes", "true", "1"), ("no", "false", "0")

_SIGN = f"({'|'.join(COMPARISONS)})"
NEAR_ROWS = 500
"""Rows whose names a word is compared with: of more it would take longer than a key may."""

_PARTS = re.compile(r"[\s-]+")
_NUMBER = r"([0-9]+\.?[0-9]*|\.[0-9]+)([kKmM]?)"

RowT = TypeVar("RowT")


class Facts(Struct, frozen=True, dict=True):
    """What a filter can ask of a row. country: ISO code, None: unattributed, empty of what has none.

    free, open_weights: None where unknown.
    """

    permaslug: str = ""
    name: str = ""
    country: str | None = ""
    free: bool | None = None
    open_weights: bool | None = None

    @cached_property
    def text(self) -> str:
        """What a plain word is looked for in."""
        return f"{self.permaslug} {self.name} {self.country_name}".casefold()

    @property
    def vendor(self) -> str:
        return vendor_of(self.permaslug)

    @property
    def country_name(self) -> str:
        return "unattributed" if self.country is None else country_name(self.country)


Offers = Callable[[str], CatalogueModel | None]
"""The catalogue entry of a permaslug or id, at the prices of the period; None where there is none. Only comparisons ask."""


def no_offers(_: str) -> None:
    """Knows of no price."""


class Fault(Enum):
    """What is wrong with a word: nothing (yet) behind its colon or sign, no such figure, no number, neither yes nor no."""

    UNFINISHED = 1
    FIGURE = 2
    NUMBER = 3
    YES_NO = 4


class BadWord(Struct, frozen=True):
    """A word of a filter that cannot be read."""

    word: str
    fault: Fault


class Alternative(Struct, frozen=True):
    """One alternative: a text in a field (None: anywhere), or a figure compared with a number.

    limit: the number; sold: in thousands or millions: a context length that vendors name so is equal to it.
    """

    scope: str | None
    value: str
    sign: str = ""
    limit: Decimal = Decimal(0)
    sold: bool = False

    @property
    def is_text(self) -> bool:
        """Whether it is looked for in what a row is called."""
        return not self.sign and self.scope not in ("free", "open")

    def holds(self, facts: Facts, offers: Offers) -> bool:
        if not self.sign:
            return _has(self.scope, self.value, facts)
        entry = offers(facts.permaslug)
        figure = None if entry is None else self._figure(entry)
        return figure is not None and bool(COMPARISONS[self.sign](figure, self.limit))

    def _figure(self, entry: CatalogueModel) -> Decimal | int | None:
        if self.scope == "ctx":
            context = entry.context
            return self.limit if self.sold and context and sold_as(context) == self.limit else context
        price = entry.pricing.prompt if self.scope == "in" else entry.pricing.completion
        return None if price is None or price < 0 else price * MILLION


class Word(Struct, frozen=True):
    """One condition: any of its alternatives, or none of them where it excludes. text: as typed."""

    text: str
    alternatives: tuple[Alternative, ...]
    exclude: bool = False

    @property
    def compares(self) -> bool:
        return any(alternative.sign for alternative in self.alternatives)

    def matches(self, facts: Facts, offers: Offers = no_offers) -> bool:
        # Loops, since generators would take a third longer, and a filter asks every row at every key.
        for alternative in self.alternatives:
            if alternative.holds(facts, offers):
                return not self.exclude
        return self.exclude


def _is_code(value: str) -> bool:
    return len(value) == 2 and value.isalpha() and value.isupper()


def _has(name: str | None, value: str, facts: Facts) -> bool:
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
    return known is not None and known == _begins(wanted, YES)


def _begins(value: str, words: Iterable[str]) -> bool:
    return any(word.startswith(value) for word in words)


def _names(facts: Facts, scope: str | None) -> Iterable[str]:
    """What a row is called in a field; None: in any."""
    if scope == "vendor":
        return (facts.vendor,)
    if scope == "country":
        return (facts.country or UNATTRIBUTED, facts.country_name)
    if scope == "model":
        return (slug_name(facts.permaslug),)
    if scope == "name":
        return (facts.name, *_PARTS.split(facts.name))
    return (facts.vendor, *facts.name.split(), *_PARTS.split(facts.name), facts.country_name)


class Picks(Struct, frozen=True):
    """Names that were picked, to show (none: all) or to hide. Falsy where there are none."""

    shown: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Iterable[str]) -> Picks:
        """Those to hide begin with `!`."""
        listed = [*names]
        return cls(
            frozenset(name for name in listed if name[:1] != "!"), frozenset(n[1:] for n in listed if n[:1] == "!")
        )

    def __bool__(self) -> bool:
        return bool(self.shown or self.hidden)

    def allow(self, name: str) -> bool:
        """Whether what has the name is shown."""
        return (not self.shown or name in self.shown) and name not in self.hidden

    @property
    def names(self) -> list[str]:
        """As they are given, each group in order."""
        return [*sorted(self.shown), *(f"!{name}" for name in sorted(self.hidden))]


class Filter(Struct, frozen=True):
    """All conditions that hide rows: typed words, and the vendors and countries that were picked.

    faults: words of the text that cannot be read, in their order. vendors, countries: exact author slugs and ISO codes ("??":
    unattributed).
    """

    text: str = ""
    words: tuple[Word, ...] = ()
    faults: tuple[BadWord, ...] = ()
    vendors: Picks = Picks()
    countries: Picks = Picks()

    def __bool__(self) -> bool:
        return bool(self.words or self.vendors or self.countries)

    def matches(self, facts: Facts, offers: Offers = no_offers) -> bool:
        for word in self.words:
            if not word.matches(facts, offers):
                return False
        if not (self.vendors or self.countries):
            return True
        return self.vendors.allow(facts.vendor.casefold()) and self.countries.allow(facts.country or UNATTRIBUTED)

    @property
    def needles(self) -> tuple[str, ...]:
        """The texts that a row is shown for, to be lit where they stand; what excludes or compares has none."""
        return tuple(
            alternative.value
            for word in self.words
            if not word.exclude
            for alternative in word.alternatives
            if alternative.is_text
        )

    def select(self, rows: Iterable[RowT], facts: Iterable[Iterable[Facts]], offers: Offers = no_offers) -> list[RowT]:
        """The rows that are shown, in their order. facts: of what each is about, of which one must match."""
        told = zip(rows, facts, strict=True)
        return [row for row, about in told if any(self.matches(one, offers) for one in about)]

    def typed(self, text: str) -> Filter:
        """The same picks with other words."""
        words, faults = parse_words(text)
        return replace(self, text=text, words=words, faults=faults)

    def about(self, kinds: Container[str]) -> Filter:
        """Its conditions of some kinds: "words", "vendors", "countries"."""
        return replace(
            self,
            words=self.words if "words" in kinds else (),
            vendors=self.vendors if "vendors" in kinds else Picks(),
            countries=self.countries if "countries" in kinds else Picks(),
        )

    def showing(self, what: str, names: Iterable[str]) -> Filter:
        """The same with these "vendors" or "countries" alone, but for those that are hidden."""
        return replace(self, **{what: replace(getattr(self, what), shown=frozenset(names))})

    def without(self, index: int) -> Filter:
        """The same filter less one typed word: to say what would match."""
        return replace(self, text="", words=self.words[:index] + self.words[index + 1 :])

    def nearest(self, facts: Sequence[Facts]) -> tuple[str, str] | None:
        """A typed text that none of the rows has, and the name of one that is nearest to it; None where there is no such pair."""
        for word in self.words:
            if word.exclude or any(word.matches(one) for one in facts):
                continue
            for alternative in word.alternatives:
                near = facts[:NEAR_ROWS] if alternative.is_text else ()
                names = dict.fromkeys(name for one in near for name in _names(one, alternative.scope))
                found = nearest(alternative.value, names, 1)
                if found:
                    return alternative.value, found[0]
        return None


def parse_words(text: str) -> tuple[tuple[Word, ...], tuple[BadWord, ...]]:
    """The conditions in a typed filter, and the words that cannot be read, which are passed over: it is read while it is typed.

    Blanks around commas and signs do not separate words; a comma before a `!` does. Words that compare come last: prices are
    asked of the rows that the others leave.
    """
    words: list[Word] = []
    faults: list[BadWord] = []
    text = re.sub(r"\s*,\s*!", " !", text)
    text = re.sub(r"\s*(,|<=|>=|<|>|=)\s*", r"\1", text)
    for raw in text.split():
        alternatives: list[Alternative] = []
        scope: str | None = None
        bad: Fault | None = None
        for part in raw.removeprefix("!").split(","):
            name, colon, value = part.partition(":")
            if colon and name.casefold() in FIELDS:
                scope = name.casefold()
            else:
                value = part
            alternative = _compared(part) if re.search(_SIGN, part) else _text(scope, value)
            if isinstance(alternative, Alternative):
                alternatives.append(alternative)
            else:
                bad = bad or alternative
        if alternatives:
            words.append(Word(raw, tuple(alternatives), raw.startswith("!")))
        bad = bad or (None if alternatives else Fault.UNFINISHED)
        if bad:
            faults.append(BadWord(raw, bad))
    return tuple(sorted(words, key=lambda word: word.compares)), tuple(faults)


def _text(scope: str | None, value: str) -> Alternative | Fault | None:
    """A text in a field; None where there is none."""
    if value and scope in ("free", "open") and not _begins(value.casefold(), (*YES, *NO)):
        return Fault.YES_NO
    return Alternative(scope, value) if value else None


def _compared(part: str) -> Alternative | Fault:
    """A figure compared with a number."""
    name, sign, number = re.split(_SIGN, part, maxsplit=1)
    found = re.fullmatch(_NUMBER, number)
    if name.casefold() not in FIGURES:
        return Fault.FIGURE
    if not found:
        return Fault.NUMBER if number.strip(".") else Fault.UNFINISHED
    unit = found[2].casefold()
    return Alternative(name.casefold(), "", sign, Decimal(found[1]) * UNITS[unit], sold=bool(unit))


def make_filter(text: str = "", *, vendors: Iterable[str] = (), countries: Iterable[str] = ()) -> Filter:
    """A filter from typed text and what was picked; `!` hides. Vendors are compared without case."""
    picked = Picks.of(vendor.casefold() for vendor in vendors)
    return Filter(vendors=picked, countries=Picks.of(countries)).typed(text)
