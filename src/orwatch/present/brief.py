"""A period as a briefing: a lede to print as it is, tables, what changed, what disagrees, and what to know before it is quoted.

A figure that is not known is said to be unknown, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from orwatch.domain.alerts.alert import Alert
from orwatch.domain.alerts.prices import PriceChange
from orwatch.domain.brief import Brief, PriceNews
from orwatch.domain.leads import Flip, Kind
from orwatch.domain.overview import ModelRow, ShareRow, Standoff
from orwatch.domain.periods import Grain, State
from orwatch.domain.records import OTHER
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.present import alerts, formats, sentences
from orwatch.present.citation import models_citation
from orwatch.present.sentences import Grid, Sentence, Wording, text_grid
from orwatch.present.table import Column, Pieces
from orwatch.present.tables import countries
from orwatch.present.tables.countries import COUNTRIES, CountryRow, fold
from orwatch.present.tables.models import MODELS, ModelsScale
from orwatch.present.tables.prices import gap_note
from orwatch.present.terms import BASIS_COUNTS, country_words, lens_words, state_mark, total_run

RowT = TypeVar("RowT")

MODELS_SHOWN = 10
COUNTRIES_SHOWN = 6
NAMES_TOLD = 4
FLIPS_TOLD = 6
PRICES_TOLD = 4
MUCH = 1.5
"""Ratios of a head to head that are so many times each other differ much."""


class Section(Struct, frozen=True):
    """A part of a briefing. lines: of sentences, each on a line of its own."""

    title: str
    lines: tuple[tuple[Sentence, ...], ...]
    grid: Grid | None = None


class Briefing(Struct, frozen=True):
    """A briefing in words.

    basis, rows, free: what the figures are of, such as `chart`, `the nine largest models`, `free in`. state: of the period.
    lede: to print as it is. sections: the total, the split and the models, each with its table, then the rest.
    """

    title: str
    basis: str
    rows: str
    free: str
    state: str
    lede: tuple[Sentence, ...]
    sections: tuple[Section, ...]
    command: str
    source: str

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence, in order."""
        return (*self.lede, *(sentence for section in self.sections for line in section.lines for sentence in line))


def briefing(brief: Brief) -> Briefing:
    """The figures of a briefing in words."""
    return _Writer(brief).written()


class _Writer(Wording):
    """Makes the sentences of one briefing."""

    def __init__(self, brief: Brief) -> None:
        super().__init__(brief.snapshot)
        self.brief = brief
        self.few = BASIS_COUNTS[self.basis]
        seen = brief.prices.until if brief.prices.known or brief.discounted.known else None
        self.priced = self.source if seen is None else f"{self.source} {models_citation(self.snap.source, seen)}"

    def written(self) -> Briefing:
        snap = self.snap
        iso = f" (week {snap.period.start.isocalendar().week})" if self.grain is Grain.WEEK else ""
        return Briefing(
            title=f"OpenRouter, {formats.spelled_span(snap.period, year=True)}{iso}",
            basis=self.basis.value,
            rows=self.largest,
            free=" · ".join(lens_words(snap.lens)),
            state=state_mark(snap, "✓ complete", "* partial"),
            lede=(self._lede_total(), self._lede_split(), *self._lede_leads()),
            sections=(
                self._total(),
                self._split(),
                self._models(),
                _section("Flips and prices", *([each] for each in (*self._leads_turned(), *self._prices()))),
                _section("What disagrees", *([each] for each in (*self._on_other_bases(), *self._unknown_bases()))),
                _section(
                    "Read with care",
                    self._floors(),
                    [self._free(), *self._unattributed()],
                    [self._discounts(), *self._doubts()],
                ),
            ),
            command=sentences.command("brief", snap),
            source=self.priced,
        )

    # The lede

    def _lede_total(self) -> Sentence:
        snap = self.snap
        text = f"Models on OpenRouter handled {formats.tokens(snap.total)} tokens"
        if snap.in_progress:
            text += " so far"
        if (reach := sentences.reach(snap)) is not None:
            text += f", {' being '.join(reach)}"
        if snap.total_change is not None:
            than = "the same days of the" if self.running else "the"
            text += f", {formats.moved(snap.total_change)} on {than} {self.noun} before"
            if snap.total_change == 0:
                text = text.replace("unchanged on", "as many as in")
        streak, word = total_run(snap, "growth", "decline")
        if streak.length > 1 and not self.running:
            run = f"the {sentences.nth(streak.length)} {self.noun} of {word} in a row"
            text += f": {word} for {sentences.length(streak, self.grain)}" if streak.is_floor else f": {run}"
        return self.say_of_all(
            f"{text}.",
            total_tokens=snap.total,
            total_change=snap.total_change,
            total_streak=streak.length if streak.counted else None,
            total_streak_is_floor=streak.is_floor if streak.counted else None,
        )

    def _lede_split(self) -> Sentence:
        snap, here = self.snap, self.brief.here
        a, b = snap.query.versus
        if not here.known:
            why = sentences.few_named(snap)
            return self.say(f"How they split between {a} and {b} is unknown on {self.basis}: {why}.")
        first, second = here.order((a, b))
        tokens = {a: here.a, b: here.b}
        changes = self._changes()

        told_tokens = dict(zip((a, b), formats.told_apart(formats.press_tokens, here.a, here.b), strict=True))

        def told(side: str) -> str:
            change = changes.get(side)
            return told_tokens[side] + ("" if change is None else f" ({sentences.signed(change)})")

        among = f"Among {self.largest}"
        text = f"{among}, {sentences.ones_from(first)} carried {told(first)} and {sentences.ones_from(second)} {told(second)}"
        if here.ratio:
            text += f": {formats.ratio(here.ratio)}"
        figures = {
            f"{side}_{name}": value
            for side in (a, b)
            for name, value in (("tokens", tokens[side]), ("change", changes.get(side)))
        }
        return self.say(f"{text}.", ratio=here.ratio, **figures)

    def _changes(self) -> dict[str, float | None]:
        """The changes of both sides of the head to head."""
        periods = {side.id: side.points[-1].change for side in self.brief.past.contenders if side.points}
        return {side: periods.get(side) for side in self.snap.query.versus}

    def _lede_leads(self) -> list[Sentence]:
        lead, model = self.brief.leads[Kind.VERSUS], self.brief.leads[Kind.MODEL]
        parts: list[str] = []
        figures: dict[str, Any] = {}
        if lead.leader is not None and self.brief.here.known and lead.streak.counted:
            turn = self._turn(Kind.VERSUS)
            before = None if turn is None else str(turn.values["from"])
            parts.append(
                sentences.leads(sentences.models_from(lead.leader), lead, self.grain, before, running=self.running)
            )
            figures |= {"leader": lead.leader, "lead_streak": lead.streak.length, "lead_since": str(lead.since)}
        if lead.leader is None and self.brief.here.known and self.brief.here.a == self.brief.here.b > 0:
            a, b = self.snap.query.versus
            parts.append(f"{sentences.models_from(a)} and {sentences.ones_from(b)} are level")
        if model.leader is not None and not self.running:
            turn = self._turn(Kind.MODEL)
            before = None if turn is None else self.name(str(turn.values["from"]))
            parts.append(f"{self.name(model.leader)} {sentences.is_first(model.streak, self.grain, before)}")
            figures |= {"first_model": model.leader, "first_model_streak": model.streak.length}
        return [self.say(f"{'; '.join(parts)}.", **figures)] if parts else []

    def _turn(self, kind: Kind) -> Alert | None:
        """The flip of a kind of lead in this period."""
        return next((alert for alert in self.brief.turns if alert.subject_kind == kind), None)

    def name(self, slug: str) -> str:
        """The name of a model of the period."""
        row = next((row for row in self.snap.models if row.permaslug == slug), None)
        return sentences.named(self.brief.names.get(slug, slug), slug) if row is None else _named(row)

    # The total

    def _total(self) -> Section:
        snap, before = self.snap, self.brief.before
        rows = [(formats.spelled_span(snap.period), snap.total, snap.total_change)]
        if before is not None:
            rows.append((formats.spelled_span(before.period), before.tokens, before.change))
        unit, letter = formats.unit_of([snap.total])
        grid = text_grid(
            (("", 20), (f"Tokens {letter}", 8), (self.change_head, 6)),
            [(span, formats.tokens_in(tokens, unit), formats.signed(change)) for span, tokens, change in rows],
        )
        return _section("Total", self._record(), grid=grid)

    def _record(self) -> Iterator[Sentence]:
        """How long the total has grown, and what it is in the record."""
        streak, word = total_run(self.snap, "up", "down")
        if streak and not self.running:
            words = formats.streak_words(streak, self.grain)
            yield self.say_of_all(f"{formats.capital(words)} {word}.", streak=streak.length)
        began = f"he record begins on {formats.day_in_full(self.brief.since)}."
        yield self.say_of_all(f"The largest {self.noun} up to then; t{began}" if self.brief.largest else f"T{began}")

    # The split

    def _split(self) -> Section:
        a, b = self.snap.query.versus
        title = f"{a} and {b}" if sentences.is_country(a) else "Countries"
        if not self.snap.split.known:
            why = f"Unknown on {self.basis}: {sentences.few_named(self.snap)}."
            return _section(title, [self.say(f"{why} Their country sums are on chart.")])
        return _section(title, self._ratios(), self._lead_and_flips(), grid=self._split_grid())

    def _ratios(self) -> Iterator[Sentence]:
        """The ratio, that of the period before, and whether it is the widest."""
        brief, (a, b) = self.brief, self.snap.query.versus
        if not (brief.here.known and brief.here.ratio):
            return
        which = "Ratio" if sentences.is_country(a) else f"Ratio of {a} and {b}"
        text = f"{which} {self._ratio(brief.here, brief.there)}"
        if brief.there.known and brief.there.ratio:
            text += f", the {self.noun} before {self._ratio(brief.there, brief.here)}"
        if brief.widest:
            text += f"; the widest lead of {brief.leads[Kind.VERSUS].leader} up to then"
        yield self.say(f"{text}.", ratio=brief.here.ratio, ratio_before=brief.there.ratio)

    def _lead_and_flips(self) -> Iterator[Sentence]:
        """Who leads for how long, and the newest flips."""
        lead, flips = self.brief.leads[Kind.VERSUS], self.brief.flips
        if lead.leader is not None and lead.streak:
            leads = f"led up to the last complete {self.noun}" if self.running else "leads"
            words = formats.streak_words(lead.streak, self.grain)
            yield self.say(f"{lead.leader} {leads}, {words}.", leader=lead.leader, streak=lead.streak.length)
        if newest := flips[-FLIPS_TOLD:]:
            more = f"{len(flips) - len(newest)} before them, " if len(flips) > len(newest) else ""
            told = ", ".join(f"{self._began(flip)} {flip.after}" for flip in newest)
            starts = [{"start": str(flip.start), "to": flip.after} for flip in newest]
            yield self.say(f"Flips {more}{told}.", flips=starts)

    def _began(self, flip: Flip) -> str:
        """`27 Apr`, with the year where that is another; months as they are."""
        if self.grain.months:
            return formats.first_day(flip.period)
        return formats.day(flip.start, year=flip.start.year != self.snap.period.start.year)

    def _ratio(self, one: Standoff, other: Standoff) -> str:
        """A ratio; with its leader where that is not the same in the other."""
        same = not other.known or (one.a > one.b) == (other.a > other.b)
        return (
            formats.ratio(one.ratio) if same else f"{one.order(self.snap.query.versus)[0]} {formats.ratio(one.ratio)}"
        )

    def _split_grid(self) -> Grid:
        snap = self.snap
        named = [row for row in snap.split.rows if row.key not in (None, OTHER)]
        rest = [row for row in snap.split.rows if row.key in (None, OTHER)]
        if len(named) > COUNTRIES_SHOWN:
            named = [*named[: COUNTRIES_SHOWN - 1], fold(named[COUNTRIES_SHOWN - 1 :])]
        by = {column.key: column for column in COUNTRIES.columns(countries.scale(snap, named))}
        country = replace(by["country"], head="", width=20, cell=_cell(lambda row: self._country(row.share)))
        columns = (country, by["tokens"], _large(by["share"]), _large(by["attributed"]), replace(by["change"], width=6))
        return Grid(columns, [CountryRow(row) for row in (*named, *rest)])

    def _country(self, row: ShareRow) -> str:
        if row.key == OTHER:
            return f"   {self._outside}"
        if row.key is None:
            names = [self.name(slug) for slug in self.snap.split.unattributed]
            return f"{UNATTRIBUTED} unattributed: {sentences.counted(names, 2)}"
        return row.key if row.key.startswith("+") else f"{row.key} {country_words(row.key)}"

    @property
    def _outside(self) -> str:
        return "outside the named ones" if sentences.all_named(self.snap.lens) else f"outside the {self.few}"

    # Models

    def _models(self) -> Section:
        snap = self.snap
        shown = snap.models[:MODELS_SHOWN]
        return _section(
            "Models",
            self._heads_of_the_list(),
            self._comers(),
            self._rest(snap.models[MODELS_SHOWN:]),
            grid=Grid(self._model_columns(shown), shown),
        )

    def _rest(self, rows: Sequence[ModelRow]) -> Iterator[Sentence]:
        """What the models that are not listed have."""
        if rows:
            tokens = sum(row.tokens for row in rows)
            figures = f"{formats.press_tokens(tokens)}, {self._percent(tokens)} % of all"
            yield self.say(f"{len(rows)} more models on {self.basis}: {figures}.", tokens=tokens)

    def _percent(self, tokens: int) -> str:
        """Their share of all tokens."""
        return formats.percent(tokens / self.snap.total if self.snap.total else 0.0)

    def _model_columns(self, shown: Sequence[ModelRow]) -> list[Column[ModelRow]]:
        """Those of the table of models, and how long each has been on the basis."""
        unit = formats.unit_of([row.tokens for row in shown])
        scale = ModelsScale(unit, grain=self.grain, running=self.running, back=self.snap.back)
        by = {column.key: column for column in MODELS.columns(scale)}

        def stays(row: ModelRow) -> str:
            streak = self.brief.stays[row.permaslug]
            return formats.streak(streak, self.grain) if streak else formats.NOTHING

        head = f"{self.noun}s {'named' if self.largest.startswith('all') else f'in {self.few}'}"
        return [
            by["rank"],
            replace(by["moved"], head="Δ", width=3),
            by["country"],
            replace(by["model"], width=12, cell=_cell(_named)),
            replace(by["tokens"], width=8),
            _large(by["share"]),
            replace(by["change"], width=6),
            *([] if self.grain.trailing else [Column("stays", head, 14, _cell(stays))]),
        ]

    def _heads_of_the_list(self) -> Iterator[Sentence]:
        """Who is first, for how long, and whose the first places are."""
        lead, ahead = self.brief.leads[Kind.MODEL], self.brief.ahead
        if lead.leader is not None and not self.running:
            streak = f", {formats.streak_words(lead.streak, self.grain)}" if lead.streak else ""
            first = f"First: {self.name(lead.leader)}{streak}."
            yield self.say(first, model=lead.leader, streak=lead.streak.length)
        if ahead is not None and ahead[1] > 1:
            country, places = ahead
            yield self.say(f"First {sentences.number(places)} places: {country}.", country=country, places=places)

    def _comers(self) -> Iterator[Sentence]:
        """Who came onto the basis, and who left it."""
        for status, word, why in (("new", "New", f", no earlier {self.noun} of the record"), ("back", "Back", "")):
            rows = [row for row in self.snap.models if row.status == status]
            if rows:
                listed = "; ".join(f"{_named(row)}, at {row.rank}" for row in rows[:NAMES_TOLD])
                listed += f" and {len(rows) - NAMES_TOLD} more" if len(rows) > NAMES_TOLD else ""
                yield self.say(f"{word}: {listed}{why}.", models=[row.permaslug for row in rows])
        left = self.brief.left
        if left and not self.snap.in_progress:
            yield self.say(f"Left: {sentences.counted(left, NAMES_TOLD)}.", left=list(left))

    # Flips and prices

    def _leads_turned(self) -> Iterator[Sentence]:
        """The flips of the period, and which leads did not change hands."""
        for alert in self.brief.turns:
            word = "Flip" if alert.state == "confirmed" else "On course"
            yield self.say(f"{word}: {alerts.message(alert, self.brief.names)}.", **dict(alert.values))
        if not self.running and not self.grain.trailing and (stays := self._stays()).text:
            yield stays

    def _stays(self) -> Sentence:
        """Which leads did not change hands."""
        turned = {alert.subject_kind for alert in self.brief.turns}
        leads = {kind: self.brief.leads[kind].leader for kind in (Kind.COUNTRY, Kind.VENDOR, Kind.MODEL)}
        known = [kind for kind, who in leads.items() if who is not None and self.brief.led[kind] is not None]
        level = {kind: [*map(self.name, who)] for kind, who in self.brief.level.items() if kind in leads and who}
        unknown = [kind.value for kind in leads if kind not in known and kind not in level]
        kept = [kind for kind in known if kind not in turned and leads[kind] == self.brief.led[kind]]
        names = [kind.value if kind is Kind.MODEL else f"{kind} ({leads[kind]})" for kind in kept]
        told = []
        if names:
            stay = "stay" if len(names) > 1 else "stays"
            told.append(f"No {'other ' if turned else ''}lead changed hands: {sentences.listed(names)} {stay}.")
        told += [f"{sentences.listed(names)} are level as first {kind}." for kind, names in level.items()]
        if unknown:
            told.append(f"Whether another leads than the {self.noun} before is unknown: {', '.join(unknown)}.")
        return self.say(" ".join(told), **{f"first_{kind}": who for kind, who in leads.items()})

    def _say_of_prices(self, text: str, **figures: Any) -> Sentence:
        """A sentence that rests on prices or discounts too."""
        return replace(self.say(text, **figures), source=self.priced)

    def _prices(self) -> Iterator[Sentence]:
        brief, prices = self.brief, self.brief.prices
        if not prices.known:
            yield self.say(f"Prices: unknown, {self._no_prices(prices)}.")
            return
        for alert in prices.changes[:PRICES_TOLD]:
            yield self._say_of_prices(f"Price: {alerts.message(alert, brief.names)}.", **dict(alert.values))
        if (more := len(prices.changes) - PRICES_TOLD) > 0:
            yield self._say_of_prices(f"{more} more changes of price: `orwatch alerts --rule price-change`.")
        if not prices.changes:
            least = formats.percent(PriceChange().change, 0)
            yield self._say_of_prices(f"No price among {self.largest} changed by {least} % or more.")
        for name, gap in prices.gaps.items():
            if (note := gap_note(name, gap)) is not None:
                figures = {f"{name}_cn": str(gap.cn), f"{name}_us": str(gap.us)}
                yield self._say_of_prices(f"USD per million tokens, {note}.", **figures)

    def _no_prices(self, prices: PriceNews) -> str:
        """Why they are unknown."""
        if prices.since is not None and prices.since > self.snap.period.end:
            return f"the record of prices begins on {formats.day_in_full(prices.since)}"
        return f"they were last seen on {formats.day_in_full(prices.until)}" if prices.until else "none were seen yet"

    # What disagrees

    def _on_other_bases(self) -> Iterator[Sentence]:
        """How the head to head reads on the other bases, and who is the first vendor there."""
        snap, here = self.snap, self.brief.here
        known = [each for each in self.brief.others if each.standoff.known and (each.standoff.a or each.standoff.b)]
        if known:
            told = "; ".join(sentences.other_basis(other, snap.query.versus, self.grain) for other in known)
            yield self.say(f"{told}.", **{f"{each.standoff.basis}_ratio": each.standoff.ratio for each in known})
            if here.known:
                yield self.say(sentences.margin(here, [other.standoff for other in known]))
        if snap.vendors_disagree:
            firsts = ", ".join(f"{first.basis} {first.vendor}" for first in snap.first_vendors if first.vendor)
            yield self.say(f"The first vendor is another by basis: {firsts}.")

    def _unknown_bases(self) -> Iterator[Sentence]:
        """Which bases are unknown and why, and how much they can differ."""
        brief, snap = self.brief, self.snap
        unknown = [other.standoff.basis.value for other in brief.others if not other.standoff.known]
        if not unknown:
            return
        from_ = brief.known_from
        why = f"Before {formats.long_day(from_.start)} the record" if from_ and from_ > snap.period else "The record"
        named = f"{'names' if snap.named else 'has'} {sentences.number(snap.named)} models a {self.noun}"
        yield self.say(f"{' and '.join(unknown)}: unknown. {why} {named}.")
        if brief.example is not None:
            period, standoffs = brief.example
            ratios = [max(each.a, each.b) / max(1, min(each.a, each.b)) for each in standoffs]
            much = " much" if max(ratios) > MUCH * min(ratios) else ""
            readings = _readings(standoffs, snap.query.versus)
            yield self.say(f"They can differ{much}: {formats.spelled_span(period)} reads {readings}.")

    # Read with care

    def _floors(self) -> Iterator[Sentence]:
        """What stands outside the basis, and what the sums are then."""
        snap = self.snap
        if not snap.split.known:
            why = "the others stand outside the named models, so no share by country is known"
            yield self.say(f"On {self.basis} {why}.")
            return
        sides = [row for row in snap.split.rows if row.key in snap.query.versus]
        told = ", ".join(
            f"{row.key} {'is ' if n == 0 else ''}at least {formats.percent(row.share_of_all)} %{' of all' if n == 0 else ''}"
            for n, row in enumerate(sides)
        )
        outside = (
            f"{formats.percent(snap.other.share_of_all)} % of the tokens are {self._outside} and have no country here"
        )
        yield self.say(
            f"{outside}{f': {told}' if told else ''}.",
            outside_share=snap.other.share_of_all,
            **{f"{row.key}_share": row.share_of_all for row in sides},
        )
        yield self.say("The sums are floors, not the market.")

    def _free(self) -> Sentence:
        if not self.snap.lens.free:
            return self.say("Free variants are left out.")
        rows = [row for row in self.snap.models if row.free]
        which = "the named models" if sentences.all_named(self.snap.lens) else f"the {self.few}"
        tokens = sum(row.tokens for row in rows)
        names = sentences.counted(map(_named, rows), NAMES_TOLD)
        told = f"{names}, {self._percent(tokens)} % of all tokens" if rows else "none"
        return self.say(f"Free variants among {which}: {told}.", free_tokens=tokens)

    def _unattributed(self) -> Iterator[Sentence]:
        cloaked = [_named(row) for row in self.snap.models if row.cloaked]
        unknown = [_named(row) for row in self.snap.models if row.country is None and not row.cloaked]
        for names, words in ((cloaked, "cloaked, maker unknown"), (unknown, "of makers whose country is unknown")):
            if names:
                are = "is" if len(names) == 1 else "are"
                yield self.say(f"{sentences.counted(names, NAMES_TOLD)} {are} {words}.")

    def _discounts(self) -> Sentence:
        found, snap = self.brief.discounted, self.snap
        if not found.known:
            months = dict.fromkeys(f"{day:%B}" for day in (snap.period.start, snap.period.end))
            return self.say(f"Discounted: unknown for {' and '.join(months)}.", discounted_tokens=None)
        share = f"{self._percent(found.tokens)} % of all tokens"
        names = f"{sentences.counted(found.names, NAMES_TOLD)}, {share}" if found.names else "none seen"
        rest = f"; unknown for {self._percent(found.unknown)} %" if found.unknown else ""
        return self._say_of_prices(
            f"Discounted: {names}{rest}.", discounted_tokens=found.tokens, unknown_tokens=found.unknown
        )

    def _doubts(self) -> Iterator[Sentence]:
        if self.snap.composed:
            missing = "what a model had on days outside the daily top 50 is missing"
            yield self.say(f"The {self.noun} is added up from days: {missing}.")
        if self.snap.state is State.PARTIAL:
            done, length = self.snap.days
            yield self.say(f"Partial: {done} of {length} days are in the record, and nothing is compared.")
        yield self.say_of_all("One gateway; figures can be restated.")


def _section(title: str, *lines: Iterable[Sentence], grid: Grid | None = None) -> Section:
    """A section of the lines that have a sentence."""
    return Section(title, tuple(filter(None, map(tuple, lines))), grid)


def _cell(text: Callable[[RowT], str]) -> Callable[[RowT, int], Pieces]:
    """A cell of plain text, cut in the middle."""
    return lambda row, width: [(formats.middle_cut(text(row), width), "text")]


def _large(column: Column[RowT]) -> Column[RowT]:
    """With a large letter at the beginning of its head."""
    return replace(column, head=column.head.capitalize())


def _named(row: ModelRow) -> str:
    return sentences.named(row.name, row.permaslug)


def _readings(standoffs: Sequence[Standoff], sides: tuple[str, str]) -> str:
    """`CN 3.6 : 1 on chart, 1.6 : 1 on top50`: of the narrowest and the widest basis."""
    first, last = standoffs[0], standoffs[-1]
    leaders = [each.order(sides)[0] for each in (first, last)]
    told = [f"{leaders[0]} {formats.ratio(first.ratio)} on {first.basis}"]
    told.append(f"{'' if leaders[0] == leaders[1] else f'{leaders[1]} '}{formats.ratio(last.ratio)} on {last.basis}")
    return ", ".join(told)
