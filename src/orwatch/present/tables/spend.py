"""What a period's tokens cost, estimated: a band by model or by country, with the share of spend at both ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from shlex import quote as quoted
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from orwatch.domain.catalogue import MILLION
from orwatch.domain.filters import Facts
from orwatch.domain.names import variant_of
from orwatch.domain.overview import Snapshot
from orwatch.domain.spend import Band, Skew, Spend, SpendRow, SpendSettings, a_million
from orwatch.present import cells, formats, sentences
from orwatch.present.citation import footers, models_citation
from orwatch.present.explain import Explanation, WhatIf, Worked, blend_numbers, explanation, part_of, prices_words
from orwatch.present.quote import PeriodWords, Quotation, beside
from orwatch.present.report import TABLE_ROWS, Report, View, cited, of_period, reading_words
from orwatch.present.table import Column, Pieces, Table, fields
from orwatch.present.terms import country_words
from orwatch.present.topic import Topic

NAMES_SEEN = 40
"""Rows whose names set the width of their column."""


class SpendScale(Struct, frozen=True):
    """What the cells are measured by. unit: of the columns of USD. most: the largest high end. longest: cells of a name.

    countries: rows are countries.
    """

    unit: formats.Unit = formats.ONE
    most: Decimal = Decimal(1)
    longest: int = 12
    countries: bool = False


def scale(found: Spend, *, countries: bool = False) -> SpendScale:
    """The scale of an estimate: one unit for all of its rows."""
    rows = found.countries if countries else found.rows
    names = [f"{row.name} {_note(row)}".rstrip() for row in rows[:NAMES_SEEN]]
    return replace(
        _scale_of([row.band for row in rows if row.band is not None]),
        longest=max(map(formats.cell_width, names), default=12),
        countries=countries,
    )


def _scale_of(bands: Sequence[Band]) -> SpendScale:
    highs = [band.high for band in bands]
    return SpendScale(formats.unit_of(highs), most=max(highs, default=Decimal(0)) or Decimal(1))


def _note(row: SpendRow) -> str:
    return "" if row.model is None else variant_of(row.key or "") or ("free" if row.free else "")


def _facts(row: SpendRow) -> Mapping[str, Any]:
    model = row.model is not None
    who = {"permaslug": row.key, "name": row.name, "country": row.country} if model else {"country": row.key}
    return {
        "rank": row.rank,
        **who,
        **(fields(row, "token_rank") if model else {}),
        **fields(row, "tokens", "share"),
        **_ends(row.band),
        **fields(row, "share_low", "share_high", "free"),
    }


def _ends(band: Band | None) -> dict[str, float | None]:
    """Both ends of a band to the cent."""
    if band is None:
        return {"low": None, "high": None}
    return {"low": round(float(band.low), 2), "high": round(float(band.high), 2)}


def band_pieces(band: Band | None, unit: formats.Unit, *, free: bool = False) -> Pieces:
    """`2.47– 9.24`: both ends in a column's unit; 0 where all of it is free."""
    if band is None:
        return cells.NO_DATA
    if free:
        return [("0", "dim")]
    return [(f"{band.low / unit[0]:.2f}", "text"), (formats.DASH, "dim"), (f"{band.high / unit[0]:>6.2f}", "text")]


def band_bar(band: Band | None, most: Decimal, width: int, role: str) -> Pieces:
    """A thin bar to the high end, solid to the low one; `most` fills the width. None where there is no band."""
    if band is None:
        return []
    whole = cells.bar(float(band.high / most), width, role)[0][0]
    solid = min(len(whole), max(1, round(float(band.low / most) * width)))
    return [(whole[:solid], role), (whole[solid:], f"{role}-")]


def _columns(scale: SpendScale) -> tuple[Column[SpendRow], ...]:
    models = not scale.countries

    def bar(row: SpendRow, width: int) -> Pieces:
        return [] if row.free else band_bar(row.band, scale.most, width, cells.country_role(row.country))

    def part(row: SpendRow, _: int) -> Pieces:
        return [("0", "dim")] if row.free else [(formats.share_range(row.share_low, row.share_high), "text")]

    def million(row: SpendRow, _: int) -> Pieces:
        one = a_million(row.band, row.covered) if row.band is not None else None
        if one is None or row.free:
            return [("0", "dim")] if row.free else cells.NO_DATA
        return [(f"{formats.price(one.low)}{formats.DASH}{formats.price(one.high)}", "text")]

    head = _band_head(scale)
    return (
        Column("spend_rank", "#", 2, lambda row, _: [(str(row.rank), "dim")], gap=0, facts=("rank",), shown=models),
        Column(
            "token_rank", "tok", 3, lambda row, _: cells.known(row.token_rank and f"{row.token_rank:>3}", "dim"),
            right=False, gap=1, give_up=3, sort="token_rank", shown=models,
        ),
        replace(cells.country_column(lambda row: row.country), shown=models),
        replace(
            cells.name_column(lambda row: row.name, min(20, scale.longest), max(12, scale.longest), _note), shown=models
        ),
        Column(
            "country", "Country", 16, lambda row, width: cells.country(row.key, width),
            right=False, gap=0, grow=True, most=34, shown=not models,
        ),
        Column(
            "spend", head, max(14, len(head)), lambda row, _: band_pieces(row.band, scale.unit, free=row.free),
            give_up=None if models else 3, sort="spend" if models else "", facts=("low", "high"),
        ),
        Column("bar", "", 5, bar, right=False, give_up=2, grow=True, most=12, written=False, term="spend"),
        Column("of_spend", "of spend %", 10, part, gap=1, sort="" if models else "spend", facts=("share_low", "share_high")),
        Column(
            "tokens_share", "tok %", 5, lambda row, _: cells.percent(row.share, "dim"),
            gap=1, give_up=4, sort="tokens", facts=("tokens", "share"), term="share",
        ),
        Column(
            "blend", "$ / M", 6, lambda row, _: [(formats.price(row.blend), "dim")],
            gap=1, give_up=1, sort="blend", shown=models, written=models,
        ),
        Column("million", "$ / M", 11, million, shown=not models),
    )  # fmt: skip


def _band_head(scale: SpendScale) -> str:
    return f"low{formats.DASH}high ${scale.unit[1]}"


SPEND: Table[SpendRow, SpendScale] = Table(
    key="spend",
    title="Spend",
    noun="model",
    facts=_facts,
    row_id=lambda row: row.key or "",
    asked=lambda row: (row.model.facts if row.model is not None else Facts(),),
    default_sort="spend",
    sorts={
        "spend": lambda row: row.rank,
        "name": lambda row: row.name.casefold(),
        "tokens": lambda row: -row.tokens,
        "token_rank": lambda row: row.token_rank,
        "blend": lambda row: None if row.blend is None else -row.blend,
    },
    columns=_columns,
    scale=SpendScale(),
)


def other(snap: Snapshot, *, countries: bool) -> Mapping[str, Pieces]:
    """The cells of everything outside the rows, which has no price."""
    share = [(formats.percent(snap.other.share_of_all), "dim")]
    return {
        "model": [("other, no price known", "dim")],
        "country": [("other", "dim")] if countries else [],
        "spend": cells.NO_DATA,
        "of_spend": cells.NO_DATA,
        "tokens_share": share,
    }


def priced(found: Spend) -> str:
    """Which prices: `prices of 7 Aug`, `at prices of 7 Aug` where they were seen only later."""
    if found.seen_at is None:
        return "no prices seen then"
    return f"{'at prices of' if found.today else 'prices of'} {formats.day(found.seen_at.date())}"


def _period_facts(row: Spend) -> Mapping[str, Any]:
    return {
        **fields(row.period, "start", "end"),
        "tokens": row.total,
        **_ends(row.whole if row.known else None),
        "coverage": row.coverage,
        "prices": _seen(row),
    }


def _seen(found: Spend) -> date | str | None:
    """The day of the prices where they are of another time, `period` where they are its own, None where there are none."""
    return None if found.seen_at is None else found.seen_at.date() if found.today else "period"


def _sides(row: Spend, _: int) -> Pieces:
    """`CN 28–30 %  US 60–64 %`: the first two countries."""
    out: list[tuple[str, str]] = []
    for one in row.countries[:2] if row.known else ():
        if one.key is not None and one.share_high:
            share = formats.share_range(one.share_low, one.share_high, 0)
            out += [(f"{'  ' if out else ''}{one.key} ", f"{cells.country_role(one.key)}+"), (f"{share} %", "text")]
    return out


def _period_columns(scale: SpendScale) -> tuple[Column[Spend], ...]:
    def band(row: Spend) -> Band | None:
        return row.whole if row.known else None

    return (
        Column(
            "start", "Period", 14, lambda row, _: [(formats.span(row.period), "text")],
            right=False, gap=0, facts=("start", "end"),
        ),
        Column("tokens", "Tokens", 6, lambda row, _: [(formats.tokens(row.total), "dim")], give_up=2),
        Column("spend", _band_head(scale), 14, lambda row, _: band_pieces(band(row), scale.unit), facts=("low", "high")),
        Column(
            "bar", "", 8, lambda row, width: band_bar(band(row), scale.most, width, "unattributed"),
            right=False, grow=True, most=40, give_up=1, written=False, term="spend",
        ),
        Column("of_spend", "of spend", 22, _sides, right=False, give_up=3, written=False),
        Column("coverage", "cover %", 7, lambda row, _: cells.percent(row.coverage, "dim")),
        Column("at_prices", "", 20, lambda row, _: [(priced(row), "dim")], right=False, give_up=4, facts=("prices",)),
    )  # fmt: skip


SPEND_PERIODS: Table[Spend, SpendScale] = Table(
    "spend_periods", "≈ Estimated spend by period", _period_columns, SpendScale(), _period_facts
)


def period_scale(rows: Sequence[Spend]) -> SpendScale:
    """One unit for the estimates of several periods."""
    return _scale_of([row.whole for row in rows if row.known])


def period_report(view: View, snap: Snapshot, rows: Sequence[Spend]) -> Report:
    """The estimates of periods, the newest first."""
    return of_period(
        view,
        snap,
        SPEND_PERIODS,
        rows,
        scale=period_scale(rows),
        facts={"estimate": True},
        sources=_sources(view, rows[0]) if rows else [],
        notes=(ends_words(rows[0].settings),) if rows else (),
        first=TABLE_ROWS,
    )


def _sources(view: View, found: Spend) -> list[str]:
    return [] if found.seen_at is None else [models_citation(view.source, found.seen_at)]


def unknown(found: Spend) -> str:
    """Why there is no estimate."""
    if found.seen_at is None:
        return "No prices were seen by the end of the period, so what it cost is unknown; --today reads it at the prices of now"
    return "None of the rows has a price, so what they cost is unknown"


def cites(snap: Snapshot | None, found: Spend | None) -> Sequence[str]:
    """The sources for the footer, at length and in short."""
    if snap is None or found is None or found.seen_at is None:
        return ()
    return footers(snap.source, snap.as_of, "prices", found.seen_at.date())


def shape(given: float, cached: float) -> str:
    """`98 % input, 80 % of it cached`."""
    return f"{given * 100:g} % input, {f'{cached * 100:g} % of it cached' if cached else 'nothing cached'}"


def ends_words(settings: SpendSettings) -> str:
    """How both ends are made, in a sentence."""
    low, high = shape(settings.low_input, settings.low_cached), shape(settings.high_input, settings.high_cached)
    return f"Low: {low}. High: {high}."


def report(view: View, snap: Snapshot, found: Spend, rows: Sequence[SpendRow], *, countries: bool = False) -> Report:
    """The estimate of a period. found: all of it; rows: those to show, in order."""
    whole, unpriced = found.whole, found.unpriced
    named = f"{formats.percent(found.covered / found.named)} % of named" if found.named else "nothing"
    covered = f"{named}, {formats.percent(found.coverage)} % of all tokens have a price or are free."
    cost = formats.exact_usd_range(whole.low, whole.high)
    notes = [
        f"≈ {cost}, {priced(found)}: {covered}" if found.known else f"{unknown(found)}.",
        f"{ends_words(found.settings)} Discounts are in the price; batch prices and cache writes are not.",
    ]
    if unpriced:
        some = ", ".join(row.name for row in unpriced[:8]) + (" …" if len(unpriced) > 8 else "")
        notes.append(f"Left out, without a price: {some}.")
    return of_period(
        view,
        snap,
        SPEND,
        tuple(rows),
        name="spend-countries" if countries else "spend",
        title="≈ Estimated spend",
        scale=scale(found, countries=countries),
        facts={
            **_ends(whole if found.known else None),
            "coverage": found.coverage,
            "coverage_of_named": found.covered / found.named if found.named else None,
            "prices": "period" if not found.today else _seen(found),
            "prices_seen": found.seen_at,
            "unpriced": [row.key for row in unpriced],
            "estimate": True,
        },
        sources=_sources(view, found),
        tail=(other(snap, countries=countries),),
        notes=tuple(notes),
        sums={"tokens": ""},
        first=TABLE_ROWS,
    )


def sentence(snap: Snapshot, found: Spend, row: SpendRow) -> str:
    """One row's estimate, with its basis, its prices and both sources."""
    who = row.name if row.model is None else f"{row.name} ({row.key})"
    if row.band is None:
        text = f"{who}: no price known"
    else:
        cost = formats.exact_usd_range(row.band.low, row.band.high)
        of = formats.share_range(row.share_low, row.share_high)
        text = f"{who}: ≈ {cost} (estimate, {priced(found)}), {of} % of the spend, {formats.percent(row.share)} % of all tokens"
    source = "" if found.seen_at is None else f" {models_citation(snap.source, found.seen_at)}"
    return f"{cited(f'{text}; {reading_words(snap)}', snap)}{source}"


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
        return f"{name}: no price known, {formats.spoken_tokens(row.tokens)} tokens."
    if row.free:
        return f"{name}: free, {formats.spoken_tokens(row.tokens)} tokens."
    low, high = (formats.spoken_tokens(int(end)) for end in (row.band.low, row.band.high))
    share = formats.share_range(row.share_low, row.share_high).replace(formats.DASH, " to ")
    return (
        f"{row.rank}. {name}: estimated {low} to {high} dollars, {share} percent of the spend,"
        f" {formats.spoken_percent(row.tokens / found.total if found.total else 0.0)} of all tokens."
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
        replace(told, inputs=[*told.inputs, priced(found)], left_out=left_out), unit="$",
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
    inputs = [*_models(found, row), *_prices(row), ends_words(found.settings)]
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


TOPIC: Topic[Spend, SpendRow, SpendScale] = Topic(
    key="spend",
    table=SPEND,
    rows=lambda found: found.rows,
    scale=scale,
    name=lambda row: row.name,
    sentence=sentence,
    spoken=spoken,
    quote=quote,
    cites=cites,
    report=lambda view, snap, found, rows, _: report(view, snap, found, rows),
    terms=(*TERMS, "coverage"),
    explain=explained,
    below=lambda _: [("", "coverage")],
)

COUNTRIES: Topic[Spend, SpendRow, SpendScale] = replace(
    TOPIC,
    rows=lambda found: found.countries,
    scale=partial(scale, countries=True),
    report=lambda view, snap, found, rows, _: report(view, snap, found, rows, countries=True),
    explain=partial(explained, countries=True),
)
