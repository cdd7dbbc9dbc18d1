"""Finished sentences: text for print, with the figures in it, its basis and its source. Every one is made from figures by rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from orwatch.domain.leads import Lead, is_country_pair
from orwatch.domain.names import variant_of
from orwatch.domain.overview import BasisLead, Snapshot, Standoff
from orwatch.domain.periods import Grain, State, Streak
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.present import formats
from orwatch.present.citation import AGGREGATED, citation
from orwatch.present.table import WIDE, Column, Pieces, plain
from orwatch.present.terms import BASIS_COUNTS, place_words

SMALL = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NTH = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
)  # fmt: skip
PEOPLE = {"CN": "Chinese", "US": "US", "FR": "French", "KR": "South Korean", "CA": "Canadian", "JP": "Japanese"}
"""Countries whose name as an adjective is not made by rule; other models are `from` theirs."""


class Sentence(Struct, frozen=True):
    """A finished sentence. figures: those in it, by name, as programs read them. basis: of the figures, None where all count.

    source: the citation.
    """

    text: str
    figures: Mapping[str, Any]
    basis: Basis | None
    source: str


class Grid(Struct, frozen=True):
    """A small table among sentences: columns of names, then of figures, and the rows that their cells are made of."""

    columns: Sequence[Column[Any]]
    rows: Sequence[Any]

    @property
    def names(self) -> int:
        """How many of the columns come before the figures: all up to the last that is set left."""
        return 1 + max(n for n, column in enumerate(self.columns) if not column.right)

    @property
    def texts(self) -> list[list[str]]:
        """The cells of each row as text."""
        return [[plain(column.cell(row, WIDE)) for column in self.columns] for row in self.rows]


def text_grid(heads: Sequence[tuple[str, int]], rows: Sequence[Sequence[str]], *, names: int = 1) -> Grid:
    """A grid whose rows are texts. heads: each with the least cells of its column; the first `names` of them are set left."""

    def column(n: int, head: str, width: int) -> Column[Sequence[str]]:
        def cell(row: Sequence[str], room: int) -> Pieces:
            return [(formats.middle_cut(row[n], room), "text")]

        return Column(str(n), head, width, cell, right=n >= names)

    return Grid([column(n, *head) for n, head in enumerate(heads)], rows)


class Wording:
    """What the sentences about a snapshot share."""

    def __init__(self, snap: Snapshot) -> None:
        self.snap = snap
        self.grain = snap.period.grain
        self.noun = formats.noun(self.grain)
        self.basis = snap.lens.basis
        self.running = snap.state is State.RUNNING
        self.source = source_of(snap)
        self.largest = largest(snap.lens)

    @property
    def change_head(self) -> str:
        """The head of a column of changes."""
        return formats.change_head(self.grain, running=self.running, back=self.snap.back)

    def say(self, text: str, **figures: Any) -> Sentence:
        """A sentence of the basis, with its figures."""
        return Sentence(" ".join(text.split()), figures, self.basis, self.source)

    def say_of_all(self, text: str, **figures: Any) -> Sentence:
        """A sentence that holds on every basis."""
        return Sentence(text, figures, None, self.source)


def joined(sentences: Iterable[Sentence]) -> str:
    """Sentences as a paragraph."""
    return " ".join(sentence.text for sentence in sentences)


def source_of(snap: Snapshot) -> str:
    """The citation, with the word that orwatch added figures up."""
    return f"{citation(snap.source, snap.as_of)} {AGGREGATED}"


def few_named(snap: Snapshot) -> str:
    """Why a split is unknown: `the record names nine models of this week`."""
    return f"the record names {number(snap.named)} models of this {formats.noun(snap.period.grain)}"


def reach(snap: Snapshot) -> tuple[str, str] | None:
    """Of how many days the figures of a period are, and what these days are: `("5 of 7 days", "complete")` while it runs,
    `("10 of 30 days", "in the record")` where the record lacks some of those that are over.

    None of a whole period, and of a day in progress, which has no complete days.
    """
    done, length = snap.days
    if snap.state is State.COMPLETE or (snap.state is State.RUNNING and length == 1):
        return None
    days = "part of the day" if length == 1 else f"{done} of {length} days"
    return days, "complete" if snap.state is State.RUNNING else "in the record"


def number(count: int) -> str:
    """`five`, `13`: written out up to twelve."""
    return SMALL[count - 1] if 0 < count <= len(SMALL) else str(count)


def nth(count: int) -> str:
    """`seventh`, `13th`."""
    return NTH[count - 1] if 0 < count <= len(NTH) else formats.ordinal(count)


def length(streak: Streak, grain: Grain) -> str:
    """`six weeks`, `at least eight weeks`."""
    name = formats.noun(grain)
    count = f"{number(streak.length)} {name}{'' if streak.length == 1 else 's'}"
    return f"at least {count}" if streak.is_floor else count


def amount(tokens: int, more: int = 0) -> str:
    """`42.85 trillion`, with so many more digits."""
    return formats.spelled(formats.press_tokens(tokens, more))


def is_country(side: str) -> bool:
    """Whether a side of a head to head is a country, not a vendor."""
    return is_country_pair(side, side)


def models_from(side: str) -> str:
    """`Chinese models`, `models from Poland`, of a vendor `deepseek models`."""
    return _made_by(side, "{} models", "models from {}", "{} models")


def ones_from(side: str) -> str:
    """The same where models are named already: `US ones`, `those from Poland`."""
    return _made_by(side, "{} ones", "those from {}", "those of {}")


def models_of(side: str) -> str:
    """By whose company they were made: `models of Chinese companies`, `models of companies in Poland`, `models of deepseek`."""
    return _made_by(side, "models of {} companies", "models of companies in {}", "models of {}")


def _made_by(side: str, people: str, country: str, vendor: str) -> str:
    """A form filled with the adjective of a country, with its name where it has none, or with a vendor."""
    if not is_country(side):
        return vendor.format(side)
    return people.format(PEOPLE[side]) if side in PEOPLE else country.format(place_words(side))


def all_named(lens: Lens) -> bool:
    """Whether a basis is every row that is named, of which rows were dropped or merged: no number holds."""
    return lens.basis is Basis.TOP50 and (lens.merged or not lens.free)


def largest(lens: Lens) -> str:
    """The rows of a basis: `the nine largest models`; `all named models` where rows are dropped or merged and no number holds."""
    return "all named models" if all_named(lens) else f"the {BASIS_COUNTS[lens.basis]} largest models"


def named(name: str, permaslug: str) -> str:
    """A model's name with its variant: `Hy3 (free)`."""
    variant = variant_of(permaslug)
    return f"{name} ({variant})" if variant else name


def leads(who: str, lead: Lead, grain: Grain, before: str | None, *, running: bool) -> str:
    """`Chinese models lead for the sixth week, since that of 27 April`. before: from whom the lead was taken in this period."""
    streak, run, noun = lead.streak, length(lead.streak, grain), formats.noun(grain)
    if running:
        return f"Up to the last complete {noun} {who} had led for {run}"
    if streak.is_floor or lead.since is None:
        return f"{who} have led for {run}"
    if streak.length == 1 and before is not None:
        return f"{who} take the lead from {ones_from(before)}"
    began = formats.long_day(lead.since)
    return (
        f"{who} lead for the {nth(streak.length)} {noun}, since {f'that of {began}' if grain is Grain.WEEK else began}"
    )


def is_first(streak: Streak, grain: Grain, before: str | None) -> str:
    """`is first for the third week`. before: the name of whom it passed in this period."""
    if not streak.counted:
        return "is first"
    if streak.is_floor:
        return f"has been first for {length(streak, grain)}"
    if streak.length == 1 and before is not None:
        return f"takes the first place from {before}"
    return f"is first for the {nth(streak.length)} {formats.noun(grain)}"


def signed(change: float | None) -> str:
    """`+27.3 %`."""
    return f"{formats.signed(change)} %"


def listed(names: Sequence[str]) -> str:
    """`country, vendor and model`."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def counted(names: Iterable[str], most: int) -> str:
    """`Hy3, MiniMax M3 and 2 more`."""
    told = [*names]
    text, more = ", ".join(told[:most]), len(told) - most
    return f"{text} and {more} more" if more > 0 else text


def command(words: str, snap: Snapshot, *, dated: bool = True) -> str:
    """The command that gives the same again: `orwatch brief --at 2026-06-01 --basis chart`.

    dated: with the period in any case; else without one where the newest was asked for, of which also counts what was seen after
    its end.
    """
    lens, grain = snap.lens, snap.period.grain
    when = [f"--at {snap.period.day.isoformat()}"] if dated or snap.query.at != "newest" else []
    parts = ["orwatch", words, *when, f"--basis {lens.basis}"]
    parts += [f"--period {grain}"] if grain is not Grain.WEEK else []
    parts += ["--no-free"] if not lens.free else []
    parts += ["--merge-variants"] if lens.merged else []
    parts += ["--demo"] if snap.source == "demo" else []
    return " ".join(parts)


def other_basis(other: BasisLead, sides: tuple[str, str], grain: Grain) -> str:
    """`chart CN 3.6 : 1, 36.82T to 10.26T, 16th week`."""
    found = other.standoff
    leader = found.order(sides)[0] if found.a != found.b else ""
    large, small = max(found.a, found.b), min(found.a, found.b)
    figures = " to ".join(formats.told_apart(formats.press_tokens, large, small))
    text = f"{' '.join(filter(None, (found.basis, leader, formats.ratio(found.ratio))))}, {figures}"
    streak = other.lead.streak
    return f"{text}, {formats.streak_words(streak, grain)}" if other.lead.leader == leader and streak else text


def margin(here: Standoff, others: Sequence[Standoff]) -> str:
    """What a difference between bases means for who prints a ratio."""
    if len({(one.a > one.b) - (one.a < one.b) for one in (here, *others)}) > 1:
        return "Another leader by basis: print the basis beside the lead."
    told = {formats.ratio(other.ratio) for other in (here, *others)}
    return (
        "The same on every basis."
        if len(told) == 1
        else "The same leader by another margin: print the basis beside the ratio."
    )
