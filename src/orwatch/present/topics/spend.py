"""What tokens cost, estimated: a row in sentences to print and to hear, and each figure with what it is computed from."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import partial
from shlex import quote as quoted
from typing import Final

from msgspec.structs import replace

from orwatch.domain.catalogue import MILLION
from orwatch.domain.overview import Snapshot
from orwatch.domain.spend import Band, Skew, Spend, SpendRow, a_million
from orwatch.present import formats, sentences, speech
from orwatch.present.citation import models_citation
from orwatch.present.explain import Explanation, WhatIf, Worked, explanation, part_of
from orwatch.present.quote import PeriodWords, Quotation, beside
from orwatch.present.report import stamp
from orwatch.present.tables import spend as tables
from orwatch.present.terms import country_words
from orwatch.present.topics.topic import Topic
from orwatch.present.topics.value import blend_numbers, prices_words

TERMS: Final = ("spend", "of_spend", "share", "blend", "million")
NAMED: Final = 3
"""Models that are listed among the inputs of a country."""


def quote(snap: Snapshot, found: Spend, row: SpendRow | None) -> Quotation:
    """What the tokens of a period cost, estimated; of a model or country its part."""
    words, whole = PeriodWords(snap), found.whole
    then = found.seen_at and formats.day_in_full(found.seen_at.date())
    prices = (
        f"at prices of {then}" if found.today else f"at the prices seen by then ({then})" if then else "without prices"
    )
    text = (
        f"{words.when}, the tokens of OpenRouter's ranked models cost an estimated"
        f" {formats.exact_usd_range(whole.low, whole.high)}, {prices}; {formats.percent(found.coverage)} % of all tokens"
        " have a price or are free."
    )
    if not found.known:
        text = (
            f"{words.when}, what the tokens of OpenRouter's ranked models cost is unknown: no prices were seen by then."
        )
    what = quoted(f"spend:{row.key}" if row and row.key else "spend")
    now = " --today" if found.today and snap.prices_until else ""
    ends = (float(whole.low), float(whole.high)) if found.known else (None, None)
    told = [words.say(text, low=ends[0], high=ends[1], coverage=found.coverage)]
    if row is not None and row.band is not None and found.known:
        cost = formats.exact_usd_range(row.band.low, row.band.high)
        part = formats.share_range(row.share_low, row.share_high)
        who = row.name if row.model else sentences.models_of(row.key) if row.key else "unattributed models"
        text = f"Of this, {who} cost {cost}: {part} % of the spend with {formats.percent(row.share)} % of all tokens."
        told.append(words.say(text, low=float(row.band.low), high=float(row.band.high), share=row.share))
    return beside(
        words,
        "Estimated spend",
        told,
        f"quote {what}{now}",
        found.seen_at,
    )


def spoken(found: Spend, row: SpendRow) -> str:
    """One row, without marks."""
    name = row.name if row.model is not None else country_words(row.key)
    if row.band is None:
        return f"{name}: no price known, {speech.amount(row.tokens)} tokens."
    if row.free:
        return f"{name}: free, {speech.amount(row.tokens)} tokens."
    low, high = (speech.amount(int(end)) for end in (row.band.low, row.band.high))
    share = formats.share_range(row.share_low, row.share_high).replace(formats.DASH, " to ")
    return (
        f"{row.rank}. {name}: estimated {low} to {high} dollars, {share} percent of the spend,"
        f" {speech.percent(row.tokens / found.total if found.total else 0.0)} of all tokens."
    )


def explained(snap: Snapshot, found: Spend, id_: str, term: str, *, countries: bool = False) -> Explanation | None:
    """A figure of a model or country, or the coverage, with what it is computed from."""
    row = (COUNTRIES if countries else TOPIC).row(found, id_)
    told = _coverage(found) if term == "coverage" else None if row is None else _of_row(found, row, term)
    if told is None:
        return None
    left_out = ("batch prices, cache writes, and rows without a price; discounts are in the price",)
    return _explanation(
        term, "Spend" if row is None or term == "coverage" else row.name, snap, found.seen_at,
        replace(told, inputs=[*told.inputs, tables.priced(found)], left_out=left_out), unit="$",
        known="An estimate: how tokens split into input, cached input and output is a setting (spend), not published.",
    )  # fmt: skip


def _explanation(
    term: str, of: str, snap: Snapshot, seen: datetime | None, told: Worked, *, head: str = "", unit: str, known: str
) -> Explanation:
    """An explanation of figures of a period by the prices seen."""
    return explanation(
        term, of, None if seen is None else seen.date(), told, head=head, basis=PeriodWords(snap).basis_words, heads=("", unit),
        known=known, source=f"{sentences.source_of(snap)}{f' {models_citation(snap.source, seen)}' if seen else ''}",
        command=sentences.command(f"explain {term}", snap, dated=snap.prices_until is not None),
    )  # fmt: skip


def _of_row(found: Spend, row: SpendRow, term: str) -> Worked | None:
    whole, band = found.whole, row.band
    if term == "share":
        return part_of(row.share, f"{formats.exact(row.tokens)} ÷ {formats.exact(found.total)}")
    if term == "blend":
        if row.blend is None or row.pricing is None:
            return None
        numbers = blend_numbers(row.pricing, Decimal(str(found.input)))
        return Worked(f"${formats.price(row.blend)}", f"${row.blend:f}", numbers, _prices(row))
    if band is None:
        return None
    inputs = [*_models(found, row), *_prices(row), tables.ends(found.settings)]
    both = _exact(band)
    if term == "of_spend":
        if row.share_low is None or row.share_high is None:
            return None
        numbers = ", ".join(f"{mine} ÷ {all_}" for mine, all_ in zip(both, _exact(whole), strict=True))
        ends = " to ".join(f"{formats.percent(end, 4)} %" for end in (row.share_low, row.share_high))
        return Worked(f"{formats.share_range(row.share_low, row.share_high)} %", ends, numbers, inputs)
    one, covered = a_million(band, row.covered), formats.exact(row.covered)
    if one is None:
        return None
    each = f"${formats.price(one.low)}", f"${formats.price(one.high)}"
    if term == "million":
        numbers = ", ".join(f"{end} ÷ {covered} × 1,000,000" for end in both)
        return Worked(formats.DASH.join(each), "", numbers, inputs)
    others = []
    if row.blend is not None:
        cost = formats.tokens(int(row.blend * row.covered / MILLION))
        words = "all of it at the blend, nothing cached"
        others.append(WhatIf("", words, f"${formats.price(row.blend)} / M", f"${cost}"))
    numbers = f"{covered} × {each[0]} a million, × {each[1]} a million"
    return Worked(formats.exact_usd_range(band.low, band.high), " to ".join(both), numbers, inputs, alternatives=others)


def _exact(band: Band) -> tuple[str, str]:
    return f"${band.low:,.0f}", f"${band.high:,.0f}"


def _prices(row: SpendRow) -> list[str]:
    """The prices that a model is estimated by."""
    if row.pricing is None:
        return ["free: it costs nothing, and counts as covered"] if row.free else []
    return [prices_words(row.pricing)]


def _models(found: Spend, row: SpendRow) -> list[str]:
    """The dearest models of a country."""
    if row.model is not None:
        return []
    mine = [one for one in found.rows if one.country == row.key and one.band is not None]
    told = [f"{one.name} {formats.exact_usd_range(one.band.low, one.band.high)}" for one in mine if one.band]
    return [f"{formats.plural(len(mine), 'model')} with a price: {sentences.counted(told, NAMED)}"]


def _coverage(found: Spend) -> Worked:
    names = sentences.counted([row.name for row in found.unpriced], NAMED) or "none"
    inputs = [
        f"of the named rows {formats.percent(found.covered / found.named if found.named else None)} %",
        f"without a price: {names}",
    ]
    return part_of(found.coverage, f"{formats.exact(found.covered)} ÷ {formats.exact(found.total)}", inputs)


SKEWED: Final = ("free_share", "discounted")
"""Figures of all tokens that stand in the header."""


def skewed(snap: Snapshot, skew: Skew, term: str) -> Explanation:
    """The free or discounted share of all tokens, with the other readings of it."""
    free = term == "free_share"
    share = skew.free if free else skew.shown
    readings = {
        "the listed price is one of a host with a discount": skew.shown,
        "some host of the model gives a discount": skew.some,
        "every host of the model gives one": skew.every,
    }
    inputs = (
        [f"≈ {formats.press_tokens(round(share * snap.total))} of {formats.exact(snap.total)} tokens"] if share else []
    )
    told = replace(
        part_of(share, "", [*inputs, "prices and hosts as seen by the end of the period"]),
        left_out=("free rows are in no discounted share",),
        alternatives=() if free else [WhatIf("", words, "", formats.percent(part)) for words, part in readings.items()],
    )
    return _explanation(
        term, "All tokens", snap, skew.seen_at, told, head="free" if free else "", unit="%",
        known="Unknown where the hosts of no row are known; a price that moves later does not move it.",
    )  # fmt: skip


TOPIC: Topic[Spend, SpendRow, tables.SpendScale] = Topic(
    key="spend",
    table=tables.SPEND,
    rows=lambda found: found.rows,
    scale=tables.scale,
    name=lambda row: row.name,
    sentence=lambda snap, found, row: tables.sentence(row, snap, found),
    spoken=spoken,
    quote=quote,
    cites=tables.cites,
    report=lambda view, snap, found, rows, _: (
        f"spend-{stamp(snap)}",
        tables.report(view, snap, found, rows),
    ),
    terms=(*TERMS, "coverage"),
    explain=explained,
    below=lambda _: [("", "coverage")],
)

COUNTRIES: Topic[Spend, SpendRow, tables.SpendScale] = replace(
    TOPIC,
    rows=lambda found: found.countries,
    scale=partial(tables.scale, countries=True),
    report=lambda view, snap, found, rows, _: (
        f"spend-countries-{stamp(snap)}",
        tables.report(view, snap, found, rows, countries=True),
    ),
    explain=partial(explained, countries=True),
)
