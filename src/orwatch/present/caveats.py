"""What a reader must know of a row, as plain sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from orwatch.archive import AS_OF
from orwatch.domain.detail import Caveat, CaveatKind
from orwatch.domain.periods import Grain
from orwatch.domain.rankings import Lens
from orwatch.present.formats import day, noun, plural
from orwatch.present.terms import BASIS_WORDS, country_words

_RENAMED: Final = "Renamed in the {noun} of {day}, {side} {text}: that {noun} is split between the two."

SENTENCES: Final[Mapping[CaveatKind, str]] = {
    CaveatKind.CLOAKED: "Cloaked: who trained it is not public, so it is given no country.",
    CaveatKind.UNATTRIBUTED: (
        "Rows of vendors whose country is not known, and cloaked models: none is guessed, and together they cannot lead."
    ),
    CaveatKind.COUNTRY_UNKNOWN: "The country of {text} is not known: its tokens are unattributed.",
    CaveatKind.COUNTRY_ASSIGNED: "{country} is your own assignment, not that of the shipped table.",
    CaveatKind.SLUG_NAMED: "Not in the catalogue: its name is made from its slug, and it has no price.",
    CaveatKind.VARIANT_UNLISTED: "This variant is not in the catalogue: context and date are those of {text}.",
    CaveatKind.LEFT_CATALOGUE: "It has left the catalogue: its prices are the last ones seen.",
    CaveatKind.RENAMED_FROM: _RENAMED.replace("{side}", "before it was"),
    CaveatKind.RENAMED_TO: _RENAMED.replace("{side}", "since then it is"),
    CaveatKind.FREE_COUNTED: "A free variant: it counts like any other row until free variants are taken out.",
    CaveatKind.FREE_OUT: "Free variants are taken out: it has no rank.",
    CaveatKind.MERGED: "Variants are merged: its tokens are those of all its variants.",
    CaveatKind.OUTSIDE_BASIS: "Only {rows} count on {basis}: what it has outside them stands in other.",
    CaveatKind.SPLIT_UNKNOWN: (
        "In {periods} the record names fewer rows than {basis} asks for: its tokens are not known there."
    ),
    CaveatKind.RUNNING: "The {noun} is in progress, day {count} of {of}: only days that are over are compared.",
    CaveatKind.COMPOSED: (
        "{periods} of {of} {are} added up from days: what it had on days outside the daily top 50 is missing."
    ),
    CaveatKind.ARCHIVED: "{periods} of {of} {are} of the archive that orwatch ships, taken on {taken}.",
    CaveatKind.PARTIAL: "{periods} (marked *) {lack} days of the record, and {are} not compared.",
    CaveatKind.GAPS: "The record lacks {periods} since it was first seen: gaps, not zero.",
    CaveatKind.ABSENT: "In {periods} since it was first seen it is not among the named rows: not zero, but in other.",
    CaveatKind.RESTATED: "The newest days are restated at times: figures of this {noun} may still move a little.",
    CaveatKind.PRICE_VARIES: "A router: its price varies with the model that it picks.",
    CaveatKind.PRICE_ROTATES: (
        "Its listed input price moved {count} times in {days}{until}, up and down: it rotates between hosts."
    ),
    CaveatKind.EXPIRES: "It is to be taken off on {day}.",
    CaveatKind.FACTS_OF_NOW: "What the catalogue says of it, its hosts and its benchmarks are of now, not of then.",
}
"""In braces what a caveat, the grain and the lens fill in."""


def caveat_sentence(caveat: Caveat, grain: Grain, lens: Lens) -> str:
    """One sentence, two at most."""
    one = caveat.count == 1
    return SENTENCES[caveat.kind].format(
        text=caveat.text,
        country=country_words(caveat.text),
        count=caveat.count,
        of=caveat.of,
        periods=plural(caveat.count, grain),
        days=plural(caveat.of, "day"),
        day=day(caveat.day, year=True) if caveat.day else "",
        until=f" to {day(caveat.day)}" if caveat.day else "",
        noun=noun(grain),
        basis=lens.basis,
        rows=BASIS_WORDS[lens.basis],
        taken=day(AS_OF.date(), year=True),
        are="is" if one else "are",
        lack="lacks" if one else "lack",
    )
