"""One figure explained: its formula with the numbers in it, its inputs, what is left out, and what would change it.

A figure of the rankings, where the running period is heading, an alert, what only its definition tells, and prices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from orwatch.domain.alerts.alert import Standing
from orwatch.domain.catalogue import Pricing, per_million
from orwatch.domain.explain import Explained, ExplainedGap, ExplainedPrice, Figure, Listed, Reading, Run, Value
from orwatch.domain.leads import Kind
from orwatch.domain.now import Outlook
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import Grain, State, Streak
from orwatch.domain.quote import AlertQuote
from orwatch.domain.rankings import Lens
from orwatch.domain.records import OTHER
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.present import alerts, cells, formats, sentences
from orwatch.present.citation import AGGREGATED, citation, models_citation
from orwatch.present.definitions import TERMS, Term, find
from orwatch.present.table import Pieces, plain
from orwatch.present.terms import than_before

SETTLED: Final = timedelta(days=3)
"""How long after a period its newest days are restated."""
NAME: Final = 40
"""Cells of a name before its figure, at most."""
MOST: Final = 3
"""Models that are named among the inputs of a sum."""

HELD: Final = {
    "top_ten": "it was {place}",
    "leads": "{leader} led",
    "grew": "its tokens did not grow",
    "shrank": "its tokens did not shrink",
}
"""What ended a streak."""


class WhatIf(Struct, frozen=True):
    """What would change a figure, and to what. action: the id of the action that does it; empty: an assumption."""

    action: str
    words: str
    figures: str
    result: str


class Worked(Struct, frozen=True):
    """A figure as it stands, and how it comes about. exactly: with all its digits.

    numbers: the formula with its numbers; words: it in words, where it is not that of the term.
    """

    figure: str = ""
    exactly: str = ""
    numbers: str = ""
    inputs: Sequence[str] = ()
    left_out: Sequence[str] = ()
    alternatives: Sequence[WhatIf] = ()
    words: str = ""


class Explanation(Struct, frozen=True, kw_only=True):
    """A figure in words. of, when: whose it is, and of which period or day. figure: as it stands; worked: how it comes about.

    heads: over the figures and results of the alternatives. known: what else is to be known.
    """

    term: Term
    of: str
    when: str
    figure: Pieces
    worked: Worked
    basis: str
    heads: tuple[str, str] = ("", "")
    known: str
    source: str
    command: str

    @property
    def formula(self) -> tuple[str, ...]:
        """In words and, where they are known, in numbers."""
        words = self.worked.words or self.term.formula or self.term.meaning
        return (words, self.worked.numbers) if self.worked.numbers else (words,)


def explanation(
    term: str,
    of: str,
    day: date | None,
    told: Worked,
    *,
    figure: Pieces = (),
    head: str = "",
    basis: str,
    heads: tuple[str, str] = ("", ""),
    known: str,
    source: str,
    command: str,
) -> Explanation:
    """A figure of a day. figure: in pieces; without them whose it is, `head` (else that of its term), and the value."""
    found = TERMS[term].of()
    return Explanation(
        term=found,
        of=of,
        when="" if day is None else f"as of {formats.day(day, year=True)}",
        figure=figure
        or [
            (f"{formats.end_cut(of, NAME)} ", "text+"),
            (f"{head or found.heads[0].removesuffix(' %')} ", "dim"),
            (told.figure, "bright"),
        ],
        worked=told,
        basis=basis,
        heads=heads,
        known=known,
        source=source,
        command=command,
    )


def part_of(share: float | Decimal | None, numbers: str = "", inputs: Sequence[str] = ()) -> Worked:
    """A share, in percent."""
    figure, exactly = (f"{formats.percent(share, places)} %" for places in (1, 4))
    return Worked(figure, exactly, numbers, inputs)


def neighbours(rows: Iterable[tuple[int, str, int]], rank: Value) -> Iterator[str]:
    """A row and those before and behind it, with their tokens. rows: rank, name, tokens."""
    for place, name, tokens in rows:
        if isinstance(rank, int) and abs(place - rank) <= 1:
            yield f"{formats.ordinal(place)} {name} {formats.exact(tokens)}"


def ranked(found: Explained) -> Explanation:
    """A figure of the rankings: tokens, share, change, rank, streak, or the ratio of two sides."""
    words = _RankedWords(found)
    formula, numbers = words.formula()
    return Explanation(
        term=words.term,
        of=words.who,
        when=formats.span(found.snapshot.period, year=True),
        figure=words.figure(),
        worked=Worked(
            exactly=words.exactly(),
            numbers=numbers,
            inputs=[*words.inputs()],
            left_out=[*words.left_out()],
            alternatives=[*words.alternatives()],
            words=formula,
        ),
        basis=words.basis(),
        heads=words.heads(),
        known=words.known(),
        source=words.source(),
        command=sentences.command(f"explain {found.figure.term}", found.snapshot),
    )


def period_words(snap: Snapshot) -> str:
    """`seven days, 10–16 August, all complete`, `3 of 7 days of 20–26 July, those that are complete`."""
    done, length = snap.days
    span = formats.spelled_span(snap.period)
    if snap.state is State.COMPLETE:
        told = f"{sentences.number(length)} days, {span}, all complete" if length > 1 else f"{span}, complete"
    elif snap.state is State.RUNNING:
        told = f"{done} of {length} days of {span} are complete" if length > 1 else f"{span}, which runs"
    else:
        told = f"{done} of {length} days of {span} are in the record"
    return f"{told}, added up from days" if snap.composed else told


def lens_words(lens: Lens, grain: Grain) -> str:
    """`top50 · week · free in · variants apart`."""
    free, merged = "free in" if lens.free else "free out", "variants merged" if lens.merged else "variants apart"
    return f"{lens.basis} · {formats.noun(grain)} · {free} · {merged}"


def through(lens: Lens, here: Lens) -> tuple[str, str]:
    """The action that changes a lens to another, and that one in words: `basis`, `basis chart, the nine largest models`."""
    if lens.basis is not here.basis:
        return "basis", f"basis {lens.basis}, {sentences.largest(lens)}"
    if lens.free is not here.free:
        return "free", f"{'with' if lens.free else 'without'} free variants"
    return "merge", "variants merged" if lens.merged else "variants apart"


class Form(Struct, frozen=True):
    """How figures of a term are told. shown: a value as the screen has it; exactly: with more digits. unit: behind it.

    numbers: the formula with its parts. heads: over the figures and results of the alternatives. between: the parts of one.
    """

    shown: Callable[[Any], str] = str
    exactly: Callable[[Any], str] = lambda _: ""
    unit: str = ""
    numbers: str = ""
    heads: tuple[str, str] = ("", "")
    between: str = ""


def _places(moved: int) -> str:
    return f"{formats.arrow(moved)}{abs(moved)}" if moved else "no change"


def _larger(ratio: float) -> str:
    return f"{max(ratio, 1 / ratio):.4f}" if ratio else ""


_TOKENS: Final = Form(formats.press_tokens, formats.exact, " tokens")
_SHARE: Final = Form(
    formats.percent,
    lambda share: f"{formats.percent(share, 4)} %",
    " % of all",
    "{} ÷ {}",
    ("of all {unit}", cells.SHARE_HEAD),
    " of ",
)
_RATIO: Final = Form(formats.ratio, _larger, "", "{} ÷ {}", ("{sides} {unit}", "ratio"), " : ")

FORMS: Final[Mapping[str, Form]] = {
    "tokens": _TOKENS,
    "total": _TOKENS,
    "share": _SHARE,
    "attributed": replace(_SHARE, unit=" % of attributed", heads=("of {unit}", "attrib. %")),
    "change": Form(
        formats.signed,
        lambda change: f"{formats.signed(change, 4)} %",
        " % on {before}",
        "({0} − {1}) ÷ {1}",
        ("now, before {unit}", "{change}"),
        ", ",
    ),
    "lead": _RATIO,
    "first_vendor": replace(_RATIO, heads=("first : second {unit}", "ratio")),
    "moved": Form(_places, numbers="{} − {}", between=" → "),
    "rank": Form(formats.ordinal, unit=" of {named}"),
    "top_ten": Form(unit=" in the top 10"),
    "leads": Form(unit=" in first place", heads=("", "streak")),
    "grew": Form(unit=" of growth"),
    "shrank": Form(unit=" of decline"),
}
"""Of the terms whose figures need more than their value."""


class _RankedWords:
    """The words of a figure of the rankings."""

    def __init__(self, found: Explained) -> None:
        self.found = found
        self.here = found.here
        self.snap = found.snapshot
        self.grain = found.snapshot.period.grain
        self.noun = formats.noun(self.grain)
        self.key = found.figure.term
        self.kind = found.figure.kind
        self.id = found.figure.id
        self.term = TERMS[self.key].of(self.noun)
        self.form = FORMS.get(self.key, Form())
        self.sides = self.id.partition(":")[::2]
        self.is_sum = self.kind not in (None, Kind.MODEL)
        self.is_group = self.is_sum and self.kind is not Kind.VERSUS and self.id not in (OTHER, UNATTRIBUTED, "")
        self.is_duel = self.kind is Kind.VERSUS and self.key == "lead"

    @property
    def outside(self) -> str:
        """`outside the top 50`."""
        named = sentences.all_named(self.snap.lens) or not self.snap.split.known
        return "outside the named models" if named else f"outside the top {self.snap.lens.basis.size}"

    @property
    def who(self) -> str:
        """Whose figure it is."""
        if self.kind is None:
            return "All tokens"
        if self.kind is Kind.VERSUS:
            return " against ".join(self.sides)
        if self.key == "first_vendor":
            return "First vendor"
        if self.id == OTHER:
            return f"Other, {self.outside}"
        if self.kind is Kind.MODEL:
            return sentences.named(self.found.name, self.id)
        return f"{self.id} models" if self.id != UNATTRIBUTED else "Unattributed models"

    # The figure

    def figure(self) -> Pieces:
        """As it stands on the screen, with whose it is."""
        if self.is_duel:
            return self._lead()
        who: Pieces = [(f"{self.who} ", "text+")]
        if self.is_group:
            who = [(self.id, cells.side_role(self.id)), (" models ", "text+")]
        value = self.result(self.here)
        if value == formats.NO_DATA and self.found.status and self.found.before:
            value = self.found.status
        unit = self.form.unit.format(before=than_before(self.snap), named=self.snap.named)
        return [*who, (value, "bright"), ("" if unit.startswith(" %") and self.here.value is None else unit, "text")]

    def _lead(self) -> Pieces:
        found = self.snap.standoff
        if not found.known or found.a != found.b:
            return cells.lead(self.snap)
        (first, role), (second, other) = ((side, cells.side_role(side)) for side in self.sides)
        return [(first, role), (" level with ", "text"), (second, other), (f" {formats.ratio(found.ratio)}", "bright")]

    def result(self, reading: Reading) -> str:
        """A reading as the screen has such a figure, with its leader where that is another than here."""
        value = reading.value
        if isinstance(value, Streak):
            if not value.counted or (value.is_floor and not value):
                return formats.NO_DATA
            return sentences.length(value, self.grain) if value else f"not this {self.noun}"
        if value is None:
            return formats.NO_DATA
        who = (
            reading.who
            if self.key != "lead" or self._leader(reading) == self._leader(self.here)
            else self._leader(reading)
        )
        return f"{who} {self.form.shown(value)}".lstrip()

    def _leader(self, reading: Reading) -> str:
        a, b = (part or 0 for part in reading.parts)
        return self.sides[0] if a > b else self.sides[1]

    def exactly(self) -> str:
        """The figure with more digits than the screen has room for."""
        value = self.here.value
        return "" if value is None or isinstance(value, Streak) else self.form.exactly(value)

    # How it comes about

    def formula(self) -> tuple[str, str]:
        """In words where they are not those of the term, and with the numbers, where any of them is known."""
        parts, words = self.here.parts, ""
        if self.key == "lead":
            a, b = self.sides
            if (parts[0] or 0) < (parts[1] or 0):
                a, b, parts = b, a, parts[::-1]
            words = f"tokens of {a} models ÷ tokens of {b} models, both on the basis"
        elif self.key == "tokens" and self.is_sum and self.kind is not Kind.VERSUS and self.id != OTHER:
            words = "the tokens of its models on the basis, added up"
        known = any(part is not None for part in parts)
        return words, self.form.numbers.format(*map(formats.exact, parts)) if known else ""

    def inputs(self) -> Iterator[str]:
        """What goes into it."""
        snap, found = self.snap, self.found
        if self.is_duel:
            yield self._counted()
        elif self.is_group:
            yield self._largest()
        elif self.key == "rank" and self.kind is Kind.MODEL:
            rows = ((row.rank, sentences.named(row.name, row.permaslug), row.tokens) for row in snap.models)
            yield from neighbours(rows, self.here.value)
        yield period_words(snap)
        if self.is_sum and not snap.split.known:
            yield f"{sentences.few_named(snap)}, fewer than {snap.lens.basis} asks for: the others stand in other"
        if found.before is not None:
            yield from self._compared(found.before)
        if found.run is not None and isinstance(self.here.value, Streak):
            yield self._ends(found.run, self.here.value)
        if self.kind in (Kind.COUNTRY, Kind.VERSUS) and not self.id.islower():
            own = sum(row.vendor.assigned == "user" for row in snap.vendors)
            nameless = len(snap.split.unattributed)
            yield f"countries from the shipped table · {own} assigned by you · {nameless} unattributed"

    @property
    def _few(self) -> str:
        """`nine that the record names`: the rows, where they are fewer than the basis asks for."""
        return "" if self.snap.split.known else f"{sentences.number(self.snap.named)} that the record names"

    def _counted(self) -> str:
        """`15 CN and 33 US models of the 50 largest · 2 of other countries`."""
        models = {row.key: row.models for row in self.snap.split.rows}
        a, b = self.sides
        if not sentences.is_country(a):
            return f"models of {a} and {b} among {sentences.largest(self.snap.lens)}"
        rest = sum(n for key, n in models.items() if key not in (a, b, None, OTHER))
        size = "named" if sentences.all_named(self.snap.lens) else f"{self.snap.lens.basis.size} largest"
        more = f" · {rest} of other countries" if rest else ""
        return f"{models.get(a, 0)} {a} and {models.get(b, 0)} {b} models of the {self._few or size}{more}"

    def _largest(self) -> str:
        """The largest models that are added up."""
        names = [
            f"{sentences.named(row.name, row.permaslug)} {formats.press_tokens(row.tokens)}"
            for row in self.snap.models
            if (row.vendor if self.kind is Kind.VENDOR else row.country) == self.id
        ]
        largest = sentences.largest(self.snap.lens)
        if not names:
            return f"no models of {largest}"
        of = f"the {self._few}" if self._few else largest
        return f"{formats.plural(len(names), 'model')} of {of}: {sentences.counted(names, MOST)}"

    def _compared(self, before: Listed) -> Iterator[str]:
        """The period that it is compared with, and why there is no change."""
        found, snap = self.found, self.snap
        name = f"{formats.before(snap.period, snap.back)}, {formats.spelled_span(before.period)}"
        if snap.state is State.PARTIAL:
            yield f"a partial {self.noun} is compared with nothing"
        elif before.state is None:
            yield f"{name}: the record lacks it, so there is no change"
        elif before.state is State.PARTIAL:
            yield f"{name}: {before.days[0]} of {before.days[1]} days are in the record, so there is no change"
        else:
            yield f"{name}, complete, {_taken(before)}"
        if snap.state is State.RUNNING and self.key == "change":
            days = f"the first {formats.plural(found.days, 'day')} of both are" if found.days else "no day is"
            yield f"{days} compared"
        unknown = self.here.value is None
        if found.absent and not (unknown and found.status):
            days = ", ".join(map(formats.day, found.absent[:MOST]))
            yield f"not named on {formats.plural(len(found.absent), 'day')} ({days}): unknown, not zero"
        elif unknown and (found.status or (before.state is State.COMPLETE and snap.state is not State.PARTIAL)):
            yield self._no_change(before)

    def _no_change(self, before: Listed) -> str:
        if self.found.status == "new":
            return f"no earlier {self.noun} of the record has it: new"
        if self.found.status == "back":
            return f"that {self.noun} does not have it, an earlier one does: back"
        if not before.fills:
            return f"the record names {sentences.number(before.named)} models of it: absence is unknown there"
        return "it is not known there"

    def _ends(self, run: Run, value: Streak) -> str:
        """Since when, and what came before: what ended it, or why that cannot be known."""
        before = run.before
        name = formats.spelled_span(before.period)
        since = f"since {formats.spelled_span(run.since)}; before it, {name}, " if run.since else f"in {name} "
        if before.state is None:
            return f"{since}the record has nothing: at least" if value.is_floor else f"{since}the record has nothing"
        if before.state is State.PARTIAL:
            return f"{since}the record lacks days ({before.days[0]} of {before.days[1]}): at least"
        if value.is_floor:
            return f"{since}the record names {sentences.number(before.named)} models, too few to know: at least"
        place = f"{formats.ordinal(run.rank)}" if run.rank else "not among the named models"
        return since + HELD[self.key].format(place=place, leader=run.leader or "nobody")

    def left_out(self) -> Iterator[str]:
        """What is not in it."""
        snap = self.snap
        if self.is_sum and self.key in ("lead", "attributed", "share", "tokens", "models"):
            what = "vendor" if self.kind is Kind.VENDOR else "country"
            if self.id != OTHER:
                share = formats.percent(snap.other.share_of_all)
                yield f"{formats.press_tokens(snap.other.tokens)} {self.outside}, {share} % of all, {what} unknown"
            if snap.split.unattributed and self.id != UNATTRIBUTED and self.kind is not Kind.VENDOR:
                tokens = next(row.tokens for row in snap.split.rows if row.key is None)
                yield f"{formats.press_tokens(tokens)} unattributed: {sentences.counted(snap.split.unattributed, MOST)}"
        if not snap.lens.free and self.kind is not None and self.id != OTHER:
            yield "free variants"

    def basis(self) -> str:
        """Through what it is read."""
        text = lens_words(self.snap.lens, self.grain)
        return f"{text} · of all tokens, whatever the basis" if self.kind is None else text

    # What would change it

    def heads(self) -> tuple[str, str]:
        """Over figures and results."""
        running = self.snap.state is State.RUNNING
        change = formats.change_head(self.grain, running=running, back=self.snap.query.back or 1)
        unit, sides = self._in()[1], " : ".join(self.sides)
        figures, result = (head.format(unit=unit, sides=sides, change=change) for head in self.form.heads)
        return figures, result or self.term.heads[0]

    def _in(self) -> tuple[int, str]:
        """The unit of the parts."""
        readings = (self.here, *self.found.others, *(reading for _, reading in self.found.assumed))
        return formats.unit_of([part for reading in readings for part in reading.parts if part is not None])

    def alternatives(self) -> Iterator[WhatIf]:
        """Other lenses, and what is unknown at both extremes."""
        mine = self.here
        for reading in self.found.others:
            if (reading.value, reading.parts, reading.who) != (mine.value, mine.parts, mine.who):
                yield self._other(*through(reading.lens, self.snap.lens), reading)
        more = self.snap.split.unattributed and self.kind is not Kind.VENDOR
        for side, reading in self.found.assumed:
            what = "that is unknown" if more else self.outside
            yield self._other("", f"if all {what} were {side}" if side else f"if none {what} were {self.id}", reading)

    def _other(self, action: str, words: str, reading: Reading) -> WhatIf:
        unit, _ = self._in()
        parts = (
            formats.exact(part) if self.key == "moved" else formats.tokens_in(part, unit) for part in reading.parts
        )
        return WhatIf(action, words, self.form.between.join(parts) if any(reading.parts) else "", self.result(reading))

    def known(self) -> str:
        """What can still move it."""
        snap = self.snap
        if self.here.value is None and self.found.status is None:
            return "Unknown, which is never shown as zero."
        restated = snap.in_progress or snap.period.end >= snap.now.date() - SETTLED
        moves = "a restated day can move the figure" if restated else "only a restated day can move the figure"
        if self.key != "lead" or not self.found.assumed:
            return f"{formats.capital(moves)}."
        leader = self._leader(self.here)
        if all(self._leader(reading) == leader for _, reading in self.found.assumed):
            return f"Nothing unknown can turn the lead; {moves}."
        return f"What is unknown can turn the lead: print the basis beside it; {moves}."

    def source(self) -> str:
        """The citation, with a word where orwatch added up."""
        if self.is_sum or self.snap.composed or self.snap.lens.merged:
            return sentences.source_of(self.snap)
        return citation(self.snap.source, self.snap.as_of)


def _taken(listed: Listed) -> str:
    """When figures were taken, and how long after the end of the period: restated ones count."""
    assert listed.as_of is not None
    later = (listed.as_of.date() - listed.period.end).days
    after = f", {formats.plural(later, 'day')} after its end: as restated by then" if later > SETTLED.days else ""
    return f"as of {formats.short_moment(listed.as_of)}{after}"


def outlook(snap: Snapshot, heading: Outlook | None) -> Explanation:
    """Where the running period is heading; None where that cannot be told."""
    term, noun = TERMS["heading"].of(), formats.noun(snap.period.grain)
    result, exactly, numbers, inputs = formats.NO_DATA, "", "", [period_words(snap)]
    others: list[WhatIf] = []
    if heading is None:
        inputs.append(f"no complete {noun} before tells the share of these days, or a day of this one is missing")
    else:
        low, high = (formats.press_tokens(end) for end in (heading.low, heading.high))
        result = low if low == high else f"{low} to {high}"
        exactly = f"{formats.exact(heading.low)} to {formats.exact(heading.high)}"
        so_far = formats.exact(heading.so_far)
        numbers = f"{so_far} ÷ share of these days, lowest and highest"
        inputs.append(f"so far {so_far} tokens")
        inputs.append(f"{formats.plural(heading.periods, noun)} before it in which the same days are known")
        for period, total in heading.told:
            share = formats.percent(heading.so_far / total if total else None)
            others.append(WhatIf("", f"by the share of {formats.span(period)}", share, formats.press_tokens(total)))
    return Explanation(
        term=term,
        of="Now",
        when=formats.span(snap.period, year=True),
        figure=[("heading for ", "text+"), (f"≈ {result}", "bright")],
        worked=Worked("", exactly, numbers, inputs, ("the days that are not over",), others),
        basis=f"{lens_words(snap.lens, snap.period.grain)} · of all tokens, whatever the basis",
        heads=("so far %", "would be"),
        known="An estimate, never a figure of the record: each day that ends narrows it.",
        source=citation(snap.source, snap.as_of),
        command=sentences.command("explain heading", snap),
    )


def defined(figure: Figure, snap: Snapshot, credit: str) -> Explanation:
    """A figure by its definition alone, with what stands on the screen. credit: its citation."""
    term = TERMS[figure.term].of(formats.noun(snap.period.grain))
    name, cell, head = figure.said or ("", formats.NO_DATA, "")
    return Explanation(
        term=term,
        of=name,
        when=formats.span(snap.period, year=True),
        figure=[(f"{name}  ", "text+"), (f"{head} ", "dim"), (cell, "bright")],
        worked=Worked(inputs=(term.meaning,) if term.formula else ()),
        basis="as the title of the view says",
        known="Other periods, bases and settings are chosen by the keys of the view.",
        source=credit or sentences.source_of(snap),
        command=sentences.command(f"explain {figure.term}", snap),
    )


def alert(quote: AlertQuote) -> Explanation:
    """The value of an alert: its rule, what it compares, and what became of it."""
    found, snap, evidence = quote.alert, quote.snapshot, quote.evidence
    term = find(found.rule).of(formats.noun(found.period.grain))
    inputs = [alerts.message(found, quote.names)]
    if evidence is not None:
        for period, sides in ((evidence.before, evidence.sides_before), (evidence.now, evidence.sides_now)):
            told = ", ".join(
                f"{quote.names.get(side.key, side.name)} {formats.exact(side.tokens)}"
                for side in sides
                if side.tokens is not None
            )
            inputs.append(f"{formats.spelled_span(period)}: {told or 'unknown'}")
        if evidence.days is not None:
            inputs.append(f"the first {formats.plural(evidence.days, 'day')} of both, which are complete")
    if found.threshold:
        inputs.append(f"mark of the rule: {found.threshold} ([alerts.{found.rule}] in the settings)")
    dated = formats.day(found.dated.date(), year=True)
    state = {
        Standing.CONFIRMED: f"confirmed, known on {dated}",
        Standing.ON_COURSE: "on course: judged on the complete days, never confirmed before the period ends",
        Standing.RETRACTED: f"retracted: restated figures no longer support it (known on {dated})",
    }[found.state]
    subject = plain(alerts.subject_phrase(found, quote.names))
    return Explanation(
        term=term,
        of=alerts.rule_title(found),
        when=formats.span(found.period, year=True),
        figure=[(f"{subject} ", "text+"), (alerts.value_text(found, quote.names), "bright")],
        worked=Worked(numbers=term.formula, inputs=[*inputs, state], words=term.meaning),
        basis="none: it speaks of no split" if found.basis is None else lens_words(snap.lens, found.period.grain),
        known=(
            "Restated figures that no longer support it would mark it retracted;"
            " the rule's settings decide what it fires for."
        ),
        source=f"{' '.join(alerts.citations([found], snap.source, snap.as_of))} {AGGREGATED}",
        command=sentences.command(f"quote '{found.id}'", snap),
    )


# Prices: one of a model, with what it is per token and on its base; and the medians of two countries


def priced(found: ExplainedPrice) -> Explanation:
    """A figure of the prices table."""
    key, name, snap = found.figure.term, sentences.named(found.row.name, found.row.id), found.snapshot
    figures = found.row.figures
    work, unit = PRICE_FORMS[key]
    varies = Worked("varies", inputs=["a router: the price is that of the model that it picks"])
    told = varies if figures.varies else work(found)
    unit = unit if any(map(str.isdigit, told.figure)) else ""
    inputs = [*told.inputs, _seen(found.seen_at, past=found.until is not None)]
    listed = {"in": figures.list_input, "out": figures.list_output}.get(key) if figures.discount else None
    others = [] if listed is None else [WhatIf("", "without its discount", "", formats.price(listed))]
    return explanation(
        key,
        name,
        None if found.seen_at is None else found.seen_at.date(),
        replace(told, inputs=inputs, alternatives=others),
        figure=[(f"{name} ", "text+"), (told.figure, "bright"), (unit, "text")],
        basis="none: a price belongs to no basis",
        heads=("", "× base" if key == "base" else "$"),
        known="Listed prices can move from hour to hour: every change is recorded with the time it was seen.",
        source=models_citation(snap.source, found.seen_at or snap.as_of),
        command=sentences.command(f"explain {key}", snap, dated=snap.prices_until is not None),
    )


def _of_a_token(found: ExplainedPrice, price: Decimal | None, token: Decimal | None) -> Worked:
    """A listed price. token: of one."""
    figure = "free" if found.row.figures.free and price == 0 else f"${formats.price(price)}"
    return Worked(figure) if token is None else Worked(figure, f"${price:f}", f"${token:f} × 1,000,000")


def _discount(found: ExplainedPrice) -> Worked:
    figures, numbers = found.row.figures, ""
    if figures.discount is None:
        return Worked(formats.NO_DATA, inputs=["no host of it at the listed price is known: unknown, not zero"])
    if figures.discount and figures.list_input is not None:
        numbers = f"1 − ${formats.price(figures.input)} ÷ ${formats.price(figures.list_input)}"
    return Worked(f"{formats.percent(figures.discount, 0)} %", "", numbers, ["as its hosts tell"])


def _multiple(found: ExplainedPrice) -> Worked:
    """The ratio of input prices to the base, and output beside input."""
    figures, base = found.row.figures, found.row.baseline
    if base is None:
        return Worked(formats.NO_DATA, inputs=["no model of the ranking has a price to be the base"])
    inputs = [f"base: {base.short_name} ({base.id}), the first ranked model with a price unless you chose it"]
    if figures.output_ratio:
        inputs.append(f"of output prices: {formats.multiple(figures.output_ratio)} × base")
    if not figures.input_ratio:
        return Worked(formats.NO_DATA, inputs=[*inputs, "one of both has no price above zero: no ratio"])
    numbers = f"${formats.price(figures.input)} ÷ ${formats.price(per_million(base.pricing.prompt))}"
    return Worked(formats.multiple(figures.input_ratio), f"{figures.input_ratio:.4f}", numbers, inputs)


def _price_change(found: ExplainedPrice) -> Worked:
    figures, held = found.row.figures, found.held
    result = formats.NOTHING if figures.change is None else f"{formats.signed(figures.change, 0)} %"
    if held is None:
        return Worked(result, inputs=["no earlier price of it was seen"])
    now, then = (f"${formats.price(price)}" for price in (figures.input, per_million(held.prompt)))
    inputs = [f"{then} seen on {formats.day(held.observed_at.date(), year=True)}"]
    if figures.change is None:
        return Worked(result, inputs=inputs)
    return Worked(result, f"{formats.signed(figures.change, 4)} %", f"({now} − {then}) ÷ {then}", inputs)


def _context(found: ExplainedPrice) -> Worked:
    context = found.row.figures.context
    return Worked(formats.context(context), formats.exact(context) if context else "")


def _range(found: ExplainedPrice) -> Worked:
    figures = found.row.figures
    return Worked(f"${formats.price(figures.input)} to ${formats.price(figures.output)}")


PRICE_FORMS: Final[Mapping[str, tuple[Callable[[ExplainedPrice], Worked], str]]] = {
    "in": (
        lambda found: _of_a_token(found, found.row.figures.input, found.row.entry.pricing.prompt),
        " for a million tokens of input",
    ),
    "out": (
        lambda found: _of_a_token(found, found.row.figures.output, found.row.entry.pricing.completion),
        " for a million tokens of output",
    ),
    "cached": (
        lambda found: _of_a_token(found, found.row.figures.cached_input, found.row.entry.pricing.cache_read),
        " for a million tokens of cached input",
    ),
    "discount": (_discount, " off"),
    "base": (_multiple, " × base"),
    "price_change": (_price_change, ""),
    "context": (_context, " tokens"),
    "range": (_range, " a million tokens"),
}
"""The figures of the prices table, by term: how each comes about, and its unit."""


def prices_words(pricing: Pricing) -> str:
    """`input $5.00, cached $0.50, output $25.00 a million`."""
    told = (("input", pricing.prompt), ("cached", pricing.cache_read), ("output", pricing.completion))
    known = (f"{name} ${formats.price(per_million(price))}" for name, price in told if price is not None)
    return f"{', '.join(known)} a million"


def blend_numbers(pricing: Pricing, share: Decimal) -> str:
    """`0.98 × $5.00 + 0.02 × $25.00`. share: of input."""
    given, output = (f"{per_million(price) or 0:f}" for price in (pricing.prompt, pricing.completion))
    return f"{share} × ${given} + {1 - share} × ${output}"


def _seen(seen_at: datetime | None, *, past: bool) -> str:
    if seen_at is None:
        return "no price has been seen yet"
    return f"as seen {formats.short_moment(seen_at)}{', the last time before the period ended' if past else ''}"


def median(found: ExplainedGap) -> Explanation:
    """The medians of CN and US of one price, and the gap between them."""
    gap, snap, term = found.gap, found.snapshot, TERMS["median"].of()
    week = formats.span(found.week, year=True) if found.week else "no complete week"
    ends = [
        f"{code}: {formats.plural(count, 'model')} with a price above zero, ${formats.price(least)} to"
        f" ${formats.price(most)}"
        for code, count, least, most in (
            ("CN", gap.cn_count, gap.cn_low, gap.cn_high),
            ("US", gap.us_count, gap.us_low, gap.us_high),
        )
    ]
    ratio = ""
    if gap.ratio:
        dear, times = ("US", gap.ratio) if gap.ratio >= 1 else ("CN", Decimal(1) / gap.ratio)
        ratio = f"  {dear} {formats.multiple(times)} × as dear"
    told = Worked(
        "",
        "" if gap.ratio is None else f"US ÷ CN {gap.ratio:.4f}",
        f"${formats.price(gap.us)} ÷ ${formats.price(gap.cn)}",
        [*ends, f"models of the basis in the newest complete week, {week}", _seen(found.seen_at, past=False)],
        ("models without a price, free ones, and all outside the basis",),
        [
            WhatIf(
                *through(lens, snap.lens),
                f"{formats.price(other.cn)} : {formats.price(other.us)}",
                formats.multiple(other.ratio),
            )
            for lens, other in found.others
        ],
    )
    return Explanation(
        term=term,
        of=f"Median {found.figure.id} prices",
        when=week,
        figure=[
            ("CN", cells.side_role("CN")),
            (f" ${formats.price(gap.cn)} ", "bright"),
            ("US", cells.side_role("US")),
            (f" ${formats.price(gap.us)}", "bright"),
            (ratio, "text"),
        ],
        worked=told,
        basis=lens_words(snap.lens, Grain.WEEK),
        heads=("CN : US $", "US ÷ CN"),
        known="A median says nothing of how much is bought at that price.",
        source=f"{sentences.source_of(snap)} {models_citation(snap.source, found.seen_at or snap.as_of)}",
        command=sentences.command("explain median", snap, dated=snap.prices_until is not None),
    )
