"""One figure explained: its formula with the numbers in it, its inputs, what is left out, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from msgspec import Struct

from orwatch.domain.explain import (
    Explained,
    ExplainedOutlook,
    Figure,
    Listed,
    Reading,
    Run,
)
from orwatch.domain.leads import Kind
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import Grain, State, Streak
from orwatch.domain.quote import AlertQuote
from orwatch.domain.rankings import Lens
from orwatch.domain.records import OTHER
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.present import alerts, cells, formats, sentences
from orwatch.present.citation import AGGREGATED, citation
from orwatch.present.definitions import TERMS, Term, find
from orwatch.present.table import Pieces

SETTLED: Final = timedelta(days=3)
"""How long after a period its newest days are restated."""
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


class Explanation(Struct, frozen=True):
    """A figure in words. of, when: whose it is, and of which period or day. figure: as it stands; exactly: with all its digits.

    formula: in words and in numbers. heads: over the figures and results of the alternatives. known: what else is to be known.
    """

    term: Term
    of: str
    when: str
    figure: Pieces
    exactly: str
    formula: tuple[str, ...]
    inputs: tuple[str, ...]
    left_out: tuple[str, ...]
    basis: str
    heads: tuple[str, str]
    alternatives: tuple[WhatIf, ...]
    known: str
    source: str
    command: str


def ranked(found: Explained) -> Explanation:
    """A figure of the rankings: tokens, share, change, rank, streak, or the ratio of two sides."""
    words = _RankedWords(found)
    return Explanation(
        words.term,
        words.who,
        formats.span(found.snapshot.period, year=True),
        words.figure(),
        words.exactly(),
        tuple(filter(None, words.formula())),
        tuple(words.inputs()),
        tuple(words.left_out()),
        words.basis(),
        words.heads(),
        tuple(words.alternatives()),
        words.known(),
        words.source(),
        sentences.command(f"explain {found.figure.term}", found.snapshot),
    )


def period_words(snap: Snapshot) -> str:
    """`seven days, 10–16 August, all complete`, `3 of 7 days of 20–26 July, those that are complete`."""
    done, length = snap.days
    span = formats.spelled_span(snap.period)
    days = formats.plural(length, "day") if length > 12 else f"{sentences.number(length)} day{'s' * (length != 1)}"
    if snap.state is State.COMPLETE:
        told = f"{days}, {span}, {'all complete' if length > 1 else 'complete'}" if length > 1 else f"{span}, complete"
    elif snap.state is State.RUNNING:
        told = f"{done} of {length} days of {span} are complete" if length > 1 else f"{span}, which runs"
    else:
        told = f"{done} of {length} days of {span} are in the record"
    return f"{told}, added up from days" if snap.composed else told


def lens_words(lens: Lens, grain: Grain) -> str:
    """`top50 · week · free in · variants apart`."""
    free, merged = "free in" if lens.free else "free out", "variants merged" if lens.merged else "variants apart"
    return f"{lens.basis} · {formats.noun(grain)} · {free} · {merged}"


def _long_percent(value: float | None, *, sign: bool = False) -> str:
    if value is None:
        return ""
    return f"{formats.signed(value, 4) if sign else formats.percent(value, 4)} %"


class _RankedWords:
    """The words of a figure of the rankings."""

    def __init__(self, found: Explained) -> None:
        self.found = found
        self.snap = found.snapshot
        self.grain = found.snapshot.period.grain
        self.noun = formats.noun(self.grain)
        self.key = found.figure.term
        self.kind = found.figure.kind
        self.id = found.figure.id
        self.term = TERMS[self.key].of(self.noun)

    @property
    def sides(self) -> tuple[str, str]:
        a, _, b = self.id.partition(":")
        return a, b

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
        if self.kind is Kind.VERSUS and self.key == "lead":
            return self._lead()
        who: Pieces = [(f"{self.who} ", "text+")]
        if self.kind in (Kind.COUNTRY, Kind.VENDOR) and self.id not in (OTHER, UNATTRIBUTED, ""):
            who = [(self.id, cells.side_role(self.id)), (" models ", "text+")]
        value = self.result(self.found.here)
        if value == formats.NO_DATA and self.found.status and self.key in ("change", "moved"):
            value = self.found.status
        return [*who, (value, "bright"), (self._unit(), "text")]

    def _lead(self) -> Pieces:
        first, second = self.sides
        here = self.found.here
        if None in here.parts:
            return [("split not known on this basis", "dim")]
        a, b = (part or 0 for part in here.parts)
        if b > a:
            first, second = second, first
        leads = " leads " if a != b else " level with "
        ratio = formats.ratio(here.value) if isinstance(here.value, float) else formats.NO_DATA
        return [
            (first, cells.side_role(first)),
            (leads, "text"),
            (second, cells.side_role(second)),
            (f" {ratio}", "bright"),
        ]

    def _unit(self) -> str:
        if self.key in ("share", "attributed", "change") and self.found.here.value is not None:
            return {"share": " % of all", "attributed": " % of attributed", "change": f" % on {self._before()}"}[
                self.key
            ]
        return {
            "tokens": " tokens",
            "total": " tokens",
            "rank": f" of {self.snap.named}",
            "top_ten": " in the top 10",
        }.get(self.key, {"leads": " in first place", "grew": " of growth", "shrank": " of decline"}.get(self.key, ""))

    def _before(self) -> str:
        same = "the same days of " if self.snap.in_progress else ""
        return f"{same}{formats.before(self.snap.period, self.snap.back)}"

    def result(self, reading: Reading) -> str:
        """A reading as the screen has such a figure."""
        value = reading.value
        if isinstance(value, Streak):
            if not value.counted or (value.is_floor and not value):
                return formats.NO_DATA
            return sentences.length(value, self.grain) if value else f"not this {self.noun}"
        if value is None:
            return formats.NO_DATA
        match self.key:
            case "tokens" | "total":
                return formats.press_tokens(int(value))
            case "share" | "attributed":
                return formats.percent(value)
            case "change":
                return formats.signed(value)
            case "lead":
                return self._leader(reading) + formats.ratio(value)
            case "first_vendor":
                return f"{reading.who} {formats.ratio(value)}"
            case "moved":
                return f"{formats.arrow(value)}{abs(int(value))}" if value else "no change"
            case "rank":
                return formats.ordinal(int(value))
        return str(value)

    def _leader(self, reading: Reading) -> str:
        """The leader's name where it is another than here."""
        (a, b), (c, d) = ((part or 0 for part in found.parts) for found in (reading, self.found.here))
        return "" if (a > b) == (c > d) else f"{self.sides[0] if a > b else self.sides[1]} "

    def exactly(self) -> str:
        """The figure with more digits than the screen has room for."""
        value = self.found.here.value
        if value is None or isinstance(value, Streak):
            return ""
        if self.key in ("tokens", "total"):
            return formats.exact(int(value))
        if self.key in ("share", "attributed", "change"):
            return _long_percent(value, sign=self.key == "change")
        return f"{max(value, 1 / value):.4f}" if self.key in ("lead", "first_vendor") and value else ""

    # How it comes about

    def formula(self) -> Iterator[str]:
        """In words, then with the numbers."""
        parts = [formats.exact(part) for part in self.found.here.parts]
        match self.key:
            case "lead":
                a, b = self.sides
                if (self.found.here.parts[0] or 0) < (self.found.here.parts[1] or 0):
                    a, b, parts = b, a, parts[::-1]
                yield f"tokens of {a} models ÷ tokens of {b} models, both on the basis"
                yield self._numbers("{} ÷ {}", parts)
            case "share" | "attributed" | "first_vendor":
                yield self.term.formula
                yield self._numbers("{} ÷ {}", parts)
            case "change":
                yield self.term.formula
                yield self._numbers("({} − {}) ÷ {}", [*parts, *parts[1:]])
            case "moved":
                yield self.term.formula
                yield self._numbers("{} − {}", parts)
            case "tokens" if self.kind in (Kind.COUNTRY, Kind.VENDOR) and self.id != OTHER:
                yield "the tokens of its models on the basis, added up"
            case _:
                yield self.term.formula or self.term.meaning

    def _numbers(self, form: str, parts: Sequence[str]) -> str:
        """The formula with its numbers; nothing where none of them is known."""
        return form.format(*parts) if any(part is not None for part in self.found.here.parts) else ""

    def inputs(self) -> Iterator[str]:
        """What goes into it."""
        snap = self.snap
        if self.kind is Kind.VERSUS and self.key == "lead":
            yield self._counted()
        elif self.kind in (Kind.COUNTRY, Kind.VENDOR) and self.id not in (OTHER, UNATTRIBUTED, ""):
            yield self._largest()
        elif self.key == "rank" and self.kind is Kind.MODEL:
            yield from self._neighbours()
        yield period_words(snap)
        if self.kind not in (None, Kind.MODEL) and not snap.split.known:
            yield f"{sentences.few_named(snap)}, fewer than {snap.lens.basis} asks for: the others stand in other"
        if self.found.before is not None:
            yield from self._compared(self.found.before)
        if self.found.run is not None and isinstance(self.found.here.value, Streak):
            yield self._ends(self.found.run, self.found.here.value)
        if self.kind in (Kind.COUNTRY, Kind.VERSUS) and not self.id.islower():
            own = sum(row.vendor.assigned == "user" for row in snap.vendors)
            nameless = len(snap.split.unattributed)
            yield f"countries from the shipped table · {own} assigned by you · {nameless} unattributed"

    def _counted(self) -> str:
        """`15 CN and 33 US models of the 50 largest · 2 of other countries`."""
        models = {row.key: row.models for row in self.snap.split.rows}
        a, b = self.sides
        if not sentences.is_country(a):
            return f"models of {a} and {b} among {sentences.largest(self.snap.lens)}"
        rest = sum(n for key, n in models.items() if key not in (a, b, None, OTHER))
        size = "named" if sentences.all_named(self.snap.lens) else f"{self.snap.lens.basis.size} largest"
        size = size if self.snap.split.known else f"{sentences.number(self.snap.named)} that the record names"
        more = f" · {rest} of other countries" if rest else ""
        return f"{models.get(a, 0)} {a} and {models.get(b, 0)} {b} models of the {size}{more}"

    def _largest(self) -> str:
        """The largest models that are added up."""
        rows = [
            row
            for row in self.snap.models
            if (row.figures.vendor if self.kind is Kind.VENDOR else row.country) == self.id
        ]
        if not rows:
            return f"no models of {sentences.largest(self.snap.lens)}"
        names = [
            f"{sentences.named(row.name, row.figures.permaslug)} {formats.press_tokens(row.figures.tokens)}"
            for row in rows
        ]
        known = sentences.largest(self.snap.lens)
        of = known if self.snap.split.known else f"the {sentences.number(self.snap.named)} that the record names"
        return f"{formats.plural(len(rows), 'model')} of {of}: {sentences.counted(names, MOST)}"

    def _neighbours(self) -> Iterator[str]:
        """The rows before and behind one."""
        rank = self.found.here.value
        for row in self.snap.models:
            if isinstance(rank, int) and abs(row.figures.rank - rank) <= 1:
                name = sentences.named(row.name, row.figures.permaslug)
                yield f"{formats.ordinal(row.figures.rank)} {name} {formats.exact(row.figures.tokens)}"

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
            yield (
                f"the first {formats.plural(found.days, 'day')} of both are compared"
                if found.days
                else "no day is compared"
            )
        if found.status is not None and found.here.value is None:
            yield self._no_change(before)
        elif found.absent:
            days = ", ".join(map(formats.day, found.absent[:MOST]))
            yield f"not named on {formats.plural(len(found.absent), 'day')} ({days}): unknown, not zero"
        elif found.here.value is None and before.state is State.COMPLETE and snap.state is not State.PARTIAL:
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
        if self.key in ("lead", "attributed", "share", "tokens", "models") and self.kind in (
            Kind.COUNTRY,
            Kind.VERSUS,
            Kind.VENDOR,
        ):
            if self.id != OTHER:
                share, what = (
                    formats.percent(snap.outside_share),
                    "country" if self.kind is not Kind.VENDOR else "vendor",
                )
                yield f"{formats.press_tokens(snap.outside)} {self.outside}, {share} % of all, {what} unknown"
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
        unit = self._in()[1]
        if self.key == "lead":
            return f"{' : '.join(self.sides)} {unit}", "ratio"
        if self.key == "first_vendor":
            return f"first : second {unit}", "ratio"
        result = {
            "share": cells.SHARE_HEAD,
            "attributed": "attrib. %",
            "change": formats.change_head(
                self.grain, running=self.snap.state is State.RUNNING, back=self.snap.query.back or 1
            ),
        }
        figures = {"share": f"of all {unit}", "attributed": f"of {unit}", "change": f"now, before {unit}"}
        return figures.get(self.key, ""), result.get(self.key, self.term.heads[0] if self.key != "leads" else "streak")

    def _in(self) -> tuple[int, str]:
        """The unit of the parts."""
        readings = (self.found.here, *self.found.others, *(reading for _, reading in self.found.assumed))
        return formats.unit_of([part for reading in readings for part in reading.parts if part is not None])

    def alternatives(self) -> Iterator[WhatIf]:
        """Other lenses, and what is unknown at both extremes."""
        here = self.snap.lens
        for reading in self.found.others:
            lens, mine = reading.lens, self.found.here
            if (reading.value, reading.parts, reading.who) == (mine.value, mine.parts, mine.who):
                continue
            if lens.basis is not here.basis:
                yield self._other("basis", f"basis {lens.basis}, {sentences.largest(lens)}", reading)
            elif lens.free is not here.free:
                yield self._other("free", f"{'with' if lens.free else 'without'} free variants", reading)
            else:
                yield self._other("merge", "variants merged" if lens.merged else "variants apart", reading)
        more = self.snap.split.unattributed and self.kind is not Kind.VENDOR
        for side, reading in self.found.assumed:
            what = "that is unknown" if more else self.outside
            yield self._other("", f"if all {what} were {side}" if side else f"if none {what} were {self.id}", reading)

    def _other(self, action: str, words: str, reading: Reading) -> WhatIf:
        unit, _ = self._in()
        joined = (
            " : "
            if self.key in ("lead", "first_vendor")
            else " → "
            if self.key == "moved"
            else " of "
            if self.key != "change"
            else ", "
        )
        if self.key == "moved":
            figures = joined.join(map(formats.exact, reading.parts))
        else:
            figures = joined.join(formats.tokens_in(part, unit) for part in reading.parts)
        return WhatIf(action, words, figures if any(reading.parts) else "", self.result(reading))

    def known(self) -> str:
        """What can still move it."""
        snap = self.snap
        if self.found.here.value is None and self.found.status is None:
            return "Unknown, which is never shown as zero."
        restated = snap.period.end >= snap.now.date() - SETTLED
        moves = (
            "a restated day can move the figure"
            if restated or snap.in_progress
            else "only a restated day can move the figure"
        )
        if self.key != "lead" or not self.found.assumed:
            return f"{moves[0].upper()}{moves[1:]}."
        first = [(reading.parts[0] or 0) > (reading.parts[1] or 0) for _, reading in self.found.assumed]
        here = (self.found.here.parts[0] or 0) > (self.found.here.parts[1] or 0)
        if all(side is here for side in first):
            return f"Nothing unknown can turn the lead; {moves}."
        return f"What is unknown can turn the lead: print the basis beside it; {moves}."

    def source(self) -> str:
        """The citation, with a word where orwatch added up."""
        text = citation(self.snap.source, self.snap.as_of)
        computed = self.kind in (Kind.COUNTRY, Kind.VENDOR, Kind.VERSUS) or self.snap.composed or self.snap.lens.merged
        return f"{text} {AGGREGATED}" if computed else text


def _taken(listed: Listed) -> str:
    """When figures were taken, and how long after the end of the period: restated ones count."""
    assert listed.as_of is not None
    later = (listed.as_of.date() - listed.period.end).days
    after = f", {formats.plural(later, 'day')} after its end: as restated by then" if later > SETTLED.days else ""
    return f"as of {formats.short_moment(listed.as_of)}{after}"


def outlook(found: ExplainedOutlook) -> Explanation:
    """Where the running period is heading."""
    snap, term, heading = found.snapshot, TERMS["heading"].of(), found.outlook
    noun = formats.noun(snap.period.grain)
    result = formats.NO_DATA
    inputs = [period_words(snap)]
    told: list[WhatIf] = []
    if heading is None:
        inputs.append(f"no complete {noun} before tells the share of these days, or a day of this one is missing")
    else:
        low, high = (formats.press_tokens(end) for end in (heading.low, heading.high))
        result = low if low == high else f"{low} to {high}"
        inputs.append(f"so far {formats.exact(heading.so_far)} tokens")
        inputs.append(f"{formats.plural(heading.periods, noun)} before it in which the same days are known")
        told = [
            WhatIf(
                "",
                f"by the share of {formats.span(period)}",
                formats.percent(heading.so_far / total if total else None),
                formats.press_tokens(total),
            )
            for period, total in heading.told
        ]
    return Explanation(
        term,
        "Now",
        formats.span(snap.period, year=True),
        [("heading for ", "text+"), (f"≈ {result}", "bright")],
        "" if heading is None else f"{formats.exact(heading.low)} to {formats.exact(heading.high)}",
        (
            term.formula,
            *(
                []
                if heading is None
                else [f"{formats.exact(heading.so_far)} ÷ share of these days, lowest and highest"]
            ),
        ),
        tuple(inputs),
        ("the days that are not over",),
        f"{lens_words(snap.lens, snap.period.grain)} · of all tokens, whatever the basis",
        ("so far %", "would be"),
        tuple(told),
        "An estimate, never a figure of the record: each day that ends narrows it.",
        citation(snap.source, snap.as_of),
        sentences.command("explain heading", snap),
    )


def defined(figure: Figure, snap: Snapshot, credit: str) -> Explanation:
    """A figure by its definition alone, with what stands on the screen. credit: its citation."""
    term = TERMS[figure.term].of(formats.noun(snap.period.grain))
    name, cell, head = figure.said or ("", formats.NO_DATA, "")
    return Explanation(
        term,
        name,
        formats.span(snap.period, year=True),
        [(f"{name}  ", "text+"), (f"{head} ", "dim"), (cell, "bright")],
        "",
        (term.formula or term.meaning,),
        (term.meaning,) if term.formula else (),
        (),
        "as the title of the view says",
        ("", ""),
        (),
        "Other periods, bases and settings are chosen by the keys of the view.",
        credit or f"{citation(snap.source, snap.as_of)} {AGGREGATED}",
        sentences.command(f"explain {figure.term}", snap),
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
        "confirmed": f"confirmed, known on {dated}",
        "on_course": "on course: judged on the complete days, never confirmed before the period ends",
        "retracted": f"retracted: restated figures no longer support it (known on {dated})",
    }[found.state.value]
    basis = "none: it speaks of no split" if found.basis is None else lens_words(snap.lens, found.period.grain)
    return Explanation(
        term,
        alerts.rule_title(found),
        formats.span(found.period, year=True),
        [
            (f"{''.join(text for text, _ in alerts.subject_phrase(found, quote.names))} ", "text+"),
            (alerts.value_text(found, quote.names), "bright"),
        ],
        "",
        tuple(filter(None, (term.meaning, term.formula))),
        (*inputs, state),
        (),
        basis,
        ("", ""),
        (),
        "Restated figures that no longer support it would mark it retracted; the rule's settings decide what it fires for.",
        f"{' '.join(alerts.citations([found], snap.source, snap.as_of))} {AGGREGATED}",
        sentences.command(f"quote '{found.id}'", snap),
    )
