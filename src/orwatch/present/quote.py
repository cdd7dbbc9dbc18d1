"""One subject in a sentence to print, with its figures to the last digit, its basis, what disagrees, and where it is from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from orwatch.domain.detail import Side, TokenMove
from orwatch.domain.leads import Kind, Lead
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import State, Streak
from orwatch.domain.quote import AlertQuote, PairQuote, PriceQuote, RankedQuote
from orwatch.domain.rankings import Status
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.present import alerts, formats, sentences
from orwatch.present.alerts.registry import LISTED
from orwatch.present.cells import SHARE_HEAD
from orwatch.present.citation import MODELS, cited, models_citation
from orwatch.present.sentences import Grid, Sentence, Wording, text_grid
from orwatch.present.table import fields
from orwatch.present.terms import country_words, lens_words, than_before, total_run

ALL_OF = {Kind.MODEL: "of all models", Kind.VENDOR: "of the vendors", Kind.COUNTRY: "of the countries"}


class Quotation(Struct, frozen=True, kw_only=True):
    """A quote in words. subject: what it is about, and of which period. disagrees: what other bases say, a line each.

    rests_on: what an alert rests on, each part under its label. turned: the first sentence another way round, where there is one.
    """

    subject: str
    sentences: tuple[Sentence, ...]
    figures: Grid | None = None
    basis: str
    disagrees: tuple[str, ...] = ()
    source: str
    command: str
    rests_on: tuple[tuple[str, str], ...] = ()
    turned: Sentence | None = None

    @property
    def wordings(self) -> tuple[Quotation, ...]:
        """The same in all its sentences, in its first alone, and in that turned round."""
        told = [self.sentences]
        told += [self.sentences[:1]] if len(self.sentences) > 1 else []
        told += [(self.turned,)] if self.turned is not None else []
        return tuple(replace(self, sentences=sentences) for sentences in told)


def pair(quote: PairQuote) -> Quotation:
    """`models of Chinese companies handled 42.85 trillion tokens …, and models of US companies 26.42 trillion: 1.6 to 1`."""
    words, snap, duel = PeriodWords(quote.snapshot), quote.snapshot, quote.duel
    a, b = snap.query.versus
    lead = quote.here.lead
    turned: Sentence | None = None
    if not duel.known:
        both, why = f"{sentences.models_of(a)} and {sentences.models_of(b)}", sentences.few_named(snap)
        told = [words.say(f"{words.when}, how {both} compare is unknown on {words.basis}: {why}.")]
    else:
        sides = [(a, duel.a, duel.a_change), (b, duel.b, duel.b_change)]
        sides.sort(key=lambda side: -side[1])
        (first, most, change), (second, less, other) = sides
        large, small = formats.told_apart(sentences.amount, most, less)
        moved = f", {words.more(change)}," if change is not None else ""
        beside = f" ({sentences.signed(other)})" if other is not None else ""
        ratio = f": {formats.spoken_ratio(most / less)}" if less else ""
        if not most:
            neither = f"neither {sentences.models_of(a)} nor {sentences.models_of(b)}"
            text = f"{words.when}, {neither} are among {words.largest}."
        elif not less:
            text = (
                f"{words.when}, {sentences.models_of(first)} handled {large} tokens on OpenRouter{moved.rstrip(',')},"
                f" {words.counting}; no {sentences.models_of(second)} are among them."
            )
        else:
            text = (
                f"{words.when}, {sentences.models_of(first)} handled {large} tokens on OpenRouter{moved} and"
                f" {sentences.models_of(second)} {small}{beside}{ratio}, {words.counting}."
            )
        figures = {
            f"{side}_{name}": value if tokens else None
            for side, tokens, change in sides
            for name, value in (("tokens", tokens), ("change", change))
        }
        told = [words.say(text, ratio=most / less if less else None, **figures)]
        if less and most > less:
            ahead = (
                f"{sentences.models_from(first)} lead {sentences.ones_from(second)} {formats.spoken_ratio(most / less)}"
            )
            text = f"{ahead} on OpenRouter {words.then}: {large} tokens to {small}, {words.counting}."
            turned = words.say(formats.capital(text), ratio=most / less, **figures)
        told += words.lead(lead, b if lead.leader == a else a, flipped=duel.flip)
    told.append(words.total())
    here = quote.here.standoff
    told_there = [other for other in quote.others if other.standoff.a or other.standoff.b]
    disagrees = [sentences.other_basis(other, (a, b), words.grain) for other in told_there]
    if disagrees and here.known:
        disagrees.append(sentences.margin(here, [other.standoff for other in told_there]))
    rows = [
        words.row(_side(side), tokens or None, change if tokens else None, lead.streak if lead.leader == side else None)
        for side, tokens, change in ((a, duel.a, duel.a_change), (b, duel.b, duel.b_change))
        if duel.known
    ]
    grid = words.grid([*rows, *words.rest()])
    return words.quotation(f"{a} against {b}", f"{a}:{b}", told, grid, disagrees, turned=turned)


def ranked(quote: RankedQuote) -> Quotation:
    """A model, vendor or country: tokens, change, share, place, how long it has been first or among the ten largest."""
    words, snap, detail = PeriodWords(quote.snapshot), quote.snapshot, quote.detail
    kind, here = detail.kind, detail.points[-1] if detail.points else None
    slug = sentences.named(detail.name, detail.id) if kind is Kind.MODEL else detail.id
    who = {
        Kind.MODEL: f"{slug} of {detail.vendor.slug if detail.vendor else detail.id}",
        Kind.COUNTRY: "unattributed models" if detail.id == UNATTRIBUTED else sentences.models_of(detail.id),
    }.get(kind, sentences.models_of(detail.id))
    lead = detail.lead if here is not None and here.first else None
    turned: Sentence | None = None
    named = here is not None and (here.tokens or kind is Kind.MODEL)
    if snap.split.known and kind is not Kind.MODEL and (here is None or not here.tokens):
        why = f"no {who} are among {words.largest}: their tokens are unknown"
        told = [words.say(f"{words.when}, {why}.", of=detail.id)]
    elif here is None or here.tokens is None:
        why = (
            "not among the models that the record names"
            if kind is Kind.MODEL
            else f"unknown on {words.basis}: {sentences.few_named(snap)}"
        )
        told = [words.say(f"{words.when}, {slug} is {why}.", of=detail.id)]
    else:
        moved = f", {words.more(here.change)}" if here.change is not None else ""
        share = f"{formats.percent(here.share)} % of all"
        place = f": {words.place(here.rank, kind, lead, quote.passed)}" if here.rank else ""
        counting = "" if kind is Kind.MODEL else f", {words.counting}"
        handled = (
            f"handled {sentences.amount(here.tokens)} tokens on OpenRouter{f'{moved} and' if moved else ','} {share}"
        )
        text = f"{words.when}, {who} {handled}{place}{counting}."
        figures = {"tokens": here.tokens, "change": here.change, "share": here.share, "rank": here.rank}
        told = [words.say(text, **figures)]
        if detail.status is not None and here.change is None:
            told.append(words.say(words.came(kind, detail.status), status=detail.status))
        if here.rank:
            stands = f"{who} {'is' if kind is Kind.MODEL else 'are'} {words.place(here.rank, kind, lead, quote.passed)}"
            rest = f"with {sentences.amount(here.tokens)} tokens, {share}{counting}"
            text = f"{stands} on OpenRouter {words.then}, {rest}."
            turned = words.say(formats.capital(text), **figures)
        if detail.top_ten and kind is not Kind.COUNTRY:
            ten = sentences.length(detail.top_ten, words.grain)
            among = f"It has been among the ten largest {kind}s for {ten}."
            told.append(words.say(among, top_ten_streak=detail.top_ten.length))
    told.append(words.total())
    name = f"{detail.country or UNATTRIBUTED} {slug}" if kind is not Kind.COUNTRY else _side(detail.id)
    rows = [
        words.row(name, here.tokens, here.change, lead, detail.status)
        if here and named
        else words.row(name, None, None, lead)
    ]
    disagrees = [
        f"{other.basis} {formats.press_tokens(other.tokens)}{f', {formats.ordinal(other.rank)}' if other.rank else ''}"
        for other in quote.others
        if other.tokens
    ]
    return words.quotation(slug, detail.id, told, words.grid([*rows, *words.rest()]), disagrees, turned=turned)


def total(snap: Snapshot) -> Quotation:
    """All tokens of the period."""
    words = PeriodWords(snap)
    streak, word = total_run(snap, "growth", "decline")
    many = " in a row" if streak.length > 1 else ""
    run = (
        f"{sentences.length(streak, words.grain)} of {word}{many}"
        if streak.is_floor
        else f"the {sentences.nth(streak.length)} {words.noun} of {word}{many}"
    )
    moved = f", {words.more(snap.total_change)}" if snap.total_change is not None else ""
    text = f"{words.when}, models on OpenRouter handled {sentences.amount(snap.total)} tokens{moved}{f': {run}' if streak else ''}."
    told = [words.say_of_all(text, total_tokens=snap.total, total_change=snap.total_change, total_streak=streak.length)]
    return words.quotation("All tokens", "total", told, words.grid(words.rest()))


def price(quote: PriceQuote) -> Quotation:
    """What a million tokens of a model costs, when that was seen, and what it was before."""
    words, detail, found = PeriodWords(quote.snapshot), quote.detail, quote.price
    if quote.seen_at is not None:
        words.source = models_citation(quote.snapshot.source, quote.seen_at)
    rows = (
        ("input", found.input, found.list_input),
        ("output", found.output, found.list_output),
        ("cached input", found.cached_input, None),
    )
    grid = text_grid(
        (("", 20), ("USD per million", 16), ("list price", 12)),
        [(name, formats.price(now), formats.price(listed)) for name, now, listed in rows],
    )
    base = quote.snapshot.query.baseline
    return words.quotation(
        f"Price of {sentences.named(detail.name, detail.id)}",
        f"price:{detail.listed_as or detail.id}",
        [words.say_of_all(text, **figures) for text, figures in _price_sentences(quote)],
        grid,
        basis="none: the price that the catalogue lists",
        options=f" --baseline {base}" if base else "",
        dated=quote.snapshot.prices_until is not None,
    )


def _price_sentences(quote: PriceQuote) -> Iterator[tuple[str, Mapping[str, str | None]]]:
    """What it costs, what that was before, and how it compares, each with its figures."""
    detail, found = quote.detail, quote.price
    name = sentences.named(detail.name, detail.id)
    seen = f", as seen on {formats.day_in_full(quote.seen_at.date())}" if quote.seen_at else ""
    if found.varies:
        cost = f"the price of a million tokens of {name} varies with the model that it picks"
    elif found.free:
        cost = f"{name} is free of charge"
    else:
        given, out = formats.price(found.input), formats.price(found.output)
        cached = f" (${formats.price(found.cached_input)} where it is cached)" if found.cached_input is not None else ""
        cost = f"a million tokens of {name} cost ${given} as input{cached} and ${out} as output"
    told = fields(found, "input", "output", "cached_input", "discount")
    figures = {name: None if value is None else str(value) for name, value in told.items()}
    yield f"On OpenRouter, {cost}{seen}.", figures
    if found.discount and found.list_input is not None:
        listed = f"${formats.price(found.list_input)} and ${formats.price(found.list_output)}"
        yield f"That is {formats.percent(found.discount, 0)} % off a list price of {listed}.", {}
    for move in detail.moves:
        if move.changed_at is not None and move.change is not None and move.before is not None:
            until = f"{formats.long_day(move.changed_at.date())} ({sentences.signed(float(move.change))})"
            yield f"Its {move.name} price was ${formats.price(move.before)} until {until}.", {}
    if found.input_ratio and quote.baseline not in (None, detail.name):
        times = formats.multiple(found.input_ratio)
        yield f"Input costs {times} times what it does with {quote.baseline}.", {}
    if found.discount is None and not found.free and not found.varies:
        yield "Whether a host sells it at a discount is unknown.", {}


def alert(quote: AlertQuote) -> Quotation:
    """An alert in its sentence, with both periods that it rests on."""
    words, found = PeriodWords(quote.snapshot), quote.alert
    if found.rule in LISTED or found.subject_kind == "app":
        words.source = " ".join(alerts.citations([found], quote.snapshot.source, quote.snapshot.now))
    said = alerts.message(found, quote.names)
    basis = "none: it speaks of no split" if found.basis is None else words.basis_words
    confirmed = found.state == "confirmed"
    known = f"Known on {formats.day_in_full(found.dated.date())}." if confirmed else "It is not confirmed."
    told = [words.say(f"{formats.capital(said)}.", **dict(found.values)), words.say(known)]
    figures = None if quote.evidence is None else _sides(quote)
    rests_on = tuple(_rests_on(quote))
    return words.quotation(alerts.rule_title(found), found.id, told, figures, basis=basis, rests_on=rests_on)


def _rests_on(quote: AlertQuote) -> Iterator[tuple[str, str]]:
    """The models that moved it, and the flips of the lead that it is about, each under its label."""
    found = quote.evidence
    if found is None:
        return
    if found.days is not None:
        yield "compared", f"the first {formats.plural(found.days, 'day')} of both {formats.noun(found.now.grain)}s"
    if found.moves:
        moves = (f"{sentences.named(move.name, move.permaslug)} {_moved(move)}" for move in found.moves)
        yield "moved", ", ".join(moves)
    turns = []
    for turn in found.flips:
        name = sentences.named(quote.names.get(turn.leader, turn.leader), turn.leader)
        ratio = "" if turn.ratio is None else f" {formats.ratio(turn.ratio)}"
        held = formats.plural(turn.held, found.now.grain)
        turns.append(f"{formats.first_day(turn.period)} {name}{ratio}, held {held}")
    if turns:
        yield "flips", "; ".join(turns)


def _moved(move: TokenMove) -> str:
    """`+2.61T`, and whether the model came onto the basis or left it."""
    sign = "+" if move.tokens > 0 else formats.MINUS if move.tokens < 0 else ""
    note = " (new)" if move.entered else " (left)" if move.left else ""
    return f"{sign}{formats.press_tokens(abs(move.tokens))}{note}"


def _sides(quote: AlertQuote) -> Grid:
    """The contenders of an alert in both periods."""
    found = quote.evidence
    assert found is not None
    rows = [
        (period, side)
        for period, sides in ((found.before, found.sides_before), (found.now, found.sides_now))
        for side in sides
    ]

    def name(side: Side) -> str:
        return (
            side.key
            if side.key == side.country
            else f"{side.country or UNATTRIBUTED} {sentences.named(side.name, side.key)}"
        )

    return text_grid(
        (("", 12), ("", 20), ("tokens", 22), (formats.change_head(found.now.grain), 8)),
        [
            (formats.span(period), name(side), formats.exact(side.tokens), formats.signed(side.change))
            for period, side in rows
        ],
        names=2,
    )


def beside(words: PeriodWords, subject: str, told: Sequence[Sentence], command: str, seen: date | None) -> Quotation:
    """A quote of what stands beside the rankings. command: that gives it. seen: when prices or hosts were."""
    found = words.quotation(subject, "", told)
    source = found.source if seen is None else f"{found.source} {cited(MODELS, seen)}"
    dated = words.snap.prices_until is not None
    return replace(found, source=source, command=sentences.command(command, words.snap, dated=dated))


class PeriodWords(Wording):
    """What the quotes of a snapshot share."""

    @property
    def then(self) -> str:
        """When, within a sentence."""
        return f"{self.when[0].lower()}{self.when[1:]}"

    @property
    def when(self) -> str:
        """`In the week of 10 to 16 August 2026`, `On 20 August 2026 so far`.

        `In … so far (3 of 7 days being complete)`, `In June 2026, as far as it is in the record (10 of 30 days)`.
        """
        span = formats.long_span(self.snap.period)
        text = (
            f"On {span}"
            if self.snap.period.length == 1
            else f"In the {span}"
            if span.startswith(self.noun)
            else f"In {span}"
        )
        reach = sentences.reach(self.snap)
        if reach is None:
            return f"{text} so far" if self.snap.in_progress else text
        days, are = reach
        # The tokens hold what the running day has by now: they are not those of the complete days alone.
        return f"{text} so far ({days} being {are})" if self.running else f"{text}, as far as it is {are} ({days})"

    @property
    def counting(self) -> str:
        """Which rows count."""
        return f"counting {self.largest}{'' if self.snap.lens.free else ', free variants left out'}"

    @property
    def basis_words(self) -> str:
        """The basis with all that makes the reading: `top50, the fifty largest models · free in · week complete`."""
        state = {State.COMPLETE: "complete", State.RUNNING: formats.day_of(self.snap.days), State.PARTIAL: "partial"}[
            self.snap.state
        ]
        parts = [f"{self.basis}, {self.largest}", *lens_words(self.snap.lens)]
        return " · ".join([*parts, f"{self.noun} {state}{', added up from days' if self.snap.composed else ''}"])

    def more(self, change: float) -> str:
        """`4.8 % more than the week before`."""
        text, than = formats.signed(change), than_before(self.snap)
        return (
            f"as many as in {than}" if text == "0.0" else f"{text[1:]} % {'more' if change > 0 else 'less'} than {than}"
        )

    def lead(self, lead: Lead, other: str, *, flipped: bool) -> list[Sentence]:
        """How long one side has led the other. flipped: the lead changed hands in this period."""
        if lead.leader is None or not lead.streak.counted:
            return []
        who = sentences.models_from(lead.leader)
        text = sentences.leads(who, lead, self.grain, other if flipped else None, running=self.running)
        figures = {"leader": lead.leader, "streak": lead.streak.length, "streak_is_floor": lead.streak.is_floor}
        return [self.say(f"{text}.", **figures, since=None if lead.since is None else str(lead.since))]

    def total(self) -> Sentence:
        """All models together."""
        snap = self.snap
        change = "" if snap.total_change is None else f" ({sentences.signed(snap.total_change)})"
        text = f"All models together: {sentences.amount(snap.total)}{change}."
        return self.say_of_all(text, total_tokens=snap.total, total_change=snap.total_change)

    def place(self, rank: int, kind: Kind, streak: Streak | None, passed: str | None) -> str:
        """`first of all models for the third week`, `second of the vendors`. passed: who was first until this period."""
        text = f"{sentences.nth(rank)} {ALL_OF[kind]}"
        if not streak or self.running:
            return text
        if streak.is_floor:
            return f"{text} for {sentences.length(streak, self.grain)}"
        if streak.length == 1:
            return f"{text}, in place of {passed}" if passed else text
        return f"{text} for the {sentences.nth(streak.length)} {self.noun} in a row"

    def grid(self, rows: Sequence[tuple[str, ...]]) -> Grid:
        """Figures to the last digit."""
        return text_grid((("", 20), ("tokens", 19), (self.change_head, 7), (SHARE_HEAD, 8), ("streak", 16)), rows)

    def row(
        self, name: str, tokens: int | None, change: float | None, lead: Streak | None, status: Status | None = None
    ) -> tuple[str, ...]:
        """A contender. lead: its streak in first place, None where it is not first. status: new or back, where it has no change."""
        share = None if tokens is None or not self.snap.total else tokens / self.snap.total
        streak = f"leads {formats.streak(lead, self.grain)}" if lead else formats.NOTHING
        moved = formats.signed(change) if change is not None else status or formats.NO_DATA
        return name, formats.exact(tokens), moved, formats.percent(share), streak

    def came(self, kind: Kind, status: Status) -> str:
        """That a model, or models of a vendor or country, are new or back."""
        who, those = ("It is", "it") if kind is Kind.MODEL else ("They are", "one of them")
        among = "" if kind is Kind.MODEL else f" among {self.largest}"
        if status == "new":
            return f"{who} new{among}: no earlier {self.noun} of the record has {those}."
        return f"{who} back{among}: the {self.noun} before did not have {those}."

    def rest(self) -> list[tuple[str, ...]]:
        """Everything outside the basis, and all tokens."""
        snap = self.snap
        found, word = total_run(snap, "up", "down")
        streak = f"{formats.streak_words(found, self.grain)} {word}" if found else formats.NOTHING
        few = sentences.all_named(snap.lens) or snap.named < self.basis.size
        outside = f"   outside {'the named' if few else f'top {self.basis.size}'}"
        return [
            self.row(outside, snap.other.tokens, snap.other.change, None),
            ("   all tokens", formats.exact(snap.total), formats.signed(snap.total_change), "100", streak),
        ]

    def quotation(
        self,
        subject: str,
        key: str,
        told: Sequence[Sentence],
        figures: Grid | None = None,
        disagrees: Sequence[str] = (),
        *,
        basis: str | None = None,
        options: str = "",
        dated: bool = True,
        rests_on: tuple[tuple[str, str], ...] = (),
        turned: Sentence | None = None,
    ) -> Quotation:
        """All of it. key, options: as the command takes them, dated: or without a date. basis: where it is not the snapshot's."""
        word = key if all(char.isalnum() or char in "-_./:" for char in key) else f"'{key}'"
        return Quotation(
            subject=f"{subject} · {formats.span(self.snap.period, year=True)}",
            sentences=tuple(told),
            figures=figures,
            basis=basis or self.basis_words,
            disagrees=tuple(disagrees),
            source=self.source,
            command=sentences.command(f"quote {word}{options}", self.snap, dated=dated),
            rests_on=rests_on,
            turned=turned,
        )


def _side(side: str) -> str:
    return f"{side} {country_words(side)}" if sentences.is_country(side) else side
