"""What a reader must know of a row, as plain sentences."""

from __future__ import annotations

from orwatch.archive import AS_OF
from orwatch.domain.detail import Caveat, CaveatKind
from orwatch.domain.periods import Grain
from orwatch.domain.rankings import Lens
from orwatch.present.formats import day, noun, plural
from orwatch.present.terms import BASIS_WORDS, country_words


def caveat_sentence(caveat: Caveat, grain: Grain, lens: Lens) -> str:
    """One sentence, two at most."""
    count, name = plural(caveat.count, grain), noun(grain)
    match caveat.kind:
        case CaveatKind.CLOAKED:
            return "Cloaked: who trained it is not public, so it is given no country."
        case CaveatKind.UNATTRIBUTED:
            return "Rows of vendors whose country is not known, and cloaked models: none is guessed, and together they cannot lead."
        case CaveatKind.COUNTRY_UNKNOWN:
            return f"The country of {caveat.text} is not known: its tokens are unattributed."
        case CaveatKind.COUNTRY_ASSIGNED:
            return f"{country_words(caveat.text)} is your own assignment, not that of the shipped table."
        case CaveatKind.SLUG_NAMED:
            return "Not in the catalogue: its name is made from its slug, and it has no price."
        case CaveatKind.VARIANT_UNLISTED:
            return f"This variant is not in the catalogue: context and date are those of {caveat.text}."
        case CaveatKind.LEFT_CATALOGUE:
            return "It has left the catalogue: its prices are the last ones seen."
        case CaveatKind.RENAMED_FROM | CaveatKind.RENAMED_TO:
            began = day(caveat.day, year=True) if caveat.day else ""
            side = "before it was" if caveat.kind is CaveatKind.RENAMED_FROM else "since then it is"
            return f"Renamed in the {name} of {began}, {side} {caveat.text}: that {name} is split between the two."
        case CaveatKind.FREE_COUNTED:
            return "A free variant: it counts like any other row until free variants are taken out."
        case CaveatKind.FREE_OUT:
            return "Free variants are taken out: it has no rank."
        case CaveatKind.MERGED:
            return "Variants are merged: its tokens are those of all its variants."
        case CaveatKind.OUTSIDE_BASIS:
            return f"Only {BASIS_WORDS[lens.basis]} count on {lens.basis}: what it has outside them stands in other."
        case CaveatKind.SPLIT_UNKNOWN:
            return f"In {count} the record names fewer rows than {lens.basis} asks for: its tokens are not known there."
        case CaveatKind.RUNNING:
            return (
                f"The {name} is in progress, day {caveat.count} of {caveat.of}: only days that are over are compared."
            )
        case CaveatKind.COMPOSED:
            return (
                f"{count} of {caveat.of} {_are(caveat.count)} added up from days: what it had on days outside the daily"
                " top 50 is missing."
            )
        case CaveatKind.ARCHIVED:
            taken = day(AS_OF.date(), year=True)
            return f"{count} of {caveat.of} {_are(caveat.count)} of the archive that orwatch ships, taken on {taken}."
        case CaveatKind.PARTIAL:
            return (
                f"{count} (marked *) {_lack(caveat.count)} days of the record, and {_are(caveat.count)} not compared."
            )
        case CaveatKind.GAPS:
            return f"The record lacks {count} since it was first seen: gaps, not zero."
        case CaveatKind.ABSENT:
            return f"In {count} since it was first seen it is not among the named rows: not zero, but in other."
        case CaveatKind.RESTATED:
            return f"The newest days are restated at times: figures of this {name} may still move a little."
        case CaveatKind.PRICE_VARIES:
            return "A router: its price varies with the model that it picks."
        case CaveatKind.PRICE_ROTATES:
            days = plural(caveat.of, "day") + (f" to {day(caveat.day)}" if caveat.day else "")
            return (
                f"Its listed input price moved {caveat.count} times in {days}, up and down: it rotates between hosts."
            )
        case CaveatKind.EXPIRES:
            return f"It is to be taken off on {day(caveat.day, year=True) if caveat.day else ''}."
        case CaveatKind.FACTS_OF_NOW:
            return "What the catalogue says of it, its hosts and its benchmarks are of now, not of then."


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _lack(count: int) -> str:
    return "lacks" if count == 1 else "lack"
